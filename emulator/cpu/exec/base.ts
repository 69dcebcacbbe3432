/** Core Architecture. Xtensa ISA Reference Manual, chapter "Core Architecture". */
import type { Cpu } from '../state.ts';
import { accessDone, storeDone } from './access.ts';
import { branchTo, callTo, returnTo } from './control.ts';

export * from './shift.ts';
export * from './special.ts';
export * from './sync.ts';

// Arithmetic and logic

export function add(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(s) + cpu.a(t));
}

export function addx2(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(s) << 1) + cpu.a(t));
}

export function addx4(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(s) << 2) + cpu.a(t));
}

export function addx8(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(s) << 3) + cpu.a(t));
}

export function sub(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(s) - cpu.a(t));
}

export function subx2(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(s) << 1) - cpu.a(t));
}

export function subx4(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(s) << 2) - cpu.a(t));
}

export function subx8(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(s) << 3) - cpu.a(t));
}

export function addi(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, cpu.a(s) + imm);
}

export const addmi = addi;

export function and(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(s) & cpu.a(t));
}

export function or(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(s) | cpu.a(t));
}

export function xor(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(s) ^ cpu.a(t));
}

export function neg(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, -cpu.a(t));
}

/** ABS of the smallest number is that number. */
export function abs(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.a(t);
  cpu.setA(r, value < 0 ? -value : value);
}

export function extui(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(t) >>> s) & ((1 << imm) - 1));
}

export function nop(cpu: Cpu, r: number, s: number, t: number, imm: number): void {}

// Moves

export function movi(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, imm);
}

export function moveqz(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(t) === 0) cpu.setA(r, cpu.a(s));
}

export function movnez(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(t) !== 0) cpu.setA(r, cpu.a(s));
}

export function movltz(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(t) < 0) cpu.setA(r, cpu.a(s));
}

export function movgez(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(t) >= 0) cpu.setA(r, cpu.a(s));
}

// Branches, jumps, calls

export function beq(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) === cpu.a(t)) branchTo(cpu, imm);
}

export function bne(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) !== cpu.a(t)) branchTo(cpu, imm);
}

export function blt(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) < cpu.a(t)) branchTo(cpu, imm);
}

export function bge(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) >= cpu.a(t)) branchTo(cpu, imm);
}

export function bltu(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) >>> 0 < cpu.a(t) >>> 0) branchTo(cpu, imm);
}

export function bgeu(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) >>> 0 >= cpu.a(t) >>> 0) branchTo(cpu, imm);
}

export function beqi(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) === r) branchTo(cpu, imm);
}

export function bnei(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) !== r) branchTo(cpu, imm);
}

export function blti(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) < r) branchTo(cpu, imm);
}

export function bgei(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) >= r) branchTo(cpu, imm);
}

export function bltui(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) >>> 0 < r) branchTo(cpu, imm);
}

export function bgeui(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) >>> 0 >= r) branchTo(cpu, imm);
}

export function beqz(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) === 0) branchTo(cpu, imm);
}

export function bnez(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) !== 0) branchTo(cpu, imm);
}

export function bltz(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) < 0) branchTo(cpu, imm);
}

export function bgez(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.a(s) >= 0) branchTo(cpu, imm);
}

export function bany(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if ((cpu.a(s) & cpu.a(t)) !== 0) branchTo(cpu, imm);
}

export function bnone(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if ((cpu.a(s) & cpu.a(t)) === 0) branchTo(cpu, imm);
}

export function ball(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if ((~cpu.a(s) & cpu.a(t)) === 0) branchTo(cpu, imm);
}

export function bnall(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if ((~cpu.a(s) & cpu.a(t)) !== 0) branchTo(cpu, imm);
}

export function bbc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (((cpu.a(s) >>> (cpu.a(t) & 31)) & 1) === 0) branchTo(cpu, imm);
}

export function bbs(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (((cpu.a(s) >>> (cpu.a(t) & 31)) & 1) !== 0) branchTo(cpu, imm);
}

export function bbci(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (((cpu.a(s) >>> t) & 1) === 0) branchTo(cpu, imm);
}

export function bbsi(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (((cpu.a(s) >>> t) & 1) !== 0) branchTo(cpu, imm);
}

export function j(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  branchTo(cpu, imm);
}

export function jx(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  branchTo(cpu, cpu.a(s));
}

export function call0(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(0, cpu.nextPc);
  callTo(cpu, imm);
}

/** CALLX0 a0 jumps to the old a0. */
export function callx0(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const target = cpu.a(s);
  cpu.setA(0, cpu.nextPc);
  callTo(cpu, target);
}

export function ret(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  returnTo(cpu, cpu.a(0));
}

// Loads and stores

export function l8ui(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.port.read8((cpu.a(s) + imm) | 0);
  if (accessDone(cpu)) cpu.setA(t, value);
}

export function l16ui(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.port.read16((cpu.a(s) + imm) | 0);
  if (accessDone(cpu)) cpu.setA(t, value);
}

export function l16si(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.port.read16((cpu.a(s) + imm) | 0);
  if (accessDone(cpu)) cpu.setA(t, (value << 16) >> 16);
}

export function l32i(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.port.read32((cpu.a(s) + imm) | 0);
  if (accessDone(cpu)) cpu.setA(t, value);
}

export function l32r(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.port.read32(imm);
  if (accessDone(cpu)) cpu.setA(t, value);
}

export function s8i(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.port.write8((cpu.a(s) + imm) | 0, cpu.a(t));
  storeDone(cpu);
}

export function s16i(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.port.write16((cpu.a(s) + imm) | 0, cpu.a(t));
  storeDone(cpu);
}

export function s32i(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.port.write32((cpu.a(s) + imm) | 0, cpu.a(t));
  storeDone(cpu);
}
