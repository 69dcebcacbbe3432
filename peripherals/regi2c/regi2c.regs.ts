/**
 * The internal analog I2C master at 0x3FF4E000 (0x6000E000). No manual describes it: the host words
 * are as the mask ROM's `rom_chip_i2c_readReg` and `rom_chip_i2c_writeReg` drive them, one word per
 * host at 4 x host id; ANA_CONFIG is from ESP-IDF's `regi2c_defs.h`.
 */
import { field, register, registerArray } from '../../emulator/bus/registers.ts';

// prettier-ignore
export const REGI2C_REGISTERS = [
  ...registerArray((n) => `HOST${n}` as const, 16, 0x000, 4, 0x0, [
    field('SLAVE', 0, 8, 'R/W'), field('REGISTER', 8, 8, 'R/W'), field('DATA', 16, 8, 'R/W'),
    field('WRITE', 24, 1, 'R/W'), field('BUSY', 25, 1, 'RO'),
  ]),
  register('ANA_CONFIG', 0x044, 0x0, [field('ANA_CONFIG', 0, 32, 'R/W', 'stored')]),
  register('ANA_CONFIG2', 0x048, 0x0, [field('ANA_CONFIG2', 0, 32, 'R/W', 'stored')]),
] as const;

/** A status bit inside an analog slave that hardware sets: `mask` of `register` reads 1. */
export interface AnalogStatus {
  readonly name: string;
  readonly host: number;
  readonly slave: number;
  readonly register: number;
  readonly mask: number;
}

/** Calibration is always finished and the PLLs are always locked. */
// prettier-ignore
export const ANALOG_STATUS: readonly AnalogStatus[] = [
  // ROM rom_wait_rfpll_cal_end polls bit 7 of register 7 of slave 0x62.
  { name: 'RFPLL_OR_CAL_END', host: 1, slave: 0x62, register: 7, mask: 0x80 },
  { name: 'APLL_OR_CAL_END', host: 3, slave: 0x6d, register: 3, mask: 0x80 },
  { name: 'BBPLL_OR_LOCK', host: 4, slave: 0x66, register: 6, mask: 0x03 },
  { name: 'BBPLL_OR_CAL_END', host: 4, slave: 0x66, register: 7, mask: 0x40 },
];
