/**
 * What the interpreter needs to know of each instruction row, derived once from the table: which
 * scoreboard entries it reads and writes, how late its result is, and what must be checked first.
 */
import type { Decoded } from './decode.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import type { Slot } from './isa/fields.ts';
import type { Operand, Row } from './isa/formats.ts';
import { SPECIAL_REGISTERS } from './isa/special-registers.ts';
import type { SpecialRegister } from './isa/special-registers.ts';
import { LATENCY } from './isa/timing.ts';
import { CHECK_COPROCESSOR } from './op.ts';
import type { Op } from './op.ts';
import { READY } from './state.ts';

export interface OpFacts {
  readonly endsRun: boolean;
  /** Sets checks, sources and result of `op`, which has been decoded as `decoded`. */
  fill(op: Op, decoded: Decoded): void;
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

const MAC16_ENTRY: Record<string, number> = {
  m0: READY.MR,
  m1: READY.MR + 1,
  m2: READY.MR + 2,
  m3: READY.MR + 3,
};

/** Special registers whose state takes part in the scoreboard, by number. */
const SPECIAL = new Map(
  SPECIAL_REGISTERS.flatMap((register: SpecialRegister) => {
    const { number, scoreboard, timing } = register;
    if (scoreboard === undefined || scoreboard === 'br') return [];
    const entry = IMPLICIT_ENTRY[scoreboard] ?? MAC16_ENTRY[scoreboard]!;
    return [[number, { entry, timing: timing ?? 'wsr' }] as const];
  }),
);

/** By opcode; 0 belongs to no instruction. */
export const FACTS: readonly (OpFacts | undefined)[] = [undefined, ...INSTRUCTIONS.map(factsOf)];

function factsOf(row: Row): OpFacts {
  const operands = row.operands.flatMap((operand) => registerOperand(operand) ?? []);
  const address = operands.filter((operand) => operand.file === 'ar');
  const sources = operands.filter((operand) => operand.reads);
  const result = operands.filter((operand) => operand.writes);
  // With two results (post-increment loads) the slow one is the register that is not an address.
  const slow = result.find((operand) => operand.file !== 'ar') ?? result[0];
  const latency = LATENCY[row.timing].value;
  return {
    endsRun: row.flags.includes('jump'),
    fill(op, decoded) {
      if (row.flags.includes('coprocessor0')) op.checks |= CHECK_COPROCESSOR;
      for (const operand of address) op.highest = Math.max(op.highest, decoded[operand.slot]);
      const uses = sources.map((operand) => entryOf(operand, decoded));
      for (const implicit of row.uses) uses.push(IMPLICIT_ENTRY[implicit]!);
      const special = /^[rwx]sr$/.test(row.mnemonic) ? SPECIAL.get(decoded.imm) : undefined;
      // A write of ACC waits for the one before it.
      if (special !== undefined && (row.mnemonic !== 'wsr' || special.timing === 'wsrAcc'))
        uses.push(special.entry);
      op.use0 = uses[0] ?? READY.NONE;
      op.use1 = uses[1] ?? READY.NONE;
      op.use2 = uses[2] ?? READY.NONE;
      op.use3 = uses[3] ?? READY.NONE;
      op.moreUses = uses.length > 2 ? 1 : 0;
      op.latency = latency;
      if (slow !== undefined) op.result = entryOf(slow, decoded);
      else if (row.defs.length > 0) op.result = IMPLICIT_ENTRY[row.defs[0]!]!;
      if (row.mnemonic === 'wsr' && special !== undefined) {
        op.result = special.entry;
        op.latency = LATENCY[special.timing].value;
      }
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
