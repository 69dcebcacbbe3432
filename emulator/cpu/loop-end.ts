/**
 * The loop-back of the Loop Option, where the next PC alone does not tell: an instruction that ends
 * at LEND loops back when it falls through, and leaves the loop when it branches to LEND (Xtensa ISA
 * Reference Manual, "Loop Option"). newlib's `strlen` and `strcpy` end their loops with such a branch.
 * Jumps, calls and returns never fall through, so they leave the loop even if they go to LEND.
 */
import { dispatch } from './dispatch.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import type { Op } from './op.ts';
import type { Cpu } from './state.ts';

/** By opcode; 0 belongs to no instruction. */
const IS_BRANCH = Uint8Array.from([
  0,
  ...INSTRUCTIONS.map((row) => (row.flags.includes('branch') || row.mnemonic === 'j' ? 1 : 0)),
]);

const IS_JUMP = Uint8Array.from([
  0,
  ...INSTRUCTIONS.map((row) => (row.flags.includes('jump') && row.mnemonic !== 'j' ? 1 : 0)),
]);

const TAKEN = 1;

/**
 * Whether `op`, which was just executed and goes on at its end, got there by a jump or taken branch. Branches
 * change nothing but the next PC and the time, so it is asked once more with another target.
 */
export function branchedToEnd(cpu: Cpu, op: Op): boolean {
  if (IS_JUMP[op.opcode] !== 0) return true;
  if (op.imm !== op.nextPc || IS_BRANCH[op.opcode] === 0) return false;
  const { cycle, nextPc } = cpu;
  dispatch(cpu, op.opcode, op.r, op.s, op.t, TAKEN);
  const taken = cpu.nextPc === TAKEN;
  cpu.nextPc = nextPc;
  cpu.cycle = cycle;
  return taken;
}
