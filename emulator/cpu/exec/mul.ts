/**
 * 16-bit Integer Multiply, 32-bit Integer Multiply (with the high-word instructions). Xtensa ISA
 * Reference Manual, the options of these names.
 */
import type { Cpu } from '../state.ts';

export function mul16u(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, Math.imul(cpu.a(s) & 0xffff, cpu.a(t) & 0xffff));
}

export function mul16s(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, Math.imul((cpu.a(s) << 16) >> 16, (cpu.a(t) << 16) >> 16));
}

export function mull(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, Math.imul(cpu.a(s), cpu.a(t)));
}

export function muluh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, highWord(cpu.a(s), cpu.a(t)));
}

/** A negative factor counts 2^32 too much in the unsigned product: the other one is subtracted. */
export function mulsh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const x = cpu.a(s);
  const y = cpu.a(t);
  cpu.setA(r, highWord(x, y) - (x < 0 ? y : 0) - (y < 0 ? x : 0));
}

/** High 32 bits of the 64-bit product of two unsigned words, from four 16-bit products. */
function highWord(x: number, y: number): number {
  const xl = x & 0xffff;
  const xh = x >>> 16;
  const yl = y & 0xffff;
  const yh = y >>> 16;
  const low = Math.imul(xl, yl) >>> 16;
  const cross1 = Math.imul(xh, yl);
  const cross2 = Math.imul(xl, yh);
  const middle = low + (cross1 & 0xffff) + (cross2 & 0xffff);
  return (Math.imul(xh, yh) + (cross1 >>> 16) + (cross2 >>> 16) + (middle >>> 16)) | 0;
}
