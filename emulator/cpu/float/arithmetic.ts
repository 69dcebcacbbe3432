/**
 * ADD.S, SUB.S, MUL.S, MADD.S, MSUB.S, MADDN.S in full: every rounding mode, every operand class,
 * every flag. The exec functions call in here when their fast path does not apply.
 * Xtensa ISA Reference Manual, Floating-Point Coprocessor Option.
 */
import type { Cpu } from '../state.ts';
import { DEFAULT_NAN, FCR_RM, FSR, RM, SIGN, isNaNBits, isSignalling } from './format.ts';
import { nan3, writeInvalid, writeNaN2 } from './nan.ts';
import { oddSum, roundSingle, writeRounded } from './round.ts';

/** FR[r] = an exact zero from x + y: -0 only if both are -0, or, rounding down, unless both are +0. */
function writeZeroSum(cpu: Cpu, r: number, x: number, y: number): void {
  const negative = Object.is(x, -0) && Object.is(y, -0);
  const positive = Object.is(x, 0) && Object.is(y, 0);
  const down = (cpu.fcr & FCR_RM) === RM.DOWN;
  cpu.fr[r] = negative || (down && !positive) ? SIGN : 0;
}

/** FR[r] = x + y, neither of them NaN. */
function writeSum(cpu: Cpu, r: number, x: number, y: number): void {
  const sum = x + y;
  if (sum !== sum) writeInvalid(cpu, r);
  else if (sum === 0) writeZeroSum(cpu, r, x, y);
  else if (sum - sum !== 0) cpu.frFloat[r] = sum;
  else writeRounded(cpu, r, oddSum(x, y));
}

/** FR[r] = FR[s] + FR[t], or with `subtract` FR[s] - FR[t]. */
export function addFull(cpu: Cpu, r: number, s: number, t: number, subtract: boolean): void {
  const a = cpu.frFloat[s]!;
  const b = cpu.frFloat[t]!;
  if (a !== a || b !== b) writeNaN2(cpu, r, cpu.fr[s]!, cpu.fr[t]!);
  else writeSum(cpu, r, a, subtract ? -b : b);
}

/** FR[r] = FR[s] * FR[t]. The product of two binary32 numbers is exact in binary64. */
export function mulFull(cpu: Cpu, r: number, s: number, t: number): void {
  const a = cpu.frFloat[s]!;
  const b = cpu.frFloat[t]!;
  if (a !== a || b !== b) return writeNaN2(cpu, r, cpu.fr[s]!, cpu.fr[t]!);
  const product = a * b;
  if (product !== product) writeInvalid(cpu, r);
  else if (product === 0 || product - product !== 0) cpu.frFloat[r] = product;
  else writeRounded(cpu, r, product);
}

/**
 * FR[r] = FR[r] + FR[s] * FR[t], or with `subtract` FR[r] - FR[s] * FR[t], rounded once. Infinity
 * times zero is Invalid even when the accumulator is a quiet NaN (measured, ESP32-S3).
 */
export function maddFull(cpu: Cpu, r: number, s: number, t: number, subtract: boolean): void {
  const c = cpu.frFloat[r]!;
  const a = cpu.frFloat[s]!;
  const b = cpu.frFloat[t]!;
  const product = subtract ? -(a * b) : a * b;
  if (c !== c || a !== a || b !== b) {
    const invalid =
      isSignalling(cpu.fr[r]!) ||
      isSignalling(cpu.fr[s]!) ||
      isSignalling(cpu.fr[t]!) ||
      (a === a && b === b && product !== product);
    if (invalid) cpu.fsr |= FSR.V;
    cpu.fr[r] = nan3(cpu.fr[r]!, cpu.fr[s]!, cpu.fr[t]!);
  } else if (product !== product) writeInvalid(cpu, r);
  else writeSum(cpu, r, c, product);
}

/** MADDN.S in full: always to nearest even, no flags. */
export function maddnFull(cpu: Cpu, r: number, s: number, t: number): void {
  const product = cpu.frFloat[s]! * cpu.frFloat[t]!;
  const sum = cpu.frFloat[r]! + product;
  if (sum - sum === 0) cpu.frFloat[r] = roundSingle(oddSum(cpu.frFloat[r]!, product), RM.NEAREST);
  else if (sum === sum) cpu.frFloat[r] = sum;
  else if (isNaNBits(cpu.fr[r]!) || isNaNBits(cpu.fr[s]!) || isNaNBits(cpu.fr[t]!))
    cpu.fr[r] = nan3(cpu.fr[r]!, cpu.fr[s]!, cpu.fr[t]!);
  else cpu.fr[r] = DEFAULT_NAN;
}
