import { writeFileSync } from 'node:fs';
import { InputError } from '../loader/errors.ts';

/** Throws InputError when the file cannot be written, before a long run starts. */
export function checkWritable(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'a' });
  } catch (error) {
    const hint = error instanceof Error ? error.message : String(error);
    throw new InputError(path, 'cannot be written', { hint });
  }
}
