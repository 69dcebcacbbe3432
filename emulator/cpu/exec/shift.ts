/**
 * The shifter of the Core Architecture: a 64-bit funnel that moves right by SAR. Xtensa ISA
 * Reference Manual, "Shift Instructions". The manual leaves SAR > 32 (reachable only by WSR.SAR)
 * and SLLI by 32 undefined; its formula, which is the funnel, is followed here, where QEMU gives 0
 * for SLL and the operand for SLLI. Unverified on silicon.
 */
import type { Cpu } from '../state.ts';

/** Low 32 bits of high:low >> sar, 0..63. */
function funnel(high: number, low: number, sar: number): number {
  if (sar >= 32) return high >>> (sar - 32);
  return sar === 0 ? low : (low >>> sar) | (high << (32 - sar));
}

export function ssr(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.sar = cpu.a(s) & 31;
}

export function ssl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.sar = 32 - (cpu.a(s) & 31);
}

export function ssa8l(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.sar = (cpu.a(s) & 3) << 3;
}

export function ssa8b(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.sar = 32 - ((cpu.a(s) & 3) << 3);
}

export function ssai(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.sar = imm;
}

export function src(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, funnel(cpu.a(s), cpu.a(t), cpu.sar));
}

export function sll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, funnel(cpu.a(s), 0, cpu.sar));
}

export function srl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, funnel(0, cpu.a(t), cpu.sar));
}

export function sra(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(t) >> (cpu.sar < 32 ? cpu.sar : 31));
}

export function slli(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, imm === 32 ? 0 : cpu.a(s) << imm);
}

export function srai(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(t) >> imm);
}

export function srli(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(t) >>> imm);
}
