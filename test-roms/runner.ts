/**
 * Runs the test ROMs under QEMU and in the emulator and compares with the golden output.
 *
 *   tsx test-roms/runner.ts [--accept] [suite/case...]
 *
 * `--accept` records QEMU's output as expected.txt; for a case without a QEMU core it shows the emulator's output,
 * which must be checked against the manual by hand before it is written.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoverCases, goldenOf } from './tools/cases.ts';
import type { RomCase } from './tools/cases.ts';
import { runQemuSystem } from './tools/qemu.ts';

/** Where two texts first differ, in words; undefined when they are the same. */
export function firstDifference(actual: string, expected: string): string | undefined {
  if (actual === expected) return undefined;
  const [a, e] = [actual.split('\n'), expected.split('\n')];
  const at = a.findIndex((line, i) => line !== e[i]);
  const line = at < 0 ? a.length : at;
  const show = (lines: string[]): string => JSON.stringify(lines[line] ?? '(end of output)');
  return `line ${line + 1}: ${show(a)} instead of ${show(e)}`;
}

/** Undefined when QEMU prints the golden output, else the difference. */
export function checkWithQemu(rom: RomCase): string | undefined {
  if (rom.qemu === null) return undefined;
  const { stdout, exitCode } = runQemuSystem(rom.image, rom.qemu);
  if (exitCode !== rom.exitCode) {
    return `QEMU exits with ${exitCode} instead of ${rom.exitCode}; output:\n${stdout.toString()}`;
  }
  return firstDifference(stdout.toString(), goldenOf(rom));
}

function main(args: string[]): number {
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  let failures = 0;
  for (const rom of discoverCases()) {
    if (wanted.length > 0 && !wanted.includes(rom.name)) continue;
    if (args.includes('--accept') && rom.qemu !== null) {
      const { stdout, exitCode } = runQemuSystem(rom.image, rom.qemu);
      writeFileSync(join(rom.folder, 'expected.txt'), stdout);
      console.log(
        `${rom.name}: ${stdout.length} bytes, exit code ${exitCode} (case.json: ${rom.exitCode})`,
      );
    }
    const problem = checkWithQemu(rom);
    console.log(`${rom.name}: ${problem ?? 'QEMU agrees'}`);
    if (problem !== undefined) failures++;
  }
  return failures === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
