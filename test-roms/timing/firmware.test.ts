/** Boots and interrupts of real firmware; what is recorded for the accuracy page is what is measured. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noImages } from '../corpus/corpus.fixtures.ts';
import { Boots, FIRMWARE } from './firmware.ts';
import type { FirmwareRow } from './firmware.ts';

const boots = new Boots();
const results = new Map<FirmwareRow, number>();
const recorded = JSON.parse(readFileSync('docs/firmware.json', 'utf8')) as Record<string, number>;

/** Each is measured once: what comes first in a session is not what comes later. */
function measured(row: FirmwareRow): number {
  let result = results.get(row);
  if (result === undefined) results.set(row, (result = row.measure(boots)));
  return result;
}

describe.skipIf(noImages)('time in real firmware', () => {
  for (const row of FIRMWARE) {
    const check = (): void => {
      const error = measured(row) - row.silicon;
      if (row.atMost === true) expect(error).toBeLessThanOrEqual(0);
      else expect(Math.abs(error)).toBeLessThanOrEqual(row.tolerance);
    };
    const title = `${row.name}: ${row.silicon} ${row.unit}`;
    if (row.known === undefined) it(title, check, 60_000);
    else it.fails(`${title} (${row.known})`, check, 60_000);
  }

  it.each(FIRMWARE.map((row) => [row.name, row] as const))(
    'docs/firmware.json records it (stale: npm run docs:firmware && npm run docs): %s',
    (name, row) => {
      const allowed = Math.max(1, 0.02 * recorded[name]!);
      expect(Math.abs(measured(row) - recorded[name]!)).toBeLessThanOrEqual(allowed);
    },
    60_000,
  );
});
