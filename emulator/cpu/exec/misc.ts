/**
 * Miscellaneous Operations, Region Protection, External Registers, SIMCALL and the TIE ports of
 * the chip's configuration. Xtensa ISA Reference Manual, the options of these names.
 *
 * **Not modelled:** what stands behind RER and WER (debug module, TRAX, performance monitor): reads
 * give 0, so no debug probe is seen; what the TIE ports are wired to.
 */
import { writeRegion } from '../region-protection.ts';
import type { Cpu } from '../state.ts';
import { s32i } from './base.ts';

export function min(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, Math.min(cpu.a(s), cpu.a(t)));
}

export function max(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, Math.max(cpu.a(s), cpu.a(t)));
}

export function minu(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, Math.min(cpu.a(s) >>> 0, cpu.a(t) >>> 0));
}

export function maxu(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, Math.max(cpu.a(s) >>> 0, cpu.a(t) >>> 0));
}

/** SEXT: bit `imm` (7..22) is the sign. */
export function sext(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, (cpu.a(s) << (31 - imm)) >> (31 - imm));
}

/** CLAMPS: into -2^imm .. 2^imm - 1. */
export function clamps(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const bound = 1 << imm;
  cpu.setA(r, Math.max(-bound, Math.min(bound - 1, cpu.a(s))));
}

/** NSA: left shifts that bring the first bit unlike the sign next to it; 31 for 0 and -1. */
export function nsa(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.a(s);
  cpu.setA(t, Math.clz32(value ^ (value >> 31)) - 1);
}

/** NSAU: leading zeros; 32 for 0. */
export function nsau(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, Math.clz32(cpu.a(s)));
}

/** RITLB0, RDTLB0: the region's virtual page number. */
export function ritlb0(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, cpu.a(s) & 0xe0000000);
}

export const rdtlb0 = ritlb0;

/** RITLB1: physical page number, which is the virtual one, and attribute. */
export function ritlb1(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const address = cpu.a(s);
  cpu.setA(t, (address & 0xe0000000) | cpu.itlbAttribute[address >>> 29]!);
}

export function rdtlb1(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const address = cpu.a(s);
  cpu.setA(t, (address & 0xe0000000) | cpu.dtlbAttribute[address >>> 29]!);
}

/** PITLB, PDTLB: every region has its entry, so the probe always hits (bit 0, as QEMU answers). */
export function pitlb(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, (cpu.a(s) & 0xe0000000) | 1);
}

export const pdtlb = pitlb;

export function witlb(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  writeRegion(cpu, false, cpu.a(s), cpu.a(t));
}

export function wdtlb(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  writeRegion(cpu, true, cpu.a(s), cpu.a(t));
}

/** IITLB, IDTLB: the eight entries cannot be invalidated. */
export function iitlb(cpu: Cpu, r: number, s: number, t: number, imm: number): void {}

export const idtlb = iitlb;

/** RER: 0 where no external register answers. */
export function rer(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, cpu.external === null ? 0 : cpu.external.rer(cpu.a(s)));
}

export function wer(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.external !== null) cpu.external.wer(cpu.a(s), cpu.a(t));
}

/**
 * SIMCALL: a no-operation on the chip. QEMU's exception test holds it illegal up to hardware
 * version RE.2 (250002) and a NOP from RE.3 on; the ESP32's LX6.0.3 is 260003.
 */
export function simcall(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (cpu.simcall !== null) cpu.simcall(cpu);
}

/** S32NB: S32I that the bus must not buffer; there is no bus buffer to bypass. */
export const s32nb = s32i;

/** READ_IMPWIRE: the 32-bit input port, wired to nothing. Unverified on silicon: READ_IMPWIRE reads 0. */
export function read_impwire(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, 0);
}

export function setb_expstate(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.expstate |= 1 << imm;
}

export function clrb_expstate(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.expstate &= ~(1 << imm);
}

/** WRMSK_EXPSTATE: the bits of mask AR[s] become those of AR[t]. */
export function wrmsk_expstate(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const mask = cpu.a(s);
  cpu.expstate = (cpu.expstate & ~mask) | (cpu.a(t) & mask);
}
