/** Files the command writes: whole or not at all. Folders on the way to them are made. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../loader/errors.ts';

/** Throws InputError when the file could not be written, before a long run starts. Leaves no trace. */
export function checkWritable(path: string): void {
  try {
    if (!existsSync(path)) checkFolder(dirname(path));
    else if (statSync(path).isDirectory()) throw new Error('it is a directory');
    else accessSync(path, constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** The nearest folder that is there must take new entries. */
function checkFolder(folder: string): void {
  const above = dirname(folder);
  if (!existsSync(folder) && above !== folder) return checkFolder(above);
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a directory`);
  accessSync(folder, constants.W_OK | constants.X_OK);
}

/** Makes the folders on the way to the file `path`. */
export function makeFolderFor(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
}

/** Replaces the file by `data` in one step; a device or a pipe is written to. */
export function writeOutput(path: string, data: string | Uint8Array, mode = 0o666): void {
  checkWritable(path);
  const target = existsSync(path) ? realpathSync(path) : path;
  const isPlain = !existsSync(target) || statSync(target).isFile();
  const part = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  try {
    if (!isPlain) {
      writeFileSync(target, data);
      return;
    }
    makeFolderFor(target);
    writeFileSync(part, data, { mode });
    renameSync(part, target);
  } catch (error) {
    if (isPlain) rmSync(part, { force: true });
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): InputError {
  const hint = error instanceof Error ? error.message : String(error);
  return new InputError(path, 'cannot be written', { hint });
}
