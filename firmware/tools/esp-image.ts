/**
 * An ELF as an ESP image: 24-byte header, one segment for each loadable piece, XOR checksum at the end of
 * a 16-byte block, SHA-256 of all that (ESP-IDF Programming Guide, "App Image Format"; as `esptool elf2image` makes it).
 * Flash settings in the header: DIO, 40 MHz, 4 MB.
 */
import { createHash } from 'node:crypto';
import type { Elf } from '../../emulator/index.ts';

const HEADER_SIZE = 24;
const SEGMENT_HEADER_SIZE = 8;
const CHECKSUM_SEED = 0xef;
const HASH_FLAG = 23;
const MODE_DIO = 2;
const SIZE_4MB_40MHZ = 0x20;
/** Windows whose segments stay in flash; the offset in 64 KiB must be the same there. */
const isMapped = (address: number): boolean =>
  (address >= 0x3f400000 && address < 0x3f800000) ||
  (address >= 0x400d0000 && address < 0x40400000);

/** `flashOffset`: where the image will be flashed; decides whether mapped segments fit their pages. */
export function espImage(elf: Elf, flashOffset: number): Uint8Array {
  const pieces = elf.segments
    .filter((segment) => segment.bytes.length > 0)
    .map(({ vaddr, bytes }) => ({ vaddr, bytes: padded(bytes, 4) }))
    .sort((a, b) => Number(isMapped(b.vaddr)) - Number(isMapped(a.vaddr)) || a.vaddr - b.vaddr);
  const header = new Uint8Array(HEADER_SIZE);
  header.set([0xe9, pieces.length, MODE_DIO, SIZE_4MB_40MHZ]);
  new DataView(header.buffer).setUint32(4, elf.entry, true);
  header[8] = 0xee;
  header[HASH_FLAG] = 1;
  const parts: Uint8Array[] = [header];
  let at = HEADER_SIZE;
  let checksum = CHECKSUM_SEED;
  for (const { vaddr, bytes } of pieces) {
    at += SEGMENT_HEADER_SIZE;
    if (isMapped(vaddr) && ((flashOffset + at) & 0xffff) !== (vaddr & 0xffff)) {
      const expected = (flashOffset + at) & 0xffff;
      throw new Error(
        `${elf.file}: segment 0x${vaddr.toString(16)} must begin at offset 0x${expected.toString(16)} of its page`,
      );
    }
    const segment = new Uint8Array(SEGMENT_HEADER_SIZE);
    new DataView(segment.buffer).setUint32(0, vaddr, true);
    new DataView(segment.buffer).setUint32(4, bytes.length, true);
    parts.push(segment, bytes);
    at += bytes.length;
    for (const byte of bytes) checksum ^= byte;
  }
  const tail = new Uint8Array(16 - (at & 15));
  tail[tail.length - 1] = checksum;
  const image = concat([...parts, tail]);
  return concat([image, createHash('sha256').update(image).digest()]);
}

function padded(bytes: Uint8Array, multiple: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / multiple) * multiple);
  out.set(bytes);
  return out;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
