import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseElf } from '../loader/elf.ts';
import { InputError } from '../loader/errors.ts';
import { addAsm } from './asm.ts';
import { addDisasm } from './disasm.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep32-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs one command; returns what it prints. */
function run(...words: string[]): string {
  const program = new Command('lockstep32').exitOverride();
  addAsm(program);
  addDisasm(program);
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    program.parse(words, { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return printed;
}

function source(text: string): { readonly input: string; readonly output: string } {
  const input = join(folder, 'main.S');
  writeFileSync(input, text);
  return { input, output: join(folder, 'main.elf') };
}

const PROGRAM = `
_start: movi a2, value   # through a literal
        l32i a3, a2, 0
1:      addi a3, a3, -1
        bnez a3, 1b
        j    .
        .data
value:  .word 3
`;

describe('asm and disasm', () => {
  it('go round: source, ELF, text, and the same bytes again', () => {
    const { input, output } = source(PROGRAM);
    run('asm', input, '-o', output);
    const lines = run('disasm', output).split('\n');
    expect(lines[1]).toBe(`${output}:\tfile format elf32-xtensa`);
    const start = lines.indexOf('40080404 <_start>:');
    const texts = lines.slice(start + 1, -1).map((line) => line.slice(line.indexOf('\t') + 1));
    expect(texts).toEqual([
      'l32r\ta2, 0x40080400',
      'l32i\ta3, a2, 0',
      'addi\ta3, a3, -1',
      'bnez\ta3, 0x4008040a',
      'j\t0x40080410',
    ]);
    const again = join(folder, 'again.S');
    writeFileSync(again, `_start:\n${texts.join('\n')}`);
    run('asm', again, '-o', join(folder, 'again.elf'), '--section', '.text=0x40080404');
    const text = (file: string) =>
      parseElf(readFileSync(file), file).sections.find((section) => section.name === '.text')!
        .bytes;
    expect(text(join(folder, 'again.elf'))).toEqual(text(output));
  });

  it('place sections, take symbols from outside and start where they are told', () => {
    const { input, output } = source('nop\nmain: movi a2, printf\n.data\n.word 1');
    run('asm', input, '-o', output, '--section', '.text=0x40081000', '--section', '.data=0x3ffc0000',
      '--symbol', 'printf=0x40007d54', '--entry', 'main'); // prettier-ignore
    const elf = parseElf(readFileSync(output), output);
    expect(elf.entry).toBe(0x40081003);
    expect(elf.segments.map((segment) => segment.vaddr)).toEqual([
      0x3ffc0000, 0x40080ffc, 0x40081000,
    ]);
    expect([...elf.segments[1]!.bytes]).toEqual([0x54, 0x7d, 0x00, 0x40]);
  });

  it('name targets when asked', () => {
    const { input, output } = source(PROGRAM);
    run('asm', input, '-o', output);
    expect(run('disasm', '--symbols', output)).toContain('bnez\ta3, 0x4008040a <_start+0x6>');
  });

  it('leave out what llvm lacks when asked', () => {
    const { input, output } = source('_start: simcall');
    run('asm', input, '-o', output);
    expect(run('disasm', output)).toContain('00 51 00     \tsimcall');
    expect(run('disasm', '--llvm', output)).toContain('00 51 00     \t<unknown>');
  });

  it.each([
    ['addi a2, a3, 500', [], /main\.S:2: addi: 500 is out of range, expected -128\.\.127$/],
    ['nop', ['--entry', 'main'], /main\.S: no symbol main to start at; expected a label main:/],
    ['nop', ['--section', '.text'], /^--section: "\.text"; expected such as \.text=0x40080000$/],
    ['nop', ['--section', '.text=0x123456789'], /^--section: "\.text=0x123456789"; expected/],
    [
      'nop',
      ['--section', '.text=0x40080002'],
      /origin 0x40080002 of \.text, expected a multiple of 4/,
    ],
  ])('refuse %s %s in one line and write nothing', (text, options, message) => {
    const { input, output } = source(`_start:\n${text}`);
    const refused = (() => {
      try {
        return run('asm', input, '-o', output, ...options);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return (error as Error).message;
      }
    })();
    expect(refused).toMatch(message);
    expect(refused).not.toContain('\n');
    expect(existsSync(output)).toBe(false);
  });

  it('refuse files that are not there or not ELF', () => {
    const { input, output } = source('nop');
    expect(() => run('asm', join(folder, 'none.S'), '-o', output)).toThrow(InputError);
    expect(() => run('disasm', input)).toThrow(/main\.S at offset 0x0: not an ELF file/);
    const good = source('_start: nop');
    // A folder that is missing is made; one below a file cannot be.
    expect(() => run('asm', good.input, '-o', join(good.input, 'where.elf'))).toThrow(InputError);
  });
});
