import { describe, expect, it } from 'vitest';
import { IMMEDIATES, type Immediate, type OperandKind } from './fields.ts';
import { INSTRUCTIONS } from './table.ts';

const REGISTER_BITS: Record<string, number> = {
  r: 0xf000,
  s: 0x0f00,
  t: 0x00f0,
  w: 0x3000,
  x: 0x4000,
  y: 0x0040,
};

function letterMask(bits: string, letters: string): number {
  let mask = 0;
  for (const bit of bits.replace(/[ _]/g, '')) mask = (mask << 1) | (letters.includes(bit) ? 1 : 0);
  return mask;
}

const fixedBits = (bits: string) => letterMask(bits, '01');
const fixedValue = (bits: string) => letterMask(bits, '1');

/** All bits that a kind's values can set or that change its value, found by probing. */
function probeMask(kind: Immediate): number {
  const base = kind.decode(0, 0);
  let mask = 0;
  for (let bit = 0; bit < 24; bit++) if (kind.decode(1 << bit, 0) !== base) mask |= 1 << bit;
  return mask;
}

describe('instruction table', () => {
  it('has each mnemonic once', () => {
    const names = INSTRUCTIONS.map((row) => row.mnemonic);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(INSTRUCTIONS.map((row) => [row.mnemonic, row] as const))(
    '%s: the pattern has 16 or 24 bits and each letter is an operand',
    (_, row) => {
      const pattern = row.bits.replace(/[ _]/g, '');
      expect(pattern).toMatch(/^[01rstwxyi.]+$/);
      const narrow = (fixedValue(row.bits) & 8) !== 0;
      expect(fixedBits(row.bits) & 8).toBe(8);
      expect(pattern.length).toBe(narrow ? 16 : 24);
      let immediateBits = 0;
      const fields: string[] = [];
      for (const operand of row.operands) {
        if (operand in IMMEDIATES) immediateBits |= probeMask(IMMEDIATES[operand as OperandKind]);
        else fields.push(operand.split('.')[1]!.charAt(0));
      }
      expect(letterMask(row.bits, 'i')).toBe(immediateBits);
      for (const field of 'rstwxy')
        expect(letterMask(row.bits, field)).toBe(fields.includes(field) ? REGISTER_BITS[field] : 0);
    },
  );

  it('has no word that matches two rows', () => {
    for (let i = 0; i < INSTRUCTIONS.length; i++) {
      for (let j = i + 1; j < INSTRUCTIONS.length; j++) {
        const a = INSTRUCTIONS[i]!;
        const b = INSTRUCTIONS[j]!;
        const common = fixedBits(a.bits) & fixedBits(b.bits);
        const differ = (fixedValue(a.bits) ^ fixedValue(b.bits)) & common;
        if (differ === 0) throw new Error(`${a.mnemonic} and ${b.mnemonic} overlap`);
      }
    }
  });
});
