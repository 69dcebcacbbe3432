/** The project's own boot ROM (firmware/rom), which every copy of the package brings. */
import { fileURLToPath } from 'node:url';
import { InputError } from './errors.ts';
import type { Files } from './files.ts';
import { parseRom, type Rom } from './rom.ts';

/** From the sources, and from dist/emulator/loader of the package. */
const PLACES: readonly string[] = [
  '../../firmware/images/open-rom.elf',
  '../../../firmware/images/open-rom.elf',
];

export function openRom(files: Files): Rom {
  for (const place of PLACES) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    const bytes = files.read(path);
    if (bytes !== undefined) return parseRom(bytes, path);
  }
  throw new InputError('--rom open', 'firmware/images/open-rom.elf is missing', {
    expected: "the package's own boot ROM",
    hint: 'install the package again, or build it: npm run rom',
  });
}
