/**
 * The RTC watchdog (RWDT, TRM chapter "Watchdog Timers"): registers and actions of its stages. It
 * runs on RTC_SLOW_CLK.
 */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import { BOTH_CORES, RESET_CAUSE } from '../../emulator/bus/reset.ts';
import type { RequestReset } from '../../emulator/bus/reset.ts';
import { StagedWatchdog } from '../../emulator/bus/staged-watchdog.ts';
import type { Clock, Cycles, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import type { RTC_CNTL_REGISTERS } from './rtc_cntl.regs.ts';

export interface RwdtOptions {
  /** The device's. */
  readonly name: string;
  readonly bank: RegisterBank<typeof RTC_CNTL_REGISTERS>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The straps chose boot from flash, which the watchdog guards. */
  readonly flashBoot: () => boolean;
  readonly interrupt: () => void;
  readonly requestReset: RequestReset;
  /** Told when it is fed, and the ticks that were left. */
  readonly onFeed: (left: Ticks) => void;
}

/** Actions of a stage. */
const INTERRUPT = 1;
const RESET_CPU = 2;
const RESET_CORE = 3;
const RESET_RTC = 4;
const FEED = 0x80000000;
const HOLD = ['WDTCONFIG1', 'WDTCONFIG2', 'WDTCONFIG3', 'WDTCONFIG4'] as const;
const ACTION = ['WDT_STG0', 'WDT_STG1', 'WDT_STG2', 'WDT_STG3'] as const;

export class Rwdt extends StagedWatchdog {
  private readonly options: RwdtOptions;

  constructor(options: RwdtOptions) {
    const { bank } = options;
    super(`${options.name}.wdt`, options.clock, options.scheduler);
    this.options = options;
    bank.protect(['WDTCONFIG0', ...HOLD, 'WDTFEED'], 'WDTWPROTECT');
    bank.onWrite('WDTCONFIG0', () => this.update());
    for (const register of HOLD) bank.onWrite(register, () => this.reschedule());
    bank.onWrite('WDTFEED', (written) => {
      if (written < FEED) return;
      const left = this.ticksLeft;
      this.feed();
      options.onFeed(left);
    });
    this.update();
  }

  private get guardsFlashBoot(): boolean {
    const { bank, flashBoot } = this.options;
    return bank.getField('WDTCONFIG0', 'WDT_FLASHBOOT_MOD_EN') === 1 && flashBoot();
  }

  protected get enabled(): boolean {
    const enabled = this.options.bank.getField('WDTCONFIG0', 'WDT_EN') === 1;
    return enabled || this.guardsFlashBoot;
  }

  protected holdOf(stage: number): Cycles {
    return this.options.bank.get(HOLD[stage]!);
  }

  /** In flash boot mode stage 0 resets the RTC, whatever its action field says. */
  private actionOf(stage: number): number {
    if (stage === 0 && this.guardsFlashBoot) return RESET_RTC;
    return this.options.bank.getField('WDTCONFIG0', ACTION[stage]!);
  }

  protected stageExpired(stage: number): void {
    const { name, interrupt, requestReset } = this.options;
    const source = `${name}.RWDT`;
    const cores = BOTH_CORES;
    switch (this.actionOf(stage)) {
      case INTERRUPT:
        return interrupt();
      case RESET_CPU:
        return requestReset({
          level: 'cpu',
          cores: cores.filter((core) => this.resetsCore(core)),
          cause: RESET_CAUSE.RTCWDT_CPU_RESET,
          source,
        });
      case RESET_CORE:
        return requestReset({ level: 'core', cores, cause: RESET_CAUSE.RTCWDT_SYS_RESET, source });
      case RESET_RTC:
        return requestReset({
          level: 'system',
          cores,
          cause: RESET_CAUSE.RTCWDT_RTC_RESET,
          source,
        });
      default:
        return;
    }
  }

  private resetsCore(core: 0 | 1): boolean {
    const name = core === 0 ? 'WDT_PROCPU_RESET_EN' : 'WDT_APPCPU_RESET_EN';
    return this.options.bank.getField('WDTCONFIG0', name) === 1;
  }
}
