/**
 * SYSCON, also called APB_CTRL (TRM chapter "Reset and Clock"): the dividers of CPU_CLK on the
 * crystal and of REF_TICK, and the digital controller of the SAR ADCs.
 *
 * Clock domain: APB_CLK. The block only holds the dividers: `onClocks` tells the clock tree.
 *
 * **Not modelled:** the SAR ADC's digital controller (SARADC_* is kept and read back), which the
 * early-entropy code switches on; the clock gates CLK_320M_EN, CLK_EN and RST_TICK_CNT.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { State } from '../../emulator/bus/state.ts';
import { SYSCON_REGISTERS } from './syscon.regs.ts';

/** Divisors, already one more than the register fields. */
export interface SysconClocks {
  /** CPU_CLK = XTAL_CLK / cpuDivisor while the crystal or RC_FAST is the source. */
  readonly cpuDivisor: number;
  /** REF_TICK = XTAL_CLK / xtalTick on the crystal. */
  readonly xtalTick: number;
  /** REF_TICK = APB_CLK / pllTick on the PLL. */
  readonly pllTick: number;
  /** REF_TICK = RC_FAST / rcFastTick. */
  readonly rcFastTick: number;
  /** REF_TICK = APB_CLK / apllTick on the audio PLL. */
  readonly apllTick: number;
}

export interface SysconOptions {
  readonly log: DeviceLog;
  /** 0..3, 0 when absent: bit 31 of DATE is set from revision 3 on (ESP-IDF `efuse_hal`). */
  readonly chipRevision?: number;
  /** Told after every change of a divisor, and after a reset. */
  readonly onClocks?: (clocks: SysconClocks) => void;
}

const REVISION_3 = 0x80000000;

export class Syscon implements Device {
  readonly name = 'SYSCON';
  private readonly bank: RegisterBank<typeof SYSCON_REGISTERS>;
  private readonly chipRevision: number;
  private readonly onClocks: (clocks: SysconClocks) => void;

  constructor(options: SysconOptions) {
    this.bank = new RegisterBank(this.name, SYSCON_REGISTERS, options.log);
    this.chipRevision = options.chipRevision ?? 0;
    this.onClocks = options.onClocks ?? (() => {});
    const tell = (): void => this.onClocks(this.clocks);
    this.bank.onWrite('SYSCLK_CONF', tell);
    this.bank.onWrite('XTAL_TICK_CONF', tell);
    this.bank.onWrite('PLL_TICK_CONF', tell);
    this.bank.onWrite('CK8M_TICK_CONF', tell);
    this.bank.onWrite('APLL_TICK_CONF', tell);
  }

  get clocks(): SysconClocks {
    const { bank } = this;
    return {
      cpuDivisor: bank.getField('SYSCLK_CONF', 'PRE_DIV_CNT') + 1,
      xtalTick: bank.getField('XTAL_TICK_CONF', 'XTAL_TICK_NUM') + 1,
      pllTick: bank.getField('PLL_TICK_CONF', 'PLL_TICK_NUM') + 1,
      rcFastTick: bank.getField('CK8M_TICK_CONF', 'CK8M_TICK_NUM') + 1,
      apllTick: bank.getField('APLL_TICK_CONF', 'APLL_TICK_NUM') + 1,
    };
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    if (this.chipRevision >= 3) this.bank.set('DATE', (this.bank.get('DATE') | REVISION_3) >>> 0);
    this.onClocks(this.clocks);
  }

  save(): State {
    return { bank: this.bank.save() };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
  }
}
