/** The content of the flash chip, put together from pieces at their offsets, as esptool would. */
import { hex, hexRange, InputError } from './errors.ts';
import { withFlashSize } from './flash-header.ts';
import { BOOTLOADER_OFFSET } from './identify.ts';
import { checkChip, IMAGE_MAGIC, imageProblems, parseImage, type EspImage } from './image.ts';
import {
  PARTITION_MAGIC,
  PARTITION_TABLE_OFFSET,
  parsePartitionTable,
  partitionProblems,
  type PartitionTable,
} from './partitions.ts';

export interface FlashPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly file: string;
}

export interface FlashOptions {
  /** Size of the chip; without it the bootloader's header and the pieces decide. */
  readonly sizeBytes?: number;
  /** Offset of the partition table when it is known not to be 0x8000. */
  readonly tableOffset?: number;
  /** Flash size to be written into the bootloader's header; without it the header stays. */
  readonly headerBytes?: number;
}

export interface FlashContent {
  /** Erased flash (0xff) with the pieces written. */
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  readonly pieces: readonly FlashPiece[];
  readonly bootloader: EspImage | undefined;
  readonly table: PartitionTable | undefined;
  /** What the guest's own checks will refuse or complain about: one line each. */
  readonly warnings: readonly string[];
}

const SECTOR_SIZE = 0x1000;
const MEGABYTE = 0x10_0000;
/** The flash of the common modules (WROOM-32, WROVER). */
const DEFAULT_SIZE = 4 * MEGABYTE;
/** Sizes the ESP32 can address with 24-bit flash addresses. */
const SIZES: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16].map((size) => size * MEGABYTE);

/** `4MB`, `4M`, `512KB` or a number of bytes. */
export function parseFlashSize(text: string, option = '--flash-size'): number {
  const match = /^(\d+|0x[0-9a-f]+)\s*([km]?)i?b?$/i.exec(text.trim());
  const unit = { '': 1, k: 1024, m: MEGABYTE }[match?.[2].toLowerCase() ?? ''] ?? 1;
  const size = match === null ? NaN : Number(match[1]) * unit;
  if (SIZES.includes(size)) return size;
  throw new InputError(option, `flash size '${text.slice(0, 32)}'`, {
    expected: '256KB, 512KB, 1MB, 2MB, 4MB, 8MB or 16MB',
  });
}

/**
 * Writes the pieces to an erased chip. A piece that cannot be placed is an error; a piece whose
 * content the chip's own software would refuse gives a warning and is written.
 */
export function composeFlash(
  pieces: readonly FlashPiece[],
  options: FlashOptions = {},
): FlashContent {
  const sorted = [...pieces]
    .sort((a, b) => a.offset - b.offset)
    .map((piece) => withHeader(piece, options.headerBytes));
  sorted.forEach(checkPlace);
  checkOverlap(sorted);
  const bootloader = bootloaderOf(sorted);
  const sizeBytes = options.sizeBytes ?? chooseSize(sorted, bootloader);
  for (const piece of sorted) checkEnd(piece, sizeBytes);
  const bytes = new Uint8Array(sizeBytes).fill(0xff);
  for (const piece of sorted) bytes.set(piece.bytes, piece.offset);
  const warnings: string[] = [];
  const table = tableOf(sorted, options.tableOffset ?? PARTITION_TABLE_OFFSET);
  for (const image of imagesOf(sorted, table)) {
    checkChip(image);
    warnings.push(...imageProblems(image).map((problem) => problem.message));
  }
  if (table !== undefined) {
    warnings.push(...partitionProblems(table, sizeBytes).map((problem) => problem.message));
    warnings.push(...misfits(sorted, table));
    if (bootloader !== undefined) warnings.push(...headerTooSmall(bootloader, table, sizeBytes));
  }
  if (bootloader !== undefined && bootloader.flashSizeBytes > sizeBytes) {
    const [wanted, given] = [inMegabytes(bootloader.flashSizeBytes), inMegabytes(sizeBytes)];
    warnings.push(`${bootloader.file} at offset 0x3: made for ${wanted} of flash, not ${given}`);
  }
  return { bytes, sizeBytes, pieces: sorted, bootloader, table, warnings };
}

/** The piece that starts with the bootloader, with that flash size in its header. */
function withHeader(piece: FlashPiece, headerBytes: number | undefined): FlashPiece {
  const { offset, bytes, file } = piece;
  const at = BOOTLOADER_OFFSET - offset;
  if (headerBytes === undefined || at < 0 || bytes[at] !== IMAGE_MAGIC) return piece;
  const changed = bytes.slice();
  changed.set(withFlashSize(bytes.subarray(at), headerBytes, file), at);
  return { offset, bytes: changed, file };
}

/** Partitions that fit into the chip, but not into the size that the bootloader believes. */
function headerTooSmall(bootloader: EspImage, table: PartitionTable, sizeBytes: number): string[] {
  const believed = bootloader.flashSizeBytes;
  const ends = table.partitions.map((p) => ({ label: p.label, end: p.offset + p.size }));
  const last = ends.find(({ end }) => end > believed && end <= sizeBytes);
  if (last === undefined) return [];
  const size = SIZES.find((candidate) => candidate >= Math.max(...ends.map(({ end }) => end)));
  const where = `${bootloader.file} at offset 0x3: made for ${inMegabytes(believed)} of flash`;
  const why = `but partition '${last.label}' ends at ${hex(last.end)}`;
  const how = `--flash-header ${inMegabytes(size ?? sizeBytes)} sets it as flashing tools do`;
  return [`${where}, ${why}; ${how}`];
}

function checkPlace(piece: FlashPiece): void {
  if (piece.bytes.length === 0) {
    throw new InputError(piece.file, 'an empty file', { expected: 'bytes to put into flash' });
  }
  if (piece.offset % SECTOR_SIZE === 0 && piece.offset >= 0) return;
  throw new InputError(piece.file, `flash address ${hex(piece.offset)} is not aligned`, {
    expected: `a multiple of the ${hex(SECTOR_SIZE)} byte flash sector`,
  });
}

function checkOverlap(sorted: readonly FlashPiece[]): void {
  for (let index = 1; index < sorted.length; index++) {
    const [low, high] = [sorted[index - 1], sorted[index]];
    if (low.offset + low.bytes.length <= high.offset) continue;
    const a = hexRange(low.offset, low.bytes.length);
    const b = hexRange(high.offset, high.bytes.length);
    throw new InputError(high.file, `flash ${b} overlaps ${low.file} at ${a}`, {
      expected: 'files apart from each other in flash',
    });
  }
}

function checkEnd(piece: FlashPiece, sizeBytes: number): void {
  if (piece.offset + piece.bytes.length <= sizeBytes) return;
  const range = hexRange(piece.offset, piece.bytes.length);
  throw new InputError(piece.file, `flash ${range} ends beyond the chip`, {
    expected: `an end within ${inMegabytes(sizeBytes)} (${hex(sizeBytes)} bytes)`,
  });
}

/** The larger of 4 MB and the header's size, or the next size that holds all pieces. */
function chooseSize(pieces: readonly FlashPiece[], bootloader: EspImage | undefined): number {
  const end = Math.max(0, ...pieces.map((piece) => piece.offset + piece.bytes.length));
  const wanted = Math.max(DEFAULT_SIZE, end, bootloader?.flashSizeBytes ?? 0);
  return SIZES.find((size) => size >= wanted) ?? SIZES[SIZES.length - 1];
}

function bootloaderOf(pieces: readonly FlashPiece[]): EspImage | undefined {
  const bytes = bytesAt(pieces, BOOTLOADER_OFFSET);
  if (bytes === undefined || bytes.bytes[0] !== IMAGE_MAGIC) return undefined;
  return parseImage(bytes.bytes, bytes.file);
}

function tableOf(pieces: readonly FlashPiece[], offset: number): PartitionTable | undefined {
  const found = bytesAt(pieces, offset);
  if (found === undefined) return undefined;
  const magic = found.bytes[0] | (found.bytes[1] << 8);
  return magic === PARTITION_MAGIC ? parsePartitionTable(found.bytes, found.file) : undefined;
}

/** Pieces that are images from their first byte, and the bootloader inside a merged image. */
function imagesOf(pieces: readonly FlashPiece[], table: PartitionTable | undefined): EspImage[] {
  const isData = (offset: number): boolean =>
    table?.partitions.some(
      (p) => p.typeName !== 'app' && offset >= p.offset && offset < p.offset + p.size,
    ) ?? false;
  const images: EspImage[] = [];
  for (const { bytes, file, offset } of pieces) {
    if (bytes[0] === IMAGE_MAGIC && !isData(offset)) images.push(parseImage(bytes, file));
  }
  const bootloader = bytesAt(pieces, BOOTLOADER_OFFSET);
  const isInside = bootloader !== undefined && !pieces.some((p) => p.offset === BOOTLOADER_OFFSET);
  if (isInside && bootloader.bytes[0] === IMAGE_MAGIC) {
    images.push(parseImage(bootloader.bytes, bootloader.file));
  }
  return images;
}

/** Applications that do not fit into the partition they start in. */
function misfits(pieces: readonly FlashPiece[], table: PartitionTable): string[] {
  const lines: string[] = [];
  for (const { offset, bytes, file } of pieces) {
    const partition = table.partitions.find((p) => p.typeName === 'app' && p.offset === offset);
    if (partition === undefined || bytes.length <= partition.size) continue;
    const sizes = `${hex(bytes.length)} bytes do not fit into the ${hex(partition.size)}`;
    lines.push(`${file}: ${sizes} of partition '${partition.label}'`);
  }
  return lines;
}

/** The part of a piece that starts at a flash offset. */
function bytesAt(
  pieces: readonly FlashPiece[],
  offset: number,
): { bytes: Uint8Array; file: string } | undefined {
  const piece = pieces.find((p) => offset >= p.offset && offset < p.offset + p.bytes.length);
  if (piece === undefined) return undefined;
  const skipped = offset - piece.offset;
  const file = skipped === 0 ? piece.file : `${piece.file} (from ${hex(skipped)})`;
  return { bytes: piece.bytes.subarray(skipped), file };
}

function inMegabytes(size: number): string {
  return size < MEGABYTE ? `${size / 1024}KB` : `${size / MEGABYTE}MB`;
}
