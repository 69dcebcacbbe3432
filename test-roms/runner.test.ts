import { describe, expect, it } from 'vitest';
import { checkWithQemu } from './runner.ts';
import { discoverCases } from './tools/cases.ts';
import { missingOracles } from './tools/qemu.ts';

const cases = discoverCases();
const missing = missingOracles(['qemu-system-xtensa']);

it('finds the cases of every suite', () => {
  const suites = new Set(cases.map((rom) => rom.name.split('/')[0]));
  expect([...suites]).toContain('programs');
});

describe.skipIf(missing.length > 0)('golden outputs are what QEMU prints', () => {
  for (const rom of cases.filter((one) => one.qemu !== null)) {
    it(rom.name, () => {
      expect(checkWithQemu(rom)).toBeUndefined();
    });
  }
});
