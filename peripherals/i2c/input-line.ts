/**
 * SCL or SDA as the controller sees it: the wire behind synchroniser and filter. An edge arrives
 * `delay()` APB_CLK cycles after the wire's; a shorter pulse never does.
 */
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';

export interface InputLineOptions {
  readonly name: string;
  readonly wire: Signal;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** APB_CLK cycles. */
  readonly delay: () => number;
  readonly onEdge: (level: Level, now: Ticks) => void;
}

export class InputLine implements Stateful {
  /** Behind the filter. */
  level: Level;
  private readonly options: InputLineOptions;
  private readonly edge: SchedulerEvent;

  constructor(options: InputLineOptions) {
    const { wire, scheduler, clock } = options;
    this.options = options;
    this.level = wire.level;
    this.edge = scheduler.event(options.name, (now) => {
      this.level = wire.level;
      options.onEdge(this.level, now);
    });
    wire.connect((level) => {
      if (level === this.level) scheduler.cancel(this.edge);
      else {
        const { now } = scheduler;
        scheduler.at(clock.tickOf(clock.cycleFrom(now) + options.delay()), this.edge);
      }
    });
  }

  /** The level on the wire now. */
  get raw(): Level {
    return this.options.wire.level;
  }

  /** Takes the wire as it is, without an edge. */
  reset(): void {
    this.options.scheduler.cancel(this.edge);
    this.level = this.raw;
  }

  save(): State {
    return { level: this.level };
  }

  restore(state: State): void {
    this.level = state['level'] as Level;
  }
}
