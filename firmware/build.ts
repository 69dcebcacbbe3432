/**
 * Builds the firmware: the bootloader and one kernel image for each program of firmware/apps.
 *
 *   tsx firmware/build.ts [--check] [image...]
 *
 * Writes images/<name>.elf, <name>.bin (for flash: bootloader 0x1000, kernel images 0x10000) and manifest.json.
 * `--check` builds into firmware/build and fails when a byte differs from the committed images. Tools: see
 * test-roms/tools/toolchain.ts.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseElf } from '../emulator/index.ts';
import { link } from '../test-roms/tools/toolchain.ts';
import { buildArguments, doesNotBuild } from './tools/command.ts';
import { buildBootloader, buildImage } from './tools/compile.ts';
import { espImage } from './tools/esp-image.ts';
import { IMAGES } from './tools/images.ts';
import {
  IMAGE_FOLDER,
  describe,
  isUnchanged,
  sourcesHash,
  toolchain,
  writeManifest,
} from './tools/manifest.ts';
import type { ManifestEntry } from './tools/manifest.ts';

const USAGE = 'usage: npm run firmware -- [image...], or npm run firmware:check -- [image...]';
const ROOT = import.meta.dirname;
const BUILD = join(ROOT, 'build');
const BOOTLOADER_OFFSET = 0x1000;
const KERNEL_OFFSET = 0x10000;

/** Builds one image; returns the names of its two files in firmware/build/out. */
function build(name: string): readonly [elf: string, bin: string] {
  const out = join(BUILD, 'out');
  mkdirSync(out, { recursive: true });
  const elf = join(out, `${name}.elf`);
  const boot = name === 'bootloader';
  const objects = boot ? buildBootloader() : buildImage(name, IMAGES[name]!);
  link(objects, elf, {
    script: join(ROOT, 'ld', boot ? 'boot.ld' : 'kernel.ld'),
    localSymbols: true,
  });
  const offset = boot ? BOOTLOADER_OFFSET : KERNEL_OFFSET;
  writeFileSync(join(out, `${name}.bin`), espImage(parseElf(readFileSync(elf), elf), offset));
  return [`${name}.elf`, `${name}.bin`];
}

function entryOf(file: string, sources: string): ManifestEntry {
  return describe(readFileSync(join(BUILD, 'out', file)), toolchain(), sources);
}

/** The files of all images, or the exit code when one does not build. */
function buildAll(names: readonly string[]): string[] | number {
  const files: string[] = [];
  for (const name of names) {
    try {
      files.push(...build(name));
    } catch (error) {
      return doesNotBuild(name, error);
    }
  }
  return files;
}

/** Builds and compares with the committed images; returns the exit code. */
function check(names: readonly string[]): number {
  const files = buildAll(names);
  if (typeof files === 'number') return files;
  const differ = files.filter(
    (file) => !isUnchanged(file, entryOf(file, ''), 'npm run firmware'),
  ).length;
  console.log(`${names.length} images rebuilt, ${differ} files differ`);
  return differ === 0 ? 0 : 1;
}

function main(args: readonly string[]): number {
  const given = buildArguments(args, USAGE);
  if (typeof given === 'number') return given;
  const wanted = given.names;
  const known = ['bootloader', ...Object.keys(IMAGES)];
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`${unknown}: no such image; there are ${known.join(', ')}`);
    return 2;
  }
  const names = wanted.length > 0 ? wanted : known;
  if (given.check) return check(names);
  const files = buildAll(names);
  if (typeof files === 'number') return files;
  mkdirSync(IMAGE_FOLDER, { recursive: true });
  const sources = sourcesHash(ROOT);
  const entries: Record<string, ManifestEntry> = {};
  for (const file of files) {
    copyFileSync(join(BUILD, 'out', file), join(IMAGE_FOLDER, file));
    entries[file] = entryOf(file, sources);
    if (file.endsWith('.bin')) console.log(`${file}: ${entries[file].sizeBytes} bytes`);
  }
  writeManifest(entries);
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
