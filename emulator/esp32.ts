/**
 * The composition root: two LX6 cores, the bus with its memories, the clocks, the peripherals, and
 * the run loop that orders them.
 */
import { AttachedDevices } from './board.ts';
import type { BoardDevice } from './bus/board-device.ts';
import { Bus } from './bus/bus.ts';
import { WORD_ONLY } from './bus/port.ts';
import { DmaPort } from './bus/dma-port.ts';
import { hashState } from './bus/hash.ts';
import { BOTH_CORES, resetCauseName } from './bus/reset.ts';
import type { ResetRequest } from './bus/reset.ts';
import type { State, Stateful } from './bus/state.ts';
import { CodeCache } from './cpu/code-cache.ts';
import { PRID } from './cpu/config.ts';
import { XtensaCore } from './cpu/core.ts';
import { Cpu } from './cpu/state.ts';
import { CoreWires } from './core-wires.ts';
import { padProbe, signalProbe } from './debugger/waveform/probe.ts';
import type { Probe } from './debugger/waveform/probe.ts';
import { checkAddresses } from './loader/elf.ts';
import type { Elf } from './loader/elf.ts';
import type { Rom } from './loader/rom.ts';
import { ExternalMemory } from './memory/external.ts';
import { REGIONS } from './memory/map.ts';
import { Memory } from './memory/memory.ts';
import { SramArbiter } from './memory/sram-arbiter.ts';
import { factoryFuses } from '../peripherals/efuse/factory.ts';
import { Peripherals } from '../peripherals/index.ts';
import { RunLog } from './report.ts';
import { InputEffects } from './input-effects.ts';
import { Inputs } from './inputs.ts';
import { SerialConsole } from './serial-console.ts';
import { ClockTree } from './scheduler/clock-tree.ts';
import { MASTER_HZ } from './scheduler/clock.ts';
import type { Cycles, Ticks } from './scheduler/clock.ts';
import { Multicore } from './scheduler/multicore.ts';
import { Scheduler } from './scheduler/scheduler.ts';

const CACHED_CODE = REGIONS.filter((row) => row.kind === 'flash' && row.access.includes('x'));

export interface Esp32Options {
  /** The mask ROM; without it only an ELF can be run. */
  readonly rom?: Rom;
  /** Content of the SPI flash at power-on; its length is the chip's size. */
  readonly flash?: Uint8Array;
  /** PSRAM size in bytes: 0, 4 MiB or 8 MiB. */
  readonly psramSize?: number;
  /** eFuse words, changed by burning; a factory-fresh chip of the ROM's revision by default. */
  readonly fuses?: Uint32Array;
  /**
   * Strapping pins as GPIO_STRAP shows them. By default boot from flash, and with no flash download
   * boot, which leaves the boot watchdogs off: an ELF is loaded as by a debugger.
   */
  readonly strapping?: number;
  /** Seed of the random number generator's words. */
  readonly rngSeed?: number;
  /** `off`: every instruction takes one cycle of CPU_CLK and memory never waits; peripherals keep their time. */
  readonly timing?: 'on' | 'off';
  /** `on`: two cores and DMA contend for the banks of SRAM by the rule of `memory/sram-arbiter.ts`. */
  readonly sramArbiter?: 'on' | 'off';
}

/** No region ends within a page. */
const PAGE_SIZE = 0x1000;
/** GPIO_STRAP with all default pulls: SPI_FAST_FLASH_BOOT. */
const STRAP_FLASH_BOOT = 0x13;
/** The same with GPIO0 low: DOWNLOAD_BOOT. */
const STRAP_DOWNLOAD_BOOT = 0x03;
/** An Espressif address; the last bytes are the project's choice. */
const DEFAULT_MAC = [0x24, 0x0a, 0xc4, 0x32, 0x32, 0x32] as const;
const DEFAULT_SEED = 0x4c533332;

export class Esp32 implements Stateful {
  readonly log = new RunLog();
  readonly scheduler = new Scheduler();
  readonly clocks = new ClockTree();
  readonly memory: Memory;
  readonly bus: Bus;
  readonly external: ExternalMemory;
  readonly cores: readonly [XtensaCore, XtensaCore];
  readonly multicore: Multicore;
  readonly peripherals: Peripherals;
  /** What comes in from outside, at its ticks. */
  readonly inputs: Inputs;
  /** A terminal at each UART. */
  readonly serial: readonly [SerialConsole, SerialConsole, SerialConsole];
  readonly devices: AttachedDevices;
  private readonly wires: CoreWires;
  private readonly effects: InputEffects;
  private pendingReset: ResetRequest[] = [];
  private atRest = true;

  constructor(options: Esp32Options = {}) {
    const { scheduler, clocks, log } = this;
    this.memory = new Memory({
      ...(options.flash === undefined ? {} : { flash: options.flash }),
      psramSize: options.psramSize ?? 0,
    });
    if (options.rom !== undefined) this.memory.loadRom(options.rom.bytes, options.rom.appBytes);
    this.bus = new Bus(this.memory, log, makeArbiter(this.memory, options));
    const timed = options.timing !== 'off';
    this.cores = [this.makeCore(0, timed), this.makeCore(1, timed)];
    this.multicore = new Multicore(scheduler, clocks.cpu, this.cores);
    this.wires = new CoreWires(this.cores, this.multicore, this.bus);
    const cycleOf = (core: number): Cycles =>
      core < 0 ? clocks.cpu.cycleFrom(scheduler.now) : this.cycles(core === 0 ? 0 : 1);
    this.bus.attachTime({ sync: (core) => this.multicore.syncTime(core), cycleOf });
    this.bus.onCodeWrite((offset, size) => {
      for (const core of this.cores) core.codeWritten(offset, size);
    });
    log.where = () => this.runningPlace();
    log.when = () => ({ tick: scheduler.now, cycle: cycleOf(this.multicore.running) });
    this.external = new ExternalMemory({
      memory: this.memory,
      now: (core) => this.clocks.cpu.tickOf(this.cycles(core === 0 ? 0 : 1)),
      showCode: (core, base, pages) => this.bus.showCode(core, base, pages),
    });
    this.external.onSwitched = (core) => this.core(core).windowsSwitched();
    this.external.onCodeMapped = (core, base, size) => this.core(core).codeMapped(base, size);
    this.bus.attachExternal(this.external);
    this.peripherals = new Peripherals({
      scheduler,
      clocks,
      log,
      external: this.external,
      dma: new DmaPort(this.bus),
      flash: this.memory.block('FLASH'),
      psram: this.memory.block('PSRAM'),
      fuses:
        options.fuses ?? factoryFuses({ mac: DEFAULT_MAC, revision: options.rom?.revision ?? 3 }),
      chipRevision: options.rom?.revision ?? 3,
      strapping:
        options.strapping ?? (options.flash === undefined ? STRAP_DOWNLOAD_BOOT : STRAP_FLASH_BOOT),
      rngSeed: options.rngSeed ?? DEFAULT_SEED,
      onFlashChange: (from, to) => this.bus.chipWritten('FLASH', from, to),
      onPsramChange: (from, to) => this.bus.chipWritten('PSRAM', from, to),
      onBurn: () => {},
      requestReset: (request) => this.requestReset(request),
      onInterruptLine: (core, line, level) => this.wires.setInterrupt(core, line, level),
      onBootRemap: (core, on) => this.wires.setBootRemap(core, on),
      onClocks: (cpuHz, apbHz) => this.clocksChanged(cpuHz, apbHz),
      readFastMemory: (index) => this.readFastMemory(index),
    });
    for (const { device, base, size, offset } of this.peripherals.rows)
      this.bus.attach(device, base, size, offset ?? 0);
    this.wires.connect(this.peripherals);
    this.devices = new AttachedDevices({ pads: this.peripherals.pads, scheduler, log });
    this.inputs = new Inputs({
      scheduler,
      apply: (event) => this.effects.apply(event),
      check: (event) => this.effects.check(event),
      isAtRest: () => this.atRest,
    });
    const console = (index: 0 | 1 | 2): SerialConsole =>
      new SerialConsole({
        ...{ index, scheduler, inputs: this.inputs },
        uart: this.peripherals.uarts[index]!,
      });
    this.serial = [console(0), console(1), console(2)];
    this.effects = new InputEffects({
      peripherals: this.peripherals,
      consoles: this.serial,
      devices: this.devices,
      bus: this.bus,
      cpus: [this.cores[0].cpu, this.cores[1].cpu],
      requestReset: (request) => this.requestReset(request),
      writeMemory: (address, bytes) => this.writeMemory(address, bytes),
      clearRam: () => this.bus.clearRam(),
      scheduler,
    });
    this.peripherals.reset('power');
    for (const core of BOTH_CORES) this.wires.reset(core);
  }

  get uart0(): SerialConsole {
    return this.serial[0];
  }

  /** Nothing runs, and all that was due up to the present tick has been done. */
  get isAtRest(): boolean {
    return this.atRest;
  }

  /** Master ticks since power-on. */
  get now(): Ticks {
    return this.scheduler.now;
  }

  /** CPU cycles a core has lived through. */
  cycles(core: 0 | 1): Cycles {
    return this.multicore.fullCycle(this.cores[core].cycle);
  }

  /**
   * Puts an ELF's segments into memory and PRO_CPU at its entry, as a debugger would: no ROM code
   * runs and PRO_CPU is in its reset state otherwise. Throws InputError before anything is written.
   */
  loadElf(elf: Elf): void {
    const { memory, bus } = this;
    checkAddresses(elf, (start, size) => {
      for (let at = start; at < start + size; at = (at | (PAGE_SIZE - 1)) + 1)
        if (bus.ramAt(at) < 0) return false;
      return size === 0 || bus.ramAt(start + size - 1) >= 0;
    });
    for (const { vaddr, memSize, bytes } of elf.segments) {
      for (let i = 0; i < memSize; i++)
        memory.bytes[bus.ramAt(vaddr + i)] = i < bytes.length ? bytes[i]! : 0;
    }
    this.cores[0].reset(elf.entry);
  }

  /**
   * Backing offset of the byte that PRO_CPU finds at a data or code address, or -1 for what is not
   * memory. Looking changes nothing.
   */
  backingOf(address: number): number {
    const page = ~this.bus.ports[0].readPage[address >>> 12]!;
    if (page >= 0) return (page & ~WORD_ONLY) + (address & 0xfff);
    return this.external.peek(0, address >>> 0);
  }

  /** Past the cores and their caches; what is not RAM keeps its content. */
  private writeMemory(address: number, bytes: readonly number[]): void {
    bytes.forEach((value, i) => {
      const offset = this.backingOf(address + i);
      if (offset < 0 || this.memory.isReadOnly(offset)) return;
      this.memory.bytes[offset] = value;
      this.memory.touchPsram(offset);
      this.bus.written(offset, 1);
    });
  }

  /** Puts a device on the board around the chip; throws InputError for a pin or name it cannot have. */
  attach(device: BoardDevice): void {
    this.devices.attach(device);
  }

  /** Runs until tick `end`, or until `requestStop`. */
  runUntil(end: Ticks): void {
    for (;;) {
      this.atRest = false;
      this.multicore.runUntil(end);
      if (this.pendingReset.length === 0) {
        this.atRest = this.scheduler.now === end && !this.multicore.stoppedEarly;
        return;
      }
      const requests = this.pendingReset;
      this.pendingReset = [];
      for (const request of requests) this.carryOutReset(request);
    }
  }

  /** The wires that can be recorded: pins, interrupt sources, wires of blocks, CPU interrupts. */
  probes(): readonly Probe[] {
    const { pads, wires } = this.peripherals;
    return [
      ...pads.filter((pad) => pad !== undefined).map(padProbe),
      ...wires.sources.map((signal) => signalProbe('interrupt_sources', signal)),
      ...wires.blocks.map((signal) => signalProbe('blocks', signal)),
      ...this.wires.interrupts.flat().map((signal) => signalProbe('cpu_interrupts', signal)),
    ];
  }

  requestStop(): void {
    this.multicore.requestStop();
  }

  /** SHA-256 over the whole state, which does not depend on how the run was sliced. */
  stateHash(): string {
    const state = this.save();
    delete state['atRest'];
    return hashState(state);
  }

  save(): State {
    return {
      atRest: this.atRest,
      scheduler: this.scheduler.save(),
      clocks: this.clocks.save(),
      multicore: this.multicore.save(),
      bus: this.bus.save(),
      external: this.external.save(),
      peripherals: this.peripherals.save(),
      proCpu: this.cores[0].save(),
      appCpu: this.cores[1].save(),
      devices: this.devices.save(),
      inputs: this.inputs.save(),
      parties: this.effects.save(),
      serial: this.serial.map((console) => console.save()),
    };
  }

  restore(state: State): void {
    this.atRest = state['atRest'] as boolean;
    this.devices.restore(state['devices'] as State);
    this.inputs.restore(state['inputs'] as State);
    this.effects.restore(state['parties'] as State);
    this.serial.forEach((console, i) => console.restore((state['serial'] as State[])[i]!));
    this.scheduler.restore(state['scheduler'] as State);
    this.clocks.restore(state['clocks'] as State);
    this.multicore.restore(state['multicore'] as State);
    this.bus.restore(state['bus'] as State);
    this.external.restore(state['external'] as State);
    this.peripherals.restore(state['peripherals'] as State);
    // The cores last: restoring their surroundings makes them forget the line fetched last.
    this.cores[0].restore(state['proCpu'] as State);
    this.cores[1].restore(state['appCpu'] as State);
    this.wires.restored();
  }

  private core(index: number): XtensaCore {
    return this.cores[index === 0 ? 0 : 1];
  }

  private makeCore(index: 0 | 1, timed: boolean): XtensaCore {
    const name = index === 0 ? 'PRO_CPU' : 'APP_CPU';
    const port = this.bus.ports[index];
    const cpu = new Cpu(name, PRID[name], port);
    cpu.untimed = timed ? 0 : 1;
    const code = new CodeCache(
      port,
      (backing, length) => this.bus.watchCode(backing, length),
      isCachedCode,
      timed,
    );
    return new XtensaCore(cpu, code);
  }

  private requestReset(request: ResetRequest): void {
    const { core, pc } = this.runningPlace();
    this.log.reset({
      tick: this.scheduler.now,
      core,
      pc,
      cause: resetCauseName(request.cause),
      source: request.source,
    });
    this.pendingReset.push(request);
    this.multicore.interrupt();
  }

  private carryOutReset(request: ResetRequest): void {
    const { peripherals } = this;
    if (request.level !== 'cpu') peripherals.reset(request.level);
    for (const core of request.cores) {
      peripherals.rtc.setResetCause(core, request.cause);
      this.wires.reset(core);
    }
    if (request.level !== 'cpu') this.wires.updateHalt(1);
  }

  private clocksChanged(cpuHz: number, apbHz: number): void {
    this.bus.setClocks(cpuHz, apbHz);
    this.external.setCycleTicks(MASTER_HZ / cpuHz);
  }

  private readFastMemory(index: number): number {
    return this.cores[0].cpu.port.words[(this.memory.blockStart('RTC_FAST') >> 2) + index]!;
  }

  private runningPlace(): { core: string; pc: number } {
    const { running } = this.multicore;
    const { cpu } = this.cores[running === 1 ? 1 : 0];
    return { core: running < 0 ? 'outside' : cpu.name, pc: cpu.pc >>> 0 };
  }
}

function makeArbiter(memory: Memory, { sramArbiter }: Esp32Options): SramArbiter | undefined {
  if (sramArbiter !== 'on') return undefined;
  return new SramArbiter(memory.blockStart('SRAM0'), memory.blockStart('SRAM2'));
}

/** Whether instructions at `pc` come from flash through the cache. */
function isCachedCode(pc: number): boolean {
  return CACHED_CODE.some(({ base, size }) => pc >= base && pc < base + size);
}
