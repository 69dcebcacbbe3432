import { describe, expect, it } from 'vitest';
import { asm, assemble, AssembleError } from './assemble.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getUint32(4 * i, true));
}

describe('assemble', () => {
  it('encodes plain instructions as the manual states', () => {
    expect(hex(asm`add a2, a3, a4; nop; ret.n`.bytes())).toBe('402380' + 'f02000' + '0df0');
  });

  it('resolves labels and numeric labels in both directions', () => {
    const program = asm`
      1:    nop.n
      2:    j     1f
            j     1b
      1:    beqz  a2, 2b
            bnez  a2, 1b
      end:`;
    const base = 0x40080400;
    // J: PC + 4 + offset, the offset in bits 6..23.
    const j = (from: number, to: number): string => {
      const word = (((to - from - 4) & 0x3ffff) << 6) | 6;
      return [word, word >> 8, word >> 16]
        .map((b) => (b & 0xff).toString(16).padStart(2, '0'))
        .join('');
    };
    const text = hex(program.bytes());
    expect(text.slice(4, 10)).toBe(j(2, 8));
    expect(text.slice(10, 16)).toBe(j(5, 0));
    expect(program.address('end')).toBe(base + 14);
  });

  it('writes MOVI as L32R of a literal ahead of the code when the value does not fit', () => {
    const program = asm`
            movi  a2, 2047
            movi  a3, 2048
            movi  a4, 2048
            movi  a5, data + 4
            .data
      data: .word 0`;
    const [literal, text] = program.sections;
    expect(literal!.name).toBe('.literal');
    expect(words(literal!.bytes)).toEqual([2048, program.address('data') + 4]);
    expect(text!.address).toBe(literal!.address + 8);
    expect(hex(text!.bytes)).toBe('22a7ff' + '31fdff' + '41fcff' + '51fcff');
  });

  it('takes 32-bit patterns of small negative numbers as MOVI', () => {
    expect(hex(asm`movi a2, 0xffffffff`.bytes())).toBe(hex(asm`movi a2, -1`.bytes()));
  });

  it('keeps literals at .literal_position', () => {
    const program = assemble(
      `
      .section .vector, "ax"
            j     start
            .literal_position
      start: movi a2, 0x12345678
            .literal name, 7
            l32r  a3, name`,
      { origins: { '.vector': 0x40080000 } },
    );
    expect(program.sections.map((section) => section.name)).toEqual(['.vector']);
    expect(words(program.bytes('.vector').slice(4, 12))).toEqual([0x12345678, 7]);
    expect(program.address('start')).toBe(0x4008000c);
  });

  it('puts the literals of a placed section just before it', () => {
    const program = assemble('movi a2, 0x12345', { origins: { '.text': 0x400d0020 } });
    expect(program.sections.map(({ name, address }) => [name, address])).toEqual([
      ['.literal', 0x400d001c],
      ['.text', 0x400d0020],
    ]);
  });

  it('lays out data, alignment, strings and fills', () => {
    const program = asm`
            .data
            .byte 1, 0x80, -1, 'A'
            .short 0x1234
            .balign 8
            .word -1, end - start, (1 << 31)
      start: .asciz "a\n\x41\101;#"
      end:  .p2align 2
            .fill 2, 2, 0xabcd
            .space 3, 0x55
            .bss
      zero: .space 0x20`;
    expect(hex(program.bytes('.data'))).toBe(
      '0180ff41' + '3412' + '0000' + 'ffffffff' + '07000000' + '00000080' +
        '610a41413b2300' + '00' + 'cdabcdab' + '555555',
    ); // prettier-ignore
    expect(program.bytes('.bss')).toHaveLength(0x20);
    expect(program.sections.find((section) => section.name === '.bss')!.flags.nobits).toBe(true);
  });

  it('binds operators as GNU as does', () => {
    const program = asm`
      .data
      .word 1 + 2 * 3, 1 | 2 + 4, 6 & 3 - 1, 1 << 4 + 1, -7 / 2, -7 % 4, ~0 & 0xff, 010, 0b101
      .word 0x80000000 >> 31, -1 >> 4, 7 ^ 2, - - 3`;
    expect(words(program.bytes('.data')).map((word) => word | 0)).toEqual([
      7, 7, 1, 17, -3, -3, 255, 8, 5, 1, -1, 5, 3,
    ]);
  });

  it('knows .set, .equ, = and the location counter', () => {
    const program = asm`
      SIZE = 3
      .equ NEXT, SIZE + 1
      .set LATER, end - start
      start: addi a2, a2, SIZE
             addi a2, a2, NEXT
      end:
      LENGTH = . - start
             movi a3, LENGTH
             .data
             .word LATER, LENGTH, .`;
    expect(words(program.bytes('.data'))).toEqual([6, 6, 0x3ffb0008]);
    expect(program.address('NEXT')).toBe(4);
  });

  it('knows the GNU spellings of registers and instructions', () => {
    const same = (a: string, b: string): void =>
      expect(hex(assemble(a).bytes())).toBe(hex(assemble(b).bytes()));
    same('rsr.ps a2', 'rsr a2, ps');
    same('wsr.intset a2', 'wsr a2, 226');
    same('wur.threadptr a2', 'wur a2, threadptr');
    same('mov a2, a3', 'or a2, a3, a3');
    same('_movi a2, 5', 'movi a2, 5');
    same('ADDI sp, SP, -16', 'addi a1, a1, -16');
    same('all4 b1, b4:b5:b6:b7', 'all4 b1, b4');
    same('bbci.l a2, 3, .+4', 'bbci a2, 3, .+4');
  });

  it('fills the gaps of code with NOPs', () => {
    expect(hex(asm`ret.n; .align 4; nop`.bytes())).toBe('0df0' + '3df0' + 'f02000');
    expect(hex(asm`nop; .align 8; nop`.bytes())).toBe('f02000' + 'f02000' + '3df0' + 'f02000');
  });

  it('reads symbols from outside', () => {
    const program = assemble('movi a2, ets_printf', { symbols: { ets_printf: 0x40007d54 } });
    expect(words(program.bytes('.literal'))).toEqual([0x40007d54]);
  });
});

describe('assembler errors', () => {
  it.each([
    ['addi a2, a3, 200', 'addi: 200 is out of range, expected -128..127'],
    ['l32i a2, a3, 3', 'l32i: 3 is out of range, expected 0..1020, a multiple of 4'],
    ['frob a2', 'unknown instruction "frob", expected one of the LX6'],
    ['.frob 1', 'unknown directive ".frob", expected one such as .word, .align or .section'],
    ['add a2, a3', 'add has 2 operands, expected 3: aN, aN, aN'],
    ['add a2, f3, a4', 'add: "f3", expected a register a0..a15'],
    ['any4 b0, b2', 'any4: "b2", expected a register b0..b15, a multiple of 4'],
    ['ldinc m4, a2', 'ldinc: "m4", expected a register m0..m3'],
    ['mul.da.ll m2, a2', 'mul.da.ll: "m2", expected a register m0..m1'],
    [
      'rsr a2, intset',
      'rsr: "intset", expected the name of a register that this instruction can access',
    ],
    ['movi a2, nowhere', 'undefined symbol "nowhere"'],
    ['j nowhere', 'undefined symbol "nowhere"'],
    ['j . + 0x40000', /^j: target 0x400c0403 is out of range, expected -131072\.\.131071 bytes/],
    ['a: nop; a: nop', '"a" is already defined in line 1'],
    ['beqz a2, 1f', 'no label 1: after 1f'],
    ['beqz a2, 1b', 'no label 1: before 1b'],
    ['.word 1 / 0', 'division by zero'],
    ['.word (1', 'expected ) in "(1"'],
    ['.word 1 2', 'unexpected "2" in "1 2"'],
    ['.word 089', '089 is not an octal number'],
    ['.byte 256', 'value 256 does not fit, expected -128..255 (1 bytes)'],
    ['.align 3', 'alignment to 3 bytes, expected a power of two up to 65536'],
    ['.section .odd', 'section .odd needs flags, such as .section .odd, "ax"'],
    ['.ascii abc', 'abc is not a string, expected "..."'],
    ['.ascii "abc', 'string without end, expected "'],
    ['/* abc', 'comment without end, expected */'],
    ['add a2,, a3', 'empty operand in "a2,, a3"'],
    ['x = x + 1', 'symbol "x" is defined by itself'],
    ['.space 0x7fffffff', 'section .text is larger than 16777216 bytes'],
    ['.space -1', 'count -1, expected 0 or more'],
    ['.data; nop', 'instruction in .data, expected a section with flag x'],
    ['.bss; .word 1', 'data in .bss, expected .space: it has no contents'],
  ])('%s', (source, message) => {
    const text = (() => {
      try {
        assemble(`nop\n${source}`, { file: 'x.S' });
      } catch (error) {
        expect(error).toBeInstanceOf(AssembleError);
        return (error as Error).message;
      }
      return 'assembled';
    })();
    expect(text).not.toContain('\n');
    const [, line, what] = /^x\.S:(\d+): (.*)$/.exec(text)!;
    expect(Number(line)).toBe(2);
    if (typeof message === 'string') expect(what).toBe(message.replace('in line 1', 'in line 2'));
    else expect(what).toMatch(message);
  });

  it('names the line after block comments and continued statements', () => {
    expect(() => assemble('/* a\nb\n*/ nop\nfoo', { file: 'y.S' })).toThrow(/^y\.S:4: /);
  });

  it('refuses overlapping sections', () => {
    expect(() =>
      assemble('.section .a, "ax"; nop; .section .b, "ax"; nop', {
        origins: { '.a': 0x40080000, '.b': 0x40080000 },
      }),
    ).toThrow(/section \.b at 0x40080000 overlaps \.a that ends at 0x40080003/);
  });
});

describe('hostile source', () => {
  const seed = 0xa55e4b1e;

  it(`ends in a program or an AssembleError, seed ${seed.toString(16)}`, () => {
    let state = seed | 0;
    const next = (limit: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % limit;
    };
    const pieces = [
      'a: ', '1: ', 'addi a2, a3, 4', 'movi a2, ', 'j 1b', 'beqz a3, 1f', '.word ', '.space ', '.section .x, "ax"',
      '.data', '.text', '.literal l, ', '.literal_position', '.align ', '.set x, ', 'x = ', '.ascii "', '"', "'", '\\', '(', ')',
      ', ', ' + ', ' << ', '-', '~', '.', 'x', 'a', '0x', '99999999999999999999', '4', '/*', '*/', '#', ';', '\n', '\n', '.fill ',
      'rsr.ps a2', 'any4 b0, b0:b1:b2:b3', '\u0000', '\u{1f600}', 'mov a1, ', '.rodata', '.weak x', '__proto__', 'constructor',
    ]; // prettier-ignore
    let assembled = 0;
    for (let i = 0; i < 5_000; i++) {
      let source = '';
      for (let n = 1 + next(12); n > 0; n--) source += pieces[next(pieces.length)]!;
      try {
        assemble(source);
        assembled++;
      } catch (error) {
        if (!(error instanceof AssembleError)) throw new Error(`${source}: ${String(error)}`);
        expect(error.message).not.toContain('\n');
      }
    }
    expect(assembled).toBeGreaterThan(100);
  });
});
