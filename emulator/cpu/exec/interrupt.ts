/** Interrupt and High-Priority Interrupt Options. Xtensa ISA Reference Manual, the options of these names. */
import { XCHAL } from '../config.ts';
import { raise, readPs, writePs } from '../exceptions.ts';
import { updateInterrupts } from '../interrupts.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';
import { returnTo } from './control.ts';

export function rsil(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, readPs(cpu));
  cpu.psIntlevel = imm;
  updateInterrupts(cpu);
}

/** WAITI: the core stops after this instruction until an interrupt is taken. */
export function waiti(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.psIntlevel = imm;
  cpu.waiting = 1;
  cpu.leaveLoop();
  updateInterrupts(cpu);
}

/** RFI: only levels 2..7 have an EPC and an EPS; others are taken as illegal instructions. */
export function rfi(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (imm < 2 || imm > XCHAL.NMILEVEL) return raise(cpu, EXCCAUSE.IllegalInstruction);
  writePs(cpu, cpu.eps[imm]!);
  returnTo(cpu, cpu.epc[imm]!);
  updateInterrupts(cpu);
}
