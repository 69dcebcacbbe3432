/**
 * What to move from flash to IRAM: functions by the instruction-miss cycles that the move saves, per
 * byte it takes. The figures are of this run: other functions can then keep more of the cache, and
 * literals and constants that stay in flash keep their data misses.
 */
import type { ElfSection } from '../loader/elf.ts';
import { IRAM, isFlashCode } from './address-region.ts';
import type { CoreReport, FunctionRow } from './profile.ts';

/** A function below this share of a core's cycles is not worth a sentence. */
const LEAST_SHARE = 0.0005;

export interface IramAdvice {
  readonly name: string;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  /** Instruction-miss cycles of all cores profiled. */
  readonly savedCycles: number;
  /** Of the busy cycles (not idle) of all cores profiled. */
  readonly share: number;
  /** Whether it fits into free IRAM, after those before it; undefined when that is unknown. */
  readonly fits: boolean | undefined;
}

/** Bytes free behind the sections in IRAM, or undefined for an ELF that has none there. */
export function freeIram(sections: readonly ElfSection[]): number | undefined {
  const ends = sections
    .filter(({ allocated, size, address }) => {
      return allocated && size > 0 && address >= IRAM.base && address < IRAM.end;
    })
    .map(({ address, size }) => address + size);
  return ends.length === 0 ? undefined : Math.max(0, IRAM.end - Math.max(...ends));
}

/** Best first: most cycles saved per byte. Functions of unknown size come last, by cycles. */
export function iramAdvice(
  cores: readonly CoreReport[],
  freeBytes: number | undefined,
  most: number,
): IramAdvice[] {
  const saved = new Map<string, { row: FunctionRow; cycles: number }>();
  let busy = 0;
  for (const core of cores) {
    busy += core.cycles - core.total.cycles.at(-1)!;
    for (const row of core.functions) {
      if (!isFlashCode(row.address) || row.self.fetchMissCycles === 0) continue;
      const known = saved.get(`${row.address} ${row.name}`);
      if (known !== undefined) known.cycles += row.self.fetchMissCycles;
      else saved.set(`${row.address} ${row.name}`, { row, cycles: row.self.fetchMissCycles });
    }
  }
  const worth = [...saved.values()].filter(({ cycles }) => cycles >= busy * LEAST_SHARE);
  const density = (entry: { row: FunctionRow; cycles: number }): number =>
    entry.row.size === 0 ? 0 : entry.cycles / entry.row.size;
  worth.sort(
    (a, b) => density(b) - density(a) || b.cycles - a.cycles || a.row.address - b.row.address,
  );
  let left = freeBytes;
  return worth.slice(0, most).map(({ row, cycles }) => {
    const fits = left === undefined || row.size === 0 ? undefined : row.size <= left;
    if (left !== undefined && fits === true) left -= row.size;
    const { name, address, size } = row;
    return { name, address, size, savedCycles: cycles, share: cycles / busy, fits };
  });
}

/** One sentence. */
export function adviceText(advice: IramAdvice): string {
  const { name, size, savedCycles, share, fits } = advice;
  const bytes = size === 0 ? 'its size is not known' : `${size} bytes`;
  const saves = `saves up to ${savedCycles} instruction-miss cycles, ${(share * 100).toFixed(1)} % of the busy ones`;
  if (size === 0) return `Moving ${name} to IRAM ${saves}; ${bytes}.`;
  const rate = `${(savedCycles / size).toFixed(1)} per byte`;
  if (fits === false)
    return `Moving ${name} (${bytes}) to IRAM ${saves}, ${rate}, but there is no room for it.`;
  return `Move ${name} (${bytes}) to IRAM: it ${saves}, ${rate}.`;
}
