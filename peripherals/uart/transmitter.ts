/**
 * The transmit half of a UART: takes bytes from the TX FIFO, shifts frames, breaks and the idle
 * gap out. One event per frame; the level in between is computed on demand. A change of clock or
 * divider takes effect from the beginning of the bit in progress.
 *
 * Unverified on silicon: a frame starts at the next source-clock edge after the write; the gap of
 * TX_IDLE_NUM bits follows only after the FIFO ran empty; RS485's TX_DLY_NUM is a number of bit times
 * between the enable of the line's driver and the first start bit.
 */
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import type { BitTimer } from './bit-timer.ts';
import type { ByteFifo } from './byte-fifo.ts';
import { pulseAt } from './irda.ts';
import { frameBits } from './serial-line.ts';

export interface FrameFormat {
  readonly dataBits: number;
  readonly parity: 'even' | 'odd' | undefined;
  /** Stop time in half bits; DL0 and DL1 of RS485_CONF add a bit each. */
  readonly stopHalfBits: number;
  readonly delay0: number;
  readonly delay1: number;
}

/** What the transmitter asks of, and tells, the register side. */
export interface TransmitterHost {
  format(): FrameFormat;
  /** True while CTS or the other side's receiver stops new frames. */
  held(): boolean;
  /** A character of flow control that goes before the FIFO's bytes, or -1; it is taken. */
  urgent(): number;
  /** Something may be sent: a byte of the FIFO that nothing stops, or a character of flow control. */
  hasNext(): boolean;
  /** Bit times before the first frame in which the line's driver is on. */
  leadBits(): number;
  /** How IrDA changes the pin; undefined without IrDA. */
  irda(): { readonly sends: boolean; readonly txInvert: number } | undefined;
  /** The level is to be compared with the wire in the middle of each bit. */
  watches(): boolean;
  onBitMiddle(level: Level): void;
  /** The level of TXD may have changed, or whether the line is driven. */
  onLevel(now: Ticks): void;
  /** TX_BRK_NUM when TXD_BRK is set, else 0. */
  breakBits(): number;
  idleBits(): number;
  /** The byte has left the FIFO for the shift register. */
  onLoad(bits: number, length: number, startTick: Ticks): void;
  onByte(value: number, startTick: Ticks, endTick: Ticks): void;
  onBreak(startTick: Ticks, endTick: Ticks): void;
  /** The FIFO is empty and the last stop bit has ended. */
  onDone(): void;
  onIdleDone(): void;
}

const IDLE = 0;
const FRAME = 1;
const BREAK = 2;
const GAP = 3;
const LEAD = 4;

export class Transmitter implements Stateful {
  private readonly scheduler: Scheduler;
  private readonly fifo: ByteFifo;
  private readonly timer: BitTimer;
  private readonly host: TransmitterHost;
  private readonly done: SchedulerEvent;
  private readonly pinEdge: SchedulerEvent | undefined;
  private readonly middle: SchedulerEvent;
  private readonly pin: Signal | undefined;
  private phase = IDLE;
  private value = 0;
  private bits = 0;
  private bitCount = 0;
  private startTick: Ticks = 0;
  /** Half bits of this phase before, and after, the timer's origin. */
  private passed = 0;
  private remaining = 0;
  inverted: Level = 0;

  constructor(
    name: string,
    scheduler: Scheduler,
    parts: { fifo: ByteFifo; timer: BitTimer; host: TransmitterHost; pin: Signal | undefined },
  ) {
    this.scheduler = scheduler;
    this.fifo = parts.fifo;
    this.timer = parts.timer;
    this.host = parts.host;
    this.pin = parts.pin;
    this.done = scheduler.event(`${name}.tx`, (now) => this.finish(now));
    this.middle = scheduler.event(`${name}.bit`, (now) => this.watch(now));
    if (parts.pin !== undefined)
      this.pinEdge = scheduler.event(`${name}.txd`, (now) => this.drivePin(now));
  }

  /** Starts a frame when there is something to send, the line is free and nothing holds it. */
  kick(now: Ticks): void {
    if (this.phase !== IDLE || !this.host.hasNext() || this.host.held()) return;
    this.timer.start(now);
    const lead = this.host.leadBits();
    if (lead > 0) this.begin(LEAD, 2 * lead);
    else this.load();
  }

  /** The line is driven. */
  get driving(): boolean {
    return this.phase === FRAME || this.phase === BREAK || this.phase === LEAD;
  }

  /** Logical level of TXD, before inversion. */
  level(now: Ticks): Level {
    if (this.phase === BREAK) return 0;
    if (this.phase !== FRAME || now < this.startTick) return 1;
    return this.bitLevel(this.bitAt(now));
  }

  /** STATUS.ST_UTX_OUT: 0 idle, 1 start, 2-9 data, 10 parity, 11 and 12 stop, 13 DL0, 14 DL1. */
  state(now: Ticks): number {
    if (this.phase === BREAK) return 1;
    if (this.phase !== FRAME) return 0;
    const { dataBits, parity, stopHalfBits, delay0 } = this.host.format();
    const bit = this.bitAt(now);
    if (bit <= 0) return 1;
    if (bit <= dataBits) return 1 + bit;
    const stop = dataBits + (parity === undefined ? 1 : 2);
    if (bit < stop) return 10;
    const halves = this.halvesAt(now) - 2 * stop;
    if (halves < stopHalfBits) return halves < 2 ? 11 : 12;
    return delay0 === 1 && halves < stopHalfBits + 2 ? 13 : 14;
  }

  /** The source clock or divider changed: `retune` adjusts the timer from the present bit on. */
  rebase(now: Ticks, retune: () => void): void {
    if (this.phase === IDLE) {
      retune();
      return;
    }
    const whole = Math.min(Math.max(this.timer.elapsed(now), 0), this.remaining) & ~1;
    this.timer.advance(whole);
    this.passed += whole;
    this.remaining -= whole;
    retune();
    this.schedule();
  }

  reset(): void {
    this.phase = IDLE;
    this.scheduler.cancel(this.done);
    this.scheduler.cancel(this.middle);
    if (this.pinEdge !== undefined) this.scheduler.cancel(this.pinEdge);
    this.drivePin(this.scheduler.now);
  }

  /** Sets the pin to the level of now and waits for its next change. */
  drivePin(now: Ticks): void {
    const irda = this.host.irda();
    if (irda === undefined) this.drivePlain(now);
    else this.drivePulses(now, irda);
    this.host.onLevel(now);
  }

  save(): State {
    const { phase, value, bits, bitCount, startTick, passed, remaining, inverted } = this;
    const timer = this.timer.save();
    return { phase, value, bits, bitCount, startTick, passed, remaining, inverted, timer };
  }

  restore(state: State): void {
    this.phase = state['phase'] as number;
    this.value = state['value'] as number;
    this.bits = state['bits'] as number;
    this.bitCount = state['bitCount'] as number;
    this.startTick = state['startTick'] as number;
    this.passed = state['passed'] as number;
    this.remaining = state['remaining'] as number;
    this.inverted = state['inverted'] as Level;
    this.timer.restore(state['timer'] as State);
  }

  private halvesAt(now: Ticks): number {
    return this.passed + Math.max(this.timer.elapsed(now), 0);
  }

  private bitAt(now: Ticks): number {
    return this.halvesAt(now) >> 1;
  }

  private bitLevel(bit: number): Level {
    if (this.phase === BREAK) return 0;
    return bit >= this.bitCount ? 1 : (((this.bits >>> bit) & 1) as Level);
  }

  private drivePlain(now: Ticks): void {
    if (this.pin === undefined || this.pinEdge === undefined) return;
    this.pin.set((this.level(now) ^ this.inverted) as Level);
    if (this.phase !== FRAME) return;
    let next = this.bitAt(now) + 1;
    while (next < this.bitCount && ((this.bits >>> next) & 1) === this.level(now)) next++;
    if (next < this.bitCount)
      this.scheduler.at(this.timer.tickAt(2 * next - this.passed), this.pinEdge);
  }

  private drivePulses(now: Ticks, irda: { sends: boolean; txInvert: number }): void {
    if (this.pin === undefined || this.pinEdge === undefined) return;
    const sends = irda.sends && (this.phase === FRAME || this.phase === BREAK);
    const shape = {
      bits: this.phase === BREAK ? (this.passed + this.remaining) >> 1 : this.bitCount,
      bitLevel: (bit: number) => this.bitLevel(bit),
      tickAt: (halfBits: number) => this.timer.tickAt(halfBits - this.passed),
    };
    const { level, next } = sends
      ? pulseAt(shape, this.bitAt(now), now)
      : ({ level: 0, next: -1 } as const);
    this.pin.set((level ^ irda.txInvert ^ this.inverted) as Level);
    if (next >= 0) this.scheduler.at(next, this.pinEdge);
  }

  /** In the middle of a bit. */
  private watch(now: Ticks): void {
    if (this.phase !== FRAME) return;
    const bit = this.bitAt(now);
    this.host.onBitMiddle(this.bitLevel(bit));
    if (bit + 1 < this.bitCount)
      this.scheduler.at(this.timer.tickAt(2 * bit + 3 - this.passed), this.middle);
  }

  private load(): void {
    const { dataBits, parity, stopHalfBits, delay0, delay1 } = this.host.format();
    const urgent = this.host.urgent();
    this.value = (urgent >= 0 ? urgent : this.fifo.pop()) & ((1 << dataBits) - 1);
    const frame = frameBits(this.value, dataBits, parity);
    this.bits = frame.bits;
    this.bitCount = frame.length;
    this.begin(FRAME, 2 * (frame.length - 1 + delay0 + delay1) + stopHalfBits);
    if (this.host.watches()) this.scheduler.at(this.timer.tickAt(1), this.middle);
    this.host.onLoad(frame.bits, frame.length, this.startTick);
  }

  private begin(phase: number, halfBits: number): void {
    this.phase = phase;
    this.startTick = this.timer.tickAt(0);
    this.passed = 0;
    this.remaining = halfBits;
    this.schedule();
    if (this.pinEdge !== undefined) this.scheduler.at(this.startTick, this.pinEdge);
  }

  private schedule(): void {
    this.scheduler.at(this.timer.tickAt(this.remaining), this.done);
    if (this.pinEdge !== undefined && this.pinEdge.at >= 0) this.drivePin(this.scheduler.now);
  }

  private finish(now: Ticks): void {
    const phase = this.phase;
    this.timer.advance(this.remaining);
    this.phase = IDLE;
    if (phase === FRAME) this.endFrame(now);
    else if (phase === LEAD) {
      if (this.host.hasNext()) this.load();
    } else if (phase === BREAK) {
      this.host.onBreak(this.startTick, now);
      this.gap();
    } else {
      this.host.onIdleDone();
      if (this.host.hasNext() && !this.host.held()) this.load();
    }
    if (this.phase !== FRAME) this.drivePin(now);
  }

  private endFrame(now: Ticks): void {
    this.host.onByte(this.value, this.startTick, now);
    if (this.host.hasNext() && !this.host.held()) {
      this.load();
      return;
    }
    if (this.fifo.count > 0) return;
    this.host.onDone();
    const breakBits = this.host.breakBits();
    if (breakBits > 0) this.begin(BREAK, 2 * breakBits);
    else this.gap();
  }

  private gap(): void {
    const idleBits = this.host.idleBits();
    if (idleBits > 0) {
      this.begin(GAP, 2 * idleBits);
      return;
    }
    this.host.onIdleDone();
    if (this.host.hasNext() && !this.host.held()) this.load();
  }
}
