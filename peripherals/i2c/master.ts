/**
 * The master: carries out the command list on the wires. All times are APB_CLK cycles from an edge
 * that it made or saw itself, so that a stretched clock and another master's clock count.
 *
 * A bit: SCL falls; SDA changes SDA_HOLD later; SCL is let go SCL_LOW_PERIOD + 1 after it fell; once
 * its rise is seen SDA is sampled SDA_SAMPLE after it, and SCL falls SCL_HIGH_PERIOD + 6 after it.
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Cycles, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import type { DataMemory } from './data-memory.ts';
import { INTERRUPT } from './i2c.regs.ts';
import type { InputLine } from './input-line.ts';
import type { OutputLine } from './output-line.ts';
import { EDGE_CYCLES } from './settings.ts';
import type { I2cSettings } from './settings.ts';

export interface MasterHost {
  settings(): I2cSettings;
  /** COMDn's low 14 bits. */
  command(index: number): number;
  commandDone(index: number): void;
  raise(interrupts: number): void;
  /** A byte went to the wire or came from it. */
  sent(): void;
  received(value: number): void;
  ackReceived(level: Level): void;
  arbitrationLost(): void;
  /** BUS_BUSY. */
  busy(): boolean;
}

export interface MasterOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly scl: { readonly in: InputLine; readonly out: OutputLine };
  readonly sda: { readonly in: InputLine; readonly out: OutputLine };
  readonly memory: DataMemory;
  readonly host: MasterHost;
}

const OP = { RSTART: 0, WRITE: 1, READ: 2, STOP: 3, END: 4 } as const;
const COMMANDS = 16;
const BITS = 9;
const ACK_BIT = 8;

/** `paused`: an END holds SCL low. `waitFree`: a START waits for the bus. */
type Phase =
  | 'idle'
  | 'waitFree'
  | 'startSetup'
  | 'startHold'
  | 'low'
  | 'rising'
  | 'high'
  | 'stopSetup'
  | 'stopHold'
  | 'paused';

/** What the clock pulse under way is for. */
type Pulse = 'bit' | 'start' | 'stop';

/** SCL_STATE_LAST of each phase. */
const SCL_STATE: Readonly<Record<Phase, number>> = {
  ...{ idle: 0, waitFree: 0, startSetup: 1, startHold: 1, low: 3, rising: 4, high: 5 },
  ...{ stopSetup: 6, stopHold: 6, paused: 3 },
};

export class Master implements Stateful {
  private readonly options: MasterOptions;
  private readonly sdaChange: SchedulerEvent;
  private readonly sampling: SchedulerEvent;
  private readonly step: SchedulerEvent;
  private phase: Phase = 'idle';
  private pulse: Pulse = 'bit';
  private index = 0;
  private reading = false;
  private bytesLeft = 0;
  private bit = 0;
  private shift = 0;
  private ack: Level = 0;
  /** The byte after a START. */
  private addressing = false;
  private nextSda: Level = 1;
  /** The STOP after a wrong ACK, which no command asked for. */
  private automaticStop = false;
  /** TRANS_START was written during that STOP. */
  private startPending = false;

  constructor(options: MasterOptions) {
    const { name, scheduler, sda } = options;
    this.options = options;
    this.sdaChange = scheduler.event(`${name}.sda`, () => sda.out.drive(this.nextSda));
    this.sampling = scheduler.event(`${name}.sample`, () => this.sample());
    this.step = scheduler.event(`${name}.step`, (now) => this.onStep(now));
  }

  get active(): boolean {
    return this.phase !== 'idle';
  }

  /** TRANS_START: the list from COMD0 on. */
  start(now: Ticks): void {
    if (this.automaticStop) this.startPending = true;
    if (this.phase !== 'idle' && this.phase !== 'paused') return;
    this.index = 0;
    this.fetch(now);
  }

  reset(): void {
    const { scheduler, scl, sda } = this.options;
    for (const event of [this.sdaChange, this.sampling, this.step]) scheduler.cancel(event);
    this.phase = 'idle';
    this.pulse = 'bit';
    this.automaticStop = false;
    this.startPending = false;
    sda.out.drive(1);
    scl.out.drive(1);
  }

  onScl(level: Level, now: Ticks): void {
    if (level === 1) {
      if (this.phase === 'rising') this.risen(now);
      else if (this.phase === 'waitFree') this.busFree(now);
    } else if (this.phase === 'high' && this.options.scl.out.level === 1) {
      // Another master's low level ends this one's high level (clock synchronisation).
      this.endHigh(now);
    }
  }

  /** A STOP was seen, or SDA or SCL rose while a START waits. */
  busFree(now: Ticks): void {
    const { scl, sda, host } = this.options;
    if (this.phase !== 'waitFree' || host.busy() || scl.in.raw === 0 || sda.in.raw === 0) return;
    this.phase = 'startSetup';
    this.after(now, host.settings().restartSetup);
  }

  /** SCL_STATE_LAST. */
  get sclState(): number {
    return SCL_STATE[this.phase];
  }

  /** SCL_MAIN_STATE_LAST. */
  get mainState(): number {
    const bitwise = this.phase === 'low' || this.phase === 'rising' || this.phase === 'high';
    if (!bitwise || this.pulse !== 'bit') return 0;
    if (this.addressing) return this.bit === ACK_BIT ? 2 : 1;
    if (this.reading) return this.bit === ACK_BIT ? 5 : 3;
    return this.bit === ACK_BIT ? 6 : 4;
  }

  save(): State {
    const { phase, pulse, index, reading, bytesLeft, bit, shift, ack, addressing } = this;
    const { nextSda, automaticStop, startPending } = this;
    return {
      ...{ phase, pulse, index, reading, bytesLeft, bit, shift, ack, addressing },
      ...{ nextSda, automaticStop, startPending },
      out: [this.options.scl.out.level, this.options.sda.out.level],
    };
  }

  restore(state: State): void {
    this.phase = state['phase'] as Phase;
    this.pulse = state['pulse'] as Pulse;
    this.index = state['index'] as number;
    this.reading = state['reading'] as boolean;
    this.bytesLeft = state['bytesLeft'] as number;
    this.bit = state['bit'] as number;
    this.shift = state['shift'] as number;
    this.ack = state['ack'] as Level;
    this.addressing = state['addressing'] as boolean;
    this.nextSda = state['nextSda'] as Level;
    this.automaticStop = state['automaticStop'] as boolean;
    this.startPending = state['startPending'] as boolean;
    const [scl, sda] = state['out'] as [Level, Level];
    this.options.scl.out.level = scl;
    this.options.sda.out.level = sda;
  }

  /** `at` runs `cycles` after the first APB_CLK cycle from `now` on. */
  private after(now: Ticks, cycles: Cycles, event = this.step): void {
    const { scheduler, clock } = this.options;
    scheduler.at(clock.tickOf(clock.cycleFrom(now) + cycles), event);
  }

  /** Takes commands until one needs the wires. SCL has just fallen, or the bus is idle. */
  private fetch(now: Ticks): void {
    const { host, scl } = this.options;
    for (; this.index < COMMANDS; this.index++) {
      const command = host.command(this.index);
      const op = (command >>> 11) & 7;
      if (op === OP.RSTART) {
        this.addressing = true;
        if (scl.out.level === 1) {
          this.phase = 'waitFree';
          this.busFree(now);
        } else this.lowPhase(now, 'start', 1);
        return;
      }
      if (op === OP.STOP) return this.lowPhase(now, 'stop', 0);
      if (op === OP.WRITE || op === OP.READ) {
        this.bytesLeft = command & 0xff;
        this.reading = op === OP.READ;
        if (this.bytesLeft > 0) return this.beginByte(now);
        host.commandDone(this.index);
        continue;
      }
      if (op === OP.END) {
        host.commandDone(this.index);
        host.raise(INTERRUPT.END_DETECT);
      }
      break;
    }
    this.phase = scl.out.level === 0 ? 'paused' : 'idle';
  }

  private beginByte(now: Ticks): void {
    const { memory, host } = this.options;
    this.bit = 0;
    if (this.reading) this.shift = 0;
    else {
      const value = memory.take();
      this.shift = host.settings().txLsbFirst ? mirror(value) : value;
    }
    this.beginBit(now);
  }

  private beginBit(now: Ticks): void {
    let level: Level = 1;
    if (this.bit === ACK_BIT) {
      if (this.reading) level = this.field(10);
    } else if (!this.reading) level = ((this.shift >>> (7 - this.bit)) & 1) as Level;
    this.lowPhase(now, 'bit', level);
  }

  /** ACK_CHECK_EN, ACK_EXP and ACK_VALUE are bits 8 to 10 of a command. */
  private field(bit: 8 | 9 | 10): Level {
    return ((this.options.host.command(this.index) >>> bit) & 1) as Level;
  }

  private lowPhase(now: Ticks, pulse: Pulse, sda: Level): void {
    const { scl, host } = this.options;
    const { sdaHold, sclLow } = host.settings();
    this.pulse = pulse;
    this.phase = 'low';
    scl.out.drive(0);
    this.nextSda = sda;
    this.after(now, sdaHold, this.sdaChange);
    this.after(now, sclLow + 1);
  }

  private onStep(now: Ticks): void {
    const { scl, sda, host } = this.options;
    const settings = host.settings();
    switch (this.phase) {
      case 'low':
        this.phase = 'rising';
        scl.out.drive(1);
        // A low level shorter than the filter was never seen to begin.
        if (scl.in.level === 1 && scl.in.raw === 1) this.risen(now);
        break;
      case 'high':
        this.endHigh(now);
        break;
      case 'startSetup':
        if (this.pulse !== 'start' && (host.busy() || sda.in.level === 0)) this.phase = 'waitFree';
        else if (sda.in.level === 0) this.lose();
        else {
          this.phase = 'startHold';
          sda.out.drive(0);
          this.after(now, settings.startHold);
        }
        break;
      case 'startHold':
        scl.out.drive(0);
        this.pulse = 'bit';
        host.raise(INTERRUPT.TRANS_START);
        this.commandEnd(now);
        break;
      case 'stopSetup':
        this.phase = 'stopHold';
        sda.out.drive(1);
        this.after(now, settings.stopHold);
        break;
      case 'stopHold':
        this.stopped(now);
        break;
      default:
    }
  }

  /** SCL is seen to be high, `sclDelay` after it rose on the wire. */
  private risen(now: Ticks): void {
    const { host } = this.options;
    const { sdaSample, sampleLow, sclHigh, sclDelay, restartSetup, stopSetup } = host.settings();
    if (this.pulse === 'bit') {
      this.phase = 'high';
      this.after(now, EDGE_CYCLES + sclHigh);
      if (sampleLow) this.sample();
      else this.after(now, sdaSample, this.sampling);
      return;
    }
    // The set-up time counts from the wire's edge, but never ends before the controller has seen it.
    const setup = this.pulse === 'start' ? restartSetup : stopSetup;
    this.phase = this.pulse === 'start' ? 'startSetup' : 'stopSetup';
    this.after(now, Math.max(setup - sclDelay, EDGE_CYCLES));
  }

  private sample(): void {
    const { sda, host, scheduler } = this.options;
    scheduler.cancel(this.sampling);
    const { level } = sda.in;
    const own = this.reading === (this.bit === ACK_BIT);
    if (own) {
      if (this.nextSda === 1 && level === 0) this.lose();
    } else if (this.bit === ACK_BIT) {
      this.ack = level;
      host.ackReceived(level);
    } else this.shift = (this.shift << 1) | level;
  }

  private endHigh(now: Ticks): void {
    const { scheduler, scl } = this.options;
    if (this.sampling.at >= 0) this.sample();
    if (this.phase !== 'high') return;
    scheduler.cancel(this.step);
    scl.out.drive(0);
    this.bit++;
    if (this.bit < BITS) this.beginBit(now);
    else this.byteEnd(now);
  }

  private byteEnd(now: Ticks): void {
    const { host } = this.options;
    this.addressing = false;
    this.bytesLeft--;
    if (this.reading) {
      const value = this.shift & 0xff;
      host.received(host.settings().rxLsbFirst ? mirror(value) : value);
    } else host.sent();
    host.raise(INTERRUPT.MASTER_TRAN_COMP);
    if (!this.reading && this.field(8) === 1 && this.ack !== this.field(9)) {
      host.raise(INTERRUPT.ACK_ERR);
      this.automaticStop = true;
      this.lowPhase(now, 'stop', 0);
    } else if (this.bytesLeft > 0) this.beginByte(now);
    else this.commandEnd(now);
  }

  private commandEnd(now: Ticks): void {
    this.options.host.commandDone(this.index);
    this.index++;
    this.fetch(now);
  }

  private stopped(now: Ticks): void {
    const { sda, host } = this.options;
    if (sda.in.raw === 0) return this.lose();
    this.phase = 'idle';
    this.pulse = 'bit';
    if (!this.automaticStop) {
      host.commandDone(this.index);
      host.raise(INTERRUPT.TRANS_COMPLETE);
      return;
    }
    this.automaticStop = false;
    if (!this.startPending) return;
    this.startPending = false;
    this.start(now);
  }

  private lose(): void {
    this.reset();
    this.options.host.arbitrationLost();
  }
}

function mirror(byte: number): number {
  let mirrored = 0;
  for (let bit = 0; bit < 8; bit++) mirrored |= ((byte >>> bit) & 1) << (7 - bit);
  return mirrored;
}
