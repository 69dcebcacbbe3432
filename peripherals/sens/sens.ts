/**
 * SENS: the RTC controller of the analog blocks (TRM chapter "On-Chip Sensors and Analog Signal
 * Processing"). SAR ADC1 and ADC2 convert when MEASn_START_SAR rises under MEASn_START_FORCE; the
 * done bit and the data come when the conversion would be over.
 *
 * Clock domain: RTC_FAST_CLK. Unverified on silicon: a conversion takes SAMPLE_CYCLE + 12 + 2
 * cycles of RTC_FAST / SARn_CLK_DIV. The converter's bits are inverted; SARn_DATA_INV makes them
 * straight, as ESP-IDF's driver sets it. Full scale is 1100, 1467, 2200 and 3548 mV for ATTEN 0 to 3.
 *
 * **Not modelled:** ULP start and its I2C (in the run report), touch measurement (always done, all
 * counts 0), DAC waveforms, Hall sensor, noise, non-linearity, arbitration with WiFi for ADC2; the
 * temperature sensor shows one constant.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { SENS_REGISTERS } from './sens.regs.ts';

export interface SensOptions {
  readonly clocks: { readonly rtcFast: Clock };
  readonly scheduler: Scheduler;
  readonly log: DeviceLog;
  /** Millivolts at a channel of ADC1 or ADC2, a whole number; 0 when absent. */
  readonly millivolts?: (adc: 1 | 2, channel: number) => number;
}

const FULL_SCALE_MILLIVOLTS = [1100, 1467, 2200, 3548];
const ADC_BITS = 12;
const TRANSFER_CYCLES = 2;
const TEMPERATURE_RAW = 128;
const TOUCH_DONE = 1 << 10;
const TSENS_READY = 1 << 30;

export class Sens implements Device {
  readonly name = 'SENS';
  private readonly bank: RegisterBank<typeof SENS_REGISTERS>;
  private readonly rtcFast: Clock;
  private readonly scheduler: Scheduler;
  private readonly millivolts: (adc: 1 | 2, channel: number) => number;
  /** End of the conversion under way or last done, per ADC; -1 before the first. */
  private readonly doneTick: [Ticks, Ticks] = [-1, -1];
  private readonly result: [number, number] = [0, 0];

  constructor(options: SensOptions) {
    this.rtcFast = options.clocks.rtcFast;
    this.scheduler = options.scheduler;
    this.millivolts = options.millivolts ?? (() => 0);
    this.bank = new RegisterBank(this.name, SENS_REGISTERS, options.log);
    const { bank } = this;
    bank.onWrite('SAR_MEAS_START1', (_written, before) => {
      const rising = (bank.get('SAR_MEAS_START1') & ~before & (1 << 17)) !== 0;
      if (rising && bank.getField('SAR_MEAS_START1', 'MEAS1_START_FORCE') === 1) this.convert(1);
    });
    bank.onWrite('SAR_MEAS_START2', (_written, before) => {
      const rising = (bank.get('SAR_MEAS_START2') & ~before & (1 << 17)) !== 0;
      if (rising && bank.getField('SAR_MEAS_START2', 'MEAS2_START_FORCE') === 1) this.convert(2);
    });
    bank.onRead('SAR_MEAS_START1', (stored) => stored | this.outcome(0));
    bank.onRead('SAR_MEAS_START2', (stored) => stored | this.outcome(1));
    bank.onRead('SAR_SLAVE_ADDR3', (stored) => stored | this.temperature());
    bank.onRead('SAR_TOUCH_CTRL2', (stored) => stored | TOUCH_DONE);
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  /** SENS is in the RTC domain: a core reset leaves it alone. */
  reset(domain: ResetDomain): void {
    if (domain === 'core') return;
    this.bank.reset();
    this.doneTick.fill(-1);
    this.result.fill(0);
  }

  save(): State {
    return { bank: this.bank.save(), doneTick: [...this.doneTick], result: [...this.result] };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    for (const i of [0, 1]) {
      this.doneTick[i] = (state['doneTick'] as number[])[i]!;
      this.result[i] = (state['result'] as number[])[i]!;
    }
  }

  private convert(adc: 1 | 2): void {
    const { bank } = this;
    const first = adc === 1;
    const pads = first
      ? bank.getField('SAR_MEAS_START1', 'SAR1_EN_PAD')
      : bank.getField('SAR_MEAS_START2', 'SAR2_EN_PAD');
    const channel = pads === 0 ? 0 : 31 - Math.clz32(pads & -pads);
    const attenuations = first ? bank.get('SAR_ATTEN1') : bank.get('SAR_ATTEN2');
    const fullScale = FULL_SCALE_MILLIVOLTS[(attenuations >>> (2 * channel)) & 3]!;
    const level = Math.max(pads === 0 ? 0 : Math.trunc(this.millivolts(adc, channel)), 0);
    const straight = Math.min(Math.floor((level * 4095) / fullScale), 4095);
    const invert = first
      ? bank.getField('SAR_READ_CTRL', 'SAR1_DATA_INV')
      : bank.getField('SAR_READ_CTRL2', 'SAR2_DATA_INV');
    const width = first
      ? bank.getField('SAR_START_FORCE', 'SAR1_BIT_WIDTH')
      : bank.getField('SAR_START_FORCE', 'SAR2_BIT_WIDTH');
    // BIT_WIDTH 0 to 3 is 9 to 12 bits.
    this.result[adc - 1] = (invert === 1 ? straight : 4095 - straight) >> (3 - width);
    const divider = first
      ? bank.getField('SAR_READ_CTRL', 'SAR1_CLK_DIV')
      : bank.getField('SAR_READ_CTRL2', 'SAR2_CLK_DIV');
    const sample = first
      ? bank.getField('SAR_READ_CTRL', 'SAR1_SAMPLE_CYCLE')
      : bank.getField('SAR_READ_CTRL2', 'SAR2_SAMPLE_CYCLE');
    const cycles = (sample + ADC_BITS + TRANSFER_CYCLES) * Math.max(divider, 1);
    this.doneTick[adc - 1] = this.rtcFast.after(this.scheduler.now, cycles);
  }

  /** Data in bits 0-15 and the done bit 16 of MEAS_STARTn. */
  private outcome(index: 0 | 1): number {
    const done = this.doneTick[index];
    if (done < 0 || this.scheduler.now < done) return 0;
    return this.result[index] | (1 << 16);
  }

  private temperature(): number {
    if (this.bank.getField('SAR_TSENS_CTRL', 'TSENS_POWER_UP') === 0) return 0;
    return TSENS_READY | (TEMPERATURE_RAW << 22);
  }
}
