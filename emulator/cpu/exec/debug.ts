/**
 * Debug Option. Xtensa ISA Reference Manual, "Debug Option". LDDR32.P, SDDR32.P, RFDO and RFDD
 * exist for a debug probe that has halted the core (OCD mode, not modelled); elsewhere they are
 * illegal instructions.
 */
import { XCHAL } from '../config.ts';
import { DEBUGCAUSE, raiseDebug } from '../debug.ts';
import { currentLevel, raise } from '../exceptions.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';

/** BREAK at or above the debug level does nothing. */
export function break_(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (currentLevel(cpu) < XCHAL.DEBUGLEVEL) raiseDebug(cpu, DEBUGCAUSE.BI);
}

export function break_n(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (currentLevel(cpu) < XCHAL.DEBUGLEVEL) raiseDebug(cpu, DEBUGCAUSE.BN);
}

export function lddr32_p(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  raise(cpu, EXCCAUSE.IllegalInstruction);
}

export const sddr32_p = lddr32_p;

export const rfdo = lddr32_p;

export const rfdd = lddr32_p;
