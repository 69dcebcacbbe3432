/**
 * Immediate operand kinds: how bits become a value, how a value becomes bits, and which of the
 * four execution slots (r, s, t, imm) carries the value to the exec function.
 *
 * Slots: register operands always travel in the slot of their field letter. The exec signature is
 * `(cpu, r, s, t, imm)`; branch and jump targets arrive in `imm` as absolute addresses.
 */
export type Slot = 'r' | 's' | 't' | 'imm';

export interface Immediate {
  readonly slot: Slot;
  /** Value from the instruction word; `pc` is the instruction's address. */
  decode(word: number, pc: number): number;
  /** Bits (in place) for `value`, or undefined when it cannot be encoded at `pc`. */
  encode(value: number, pc: number): number | undefined;
  /** The range, for error messages: `-128..127`. */
  readonly range: string;
  readonly pcRelative?: true;
}

export type OperandKind = keyof typeof IMMEDIATES;

export const IMMEDIATES = {
  /** ADDI, and with no shift the byte loads' signed cousin. RRI8 imm8, sign-extended. */
  imm8s: {
    slot: 'imm',
    decode: (word) => (word << 8) >> 24,
    encode: (value) => (value >= -128 && value <= 127 ? (value & 0xff) << 16 : undefined),
    range: '-128..127',
  },
  /** L32I, S32I and kin: unsigned imm8 * 4. */
  uimm8x4: {
    slot: 'imm',
    decode: (word) => ((word >>> 16) & 0xff) << 2,
    encode: (value) =>
      value >= 0 && value <= 1020 && value % 4 === 0 ? (value >> 2) << 16 : undefined,
    range: '0..1020, a multiple of 4',
  },
} as const satisfies Record<string, Immediate>;
