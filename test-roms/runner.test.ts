import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readManifest } from './build.ts';
import { checkInEmulator, checkWithQemu } from './runner.ts';
import { discoverCases } from './tools/cases.ts';
import { missingOracles } from './tools/qemu.ts';

const cases = discoverCases();
const missing = missingOracles(['qemu-system-xtensa']);

it('finds the cases of every suite', () => {
  const suites = new Set(cases.map((rom) => rom.name.split('/')[0]));
  expect([...suites].sort()).toEqual(['cpu', 'programs']);
});

it('has the images that the manifest describes', () => {
  const manifest = readManifest();
  // ROMs of `peripherals/` have tests of their own, which watch the wires.
  const names = Object.keys(manifest).filter((name) => !name.startsWith('peripherals/'));
  expect(names).toEqual(cases.map((rom) => rom.name));
  for (const [name, { sha256 }] of Object.entries(manifest)) {
    const image = readFileSync(new URL(`./${name}/image.elf`, import.meta.url));
    expect(createHash('sha256').update(image).digest('hex'), name).toBe(sha256);
  }
});

describe.skipIf(missing.length > 0)('QEMU prints the golden output', () => {
  for (const rom of cases.filter((one) => one.qemu !== null)) {
    it(rom.name, () => {
      expect(checkWithQemu(rom)).toBeUndefined();
    });
  }
});

describe('the emulator prints the golden output', () => {
  for (const rom of cases) {
    it(
      rom.name + (rom.xfail === undefined ? '' : ` (expected failure: ${rom.xfail.reason})`),
      () => {
        expect(checkInEmulator(rom)).toBeUndefined();
      },
    );
  }
});
