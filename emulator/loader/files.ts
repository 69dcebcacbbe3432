/** The file system as the loader sees it, so that searching for inputs can be tested in memory. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { InputError } from './errors.ts';

export interface Files {
  /** Undefined when there is no such file. */
  read(path: string): Uint8Array | undefined;
  isDirectory(path: string): boolean;
  /** Names in a directory, sorted; empty when there is no such directory. */
  list(path: string): string[];
}

/** Nothing the chip can take is larger: 16 MB of flash, or an ELF with debug data. */
const MAX_FILE_SIZE = 256 * 1024 * 1024;

export const hostFiles: Files = {
  read(path) {
    const stat = statOf(path);
    if (stat === undefined || !stat.isFile()) return undefined;
    if (stat.size > MAX_FILE_SIZE) {
      throw new InputError(path, `${stat.size} bytes long`, { expected: 'at most 256 MiB' });
    }
    return new Uint8Array(readFileSync(path));
  },
  isDirectory(path) {
    return statOf(path)?.isDirectory() ?? false;
  },
  list(path) {
    return this.isDirectory(path) ? readdirSync(path).sort() : [];
  },
};

/** Undefined when nothing is there; what cannot be asked for is an `InputError`. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw new InputError(path, error instanceof Error ? error.message : String(error));
  }
}

/** The file's bytes; a missing or unreadable file is an `InputError`. */
export function readInput(files: Files, path: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = files.read(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(path, error instanceof Error ? error.message : String(error));
  }
  if (bytes !== undefined) return bytes;
  const problem = files.isDirectory(path) ? 'is a directory' : 'no such file';
  throw new InputError(path, problem, { expected: 'a readable file' });
}
