import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checkAddresses, parseElf, parseElfLayout, readSymbols, sectionNamed } from './elf.ts';
import { damaged } from './fuzz.fixtures.ts';
import { firmwareFiles, haveProgram, haveRealFiles, realBytes, realPath } from './real.fixtures.ts';
import {
  ascii,
  buildElf,
  bytesOf,
  errorOf,
  patched,
  SEED,
  survives,
  u16,
  u32,
} from './synthetic.fixtures.ts';

const IRAM = { address: 0x4008_0000, bytes: ascii('code', 32) };
const DRAM = { address: 0x3ffb_0000, bytes: ascii('data', 16), memSize: 64 };
const good = buildElf([IRAM, DRAM], [{ name: 'main', address: 0x4008_0004, size: 8 }], {
  '.comment': ascii('made here'),
});
/** Output of the LLVM tools can be many megabytes. */
const BIG = { maxBuffer: 1 << 28 };
const parse = (bytes: Uint8Array) => () => parseElf(bytes, 'app.elf');

describe('parseElf', () => {
  it('reads entry, segments, sections and symbols', () => {
    const elf = parseElf(good, 'app.elf');
    expect(elf.entry).toBe(0x4008_0000);
    expect(elf.segments.map((s) => [s.vaddr, s.bytes.length, s.memSize])).toEqual([
      [0x4008_0000, 32, 32],
      [0x3ffb_0000, 16, 64],
    ]);
    expect(elf.segments[0].bytes).toEqual(IRAM.bytes);
    expect(sectionNamed(elf, '.comment')?.bytes).toEqual(ascii('made here'));
    expect(readSymbols(elf)).toMatchObject([
      { name: 'main', address: 0x4008_0004, size: 8, type: 'function', binding: 'global' },
    ]);
  });

  it.each([
    ['another file', ascii('#!/bin/sh\n', 64), 'at offset 0x0: not an ELF file; expected 7f 45'],
    ['an empty file', new Uint8Array(0), 'not an ELF file'],
    ['only a magic', good.subarray(0, 4), 'truncated: ELF class needs 1 bytes; expected a file of'],
    ['a cut header', good.subarray(0, 40), 'truncated: ELF header needs 52 bytes'],
    ['64-bit', patched(good, 4, bytesOf(2)), 'at offset 0x4: a 64-bit ELF file; expected class 1'],
    ['big-endian', patched(good, 5, bytesOf(2)), 'at offset 0x5: a big-endian ELF file; expected'],
    [
      'RISC-V',
      patched(good, 18, u16(243)),
      'at offset 0x12: machine 243 (RISC-V); expected machine 94',
    ],
    [
      'an unknown machine',
      patched(good, 18, u16(9999)),
      'machine 9999; expected machine 94 (Xtensa)',
    ],
    [
      'an object file',
      patched(good, 16, u16(1)),
      'at offset 0x10: a relocatable object; expected type 2',
    ],
    ['a shared object', patched(good, 16, u16(3)), 'a shared object; expected type 2'],
    ['no program headers', patched(good, 44, u16(0)), 'at offset 0x2c: no program headers'],
    ['too many program headers', patched(good, 44, u16(0xffff)), '65535 program headers; expected'],
    ['a foreign header size', patched(good, 42, u16(56)), 'program header size 56; expected 32'],
    [
      'a program header table outside',
      patched(good, 28, u32(0x10000)),
      'truncated: program header table',
    ],
    [
      'a section header table outside',
      patched(good, 32, u32(0xffffff00)),
      'truncated: section header table',
    ],
    [
      'a segment outside the file',
      patched(good, 52 + 4, u32(0x7000)),
      'truncated: segment 0 lies at file 0x7000..0x7020',
    ],
    [
      'more file than memory',
      patched(good, 52 + 20, u32(4)),
      'segment 0 has 0x20 file bytes for 0x4 bytes of memory',
    ],
    [
      'an address wrap',
      patched(good, 52 + 8, u32(0xfffffff0)),
      'segment 0 0xfffffff0..0x100000010; expected',
    ],
    [
      'a bad name table index',
      patched(good, 50, u16(77)),
      'at offset 0x32: section name table index 77',
    ],
  ])('refuses %s', (_what, bytes, message) => {
    expect(errorOf(parse(bytes))).toContain(message);
  });

  it('names both ranges of overlapping segments, in either order', () => {
    const low = { address: 0x3ffb_0000, bytes: ascii('low', 32) };
    const high = { address: 0x3ffb_001f, bytes: ascii('high', 16) };
    const message =
      'segments 0x3ffb0000..0x3ffb0020 and 0x3ffb001f..0x3ffb002f overlap; expected segments apart';
    expect(errorOf(parse(buildElf([low, high])))).toContain(message);
    expect(errorOf(parse(buildElf([high, low])))).toContain(message);
    expect(parseElfLayout(buildElf([low, high]), 'rom.elf').segments).toHaveLength(2);
    const touching = { address: 0x3ffb_0020, bytes: ascii('next', 4) };
    expect(parseElf(buildElf([low, touching]), 'app.elf').segments).toHaveLength(2);
  });

  it('asks a predicate whether a segment lies in memory', () => {
    const elf = parseElf(good, 'app.elf');
    const asked: number[][] = [];
    checkAddresses(elf, (start, size) => asked.push([start, size]) > 0);
    expect(asked).toEqual([
      [0x4008_0000, 32],
      [0x3ffb_0000, 64],
    ]);
    expect(errorOf(() => checkAddresses(elf, (start) => start !== 0x3ffb_0000))).toBe(
      'app.elf at offset 0x94: segment 0x3ffb0000..0x3ffb0040 is outside memory; ' +
        'expected internal RAM (0x3ffae000..0x3fffffff, 0x40070000..0x4009ffff, RTC memories)',
    );
  });

  it('refuses a symbol table whose names overlap without end', () => {
    const long = 'x'.repeat(0x800);
    const many = Array.from({ length: 400 }, () => ({ name: '', address: 0 }));
    const symbols = [{ name: long, address: 0 }, ...many];
    const bytes = buildElf([IRAM], symbols);
    const elf = parseElf(bytes, 'app.elf');
    const table = elf.sections.find((section) => section.type === 2);
    for (let at = 16; at < (table?.size ?? 0); at += 16) table?.bytes.set(u32(1), at);
    expect(errorOf(() => readSymbols(elf))).toContain('symbol names overlap endlessly');
  });

  it('survives any damage', () => {
    const property = fc.property(damaged(good), (bytes) =>
      survives(() => {
        const elf = parseElf(bytes, 'fuzz.elf');
        readSymbols(elf);
        checkAddresses(elf, () => true);
      }),
    );
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });
});

const oracle = haveRealFiles() && haveProgram('llvm-readelf-22');

describe.skipIf(!oracle)('symbols of real executables', () => {
  it.each(firmwareFiles('.elf'))('%s/%s agrees with llvm-readelf-22', (folder, file) => {
    const elf = parseElf(realBytes('fw', folder, file), file);
    expect(elf.segments.length).toBeGreaterThan(3);
    const table = execFileSync('llvm-readelf-22', ['-sW', realPath('fw', folder, file)], BIG);
    const types = { none: 'NOTYPE', object: 'OBJECT', function: 'FUNC', section: 'SECTION' };
    const ours = readSymbols(elf).map((s) => {
      const type = { ...types, file: 'FILE', tls: 'TLS', other: '?' }[s.type];
      const value = s.address.toString(16).padStart(8, '0');
      return [value, s.size, type, s.binding.toUpperCase(), s.type === 'section' ? '' : s.name];
    });
    const theirs = table
      .toString()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((column) => /^\d+:$/.test(column[0]) && column[6] !== 'UND')
      .map(([, value, size, type, binding, , , name]) => {
        return [value, Number(size), type, binding, type === 'SECTION' ? '' : (name ?? '')];
      });
    expect(ours).toEqual(theirs);
  });
});

describe.skipIf(!haveRealFiles())('real executables', () => {
  it('leaves out the ELF header that ESP-IDF 3.0 puts below the data window', () => {
    const elf = parseElf(realBytes('fw', 'idf_hello_world-v3.0-gjyoung', 'app.elf'), 'app.elf');
    expect(elf.segments[0].vaddr).toBe(0x3f40_0020);
    checkAddresses(elf, (start) => start >= 0x3f40_0000);
  });
});
