/**
 * Conversions between binary32 and 32-bit integers. Scaling by a power of two is exact in binary64,
 * so no intermediate rounding or overflow exists. Only Invalid and Inexact can be raised, and never
 * both (the chip's opcode tables; published captures of ESP32 rev 3.1).
 */
import type { Cpu } from '../state.ts';
import { FSR } from './format.ts';
import { writeRounded } from './round.ts';

/**
 * The signed result of a conversion: `whole` is `value` made an integer by the instruction's own
 * rounding. Out of range saturates and a NaN gives the largest integer, both with Invalid.
 */
export function floatToInt(cpu: Cpu, value: number, whole: number): number {
  if (whole >= -0x80000000 && whole <= 0x7fffffff) {
    if (whole !== value) cpu.fsr |= FSR.I;
    return whole;
  }
  cpu.fsr |= FSR.V;
  return whole < 0 ? -0x80000000 : 0x7fffffff;
}

/**
 * UTRUNC.S of the scaled `value`, as raw bits. Above the range or NaN: all ones. Below zero the
 * result is that of TRUNC.S, with Invalid (the manual's 0x80000000 holds only below -2^31).
 */
export function floatToUnsigned(cpu: Cpu, value: number): number {
  const whole = Math.trunc(value);
  if (whole >= 0 && whole <= 0xffffffff) {
    if (whole !== value) cpu.fsr |= FSR.I;
    return whole | 0;
  }
  cpu.fsr |= FSR.V;
  if (whole < 0) return Math.max(whole, -0x80000000);
  return -1;
}

/** FR[r] = `integer` * 2^-scale rounded by FCR.RM. */
export function intToFloat(cpu: Cpu, r: number, integer: number, scale: number): void {
  const value = integer * 2 ** -scale;
  if (value === 0) cpu.fr[r] = 0;
  else writeRounded(cpu, r, value);
}
