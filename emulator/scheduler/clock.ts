/**
 * Clock domains on the 480 MHz master time base (DESIGN.md part 4).
 *
 * A domain turns master ticks into its own cycles and back with integers only. Frequencies that
 * divide 480 MHz are exact to the tick; others (32.768 kHz, 150 kHz RC) keep the exact remainder.
 */
import type { State, Stateful } from '../bus/state.ts';

/** Master ticks since power-on; 480 000 000 per second. Exact as a `number` for 217 days. */
export type Ticks = number;
/** Cycles of one clock domain, or of a CPU. */
export type Cycles = number;

export const MASTER_HZ = 480_000_000;

export class Clock implements Stateful {
  readonly name: string;
  hz: number;
  private anchorTick: Ticks = 0;
  private anchorCycle: Cycles = 0;
  /** 480 MHz / hz = whole + remainder / hz */
  private whole: number;
  private remainder: number;
  private readonly listeners: ((clock: Clock, now: Ticks) => void)[] = [];

  /** `hz` is a whole number of cycles per second, at most 480 000 000. */
  constructor(name: string, hz: number) {
    this.name = name;
    this.hz = hz;
    this.whole = Math.floor(MASTER_HZ / hz);
    this.remainder = MASTER_HZ % hz;
  }

  /** Whole cycles completed at `tick`. */
  cyclesAt(tick: Ticks): Cycles {
    const elapsed = tick - this.anchorTick;
    if (this.remainder === 0) return this.anchorCycle + Math.floor(elapsed / this.whole);
    const seconds = Math.floor(elapsed / MASTER_HZ);
    const rest = elapsed % MASTER_HZ;
    return this.anchorCycle + seconds * this.hz + Math.floor((rest * this.hz) / MASTER_HZ);
  }

  /** First tick at which `cyclesAt` reaches `cycle`. */
  tickOf(cycle: Cycles): Ticks {
    const n = cycle - this.anchorCycle;
    if (this.remainder === 0) return this.anchorTick + n * this.whole;
    // Whole seconds apart, so that the products stay exact.
    const seconds = Math.floor(n / this.hz);
    const rest = n - seconds * this.hz;
    const fraction = Math.ceil((rest * this.remainder) / this.hz);
    return this.anchorTick + seconds * MASTER_HZ + rest * this.whole + fraction;
  }

  /** First cycle that starts at or after `tick`. */
  cycleFrom(tick: Ticks): Cycles {
    const cycle = this.cyclesAt(tick);
    return this.tickOf(cycle) < tick ? cycle + 1 : cycle;
  }

  /** Ticks taken by `cycles` cycles that start at `now` (rounded to the end of the last one). */
  after(now: Ticks, cycles: Cycles): Ticks {
    return this.tickOf(this.cyclesAt(now) + cycles);
  }

  /** Change frequency at `now`: cycles counted so far are kept, the new period starts at `now`. */
  setFrequency(hz: number, now: Ticks): void {
    if (hz === this.hz) return;
    const cycle = this.cyclesAt(now);
    this.anchorTick = now;
    this.anchorCycle = cycle;
    this.hz = hz;
    this.whole = Math.floor(MASTER_HZ / hz);
    this.remainder = MASTER_HZ % hz;
    for (const listener of this.listeners) listener(this, now);
  }

  /** Called after every change of frequency: devices reschedule their events. */
  onChange(listener: (clock: Clock, now: Ticks) => void): void {
    this.listeners.push(listener);
  }

  save(): State {
    return { hz: this.hz, anchorTick: this.anchorTick, anchorCycle: this.anchorCycle };
  }

  restore(state: State): void {
    this.hz = state['hz'] as number;
    this.anchorTick = state['anchorTick'] as number;
    this.anchorCycle = state['anchorCycle'] as number;
    this.whole = Math.floor(MASTER_HZ / this.hz);
    this.remainder = MASTER_HZ % this.hz;
  }
}
