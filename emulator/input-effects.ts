/**
 * What inputs do: each event is carried out at its tick on the chip's pins, UARTs, memory or
 * supply. The named parties at the pins exist once an input has named them; they are part of the
 * machine's state.
 */
import type { Bus } from './bus/bus.ts';
import type { PadDriver } from './bus/pad.ts';
import { BOTH_CORES, RESET_CAUSE } from './bus/reset.ts';
import type { RequestReset } from './bus/reset.ts';
import type { State, Stateful, StateValue } from './bus/state.ts';
import type { AttachedDevices } from './board.ts';
import { WORD_ONLY } from './bus/port.ts';
import type { Cpu } from './cpu/state.ts';
import type { FaultInput, InputEvent, PinInput } from './inputs.ts';
import { checkInput } from './inputs.ts';
import { InputError, printable } from './loader/errors.ts';
import type { Peripherals } from '../peripherals/index.ts';
import type { Scheduler, SchedulerEvent } from './scheduler/scheduler.ts';
import type { SerialConsole } from './serial-console.ts';

export interface InputEffectsOptions {
  readonly peripherals: Peripherals;
  readonly consoles: readonly SerialConsole[];
  readonly devices: AttachedDevices;
  readonly bus: Bus;
  readonly cpus: readonly [Cpu, Cpu];
  readonly requestReset: RequestReset;
  /** Puts bytes into RAM past the cores. */
  readonly writeMemory: (address: number, bytes: readonly number[]) => void;
  /** RAM loses its content. */
  readonly clearRam: () => void;
  readonly scheduler: Scheduler;
}

export class InputEffects implements Stateful {
  private readonly options: InputEffectsOptions;
  /** Parties in the order in which they came, by `GPIO/party`. */
  private readonly parties = new Map<string, PadDriver>();

  /** Flash operations until the supply fails in one, 0: it does not, and the part of its time. */
  private operationsLeft = 0;
  private cutAt = 0;
  private readonly cut: SchedulerEvent;

  constructor(options: InputEffectsOptions) {
    this.options = options;
    const { scheduler, peripherals } = options;
    this.cut = scheduler.event('inputs.flashPowerCut', () => this.powerCut());
    if (peripherals.flash === undefined) return;
    peripherals.flash.onOperation = (start, end) => {
      if (this.operationsLeft === 0 || --this.operationsLeft > 0) return;
      scheduler.at(Math.round(start + (end - start) * this.cutAt), this.cut);
    };
  }

  /** Throws InputError for an event that cannot be carried out here. */
  check(event: InputEvent): void {
    const { peripherals, devices, cpus } = this.options;
    checkInput(
      event,
      (gpio) => peripherals.pads[gpio] !== undefined,
      (name) => devices.takesCommands(name),
    );
    if (event.kind !== 'fault' || event.fault !== 'register') return;
    if (windowRegister(event.register) !== undefined) return;
    const state = cpus[event.core].save();
    if (typeof state[event.register] === 'number') return;
    throw new InputError('input', `register '${printable(event.register)}'`, {
      expected: 'a0..a15 or a number of the core such as pc, sar, lcount',
    });
  }

  apply(event: InputEvent): void {
    const { peripherals, consoles, devices, requestReset } = this.options;
    switch (event.kind) {
      case 'uart':
        return consoles[event.uart]!.receive(event);
      case 'pin':
        return this.applyPin(event);
      case 'reset':
        if (event.strapping !== undefined) peripherals.setStrapping(event.strapping);
        return requestReset({
          level: 'power',
          cores: BOTH_CORES,
          cause: RESET_CAUSE.POWERON_RESET,
          source: 'EN pin',
        });
      case 'power':
        return this.powerCut();
      case 'memory':
        return this.options.writeMemory(event.address, event.bytes);
      case 'device':
        return devices.command(event.device, event.command);
      case 'fault':
        return this.applyFault(event);
    }
  }

  save(): State {
    const { operationsLeft, cutAt } = this;
    return { operationsLeft, cutAt, parties: [...this.parties.keys()] };
  }

  /** Only makes the parties; their levels are the pads'. */
  restore(state: State): void {
    this.operationsLeft = state['operationsLeft'] as number;
    this.cutAt = state['cutAt'] as number;
    for (const key of state['parties'] as StateValue[] as string[]) {
      const slash = key.indexOf('/');
      this.party(Number(key.slice(0, slash)), key.slice(slash + 1));
    }
  }

  private party(gpio: number, name: string): PadDriver {
    const key = `${gpio}/${name}`;
    let driver = this.parties.get(key);
    if (driver === undefined) {
      driver = this.options.peripherals.pads[gpio]!.attach(`input ${name}`);
      this.parties.set(key, driver);
    }
    return driver;
  }

  private applyPin({ gpio, party, drive, pull, stuck }: PinInput): void {
    if (stuck !== undefined) this.options.peripherals.pads[gpio]!.setStuck(stuck);
    if (drive === undefined && pull === undefined) return;
    const driver = this.party(gpio, party);
    if (pull !== undefined) driver.setPull(pull);
    if (drive !== undefined) driver.drive(drive);
  }

  private powerCut(): void {
    const { peripherals, requestReset, clearRam, scheduler } = this.options;
    peripherals.powerFails(scheduler.now);
    clearRam();
    requestReset({
      level: 'power',
      cores: BOTH_CORES,
      cause: RESET_CAUSE.POWERON_RESET,
      source: 'supply',
    });
  }

  private applyFault(event: FaultInput): void {
    const { peripherals, consoles, cpus } = this.options;
    switch (event.fault) {
      case 'memory':
        return this.flipMemory(event.address, event.bit);
      case 'register':
        return flipRegister(cpus[event.core], event.register, event.bit);
      case 'brownOut':
        return peripherals.rtc.setSupplyLow(event.low);
      case 'watchdog':
        return peripherals.expireWatchdog(event.watchdog);
      case 'crystal':
        for (const console of consoles) console.setCrystal(event.ppm);
        return;
      case 'flashPowerCut':
        this.operationsLeft = event.operation;
        this.cutAt = event.percent / 100;
        return;
    }
  }

  /** A cell that is not plain memory keeps its value. */
  private flipMemory(address: number, bit: number): void {
    const { bus } = this.options;
    const port = bus.ports[0];
    const page = ~port.readPage[address >>> 12]!;
    if (page < 0) return;
    const offset = ((page & ~WORD_ONLY) + (address & 0xffc)) | 0;
    port.words[offset >> 2]! ^= 1 << bit;
    bus.written(offset, 4);
  }
}

function windowRegister(name: string): number | undefined {
  const match = /^a(1[0-5]|[0-9])$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

function flipRegister(cpu: Cpu, name: string, bit: number): void {
  const index = windowRegister(name);
  if (index !== undefined) {
    cpu.setA(index, cpu.a(index) ^ (1 << bit));
    return;
  }
  const state = cpu.save();
  state[name] = (state[name] as number) ^ (1 << bit);
  cpu.restore({ [name]: state[name] });
  cpu.leaveLoop();
}
