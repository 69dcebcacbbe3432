/** Every program with a result from silicon. */
import { COREMARK } from './coremark.ts';
import { KERNELS } from './kernels.ts';
import { LOOPS } from './loops.ts';
import type { Measured } from './loops.ts';
import { SYSTEM } from './system.ts';

export const ROWS: readonly Measured[] = [...LOOPS, ...KERNELS, ...SYSTEM, ...COREMARK];
