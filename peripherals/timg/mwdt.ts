/**
 * The main system watchdog of a timer group (MWDT, TRM chapter "Watchdog Timers"): registers and
 * actions of its stages. It runs on APB_CLK through its prescaler.
 */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import { BOTH_CORES, RESET_CAUSE } from '../../emulator/bus/reset.ts';
import type { RequestReset } from '../../emulator/bus/reset.ts';
import { StagedWatchdog } from '../../emulator/bus/staged-watchdog.ts';
import type { Clock, Cycles, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import type { TIMG_REGISTERS } from './timg.regs.ts';

export interface MwdtOptions {
  readonly index: 0 | 1;
  /** The device's. */
  readonly name: string;
  readonly bank: RegisterBank<typeof TIMG_REGISTERS>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The straps chose boot from flash, which the watchdog of TIMG0 guards. */
  readonly flashBoot: () => boolean;
  /** By level, by edge or both. */
  readonly interrupt: (level: boolean, edge: boolean) => void;
  readonly requestReset: RequestReset;
  /** Told when it is fed, and the ticks that were left. */
  readonly onFeed: (left: Ticks) => void;
}

/** Actions of a stage. */
const INTERRUPT = 1;
const RESET_CPU = 2;
const RESET_SYSTEM = 3;
const HOLD = ['WDTCONFIG2', 'WDTCONFIG3', 'WDTCONFIG4', 'WDTCONFIG5'] as const;
const ACTION = ['WDT_STG0', 'WDT_STG1', 'WDT_STG2', 'WDT_STG3'] as const;

export class Mwdt extends StagedWatchdog {
  private readonly options: MwdtOptions;

  constructor(options: MwdtOptions) {
    const { bank } = options;
    super(`${options.name}.wdt`, options.clock, options.scheduler);
    this.options = options;
    bank.protect(['WDTCONFIG0', 'WDTCONFIG1', ...HOLD, 'WDTFEED'], 'WDTWPROTECT');
    bank.onWrite('WDTCONFIG0', () => this.update());
    for (const register of ['WDTCONFIG1', ...HOLD] as const)
      bank.onWrite(register, () => this.reschedule());
    bank.onWrite('WDTFEED', () => {
      const left = this.ticksLeft;
      this.feed();
      options.onFeed(left);
    });
    this.update();
  }

  private get guardsFlashBoot(): boolean {
    const { index, bank, flashBoot } = this.options;
    const enabled = bank.getField('WDTCONFIG0', 'WDT_FLASHBOOT_MOD_EN') === 1;
    return enabled && index === 0 && flashBoot();
  }

  protected get enabled(): boolean {
    const enabled = this.options.bank.getField('WDTCONFIG0', 'WDT_EN') === 1;
    return enabled || this.guardsFlashBoot;
  }

  protected override update(): void {
    super.update();
    this.reschedule();
  }

  /** APB_CLK cycles of a stage: hold value times prescaler. */
  protected holdOf(stage: number): Cycles {
    const { bank } = this.options;
    const prescaler = bank.getField('WDTCONFIG1', 'WDT_CLK_PRESCALE');
    return Math.max(1, prescaler) * bank.get(HOLD[stage]!);
  }

  /** In flash boot mode stage 0 resets the system, whatever its action field says. */
  private actionOf(stage: number): number {
    if (stage === 0 && this.guardsFlashBoot) return RESET_SYSTEM;
    return this.options.bank.getField('WDTCONFIG0', ACTION[stage]!);
  }

  protected stageExpired(stage: number): void {
    const { index, name, bank, interrupt, requestReset } = this.options;
    const source = `${name}.MWDT`;
    switch (this.actionOf(stage)) {
      case INTERRUPT:
        return interrupt(
          bank.getField('WDTCONFIG0', 'WDT_LEVEL_INT_EN') === 1,
          bank.getField('WDTCONFIG0', 'WDT_EDGE_INT_EN') === 1,
        );
      case RESET_CPU:
        return requestReset({
          level: 'cpu',
          cores: [index],
          cause: RESET_CAUSE.TGWDT_CPU_RESET,
          source,
        });
      case RESET_SYSTEM:
        return requestReset({
          level: 'core',
          cores: BOTH_CORES,
          cause: index === 0 ? RESET_CAUSE.TG0WDT_SYS_RESET : RESET_CAUSE.TG1WDT_SYS_RESET,
          source,
        });
      default:
        return;
    }
  }
}
