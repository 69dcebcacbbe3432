/**
 * Debug Option: instruction and data breakpoints, ICOUNT, and the debug exception at level 6.
 * Xtensa ISA Reference Manual, "Debug Option".
 *
 * While `debugActive` the interpreter calls `debugStep` before every instruction.
 *
 * A data breakpoint is checked before the access: an access that would both fault and match
 * reports the breakpoint. Unverified on silicon.
 *
 * **Not modelled:** OCD mode (a JTAG probe halting the core), the debug interrupt and break-in.
 */
import { XCHAL } from './config.ts';
import { dataAccess } from './data-access.ts';
import { currentLevel, enterLevel } from './exceptions.ts';
import type { Cpu } from './state.ts';

/** DEBUGCAUSE bits; DBNUM (which DBREAK) stands at bit 8. */
export const DEBUGCAUSE = { IC: 1, IB: 2, DB: 4, BI: 8, BN: 16, DI: 32 } as const;
const DBNUM_SHIFT = 8;

const DBREAKC_STORE = 0x80000000 | 0;
const DBREAKC_LOAD = 0x40000000;
/** DBREAKC bits that exist: SB, LB and the six mask bits. */
export const DBREAKC_MASK = 0xc000003f | 0;

/** Recomputes `debugWatch`; due after any change of IBREAKENABLE, DBREAKC or ICOUNTLEVEL. */
export function updateDebug(cpu: Cpu): void {
  const data = (cpu.dbreakc[0]! | cpu.dbreakc[1]!) & (DBREAKC_STORE | DBREAKC_LOAD);
  cpu.debugWatch = cpu.ibreakenable !== 0 || cpu.icountlevel !== 0 || data !== 0 ? 1 : 0;
  cpu.leaveLoop();
}

/** Debug exception of the instruction at `pc`; the caller has checked that the level allows it. */
export function raiseDebug(cpu: Cpu, cause: number): void {
  cpu.debugcause = cause;
  enterLevel(cpu, XCHAL.DEBUGLEVEL);
}

/** Whether `debugStep` must be asked before every instruction. */
export function debugActive(cpu: Cpu): boolean {
  return cpu.debugWatch !== 0;
}

/**
 * Before the instruction at `pc`: counts it in ICOUNT when CINTLEVEL is below ICOUNTLEVEL, and
 * returns true when ICOUNT, IBREAK or DBREAK took the debug exception instead; `pc` and `nextPc`
 * are then the vector. The first two are reported together when both are due.
 */
export function debugStep(cpu: Cpu): boolean {
  cpu.icountStep = 0;
  const level = currentLevel(cpu);
  const counts = level < cpu.icountlevel;
  let cause = 0;
  if (level < XCHAL.DEBUGLEVEL) {
    if (counts && cpu.icount === -1) cause |= DEBUGCAUSE.IC;
    for (let n = 0; n < XCHAL.NUM_IBREAK; n++)
      if ((cpu.ibreakenable & (1 << n)) !== 0 && cpu.ibreaka[n] === (cpu.pc | 0))
        cause |= DEBUGCAUSE.IB;
    if (cause === 0) cause = dataBreak(cpu);
  }
  if (cause === 0) {
    if (counts) cpu.icount = (cpu.icount + 1) | 0;
    cpu.icountStep = counts ? 1 : 0;
    return false;
  }
  raiseDebug(cpu, cause);
  cpu.pc = cpu.nextPc;
  cpu.trapped = 0;
  return true;
}

/** DEBUGCAUSE of the data breakpoint that the instruction at `pc` is about to meet, or 0. */
function dataBreak(cpu: Cpu): number {
  if (((cpu.dbreakc[0]! | cpu.dbreakc[1]!) & (DBREAKC_STORE | DBREAKC_LOAD)) === 0) return 0;
  const access = dataAccess(cpu);
  if (access === undefined) return 0;
  for (let n = 0; n < XCHAL.NUM_DBREAK; n++) {
    const control = cpu.dbreakc[n]!;
    const armed =
      (access.load && (control & DBREAKC_LOAD) !== 0) ||
      (access.store && (control & DBREAKC_STORE) !== 0);
    if (!armed) continue;
    const mask = control | ~0x3f;
    for (let i = 0; i < access.size; i++)
      if ((((access.address + i) ^ cpu.dbreaka[n]!) & mask) === 0)
        return DEBUGCAUSE.DB | (n << DBNUM_SHIFT);
  }
  return 0;
}
