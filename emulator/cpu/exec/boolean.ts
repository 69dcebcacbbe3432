/**
 * Boolean Option. Xtensa ISA Reference Manual, "Boolean Option". ANY4 and ALL4 ignore the two low
 * bits of the group number, ANY8 and ALL8 the three.
 */
import type { Cpu } from '../state.ts';
import { branchTo } from './control.ts';

/** b[n] of the Boolean registers, 0 or 1. */
function bit(cpu: Cpu, n: number): number {
  return (cpu.br >>> n) & 1;
}

function setBit(cpu: Cpu, n: number, value: number): void {
  cpu.br = (cpu.br & ~(1 << n)) | ((value & 1) << n);
}

export function andb(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, r, bit(cpu, s) & bit(cpu, t));
}

export function andbc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, r, bit(cpu, s) & ~bit(cpu, t));
}

export function orb(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, r, bit(cpu, s) | bit(cpu, t));
}

export function orbc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, r, bit(cpu, s) | ~bit(cpu, t));
}

export function xorb(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, r, bit(cpu, s) ^ bit(cpu, t));
}

export function all4(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, t, ((cpu.br >>> (s & 12)) & 0xf) === 0xf ? 1 : 0);
}

export function any4(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, t, ((cpu.br >>> (s & 12)) & 0xf) !== 0 ? 1 : 0);
}

export function all8(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, t, ((cpu.br >>> (s & 8)) & 0xff) === 0xff ? 1 : 0);
}

export function any8(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setBit(cpu, t, ((cpu.br >>> (s & 8)) & 0xff) !== 0 ? 1 : 0);
}

export function bf(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (bit(cpu, s) === 0) branchTo(cpu, imm);
}

export function bt(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (bit(cpu, s) !== 0) branchTo(cpu, imm);
}

export function movf(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (bit(cpu, t) === 0) cpu.setA(r, cpu.a(s));
}

export function movt(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (bit(cpu, t) !== 0) cpu.setA(r, cpu.a(s));
}
