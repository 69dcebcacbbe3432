/**
 * SYSCON (APB_CTRL) register table, from the SVD and ESP-IDF's `syscon_reg.h`.
 */
import { field, register, registerArray } from '../../emulator/bus/registers.ts';

// prettier-ignore
export const SYSCON_REGISTERS = [
  register('SYSCLK_CONF', 0x000, 0x2000, [
    field('PRE_DIV_CNT', 0, 10, 'R/W'), field('CLK_320M_EN', 10, 1, 'R/W', 'stored'),
    field('CLK_EN', 11, 1, 'R/W', 'stored'), field('RST_TICK_CNT', 12, 1, 'R/W', 'stored'),
    field('QUICK_CLK_CHNG', 13, 1, 'R/W', 'stored'),
  ]),
  register('XTAL_TICK_CONF', 0x004, 0x27, [field('XTAL_TICK_NUM', 0, 8, 'R/W')]),
  register('PLL_TICK_CONF', 0x008, 0x4f, [field('PLL_TICK_NUM', 0, 8, 'R/W')]),
  register('CK8M_TICK_CONF', 0x00c, 0xb, [field('CK8M_TICK_NUM', 0, 8, 'R/W')]),
  register('APB_SARADC_CTRL', 0x010, 0x7f8240, [
    field('SARADC_START_FORCE', 0, 1, 'R/W', 'stored'),
    field('SARADC_START', 1, 1, 'R/W', 'stored'), field('SARADC_SAR2_MUX', 2, 1, 'R/W', 'stored'),
    field('SARADC_WORK_MODE', 3, 2, 'R/W', 'stored'),
    field('SARADC_SAR_SEL', 5, 1, 'R/W', 'stored'),
    field('SARADC_SAR_CLK_GATED', 6, 1, 'R/W', 'stored'),
    field('SARADC_SAR_CLK_DIV', 7, 8, 'R/W', 'stored'),
    field('SARADC_SAR1_PATT_LEN', 15, 4, 'R/W', 'stored'),
    field('SARADC_SAR2_PATT_LEN', 19, 4, 'R/W', 'stored'),
    field('SARADC_SAR1_PATT_P_CLEAR', 23, 1, 'R/W', 'stored'),
    field('SARADC_SAR2_PATT_P_CLEAR', 24, 1, 'R/W', 'stored'),
    field('SARADC_DATA_SAR_SEL', 25, 1, 'R/W', 'stored'),
    field('SARADC_DATA_TO_I2S', 26, 1, 'R/W', 'stored'),
  ]),
  register('APB_SARADC_CTRL2', 0x014, 0x1fe, [
    field('SARADC_MEAS_NUM_LIMIT', 0, 1, 'R/W', 'stored'),
    field('SARADC_MAX_MEAS_NUM', 1, 8, 'R/W', 'stored'),
    field('SARADC_SAR1_INV', 9, 1, 'R/W', 'stored'),
    field('SARADC_SAR2_INV', 10, 1, 'R/W', 'stored'),
  ]),
  register('APB_SARADC_FSM', 0x018, 0x208ff08, [
    field('SARADC_RSTB_WAIT', 0, 8, 'R/W', 'stored'),
    field('SARADC_STANDBY_WAIT', 8, 8, 'R/W', 'stored'),
    field('SARADC_START_WAIT', 16, 8, 'R/W', 'stored'),
    field('SARADC_SAMPLE_CYCLE', 24, 8, 'R/W', 'stored'),
  ]),
  ...registerArray((n) => `APB_SARADC_SAR1_PATT_TAB${n + 1}` as const, 4, 0x01c, 4, 0xf0f0f0f, [field('SARADC_SAR1_PATT_TAB1', 0, 32, 'R/W', 'stored')]),
  ...registerArray((n) => `APB_SARADC_SAR2_PATT_TAB${n + 1}` as const, 4, 0x02c, 4, 0xf0f0f0f, [field('SARADC_SAR2_PATT_TAB1', 0, 32, 'R/W', 'stored')]),
  register('APLL_TICK_CONF', 0x03c, 0x63, [field('APLL_TICK_NUM', 0, 8, 'R/W')]),
  register('DATE', 0x07c, 0x16042000, [field('DATE', 0, 32, 'R/W', 'stored')]),
] as const;
