/** The rows of the memory map by region index, and what the slow path asks of them as flat tables. */
import { BOOT_REMAP, REGIONS } from '../memory/map.ts';
import type { RegionRow } from '../memory/map.ts';

/** Region index 0 means that nothing answers. */
const UNMAPPED: RegionRow = {
  name: 'reserved',
  base: 0,
  size: 0,
  kind: 'device',
  block: null,
  offset: 0,
  access: '',
  width: 'any',
  order: 'forward',
  cores: 0,
  wait: 'none',
};

/** Rows by region index. */
export const ROWS: readonly RegionRow[] = [UNMAPPED, ...REGIONS, BOOT_REMAP];

/** Kinds of the rows as small numbers, for the slow path's switch. */
export const RAM = 0;
export const REVERSED = 1;
export const DEVICE = 2;
export const EXTERNAL = 3;
export const KIND = Uint8Array.from(ROWS, (row) => {
  if (row.kind === 'device') return DEVICE;
  if (row.kind === 'flash' || row.kind === 'psram') return EXTERNAL;
  return row.order === 'reversed' ? REVERSED : RAM;
});
export const IS_SRAM = ROWS.map((row) => row.block?.startsWith('SRAM') === true);
export const WRITABLE = ROWS.map((row) => row.access.includes('w'));
export const EXECUTABLE = ROWS.map((row) => row.access.includes('x'));
export const BASE = Int32Array.from(ROWS, (row) => row.base);
export const SIZE = Int32Array.from(ROWS, (row) => row.size);
