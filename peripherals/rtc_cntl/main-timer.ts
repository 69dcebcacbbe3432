/**
 * The RTC main timer: 48 bits on RTC_SLOW_CLK, read through TIME_UPDATE, with one alarm (TRM
 * chapter "Low-Power Management", RTC timer).
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Cycles } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';

const MODULUS = 2 ** 48;

export class MainTimer implements Stateful {
  private readonly clock: Clock;
  private readonly scheduler: Scheduler;
  private readonly latchEvent: SchedulerEvent;
  private readonly alarmEvent: SchedulerEvent;
  /** Cycle of the clock at which the timer was 0. */
  private zero: Cycles = 0;
  /** Value of the alarm, or -1 when it is off. */
  private target = -1;

  /** `latched` gets the value when a requested update is valid; `alarm` is called at the alarm. */
  constructor(
    name: string,
    clock: Clock,
    scheduler: Scheduler,
    latched: (value: number) => void,
    alarm: () => void,
  ) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.latchEvent = scheduler.event(`${name}.latch`, () => latched(this.value()));
    this.alarmEvent = scheduler.event(`${name}.alarm`, () => alarm());
    clock.onChange(() => this.schedule());
  }

  value(): number {
    return (this.clock.cyclesAt(this.scheduler.now) - this.zero) % MODULUS;
  }

  /** The value is handed over at the next edge of RTC_SLOW_CLK. */
  requestUpdate(): void {
    const { clock, scheduler } = this;
    scheduler.at(clock.tickOf(clock.cyclesAt(scheduler.now) + 1), this.latchEvent);
  }

  /** Alarm at `target`, at once when it has passed; -1 switches it off. */
  setAlarm(target: number): void {
    this.target = target;
    this.schedule();
  }

  reset(): void {
    this.zero = this.clock.cyclesAt(this.scheduler.now);
    this.scheduler.cancel(this.latchEvent);
    this.setAlarm(-1);
  }

  private schedule(): void {
    if (this.target < 0) this.scheduler.cancel(this.alarmEvent);
    else this.scheduler.at(this.clock.tickOf(this.zero + this.target), this.alarmEvent);
  }

  save(): State {
    return { zero: this.zero, target: this.target };
  }

  restore(state: State): void {
    this.zero = state['zero'] as number;
    this.target = state['target'] as number;
  }
}
