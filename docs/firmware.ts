/**
 * `npm run docs:firmware` measures the rows of test-roms/timing/firmware.ts, which need the images, and
 * records them in `docs/firmware.json` for the accuracy page.
 */
import { writeFileSync } from 'node:fs';
import { Boots, FIRMWARE } from '../test-roms/timing/firmware.ts';

export const FILE = 'docs/firmware.json';

if (process.argv[1] === import.meta.filename) {
  const boots = new Boots();
  const results = FIRMWARE.map((row) => [row.name, Math.round(row.measure(boots))]);
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
}
