/**
 * What a UART counts after a received byte: RXFIFO_TOUT, and for the DMA the idle line that ends a
 * frame (RX_IDLE_THRHD bit times).
 */
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import type { UartSettings } from './settings.ts';

export interface ReceiveTimersHost {
  settings(): UartSettings;
  sourceClock(): Clock;
  /** A character is under way. */
  busy(now: Ticks): boolean;
  wantsIdle(): boolean;
  onTimeout(): void;
  onIdle(): void;
}

export class ReceiveTimers {
  private readonly scheduler: Scheduler;
  private readonly host: ReceiveTimersHost;
  private readonly timeout: SchedulerEvent;
  private readonly idle: SchedulerEvent;

  constructor(name: string, scheduler: Scheduler, host: ReceiveTimersHost) {
    this.scheduler = scheduler;
    this.host = host;
    this.timeout = scheduler.event(`${name}.tout`, (now) => {
      if (!host.busy(now)) host.onTimeout();
    });
    this.idle = scheduler.event(`${name}.idle`, (now) => {
      if (!host.busy(now)) host.onIdle();
    });
  }

  /** A byte came. */
  start(now: Ticks): void {
    this.startTimeout(now);
    const { divider, rxIdleBits } = this.host.settings();
    if (this.host.wantsIdle()) this.after(this.idle, now, rxIdleBits * divider);
  }

  /** RX_TOUT_THRHD counts 8 bit times on APB_CLK, 1/8 bit time on REF_TICK (ESP-IDF's factors). */
  startTimeout(now: Ticks): void {
    this.scheduler.cancel(this.timeout);
    const { timeoutOn, timeoutThreshold, apb, divider } = this.host.settings();
    if (!timeoutOn) return;
    const product = timeoutThreshold * divider;
    this.after(this.timeout, now, apb ? product * 8 : product / 8);
  }

  reset(): void {
    this.scheduler.cancel(this.timeout);
    this.scheduler.cancel(this.idle);
  }

  /** `sixteenths` of source-clock cycles from now on. */
  private after(event: SchedulerEvent, now: Ticks, sixteenths: number): void {
    const clock = this.host.sourceClock();
    const cycles = Math.floor(sixteenths / 16);
    this.scheduler.at(clock.tickOf(clock.cycleFrom(now) + cycles), event);
  }
}
