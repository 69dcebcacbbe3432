/**
 * RSA accelerator register table (TRM chapter "RSA Accelerator"). The four memory blocks hold 4096
 * bits, 128 words, each and lie below these registers: M 0x000, Z and RB (one memory) 0x200, Y 0x400,
 * X 0x600.
 */
import { field, register } from '../../emulator/bus/registers.ts';

// prettier-ignore
export const RSA_REGISTERS = [
  register('M_PRIME', 0x800, 0x0, [field('M_PRIME', 0, 32, 'R/W')]),
  register('MODEXP_MODE', 0x804, 0x0, [field('MODEXP_MODE', 0, 3, 'R/W')]),
  register('MODEXP_START', 0x808, 0x0, [field('MODEXP_START', 0, 1, 'WO')]),
  register('MULT_MODE', 0x80c, 0x0, [field('MULT_MODE', 0, 4, 'R/W')]),
  register('MULT_START', 0x810, 0x0, [field('MULT_START', 0, 1, 'WO')]),
  register('INTERRUPT', 0x814, 0x0, [field('INTERRUPT', 0, 1, 'W1C')]),
  register('CLEAN', 0x818, 0x1, [field('CLEAN', 0, 1, 'RO')]),
] as const;
