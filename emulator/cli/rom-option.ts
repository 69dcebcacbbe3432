/** `--rom FILE` or `--rom auto`. */
import { hostFiles, readInput } from '../loader/files.ts';
import { requireRom } from '../loader/rom-discovery.ts';
import { parseRom } from '../loader/rom.ts';
import type { Rom } from '../loader/rom.ts';

export function loadRom(option = 'auto'): Rom {
  if (option !== 'auto') return parseRom(readInput(hostFiles, option), option);
  return requireRom({ environment: process.env, files: hostFiles });
}
