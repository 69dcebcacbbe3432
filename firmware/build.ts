/**
 * Builds the firmware: the bootloader and one kernel image for each program of firmware/apps.
 *
 *   tsx firmware/build.ts [--check] [image...]
 *
 * Writes images/<name>.elf, <name>.bin (for flash: bootloader 0x1000, kernel images 0x10000) and manifest.json.
 * `--check` builds into firmware/build and fails when a byte differs from the committed images. Tools: see
 * test-roms/tools/toolchain.ts.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseElf } from '../emulator/index.ts';
import { link } from '../test-roms/tools/toolchain.ts';
import { buildBootloader, buildImage } from './tools/compile.ts';
import { espImage } from './tools/esp-image.ts';
import { IMAGES } from './tools/images.ts';
import { sourcesHash, toolchain } from './tools/manifest.ts';

const ROOT = import.meta.dirname;
const BUILD = join(ROOT, 'build');
const COMMITTED = join(ROOT, 'images');
const MANIFEST = join(COMMITTED, 'manifest.json');
const BOOTLOADER_OFFSET = 0x1000;
const KERNEL_OFFSET = 0x10000;

/** Shared with the boot ROM's build, which keeps entries of other files. */
interface ManifestEntry {
  sha256: string;
  sizeBytes: number;
  toolchain: string;
  /** SHA-256 over names and contents of the kernel's sources. */
  sources?: string;
}

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

function describe(file: string, sources: string): ManifestEntry {
  const bytes = readFileSync(join(BUILD, 'out', file));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, sizeBytes: bytes.length, toolchain: toolchain(), sources };
}

function readManifest(): Record<string, ManifestEntry> {
  if (!existsSync(MANIFEST)) return {};
  return JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, ManifestEntry>;
}

/** Builds and compares with the committed images; returns how many files differ. */
function check(names: readonly string[]): number {
  const committed = readManifest();
  let differ = 0;
  for (const file of names.flatMap(build)) {
    const fresh = describe(file, '');
    const known = committed[file];
    if (known !== undefined && known.toolchain !== fresh.toolchain) {
      console.log(
        `${file} not compared: ${fresh.toolchain} here, the image is by ${known.toolchain}`,
      );
    } else if (fresh.sha256 !== known?.sha256) {
      console.error(`${file}: the rebuilt image differs; run npm run firmware`);
      differ++;
    }
  }
  console.log(`${names.length} images rebuilt, ${differ} files differ`);
  return differ;
}

function main(args: readonly string[]): number {
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const known = ['bootloader', ...Object.keys(IMAGES)];
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`${unknown}: no such image; there are ${known.join(', ')}`);
    return 2;
  }
  const names = wanted.length > 0 ? wanted : known;
  if (args.includes('--check')) return check(names) === 0 ? 0 : 1;
  mkdirSync(COMMITTED, { recursive: true });
  const sources = sourcesHash(ROOT);
  const entries = readManifest();
  for (const file of names.flatMap(build)) {
    copyFileSync(join(BUILD, 'out', file), join(COMMITTED, file));
    entries[file] = describe(file, sources);
    if (file.endsWith('.bin')) console.log(`${file}: ${entries[file].sizeBytes} bytes`);
  }
  const sorted = Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(MANIFEST, `${JSON.stringify(sorted, null, 2)}\n`);
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
