/**
 * Exact sums and correct rounding to binary32 by way of binary64.
 *
 * A binary64 number "rounded to odd" (truncated, with its last bit set when anything was lost)
 * keeps enough to round once more to 24 bits in any mode without a double-rounding error, because
 * 53 >= 24 + 2 (Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums").
 */
import type { Cpu } from '../state.ts';
import { FCR_RM, FSR, MIN_NORMAL, OVERFLOW, RM } from './format.ts';

const double = new Float64Array(1);
const doubleWords = new Int32Array(double.buffer);
const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** x + y rounded to odd. Both finite; the sum is in the range of binary64. */
export function oddSum(x: number, y: number): number {
  const sum = x + y;
  const back = sum - x;
  const error = x - (sum - back) + (y - back);
  if (error === 0) return sum;
  double[0] = sum;
  if (error > 0 !== sum > 0) {
    if (doubleWords[0] === 0) doubleWords[1]! -= 1;
    doubleWords[0]! -= 1;
  }
  doubleWords[0]! |= 1;
  return double[0]!;
}

/** The binary32 number next to `z` towards zero or away from it. */
function step(z: number, away: boolean): number {
  single[0] = z;
  singleBits[0]! += away ? 1 : -1;
  return single[0]!;
}

/** `value` rounded to binary32 in mode `mode`. */
export function roundSingle(value: number, mode: number): number {
  const z = Math.fround(value);
  if (mode === RM.NEAREST || z === value) return z;
  if (mode === RM.ZERO) return Math.abs(z) > Math.abs(value) ? step(z, false) : z;
  if (mode === RM.UP) {
    if (z > value) return z;
    return z === 0 ? (value > 0 ? step(0, true) : -0) : step(z, z > 0);
  }
  if (z < value) return z;
  return z === 0 ? (value < 0 ? step(-0, true) : 0) : step(z, z < 0);
}

/** True when `value`, rounded with unbounded exponent, is below the normal range. */
function isTiny(value: number, mode: number): boolean {
  const SCALE = 2 ** 64;
  return Math.abs(roundSingle(value * SCALE, mode)) < MIN_NORMAL * SCALE;
}

/**
 * FR[r] = `value` rounded by FCR.RM, with Overflow, Underflow and Inexact. `value` is finite, not
 * zero, and exact or rounded to odd. Underflow means tiny after rounding, and inexact.
 */
export function writeRounded(cpu: Cpu, r: number, value: number): void {
  const mode = cpu.fcr & FCR_RM;
  const z = roundSingle(value, mode);
  cpu.frFloat[r] = z;
  if (z === value) return;
  let flags: number = FSR.I;
  const magnitude = Math.abs(value);
  if (magnitude >= OVERFLOW || z - z !== 0) flags |= FSR.O;
  else if (magnitude < MIN_NORMAL && isTiny(value, mode)) flags |= FSR.U;
  cpu.fsr |= flags;
}
