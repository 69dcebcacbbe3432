/** Exception Option: exceptions by instruction, and returns. Xtensa ISA Reference Manual, "Exception Option". */
import { raise } from '../exceptions.ts';
import { updateInterrupts } from '../interrupts.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';
import { updateWindow } from '../window.ts';
import { returnTo } from './control.ts';

export function ill(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  raise(cpu, EXCCAUSE.IllegalInstruction);
}

export function syscall(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  raise(cpu, EXCCAUSE.Syscall);
}

/** EXCW: exceptions are precise already. */
export function excw(cpu: Cpu, r: number, s: number, t: number, imm: number): void {}

export function rfe(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.psExcm = 0;
  updateWindow(cpu);
  returnTo(cpu, cpu.epc[1]!);
  updateInterrupts(cpu);
}

/** RFDE returns to the handler that a double exception interrupted: PS.EXCM stays set. */
export function rfde(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  returnTo(cpu, cpu.depc);
}
