import { describe, expect, it } from 'vitest';
import { asm } from '../cpu/assemble.ts';
import { parseElf, readSymbols, sectionNamed } from './elf.ts';
import { writeElf } from './elf-writer.ts';

const program = asm`
        .global _start
_start: movi  a2, table
        movi  a3, 0x12345678
        j     .
LIMIT = 77
        .data
        .byte 1
table:  .byte 2, 3
        .bss
buffer: .space 256`;
const { entry, sections, symbols } = program;

describe('writeElf', () => {
  const elf = parseElf(writeElf({ entry, sections, symbols }), 'written.elf');

  it('holds the sections where the assembler put them', () => {
    expect(elf.entry).toBe(program.address('_start'));
    for (const section of sections) {
      const read = sectionNamed(elf, section.name)!;
      expect(read.address).toBe(section.address);
      expect(read.size).toBe(section.bytes.length);
      if (!section.flags.nobits) expect(read.bytes).toEqual(section.bytes);
    }
  });

  it('loads one segment per section, without bytes for .bss', () => {
    expect(elf.segments.map(({ vaddr, memSize, flags }) => [vaddr, memSize, flags])).toEqual([
      [0x40080400, 8, 5],
      [0x40080408, 9, 5],
      [0x3ffb0000, 3, 6],
      [0x3ffb0003, 256, 6],
    ]);
    expect(elf.segments.map((segment) => segment.bytes.length)).toEqual([8, 9, 3, 0]);
    // The loader's rule of p_offset: congruent to p_vaddr modulo the page, here four bytes.
    for (const { offset, vaddr, bytes } of elf.segments) {
      if (bytes.length > 0) expect(offset % 4).toBe(vaddr % 4);
    }
  });

  it('names the symbols, local ones first', () => {
    const read = readSymbols(elf).map(({ name, address, binding, absolute }) => ({
      name,
      address,
      binding,
      absolute,
    }));
    expect(read).toEqual([
      { name: 'table', address: 0x3ffb0001, binding: 'local', absolute: false },
      { name: 'buffer', address: 0x3ffb0003, binding: 'local', absolute: false },
      { name: 'LIMIT', address: 77, binding: 'local', absolute: true },
      { name: '_start', address: 0x40080408, binding: 'global', absolute: false },
    ]);
  });
});
