/** What manifest.json says about where the images come from. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { toolchainOf } from '../../test-roms/tools/toolchain.ts';

const SOURCE = /\.(S|h|c|rs|ld)$/;
const FOLDERS = ['apps', 'arch', 'c', 'drivers', 'kernel', 'ld'];

export function toolchain(): string {
  return [toolchainOf('x.rs'), toolchainOf('x.c'), toolchainOf('x.S')].join(', ');
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
