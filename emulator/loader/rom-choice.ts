/** `--rom FILE`, `--rom auto` or `--rom open`. */
import { hostFiles, readInput } from './files.ts';
import type { Files } from './files.ts';
import { openRom } from './open-rom.ts';
import { discoverRom } from './rom-discovery.ts';
import type { RomSearch } from './rom-discovery.ts';
import { parseRom } from './rom.ts';
import type { Rom } from './rom.ts';

export interface RomChoice {
  readonly rom: Rom;
  /** Which ROM was taken and why, when the user did not name a file. */
  readonly note: string | undefined;
}

/** `auto`: the mask ROM of an ESP-IDF or QEMU installation, else the open ROM. */
export function chooseRom(
  option = 'auto',
  files: Files = hostFiles,
  environment: RomSearch['environment'] = process.env,
): RomChoice {
  if (option === 'open') return { rom: openRom(files), note: 'boot ROM: open ROM' };
  if (option !== 'auto')
    return { rom: parseRom(readInput(files, option), option), note: undefined };
  const found = discoverRom({ environment, files });
  if (found !== undefined) return { rom: found, note: `boot ROM: mask ROM ${found.file}` };
  const note =
    'boot ROM: open ROM (no mask ROM of an ESP-IDF installation found; --rom FILE gives one)';
  return { rom: openRom(files), note };
}
