/** The end of a span that began when the deadline was made. */
import type { Esp32 } from '../esp32.ts';
import type { Cycles, Ticks } from '../scheduler/clock.ts';
import type { Span } from './units.ts';

export class Deadline {
  private readonly chip: Esp32;
  private readonly endTick: Ticks;
  private readonly endCycle: Cycles;

  constructor(chip: Esp32, span: Span) {
    this.chip = chip;
    this.endTick = 'ticks' in span ? chip.now + span.ticks : Infinity;
    this.endCycle = 'cycles' in span ? this.cycle + span.cycles : Infinity;
  }

  isOver(): boolean {
    return this.chip.now >= this.endTick || this.cycle >= this.endCycle;
  }

  /** When it is over, as far as the present clock of the cores tells. */
  tick(): Ticks {
    if (this.endCycle === Infinity) return this.endTick;
    return this.chip.clocks.cpu.tickOf(this.endCycle);
  }

  /** CPU_CLK cycles since power-on. */
  private get cycle(): Cycles {
    return this.chip.clocks.cpu.cyclesAt(this.chip.now);
  }
}
