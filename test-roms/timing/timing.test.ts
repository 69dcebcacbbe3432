import { describe, expect, it } from 'vitest';
import { KERNELS } from './kernels.ts';
import { LOOPS } from './loops.ts';

const ALL = [...LOOPS, ...KERNELS];
const within = (row: (typeof ALL)[number]): number => row.tolerance ?? 0;

describe('cycles as measured on silicon', () => {
  for (const row of ALL) {
    const check = (): void => {
      expect(Math.abs(row.measure() - row.silicon)).toBeLessThanOrEqual(within(row));
    };
    const title = `${row.name}: ${row.silicon} ${row.unit}`;
    if (row.known === undefined) it(title, check);
    else it.fails(`${title} (${row.known})`, check);
  }
});

describe('cycles do not depend on', () => {
  const sample = [...LOOPS.filter((_, i) => i % 4 === 0), KERNELS[2]!];

  it.each(sample.map((row) => [row.name, row] as const))('the core: %s', (_, row) => {
    expect(row.measure({ core: 1 })).toBe(row.measure());
  });

  it.each(sample.map((row) => [row.name, row] as const))('save and restore: %s', (_, row) => {
    expect(row.measure({ splitTicks: 997 })).toBe(row.measure());
  });
});
