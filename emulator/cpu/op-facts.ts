/**
 * What the interpreter needs to know of each instruction row, derived once from the table: which
 * scoreboard entries it reads and writes, how late its result is, and what must be checked first.
 *
 * USES holds four sources, a byte each: 0..15 is a windowed address register, other values are
 * `READY` entries. META packs, from bit 0: window check (4 bits: highest address register named),
 * length (2), flags (4), result entry (8, as in USES), latency (4).
 */
import type { Decoded } from './decode.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import type { Slot } from './isa/fields.ts';
import type { Operand, Row } from './isa/formats.ts';
import { LATENCY } from './isa/timing.ts';
import { READY } from './state.ts';

export const META_REGISTER = 0xf;
export const META_LENGTH_SHIFT = 4;
export const META_COPROCESSOR = 1 << 6;
/** Fetched through the flash cache: the interpreter watches for new lines. */
export const META_CACHED = 1 << 7;
export const META_RESULT_SHIFT = 10;
export const META_LATENCY_SHIFT = 18;

export interface OpFacts {
  readonly endsRun: boolean;
  uses(decoded: Decoded): number;
  meta(decoded: Decoded | undefined, length: number, cached: boolean): number;
}

interface RegisterOperand {
  readonly file: string;
  readonly slot: Slot;
  readonly reads: boolean;
  readonly writes: boolean;
}

/** Execution slot of each encoding field (see isa/formats.ts). */
const SLOT_OF_FIELD: Record<string, Slot> = { r: 'r', s: 's', t: 't', w: 'r', x: 'imm', y: 't' };

const IMPLICIT_ENTRY: Record<string, number> = {
  a0: 0,
  sar: READY.SAR,
  acc: READY.ACC,
  scompare1: READY.SCOMPARE1,
  fcr: READY.FCR,
  fsr: READY.FSR,
  threadptr: READY.THREADPTR,
  f64r: READY.F64R,
  f64s: READY.F64S,
};

/** Index 0 belongs to no instruction: it marks the end of a run. */
export const FACTS: readonly (OpFacts | undefined)[] = [undefined, ...INSTRUCTIONS.map(factsOf)];

function factsOf(row: Row): OpFacts {
  const operands = row.operands.flatMap((operand) => registerOperand(operand) ?? []);
  const address = operands.filter((operand) => operand.file === 'ar');
  const latency = LATENCY[row.timing].value;
  const result = operands.filter((operand) => operand.writes);
  // With two results (post-increment loads) the slow one is the register that is not an address.
  const slow = result.find((operand) => operand.file !== 'ar') ?? result[0];
  return {
    endsRun: row.flags.includes('jump'),
    uses(decoded) {
      const entries = operands
        .filter((operand) => operand.reads)
        .map((operand) => entryOf(operand, decoded));
      for (const implicit of row.uses) entries.push(IMPLICIT_ENTRY[implicit]!);
      while (entries.length < 4) entries.push(READY.NONE);
      return entries[0]! | (entries[1]! << 8) | (entries[2]! << 16) | (entries[3]! << 24);
    },
    meta(decoded, length, cached) {
      let meta = length << META_LENGTH_SHIFT;
      if (row.flags.includes('coprocessor0')) meta |= META_COPROCESSOR;
      if (cached) meta |= META_CACHED;
      if (decoded === undefined) return meta | (READY.NONE << META_RESULT_SHIFT);
      let highest = 0;
      for (const operand of address) highest = Math.max(highest, decoded[operand.slot]);
      meta |= highest;
      let entry: number = READY.NONE;
      if (slow !== undefined) entry = entryOf(slow, decoded);
      else if (row.defs.length > 0) entry = IMPLICIT_ENTRY[row.defs[0]!]!;
      return meta | (entry << META_RESULT_SHIFT) | (latency << META_LATENCY_SHIFT);
    },
  };
}

function entryOf(operand: RegisterOperand, decoded: Decoded): number {
  const n = decoded[operand.slot];
  switch (operand.file) {
    case 'ar':
      return n;
    case 'fr':
      return READY.FR + n;
    case 'mr':
      return READY.MR + (n & 3);
    default:
      return READY.BR + n;
  }
}

function registerOperand(operand: Operand): RegisterOperand | undefined {
  const match = /^(ar|fr|br4|br8|br|mr)\.([rstwxy])([=+]?)$/.exec(operand);
  if (match === null) return undefined;
  const [, file, field, access] = match as unknown as [string, string, string, string];
  const slot = SLOT_OF_FIELD[field]!;
  return { file, slot, reads: access !== '=', writes: access !== '' };
}
