/**
 * The transmit half of a UART: takes bytes from the TX FIFO, shifts frames, breaks and the idle
 * gap out. One event per frame; the level in between is computed on demand. A change of clock or
 * divider takes effect from the beginning of the bit in progress.
 *
 * Unverified on silicon: a frame starts at the next source-clock edge after the write; the gap of
 * TX_IDLE_NUM bits follows only after the FIFO ran empty.
 */
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import type { BitTimer } from './bit-timer.ts';
import type { ByteFifo } from './byte-fifo.ts';
import { frameBits } from './serial-line.ts';

export interface FrameFormat {
  readonly dataBits: number;
  readonly parity: 'even' | 'odd' | undefined;
  /** Stop time in half bits, the RS485 delay bits included. */
  readonly stopHalfBits: number;
}

/** What the transmitter asks of, and tells, the register side. */
export interface TransmitterHost {
  format(): FrameFormat;
  /** True while CTS or a forced XOFF stops new frames. */
  held(): boolean;
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

export class Transmitter implements Stateful {
  private readonly scheduler: Scheduler;
  private readonly fifo: ByteFifo;
  private readonly timer: BitTimer;
  private readonly host: TransmitterHost;
  private readonly done: SchedulerEvent;
  private readonly pinEdge: SchedulerEvent | undefined;
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
    if (parts.pin !== undefined)
      this.pinEdge = scheduler.event(`${name}.txd`, (now) => this.drivePin(now));
  }

  /** Starts a frame when the FIFO holds a byte, the line is free and nothing holds it. */
  kick(now: Ticks): void {
    if (this.phase !== IDLE || this.fifo.count === 0 || this.host.held()) return;
    this.timer.start(now);
    this.load();
  }

  /** Logical level of TXD, before inversion. */
  level(now: Ticks): Level {
    if (this.phase === BREAK) return 0;
    if (this.phase !== FRAME || now < this.startTick) return 1;
    const bit = this.bitAt(now);
    return bit >= this.bitCount ? 1 : (((this.bits >>> bit) & 1) as Level);
  }

  /** STATUS.ST_UTX_OUT: 0 idle, 1 start, 2-9 data, 10 parity, 11 and 12 stop. */
  state(now: Ticks): number {
    if (this.phase === BREAK) return 1;
    if (this.phase !== FRAME) return 0;
    const { dataBits, parity } = this.host.format();
    const bit = this.bitAt(now);
    if (bit <= 0) return 1;
    if (bit <= dataBits) return 1 + bit;
    const stop = dataBits + (parity === undefined ? 1 : 2);
    if (bit < stop) return 10;
    return bit === stop ? 11 : 12;
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
    this.drivePin(this.scheduler.now);
  }

  /** Sets the pin to the level of now and waits for the next bit boundary. */
  drivePin(now: Ticks): void {
    if (this.pin === undefined || this.pinEdge === undefined) return;
    this.pin.set((this.level(now) ^ this.inverted) as Level);
    if (this.phase !== FRAME) return;
    let next = this.bitAt(now) + 1;
    while (next < this.bitCount && ((this.bits >>> next) & 1) === this.level(now)) next++;
    if (next < this.bitCount)
      this.scheduler.at(this.timer.tickAt(2 * next - this.passed), this.pinEdge);
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

  private bitAt(now: Ticks): number {
    return (this.passed + Math.max(this.timer.elapsed(now), 0)) >> 1;
  }

  private load(): void {
    const { dataBits, parity, stopHalfBits } = this.host.format();
    this.value = this.fifo.pop() & ((1 << dataBits) - 1);
    const frame = frameBits(this.value, dataBits, parity);
    this.bits = frame.bits;
    this.bitCount = frame.length;
    this.begin(FRAME, 2 * (frame.length - 1) + stopHalfBits);
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
    else if (phase === BREAK) {
      this.host.onBreak(this.startTick, now);
      this.gap();
    } else {
      this.host.onIdleDone();
      if (this.fifo.count > 0 && !this.host.held()) this.load();
    }
    if (this.phase !== FRAME) this.drivePin(now);
  }

  private endFrame(now: Ticks): void {
    this.host.onByte(this.value, this.startTick, now);
    if (this.fifo.count > 0) {
      if (!this.host.held()) this.load();
      return;
    }
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
    if (this.fifo.count > 0 && !this.host.held()) this.load();
  }
}
