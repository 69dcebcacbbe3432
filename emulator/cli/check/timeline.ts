/** What ran on each core and from when on; bounded, the older half is given up. */
import type { Ticks } from '../../scheduler/clock.ts';

const MOST = 1 << 18;

export interface Segment {
  readonly start: Ticks;
  readonly end: Ticks;
  readonly label: string;
}

export interface Share {
  readonly label: string;
  readonly core: 0 | 1;
  readonly ticks: Ticks;
}

export class Lane {
  private ticks: Ticks[] = [];
  private labels: string[] = [];
  private readonly totals = new Map<string, Ticks>();

  /** From `tick` on the core does this. */
  mark(tick: Ticks, label: string): void {
    const last = this.labels.length - 1;
    if (last >= 0 && this.labels[last] === label) return;
    this.count(tick);
    // A label that no time was spent on is replaced.
    if (last >= 0 && this.ticks[last]! >= tick) {
      this.labels[last] = label;
      return;
    }
    if (this.ticks.length >= MOST) {
      this.ticks = this.ticks.slice(MOST / 2);
      this.labels = this.labels.slice(MOST / 2);
    }
    this.ticks.push(tick);
    this.labels.push(label);
  }

  segments(end: Ticks): Segment[] {
    return this.ticks.map((start, i) => ({
      start,
      end: this.ticks[i + 1] ?? Math.max(end, start),
      label: this.labels[i]!,
    }));
  }

  /** Time of each label, what was given up included, longest first. */
  shares(end: Ticks): [label: string, ticks: Ticks][] {
    const totals = new Map(this.totals);
    const last = this.labels.length - 1;
    if (last >= 0) {
      const label = this.labels[last]!;
      totals.set(label, (totals.get(label) ?? 0) + Math.max(0, end - this.ticks[last]!));
    }
    return [...totals].sort((a, b) => b[1] - a[1]);
  }

  private count(tick: Ticks): void {
    const last = this.labels.length - 1;
    if (last < 0) return;
    const label = this.labels[last]!;
    this.totals.set(label, (this.totals.get(label) ?? 0) + Math.max(0, tick - this.ticks[last]!));
  }
}
