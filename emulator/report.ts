/**
 * What a run tells about itself: every access to something that is not modelled with the place in
 * the firmware, warnings, and resets.
 */
import type { DeviceLog, Unmodelled } from './bus/device.ts';

export interface UnmodelledEntry extends Unmodelled {
  readonly core: string;
  /** PC of the first access. */
  readonly pc: number;
  count: number;
}

export interface WarningEntry {
  /** Of the first time: the core that ran, its PC and cycle, and the tick. */
  readonly core: string;
  readonly pc: number;
  readonly cycle: number;
  readonly tick: number;
  count: number;
}

export interface ResetEntry {
  readonly tick: number;
  readonly core: string;
  readonly cause: string;
  /** Block that asked. */
  readonly source: string;
  readonly pc: number;
}

/** Different accesses kept; a run that touches more only counts them. */
const MOST_ENTRIES = 1000;

export class RunLog implements DeviceLog {
  readonly unmodelledEntries = new Map<string, UnmodelledEntry>();
  readonly warnings = new Map<string, WarningEntry>();
  readonly resets: ResetEntry[] = [];
  /** Feeds by the firmware, per block. */
  readonly watchdogFeeds = new Map<string, number>();
  /** The least time that was left of a watchdog's stage at a feed, in ticks, per block. */
  readonly watchdogMargins = new Map<string, number>();
  droppedEntries = 0;
  droppedResets = 0;
  /** Set by the machine: which core runs, and where. */
  where: () => { core: string; pc: number } = () => ({ core: '', pc: 0 });
  /** Set by the machine: the tick of now and the running core's cycle. */
  when: () => { tick: number; cycle: number } = () => ({ tick: 0, cycle: 0 });
  /** Set by the user interface: called for each warning that is new. */
  onWarning: (message: string, entry: WarningEntry) => void = () => {};

  unmodelled(entry: Unmodelled): void {
    const key = `${entry.device} ${entry.register} ${entry.access}`;
    const known = this.unmodelledEntries.get(key);
    if (known !== undefined) {
      known.count++;
    } else if (this.unmodelledEntries.size < MOST_ENTRIES) {
      this.unmodelledEntries.set(key, { ...entry, ...this.where(), count: 1 });
    } else {
      this.droppedEntries++;
    }
  }

  watchdogFed(device: string, ticksLeft: number): void {
    const least = this.watchdogMargins.get(device) ?? Infinity;
    if (ticksLeft < least) this.watchdogMargins.set(device, ticksLeft);
    this.watchdogFeeds.set(device, (this.watchdogFeeds.get(device) ?? 0) + 1);
  }

  reset(entry: ResetEntry): void {
    if (this.resets.length < MOST_ENTRIES) this.resets.push(entry);
    else this.droppedResets++;
  }

  warn(device: string, message: string): void {
    const text = `${device}: ${message}`;
    const known = this.warnings.get(text);
    if (known !== undefined) {
      known.count++;
    } else if (this.warnings.size < MOST_ENTRIES) {
      const entry = { ...this.where(), ...this.when(), count: 1 };
      this.warnings.set(text, entry);
      this.onWarning(text, entry);
    }
  }
}
