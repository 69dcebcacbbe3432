/**
 * Windowed Register Option: window checks and the six window vectors. Xtensa ISA Reference
 * Manual, "Windowed Register Option", sections on WindowCheck, overflow and underflow.
 *
 * Checks are on (the manual's CWOE) when PS.WOE = 1 and PS.EXCM = 0.
 */
import { VECTOR } from './config.ts';
import { PENALTY } from './isa/timing.ts';
import type { Cpu } from './state.ts';
import { trapTo } from './trap.ts';

const OVERFLOW = [0, VECTOR.WindowOverflow4, VECTOR.WindowOverflow8, VECTOR.WindowOverflow12];
const UNDERFLOW = [0, VECTOR.WindowUnderflow4, VECTOR.WindowUnderflow8, VECTOR.WindowUnderflow12];

/** WINDOWSTART turned so that bit n belongs to the window n quads above the current one, n = 0..15. */
export function windowStartAbove(cpu: Cpu): number {
  return (cpu.windowStart | (cpu.windowStart << 16)) >>> (cpu.windowBase4 >> 2);
}

/** Recomputes `windowLimit`; due after any change of WINDOWBASE, WINDOWSTART, PS.WOE or PS.EXCM. */
export function updateWindow(cpu: Cpu): void {
  if (cpu.psWoe === 0 || cpu.psExcm !== 0) {
    cpu.windowLimit = 16;
    return;
  }
  const start = windowStartAbove(cpu);
  cpu.windowLimit = (start & 2) !== 0 ? 4 : (start & 4) !== 0 ? 8 : (start & 8) !== 0 ? 12 : 16;
}

/** WINDOWBASE += quads, modulo 16. */
export function rotateWindow(cpu: Cpu, quads: number): void {
  cpu.windowBase4 = (cpu.windowBase4 + quads * 4) & 63;
}

/**
 * WindowCheck has failed for an instruction that touches registers up to a[maxRegister]: enters
 * the overflow vector of the oldest frame in the way, in that frame's window.
 */
export function windowOverflow(cpu: Cpu, maxRegister: number): void {
  const start = windowStartAbove(cpu);
  let quads = 1;
  while (quads < maxRegister >> 2 && (start & (1 << quads)) === 0) quads++;
  const above = start >>> quads;
  const size = (above & 2) !== 0 ? 1 : (above & 4) !== 0 ? 2 : 3;
  enterWindowVector(cpu, quads, OVERFLOW[size]!);
}

/** RETW whose caller's frame (`quads` below) is in memory: enters the underflow vector in its window. */
export function windowUnderflow(cpu: Cpu, quads: number): void {
  enterWindowVector(cpu, -quads, UNDERFLOW[quads]!);
}

function enterWindowVector(cpu: Cpu, quads: number, vector: number): void {
  cpu.psOwb = cpu.windowBase4 >> 2;
  rotateWindow(cpu, quads);
  cpu.psExcm = 1;
  cpu.windowLimit = 16;
  cpu.epc[1] = cpu.pc;
  trapTo(cpu, vector, PENALTY.windowVector.value);
}
