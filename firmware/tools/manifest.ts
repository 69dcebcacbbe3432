/** What manifest.json says about where the images come from. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolchainOf } from '../../test-roms/tools/toolchain.ts';

/** Where the committed images lie. */
export const IMAGE_FOLDER = join(import.meta.dirname, '..', 'images');
const MANIFEST = join(IMAGE_FOLDER, 'manifest.json');

/** What is known of one file of firmware/images. */
export interface ManifestEntry {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly toolchain: string;
  /** SHA-256 over names and contents of the kernel's sources. */
  readonly sources?: string;
}

const SOURCE = /\.(S|h|c|rs|ld)$/;
const FOLDERS = ['apps', 'arch', 'c', 'drivers', 'kernel', 'ld'];

export function toolchain(): string {
  return [toolchainOf('x.rs'), toolchainOf('x.c'), toolchainOf('x.S')].join(', ');
}

export function describe(bytes: Uint8Array, toolchain: string, sources?: string): ManifestEntry {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, sizeBytes: bytes.length, toolchain, ...(sources !== undefined && { sources }) };
}

export function readManifest(): Record<string, ManifestEntry> {
  if (!existsSync(MANIFEST)) return {};
  return JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, ManifestEntry>;
}

/** Adds or replaces entries; those of other files stay. Sorted by name. */
export function writeManifest(entries: Readonly<Record<string, ManifestEntry>>): void {
  const all = Object.entries({ ...readManifest(), ...entries });
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(MANIFEST, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Compares a rebuilt file with the manifest and says what it found; false when the bytes differ. */
export function isUnchanged(file: string, fresh: ManifestEntry, command: string): boolean {
  const known = readManifest()[file];
  if (known !== undefined && known.toolchain !== fresh.toolchain) {
    console.log(
      `${file} not compared: ${fresh.toolchain} here, the image is by ${known.toolchain}`,
    );
    return true;
  }
  if (fresh.sha256 === known?.sha256) return true;
  console.error(`${file}: the rebuilt image differs from manifest.json; run ${command}`);
  return false;
}

/** SHA-256 over the names and contents of the sources in `root`, a firmware folder. */
export function sourcesHash(root: string): string {
  const hash = createHash('sha256');
  for (const folder of FOLDERS) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => SOURCE.test(name)).sort()) {
      hash.update(`${folder}/${file}\0`).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.digest('hex');
}
