import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asm, type Program } from '../cpu/assemble.ts';
import { hasLlvm, inFolder, objdumpFile } from '../cpu/llvm.fixtures.ts';
import { parseElf, parseElfLayout } from '../loader/elf.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { firmwareFiles, haveRealFiles, realBytes, realPath } from '../loader/real.fixtures.ts';
import { listing } from './listing.ts';

const elfOf = ({ entry, sections, symbols }: Program) => writeElf({ entry, sections, symbols });

const program = asm`
_start: call8 work
        .byte 0xff, 0xff, 0xff
        .space 18
        j     _start
        .align 4
work:   entry a1, 32
twin:   retw.n
        .section .iram1, "ax"
        nop`;

describe('listing', () => {
  it('labels, skips zeros and shows what is no instruction', () => {
    // As llvm-objdump-22 prints this program.
    expect([...listing(parseElf(elfOf(program), 'test.elf'))]).toEqual([
      '',
      'test.elf:\tfile format elf32-xtensa',
      '',
      'Disassembly of section .text:',
      '',
      '40080400 <_start>:',
      '40080400: a5 01 00     \tcall8\t0x4008041c',
      '40080403: ff ff ff     \t<unknown>',
      '\t\t...',
      '40080416: 00 00 06     \t<unknown>',
      '40080419: f9 ff        \ts32i.n\ta15, a15, 60',
      '4008041b: 00 36 41     \tsrli\ta3, a0, 6',
      '',
      '4008041c <work>:',
      '4008041c: 36 41 00     \tentry\ta1, 32',
      '',
      '4008041f <twin>:',
      '4008041f: 1d f0        \tretw.n',
      '',
      'Disassembly of section .iram1:',
      '',
      '40080424 <.iram1>:',
      '40080424: f0 20 00     \tnop',
    ]);
  });

  it('annotates targets when asked', () => {
    const elf = parseElf(elfOf(asm`start: j start`), 'test.elf');
    const lines = [...listing(elf, { symbol: (address) => `at ${address.toString(16)}` })];
    expect(lines.at(-1)).toBe('40080400: 06 ff ff     \tj\t0x40080400 <at 40080400>');
  });
});

const llvm = hasLlvm();

describe.skipIf(!llvm)(`listing against llvm-objdump-22${llvm ? '' : ' (missing)'}`, () => {
  it('prints our own ELF line by line as llvm-objdump does', () => {
    inFolder((folder) => {
      const file = join(folder, 'own.elf');
      const bytes = elfOf(program);
      writeFileSync(file, bytes);
      const lines = [...listing(parseElf(bytes, file), { onlyLlvm: true })];
      expect(`${lines.join('\n')}\n`).toBe(objdumpFile(file).join('\n'));
    });
  });
});

const real = haveRealFiles();

describe.skipIf(!llvm || !real)(
  `real firmware${real ? '' : ' (../shared/real is missing)'}`,
  () => {
    const files = [
      ...firmwareFiles('.elf')
        .filter(([folder]) => /blink-v5|v3\.0|v6\.1|rust/.test(folder))
        .map((names) => ['fw', ...names]),
      ['rom', 'esp32_rev300_rom.elf'],
    ];

    it.each(files.map((names) => [names.slice(-2).join('/'), names] as const))(
      '%s prints line by line as llvm-objdump does',
      (_, names) => {
        const path = realPath(...names);
        const ours = [...listing(parseElfLayout(realBytes(...names), path), { onlyLlvm: true })];
        const theirs = objdumpFile(path);
        expect(theirs.length).toBe(ours.length + 1);
        // KNOWN_DIVERGENCES: the operands of ADDMI and L32R.
        const plain = (line: string) => line.replace(/\t(addmi|l32r)\t.*/, '\t$1');
        const differing = ours.filter((line, index) => plain(line) !== plain(theirs[index]!));
        expect(differing.slice(0, 10)).toEqual([]);
      },
    );
  },
);
