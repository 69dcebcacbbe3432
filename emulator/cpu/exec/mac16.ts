/**
 * MAC16 Option: 16 x 16 -> 40-bit multiply-accumulate, with parallel loads. Xtensa ISA Reference
 * Manual, "MAC16 Option". In a name, the two letters before the load say which halves of the first
 * and second factor are multiplied. Slots: `w` in r, `x` in imm, `y` in t.
 */
import type { Cpu } from '../state.ts';
import { accessDone } from './access.ts';

function low(word: number): number {
  return (word << 16) >> 16;
}

function high(word: number): number {
  return word >> 16;
}

/** ACC = product, sign-extended to 40 bits. */
function setAcc(cpu: Cpu, product: number): void {
  cpu.acclo = product;
  cpu.acchi = product >> 31;
}

/** ACC += product, modulo 2^40. A product of 16-bit factors can be negated within 32 bits. */
function addAcc(cpu: Cpu, product: number): void {
  const sum = (cpu.acclo >>> 0) + (product >>> 0);
  cpu.acclo = sum | 0;
  cpu.acchi = ((cpu.acchi + (product >> 31) + (sum > 0xffffffff ? 1 : 0)) << 24) >> 24;
}

/** LDINC, LDDEC: MR[w] = mem32[AR[s] + step], AR[s] += step; false after a fault. */
function load(cpu: Cpu, w: number, s: number, step: number): boolean {
  const address = (cpu.a(s) + step) | 0;
  const value = cpu.port.read32(address);
  if (!accessDone(cpu)) return false;
  cpu.mr[w] = value;
  cpu.setA(s, address);
  return true;
}

export function ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  load(cpu, r, s, 4);
}

export function lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  load(cpu, r, s, -4);
}

/** The product uses the registers as they were before the load; a fault leaves ACC alone. */
function macLoad(cpu: Cpu, w: number, s: number, step: number, product: number): void {
  if (load(cpu, w, s, step)) addAcc(cpu, product);
}

export function umul_aa_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setUnsigned(cpu, cpu.a(s), cpu.a(t));
}

export function umul_aa_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setUnsigned(cpu, cpu.a(s) >>> 16, cpu.a(t));
}

export function umul_aa_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setUnsigned(cpu, cpu.a(s), cpu.a(t) >>> 16);
}

export function umul_aa_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setUnsigned(cpu, cpu.a(s) >>> 16, cpu.a(t) >>> 16);
}

function setUnsigned(cpu: Cpu, x: number, y: number): void {
  cpu.acclo = Math.imul(x & 0xffff, y & 0xffff);
  cpu.acchi = 0;
}

export function mul_aa_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.a(s)), low(cpu.a(t))));
}

export function mul_aa_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.a(s)), low(cpu.a(t))));
}

export function mul_aa_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.a(s)), high(cpu.a(t))));
}

export function mul_aa_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.a(s)), high(cpu.a(t))));
}

export function mula_aa_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.a(s)), low(cpu.a(t))));
}

export function mula_aa_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.a(s)), low(cpu.a(t))));
}

export function mula_aa_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.a(s)), high(cpu.a(t))));
}

export function mula_aa_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.a(s)), high(cpu.a(t))));
}

export function muls_aa_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.a(s)), low(cpu.a(t))));
}

export function muls_aa_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.a(s)), low(cpu.a(t))));
}

export function muls_aa_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.a(s)), high(cpu.a(t))));
}

export function muls_aa_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.a(s)), high(cpu.a(t))));
}

export function mul_ad_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.a(s)), low(cpu.mr[t]!)));
}

export function mul_ad_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.a(s)), low(cpu.mr[t]!)));
}

export function mul_ad_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.a(s)), high(cpu.mr[t]!)));
}

export function mul_ad_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.a(s)), high(cpu.mr[t]!)));
}

export function mula_ad_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.a(s)), low(cpu.mr[t]!)));
}

export function mula_ad_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.a(s)), low(cpu.mr[t]!)));
}

export function mula_ad_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.a(s)), high(cpu.mr[t]!)));
}

export function mula_ad_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.a(s)), high(cpu.mr[t]!)));
}

export function muls_ad_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.a(s)), low(cpu.mr[t]!)));
}

export function muls_ad_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.a(s)), low(cpu.mr[t]!)));
}

export function muls_ad_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.a(s)), high(cpu.mr[t]!)));
}

export function muls_ad_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.a(s)), high(cpu.mr[t]!)));
}

export function mul_da_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mul_da_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mul_da_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mul_da_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mula_da_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mula_da_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mula_da_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mula_da_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.mr[imm]!), high(cpu.a(t))));
}

export function muls_da_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.mr[imm]!), low(cpu.a(t))));
}

export function muls_da_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.mr[imm]!), low(cpu.a(t))));
}

export function muls_da_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.mr[imm]!), high(cpu.a(t))));
}

export function muls_da_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mul_dd_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mul_dd_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mul_dd_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(low(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function mul_dd_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  setAcc(cpu, Math.imul(high(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function mula_dd_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mula_dd_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mula_dd_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(low(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function mula_dd_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, Math.imul(high(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function muls_dd_ll(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function muls_dd_hl(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function muls_dd_lh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(low(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function muls_dd_hh(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  addAcc(cpu, -Math.imul(high(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function mula_da_ll_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(low(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mula_da_hl_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(high(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mula_da_lh_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(low(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mula_da_hh_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(high(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mula_da_ll_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(low(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mula_da_hl_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(high(cpu.mr[imm]!), low(cpu.a(t))));
}

export function mula_da_lh_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(low(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mula_da_hh_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(high(cpu.mr[imm]!), high(cpu.a(t))));
}

export function mula_dd_ll_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(low(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mula_dd_hl_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(high(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mula_dd_lh_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(low(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function mula_dd_hh_ldinc(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, 4, Math.imul(high(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function mula_dd_ll_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(low(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mula_dd_hl_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(high(cpu.mr[imm]!), low(cpu.mr[t]!)));
}

export function mula_dd_lh_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(low(cpu.mr[imm]!), high(cpu.mr[t]!)));
}

export function mula_dd_hh_lddec(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  macLoad(cpu, r, s, -4, Math.imul(high(cpu.mr[imm]!), high(cpu.mr[t]!)));
}
