/**
 * The seeds of division and square root: RECIP0.S, DIV0.S, RSQRT0.S, SQRT0.S.
 *
 * Three look-up ROMs of 8-bit significands (the leading 1 included). Each entry is the nearest
 * 8-bit value to the mean of the function at both ends of its interval, but for the last
 * reciprocal, which is 129 where 128 is nearest. Agrees with the table in QEMU's first (2016)
 * patch for DIV0.S and with published exhaustive sweeps of ESP32-S3 rev 0.2, which ESP32 rev 3.1
 * matches byte for byte.
 *
 * Flags: the chip's own opcode tables (Espressif's `xtensa-modules.c`) let RECIP0.S and RSQRT0.S
 * write Invalid and DivZero, DIV0.S and SQRT0.S no flag at all.
 * Unverified on silicon: which operands of RECIP0.S and RSQRT0.S raise them; taken from IEEE 754.
 */
import type { Cpu } from '../state.ts';
import { FRACTION, FSR, HIDDEN, INFINITY_BITS, QUIET, SIGN, isSignalling } from './format.ts';

function rom(entries: number, from: number, to: number, f: (x: number) => number): Uint8Array {
  const width = (to - from) / entries;
  return Uint8Array.from({ length: entries }, (_, i) =>
    Math.round(128 * (f(from + i * width) + f(from + (i + 1) * width))),
  );
}

const RECIPROCAL = rom(128, 1, 2, (x) => 1 / x);
RECIPROCAL[127] = 129;
/** 1/sqrt of [1, 2): odd biased exponents. */
const RSQRT_ODD = rom(64, 1, 2, (x) => 1 / Math.sqrt(x));
/** 1/sqrt of [2, 4): even biased exponents. */
const RSQRT_EVEN = rom(64, 2, 4, (x) => 1 / Math.sqrt(x));

/** Fraction field of 1/x, by the top 7 bits of x's fraction. */
function reciprocal(fraction: number): number {
  return (RECIPROCAL[(fraction >> 16) & 127]! & 127) << 16;
}

/** Fraction field of 1/sqrt(x), by the parity of x's biased exponent and the top 6 fraction bits. */
function rsqrt(exponent: number, fraction: number): number {
  const table = (exponent & 1) !== 0 ? RSQRT_ODD : RSQRT_EVEN;
  return (table[(fraction >> 17) & 63]! & 127) << 16;
}

/** Biased exponent of `v`; for a subnormal the one its normalised value would have (<= 0). */
export function normalExponent(v: number): number {
  const exponent = (v >>> 23) & 255;
  return exponent !== 0 || (v & FRACTION) === 0 ? exponent : 9 - Math.clz32(v & FRACTION);
}

/** Fraction of `v`, a subnormal's normalised. */
export function normalFraction(v: number): number {
  if ((v & INFINITY_BITS) !== 0 || (v & FRACTION) === 0) return v & FRACTION;
  return ((v & FRACTION) << (Math.clz32(v & FRACTION) - 8)) & FRACTION;
}

/** RECIP0.S: about 1/v. A subnormal result is cut off, one beyond the range is infinite. */
export function recip0(cpu: Cpu, v: number): number {
  const sign = v & SIGN;
  const magnitude = v & 0x7fffffff;
  if (magnitude > INFINITY_BITS) {
    if (isSignalling(v)) cpu.fsr |= FSR.V;
    return sign | INFINITY_BITS | ((HIDDEN | reciprocal(v)) >> 1);
  }
  if (magnitude === INFINITY_BITS) return sign;
  if (magnitude === 0) {
    cpu.fsr |= FSR.Z;
    return sign | INFINITY_BITS;
  }
  const exponent = 253 - normalExponent(v);
  const fraction = reciprocal(normalFraction(v));
  if (exponent >= 255) return sign | INFINITY_BITS;
  if (exponent <= 0) return sign | ((HIDDEN | fraction) >> (1 - exponent));
  return sign | (exponent << 23) | fraction;
}

/** DIV0.S: about 1/v, with v scaled into [1, 4) by an even power of two; the sign kept. */
export function div0(v: number): number {
  const odd = (v & 0x7fffffff) === 0 ? 1 : normalExponent(v) & 1;
  return (v & SIGN) | ((125 + odd) << 23) | reciprocal(normalFraction(v));
}

/** RSQRT0.S: about 1/sqrt(v). */
export function rsqrt0(cpu: Cpu, v: number): number {
  const magnitude = v & 0x7fffffff;
  if (magnitude === 0) {
    cpu.fsr |= FSR.Z;
    return v | INFINITY_BITS;
  }
  const exponent = normalExponent(v);
  const fraction = rsqrt(exponent, normalFraction(v));
  if (magnitude > INFINITY_BITS || v < 0) {
    if (isSignalling(v) || magnitude <= INFINITY_BITS) cpu.fsr |= FSR.V;
    return (v & SIGN) | INFINITY_BITS | QUIET | fraction;
  }
  if (magnitude === INFINITY_BITS) return 0;
  return (((380 - exponent) >> 1) << 23) | fraction;
}

/** SQRT0.S: about 1/sqrt(v), with v scaled into [1, 4) by an even power of two; the sign kept. */
export function sqrt0(v: number): number {
  return (v & SIGN) | (126 << 23) | rsqrt(normalExponent(v), normalFraction(v));
}
