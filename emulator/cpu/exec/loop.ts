/**
 * Loop Option. Xtensa ISA Reference Manual, "Loop Option". The interpreter does the loop-back; it
 * never happens while PS.EXCM is set.
 */
import { PENALTY } from '../isa/timing.ts';
import type { Cpu } from '../state.ts';

const SKIP = PENALTY.loopSkip.value;

export function loop(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.lcount = (cpu.a(s) - 1) | 0;
  cpu.lbeg = cpu.nextPc;
  cpu.lend = imm;
  cpu.loopFresh = 1;
}

/** LCOUNT, LBEG and LEND are set even when the loop is skipped. */
export function loopnez(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const count = cpu.a(s);
  loop(cpu, r, s, t, imm);
  if (count === 0) skip(cpu, imm);
}

/** LCOUNT, LBEG and LEND are set even when the loop is skipped. */
export function loopgtz(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const count = cpu.a(s);
  loop(cpu, r, s, t, imm);
  if (count <= 0) skip(cpu, imm);
}

function skip(cpu: Cpu, end: number): void {
  cpu.nextPc = end;
  cpu.cycle = (cpu.cycle + SKIP) | 0;
}
