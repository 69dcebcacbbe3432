/**
 * GPIO register table: output, enable, input, interrupt status, pin configuration and the GPIO matrix
 * (TRM chapter "IO_MUX and GPIO Matrix"), from the SVD and ESP-IDF's `gpio_reg.h`.
 */
import { field, register, registerArray } from '../../emulator/bus/registers.ts';

// prettier-ignore
export const GPIO_REGISTERS = [
  register('BT_SELECT', 0x000, 0x0, [field('BT_SEL', 0, 32, 'R/W', 'stored')]),
  register('OUT', 0x004, 0x0, [field('DATA', 0, 32, 'R/W')]),
  register('OUT_W1TS', 0x008, 0x0, [field('OUT_DATA_W1TS', 0, 32, 'WO')]),
  register('OUT_W1TC', 0x00c, 0x0, [field('OUT_DATA_W1TC', 0, 32, 'WO')]),
  register('OUT1', 0x010, 0x0, [field('DATA', 0, 8, 'R/W')]),
  register('OUT1_W1TS', 0x014, 0x0, [field('OUT1_DATA_W1TS', 0, 8, 'WO')]),
  register('OUT1_W1TC', 0x018, 0x0, [field('OUT1_DATA_W1TC', 0, 8, 'WO')]),
  register('SDIO_SELECT', 0x01c, 0x0, [field('SDIO_SEL', 0, 8, 'R/W', 'stored')]),
  register('ENABLE', 0x020, 0x0, [field('DATA', 0, 32, 'R/W')]),
  register('ENABLE_W1TS', 0x024, 0x0, [field('ENABLE_DATA_W1TS', 0, 32, 'WO')]),
  register('ENABLE_W1TC', 0x028, 0x0, [field('ENABLE_DATA_W1TC', 0, 32, 'WO')]),
  register('ENABLE1', 0x02c, 0x0, [field('DATA', 0, 8, 'R/W')]),
  register('ENABLE1_W1TS', 0x030, 0x0, [field('ENABLE1_DATA_W1TS', 0, 8, 'WO')]),
  register('ENABLE1_W1TC', 0x034, 0x0, [field('ENABLE1_DATA_W1TC', 0, 8, 'WO')]),
  register('STRAP', 0x038, 0x0, [field('STRAPPING', 0, 16, 'RO')]),
  register('IN', 0x03c, 0x0, [field('DATA_NEXT', 0, 32, 'RO')]),
  register('IN1', 0x040, 0x0, [field('DATA_NEXT', 0, 8, 'RO')]),
  register('STATUS', 0x044, 0x0, [field('INT', 0, 32, 'R/W')]),
  register('STATUS_W1TS', 0x048, 0x0, [field('STATUS_INT_W1TS', 0, 32, 'WO')]),
  register('STATUS_W1TC', 0x04c, 0x0, [field('STATUS_INT_W1TC', 0, 32, 'WO')]),
  register('STATUS1', 0x050, 0x0, [field('INT', 0, 8, 'R/W')]),
  register('STATUS1_W1TS', 0x054, 0x0, [field('STATUS1_INT_W1TS', 0, 8, 'WO')]),
  register('STATUS1_W1TC', 0x058, 0x0, [field('STATUS1_INT_W1TC', 0, 8, 'WO')]),
  register('ACPU_INT', 0x060, 0x0, [field('APPCPU_INT', 0, 32, 'RO')]),
  register('ACPU_NMI_INT', 0x064, 0x0, [field('APPCPU_NMI_INT', 0, 32, 'RO')]),
  register('PCPU_INT', 0x068, 0x0, [field('PROCPU_INT', 0, 32, 'RO')]),
  register('PCPU_NMI_INT', 0x06c, 0x0, [field('PROCPU_NMI_INT', 0, 32, 'RO')]),
  register('CPUSDIO_INT', 0x070, 0x0, [field('SDIO_INT', 0, 32, 'RO')]),
  register('ACPU_INT1', 0x074, 0x0, [field('APPCPU_INT_H', 0, 8, 'RO')]),
  register('ACPU_NMI_INT1', 0x078, 0x0, [field('APPCPU_NMI_INT_H', 0, 8, 'RO')]),
  register('PCPU_INT1', 0x07c, 0x0, [field('PROCPU_INT_H', 0, 8, 'RO')]),
  register('PCPU_NMI_INT1', 0x080, 0x0, [field('PROCPU_NMI_INT_H', 0, 8, 'RO')]),
  register('CPUSDIO_INT1', 0x084, 0x0, [field('SDIO_INT_H', 0, 8, 'RO')]),
  ...registerArray((n) => `PIN${n}` as const, 40, 0x088, 4, 0x0, [
    field('PAD_DRIVER', 2, 1, 'R/W'), field('INT_TYPE', 7, 3, 'R/W'),
    field('WAKEUP_ENABLE', 10, 1, 'R/W', 'stored'), field('CONFIG', 11, 2, 'R/W', 'stored'),
    field('INT_ENA', 13, 5, 'R/W'),
  ]),
  register('CALI_CONF', 0x128, 0x0, [
    field('CALI_RTC_MAX', 0, 10, 'R/W', 'stored'), field('CALI_START', 31, 1, 'R/W', 'stored'),
  ]),
  register('CALI_DATA', 0x12c, 0x0, [
    field('CALI_VALUE_SYNC2', 0, 20, 'RO', 'stored'), field('CALI_RDY_REAL', 30, 1, 'RO', 'stored'),
    field('CALI_RDY_SYNC2', 31, 1, 'RO', 'stored'),
  ]),
  ...registerArray((n) => `FUNC${n}_IN_SEL_CFG` as const, 256, 0x130, 4, 0x0, [
    field('IN_SEL', 0, 6, 'R/W'), field('IN_INV_SEL', 6, 1, 'R/W'), field('SEL', 7, 1, 'R/W'),
  ]),
  ...registerArray((n) => `FUNC${n}_OUT_SEL_CFG` as const, 40, 0x530, 4, 0x100, [
    field('OUT_SEL', 0, 9, 'R/W'), field('INV_SEL', 9, 1, 'R/W'), field('OEN_SEL', 10, 1, 'R/W'),
    field('OEN_INV_SEL', 11, 1, 'R/W'),
  ]),
] as const;
