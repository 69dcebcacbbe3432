/** What kind of file a user gave, from its bytes alone. */
import { isElf } from './elf.ts';
import { InputError } from './errors.ts';
import { IMAGE_MAGIC, parseImage } from './image.ts';
import { PARTITION_MAGIC, parsePartitionTable } from './partitions.ts';
import { isRawRom } from './rom.ts';

export type FileKind =
  | { readonly kind: 'elf' | 'application' | 'bootloader' | 'partition-table' | 'rom' | 'unknown' }
  | {
      readonly kind: 'flash';
      /** Flash offset of the file's first byte: 0, or 0x1000 when it starts with the bootloader. */
      readonly base: number;
      /** Offset of the partition table in flash; undefined for a dump without a readable one. */
      readonly tableOffset: number | undefined;
    };

/** Where the mask ROM reads the second-stage bootloader. */
export const BOOTLOADER_OFFSET = 0x1000;

const SECTOR_SIZE = 0x1000;
const LAST_TABLE_OFFSET = 0x2_0000;
/** Sizes a whole-chip dump can have. */
const DUMP_SIZES: readonly number[] = [1, 2, 4, 8, 16].map((megabytes) => megabytes * 0x10_0000);

export function identify(bytes: Uint8Array): FileKind {
  if (isElf(bytes)) return { kind: 'elf' };
  if (isRawRom(bytes)) return { kind: 'rom' };
  if (bytes[0] === IMAGE_MAGIC) return identifyImage(bytes);
  if (hasTableAt(bytes, 0)) return { kind: 'partition-table' };
  const tableOffset = findTable(bytes, 0);
  const hasBootloader = bytes[BOOTLOADER_OFFSET] === IMAGE_MAGIC;
  if (hasBootloader && tableOffset !== undefined) return { kind: 'flash', base: 0, tableOffset };
  if (DUMP_SIZES.includes(bytes.length)) return { kind: 'flash', base: 0, tableOffset };
  return { kind: 'unknown' };
}

/** A kind as it is named in messages. */
export function kindName(kind: FileKind['kind']): string {
  const names: Record<FileKind['kind'], string> = {
    elf: 'an ELF file',
    application: 'an application image',
    bootloader: 'a bootloader image',
    'partition-table': 'a partition table',
    rom: 'a mask ROM',
    flash: 'a flash image',
    unknown: 'an unknown file',
  };
  return names[kind];
}

/** Starts with 0xe9: a bootloader with a partition table behind it is a merged flash image. */
function identifyImage(bytes: Uint8Array): FileKind {
  const image = attempt(() => parseImage(bytes, ''));
  if (image?.kind !== 'application') {
    const tableOffset = findTable(bytes, BOOTLOADER_OFFSET);
    if (tableOffset !== undefined) return { kind: 'flash', base: BOOTLOADER_OFFSET, tableOffset };
  }
  return { kind: image?.kind ?? 'application' };
}

function findTable(bytes: Uint8Array, base: number): number | undefined {
  for (let offset = 2 * SECTOR_SIZE; offset <= LAST_TABLE_OFFSET; offset += SECTOR_SIZE) {
    if (hasTableAt(bytes, offset - base)) return offset;
  }
  return undefined;
}

function hasTableAt(bytes: Uint8Array, offset: number): boolean {
  if ((bytes[offset] | (bytes[offset + 1] << 8)) !== PARTITION_MAGIC) return false;
  return attempt(() => parsePartitionTable(bytes.subarray(offset), '')) !== undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
