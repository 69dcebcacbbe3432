import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damaged } from './fuzz.fixtures.ts';
import { crc32OfSequence, otaSlotIndex, readOtaData } from './ota-data.ts';
import {
  defaultAppPartition,
  otaDataPartition,
  otaSlots,
  parsePartitionTable,
  partitionProblems,
} from './partitions.ts';
import { firmwareFiles, haveRealFiles, realBytes } from './real.fixtures.ts';
import {
  ascii,
  buildTable,
  bytesOf,
  concat,
  errorOf,
  FACTORY_TABLE,
  patched,
  SEED,
  survives,
  u16,
  u32,
  type PartitionSpec,
} from './synthetic.fixtures.ts';

const MB = 0x10_0000;
const good = buildTable();
const parse = (bytes: Uint8Array) => () => parsePartitionTable(bytes, 'table.bin');
const problems = (rows: readonly PartitionSpec[], flash = 4 * MB): string[] =>
  partitionProblems(parsePartitionTable(buildTable(rows), 't'), flash).map((p) => p.message);

const OTA_TABLE: readonly PartitionSpec[] = [
  ['nvs', 1, 2, 0x9000, 0x5000],
  ['otadata', 1, 0, 0xe000, 0x2000],
  ['app1', 0, 0x11, 0x15_0000, 0x14_0000],
  ['app0', 0, 0x10, 0x1_0000, 0x14_0000],
];

describe('parsePartitionTable', () => {
  it('reads entries, names and the MD5', () => {
    const table = parsePartitionTable(good, 'table.bin');
    const rows = table.partitions.map((p) => `${p.label} ${p.typeName}/${p.subtypeName}`);
    expect(rows).toEqual(['nvs data/nvs', 'phy_init data/phy', 'factory app/factory']);
    expect(table.partitions[2]).toMatchObject({ offset: 0x1_0000, size: MB, entryOffset: 64 });
    expect(table.md5?.stored).toEqual(table.md5?.computed);
    expect(partitionProblems(table, 4 * MB)).toEqual([]);
  });

  it.each([
    [0, 0x1f, 'app/ota_15'],
    [0, 0x20, 'app/test'],
    [1, 0x82, 'data/spiffs'],
    [1, 0x99, 'data/0x99'],
    [0x40, 0x07, '0x40/0x07'],
  ])('names type %i subtype %i', (type, subtype, name) => {
    const table = parsePartitionTable(buildTable([['x', type, subtype, 0x1_0000, 0x1000]]), 't');
    expect(`${table.partitions[0].typeName}/${table.partitions[0].subtypeName}`).toBe(name);
  });

  it('reads flags, a table without MD5, and one that fills all 0xc00 bytes', () => {
    const entry = concat(
      u16(0x50aa),
      bytesOf(1, 2),
      u32(0x9000, 0x1000),
      ascii('a label of sixteen').subarray(0, 16),
      u32(3),
    );
    const [found] = parsePartitionTable(entry, 't').partitions;
    expect(found).toMatchObject({ label: 'a label of sixte', encrypted: true, readonly: true });
    const full = concat(...Array.from({ length: 96 }, () => entry), ascii('more'));
    expect(parsePartitionTable(full, 't').partitions).toHaveLength(96);
    expect(parsePartitionTable(full, 't').md5).toBeUndefined();
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'truncated: partition entry 0 needs 32 bytes'],
    [
      'erased flash',
      new Uint8Array(0xc00).fill(255),
      'at offset 0x0: partition entry magic 0xffff; expected 0x50aa',
    ],
    [
      'a bad entry',
      patched(good, 32, u16(0x1234)),
      'at offset 0x20: partition entry magic 0x1234; expected 0x50aa, 0xebeb or erased',
    ],
    ['a cut entry', good.subarray(0, 40), 'at offset 0x20: truncated: partition entry 1 needs 32'],
  ])('refuses %s', (_what, bytes, message) => {
    expect(errorOf(parse(bytes))).toContain(message);
  });

  it('survives any damage', () => {
    const property = fc.property(damaged(good.subarray(0, 256)), (bytes) =>
      survives(() => {
        const table = parsePartitionTable(bytes, 'fuzz.bin');
        partitionProblems(table, 4 * MB);
        defaultAppPartition(table);
        otaSlots(table);
      }),
    );
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });
});

describe('partitionProblems', () => {
  it('names both partitions of an overlap', () => {
    expect(problems([...FACTORY_TABLE, ['more', 1, 2, 0x10_f000, 0x2000]])).toEqual([
      "t at offset 0x60: partition 'more' 0x10f000..0x111000 overlaps partition 'factory' " +
        '0x10000..0x110000; expected partitions apart from each other',
    ]);
  });

  it('finds a partition outside flash, to the byte', () => {
    expect(problems(FACTORY_TABLE, 0x11_0000)).toEqual([]);
    expect(problems(FACTORY_TABLE, MB)).toEqual([
      "t at offset 0x40: partition 'factory' 0x10000..0x110000 ends outside flash; " +
        'expected an end within 0x100000 bytes',
    ]);
  });

  it('finds misaligned and empty partitions', () => {
    expect(problems([['a', 0, 0, 0x1_8000, 0x1000]])[0]).toContain('a multiple of 0x10000');
    expect(problems([['d', 1, 2, 0x9100, 0x1000]])[0]).toContain('a multiple of 0x1000');
    expect(problems([['d', 1, 2, 0x9000, 0]])[0]).toContain('is empty; expected a size above 0');
  });

  it('finds a wrong MD5', () => {
    const table = parsePartitionTable(patched(good, 12, ascii('NVS')), 'table.bin');
    const [problem] = partitionProblems(table, 4 * MB);
    expect(problem.message).toMatch(
      /^table\.bin at offset 0x70: partition table MD5 [0-9a-f]{32}; expected [0-9a-f]{32}$/,
    );
  });
});

describe('OTA', () => {
  it('orders the slots and chooses the default application', () => {
    const ota = parsePartitionTable(buildTable(OTA_TABLE), 't');
    expect(otaSlots(ota).map((p) => p.label)).toEqual(['app0', 'app1']);
    expect(defaultAppPartition(ota)?.label).toBe('app0');
    expect(otaDataPartition(ota)?.offset).toBe(0xe000);
    expect(defaultAppPartition(parsePartitionTable(good, 't'))?.label).toBe('factory');
  });

  it('takes the newer usable entry', () => {
    const entry = (sequence: number, state: number): Uint8Array =>
      concat(u32(sequence), new Uint8Array(20).fill(255), u32(state, crc32OfSequence(sequence)));
    const pair = (a: Uint8Array, b: Uint8Array): Uint8Array =>
      concat(a, new Uint8Array(0x1000 - 32).fill(255), b);
    expect(readOtaData(pair(entry(5, 2), entry(6, 2)), 'o').sequence).toBe(6);
    expect(readOtaData(pair(entry(5, 2), entry(6, 3)), 'o').sequence).toBe(5);
    expect(readOtaData(patched(pair(entry(5, 2), entry(4, 2)), 28, u32(0)), 'o').sequence).toBe(4);
    expect(readOtaData(new Uint8Array(0x2000).fill(255), 'o').sequence).toBeUndefined();
    expect([1, 2, 3, 4].map((sequence) => otaSlotIndex(sequence, 2))).toEqual([0, 1, 0, 1]);
  });

  it('computes the CRC that the Arduino core ships for sequence 1', () => {
    expect(crc32OfSequence(1)).toBe(0x4743_989a);
  });
});

describe.skipIf(!haveRealFiles())('real partition tables', () => {
  const tables = firmwareFiles('.bin').filter(([, file]) => file.includes('partition'));
  it.each(tables)('%s/%s has no problems on 4 MB', (folder, file) => {
    const table = parsePartitionTable(realBytes('fw', folder, file), file);
    expect(table.partitions.length).toBeGreaterThan(2);
    expect(table.md5).toBeDefined();
    expect(partitionProblems(table, 4 * MB)).toEqual([]);
    expect(defaultAppPartition(table)?.offset).toBe(0x1_0000);
  });

  it("reads the Arduino core's boot_app0.bin", () => {
    const folder = 'arduino_hello_world-2.0.x-idf4.4.7-espressif';
    expect(readOtaData(realBytes('fw', folder, 'boot_app0.bin'), 'boot_app0.bin').sequence).toBe(1);
  });
});
