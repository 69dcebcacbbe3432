/**
 * The clock domains of the chip and how they follow the selected source (TRM, "Reset and Clock").
 * CPU_CLK is what both cores run at; APB_CLK is 80 MHz on the PLL and CPU_CLK otherwise.
 */
import type { State, Stateful } from '../bus/state.ts';
import { Clock } from './clock.ts';
import type { Ticks } from './clock.ts';

export class ClockTree implements Stateful {
  readonly xtal: Clock;
  readonly cpu: Clock;
  readonly apb: Clock;
  readonly refTick = new Clock('REF_TICK', 1_000_000);
  readonly rcFast = new Clock('RC_FAST', 8_500_000);
  /** RC_FAST / 256, to the nearest hertz. */
  readonly rcFastDiv256 = new Clock('RC_FAST_DIV256', 33_203);
  /** 150 kHz RC oscillator unless firmware selects another slow clock. */
  readonly rtcSlow = new Clock('RTC_SLOW', 150_000);

  /** `xtalHz` is 40 or 26 MHz. */
  constructor(xtalHz = 40_000_000) {
    this.xtal = new Clock('XTAL_CLK', xtalHz);
    this.cpu = new Clock('CPU_CLK', xtalHz);
    this.apb = new Clock('APB_CLK', xtalHz);
  }

  /** A new CPU_CLK and APB_CLK from `now` on. */
  setCpu(cpuHz: number, apbHz: number, now: Ticks): void {
    this.cpu.setFrequency(cpuHz, now);
    this.apb.setFrequency(apbHz, now);
  }

  private get all(): Clock[] {
    return [
      this.xtal,
      this.cpu,
      this.apb,
      this.refTick,
      this.rcFast,
      this.rcFastDiv256,
      this.rtcSlow,
    ];
  }

  save(): State {
    return Object.fromEntries(this.all.map((clock) => [clock.name, clock.save()]));
  }

  restore(state: State): void {
    for (const clock of this.all) clock.restore(state[clock.name] as State);
  }
}
