/** The public interface of the package. */
export { Esp32 } from './esp32.ts';
export type { Esp32Options } from './esp32.ts';
export { parseElf } from './loader/elf.ts';
export type { Elf } from './loader/elf.ts';
export { InputError } from './loader/errors.ts';
export { parseRom } from './loader/rom.ts';
export type { Rom } from './loader/rom.ts';
export { MASTER_HZ } from './scheduler/clock.ts';
export type { Cycles, Ticks } from './scheduler/clock.ts';
export { semihosting } from './semihosting.ts';
export type { SemihostingHost } from './semihosting.ts';
