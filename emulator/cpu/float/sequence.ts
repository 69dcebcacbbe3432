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
 * ESP32-S3 rev 0.2 and ESP32 rev 3.1; the flags and the use of FCR.RM from the chip's own opcode
 * tables (Espressif's `xtensa-modules.c`).
 * Unverified on silicon: DIVN.S of operands that no published sequence makes; DIVN.S in the directed
 * rounding modes.
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

/** Exponent field less 127, as a signed byte, to the nearest multiple of 8: that multiple / 8. */
function splitHigh(v: number): number {
  const excess = (((v >>> 23) - 127) << 24) >> 24;
  return (excess + 4) >> 3;
}

/** The significand of `v` (a leading 1 always) times 2^(exponent field less 127, less 8 * high). */
function splitValue(v: number, high: number): number {
  const excess = (((v >>> 23) - 127) << 24) >> 24;
  const magnitude = (HIDDEN | (v & FRACTION)) * 2 ** (excess - 8 * high - 23);
  return v < 0 ? -magnitude : magnitude;
}

/** DIVN.S: FR[r] = (FR[r] + FR[s] * FR[t]) * 2^A, A taken from the exponents of FR[r] and FR[t]. */
export function divnFull(cpu: Cpu, r: number, s: number, t: number): void {
  const base = cpu.fr[r]!;
  const factor = cpu.fr[t]!;
  if (isNaNBits(cpu.fr[s]!)) {
    cpu.fr[r] = cpu.fr[s]! | QUIET;
    return;
  }
  const baseHigh = splitHigh(base);
  const factorHigh = splitHigh(factor);
  const a = 32 * baseHigh + (factorHigh & 31);
  if (a >= CLASS && a < CLASS + 8) {
    const sign = (a & 1) << 31;
    cpu.fr[r] =
      (a & NOT_A_NUMBER) !== 0 ? DEFAULT_NAN : sign | ((a & INFINITE) !== 0 ? INFINITY_BITS : 0);
    return;
  }
  const product = cpu.frFloat[s]! * splitValue(factor, factorHigh);
  if (product - product !== 0) {
    cpu.frFloat[r] = product;
    return;
  }
  const sum = oddSum(splitValue(base, baseHigh), product);
  // An exactly cancelling sum leaves the bottom of the 50-bit normalisation window.
  writeRounded(cpu, r, (sum === 0 ? 2 ** -50 : sum) * 2 ** a);
}
