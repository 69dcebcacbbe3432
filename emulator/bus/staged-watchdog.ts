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

export abstract class StagedWatchdog implements Stateful {
  private readonly clock: Clock;
  private readonly scheduler: Scheduler;
  private readonly event: SchedulerEvent;
  private running = false;
  private stage = 0;
  /** Cycle of the clock at which the stage began. */
  private since: Cycles = 0;

  constructor(name: string, clock: Clock, scheduler: Scheduler) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.event = scheduler.event(name, () => this.end());
    clock.onChange(() => this.reschedule());
  }

  /** Cycles of the clock that a stage lasts. */
  protected abstract holdOf(stage: number): Cycles;

  /** Called when `stage` ends, after the next stage began. */
  protected abstract stageExpired(stage: number): void;

  /** Whether the registers and the straps let it run. */
  protected abstract get enabled(): boolean;

  /** Starts at stage 0 when it stood still; stops when `enabled` is false. */
  private enable(enabled: boolean): void {
    if (enabled === this.running) return;
    this.running = enabled;
    if (enabled) this.feed();
    else this.scheduler.cancel(this.event);
  }

  /** After the reset of the registers. */
  reset(): void {
    this.enable(false);
    this.update();
  }

  /** The registers have changed. */
  protected update(): void {
    this.enable(this.enabled);
  }

  /** The running stage ends as if its time were over. */
  expireNow(): void {
    if (this.running) this.end();
  }

  /** Ticks until the running stage ends, or Infinity when the watchdog is off. */
  protected get ticksLeft(): Ticks {
    return this.event.at < 0 ? Infinity : this.event.at - this.scheduler.now;
  }

  protected feed(): void {
    this.stage = 0;
    this.since = this.clock.cyclesAt(this.scheduler.now);
    this.reschedule();
  }

  /** After a change of hold times or of the clock. */
  protected reschedule(): void {
    if (!this.running) return;
    const end = this.since + Math.max(1, this.holdOf(this.stage));
    this.scheduler.at(this.clock.tickOf(end), this.event);
  }

  private end(): void {
    const expired = this.stage;
    this.stage = (this.stage + 1) % STAGES;
    this.since = this.clock.cyclesAt(this.scheduler.now);
    this.reschedule();
    this.stageExpired(expired);
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
