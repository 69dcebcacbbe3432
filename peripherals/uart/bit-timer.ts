/**
 * Bit times of a UART on its source clock (TRM "UART Controllers", baud rate): one bit is
 * CLKDIV + CLKDIV_FRAG / 16 source-clock cycles. Edges fall on whole source cycles; the fraction is
 * carried from bit to bit, so that no error accumulates. Lengths are in half bits, because a stop
 * bit may be 1.5 bits and a receiver samples in the middle of a bit.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';

export class BitTimer implements Stateful {
  private clock: Clock;
  /** CLKDIV * 16 + FRAG, at least one cycle. */
  private divider: number;
  /** Origin: a source-clock cycle and 1/32 of a cycle. */
  private cycle = 0;
  private fraction = 0;

  constructor(clock: Clock, divider: number) {
    this.clock = clock;
    this.divider = Math.max(divider, 16);
  }

  /** Sets the origin to the first source-clock edge at or after `tick`. */
  start(tick: Ticks): void {
    this.cycle = this.clock.cycleFrom(tick);
    this.fraction = 0;
  }

  /** Tick of the edge `halfBits` after the origin. */
  tickAt(halfBits: number): Ticks {
    const cycles = Math.floor((this.fraction + halfBits * this.divider) / 32);
    return this.clock.tickOf(this.cycle + cycles);
  }

  /** Whole half bits elapsed since the origin at `tick`. */
  elapsed(tick: Ticks): number {
    const cycles = this.clock.cyclesAt(tick) - this.cycle;
    // The edge h is reached when floor((fraction + h * divider) / 32) <= cycles.
    return Math.floor((cycles * 32 + 31 - this.fraction) / this.divider);
  }

  /** Moves the origin on by `halfBits`, keeping the fraction. */
  advance(halfBits: number): void {
    const total = this.fraction + halfBits * this.divider;
    this.cycle += Math.floor(total / 32);
    this.fraction = total % 32;
  }

  /** Another divider or source clock from the origin on. */
  retune(clock: Clock, divider: number): void {
    if (clock !== this.clock) {
      this.cycle = clock.cyclesAt(this.clock.tickOf(this.cycle));
      this.fraction = 0;
      this.clock = clock;
    }
    this.divider = Math.max(divider, 16);
  }

  /** The clock and divider are the owner's registers; they are retuned after a restore. */
  save(): State {
    return { cycle: this.cycle, fraction: this.fraction };
  }

  restore(state: State): void {
    this.cycle = state['cycle'] as number;
    this.fraction = state['fraction'] as number;
  }
}
