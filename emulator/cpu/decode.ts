/**
 * Decoder: instruction word to row and operand slots, built from the instruction table.
 *
 * A word is the two or three bytes at the PC, little-endian; further bits are ignored. Bit 3 of the
 * first byte (op0 >= 8) makes an instruction two bytes long. An undefined encoding, including an
 * access to a special register that does not exist, decodes to `undefined`: the core raises
 * IllegalInstruction for it.
 */
import { IMMEDIATES, type Immediate, type OperandKind } from './isa/fields.ts';
import type { Operand, RegisterField, Row } from './isa/formats.ts';
import { INSTRUCTIONS, type Mnemonic } from './isa/table.ts';

export interface Decoded {
  readonly row: Row & { readonly mnemonic: Mnemonic };
  /** Position of the row in `INSTRUCTIONS`. */
  readonly index: number;
  readonly length: 2 | 3;
  /** Execution slots; those that the instruction does not use are 0. */
  readonly r: number;
  readonly s: number;
  readonly t: number;
  readonly imm: number;
}

/** Bytes of the instruction that starts with `firstByte`. */
export function instructionLength(firstByte: number): 2 | 3 {
  return (firstByte & 8) === 0 ? 3 : 2;
}

export function isImmediate(operand: Operand): operand is OperandKind {
  return operand in IMMEDIATES;
}

/** The field letter of a register operand such as `ar.s+`. */
export function registerField(operand: Operand): RegisterField {
  return operand.charAt(operand.indexOf('.') + 1) as RegisterField;
}

/** Register number that `field` of `word` names. */
export function registerNumber(word: number, field: RegisterField): number {
  switch (field) {
    case 'r':
      return (word >>> 12) & 15;
    case 's':
      return (word >>> 8) & 15;
    case 't':
      return (word >>> 4) & 15;
    case 'w':
      return (word >>> 12) & 3;
    case 'x':
      return (word >>> 14) & 1;
    case 'y':
      return 2 | ((word >>> 6) & 1);
  }
}

interface Pattern {
  readonly row: Decoded['row'];
  readonly index: number;
  readonly length: 2 | 3;
  readonly mask: number;
  readonly value: number;
  readonly fields: readonly RegisterField[];
  readonly immediates: readonly Immediate[];
}

function patternOf(row: Decoded['row'], index: number): Pattern {
  let mask = 0;
  let value = 0;
  let length = 0;
  for (const bit of row.bits.replace(/[ _]/g, '')) {
    mask = (mask << 1) | (bit === '0' || bit === '1' ? 1 : 0);
    value = (value << 1) | (bit === '1' ? 1 : 0);
    length++;
  }
  return {
    row,
    index,
    length: length === 16 ? 2 : 3,
    mask,
    value,
    fields: row.operands.filter((operand) => !isImmediate(operand)).map(registerField),
    immediates: row.operands.filter(isImmediate).map((kind) => IMMEDIATES[kind]),
  };
}

const PATTERNS: readonly Pattern[] = INSTRUCTIONS.map(patternOf);

/** The fixed bits of the row at `index` of `INSTRUCTIONS`. */
export function fixedBits(index: number): { readonly mask: number; readonly value: number } {
  return PATTERNS[index]!;
}

/** Candidates by op0, op1 and op2 (24 bits) or by op0, t and r (16 bits): 12 bits either way. */
const wideKey = (word: number): number => (word & 15) | ((word >>> 12) & 0xff0);
const narrowKey = (word: number): number => (word & 0xff) | ((word >>> 4) & 0xf00);

const CANDIDATES: readonly (readonly Pattern[])[] = Array.from({ length: 4096 }, (_, key) => {
  const narrow = (key & 8) !== 0;
  const word = narrow ? (key & 0xff) | ((key & 0xf00) << 4) : (key & 15) | ((key & 0xff0) << 12);
  const keyBits = narrow ? 0xf0ff : 0xff000f;
  return PATTERNS.filter(
    (pattern) =>
      (pattern.length === 2) === narrow && ((word ^ pattern.value) & pattern.mask & keyBits) === 0,
  );
});

export function decode(word: number, pc: number): Decoded | undefined {
  const candidates = CANDIDATES[(word & 8) === 0 ? wideKey(word) : narrowKey(word)]!;
  for (const pattern of candidates) {
    if ((word & pattern.mask) === pattern.value) return extract(pattern, word, pc);
  }
  return undefined;
}

function extract(pattern: Pattern, word: number, pc: number): Decoded | undefined {
  const slots = { r: 0, s: 0, t: 0, imm: 0 };
  for (const field of pattern.fields) slots[slotOf(field)] = registerNumber(word, field);
  for (const kind of pattern.immediates) {
    const value = kind.decode(word, pc);
    if (kind.exists?.(value) === false) return undefined;
    slots[kind.slot] |= value << (kind.pack ?? 0);
  }
  const { row, index, length } = pattern;
  return { row, index, length, r: slots.r, s: slots.s, t: slots.t, imm: slots.imm };
}

function slotOf(field: RegisterField): 'r' | 's' | 't' | 'imm' {
  switch (field) {
    case 'w':
      return 'r';
    case 'x':
      return 'imm';
    case 'y':
      return 't';
    default:
      return field;
  }
}
