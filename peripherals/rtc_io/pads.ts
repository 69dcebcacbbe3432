/**
 * Which register and field prefix of RTC_IO belongs to which pad (TRM, RTC_MUX pin summary), in the
 * order of RTC_GPIO0-17; and the bits of DIG_PAD_HOLD (ESP-IDF `GPIO_HOLD_MASK`).
 */
export interface RtcPad {
  readonly gpio: number;
  readonly register: string;
  /** In front of MUX_SEL, FUN_IE, RUE, RDE and HOLD. */
  readonly prefix: string;
}

// prettier-ignore
export const RTC_PADS: readonly RtcPad[] = [
  { gpio: 36, register: 'SENSOR_PADS', prefix: 'SENSE1_' },
  { gpio: 37, register: 'SENSOR_PADS', prefix: 'SENSE2_' },
  { gpio: 38, register: 'SENSOR_PADS', prefix: 'SENSE3_' },
  { gpio: 39, register: 'SENSOR_PADS', prefix: 'SENSE4_' },
  { gpio: 34, register: 'ADC_PAD', prefix: 'ADC1_' },
  { gpio: 35, register: 'ADC_PAD', prefix: 'ADC2_' },
  { gpio: 25, register: 'PAD_DAC1', prefix: 'PDAC1_' },
  { gpio: 26, register: 'PAD_DAC2', prefix: 'PDAC2_' },
  { gpio: 33, register: 'XTAL_32K_PAD', prefix: 'X32N_' },
  { gpio: 32, register: 'XTAL_32K_PAD', prefix: 'X32P_' },
  { gpio: 4, register: 'TOUCH_PAD0', prefix: '' },
  { gpio: 0, register: 'TOUCH_PAD1', prefix: '' },
  { gpio: 2, register: 'TOUCH_PAD2', prefix: '' },
  { gpio: 15, register: 'TOUCH_PAD3', prefix: '' },
  { gpio: 13, register: 'TOUCH_PAD4', prefix: '' },
  { gpio: 12, register: 'TOUCH_PAD5', prefix: '' },
  { gpio: 14, register: 'TOUCH_PAD6', prefix: '' },
  { gpio: 27, register: 'TOUCH_PAD7', prefix: '' },
];

/** Pad held by each bit of DIG_PAD_HOLD; bit 13 is GPIO20. */
// prettier-ignore
export const DIG_PAD_HOLD_GPIOS: readonly number[] = [
  3, 1, 6, 7, 8, 9, 10, 11, 5, 16, 17, 18, 19, 20, 21, 22, 23,
];
