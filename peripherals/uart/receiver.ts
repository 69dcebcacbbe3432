/**
 * The receive half of a UART: waits for a falling edge, samples every bit in its middle on the
 * UART's own bit clock, and reports the character at the middle of its (first) stop bit. A sender
 * at another rate is therefore received as silicon would: with wrong bits and framing errors.
 *
 * Unverified on silicon: the character enters the FIFO at the middle of the stop bit.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import type { BitTimer } from './bit-timer.ts';
import { parityBit, type SerialLine } from './serial-line.ts';
import type { FrameFormat } from './transmitter.ts';

export interface Character {
  readonly value: number;
  readonly parityError: boolean;
  readonly framingError: boolean;
  /** Tick of the start bit's edge. */
  readonly startTick: Ticks;
}

export interface ReceiverHost {
  format(): FrameFormat;
  /** The receiver is off: it takes no start bit. */
  deaf(): boolean;
  onCharacter(character: Character, now: Ticks): void;
  /** The start bit was shorter than half a bit. */
  onGlitch(): void;
  /** The line is still low one bit after the stop bit of an all-zero character. */
  onBreak(): void;
  /** Nothing is being received any more. */
  onRest(now: Ticks): void;
}

const HUNT = 0;
const START = 1;
const DATA = 2;
const BREAK_CHECK = 3;

export class Receiver implements Stateful {
  private readonly scheduler: Scheduler;
  private readonly line: SerialLine;
  private readonly timer: BitTimer;
  private readonly host: ReceiverHost;
  private readonly sample: SchedulerEvent;
  private phase = HUNT;
  private startTick: Ticks = 0;
  /** Samples taken, first in bit 0; the timer's origin is the last sample. */
  private word = 0;
  private taken = 0;
  private wanted = 0;
  private dataBits = 8;
  /** The next hunt accepts falling edges from this tick on. */
  private huntFrom: Ticks = 0;

  constructor(
    name: string,
    scheduler: Scheduler,
    parts: { line: SerialLine; timer: BitTimer; host: ReceiverHost },
  ) {
    this.scheduler = scheduler;
    this.line = parts.line;
    this.timer = parts.timer;
    this.host = parts.host;
    this.sample = scheduler.event(`${name}.rx`, (now) => this.fire(now));
  }

  /** The line has new edges: starts a character unless one is under way. */
  hunt(): void {
    if (this.phase === DATA || this.phase === BREAK_CHECK) return;
    const fall = this.line.nextFall(this.huntFrom);
    if (fall < 0) {
      this.phase = HUNT;
      this.scheduler.cancel(this.sample);
      return;
    }
    if (this.phase === START && fall === this.startTick) return;
    this.startTick = fall;
    this.phase = START;
    this.timer.start(fall);
    this.scheduler.at(this.timer.tickAt(1), this.sample);
  }

  /** True between the start bit's edge and the sample of the stop bit. */
  busy(now: Ticks): boolean {
    return this.phase >= DATA || (this.phase === START && this.startTick <= now);
  }

  /** True when a start bit's edge came before `now` and its character is not over. */
  begunBefore(now: Ticks): boolean {
    return this.phase >= DATA || (this.phase === START && this.startTick < now);
  }

  /** STATUS.ST_URX_OUT: 0 idle, 1 start, 2-9 data, 10 parity, 11 stop. */
  state(now: Ticks): number {
    if (!this.busy(now)) return 0;
    if (this.phase === START) return 1;
    if (this.phase === BREAK_CHECK) return 11;
    this.takeSamples(now);
    if (this.taken < this.dataBits) return 2 + this.taken;
    return this.taken < this.wanted - 1 ? 10 : 11;
  }

  /** The source clock or divider changed: `retune` adjusts the timer from the last sample on. */
  rebase(now: Ticks, retune: () => void): void {
    if (this.phase === DATA) this.takeSamples(now);
    retune();
    if (this.phase === START && this.startTick >= now) this.timer.start(this.startTick);
    if (this.phase === START) this.scheduler.at(this.timer.tickAt(1), this.sample);
    else if (this.phase === DATA)
      this.scheduler.at(this.timer.tickAt(2 * (this.wanted - this.taken)), this.sample);
    else if (this.phase === BREAK_CHECK) this.scheduler.at(this.timer.tickAt(2), this.sample);
  }

  reset(now: Ticks): void {
    this.phase = HUNT;
    this.huntFrom = now;
    this.scheduler.cancel(this.sample);
    this.hunt();
  }

  save(): State {
    const { phase, startTick, word, taken, wanted, dataBits, huntFrom } = this;
    const timer = this.timer.save();
    return { phase, startTick, word, taken, wanted, dataBits, huntFrom, timer };
  }

  restore(state: State): void {
    this.phase = state['phase'] as number;
    this.startTick = state['startTick'] as number;
    this.word = state['word'] as number;
    this.taken = state['taken'] as number;
    this.wanted = state['wanted'] as number;
    this.dataBits = state['dataBits'] as number;
    this.huntFrom = state['huntFrom'] as number;
    this.timer.restore(state['timer'] as State);
  }

  private fire(now: Ticks): void {
    if (this.phase === START) this.checkStart(now);
    else if (this.phase === DATA) this.finish(now);
    else {
      if (this.line.levelAt(now) === 0) this.host.onBreak();
      this.rest(now);
      this.host.onRest(now);
    }
  }

  private checkStart(now: Ticks): void {
    const deaf = this.host.deaf();
    if (deaf || this.line.levelAt(now) === 1) {
      if (!deaf) this.host.onGlitch();
      this.rest(now);
      return;
    }
    const { dataBits, parity } = this.host.format();
    this.timer.advance(1);
    this.phase = DATA;
    this.word = 0;
    this.taken = 0;
    this.dataBits = dataBits;
    this.wanted = dataBits + (parity === undefined ? 1 : 2);
    this.scheduler.at(this.timer.tickAt(2 * this.wanted), this.sample);
  }

  private takeSamples(until: Ticks): void {
    while (this.taken < this.wanted) {
      const tick = this.timer.tickAt(2);
      if (tick > until) return;
      this.word |= this.line.levelAt(tick) << this.taken;
      this.taken++;
      this.timer.advance(2);
    }
  }

  private finish(now: Ticks): void {
    this.takeSamples(now);
    const { parity } = this.host.format();
    const value = this.word & ((1 << this.dataBits) - 1);
    const stop = (this.word >>> (this.wanted - 1)) & 1;
    const hasParity = this.wanted === this.dataBits + 2;
    const received = (this.word >>> this.dataBits) & 1;
    const parityError = hasParity && parity !== undefined && received !== parityBit(value, parity);
    const allZero = this.word === 0;
    const { startTick } = this;
    if (allZero) {
      this.phase = BREAK_CHECK;
      this.scheduler.at(this.timer.tickAt(2), this.sample);
    } else this.rest(now);
    this.host.onCharacter({ value, parityError, framingError: stop === 0, startTick }, now);
    if (!allZero) this.host.onRest(now);
  }

  private rest(now: Ticks): void {
    this.phase = HUNT;
    this.huntFrom = now;
    this.hunt();
  }
}
