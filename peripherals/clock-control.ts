/**
 * CPU_CLK, APB_CLK and REF_TICK as three blocks choose them together (TRM, "Reset and Clock"):
 * RTC_CNTL the source, DPORT the PLL's divider, SYSCON the divisors.
 *
 * **Not modelled:** the audio PLL as CPU clock (taken as the PLL); the time a switch takes.
 */
import type { State, Stateful } from '../emulator/bus/state.ts';
import type { ClockTree } from '../emulator/scheduler/clock-tree.ts';
import type { Scheduler } from '../emulator/scheduler/scheduler.ts';
import type { CpuClockSource } from './rtc_cntl/rtc_cntl.ts';
import type { SysconClocks } from './syscon/syscon.ts';

/** CPUPERIOD_SEL; 3 is reserved and taken as 240 MHz. */
const PLL_CPU_HZ = [80_000_000, 160_000_000, 240_000_000, 240_000_000] as const;
const PLL_APB_HZ = 80_000_000;

export class ClockControl implements Stateful {
  private source: CpuClockSource = 'XTAL';
  private period = 0;
  private divisors: SysconClocks = {
    cpuDivisor: 1,
    xtalTick: 40,
    pllTick: 80,
    rcFastTick: 12,
    apllTick: 100,
  };
  private readonly clocks: ClockTree;
  private readonly scheduler: Scheduler;
  private readonly onClocks: (cpuHz: number, apbHz: number) => void;

  constructor(
    clocks: ClockTree,
    scheduler: Scheduler,
    onClocks: (cpuHz: number, apbHz: number) => void,
  ) {
    this.clocks = clocks;
    this.scheduler = scheduler;
    this.onClocks = onClocks;
  }

  selectSource(source: CpuClockSource): void {
    this.source = source;
    this.apply();
  }

  /** CPUPERIOD_SEL, 0..3. */
  selectPeriod(select: number): void {
    this.period = select;
    this.apply();
  }

  setDivisors(divisors: SysconClocks): void {
    this.divisors = divisors;
    this.apply();
  }

  save(): State {
    return { source: this.source, period: this.period, divisors: { ...this.divisors } };
  }

  restore(state: State): void {
    this.source = state['source'] as CpuClockSource;
    this.period = state['period'] as number;
    this.divisors = { ...(state['divisors'] as unknown as SysconClocks) };
    this.onClocks(this.clocks.cpu.hz, this.clocks.apb.hz);
  }

  private apply(): void {
    const { clocks, divisors, scheduler } = this;
    const pll = this.source === 'PLL' || this.source === 'APLL';
    const slow = this.source === 'RC_FAST' ? clocks.rcFast.hz : clocks.xtal.hz;
    const cpuHz = pll ? PLL_CPU_HZ[this.period]! : Math.floor(slow / divisors.cpuDivisor);
    const apbHz = pll ? PLL_APB_HZ : cpuHz;
    clocks.setCpu(cpuHz, apbHz, scheduler.now);
    clocks.refTick.setFrequency(this.refTickHz(apbHz), scheduler.now);
    this.onClocks(cpuHz, apbHz);
  }

  private refTickHz(apbHz: number): number {
    const { clocks, divisors } = this;
    switch (this.source) {
      case 'XTAL':
        return Math.floor(clocks.xtal.hz / divisors.xtalTick);
      case 'RC_FAST':
        return Math.floor(clocks.rcFast.hz / divisors.rcFastTick);
      case 'PLL':
        return Math.floor(apbHz / divisors.pllTick);
      case 'APLL':
        return Math.floor(apbHz / divisors.apllTick);
    }
  }
}
