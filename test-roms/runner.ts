/**
 * Runs the test ROMs under QEMU and in the emulator and compares with the golden output.
 *
 *   tsx test-roms/runner.ts [--accept] [suite/case...]
 *
 * `--accept` records QEMU's output as expected.txt. The expected.txt of a case without a QEMU core is written by hand
 * from the manual.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoverCases, goldenOf } from './tools/cases.ts';
import type { RomCase } from './tools/cases.ts';
import { runEmulator } from './tools/emulator.ts';
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

/** Undefined when the emulator does what case.json and the golden file say, else the difference. */
export function checkInEmulator(rom: RomCase): string | undefined {
  const { stdout, exitCode } = runEmulator(readFileSync(rom.image), rom.image, rom);
  const output = stdout.toString();
  const problem =
    exitCode === rom.exitCode
      ? firstDifference(output, goldenOf(rom))
      : `exits with ${exitCode} instead of ${rom.exitCode}; output:\n${output}`;
  if (rom.xfail === undefined) return problem;
  if (problem === undefined)
    return 'passes, although case.json expects a failure: remove its xfail';
  if (exitCode !== rom.xfail.exitCode) return `fails in another way than recorded: ${problem}`;
  return firstDifference(output, goldenOf(rom, 'xfail.txt'));
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
    const oracle = rom.qemu === null ? 'no QEMU core' : (checkWithQemu(rom) ?? 'agrees');
    const problem = checkInEmulator(rom);
    console.log(`${rom.name}: QEMU ${oracle}; emulator ${problem ?? 'agrees'}`);
    if (problem !== undefined || !['agrees', 'no QEMU core'].includes(oracle)) failures++;
  }
  return failures === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
