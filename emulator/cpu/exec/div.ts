/**
 * 32-bit Integer Divide Option. Xtensa ISA Reference Manual, "32-bit Integer Divide Option".
 * A divisor of 0 raises IntegerDivideByZero. -2^31 / -1 overflows: QUOS gives -2^31, REMS 0.
 */
import { raise } from '../exceptions.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';

export function quou(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const divisor = cpu.a(t) >>> 0;
  if (divisor === 0) return raise(cpu, EXCCAUSE.IntegerDivideByZero);
  cpu.setA(r, ((cpu.a(s) >>> 0) / divisor) >>> 0);
}

export function quos(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const divisor = cpu.a(t);
  if (divisor === 0) return raise(cpu, EXCCAUSE.IntegerDivideByZero);
  cpu.setA(r, (cpu.a(s) / divisor) | 0);
}

export function remu(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const divisor = cpu.a(t) >>> 0;
  if (divisor === 0) return raise(cpu, EXCCAUSE.IntegerDivideByZero);
  cpu.setA(r, (cpu.a(s) >>> 0) % divisor);
}

export function rems(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const divisor = cpu.a(t);
  if (divisor === 0) return raise(cpu, EXCCAUSE.IntegerDivideByZero);
  cpu.setA(r, (cpu.a(s) % divisor) | 0);
}
