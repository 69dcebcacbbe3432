/**
 * The binary32 format as raw bits, and the bits of FCR and FSR.
 * Xtensa ISA Reference Manual, Floating-Point Coprocessor Option.
 */
export const SIGN = 0x80000000 | 0;
export const INFINITY_BITS = 0x7f800000;
export const FRACTION = 0x007fffff;
export const HIDDEN = 0x00800000;
export const QUIET = 0x00400000;
/** What an invalid operation generates. Measured on ESP32 rev 3.1. */
export const DEFAULT_NAN = 0x7fc00000;
/** Smallest normal number, 2^-126. */
export const MIN_NORMAL = 1.1754943508222875e-38;
/** The first magnitude beyond the format, 2^128. */
export const OVERFLOW = 340282366920938463463374607431768211456;

/** FSR: sticky exception flags. */
export const FSR = { I: 0x080, U: 0x100, O: 0x200, Z: 0x400, V: 0x800 } as const;

/** FCR.RM, the rounding mode. The enables (bits 2..6) are stored; the ESP32 never traps on them. */
export const FCR_RM = 3;
export const RM = { NEAREST: 0, ZERO: 1, UP: 2, DOWN: 3 } as const;

export function isNaNBits(v: number): boolean {
  return (v & 0x7fffffff) > INFINITY_BITS;
}

export function isSignalling(v: number): boolean {
  return (v & 0x7fffffff) > INFINITY_BITS && (v & QUIET) === 0;
}
