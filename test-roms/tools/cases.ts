/** The cases of the test ROM suites: <suite>/<case>/{main.*, image.elf, case.json, expected.txt}. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { QemuCore } from './qemu.ts';
import { ROOT } from './toolchain.ts';

export const SUITES = ['cpu', 'programs'];

/** case.json; what it leaves out comes from the suite's suite.json. */
export interface CaseSettings {
  /** The QEMU core whose output is the golden one, or null: expected.txt is derived from the manual. */
  qemu: QemuCore | null;
  exitCode: number;
  /** Guest cycles after which the run counts as hung. */
  maxCycles: number;
  /** Known fault of the emulator: its own golden output is xfail.txt, and an unexpected pass fails. */
  xfail?: { reason: string; exitCode: number };
}

export interface RomCase extends CaseSettings {
  name: string;
  folder: string;
  image: string;
}

function readJson(file: string): object {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

export function discoverCases(): RomCase[] {
  return SUITES.flatMap((suite) => {
    const defaults = readJson(join(ROOT, suite, 'suite.json')) as CaseSettings;
    return readdirSync(join(ROOT, suite), { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && existsSync(join(ROOT, suite, entry.name, 'image.elf')),
      )
      .map(({ name }) => {
        const folder = join(ROOT, suite, name);
        const settings = readJson(join(folder, 'case.json'));
        return {
          ...defaults,
          ...settings,
          name: `${suite}/${name}`,
          folder,
          image: join(folder, 'image.elf'),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** The golden output; `xfail.txt` is what the emulator prints today where it is known to be wrong. */
export function goldenOf(
  rom: RomCase,
  file: 'expected.txt' | 'xfail.txt' = 'expected.txt',
): string {
  const path = join(rom.folder, file);
  if (!existsSync(path))
    throw new Error(`${path} is missing; record it with tsx test-roms/runner.ts --accept`);
  return readFileSync(path, 'utf8');
}
