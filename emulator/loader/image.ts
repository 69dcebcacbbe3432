/**
 * ESP application and bootloader images, as the mask ROM and the second-stage bootloader read
 * them (ESP-IDF Programming Guide, "App Image Format").
 *
 * Layout: 24-byte header, up to 16 segments of 8-byte header and data, zero padding, one XOR
 * checksum byte that ends a 16-byte block, and optionally the SHA-256 of everything before it.
 *
 * **Not modelled:** secure-boot signature blocks after the hash, encrypted images.
 */
import { createHash } from 'node:crypto';
import { ByteView, sameBytes, toHexText } from './bytes.ts';
import { hex, hexRange, InputError } from './errors.ts';

export const IMAGE_MAGIC = 0xe9;
export const CHIP_ID_ESP32 = 0;

const HEADER_SIZE = 24;
const SEGMENT_HEADER_SIZE = 8;
const MAX_SEGMENTS = 16;
const CHECKSUM_SEED = 0xef;
const HASH_SIZE = 32;

const CHIP_NAMES: Readonly<Record<number, string>> = {
  0x0000: 'ESP32',
  0x0002: 'ESP32-S2',
  0x0005: 'ESP32-C3',
  0x0009: 'ESP32-S3',
  0x000c: 'ESP32-C2',
  0x000d: 'ESP32-C6',
  0x0010: 'ESP32-H2',
  0x0012: 'ESP32-P4',
  0x0014: 'ESP32-C61',
  0x0017: 'ESP32-C5',
  0x0019: 'ESP32-H21',
  0x001c: 'ESP32-H4',
};

const SPI_MODES: readonly string[] = ['QIO', 'QOUT', 'DIO', 'DOUT', 'FAST_READ', 'SLOW_READ'];
const SPI_SPEEDS_HZ: Readonly<Record<number, number>> = {
  0: 40_000_000,
  1: 26_666_667,
  2: 20_000_000,
  15: 80_000_000,
};

/** Windows of the data and instruction caches: segments there stay in flash and are mapped. */
const FLASH_WINDOWS: readonly (readonly [start: number, end: number])[] = [
  [0x3f40_0000, 0x3f80_0000],
  [0x400c_2000, 0x40c0_0000],
];

export interface ImageSegment {
  /** Load address; 0 in padding segments. */
  readonly address: number;
  /** Offset of the data in the image, after the segment's header. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** The segment is read through the cache instead of being copied to RAM. */
  readonly mapped: boolean;
}

export interface EspImage {
  readonly file: string;
  /** A bootloader has no segment in the flash windows: the mask ROM can load all of it. */
  readonly kind: 'application' | 'bootloader';
  readonly spiMode: string;
  /** 0 when the header holds an undefined code. */
  readonly spiSpeedHz: number;
  readonly flashSizeBytes: number;
  readonly entry: number;
  /** 0xee: WP pin as the eFuses say. */
  readonly wpPin: number;
  readonly chipId: number;
  readonly chipName: string;
  /** Revisions as major * 100 + minor; the older header field counts majors only. */
  readonly minRevision: number;
  readonly maxRevision: number;
  readonly segments: readonly ImageSegment[];
  readonly checksum: { offset: number; stored: number; computed: number };
  readonly hash: { offset: number; stored: Uint8Array; computed: Uint8Array } | undefined;
  /** Size of the image up to and including checksum and hash. */
  readonly sizeBytes: number;
}

/** Reads the structure; `imageProblems` judges checksum and hash, `checkChip` the chip. */
export function parseImage(bytes: Uint8Array, file: string): EspImage {
  const view = new ByteView(bytes, file);
  const magic = view.u8(0, 'image header');
  if (magic !== IMAGE_MAGIC) {
    throw new InputError(file, `image magic ${hex(magic)}`, { offset: 0, expected: '0xe9' });
  }
  view.need(0, HEADER_SIZE, 'image header');
  const segments = readSegments(view);
  const last = segments[segments.length - 1];
  const checksumOffset = (last.offset + last.bytes.length) | 15;
  const stored = view.u8(checksumOffset, 'image checksum');
  const hashed = view.u8(23) === 1;
  const minFull = view.u16(15);
  return {
    file,
    kind: segments.some((segment) => segment.mapped) ? 'application' : 'bootloader',
    spiMode: SPI_MODES[view.u8(2)] ?? `mode ${view.u8(2)}`,
    spiSpeedHz: SPI_SPEEDS_HZ[view.u8(3) & 15] ?? 0,
    flashSizeBytes: 2 ** (view.u8(3) >>> 4) * 0x10_0000,
    entry: view.u32(4),
    wpPin: view.u8(8),
    chipId: view.u16(12),
    chipName: CHIP_NAMES[view.u16(12)] ?? `chip id ${hex(view.u16(12))}`,
    minRevision: minFull !== 0 ? minFull : view.u8(14) * 100,
    maxRevision: view.u16(17),
    segments,
    checksum: { offset: checksumOffset, stored, computed: checksumOf(segments) },
    hash: hashed ? readHash(view, checksumOffset + 1) : undefined,
    sizeBytes: checksumOffset + 1 + (hashed ? HASH_SIZE : 0),
  };
}

/** Checksum and hash errors: on the chip, the ROM or the bootloader refuses such an image. */
export function imageProblems(image: EspImage): InputError[] {
  const problems: InputError[] = [];
  const { checksum, hash } = image;
  if (checksum.stored !== checksum.computed) {
    const expected = `${hex(checksum.computed, 2)} (XOR of the segment data and 0xef)`;
    const detail = { offset: checksum.offset, expected };
    problems.push(new InputError(image.file, `checksum ${hex(checksum.stored, 2)}`, detail));
  }
  if (hash !== undefined && !sameBytes(hash.stored, hash.computed)) {
    const detail = { offset: hash.offset, expected: `${toHexText(hash.computed).slice(0, 16)}...` };
    const found = `SHA-256 ${toHexText(hash.stored).slice(0, 16)}...`;
    problems.push(new InputError(image.file, found, detail));
  }
  return problems;
}

/** Throws unless the image is for the classic ESP32. */
export function checkChip(image: EspImage): void {
  if (image.chipId === CHIP_ID_ESP32) return;
  throw new InputError(image.file, `image for ${image.chipName}`, {
    offset: 12,
    expected: 'chip id 0 (ESP32)',
  });
}

function readSegments(view: ByteView): ImageSegment[] {
  const count = view.u8(1);
  if (count === 0 || count > MAX_SEGMENTS) {
    throw new InputError(view.file, `${count} image segments`, { offset: 1, expected: '1 to 16' });
  }
  const segments: ImageSegment[] = [];
  let at = HEADER_SIZE;
  for (let index = 0; index < count; index++) {
    view.need(at, SEGMENT_HEADER_SIZE, `header of image segment ${index}`);
    const [address, size] = [view.u32(at), view.u32(at + 4)];
    const offset = at + SEGMENT_HEADER_SIZE;
    const bytes = view.slice(offset, size, `data of image segment ${index}`);
    segments.push({ address, offset, bytes, mapped: isMapped(address) });
    at = offset + size;
  }
  checkOverlap(segments, view.file);
  return segments;
}

function isMapped(address: number): boolean {
  return FLASH_WINDOWS.some(([start, end]) => address >= start && address < end);
}

function checkOverlap(segments: readonly ImageSegment[], file: string): void {
  const loaded = segments.filter((segment) => segment.address !== 0 && segment.bytes.length > 0);
  const sorted = loaded.sort((a, b) => a.address - b.address);
  for (let index = 1; index < sorted.length; index++) {
    const [low, high] = [sorted[index - 1], sorted[index]];
    if (low.address + low.bytes.length <= high.address) continue;
    const a = hexRange(low.address, low.bytes.length);
    const b = hexRange(high.address, high.bytes.length);
    throw new InputError(file, `image segments ${a} and ${b} overlap`, {
      offset: high.offset - SEGMENT_HEADER_SIZE,
      expected: 'segments apart from each other',
    });
  }
}

function checksumOf(segments: readonly ImageSegment[]): number {
  let checksum = CHECKSUM_SEED;
  for (const { bytes } of segments) for (const byte of bytes) checksum ^= byte;
  return checksum;
}

function readHash(view: ByteView, offset: number): NonNullable<EspImage['hash']> {
  const stored = view.slice(offset, HASH_SIZE, 'appended SHA-256');
  const digest = createHash('sha256').update(view.bytes.subarray(0, offset)).digest();
  return { offset, stored, computed: new Uint8Array(digest) };
}
