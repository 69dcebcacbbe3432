/**
 * The steps between seed and result of the division and square-root sequences: NEXP01.S,
 * MKDADJ.S, MKSADJ.S, ADDEXP.S, ADDEXPM.S, DIVN.S.
 *
 * MKDADJ.S and MKSADJ.S make one 10-bit number A: a power of two, or 384 + class for a result that
 * is zero, infinite or not a number. Its low 5 bits travel times 8 in the exponent field (added by
 * ADDEXP.S), its high 5 bits times 8 in fraction bits 14..21 (added by ADDEXPM.S), each biased by
 * 127. DIVN.S takes both apart again and rounds the quotient or root once.
 *
 * Sources: QEMU's first (2016) patch for DIV0.S and MKDADJ.S; published conformance captures of
 * ESP32 rev 3.1 and probes of ESP32-S3 rev 0.2, DIVN.S over the whole plane of exponents among
 * them; the flags and the use of FCR.RM from the chip's own opcode tables (Espressif's
 * `xtensa-modules.c`).
 * Unverified on silicon: DIVN.S in the directed rounding modes; its flags when FR[s] is a NaN.
 */
import type { Cpu } from '../state.ts';
import {
  DEFAULT_NAN,
  FRACTION,
  FSR,
  HIDDEN,
  INFINITY_BITS,
  QUIET,
  SIGN,
  isNaNBits,
  isSignalling,
} from './format.ts';
import { normalExponent, normalFraction } from './estimates.ts';
import { oddSum, writeRounded } from './round.ts';

/** Classes of a special result: A = CLASS + 4 * NaN + 2 * infinite + negative. */
const CLASS = 384;
const INFINITE = 2;
const NOT_A_NUMBER = 4;

/** What DIVN.S makes of each class; 6 and 7 are made by no instruction. */
// prettier-ignore
const CLASS_RESULT = Int32Array.of(
  0, SIGN, INFINITY_BITS, SIGN | INFINITY_BITS, DEFAULT_NAN, DEFAULT_NAN, 0, SIGN,
);

/** Beyond the range of binary32 on either side. */
const TINY = 2 ** -200;
const HUGE = 2 ** 200;

/** The number A as MKDADJ.S and MKSADJ.S encode it. */
function adjustment(a: number): number {
  const low = (127 + ((a & 31) << 3)) & 255;
  const high = (127 + (((a >> 5) & 31) << 3)) & 255;
  return (low << 23) | (high << 14);
}

/** floor((unbiased exponent) / 2). */
function halfExponent(v: number): number {
  return (normalExponent(v) - 127) >> 1;
}

/** NEXP01.S: -v scaled into [1, 4) by an even power of two; zero and infinity count as 1. */
export function nexp01(v: number): number {
  const magnitude = v & 0x7fffffff;
  const sign = ~v & SIGN;
  if (magnitude > INFINITY_BITS) return v ^ SIGN;
  if (magnitude === 0 || magnitude === INFINITY_BITS) return sign | 0x3f800000;
  return sign | ((128 - (normalExponent(v) & 1)) << 23) | normalFraction(v);
}

/** MKSADJ.S: the adjustment for sqrt(v). Invalid below zero and for a signalling NaN. */
export function mksadj(cpu: Cpu, v: number): number {
  const magnitude = v & 0x7fffffff;
  if (magnitude === 0) return adjustment(CLASS + (v >>> 31));
  if (magnitude > INFINITY_BITS || v < 0) {
    if (magnitude <= INFINITY_BITS || isSignalling(v)) cpu.fsr |= FSR.V;
    return adjustment(CLASS + NOT_A_NUMBER);
  }
  if (magnitude === INFINITY_BITS) return adjustment(CLASS + INFINITE);
  return adjustment(halfExponent(v));
}

/** MKDADJ.S: the adjustment for numerator / denominator. Invalid, or DivZero for finite / 0. */
export function mkdadj(cpu: Cpu, denominator: number, numerator: number): number {
  const d = denominator & 0x7fffffff;
  const n = numerator & 0x7fffffff;
  const negative = (denominator ^ numerator) >>> 31;
  if (d > INFINITY_BITS || n > INFINITY_BITS) {
    if (isSignalling(denominator) || isSignalling(numerator)) cpu.fsr |= FSR.V;
    return adjustment(CLASS + NOT_A_NUMBER + negative);
  }
  if ((d === 0 && n === 0) || (d === INFINITY_BITS && n === INFINITY_BITS)) {
    cpu.fsr |= FSR.V;
    return adjustment(CLASS + NOT_A_NUMBER + negative);
  }
  if (n === 0 || d === INFINITY_BITS) return adjustment(CLASS + negative);
  if (d === 0 || n === INFINITY_BITS) {
    if (n !== INFINITY_BITS) cpu.fsr |= FSR.Z;
    return adjustment(CLASS + INFINITE + negative);
  }
  return adjustment(2 * (halfExponent(numerator) - halfExponent(denominator)));
}

/** ADDEXP.S: v's exponent plus the adjustment's exponent field, modulo 256; signs multiplied. */
export function addexp(v: number, adjust: number): number {
  const exponent = ((v >>> 23) + (adjust >>> 23) - 127) & 255;
  return ((v ^ adjust) & SIGN) | (exponent << 23) | (v & FRACTION);
}

/** ADDEXPM.S: the same with fraction bits 14..21 for the exponent and bit 22 for the sign. */
export function addexpm(v: number, adjust: number): number {
  const exponent = ((v >>> 23) + (adjust >>> 14) - 127) & 255;
  return ((v ^ (adjust << 9)) & SIGN) | (exponent << 23) | (v & FRACTION);
}

/** Exponent field less 127, as a signed byte. */
function excess(v: number): number {
  return (((v >>> 23) - 127) << 24) >> 24;
}

/** The eights in the excess exponent: what is left is -3..4. */
function eights(v: number): number {
  return (excess(v) + 3) >> 3;
}

/** The significand of `v` (a leading 1 always) times 2^(-3..4), the excess exponent less its eights. */
function reduced(v: number): number {
  const magnitude = (HIDDEN | (v & FRACTION)) * 2 ** (excess(v) - 8 * eights(v) - 23);
  return v < 0 ? -magnitude : magnitude;
}

/** `value` * 2^a as the 10-bit exponent of the unit holds it: too large becomes tiny, and the reverse. */
function scale(value: number, a: number): number {
  const magnitude = Math.abs(value);
  if (magnitude >= 2 ** (512 - 127 - a)) return value < 0 ? -TINY : TINY;
  if (magnitude < 2 ** (-512 - 127 - a)) return value < 0 ? -HUGE : HUGE;
  return value * 2 ** a;
}

/**
 * DIVN.S: FR[r] = (FR[r] + FR[s] * FR[t]) * 2^A rounded once, A taken from the exponents of FR[r]
 * and FR[t], which are numbers whatever their exponent field; an infinite FR[s] is 2^128.
 */
export function divnFull(cpu: Cpu, r: number, s: number, t: number): void {
  const base = cpu.fr[r]!;
  const factor = cpu.fr[t]!;
  const a = 32 * eights(base) + (eights(factor) & 31);
  if (isNaNBits(cpu.fr[s]!)) {
    if (a < -255) cpu.fsr |= FSR.U | FSR.I;
    cpu.fr[r] = cpu.fr[s]! | QUIET;
    return;
  }
  if (a >= CLASS && a < CLASS + 8) {
    cpu.fr[r] = CLASS_RESULT[a - CLASS]!;
    return;
  }
  const multiplier = cpu.frFloat[s]!;
  const finite =
    multiplier - multiplier === 0 ? multiplier : multiplier > 0 ? 2 ** 128 : -(2 ** 128);
  const sum = oddSum(reduced(base), finite * reduced(factor));
  // An exactly cancelling sum leaves the bottom of the 50-bit normalisation window.
  writeRounded(cpu, r, scale(sum === 0 ? 2 ** -50 : sum, a));
}
