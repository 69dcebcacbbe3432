/**
 * Records the changes of chosen wires with their master ticks. Listening changes nothing in the
 * machine. Memory is bounded: when `mostChanges` are kept, the older half is given up and the
 * recording then begins later.
 */
import type { Ticks } from '../../scheduler/clock.ts';
import type { Probe, WaveValue } from './probe.ts';

export interface Change {
  readonly tick: Ticks;
  readonly value: WaveValue;
}

/** One wire's part of a recording. */
export interface Wave {
  readonly name: string;
  readonly scope: string;
  /** Value at the recording's `start`. */
  readonly initial: WaveValue;
  readonly changes: readonly Change[];
}

export interface Recording {
  readonly start: Ticks;
  readonly end: Ticks;
  /** Older changes that were given up. */
  readonly dropped: number;
  readonly waves: readonly Wave[];
}

const MOST_CHANGES = 2_000_000;

export class WaveRecorder {
  private readonly probes: readonly Probe[];
  private readonly now: () => Ticks;
  private readonly mostChanges: number;
  private start: Ticks;
  private dropped = 0;
  private readonly initial: WaveValue[];
  private readonly last: WaveValue[];
  private ticks: Ticks[] = [];
  private indices: number[] = [];
  private values: WaveValue[] = [];

  constructor(probes: readonly Probe[], now: () => Ticks, mostChanges = MOST_CHANGES) {
    this.probes = probes;
    this.now = now;
    this.mostChanges = mostChanges;
    this.start = now();
    this.initial = probes.map((probe) => probe.value());
    this.last = [...this.initial];
    probes.forEach((probe, i) => probe.connect(() => this.changed(i, probe.value())));
  }

  /** Forgets what was recorded and begins again at the present. */
  restart(): void {
    this.start = this.now();
    this.dropped = 0;
    this.probes.forEach((probe, i) => (this.last[i] = this.initial[i] = probe.value()));
    this.ticks = [];
    this.indices = [];
    this.values = [];
  }

  recording(): Recording {
    const changes: Change[][] = this.probes.map(() => []);
    this.ticks.forEach((tick, n) =>
      changes[this.indices[n]!]!.push({ tick, value: this.values[n]! }),
    );
    const { start, dropped } = this;
    const waves = this.probes.map(({ name, scope }, i) => ({
      ...{ name, scope, initial: this.initial[i]! },
      changes: changes[i]!,
    }));
    return { start, end: this.now(), dropped, waves };
  }

  private changed(index: number, value: WaveValue): void {
    if (value === this.last[index]) return;
    this.last[index] = value;
    if (this.ticks.length >= this.mostChanges) this.forgetOlderHalf();
    this.ticks.push(this.now());
    this.indices.push(index);
    this.values.push(value);
  }

  private forgetOlderHalf(): void {
    const half = this.ticks.length >> 1;
    for (let n = 0; n < half; n++) this.initial[this.indices[n]!] = this.values[n]!;
    this.start = this.ticks[half - 1]!;
    this.dropped += half;
    this.ticks = this.ticks.slice(half);
    this.indices = this.indices.slice(half);
    this.values = this.values.slice(half);
  }
}
