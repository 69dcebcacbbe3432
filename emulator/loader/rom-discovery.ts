/** `--rom auto`: mask ROM files that an ESP-IDF or QEMU installation has put on this computer. */
import { join } from 'node:path';
import type { Files } from './files.ts';
import { parseRom, type Rom, type RomRevision } from './rom.ts';

export interface RomSearch {
  readonly files: Files;
  /** ESP_ROM_ELF_DIR, IDF_TOOLS_PATH and HOME are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Revision to prefer; another one is taken when it is the only one found. */
  readonly revision?: RomRevision;
}

/** ESP-IDF's and QEMU's names; ELF files first, they bring symbols. */
const FILE_NAMES: Readonly<Record<RomRevision, readonly string[]>> = {
  3: ['esp32_rev300_rom.elf', 'esp32-v3-rom.bin'],
  0: ['esp32_rev0_rom.elf', 'esp32-r0-rom.bin', 'esp32-rev0-rom.bin'],
};

const QEMU_FOLDERS: readonly string[] = ['/usr/local/share/qemu', '/usr/share/qemu'];

/** The first ROM found, of the preferred revision if there is one. */
export function discoverRom(search: RomSearch): Rom | undefined {
  const wanted = search.revision ?? 3;
  const other: RomRevision = wanted === 3 ? 0 : 3;
  for (const revision of [wanted, other]) {
    for (const folder of romFolders(search)) {
      const rom = romIn(folder, revision, search.files);
      if (rom !== undefined) return rom;
    }
  }
  return undefined;
}

/** Folders searched, most specific first; of several tool versions the newest name first. */
export function romFolders(search: RomSearch): string[] {
  const { ESP_ROM_ELF_DIR: given, IDF_TOOLS_PATH: idf, HOME, USERPROFILE } = search.environment;
  const home = HOME ?? USERPROFILE;
  const roots = [idf, home === undefined ? undefined : join(home, '.espressif')];
  const folders = given === undefined || given === '' ? [] : [given];
  for (const root of roots) {
    if (root === undefined || root === '') continue;
    folders.push(...versions(search.files, join(root, 'tools', 'esp-rom-elfs')));
    for (const version of versions(search.files, join(root, 'tools', 'qemu-xtensa'))) {
      folders.push(join(version, 'qemu', 'share', 'qemu'));
    }
  }
  return [...folders, ...QEMU_FOLDERS];
}

function versions(files: Files, folder: string): string[] {
  const names = files.list(folder).reverse();
  return names.map((name) => join(folder, name));
}

function romIn(folder: string, revision: RomRevision, files: Files): Rom | undefined {
  for (const name of FILE_NAMES[revision]) {
    const path = join(folder, name);
    const bytes = files.read(path);
    if (bytes !== undefined) return parseRom(bytes, path);
  }
  return undefined;
}
