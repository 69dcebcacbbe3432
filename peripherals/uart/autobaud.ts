/**
 * Auto-baud counters (TRM "UART Controllers", baud rate detection): shortest low and high pulse,
 * shortest distance of rising and of falling edges, and the number of edges, in source-clock cycles.
 *
 * The counters start late: the mask ROM's `uart_baudrate_detect` sets GLITCH_FILT to 4 and adds
 * 9 cycles to the mean of LOWPULSE and HIGHPULSE, so a pulse counts its width less
 * GLITCH_FILT + 5. Unverified on silicon: how the late start depends on GLITCH_FILT.
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Cycles } from '../../emulator/scheduler/clock.ts';

const COUNT_MAX = 0xfffff;
const EDGES_MAX = 0x3ff;
const FILTER_DELAY = 5;

export class Autobaud implements Stateful {
  enabled = false;
  glitchFilter = 0;
  lowPulse = COUNT_MAX;
  highPulse = COUNT_MAX;
  positiveEdges = COUNT_MAX;
  negativeEdges = COUNT_MAX;
  edges = 0;
  private lastRise: Cycles = -1;
  private lastFall: Cycles = -1;

  /** AUTOBAUD was written; a rising enable bit starts anew. */
  configure(enabled: boolean, glitchFilter: number): void {
    this.glitchFilter = glitchFilter;
    if (enabled && !this.enabled) this.clear();
    this.enabled = enabled;
  }

  clear(): void {
    this.lowPulse = COUNT_MAX;
    this.highPulse = COUNT_MAX;
    this.positiveEdges = COUNT_MAX;
    this.negativeEdges = COUNT_MAX;
    this.edges = 0;
    this.lastRise = -1;
    this.lastFall = -1;
  }

  /** The line went to `level` at the source clock's `cycle`. */
  edge(cycle: Cycles, level: Level): void {
    if (!this.enabled) return;
    const since = level === 1 ? this.lastFall : this.lastRise;
    const width = cycle - since;
    if (since >= 0 && width < this.glitchFilter) return;
    this.edges = Math.min(this.edges + 1, EDGES_MAX);
    if (since >= 0) {
      const counted = Math.max(width - this.glitchFilter - FILTER_DELAY, 0);
      if (level === 1) this.lowPulse = Math.min(this.lowPulse, counted);
      else this.highPulse = Math.min(this.highPulse, counted);
    }
    if (level === 1) {
      if (this.lastRise >= 0)
        this.positiveEdges = Math.min(this.positiveEdges, cycle - this.lastRise);
      this.lastRise = cycle;
    } else {
      if (this.lastFall >= 0)
        this.negativeEdges = Math.min(this.negativeEdges, cycle - this.lastFall);
      this.lastFall = cycle;
    }
  }

  save(): State {
    const { enabled, glitchFilter, lowPulse, highPulse, positiveEdges, negativeEdges } = this;
    const { edges, lastRise, lastFall } = this;
    return {
      ...{ enabled, glitchFilter, lowPulse, highPulse, positiveEdges, negativeEdges },
      ...{ edges, lastRise, lastFall },
    };
  }

  restore(state: State): void {
    this.enabled = state['enabled'] as boolean;
    this.glitchFilter = state['glitchFilter'] as number;
    this.lowPulse = state['lowPulse'] as number;
    this.highPulse = state['highPulse'] as number;
    this.positiveEdges = state['positiveEdges'] as number;
    this.negativeEdges = state['negativeEdges'] as number;
    this.edges = state['edges'] as number;
    this.lastRise = state['lastRise'] as number;
    this.lastFall = state['lastFall'] as number;
  }
}
