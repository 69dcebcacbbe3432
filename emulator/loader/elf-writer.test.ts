import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asm, assemble } from '../cpu/assemble.ts';
import { inFolder } from '../cpu/llvm.fixtures.ts';
import { parseElf, readSymbols, sectionNamed } from './elf.ts';
import { writeElf } from './elf-writer.ts';
import { haveProgram } from './real.fixtures.ts';

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
      [0x3ffb0000, 3, 6],
      [0x3ffb0003, 256, 6],
      [0x40080400, 8, 5],
      [0x40080408, 9, 5],
    ]);
    expect(elf.segments.map((segment) => segment.bytes.length)).toEqual([3, 0, 8, 9]);
    for (const { offset, vaddr } of elf.segments) expect(offset % 4096).toBe(vaddr % 4096);
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

const qemu = haveProgram('qemu-xtensa');

describe.skipIf(!qemu)(`a written ELF under qemu-xtensa${qemu ? '' : ' (missing)'}`, () => {
  it('runs: write(1, text, 6), exit(42)', () => {
    const { entry, sections, symbols } = assemble(
      `_start: movi a2, 13
              movi a6, 1
              movi a3, text
              movi a4, 6
              syscall
              movi a2, 118
              movi a6, 42
              syscall
              .data
       text:  .ascii "hello\\n"`,
      { origins: { '.literal': 0x10000ffc, '.text': 0x10001000, '.data': 0x10010002 } },
    );
    inFolder((folder) => {
      const file = join(folder, 'hello.elf');
      writeFileSync(file, writeElf({ entry, sections, symbols }), { mode: 0o755 });
      const result = spawnSync('qemu-xtensa', ['-cpu', 'dc233c', file], { encoding: 'utf8' });
      expect(result.stdout).toBe('hello\n');
      expect(result.status).toBe(42);
    });
  });
});
