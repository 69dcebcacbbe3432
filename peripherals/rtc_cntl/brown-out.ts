/**
 * The brown-out detector of RTC_CNTL: compares the supply with a threshold, shows the result in
 * DET, raises an interrupt, and resets the system RST_WAIT cycles of RTC_SLOW_CLK later. The supply is
 * either good or low: the host says so, for want of volts.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';

export interface BrownOutSettings {
  readonly enabled: boolean;
  readonly resets: boolean;
  /** Cycles of RTC_SLOW_CLK. */
  readonly resetWait: number;
}

export interface BrownOutOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly settings: () => BrownOutSettings;
  /** Told when the detector sees the supply low, and when it does not any more. */
  readonly onDetect: (low: boolean) => void;
  readonly reset: () => void;
}

export class BrownOut implements Stateful {
  private supplyLow = false;
  private detected = false;
  private readonly options: BrownOutOptions;
  private readonly event: SchedulerEvent;

  constructor(options: BrownOutOptions) {
    this.options = options;
    this.event = options.scheduler.event('RTC_CNTL.brownOut', () => options.reset());
  }

  setSupplyLow(low: boolean): void {
    this.supplyLow = low;
    this.update();
  }

  /** After a change of the settings, and after a reset. */
  update(): void {
    const { clock, scheduler, settings, onDetect } = this.options;
    const { enabled, resets, resetWait } = settings();
    const detected = this.supplyLow && enabled;
    const isNew = detected !== this.detected;
    this.detected = detected;
    if (isNew) onDetect(detected);
    if (!detected || !resets) scheduler.cancel(this.event);
    else if (this.event.at < 0)
      scheduler.at(clock.tickOf(clock.cyclesAt(scheduler.now) + 1 + resetWait), this.event);
  }

  save(): State {
    return { supplyLow: this.supplyLow, detected: this.detected };
  }

  restore(state: State): void {
    this.supplyLow = state['supplyLow'] as boolean;
    this.detected = state['detected'] as boolean;
  }
}
