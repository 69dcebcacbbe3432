/**
 * Immediate operand kinds: how bits become a value, how a value becomes bits, and which of the
 * four execution slots (r, s, t, imm) carries the value to the exec function.
 *
 * Slots: register operands always travel in the slot of their field letter. The exec signature is
 * `(cpu, r, s, t, imm)`; branch and jump targets arrive in `imm` as absolute addresses (int32).
 * Kinds are named after the operands of the chip's configuration, where the manual has no name.
 */
import { specialRegisterName } from './special-registers.ts';
import { userRegisterName } from './user-registers.ts';

export type Slot = 'r' | 's' | 't' | 'imm';

export interface Immediate {
  readonly slot: Slot;
  /** Value from the instruction word; `pc` is the instruction's address. */
  decode(word: number, pc: number): number;
  /** Bits (in place) for `value`, or undefined when it cannot be encoded at `pc`. */
  encode(value: number, pc: number): number | undefined;
  /** The range, for error messages: `-128..127`. */
  readonly range: string;
  /** The value is an address made from the PC: `code` addresses print as labels. */
  readonly pcRelative?: true;
  /** For numbers of registers: whether the register exists. Other encodings are illegal. */
  exists?(value: number): boolean;
  /** Two immediates share the slot: this one is shifted left by so many bits and ORed in. */
  readonly pack?: number;
}

export type OperandKind = keyof typeof IMMEDIATES;

/** B4CONST: the constants of BEQI, BNEI, BLTI and BGEI. */
const B4CONST = [-1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256] as const;
/** B4CONSTU: the constants of BLTUI and BGEUI. */
const B4CONSTU = [32768, 65536, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256] as const;

const between = (value: number, low: number, high: number, step = 1): boolean =>
  value >= low && value <= high && value % step === 0;

/** Unsigned field of `width` bits at `position`, value = field * scale. */
function unsigned(slot: Slot, position: number, width: number, scale = 1): Immediate {
  const mask = (1 << width) - 1;
  const max = mask * scale;
  return {
    slot,
    decode: (word) => ((word >>> position) & mask) * scale,
    encode: (value) => (between(value, 0, max, scale) ? (value / scale) << position : undefined),
    range: scale === 1 ? `0..${max}` : `0..${max}, a multiple of ${scale}`,
  };
}

/** Signed field of `width` bits at `position`, value = field * scale. */
function signed(slot: Slot, position: number, width: number, scale = 1): Immediate {
  const mask = (1 << width) - 1;
  const half = 1 << (width - 1);
  const low = -half * scale;
  const high = (half - 1) * scale;
  return {
    slot,
    decode: (word) => ((((word >>> position) & mask) ^ half) - half) * scale,
    encode: (value) =>
      between(value, low, high, scale) ? ((value / scale) & mask) << position : undefined,
    range: scale === 1 ? `${low}..${high}` : `${low}..${high}, a multiple of ${scale}`,
  };
}

/** Branch target: PC + 4 + signed (or unsigned) field. */
function label(position: number, width: number, isSigned: boolean): Immediate {
  const field = isSigned ? signed('imm', position, width) : unsigned('imm', position, width);
  return {
    slot: 'imm',
    decode: (word, pc) => (pc + 4 + field.decode(word, pc)) | 0,
    encode: (value, pc) => field.encode((value - pc - 4) | 0, pc),
    range: `${field.range} bytes from the instruction's address + 4`,
    pcRelative: true,
  };
}

/** A table of 16 constants indexed by the r field. */
function constants(table: readonly number[]): Immediate {
  return {
    slot: 'r',
    decode: (word) => table[(word >>> 12) & 15]!,
    encode: (value) => {
      const index = table.indexOf(value);
      return index < 0 ? undefined : index << 12;
    },
    range: `one of ${table.join(', ')}`,
  };
}

/** An 8-bit register number; `name` returns undefined for registers that do not exist. */
function register(position: number, name: (number: number) => string | undefined): Immediate {
  return {
    slot: 'imm',
    decode: (word) => (word >>> position) & 0xff,
    encode: (value) => (name(value) === undefined ? undefined : value << position),
    exists: (value) => name(value) !== undefined,
    range: 'the name of a register that this instruction can access',
  };
}

export const IMMEDIATES = {
  /** ADDI: RRI8 imm8, sign-extended. */
  imm8s: signed('imm', 16, 8),
  /** L8UI, S8I. */
  uimm8: unsigned('imm', 16, 8),
  /** L16UI, L16SI, S16I. */
  uimm8x2: unsigned('imm', 16, 8, 2),
  /** L32I, S32I and kin: unsigned imm8 * 4. */
  uimm8x4: unsigned('imm', 16, 8, 4),
  /** ADDMI: imm8 * 256. */
  simm8x256: signed('imm', 16, 8, 256),
  /** MOVI: imm12, its high four bits in the s field. */
  simm12b: {
    slot: 'imm',
    decode: (word) => (((word & 0xf00) | ((word >>> 16) & 0xff)) << 20) >> 20,
    encode: (value) =>
      between(value, -2048, 2047) ? (value & 0xf00) | ((value & 0xff) << 16) : undefined,
    range: '-2048..2047',
  },
  /** MOVI.N: -32..95. */
  simm7: {
    slot: 'imm',
    decode: (word) => {
      const field = (word & 0x70) | ((word >>> 12) & 15);
      return field >= 96 ? field - 128 : field;
    },
    encode: (value) =>
      between(value, -32, 95) ? (value & 0x70) | ((value & 15) << 12) : undefined,
    range: '-32..95',
  },
  /** ADDI.N: 0 stands for -1. */
  ai4const: {
    slot: 'imm',
    decode: (word) => (word >>> 4) & 15 || -1,
    encode: (value) => (value === -1 ? 0 : between(value, 1, 15) ? value << 4 : undefined),
    range: '-1 or 1..15',
  },
  /** L32I.N, S32I.N, S32NB: r field * 4. */
  lsi4x4: unsigned('imm', 12, 4, 4),
  /** L32E, S32E: r field, -64..-4. */
  immrx4: {
    slot: 'imm',
    decode: (word) => (((word >>> 12) & 15) - 16) * 4,
    encode: (value) => (between(value, -64, -4, 4) ? (value / 4 + 16) << 12 : undefined),
    range: '-64..-4, a multiple of 4',
  },
  /** ENTRY: imm12 * 8. */
  uimm12x8: unsigned('imm', 12, 12, 8),
  /** ROTW: t field, -8..7. */
  simm4: signed('imm', 4, 4),
  /** B4CONST of BEQI, BNEI, BLTI, BGEI. */
  b4const: constants(B4CONST),
  /** B4CONSTU of BLTUI, BGEUI. */
  b4constu: constants(B4CONSTU),
  /** BBCI, BBSI: bit number, its high bit in r. */
  bbi: {
    slot: 't',
    decode: (word) => ((word >>> 8) & 16) | ((word >>> 4) & 15),
    encode: (value) =>
      between(value, 0, 31) ? ((value & 16) << 8) | ((value & 15) << 4) : undefined,
    range: '0..31',
  },
  /** SLLI: 32 - sa is encoded. A field of 0 means 32, which no assembler writes. */
  msalp32: {
    slot: 'imm',
    decode: (word) => 32 - (((word >>> 16) & 16) | ((word >>> 4) & 15)),
    encode: (value) =>
      between(value, 1, 31) ? (((32 - value) & 16) << 16) | (((32 - value) & 15) << 4) : undefined,
    range: '1..31',
  },
  /** SRAI: shift amount, its high bit in op2. */
  sargt: {
    slot: 'imm',
    decode: (word) => ((word >>> 16) & 16) | ((word >>> 8) & 15),
    encode: (value) =>
      between(value, 0, 31) ? ((value & 16) << 16) | ((value & 15) << 8) : undefined,
    range: '0..31',
  },
  /** SSAI: shift amount, its high bit in t. */
  sas: {
    slot: 'imm',
    decode: (word) => (word & 16) | ((word >>> 8) & 15),
    encode: (value) => (between(value, 0, 31) ? (value & 16) | ((value & 15) << 8) : undefined),
    range: '0..31',
  },
  /** EXTUI: shift amount, its high bit in op1. */
  sae: {
    slot: 's',
    decode: (word) => ((word >>> 12) & 16) | ((word >>> 8) & 15),
    encode: (value) =>
      between(value, 0, 31) ? ((value & 16) << 12) | ((value & 15) << 8) : undefined,
    range: '0..31',
  },
  /** EXTUI: width of the field in bits. */
  op2p1: {
    slot: 'imm',
    decode: (word) => ((word >>> 20) & 15) + 1,
    encode: (value) => (between(value, 1, 16) ? (value - 1) << 20 : undefined),
    range: '1..16',
  },
  /** SEXT, CLAMPS: bit number t + 7. */
  tp7: {
    slot: 'imm',
    decode: (word) => ((word >>> 4) & 15) + 7,
    encode: (value) => (between(value, 7, 22) ? (value - 7) << 4 : undefined),
    range: '7..22',
  },
  /** s field: interrupt level of RFI, WAITI, RSIL; SRLI; CONST.S; RFDO. */
  uimm4s: unsigned('imm', 8, 4),
  /** t field: scale of ROUND.S and the other conversions. */
  uimm4t: unsigned('imm', 4, 4),
  /** BREAK and BREAK.N: first code. */
  imms: unsigned('s', 8, 4),
  /** BREAK: second code. */
  immt: unsigned('t', 4, 4),
  /** Bcc: target in -124..131 bytes. */
  label8: label(16, 8, true),
  /** BEQZ and kin. */
  label12: label(12, 12, true),
  /** LOOP and kin: LEND, always forward. */
  ulabel8: label(16, 8, false),
  /** J. */
  soffset: label(6, 18, true),
  /** BEQZ.N, BNEZ.N: always forward. */
  uimm6: {
    slot: 'imm',
    decode: (word, pc) => (pc + 4 + ((word & 0x30) | ((word >>> 12) & 15))) | 0,
    encode: (value, pc) => {
      const offset = (value - pc - 4) | 0;
      return between(offset, 0, 63) ? (offset & 0x30) | ((offset & 15) << 12) : undefined;
    },
    range: "0..63 bytes from the instruction's address + 4",
    pcRelative: true,
  },
  /** CALL0, CALL4, CALL8, CALL12: a word address. */
  soffsetx4: {
    slot: 'imm',
    decode: (word, pc) => ((pc & ~3) + 4 + (((word << 8) >> 14) << 2)) | 0,
    encode: (value, pc) => {
      const offset = (value - (pc & ~3) - 4) | 0;
      return between(offset, -524288, 524284, 4) ? ((offset >> 2) & 0x3ffff) << 6 : undefined;
    },
    range: "-524288..524284 bytes from the instruction's word + 4, a multiple of 4",
    pcRelative: true,
  },
  /** L32R: a word up to 256 KiB before the instruction. */
  uimm16x4: {
    slot: 'imm',
    decode: (word, pc) => (((pc + 3) & ~3) + (((word >>> 8) << 2) | 0xfffc0000)) | 0,
    encode: (value, pc) => {
      const offset = (value - ((pc + 3) & ~3)) | 0;
      return between(offset, -262144, -4, 4) ? ((offset >> 2) & 0xffff) << 8 : undefined;
    },
    range: '-262144..-4 bytes from the next word boundary, a multiple of 4',
    pcRelative: true,
  },
  /** RSR: special register that can be read. */
  srRead: register(8, (n) => specialRegisterName(n, 'read')),
  /** WSR: special register that can be written. */
  srWrite: register(8, (n) => specialRegisterName(n, 'write')),
  /** XSR: special register that can be exchanged. */
  srExchange: register(8, (n) => specialRegisterName(n, 'exchange')),
  /** RUR: user register in s:t. */
  urRead: register(4, userRegisterName),
  /** WUR: user register in r:s. */
  urWrite: register(8, userRegisterName),
  /** SETB_EXPSTATE, CLRB_EXPSTATE: bit of EXPSTATE. */
  bitindex: unsigned('imm', 4, 5),
  /** F64ITER: first selector. */
  f64Iter: unsigned('imm', 20, 2),
  /** F64ITER: second selector, bit 2 of `imm`. */
  f64IterLast: { ...unsigned('imm', 22, 1), pack: 2 },
  /** F64RND. */
  f64Round: unsigned('imm', 20, 2),
  /** F64NORM. */
  f64Norm: unsigned('imm', 20, 1),
  /** F64CMPH. */
  f64Compare: unsigned('imm', 20, 4),
  /** F64ADDC, F64SUBC: first selector. */
  f64Carry: unsigned('r', 13, 2),
  /** F64ADDC, F64SUBC: second selector. WF64R: half of F64R. */
  f64CarryLast: unsigned('imm', 12, 1),
  /** RF64R: half of F64R. */
  f64Half: unsigned('imm', 8, 1),
} as const satisfies Record<string, Immediate>;
