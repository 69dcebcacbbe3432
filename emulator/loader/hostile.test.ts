/**
 * Damaged and hostile files to every reader: ELFs with all their debug information, images,
 * partition tables. The outcome is a result or one line of InputError, soon and in bounded memory.
 */
import fc from 'fast-check';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeValue } from '../testing/guest-value.ts';
import { locate } from '../testing/variable.ts';
import { buildTypes, C_TYPES, CPP_TYPES, RUST_TYPES } from '../testing/variable-types.fixtures.ts';
import { appDescription, bootloaderDescription } from './app-description.ts';
import { LineTable } from './dwarf-line.ts';
import type { GuestType } from './dwarf-types.ts';
import { DebugTypes } from './dwarf-variables.ts';
import { parseElf, parseElfLayout, sectionNamed } from './elf.ts';
import type { Elf } from './elf.ts';
import { damaged } from './fuzz.fixtures.ts';
import { imageProblems, parseImage } from './image.ts';
import {
  otaDataPartition,
  otaSlots,
  parsePartitionTable,
  partitionProblems,
} from './partitions.ts';
import { haveProgram } from './real.fixtures.ts';
import { parseRom } from './rom.ts';
import { SymbolTable } from './symbols.ts';
import { ascii, buildElf, bytesOf, concat, errorOf, SEED, survives, u16, u32 } from './synthetic.fixtures.ts'; // prettier-ignore

/** Of one file of some kilobytes, with the suite's other tests on the same cores. */
const SLOWEST_MS = 5000;
const MOST_BYTES = 1 << 16;

const canBuild = ['clang-22', 'llvm-mc-22', 'xtensa-lx106-elf-ld', '/usr/bin/rustc'].every(haveProgram); // prettier-ignore
let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'lockstep32-hostile-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** What an ELF is asked for by the rest of the project; every part goes on when another one fails. */
function useElf(bytes: Uint8Array): void {
  const elf = parseElfLayout(bytes, 'a.elf');
  const parts = [() => parseElf(bytes, 'a.elf'), useSymbols, useLines, useTypes];
  for (const part of parts) expect(outcomeOf(() => part(elf))).toBe('');
}

function useSymbols(elf: Elf): void {
  const table = SymbolTable.fromElf(elf);
  for (const { vaddr, memSize } of elf.segments)
    for (let i = 0; i < 16; i++) table.name(vaddr + Math.floor((memSize * i) / 16));
  table.suggest('app_mian');
  table.named('app::main');
}

function useLines(elf: Elf): void {
  const lines = new LineTable(elf);
  for (const { vaddr } of elf.segments) for (let i = 0; i < 64; i += 2) lines.text(vaddr + i);
}

function useTypes(elf: Elf): void {
  const types = new DebugTypes(elf);
  for (const name of types.names.slice(0, 200)) {
    survivesAll(() => visit(locate(name, [types]).variable.type(), 4));
    survivesAll(() => locate(`${name}[0].value->next`, [types]));
  }
  survivesAll(() => types.typeNamed('Node'));
  survivesAll(() => locate('nowhere', [types]));
}

/** As users' paths do: through members, elements and pointers, some steps deep; and a value of it. */
function visit(type: GuestType, depth: number): void {
  if (depth === 0) return;
  if (type.size <= MOST_BYTES) survivesAll(() => decodeValue(type, new Uint8Array(type.size)));
  if (type.kind === 'pointer') visit(type.target(), depth - 1);
  else if (type.kind === 'array') visit(type.element, depth - 1);
  else if (type.kind === 'struct' || type.kind === 'union')
    for (const field of type.fields.slice(0, 20)) visit(field.type(), depth - 1);
  else if (type.kind === 'variants')
    for (const { field } of type.variants.slice(0, 20)) visit(field.type(), depth - 1);
}

function survivesAll(action: () => unknown): void {
  if (!survives(action)) action();
}

/** Checks `use` on seeded damage; the first bad or slow case fails by its number. */
function fuzz(
  cases: fc.Arbitrary<Uint8Array>,
  use: (bytes: Uint8Array) => unknown,
  numRuns: number,
): void {
  fc.sample(cases, { seed: SEED, numRuns }).forEach((bytes, index) => {
    const start = process.hrtime.bigint();
    const outcome = outcomeOf(() => use(bytes));
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    expect(outcome, `case ${index} of seed ${SEED}`).toBe('');
    expect(took, `case ${index} of seed ${SEED}`).toBeLessThan(SLOWEST_MS);
  });
}

/** Empty for a result or an InputError of one line, else what was thrown. */
function outcomeOf(action: () => unknown): string {
  let thrown = '';
  const passed = survives(() => {
    try {
      return action();
    } catch (error) {
      thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw error;
    }
  });
  return passed ? '' : thrown;
}

/** Damage within one section, where the headers let it be reached. */
function damagedSection(original: Uint8Array, name: string): fc.Arbitrary<Uint8Array> {
  const section = sectionNamed(parseElfLayout(original, 'a.elf'), name);
  if (section === undefined || section.size === 0) return fc.constant(original);
  return damaged(section.bytes).map((bytes) => {
    const copy = original.slice();
    copy.set(bytes, section.offset);
    return copy;
  });
}

const SECTIONS = ['.debug_info', '.debug_abbrev', '.debug_line', '.debug_str', '.debug_str_offsets', '.debug_addr', '.debug_line_str', '.symtab', '.strtab'] as const; // prettier-ignore

describe.skipIf(!canBuild)('damaged ELFs of compilers', { timeout: 60_000 }, () => {
  it.each([
    ['c4', 'c', C_TYPES, '-gdwarf-4'],
    ['c5', 'c', C_TYPES, '-gdwarf-5'],
    ['cpp', 'cpp', CPP_TYPES, '-gdwarf-5'],
    ['rs', 'rs', RUST_TYPES, ''],
  ] as const)('%s', (name, language, source, flag) => {
    const flags = flag === '' ? [] : [flag];
    const elf = new Uint8Array(readFileSync(buildTypes(folder, name, language, source, flags)));
    useElf(elf);
    const sections = SECTIONS.map((section) => damagedSection(elf, section));
    fuzz(fc.oneof({ weight: 4, arbitrary: sections[0]! }, { weight: 3, arbitrary: sections[1]! }, ...sections, damaged(elf)), useElf, 100); // prettier-ignore
  });
});

describe('damaged files of the firmware', { timeout: 60_000 }, () => {
  const image = (name: string): Uint8Array => new Uint8Array(readFileSync(`firmware/images/${name}`)); // prettier-ignore
  const front = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
    damaged(bytes.subarray(0, 512)).map((head) => concat(head, bytes.subarray(head.length)));

  it('ELFs', () => {
    fuzz(fc.oneof(damaged(image('bootloader.elf')), front(image('shell.elf'))), useElf, 100);
    fuzz(front(image('open-rom.elf')), (bytes) => parseRom(bytes, 'rom.elf'), 50);
  });

  it('images', () => {
    const use = (bytes: Uint8Array): void => {
      const parsed = parseImage(bytes, 'app.bin');
      imageProblems(parsed);
      appDescription(parsed);
      bootloaderDescription(parsed);
    };
    const [boot, app] = [image('bootloader.bin'), image('shell.bin')];
    fuzz(fc.oneof(damaged(boot), front(boot), front(app), damaged(app)), use, 300);
  });

  it('partition tables', () => {
    const real = '../shared/real/fw/idf_blink-v5.1.2-erisdar/partition-table.bin';
    const row = concat(u16(0x50aa), bytesOf(1, 2), u32(0x9000, 0x6000), ascii('nvs', 16), u32(0));
    const table = existsSync(real) ? new Uint8Array(readFileSync(real)) : row;
    const use = (bytes: Uint8Array): void => {
      const parsed = parsePartitionTable(bytes, 'table.bin');
      partitionProblems(parsed, 1 << 22);
      otaSlots(parsed);
      otaDataPartition(parsed);
    };
    fuzz(fc.oneof(damaged(table), damaged(table.subarray(0, 160))), use, 500);
  });
});

const TEXT = [{ address: 0x4008_0000, bytes: new Uint8Array(64) }];
const elfWith = (sections: Readonly<Record<string, Uint8Array>>): Elf =>
  parseElfLayout(buildElf(TEXT, [], sections), 'bad.elf');

/** A DWARF 4 unit of these bytes of entries. */
function unit(...entries: Uint8Array[]): Uint8Array {
  const body = concat(u16(4), u32(0), bytesOf(4), ...entries);
  return concat(u32(body.length), body);
}

const FORM = { data1: 0x0b, string: 0x08, ref4: 0x13, present: 0x19, exprloc: 0x18, indirect: 0x16, sdata: 0x0d }; // prettier-ignore
const abbreviation = (
  code: number,
  tag: number,
  children: number,
  ...attributes: number[]
): Uint8Array =>
  // prettier-ignore
  bytesOf(code, tag, children, ...attributes, 0, 0);
/** 1: unit; 2: variable x at 0x3ffb0000 of a type; 3: typedef; 4: structure; 5: unnamed member; 6: array; 7: its range. */
const ABBREVIATIONS = concat(
  abbreviation(1, 0x11, 1),
  abbreviation(2, 0x34, 0, 0x03, FORM.string, 0x49, FORM.ref4, 0x02, FORM.exprloc),
  abbreviation(3, 0x16, 0, 0x49, FORM.ref4),
  abbreviation(4, 0x13, 1, 0x0b, FORM.data1),
  abbreviation(5, 0x0d, 0, 0x49, FORM.ref4, 0x38, FORM.data1),
  abbreviation(6, 0x01, 1, 0x49, FORM.ref4),
  abbreviation(7, 0x21, 0, 0x37, FORM.sdata),
  abbreviation(8, 0x34, 0, 0x03, FORM.string, 0x47, FORM.ref4),
  bytesOf(0),
);
/** Offsets of what follows the unit header and the unit's own entry; then the variable, 16 bytes. */
const FIRST = 11 + 1;
const variable = (type: number): Uint8Array =>
  concat(bytesOf(2), ascii('x\0'), u32(type), bytesOf(5, 3), u32(0x3ffb_0000));
const BEHIND = FIRST + variable(0).length;

function typeOfX(...entries: Uint8Array[]): GuestType {
  const info = unit(bytesOf(1), variable(BEHIND), ...entries, bytesOf(0));
  const types = new DebugTypes(elfWith({ '.debug_info': info, '.debug_abbrev': ABBREVIATIONS }));
  return locate('x', [types]).variable.type();
}

describe('hostile debug information', { timeout: 30_000 }, () => {
  it('types that contain themselves', () => {
    const typedef = (to: number): Uint8Array => concat(bytesOf(3), u32(to));
    const deep = /^bad\.elf \(\.debug_info\) at offset 0x\w+: types nested too deep$/;
    expect(errorOf(() => typeOfX(typedef(BEHIND)))).toMatch(deep);
    expect(errorOf(() => typeOfX(typedef(BEHIND + 5), typedef(BEHIND)))).toMatch(deep);
    const anonymous = concat(bytesOf(4, 8, 5), u32(BEHIND), bytesOf(0, 0));
    expect(errorOf(() => typeOfX(anonymous))).toMatch(deep);
    const array = concat(bytesOf(6), u32(BEHIND), bytesOf(7, 2, 0));
    expect(errorOf(() => typeOfX(array))).toMatch(deep);
    expect(typeOfX(typedef(0xffff_ffff)).kind).toBe('opaque');
  });

  it('arrays of arrays without a bound on their size', () => {
    const level = (i: number): Uint8Array =>
      concat(bytesOf(6), u32(BEHIND + 8 * (i + 1)), bytesOf(7, 0x7f & 63, 0));
    const base = concat(bytesOf(4, 8), bytesOf(0));
    const levels = Array.from({ length: 20 }, (_, i) => level(i));
    expect(errorOf(() => typeOfX(...levels, base))).toMatch(/: an array of 63 elements$/);
    const huge = concat(bytesOf(6), u32(BEHIND), bytesOf(7, 0xff, 0xff, 0xff, 0xff, 0x3f, 0));
    expect(survives(() => typeOfX(huge))).toBe(true);
  });

  it('numbers and tables without an end', () => {
    const endless = new Uint8Array(1 << 20).fill(0x80);
    const read = (sections: Record<string, Uint8Array>) => () => new DebugTypes(elfWith(sections));
    const root = unit(bytesOf(1));
    const leb = /: a LEB128 number without an end; expected at most 24 bytes$/;
    expect(errorOf(read({ '.debug_info': root, '.debug_abbrev': endless }))).toMatch(leb);
    expect(errorOf(read({ '.debug_info': unit(endless), '.debug_abbrev': ABBREVIATIONS }))).toMatch(leb); // prettier-ignore
    expect(errorOf(read({ '.debug_info': root, '.debug_abbrev': bytesOf(1, 0x11, 1, 3, 8) }))).toMatch(/truncated/); // prettier-ignore
    const indirect = concat(bytesOf(1, 0x11, 0, 3, FORM.indirect, 0, 0, 0));
    const loop = unit(bytesOf(1, ...new Array<number>(100).fill(FORM.indirect)));
    expect(errorOf(read({ '.debug_info': loop, '.debug_abbrev': indirect }))).toMatch(/DWARF form 0x16/); // prettier-ignore
  });

  it('an entry of one byte with thousands of attributes, many times', () => {
    const attributes = new Array<number>(10_000).fill(0).flatMap(() => [0x3f, FORM.present]);
    const table = concat(abbreviation(1, 0x11, 1), bytesOf(2, 0x34, 0, ...attributes, 0, 0, 0));
    const info = unit(bytesOf(1), new Uint8Array(30_000).fill(2));
    const start = process.hrtime.bigint();
    expect(errorOf(() => new DebugTypes(elfWith({ '.debug_info': info, '.debug_abbrev': table })))).toMatch(/its entries overlap endlessly/); // prettier-ignore
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(SLOWEST_MS);
  });

  it('units whose abbreviations overlap', () => {
    const table = concat(...Array.from({ length: 8_000 }, (_, i) => bytesOf(1 + (i & 63), 1, 0, 0, 0)), bytesOf(0)); // prettier-ignore
    const units = Array.from({ length: 5_000 }, (_, i) => {
      const body = concat(u16(4), u32(5 * i), bytesOf(4, 1));
      return concat(u32(body.length), body);
    });
    const elf = elfWith({ '.debug_info': concat(...units), '.debug_abbrev': table });
    expect(errorOf(() => new DebugTypes(elf))).toMatch(/its entries overlap endlessly/);
    expect(survives(() => new LineTable(elf).text(0x4008_0000))).toBe(true);
  });

  it('names that share one long text', () => {
    const strings = new Uint8Array(1 << 16).fill(0x61);
    const table = concat(abbreviation(1, 0x11, 1), bytesOf(2, 0x39, 1, 3, 0x0e, 0, 0), bytesOf(0));
    const spaces = Array.from({ length: 50_000 }, (_, i) => concat(bytesOf(2), u32(i)));
    const elf = elfWith({ '.debug_info': unit(bytesOf(1), ...spaces), '.debug_abbrev': table, '.debug_str': strings }); // prettier-ignore
    expect(errorOf(() => new DebugTypes(elf))).toMatch(/its entries overlap endlessly/);
  });

  it('definitions that name themselves as their declaration', () => {
    const own = concat(bytesOf(8), ascii('y\0'), u32(FIRST));
    const info = unit(bytesOf(1), own, bytesOf(0));
    const types = new DebugTypes(elfWith({ '.debug_info': info, '.debug_abbrev': ABBREVIATIONS }));
    expect(errorOf(() => locate('y', [types]))).toContain("'y' has no place in memory");
  });

  it('symbols that demangle to nothing finite', () => {
    const bomb = '_RINvC1a1fT' + 'TB7_'.repeat(200);
    const symbols = Array.from({ length: 500 }, (_, i) => ({ name: bomb + i, address: 0x4008_0000 + i })); // prettier-ignore
    const table = SymbolTable.fromElf(parseElf(buildElf(TEXT, symbols), 'bad.elf'));
    const start = process.hrtime.bigint();
    expect(table.named('a::f')).toEqual([]);
    expect(table.name(0x4008_0000)).toBe(`${bomb}0`);
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(SLOWEST_MS);
  });
});
