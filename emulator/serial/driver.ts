/**
 * Lets the chip run in slices of guest time between which the host's event loop turns, for programs
 * that talk to it by streams and promises. It runs while somebody holds it; guest time stands still
 * otherwise, and while EN is low.
 */
import type { Esp32 } from '../esp32.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';

/**
 * `fast`: guest time runs as fast as the host can; when the guest has done nothing but wait for
 * long, it follows the host's clock. `real-time`: guest time never overtakes the host's clock.
 */
export type Pace = 'fast' | 'real-time';

/** What takes part in each slice. */
export interface DriverParty {
  /** The chip must not run now. */
  readonly held: boolean;
  /** Host input is on its way: guest time is worth spending. */
  readonly busy: boolean;
  before(): void;
  after(): void;
  /** The emulator failed; the chip does not run any more. */
  fail(error: Error): void;
}

const SLICE: Ticks = MASTER_HZ / 1000;
const SLICE_MS = 1;
/** A slice that took the host less than this had hardly an instruction in it. */
const IDLE_SLICE_MS = 0.05;
/** Guest time spent waiting, after which the guest waits in real time. */
const PATIENCE_SLICES = 5000;
/** Behind by more than this, real time is given up instead of made good. */
const MOST_LAG_MS = 100;

export class Driver {
  private readonly chip: Esp32;
  private readonly pace: Pace;
  private readonly parties = new Set<DriverParty>();
  private idleSlices = 0;
  /** Host time that guest time must not overtake the next slice before. */
  private dueMs = 0;
  private running = false;

  constructor(chip: Esp32, pace: Pace) {
    this.chip = chip;
    this.pace = pace;
  }

  add(party: DriverParty): void {
    this.parties.add(party);
    this.idleSlices = 0;
    if (this.running) return;
    this.running = true;
    setImmediate(() => this.turn());
  }

  remove(party: DriverParty): void {
    this.parties.delete(party);
  }

  private turn(): void {
    if (this.parties.size === 0) {
      this.running = false;
      return;
    }
    for (const party of this.parties) {
      if (!party.held) continue;
      setTimeout(() => this.turn(), SLICE_MS);
      return;
    }
    const beganMs = performance.now();
    for (const party of this.parties) party.before();
    try {
      this.chip.runUntil(this.chip.now + SLICE);
    } catch (error) {
      this.stop(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const tookMs = performance.now() - beganMs;
    let busy = false;
    for (const party of this.parties) {
      busy ||= party.busy;
      party.after();
    }
    this.idleSlices = busy || tookMs > IDLE_SLICE_MS ? 0 : this.idleSlices + 1;
    this.next();
  }

  private next(): void {
    const nowMs = performance.now();
    this.dueMs = Math.max(this.dueMs + SLICE_MS, nowMs - MOST_LAG_MS);
    const paced = this.pace === 'real-time' || this.idleSlices > PATIENCE_SLICES;
    if (!paced) this.dueMs = nowMs;
    if (paced && this.dueMs > nowMs) setTimeout(() => this.turn(), this.dueMs - nowMs);
    else setImmediate(() => this.turn());
  }

  private stop(error: Error): void {
    this.running = false;
    const parties = [...this.parties];
    this.parties.clear();
    for (const party of parties) party.fail(error);
  }
}
