import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { LineTable } from './dwarf-line.ts';
import { parseElf, type Elf } from './elf.ts';
import { damaged } from './fuzz.fixtures.ts';
import { firmwareFiles, haveProgram, haveRealFiles, realBytes, realPath } from './real.fixtures.ts';
import {
  ascii,
  buildElf,
  bytesOf,
  concat,
  SEED,
  survives,
  u16,
  u32,
} from './synthetic.fixtures.ts';

const TEXT = { address: 0x4008_0000, bytes: new Uint8Array(64) };
const START = u32(TEXT.address);

/**
 * Rows: 0x40080000 line 10; +3 line 11 (special opcode); +6 line 20 in file 2; +0x20 end.
 * line_base -3, line_range 12, opcode_base 10: special = (line step + 3) + 12 * address step + 10.
 */
const PROGRAM = concat(
  bytesOf(0, 5, 2),
  START,
  bytesOf(3, 9, 1),
  bytesOf(1 + 3 + 12 * 3 + 10),
  bytesOf(4, 2, 3, 9, 9),
  u16(3),
  bytesOf(1, 2, 26, 0, 1, 1),
);
const LENGTHS = bytesOf(0, 1, 1, 1, 1, 0, 0, 0, 1);
const PARAMETERS = bytesOf(1, 1, 0x100 - 3, 12, 10);

function unit(version: number, tables: Uint8Array, program = PROGRAM): Uint8Array {
  const instruction = version >= 4 ? bytesOf(1) : bytesOf();
  const fixed = concat(PARAMETERS.subarray(0, 1), instruction, PARAMETERS.subarray(1), LENGTHS);
  const header = concat(u32(fixed.length + tables.length), fixed, tables);
  const body = concat(u16(version), version >= 5 ? bytesOf(4, 0) : bytesOf(), header, program);
  return concat(u32(body.length), body);
}

const TABLES_2 = concat(
  ascii('/idf/soc\0inc\0\0'),
  ascii('main.c\0'),
  bytesOf(0, 0, 0),
  ascii('reg.h\0'),
  bytesOf(1, 0, 0, 0),
);
const TABLES_5 = concat(
  bytesOf(1, 1, 0x1f, 2),
  u32(0, 5),
  bytesOf(2, 1, 0x08, 2, 0x0b, 3),
  ...['main.c', 'main.c', 'reg.h'].map((name, i) => concat(ascii(`${name}\0`), bytesOf(i >> 1))),
);
const LINE_STRINGS = ascii('/src\0/idf/soc\0');
/** One compilation unit: name main.c, comp_dir /src, stmt_list 0. */
const ABBREVIATIONS = bytesOf(1, 0x11, 0, 0x03, 0x08, 0x1b, 0x08, 0x10, 0x17, 0, 0, 0);
const INFO_BODY = concat(u16(4), u32(0), bytesOf(4, 1), ascii('main.c\0/src\0'), u32(0));

function elfWith(line: Uint8Array): Elf {
  const sections = {
    '.debug_line': line,
    '.debug_line_str': LINE_STRINGS,
    '.debug_abbrev': ABBREVIATIONS,
    '.debug_info': concat(u32(INFO_BODY.length), INFO_BODY),
  };
  return parseElf(buildElf([TEXT], [], sections), 'app.elf');
}

describe('LineTable', () => {
  it.each([
    [2, TABLES_2],
    [3, TABLES_2],
    [4, TABLES_2],
    [5, TABLES_5],
  ])('reads DWARF %i', (version, tables) => {
    const lines = new LineTable(elfWith(unit(version, tables)));
    expect([0, 2, 3, 5, 6, 0x1f].map((offset) => lines.text(TEXT.address + offset))).toEqual([
      '/src/main.c:10',
      '/src/main.c:10',
      '/src/main.c:11',
      '/src/main.c:11',
      '/idf/soc/reg.h:20',
      '/idf/soc/reg.h:20',
    ]);
    expect(lines.text(TEXT.address + 0x20)).toBeUndefined();
    expect(lines.text(TEXT.address - 1)).toBeUndefined();
    expect(lines.problems).toEqual([]);
  });

  it('knows nothing in a file without debug data', () => {
    expect(new LineTable(parseElf(buildElf([TEXT]), 'app.elf')).text(TEXT.address)).toBeUndefined();
  });

  it('leaves out discarded functions and malformed units, and keeps the rest', () => {
    const dead = PROGRAM.slice();
    dead.fill(0, 3, 7);
    const foreign = concat(u32(6), u16(9), u32(0));
    const line = concat(unit(4, TABLES_2, dead), foreign, unit(3, TABLES_2));
    const lines = new LineTable(elfWith(line));
    expect(lines.lookup(2)).toBeUndefined();
    expect(lines.text(TEXT.address)).toBe('main.c:10');
    expect(lines.problems.map((p) => p.message)).toEqual([
      expect.stringMatching(
        /^app\.elf \(\.debug_line\) at offset 0x.*: line table version 9; expected DWARF 2 to 5$/,
      ),
    ]);
  });

  it('survives any damage', () => {
    const sections = fc.oneof(damaged(unit(4, TABLES_2)), damaged(unit(5, TABLES_5)));
    const property = fc.property(sections, (line) =>
      survives(() => new LineTable(elfWith(line)).lookup(TEXT.address)),
    );
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });
});

const oracle = haveRealFiles() && haveProgram('llvm-symbolizer-22');
/** Every 29th byte of every executable section: unaligned, so all instruction lengths occur. */
const STEP = 29;

/**
 * Padding between two functions: it lies before the end of the line table's sequence, but past the
 * function's range in .debug_aranges, which the symbolizer asks first.
 */
const KNOWN_DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  'idf_hello_world-v3.0-gjyoung': [
    '0x40081076 crosscore_int.c:106, symbolizer ??:0',
    '0x4008129d intr_alloc.c:807, symbolizer ??:0',
    '0x40083c6a flash_mmap.c:141, symbolizer ??:0',
  ],
};

describe.skipIf(!oracle)('line tables of real executables against llvm-symbolizer-22', () => {
  it.each(firmwareFiles('.elf'))('%s/%s', (folder, file) => {
    const elf = parseElf(realBytes('fw', folder, file), file);
    const lines = new LineTable(elf);
    const addresses: number[] = [];
    for (const section of elf.sections.filter((s) => s.allocated && (s.flags & 4) !== 0)) {
      for (let at = 0; at < section.size; at += STEP) addresses.push(section.address + at);
    }
    const theirs = symbolize(realPath('fw', folder, file), addresses);
    const differing = addresses.flatMap((address, i) => {
      const ours = lines.lookup(address);
      const text = ours === undefined ? '??:0' : `${ours.file}:${ours.line}`;
      // A unit without rows in .debug_aranges gives the symbolizer a file without a line (esp-hal).
      const silent = theirs[i].endsWith(':0');
      return text === theirs[i] || (silent && !isListed(text))
        ? []
        : [`0x${address.toString(16)} ${text.replace(/.*\//, '')}, symbolizer ${theirs[i]}`];
    });
    expect(addresses.length).toBeGreaterThan(300);
    expect(differing).toEqual(KNOWN_DIFFERENCES[folder] ?? []);
    expect(lines.problems).toEqual([]);
  });
});

function isListed(text: string): boolean {
  return !text.startsWith('??');
}

function symbolize(path: string, addresses: readonly number[]): string[] {
  const input = addresses.map((address) => `0x${address.toString(16)}`).join('\n');
  const options = ['--obj', path, '--no-inlines', '--functions=none', '--output-style=GNU'];
  const output = execFileSync('llvm-symbolizer-22', options, {
    input: `${input}\n`,
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const clean = (line: string): string =>
    line.replace(/ \(discriminator.*/, '').replace(/:\?$/, ':0');
  return output.toString().trim().split('\n').map(clean);
}
