/**
 * Multiprocessor Synchronization Option (L32AI, S32RI) and Conditional Store Option (S32C1I).
 * Xtensa ISA Reference Manual, the options of these names; ATOMCTL as of "Conditional Store Option".
 *
 * Every access is sequentially consistent here, so acquire and release add nothing.
 */
import { raiseAt } from '../exceptions.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import { atomicAllowed } from '../region-protection.ts';
import type { Cpu } from '../state.ts';
import { accessDone, aligned, storeDone } from './access.ts';

export function l32ai(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const address = (cpu.a(s) + imm) | 0;
  if (!aligned(cpu, address)) return;
  const value = cpu.port.read32(address);
  if (accessDone(cpu)) cpu.setA(t, value);
}

export function s32ri(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const address = (cpu.a(s) + imm) | 0;
  if (!aligned(cpu, address)) return;
  cpu.port.write32(address, cpu.a(t));
  storeDone(cpu);
}

/**
 * S32C1I: AR[t] becomes the old word; the word becomes the old AR[t] if it was SCOMPARE1. Done
 * inside the core for the data RAM ports (internal SRAM, RTC memory, external RAM); other local
 * memories raise LoadStoreError; the rest of the address space goes by ATOMCTL.
 */
export function s32c1i(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const address = (cpu.a(s) + imm) | 0;
  if (!aligned(cpu, address)) return;
  if (!atomicAllowed(cpu, address)) return raiseAt(cpu, EXCCAUSE.LoadStoreError, address);
  const port = cpu.port;
  const old = port.read32(address);
  if (!accessDone(cpu)) return;
  if (old === cpu.scompare1) {
    port.write32(address, cpu.a(t));
    if (!storeDone(cpu)) return;
  }
  cpu.setA(t, old);
}
