/**
 * SENS register table: RTC control of SAR ADC, touch, temperature sensor, DAC and ULP (TRM chapter
 * "On-Chip Sensors and Analog Signal Processing"), from the SVD and ESP-IDF's `sens_reg.h`.
 */
import { field, register } from '../../emulator/bus/registers.ts';

// prettier-ignore
export const SENS_REGISTERS = [
  register('SAR_READ_CTRL', 0x000, 0x70902, [
    field('SAR1_CLK_DIV', 0, 8, 'R/W'), field('SAR1_SAMPLE_CYCLE', 8, 8, 'R/W'),
    field('SAR1_SAMPLE_BIT', 16, 2, 'R/W', 'stored'),
    field('SAR1_CLK_GATED', 18, 1, 'R/W', 'stored'),
    field('SAR1_SAMPLE_NUM', 19, 8, 'R/W', 'stored'), field('SAR1_DIG_FORCE', 27, 1, 'R/W'),
    field('SAR1_DATA_INV', 28, 1, 'R/W'),
  ]),
  register('SAR_READ_STATUS1', 0x004, 0x0, [field('SAR1_READER_STATUS', 0, 32, 'RO', 'stored')]),
  register('SAR_MEAS_WAIT1', 0x008, 0xa000a, [
    field('SAR_AMP_WAIT1', 0, 16, 'R/W', 'stored'), field('SAR_AMP_WAIT2', 16, 16, 'R/W', 'stored'),
  ]),
  register('SAR_MEAS_WAIT2', 0x00c, 0x20000a, [
    field('SAR_AMP_WAIT3', 0, 16, 'R/W', 'stored'),
    field('FORCE_XPD_AMP', 16, 2, 'R/W', 'stored'), field('FORCE_XPD_SAR', 18, 2, 'R/W', 'stored'),
    field('SAR2_RSTB_WAIT', 20, 8, 'R/W', 'stored'),
  ]),
  register('SAR_MEAS_CTRL', 0x010, 0x707338f, [
    field('XPD_SAR_AMP_FSM', 0, 4, 'R/W', 'stored'), field('AMP_RST_FB_FSM', 4, 4, 'R/W', 'stored'),
    field('AMP_SHORT_REF_FSM', 8, 4, 'R/W', 'stored'),
    field('AMP_SHORT_REF_GND_FSM', 12, 4, 'R/W', 'stored'),
    field('XPD_SAR_FSM', 16, 4, 'R/W', 'stored'), field('SAR_RSTB_FSM', 20, 4, 'R/W', 'stored'),
    field('SAR2_XPD_WAIT', 24, 8, 'R/W', 'stored'),
  ]),
  register('SAR_READ_STATUS2', 0x014, 0x0, [field('SAR2_READER_STATUS', 0, 32, 'RO', 'stored')]),
  register('ULP_CP_SLEEP_CYC0', 0x018, 0xc8, [field('SLEEP_CYCLES_S0', 0, 32, 'R/W', 'stored')]),
  register('ULP_CP_SLEEP_CYC1', 0x01c, 0x64, [field('SLEEP_CYCLES_S1', 0, 32, 'R/W', 'stored')]),
  register('ULP_CP_SLEEP_CYC2', 0x020, 0x32, [field('SLEEP_CYCLES_S2', 0, 32, 'R/W', 'stored')]),
  register('ULP_CP_SLEEP_CYC3', 0x024, 0x28, [field('SLEEP_CYCLES_S3', 0, 32, 'R/W', 'stored')]),
  register('ULP_CP_SLEEP_CYC4', 0x028, 0x14, [field('SLEEP_CYCLES_S4', 0, 32, 'R/W', 'stored')]),
  register('SAR_START_FORCE', 0x02c, 0xf, [
    field('SAR1_BIT_WIDTH', 0, 2, 'R/W'), field('SAR2_BIT_WIDTH', 2, 2, 'R/W'),
    field('SAR2_EN_TEST', 4, 1, 'R/W', 'stored'), field('SAR2_PWDET_CCT', 5, 3, 'R/W', 'stored'),
    field('ULP_CP_FORCE_START_TOP', 8, 1, 'R/W', 'unmodelled'),
    field('ULP_CP_START_TOP', 9, 1, 'R/W', 'unmodelled'),
    field('SARCLK_EN', 10, 1, 'R/W', 'stored'), field('PC_INIT', 11, 11, 'R/W', 'stored'),
    field('SAR2_STOP', 22, 1, 'R/W', 'stored'), field('SAR1_STOP', 23, 1, 'R/W', 'stored'),
    field('SAR2_PWDET_EN', 24, 1, 'R/W', 'stored'),
  ]),
  register('SAR_MEM_WR_CTRL', 0x030, 0x100200, [
    field('MEM_WR_ADDR_INIT', 0, 11, 'R/W', 'stored'),
    field('MEM_WR_ADDR_SIZE', 11, 11, 'R/W', 'stored'),
    field('RTC_MEM_WR_OFFST_CLR', 22, 1, 'WO', 'stored'),
  ]),
  register('SAR_ATTEN1', 0x034, 0xffffffff, [field('SAR1_ATTEN', 0, 32, 'R/W')]),
  register('SAR_ATTEN2', 0x038, 0xffffffff, [field('SAR2_ATTEN', 0, 32, 'R/W')]),
  register('SAR_SLAVE_ADDR1', 0x03c, 0x0, [
    field('I2C_SLAVE_ADDR1', 0, 11, 'R/W', 'stored'),
    field('I2C_SLAVE_ADDR0', 11, 11, 'R/W', 'stored'), field('MEAS_STATUS', 22, 8, 'RO', 'stored'),
  ]),
  register('SAR_SLAVE_ADDR2', 0x040, 0x0, [
    field('I2C_SLAVE_ADDR3', 0, 11, 'R/W', 'stored'),
    field('I2C_SLAVE_ADDR2', 11, 11, 'R/W', 'stored'),
  ]),
  register('SAR_SLAVE_ADDR3', 0x044, 0x0, [
    field('I2C_SLAVE_ADDR5', 0, 11, 'R/W', 'stored'),
    field('I2C_SLAVE_ADDR4', 11, 11, 'R/W', 'stored'), field('TSENS_OUT', 22, 8, 'RO'),
    field('TSENS_RDY_OUT', 30, 1, 'RO'),
  ]),
  register('SAR_SLAVE_ADDR4', 0x048, 0x0, [
    field('I2C_SLAVE_ADDR7', 0, 11, 'R/W', 'stored'),
    field('I2C_SLAVE_ADDR6', 11, 11, 'R/W', 'stored'), field('I2C_RDATA', 22, 8, 'RO', 'stored'),
    field('I2C_DONE', 30, 1, 'RO', 'stored'),
  ]),
  register('SAR_TSENS_CTRL', 0x04c, 0x66002, [
    field('TSENS_XPD_WAIT', 0, 12, 'R/W', 'stored'),
    field('TSENS_XPD_FORCE', 12, 1, 'R/W', 'stored'),
    field('TSENS_CLK_INV', 13, 1, 'R/W', 'stored'),
    field('TSENS_CLK_GATED', 14, 1, 'R/W', 'stored'), field('TSENS_IN_INV', 15, 1, 'R/W', 'stored'),
    field('TSENS_CLK_DIV', 16, 8, 'R/W', 'stored'), field('TSENS_POWER_UP', 24, 1, 'R/W'),
    field('TSENS_POWER_UP_FORCE', 25, 1, 'R/W', 'stored'), field('TSENS_DUMP_OUT', 26, 1, 'R/W'),
  ]),
  register('SAR_I2C_CTRL', 0x050, 0x0, [
    field('SAR_I2C_CTRL', 0, 28, 'R/W', 'stored'),
    field('SAR_I2C_START', 28, 1, 'R/W', 'unmodelled'),
    field('SAR_I2C_START_FORCE', 29, 1, 'R/W', 'stored'),
  ]),
  register('SAR_MEAS_START1', 0x054, 0x0, [
    field('MEAS1_DATA_SAR', 0, 16, 'RO'), field('MEAS1_DONE_SAR', 16, 1, 'RO'),
    field('MEAS1_START_SAR', 17, 1, 'R/W'), field('MEAS1_START_FORCE', 18, 1, 'R/W'),
    field('SAR1_EN_PAD', 19, 12, 'R/W'), field('SAR1_EN_PAD_FORCE', 31, 1, 'R/W'),
  ]),
  register('SAR_TOUCH_CTRL1', 0x058, 0x2041000, [
    field('TOUCH_MEAS_DELAY', 0, 16, 'R/W', 'stored'),
    field('TOUCH_XPD_WAIT', 16, 8, 'R/W', 'stored'), field('TOUCH_OUT_SEL', 24, 1, 'R/W', 'stored'),
    field('TOUCH_OUT_1EN', 25, 1, 'R/W', 'stored'), field('XPD_HALL_FORCE', 26, 1, 'R/W', 'stored'),
    field('HALL_PHASE_FORCE', 27, 1, 'R/W', 'stored'),
  ]),
  register('SAR_TOUCH_THRES1', 0x05c, 0x0, [
    field('TOUCH_OUT_TH1', 0, 16, 'R/W', 'stored'), field('TOUCH_OUT_TH0', 16, 16, 'R/W', 'stored'),
  ]),
  register('SAR_TOUCH_THRES2', 0x060, 0x0, [
    field('TOUCH_OUT_TH3', 0, 16, 'R/W', 'stored'), field('TOUCH_OUT_TH2', 16, 16, 'R/W', 'stored'),
  ]),
  register('SAR_TOUCH_THRES3', 0x064, 0x0, [
    field('TOUCH_OUT_TH5', 0, 16, 'R/W', 'stored'), field('TOUCH_OUT_TH4', 16, 16, 'R/W', 'stored'),
  ]),
  register('SAR_TOUCH_THRES4', 0x068, 0x0, [
    field('TOUCH_OUT_TH7', 0, 16, 'R/W', 'stored'), field('TOUCH_OUT_TH6', 16, 16, 'R/W', 'stored'),
  ]),
  register('SAR_TOUCH_THRES5', 0x06c, 0x0, [
    field('TOUCH_OUT_TH9', 0, 16, 'R/W', 'stored'), field('TOUCH_OUT_TH8', 16, 16, 'R/W', 'stored'),
  ]),
  register('SAR_TOUCH_OUT1', 0x070, 0x0, [
    field('TOUCH_MEAS_OUT1', 0, 16, 'RO', 'stored'),
    field('TOUCH_MEAS_OUT0', 16, 16, 'RO', 'stored'),
  ]),
  register('SAR_TOUCH_OUT2', 0x074, 0x0, [
    field('TOUCH_MEAS_OUT3', 0, 16, 'RO', 'stored'),
    field('TOUCH_MEAS_OUT2', 16, 16, 'RO', 'stored'),
  ]),
  register('SAR_TOUCH_OUT3', 0x078, 0x0, [
    field('TOUCH_MEAS_OUT5', 0, 16, 'RO', 'stored'),
    field('TOUCH_MEAS_OUT4', 16, 16, 'RO', 'stored'),
  ]),
  register('SAR_TOUCH_OUT4', 0x07c, 0x0, [
    field('TOUCH_MEAS_OUT7', 0, 16, 'RO', 'stored'),
    field('TOUCH_MEAS_OUT6', 16, 16, 'RO', 'stored'),
  ]),
  register('SAR_TOUCH_OUT5', 0x080, 0x0, [
    field('TOUCH_MEAS_OUT9', 0, 16, 'RO', 'stored'),
    field('TOUCH_MEAS_OUT8', 16, 16, 'RO', 'stored'),
  ]),
  register('SAR_TOUCH_CTRL2', 0x084, 0x400800, [
    field('TOUCH_MEAS_EN', 0, 10, 'RO', 'stored'), field('TOUCH_MEAS_DONE', 10, 1, 'RO'),
    field('TOUCH_START_FSM_EN', 11, 1, 'R/W', 'stored'),
    field('TOUCH_START_EN', 12, 1, 'R/W', 'unmodelled'),
    field('TOUCH_START_FORCE', 13, 1, 'R/W', 'stored'),
    field('TOUCH_SLEEP_CYCLES', 14, 16, 'R/W', 'stored'),
    field('TOUCH_MEAS_EN_CLR', 30, 1, 'WO', 'stored'),
  ]),
  register('SAR_TOUCH_ENABLE', 0x08c, 0x3fffffff, [
    field('TOUCH_PAD_WORKEN', 0, 10, 'R/W', 'stored'),
    field('TOUCH_PAD_OUTEN2', 10, 10, 'R/W', 'stored'),
    field('TOUCH_PAD_OUTEN1', 20, 10, 'R/W', 'stored'),
  ]),
  register('SAR_READ_CTRL2', 0x090, 0x70902, [
    field('SAR2_CLK_DIV', 0, 8, 'R/W'), field('SAR2_SAMPLE_CYCLE', 8, 8, 'R/W'),
    field('SAR2_SAMPLE_BIT', 16, 2, 'R/W', 'stored'),
    field('SAR2_CLK_GATED', 18, 1, 'R/W', 'stored'),
    field('SAR2_SAMPLE_NUM', 19, 8, 'R/W', 'stored'),
    field('SAR2_PWDET_FORCE', 27, 1, 'R/W', 'stored'), field('SAR2_DIG_FORCE', 28, 1, 'R/W'),
    field('SAR2_DATA_INV', 29, 1, 'R/W'),
  ]),
  register('SAR_MEAS_START2', 0x094, 0x0, [
    field('MEAS2_DATA_SAR', 0, 16, 'RO'), field('MEAS2_DONE_SAR', 16, 1, 'RO'),
    field('MEAS2_START_SAR', 17, 1, 'R/W'), field('MEAS2_START_FORCE', 18, 1, 'R/W'),
    field('SAR2_EN_PAD', 19, 12, 'R/W'), field('SAR2_EN_PAD_FORCE', 31, 1, 'R/W'),
  ]),
  register('SAR_DAC_CTRL1', 0x098, 0x0, [
    field('SW_FSTEP', 0, 16, 'R/W', 'stored'), field('SW_TONE_EN', 16, 1, 'R/W', 'unmodelled'),
    field('DEBUG_BIT_SEL', 17, 5, 'R/W', 'stored'),
    field('DAC_DIG_FORCE', 22, 1, 'R/W', 'unmodelled'),
    field('DAC_CLK_FORCE_LOW', 23, 1, 'R/W', 'stored'),
    field('DAC_CLK_FORCE_HIGH', 24, 1, 'R/W', 'stored'),
    field('DAC_CLK_INV', 25, 1, 'R/W', 'stored'),
  ]),
  register('SAR_DAC_CTRL2', 0x09c, 0x3000000, [
    field('DAC_DC1', 0, 8, 'R/W', 'stored'), field('DAC_DC2', 8, 8, 'R/W', 'stored'),
    field('DAC_SCALE1', 16, 2, 'R/W', 'stored'), field('DAC_SCALE2', 18, 2, 'R/W', 'stored'),
    field('DAC_INV1', 20, 2, 'R/W', 'stored'), field('DAC_INV2', 22, 2, 'R/W', 'stored'),
    field('DAC_CW_EN1', 24, 1, 'R/W', 'stored'), field('DAC_CW_EN2', 25, 1, 'R/W', 'stored'),
  ]),
  register('SAR_MEAS_CTRL2', 0x0a0, 0x3, [
    field('SAR1_DAC_XPD_FSM', 0, 4, 'R/W', 'stored'),
    field('SAR1_DAC_XPD_FSM_IDLE', 4, 1, 'R/W', 'stored'),
    field('XPD_SAR_AMP_FSM_IDLE', 5, 1, 'R/W', 'stored'),
    field('AMP_RST_FB_FSM_IDLE', 6, 1, 'R/W', 'stored'),
    field('AMP_SHORT_REF_FSM_IDLE', 7, 1, 'R/W', 'stored'),
    field('AMP_SHORT_REF_GND_FSM_IDLE', 8, 1, 'R/W', 'stored'),
    field('XPD_SAR_FSM_IDLE', 9, 1, 'R/W', 'stored'),
    field('SAR_RSTB_FSM_IDLE', 10, 1, 'R/W', 'stored'),
    field('SAR2_RSTB_FORCE', 11, 2, 'R/W', 'stored'),
    field('AMP_RST_FB_FORCE', 13, 2, 'R/W', 'stored'),
    field('AMP_SHORT_REF_FORCE', 15, 2, 'R/W', 'stored'),
    field('AMP_SHORT_REF_GND_FORCE', 17, 2, 'R/W', 'stored'),
  ]),
  register('SAR_NOUSE', 0x0f8, 0x0, [field('SAR_NOUSE', 0, 32, 'R/W', 'stored')]),
  register('SARDATE', 0x0fc, 0x1605180, [field('SAR_DATE', 0, 28, 'R/W', 'stored')]),
] as const;
