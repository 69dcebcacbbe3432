/**
 * AES accelerator register table (TRM chapter "AES Accelerator"). The SVD gives KEY and TEXT 8 bits
 * and ENDIAN 2; ESP-IDF writes whole words and the TRM describes six ENDIAN bits,
 * all set at reset: ESP-IDF never writes ENDIAN and keeps bytes in memory order.
 */
import { field, register, registerArray } from '../../emulator/bus/registers.ts';

// prettier-ignore
export const AES_REGISTERS = [
  register('START', 0x000, 0x0, [field('START', 0, 1, 'WO')]),
  register('IDLE', 0x004, 0x1, [field('IDLE', 0, 1, 'RO')]),
  register('MODE', 0x008, 0x0, [field('MODE', 0, 3, 'R/W')]),
  ...registerArray((n) => `KEY${n}` as const, 8, 0x010, 4, 0x0, [field('KEY', 0, 32, 'R/W')]),
  ...registerArray((n) => `TEXT${n}` as const, 4, 0x030, 4, 0x0, [field('TEXT', 0, 32, 'R/W')]),
  register('ENDIAN', 0x040, 0x3f, [field('ENDIAN', 0, 6, 'R/W')]),
] as const;
