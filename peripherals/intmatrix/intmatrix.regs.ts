/**
 * Interrupt matrix registers, at their DPORT offsets (TRM, "Interrupt Matrix"): three status words
 * and one map register per core and source. A map register's reset value 16 is a timer interrupt
 * inside the core, which no source can reach.
 */
import { field, register } from '../../emulator/bus/registers.ts';
import type { RegisterRow } from '../../emulator/bus/registers.ts';
import { INTERRUPT_SOURCES } from './sources.ts';

export const MAP_RESET = 16;
/** DPORT offsets of the first map register of each core, and of the first status word. */
export const MAP_OFFSET = [0x104, 0x218] as const;
export const STATUS_OFFSET = [0x0ec, 0x0f8] as const;

const status = [field('INTR_STATUS', 0, 32, 'RO')];
const map = [field('MAP', 0, 5, 'R/W')];

export const INTMATRIX_REGISTERS: readonly RegisterRow[] = (['PRO', 'APP'] as const).flatMap(
  (cpu, core) => [
    ...[0, 1, 2].map((n) =>
      register(`${cpu}_INTR_STATUS_${n}`, STATUS_OFFSET[core]! + 4 * n, 0, status),
    ),
    ...INTERRUPT_SOURCES.map(([, name], source) =>
      register(`${cpu}_${name}`, MAP_OFFSET[core]! + 4 * source, MAP_RESET, map),
    ),
  ],
);
