/**
 * RSR, WSR, XSR, RUR, WUR. Xtensa ISA Reference Manual, chapter "Processor State" and the options
 * that own the registers. Register widths are those of the chip's configuration (the state table
 * of its opcode library): bits that do not exist read 0. All 32 bits of FCR and FSR exist: the
 * reserved ones (FCR 7..11, FSR 0..6, and 12..31) are states that WUR writes and RUR reads in
 * Espressif's `xtensa-modules.c`, and have no effect.
 *
 * A register that does not exist, or not for that access, raises IllegalInstruction.
 */
import { readCcount, fireTimers, writeCcompare, writeCcount } from '../ccount.ts';
import { XCHAL } from '../config.ts';
import { DBREAKC_MASK, updateDebug } from '../debug.ts';
import { PS_MASK, raise, readPs, writePs } from '../exceptions.ts';
import { updateInterrupts, writeIntclear, writeIntset } from '../interrupts.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import { SPECIAL_REGISTERS, SR } from '../isa/special-registers.ts';
import { PENALTY } from '../isa/timing.ts';
import { UR } from '../isa/user-registers.ts';
import type { Cpu } from '../state.ts';
import { updateWindow } from '../window.ts';

const READ = 1;
const WRITE = 2;
const EXCHANGE = 4;
const WSR_ACC = PENALTY.wsrAcc.value;
const DEBUGCAUSE_MASK = 0xf3f;

/** READ, WRITE, EXCHANGE bits of each special register. */
const ACCESS = new Uint8Array(256);
for (const { number, access } of SPECIAL_REGISTERS) {
  if (access.includes('r')) ACCESS[number]! |= READ;
  if (access.includes('w')) ACCESS[number]! |= WRITE;
  if (access.includes('x')) ACCESS[number]! |= EXCHANGE;
}

export function rsr(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if ((ACCESS[imm]! & READ) === 0) return raise(cpu, EXCCAUSE.IllegalInstruction);
  cpu.setA(t, readSpecial(cpu, imm));
}

export function wsr(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if ((ACCESS[imm]! & WRITE) === 0) return raise(cpu, EXCCAUSE.IllegalInstruction);
  writeSpecial(cpu, imm, cpu.a(t));
}

/** The register is read and written in one step; AR[t] is that of the window before the write. */
export function xsr(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if ((ACCESS[imm]! & EXCHANGE) === 0) return raise(cpu, EXCCAUSE.IllegalInstruction);
  const value = cpu.a(t);
  cpu.setA(t, readSpecial(cpu, imm));
  writeSpecial(cpu, imm, value);
}

// prettier-ignore
function readSpecial(cpu: Cpu, sr: number): number {
  switch (sr) {
    case SR.LBEG: return cpu.lbeg;
    case SR.LEND: return cpu.lend;
    case SR.LCOUNT: return cpu.lcount;
    case SR.SAR: return cpu.sar;
    case SR.BR: return cpu.br;
    case SR.SCOMPARE1: return cpu.scompare1;
    case SR.ACCLO: return cpu.acclo;
    case SR.ACCHI: return cpu.acchi;
    case SR.M0: case SR.M1: case SR.M2: case SR.M3: return cpu.mr[sr - SR.M0]!;
    case SR.WINDOWBASE: return cpu.windowBase4 >> 2;
    case SR.WINDOWSTART: return cpu.windowStart;
    case SR.IBREAKENABLE: return cpu.ibreakenable;
    case SR.MEMCTL: return cpu.memctl;
    case SR.ATOMCTL: return cpu.atomctl;
    case SR.DDR: return cpu.ddr;
    case SR.IBREAKA0: case SR.IBREAKA1: return cpu.ibreaka[sr - SR.IBREAKA0]!;
    case SR.DBREAKA0: case SR.DBREAKA1: return cpu.dbreaka[sr - SR.DBREAKA0]!;
    case SR.DBREAKC0: case SR.DBREAKC1: return cpu.dbreakc[sr - SR.DBREAKC0]!;
    case SR.CONFIGID0: return XCHAL.HW_CONFIGID0;
    case SR.CONFIGID1: return XCHAL.HW_CONFIGID1;
    case SR.EPC1: case SR.EPC2: case SR.EPC3: case SR.EPC4: case SR.EPC5: case SR.EPC6: case SR.EPC7:
      return cpu.epc[sr - SR.EPC1 + 1]!;
    case SR.DEPC: return cpu.depc;
    case SR.EPS2: case SR.EPS3: case SR.EPS4: case SR.EPS5: case SR.EPS6: case SR.EPS7:
      return cpu.eps[sr - SR.EPS2 + 2]!;
    case SR.EXCSAVE1: case SR.EXCSAVE2: case SR.EXCSAVE3: case SR.EXCSAVE4: case SR.EXCSAVE5: case SR.EXCSAVE6: case SR.EXCSAVE7:
      return cpu.excsave[sr - SR.EXCSAVE1 + 1]!;
    case SR.CPENABLE: return cpu.cpenable;
    case SR.INTERRUPT: fireTimers(cpu); return cpu.interrupt;
    case SR.INTENABLE: return cpu.intenable;
    case SR.PS: return readPs(cpu);
    case SR.VECBASE: return cpu.vecbase;
    case SR.EXCCAUSE: return cpu.exccause;
    case SR.DEBUGCAUSE: return cpu.debugcause;
    case SR.CCOUNT: return readCcount(cpu);
    case SR.PRID: return cpu.prid;
    case SR.ICOUNT: return cpu.icount - cpu.icountStep;
    case SR.ICOUNTLEVEL: return cpu.icountlevel;
    case SR.EXCVADDR: return cpu.excvaddr;
    case SR.CCOMPARE0: case SR.CCOMPARE1: case SR.CCOMPARE2: return cpu.ccompare[sr - SR.CCOMPARE0]!;
    case SR.MISC0: case SR.MISC1: case SR.MISC2: case SR.MISC3: return cpu.misc[sr - SR.MISC0]!;
    default: return 0;
  }
}

// prettier-ignore
function writeSpecial(cpu: Cpu, sr: number, value: number): void {
  switch (sr) {
    case SR.LBEG: cpu.lbeg = value; return;
    case SR.LEND: cpu.lend = value; return;
    case SR.LCOUNT: cpu.lcount = value; return;
    case SR.SAR: cpu.sar = value & 63; return;
    case SR.BR: cpu.br = value & 0xffff; return;
    case SR.SCOMPARE1: cpu.scompare1 = value; return;
    case SR.ACCLO: cpu.acclo = value; return waitAcc(cpu);
    case SR.ACCHI: cpu.acchi = (value << 24) >> 24; return waitAcc(cpu);
    case SR.M0: case SR.M1: case SR.M2: case SR.M3: cpu.mr[sr - SR.M0] = value; return;
    case SR.WINDOWBASE: cpu.windowBase4 = (value & 15) << 2; return updateWindow(cpu);
    case SR.WINDOWSTART: cpu.windowStart = value & 0xffff; return updateWindow(cpu);
    // MMID leaves the core through the trace port, which leads nowhere. CONFIGID0 does not change.
    case SR.MMID: case SR.CONFIGID0: return;
    case SR.IBREAKENABLE: cpu.ibreakenable = value & 3; return updateDebug(cpu);
    case SR.MEMCTL: cpu.memctl = value & 1; return;
    case SR.ATOMCTL: cpu.atomctl = value & 63; return;
    case SR.DDR: cpu.ddr = value; return;
    case SR.IBREAKA0: case SR.IBREAKA1: cpu.ibreaka[sr - SR.IBREAKA0] = value; return;
    case SR.DBREAKA0: case SR.DBREAKA1: cpu.dbreaka[sr - SR.DBREAKA0] = value; return;
    case SR.DBREAKC0: case SR.DBREAKC1: cpu.dbreakc[sr - SR.DBREAKC0] = value & DBREAKC_MASK; return updateDebug(cpu);
    case SR.EPC1: case SR.EPC2: case SR.EPC3: case SR.EPC4: case SR.EPC5: case SR.EPC6: case SR.EPC7:
      cpu.epc[sr - SR.EPC1 + 1] = value; return;
    case SR.DEPC: cpu.depc = value; return;
    case SR.EPS2: case SR.EPS3: case SR.EPS4: case SR.EPS5: case SR.EPS6: case SR.EPS7:
      cpu.eps[sr - SR.EPS2 + 2] = value & PS_MASK; return;
    case SR.EXCSAVE1: case SR.EXCSAVE2: case SR.EXCSAVE3: case SR.EXCSAVE4: case SR.EXCSAVE5: case SR.EXCSAVE6: case SR.EXCSAVE7:
      cpu.excsave[sr - SR.EXCSAVE1 + 1] = value; return;
    case SR.CPENABLE: cpu.cpenable = value & 0xff; return;
    case SR.INTSET: return writeIntset(cpu, value);
    case SR.INTCLEAR: return writeIntclear(cpu, value);
    case SR.INTENABLE: cpu.intenable = value; return updateInterrupts(cpu);
    case SR.PS: writePs(cpu, value); return updateInterrupts(cpu);
    case SR.VECBASE: cpu.vecbase = value & ~0x3ff; return;
    case SR.EXCCAUSE: cpu.exccause = value & 63; return;
    case SR.DEBUGCAUSE: cpu.debugcause = value & DEBUGCAUSE_MASK; return;
    case SR.CCOUNT: return writeCcount(cpu, value);
    case SR.ICOUNT: cpu.icount = value; cpu.icountStep = 0; return;
    case SR.ICOUNTLEVEL: cpu.icountlevel = value & 15; return updateDebug(cpu);
    case SR.EXCVADDR: cpu.excvaddr = value; return;
    case SR.CCOMPARE0: case SR.CCOMPARE1: case SR.CCOMPARE2: return writeCcompare(cpu, sr - SR.CCOMPARE0, value);
    case SR.MISC0: case SR.MISC1: case SR.MISC2: case SR.MISC3: cpu.misc[sr - SR.MISC0] = value; return;
    default:
  }
}

function waitAcc(cpu: Cpu): void {
  cpu.cycle = (cpu.cycle + WSR_ACC) | 0;
}

/** False, with the exception raised, while the FPU is disabled. */
function fpuEnabled(cpu: Cpu): boolean {
  if ((cpu.cpenable & 1) !== 0) return true;
  raise(cpu, EXCCAUSE.Coprocessor0Disabled);
  return false;
}

// prettier-ignore
export function rur(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  switch (imm) {
    case UR.EXPSTATE: return cpu.setA(r, cpu.expstate);
    case UR.THREADPTR: return cpu.setA(r, cpu.threadptr);
    case UR.FCR: if (fpuEnabled(cpu)) cpu.setA(r, cpu.fcr); return;
    case UR.FSR: if (fpuEnabled(cpu)) cpu.setA(r, cpu.fsr); return;
    case UR.F64R_LO: return cpu.setA(r, cpu.f64rLo);
    case UR.F64R_HI: return cpu.setA(r, cpu.f64rHi);
    case UR.F64S: return cpu.setA(r, cpu.f64s);
    default: return raise(cpu, EXCCAUSE.IllegalInstruction);
  }
}

// prettier-ignore
export function wur(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.a(t);
  switch (imm) {
    case UR.EXPSTATE: cpu.expstate = value; return;
    case UR.THREADPTR: cpu.threadptr = value; return;
    case UR.FCR: if (fpuEnabled(cpu)) cpu.fcr = value; return;
    case UR.FSR: if (fpuEnabled(cpu)) cpu.fsr = value; return;
    case UR.F64R_LO: cpu.f64rLo = value; return;
    case UR.F64R_HI: cpu.f64rHi = value; return;
    case UR.F64S: cpu.f64s = value; return;
    default: return raise(cpu, EXCCAUSE.IllegalInstruction);
  }
}
