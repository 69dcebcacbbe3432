/** The recorded sensitivities are those of today's constants: names and values of all, results of a sample. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROBES } from '../test-roms/timing/probes.ts';
import { ROWS } from '../test-roms/timing/rows.ts';
import { ARBITER, UNCERTAIN } from './sensitivity-constants.ts';
import { FILE, measure, moved } from './sensitivity.ts';
import type { Sensitivity } from './sensitivity.ts';

const STALE = 'stale: npm run docs:sensitivity && npm run docs';
const read = JSON.parse(readFileSync(FILE, 'utf8')) as Sensitivity;
const named = new Set([...ROWS, ...PROBES].map((program) => program.name));
const withoutBoots = (results: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(results).filter(([name]) => named.has(name)));

it('every uncertain constant was varied from its present value', () => {
  const varied = read.variants.map(({ name, value, tried }) => `${name} ${value} ${tried}`);
  const wanted = UNCERTAIN.flatMap(({ name, value, tried }) =>
    tried.map((instead) => `${name} ${value} ${instead}`),
  );
  expect(varied, STALE).toEqual([...wanted, `${ARBITER} 0 1`]);
});

it('the results with the constants as they are', async () => {
  expect(await measure([]), STALE).toEqual(withoutBoots(read.base));
}, 120_000);

it.each([
  ['LATENCY.s32c1i', '8'],
  [ARBITER, '1'],
])(
  '%s %s moves what is recorded',
  async (name, tried) => {
    const variant = read.variants.find((v) => v.name === name && v.tried === Number(tried))!;
    const results = await measure([name, tried]);
    expect(moved(withoutBoots(read.base), results), STALE).toEqual(withoutBoots(variant.moved));
  },
  120_000,
);
