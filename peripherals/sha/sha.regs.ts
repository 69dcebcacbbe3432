/**
 * SHA accelerator register table (TRM chapter "SHA Accelerator").
 */
import { field, register, registerArray } from '../../emulator/bus/registers.ts';

// prettier-ignore
export const SHA_REGISTERS = [
  ...registerArray((n) => `TEXT${n}` as const, 32, 0x000, 4, 0x0, [field('TEXT', 0, 32, 'R/W')]),
  register('SHA1_START', 0x080, 0x0, [field('SHA1_START', 0, 1, 'WO')]),
  register('SHA1_CONTINUE', 0x084, 0x0, [field('SHA1_CONTINUE', 0, 1, 'WO')]),
  register('SHA1_LOAD', 0x088, 0x0, [field('SHA1_LOAD', 0, 1, 'WO')]),
  register('SHA1_BUSY', 0x08c, 0x0, [field('SHA1_BUSY', 0, 1, 'RO')]),
  register('SHA256_START', 0x090, 0x0, [field('SHA256_START', 0, 1, 'WO')]),
  register('SHA256_LOAD', 0x098, 0x0, [field('SHA256_LOAD', 0, 1, 'WO')]),
  register('SHA256_CONTINUE', 0x094, 0x0, [field('SHA256_CONTINUE', 0, 1, 'WO')]),
  register('SHA256_BUSY', 0x09c, 0x0, [field('SHA256_BUSY', 0, 1, 'RO')]),
  register('SHA384_START', 0x0a0, 0x0, [field('SHA384_START', 0, 1, 'WO')]),
  register('SHA384_CONTINUE', 0x0a4, 0x0, [field('SHA384_CONTINUE', 0, 1, 'WO')]),
  register('SHA384_LOAD', 0x0a8, 0x0, [field('SHA384_LOAD', 0, 1, 'WO')]),
  register('SHA384_BUSY', 0x0ac, 0x0, [field('SHA384_BUSY', 0, 1, 'RO')]),
  register('SHA512_START', 0x0b0, 0x0, [field('SHA512_START', 0, 1, 'WO')]),
  register('SHA512_CONTINUE', 0x0b4, 0x0, [field('SHA512_CONTINUE', 0, 1, 'WO')]),
  register('SHA512_LOAD', 0x0b8, 0x0, [field('SHA512_LOAD', 0, 1, 'WO')]),
  register('SHA512_BUSY', 0x0bc, 0x0, [field('SHA512_BUSY', 0, 1, 'RO')]),
] as const;
