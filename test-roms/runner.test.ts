import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readManifest } from './build.ts';
import { checkInEmulator, checkWithQemu } from './runner.ts';
import { discoverCases } from './tools/cases.ts';
import { runEmulator } from './tools/emulator.ts';
import { missingOracles } from './tools/qemu.ts';

const cases = discoverCases();
const missing = missingOracles(['qemu-system-xtensa']);

it('finds the cases of every suite', () => {
  const suites = new Set(cases.map((rom) => rom.name.split('/')[0]));
  expect([...suites].sort()).toEqual(['cpu', 'programs']);
});

it('has the images that the manifest describes', () => {
  const manifest = readManifest();
  expect(Object.keys(manifest)).toEqual(cases.map((rom) => rom.name));
  for (const rom of cases) {
    const hash = createHash('sha256').update(readFileSync(rom.image)).digest('hex');
    expect(hash, rom.name).toBe(manifest[rom.name]!.sha256);
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

describe('the same run gives the same state', () => {
  const rom = cases.find((one) => one.name === 'programs/rust-sort')!;
  const image = readFileSync(rom.image);
  const options = { maxCycles: rom.maxCycles, hash: true };

  it('twice', () => {
    const [first, second] = [0, 1].map(() => runEmulator(image, rom.name, options));
    expect(second!.stateHash).toBe(first!.stateHash);
    expect(second!.cycles).toBe(first!.cycles);
  });

  it('split by save and restore at odd points', () => {
    const slices = { ...options, sliceTicks: 777_777 };
    const whole = runEmulator(image, rom.name, slices);
    const split = runEmulator(image, rom.name, {
      ...slices,
      betweenSlices: (machine) => machine.restore(machine.save()),
    });
    expect(split.stateHash).toBe(whole.stateHash);
    expect(split.stdout.toString()).toBe(whole.stdout.toString());
    expect(split.cycles).toBe(whole.cycles);
  });
});
