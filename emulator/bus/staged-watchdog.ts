/**
 * The counter of a watchdog with four stages, as the main and RTC watchdogs have it (TRM chapter
 * "Watchdog Timers"): each stage runs for its hold time, then acts and gives way to the next;
 * after the last one comes the first. Feeding returns to the start of stage 0.
 *
 * Lazy: one event, at the end of the running stage.
 */
import type { Clock, Cycles, Ticks } from '../scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../scheduler/scheduler.ts';
import type { State, Stateful } from './state.ts';

const STAGES = 4;

export interface StagedWatchdogConfig {
  readonly name: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Cycles of `clock` that a stage lasts. */
  readonly hold: (stage: number) => Cycles;
  /** Called when `stage` ends, after the next stage began. */
  readonly expire: (stage: number) => void;
}

export class StagedWatchdog implements Stateful {
  private readonly config: StagedWatchdogConfig;
  private readonly event: SchedulerEvent;
  private running = false;
  private stage = 0;
  /** Cycle of the clock at which the stage began. */
  private since: Cycles = 0;

  constructor(config: StagedWatchdogConfig) {
    this.config = config;
    this.event = config.scheduler.event(config.name, () => this.end());
    config.clock.onChange(() => this.reschedule());
  }

  /** Starts at stage 0 when it stood still; stops when `enabled` is false. */
  enable(enabled: boolean): void {
    if (enabled === this.running) return;
    this.running = enabled;
    if (enabled) this.feed();
    else this.config.scheduler.cancel(this.event);
  }

  /** The running stage ends as if its time were over. */
  expireNow(): void {
    if (this.running) this.end();
  }

  /** Ticks until the running stage ends, or Infinity when the watchdog is off. */
  get ticksLeft(): Ticks {
    return this.event.at < 0 ? Infinity : this.event.at - this.config.scheduler.now;
  }

  feed(): void {
    this.stage = 0;
    this.since = this.config.clock.cyclesAt(this.config.scheduler.now);
    this.reschedule();
  }

  /** After a change of hold times or of the clock. */
  reschedule(): void {
    if (!this.running) return;
    const { clock, scheduler, hold } = this.config;
    const end = this.since + Math.max(1, hold(this.stage));
    scheduler.at(clock.tickOf(end), this.event);
  }

  private end(): void {
    const expired = this.stage;
    this.stage = (this.stage + 1) % STAGES;
    this.since = this.config.clock.cyclesAt(this.config.scheduler.now);
    this.reschedule();
    this.config.expire(expired);
  }

  save(): State {
    return { running: this.running, stage: this.stage, since: this.since };
  }

  restore(state: State): void {
    this.running = state['running'] as boolean;
    this.stage = state['stage'] as number;
    this.since = state['since'] as number;
  }
}
