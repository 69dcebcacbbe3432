/**
 * NaN results. The last NaN operand in the order (fs, ft) survives, made quiet, with its sign and
 * payload; an accumulator outranks both. Measured on ESP32-S3 rev 0.2 and ESP32 rev 3.1 (published
 * conformance captures of 5,630 vectors); QEMU's `prop_ba` for single-only FPUs says the same.
 */
import type { Cpu } from '../state.ts';
import { DEFAULT_NAN, FSR, QUIET, isNaNBits, isSignalling } from './format.ts';

/** FR[r] = the NaN that comes out of operands `a` (fs) and `b` (ft); Invalid if one signals. */
export function writeNaN2(cpu: Cpu, r: number, a: number, b: number): void {
  if (isSignalling(a) || isSignalling(b)) cpu.fsr |= FSR.V;
  cpu.fr[r] = (isNaNBits(b) ? b : a) | QUIET;
}

/** The NaN that comes out of `c + a * b`. */
export function nan3(c: number, a: number, b: number): number {
  return (isNaNBits(c) ? c : isNaNBits(b) ? b : a) | QUIET;
}

/** FR[r] = the default NaN, Invalid. */
export function writeInvalid(cpu: Cpu, r: number): void {
  cpu.fsr |= FSR.V;
  cpu.fr[r] = DEFAULT_NAN;
}
