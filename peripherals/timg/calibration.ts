/**
 * Calibration of the slow clocks (TIMG_RTCCALICFG): counts XTAL_CLK cycles during a number of
 * cycles of the clock under test. It starts at that clock's next edge and takes its real time.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Cycles, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';

export class Calibration implements Stateful {
  private readonly xtal: Clock;
  private readonly scheduler: Scheduler;
  private readonly event: SchedulerEvent;
  private value: Cycles = 0;

  /** `done` gets the number of XTAL cycles counted. */
  constructor(name: string, xtal: Clock, scheduler: Scheduler, done: (cycles: Cycles) => void) {
    this.xtal = xtal;
    this.scheduler = scheduler;
    this.event = scheduler.event(name, () => done(this.value));
  }

  /** `tested` undefined: that clock does not run, and the measurement never ends. */
  start(tested: Clock | undefined, cycles: Cycles): void {
    this.scheduler.cancel(this.event);
    if (tested === undefined) return;
    const first = tested.cycleFrom(this.scheduler.now);
    const begin = tested.tickOf(first);
    const end = tested.tickOf(first + cycles);
    this.value = this.xtal.cyclesAt(end) - this.xtal.cyclesAt(begin);
    this.scheduler.at(end, this.event);
  }

  /** XTAL cycles of the last whole measurement of `cycles` in a row since tick `since`; 0 before the first one ends. */
  lastOfRow(tested: Clock | undefined, cycles: Cycles, since: Ticks): Cycles {
    if (tested === undefined || cycles === 0) return 0;
    const first = tested.cycleFrom(since);
    const done = Math.floor((tested.cyclesAt(this.scheduler.now) - first) / cycles);
    if (done < 1) return 0;
    const end = first + done * cycles;
    return this.xtal.cyclesAt(tested.tickOf(end)) - this.xtal.cyclesAt(tested.tickOf(end - cycles));
  }

  reset(): void {
    this.scheduler.cancel(this.event);
  }

  save(): State {
    return { value: this.value };
  }

  restore(state: State): void {
    this.value = state['value'] as number;
  }
}
