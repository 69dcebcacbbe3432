/**
 * Partition tables (ESP-IDF Programming Guide, "Partition Tables"): 32-byte entries, an optional
 * MD5 entry, then erased flash; at most 0xc00 bytes.
 */
import { createHash } from 'node:crypto';
import { ByteView, isFilledWith, sameBytes, toHexText } from './bytes.ts';
import { hex, hexRange, InputError, printable } from './errors.ts';

export const PARTITION_MAGIC = 0x50aa;
export const PARTITION_TABLE_OFFSET = 0x8000;
export const PARTITION_TABLE_MAX_SIZE = 0xc00;

const MD5_MAGIC = 0xebeb;
const ENTRY_SIZE = 32;
const APP_ALIGNMENT = 0x1_0000;
const DATA_ALIGNMENT = 0x1000;
const TYPE_APP = 0;
const TYPE_DATA = 1;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'app',
  1: 'data',
  2: 'bootloader',
  3: 'partition_table',
};

const SUBTYPE_NAMES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0: { 0x00: 'factory', 0x20: 'test', 0x30: 'tee_0', 0x31: 'tee_1' },
  1: {
    0x00: 'ota',
    0x01: 'phy',
    0x02: 'nvs',
    0x03: 'coredump',
    0x04: 'nvs_keys',
    0x05: 'efuse',
    0x06: 'undefined',
    0x80: 'esphttpd',
    0x81: 'fat',
    0x82: 'spiffs',
    0x83: 'littlefs',
    0x90: 'tee_ota',
  },
  2: { 0x00: 'primary', 0x01: 'ota', 0x02: 'recovery' },
  3: { 0x00: 'primary', 0x01: 'ota' },
};

export interface Partition {
  readonly label: string;
  readonly type: number;
  readonly subtype: number;
  readonly typeName: string;
  readonly subtypeName: string;
  /** Offset in flash. */
  readonly offset: number;
  readonly size: number;
  readonly encrypted: boolean;
  readonly readonly: boolean;
  /** Offset of the entry in the table. */
  readonly entryOffset: number;
}

export interface PartitionTable {
  readonly file: string;
  readonly partitions: readonly Partition[];
  /** Absent in tables made before ESP-IDF 3 or without the option. */
  readonly md5: { offset: number; stored: Uint8Array; computed: Uint8Array } | undefined;
}

/** Reads the entries; `partitionProblems` judges what they say. */
export function parsePartitionTable(bytes: Uint8Array, file: string): PartitionTable {
  const view = new ByteView(bytes, file);
  const partitions: Partition[] = [];
  let md5: PartitionTable['md5'];
  for (let at = 0; ; at += ENTRY_SIZE) {
    if (at >= PARTITION_TABLE_MAX_SIZE || (at === view.length && at > 0)) break;
    const entry = view.slice(at, ENTRY_SIZE, `partition entry ${at / ENTRY_SIZE}`);
    const magic = view.u16(at);
    if (magic === PARTITION_MAGIC) partitions.push(readPartition(view, at));
    else if (magic === MD5_MAGIC && at > 0) md5 = readMd5(view, at);
    else if (at > 0 && isFilledWith(entry, 0xff)) break;
    else {
      throw new InputError(file, `partition entry magic ${hex(magic, 4)}`, {
        offset: at,
        expected: at === 0 ? '0x50aa' : '0x50aa, 0xebeb or erased flash',
      });
    }
    if (md5 !== undefined) break;
  }
  return { file, partitions, md5 };
}

/** What is wrong with a table on a flash of this size; the bootloader would refuse most of it. */
export function partitionProblems(table: PartitionTable, flashSizeBytes: number): InputError[] {
  const problems: InputError[] = [];
  const report = (partition: Partition, problem: string, expected: string): void => {
    const detail = { offset: partition.entryOffset, expected };
    problems.push(new InputError(table.file, `${nameOf(partition)} ${problem}`, detail));
  };
  for (const partition of table.partitions) {
    const alignment = partition.type === TYPE_APP ? APP_ALIGNMENT : DATA_ALIGNMENT;
    if (partition.offset % alignment !== 0) {
      report(partition, 'is not aligned', `an offset that is a multiple of ${hex(alignment)}`);
    }
    if (partition.size === 0) report(partition, 'is empty', 'a size above 0');
    if (partition.offset + partition.size > flashSizeBytes) {
      report(partition, 'ends outside flash', `an end within ${hex(flashSizeBytes)} bytes`);
    }
  }
  checkOverlap(table, report);
  checkMd5(table, problems);
  return problems;
}

/** The partition the bootloader starts when ota_data is erased: factory, else the first OTA slot. */
export function defaultAppPartition(table: PartitionTable): Partition | undefined {
  const apps = table.partitions.filter((partition) => partition.type === TYPE_APP);
  return apps.find((p) => p.subtype === 0) ?? otaSlots(table)[0] ?? apps[0];
}

/** OTA application partitions in slot order. */
export function otaSlots(table: PartitionTable): Partition[] {
  const isSlot = (p: Partition): boolean => p.type === TYPE_APP && (p.subtype & 0xf0) === 0x10;
  return table.partitions.filter(isSlot).sort((a, b) => a.subtype - b.subtype);
}

export function otaDataPartition(table: PartitionTable): Partition | undefined {
  return table.partitions.find((p) => p.type === TYPE_DATA && p.subtype === 0);
}

function readPartition(view: ByteView, at: number): Partition {
  const [type, subtype] = [view.u8(at + 2), view.u8(at + 3)];
  const flags = view.u32(at + 28);
  return {
    label: printable(view.cString(at + 12, at + 28)),
    type,
    subtype,
    typeName: TYPE_NAMES[type] ?? hex(type, 2),
    subtypeName: subtypeName(type, subtype),
    offset: view.u32(at + 4),
    size: view.u32(at + 8),
    encrypted: (flags & 1) !== 0,
    readonly: (flags & 2) !== 0,
    entryOffset: at,
  };
}

function subtypeName(type: number, subtype: number): string {
  if (type === TYPE_APP && (subtype & 0xf0) === 0x10) return `ota_${subtype & 15}`;
  return SUBTYPE_NAMES[type]?.[subtype] ?? hex(subtype, 2);
}

/** The MD5 covers the entries before its own. */
function readMd5(view: ByteView, at: number): NonNullable<PartitionTable['md5']> {
  const stored = view.slice(at + 16, 16, 'MD5 of the partition table');
  const computed = createHash('md5').update(view.bytes.subarray(0, at)).digest();
  return { offset: at, stored, computed: new Uint8Array(computed) };
}

function checkMd5(table: PartitionTable, problems: InputError[]): void {
  const { md5 } = table;
  if (md5 === undefined || sameBytes(md5.stored, md5.computed)) return;
  const detail = { offset: md5.offset + 16, expected: toHexText(md5.computed) };
  problems.push(new InputError(table.file, `partition table MD5 ${toHexText(md5.stored)}`, detail));
}

function checkOverlap(
  table: PartitionTable,
  report: (partition: Partition, problem: string, expected: string) => void,
): void {
  const sorted = table.partitions.filter((p) => p.size > 0).sort((a, b) => a.offset - b.offset);
  for (let index = 1; index < sorted.length; index++) {
    const [low, high] = [sorted[index - 1], sorted[index]];
    if (low.offset + low.size <= high.offset) continue;
    report(high, `overlaps ${nameOf(low)}`, 'partitions apart from each other');
  }
}

function nameOf(partition: Partition): string {
  return `partition '${partition.label}' ${hexRange(partition.offset, partition.size)}`;
}
