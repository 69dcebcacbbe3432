/** What a cycle of a core was spent on. Each cycle belongs to one class. */
import { INSTRUCTIONS } from '../cpu/isa/table.ts';

/**
 * - `issue`: one per instruction, the second issue cycle of WSR ACCLO and ACCHI, and ISYNC's refill.
 * - `operand`: waiting for a result, such as a load's.
 * - `branch`: what taken branches, calls, returns and the first loop-back cost beyond their issue.
 * - `fetchMiss`, `dataMiss`: line fills, with the waiting for the SPI controller.
 * - `bus`: wait states of memories and devices other than these, and MEMW.
 * - `spill`: from the entry of a window vector to its RFWO or RFWU, whatever happens in between.
 * - `interrupt`: entry of interrupts and exceptions; their handlers' instructions are not in it.
 * - `idle`: WAITI, held in reset, or stalled from outside.
 */
export const CLASSES = [
  'issue',
  'operand',
  'branch',
  'fetchMiss',
  'dataMiss',
  'bus',
  'spill',
  'interrupt',
  'idle',
] as const;

export type CycleClass = (typeof CLASSES)[number];

export const ISSUE = 0;
export const OPERAND = 1;
export const BRANCH = 2;
export const FETCH_MISS = 3;
export const DATA_MISS = 4;
export const BUS = 5;
export const SPILL = 6;
export const INTERRUPT = 7;
export const IDLE = 8;

/** Class, by opcode, of cycles beyond issue and operand wait; opcode 0 belongs to no instruction. */
export const CLASS_OF_REST = Uint8Array.from([
  ISSUE,
  ...INSTRUCTIONS.map(({ flags, mnemonic }) => {
    if (flags.includes('load') || flags.includes('store')) return BUS;
    if (mnemonic === 'memw' || mnemonic === 'extw') return BUS;
    return flags.includes('branch') || flags.includes('jump') ? BRANCH : ISSUE;
  }),
]);

/** What an instruction does to the call stack, as far as the profile follows it. */
export const FLOW = {
  none: 0,
  call: 1,
  call0: 2,
  entry: 3,
  retw: 4,
  ret: 5,
  fromException: 6,
  fromWindow: 7,
  movsp: 8,
} as const;

const FLOW_OF: Readonly<Record<string, number>> = {
  call4: FLOW.call,
  call8: FLOW.call,
  call12: FLOW.call,
  callx4: FLOW.call,
  callx8: FLOW.call,
  callx12: FLOW.call,
  call0: FLOW.call0,
  callx0: FLOW.call0,
  entry: FLOW.entry,
  retw: FLOW.retw,
  'retw.n': FLOW.retw,
  ret: FLOW.ret,
  'ret.n': FLOW.ret,
  rfe: FLOW.fromException,
  rfde: FLOW.fromException,
  rfi: FLOW.fromException,
  rfwo: FLOW.fromWindow,
  rfwu: FLOW.fromWindow,
  movsp: FLOW.movsp,
};

/** By opcode. */
export const FLOW_OF_OPCODE = Uint8Array.from([
  FLOW.none,
  ...INSTRUCTIONS.map(({ mnemonic }) => FLOW_OF[mnemonic] ?? FLOW.none),
]);
