import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';
import { decode } from './decode.ts';
import { disassemble } from './disassemble.ts';
import { missingInLlvm } from './isa/llvm-divergences.ts';
import { INSTRUCTIONS } from './isa/table.ts';

function word(bytes: Uint8Array): number {
  return bytes[0]! | (bytes[1]! << 8) | ((bytes[2] ?? 0) << 16);
}

const slots = (source: string, pc = 0) => {
  const decoded = decode(word(assemble(source, { origins: { '.text': pc } }).bytes()), pc)!;
  const { r, s, t, imm } = decoded;
  return { mnemonic: decoded.row.mnemonic, length: decoded.length, r, s, t, imm };
};

describe('decode', () => {
  it('puts registers into the slot of their field and immediates into that of their kind', () => {
    const op = (
      mnemonic: string,
      length: number,
      r: number,
      s: number,
      t: number,
      imm: number,
    ) => ({
      mnemonic,
      length,
      r,
      s,
      t,
      imm,
    });
    expect(slots('add a1, a2, a3')).toEqual(op('add', 3, 1, 2, 3, 0));
    expect(slots('addi a1, a2, -3')).toEqual(op('addi', 3, 0, 2, 1, -3));
    expect(slots('movi.n a5, -32')).toEqual(op('movi.n', 2, 0, 5, 0, -32));
    expect(slots('extui a1, a2, 17, 9')).toEqual(op('extui', 3, 1, 17, 2, 9));
    expect(slots('beqi a3, 256, . + 4')).toEqual(op('beqi', 3, 256, 3, 0, 4));
    expect(slots('bltui a3, 65536, . + 8', 0x1000)).toEqual(op('bltui', 3, 65536, 3, 0, 0x1008));
    expect(slots('bbsi a3, 31, . + 4')).toEqual(op('bbsi', 3, 0, 3, 31, 4));
    expect(slots('break 1, 15')).toEqual(op('break', 3, 0, 1, 15, 0));
    expect(slots('rsr a2, ccount')).toEqual(op('rsr', 3, 0, 0, 2, 234));
    expect(slots('wur a2, fcr')).toEqual(op('wur', 3, 0, 0, 2, 232));
    expect(slots('mula.dd.hl.lddec m3, a4, m1, m2')).toEqual(op('mula.dd.hl.lddec', 3, 3, 4, 2, 1));
    expect(slots('mula.da.ll.ldinc m2, a4, m0, a9')).toEqual(op('mula.da.ll.ldinc', 3, 2, 4, 9, 0));
    expect(slots('f64iter a1, a2, a3, 2, 1')).toEqual(op('f64iter', 3, 1, 2, 3, 6));
    expect(slots('f64addc a1, a2, 3, 1')).toEqual(op('f64addc', 3, 3, 2, 1, 1));
  });

  it('knows the instructions that only the chip has, by its opcode table', () => {
    // Encodings: the opcode templates of the chip's binutils configuration.
    const listing: readonly (readonly [source: string, word: number])[] = [
      ['l32ai a2, a3, 4', 0x01b322],
      ['s32ri a2, a3, 4', 0x01f322],
      ['rer a2, a3', 0x406320],
      ['wer a2, a3', 0x407320],
      ['ssa8b a3', 0x403300],
      ['s32nb a2, a3, 4', 0x591320],
      ['simcall', 0x005100],
      ['rfdo 1', 0xf1e100],
      ['rfdd', 0xf1e010],
      ['f64iter a1, a2, a3, 0, 0', 0x8e1230],
      ['f64iter a1, a2, a3, 3, 1', 0xfe1230],
      ['f64rnd a1, a2, a3, 2', 0x6e1230],
      ['f64addc a1, a2, 0, 1', 0xfb1210],
      ['f64subc a1, a2, 1, 0', 0xfba210],
      ['f64sig a1, a2', 0x0ed210],
      ['f64cmpl a1, a2, a3', 0xeb1230],
      ['f64cmph a1, a2, a3, 5', 0x5f1230],
      ['f64norm a1, a2, a3, 1', 0x3e1230],
      ['f64sexp a1, a2, a3', 0x1e1230],
      ['rf64r a1, 1', 0x0bcf10],
      ['wf64r a1, a2, 1', 0x0bf120],
      ['rur a1, expstate', 0xe31e60],
      ['wur a1, expstate', 0xf3e610],
      ['read_impwire a1', 0x0e0010],
      ['setb_expstate 17', 0x0e1110],
      ['clrb_expstate 1', 0x0e1210],
      ['wrmsk_expstate a1, a2', 0x0e2210],
      ['wsr a1, mmid', 0x135910],
      ['wsr a1, debugcause', 0x13e910],
      ['xsr a1, debugcause', 0x61e910],
    ];
    for (const [source, expected] of listing) {
      expect(word(assemble(source).bytes()).toString(16), source).toBe(expected.toString(16));
      expect(disassemble(expected, 0)).toBe(source.replace(' ', '\t'));
      expect(disassemble(expected, 0, { onlyLlvm: true }), source).toBeUndefined();
    }
    const covered = new Set(listing.map(([source]) => source.split(' ')[0]));
    for (const { mnemonic } of INSTRUCTIONS) {
      if (missingInLlvm(mnemonic, undefined)) expect(covered).toContain(mnemonic);
    }
  });

  it('has no answer for what the chip does not define', () => {
    const undefinedWords = {
      'RSR of a special register that does not exist': 0x03ff20,
      'RSR of LITBASE': 0x030520,
      'WSR of PRID': 0x13eb20,
      'XSR of INTERRUPT': 0x61e220,
      'RUR of a user register that does not exist': 0xe32000,
      'DHWB, a data cache instruction': 0x007242,
      'IHI, an instruction cache instruction': 0x0072e2,
      'RET with s = 1': 0x000180,
      'MUL.AA with r = 1': 0x741234,
      'a narrow instruction with op0 = 14': 0x00000e,
    };
    for (const [what, value] of Object.entries(undefinedWords)) {
      expect(decode(value, 0), what).toBeUndefined();
    }
  });

  it('ignores bits beyond the instruction', () => {
    expect(decode(0xabf00d | 0, 0)?.row.mnemonic).toBe('ret.n');
    expect(decode(0xff802340 | 0, 0)).toEqual(decode(0x802340, 0));
  });

  it('wraps targets at 32 bits', () => {
    expect(disassemble(word(assemble('beqz a2, . - 8').bytes()), 4)).toBe('beqz\ta2, 0xfffffffc');
    expect(slots('j . + 0x100', -0x80 >>> 0).imm).toBe(0x80);
  });
});
