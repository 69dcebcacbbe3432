/**
 * The flash size in a bootloader's header (byte 3, high nibble), which the second-stage bootloader
 * takes for the chip's size. Flashing tools write it while they flash; some build tools leave that
 * to them, so that the file alone says something else.
 */
import { createHash } from 'node:crypto';
import { InputError } from './errors.ts';
import { parseImage } from './image.ts';

const SIZE_BYTE = 3;
const MEGABYTE = 0x10_0000;

/** A copy of the bootloader image with that size in its header, and its SHA-256 made anew. */
export function withFlashSize(bytes: Uint8Array, sizeBytes: number, file: string): Uint8Array {
  const code = Math.log2(sizeBytes / MEGABYTE);
  if (!Number.isInteger(code) || code < 0 || code > 4) {
    throw new InputError('--flash-header', `flash size of ${sizeBytes} bytes`, {
      expected: '1MB, 2MB, 4MB, 8MB or 16MB',
    });
  }
  const copy = bytes.slice();
  copy[SIZE_BYTE] = (code << 4) | (copy[SIZE_BYTE]! & 15);
  const { hash } = parseImage(copy, file);
  if (hash !== undefined) {
    const digest = createHash('sha256').update(copy.subarray(0, hash.offset)).digest();
    copy.set(digest, hash.offset);
  }
  return copy;
}
