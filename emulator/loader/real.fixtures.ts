/** Real ROMs and firmware, read from the folder beside the project; absent in a plain clone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const ROOT = fileURLToPath(new URL('../../../shared/real', import.meta.url));

/** Whether the real files are there. Continuous integration must have them. */
export function haveRealFiles(): boolean {
  if (existsSync(ROOT)) return true;
  if (process.env.CI === 'true') throw new Error('../shared/real is missing in CI');
  return false;
}

/** Whether an oracle program is installed. Continuous integration must have it. */
export function haveProgram(name: string): boolean {
  if (spawnSync(name, ['--version']).status === 0) return true;
  if (process.env.CI === 'true') throw new Error(`${name} is missing in CI`);
  return false;
}

export function realPath(...names: readonly string[]): string {
  return join(ROOT, ...names);
}

export function realBytes(...names: readonly string[]): Uint8Array {
  return new Uint8Array(readFileSync(realPath(...names)));
}

/** `[folder, file]` of the firmware files whose name ends with `ending`. */
export function firmwareFiles(ending: string): [folder: string, file: string][] {
  if (!existsSync(ROOT)) return [];
  return readdirSync(realPath('fw')).flatMap((folder) =>
    readdirSync(realPath('fw', folder))
      .filter((file) => file.endsWith(ending))
      .map((file): [string, string] => [folder, file]),
  );
}
