/**
 * Exception Option (XEA2): general exceptions, double exceptions, and the PS register as one word.
 * Xtensa ISA Reference Manual, "Exception Option" and "High-Priority Interrupt Option".
 */
import { LEVEL_VECTOR, VECTOR, XCHAL } from './config.ts';
import { PENALTY } from './isa/timing.ts';
import type { Cpu } from './state.ts';
import { trapTo } from './trap.ts';
import { updateWindow } from './window.ts';

/** PS bits that exist on the ESP32: all but RING. */
export const PS_MASK = 0x00070f3f;

export function readPs(cpu: Cpu): number {
  return (
    cpu.psIntlevel |
    (cpu.psExcm << 4) |
    (cpu.psUm << 5) |
    (cpu.psOwb << 8) |
    (cpu.psCallinc << 16) |
    (cpu.psWoe << 18)
  );
}

/** Writes all of PS; the caller looks at interrupts afterwards. */
export function writePs(cpu: Cpu, value: number): void {
  cpu.psIntlevel = value & 15;
  cpu.psExcm = (value >> 4) & 1;
  cpu.psUm = (value >> 5) & 1;
  cpu.psOwb = (value >> 8) & 15;
  cpu.psCallinc = (value >> 16) & 3;
  cpu.psWoe = (value >> 18) & 1;
  updateWindow(cpu);
}

/** CINTLEVEL: the interrupt level below which (and at which) interrupts are masked. */
export function currentLevel(cpu: Cpu): number {
  return cpu.psExcm !== 0 && cpu.psIntlevel < XCHAL.EXCM_LEVEL ? XCHAL.EXCM_LEVEL : cpu.psIntlevel;
}

/**
 * A general exception of the instruction at `pc`: to the user or kernel vector with EPC1, or, while
 * PS.EXCM is set, to the double exception vector with DEPC (EPC1 is kept).
 */
export function raise(cpu: Cpu, cause: number): void {
  let vector: number;
  if (cpu.psExcm !== 0) {
    cpu.depc = cpu.pc;
    vector = VECTOR.Double;
  } else {
    cpu.epc[1] = cpu.pc;
    vector = cpu.psUm !== 0 ? VECTOR.User : VECTOR.Kernel;
  }
  cpu.exccause = cause;
  cpu.psExcm = 1;
  cpu.windowLimit = 16;
  enterVector(cpu, vector);
}

/** A general exception that also reports an address: EXCVADDR = address. */
export function raiseAt(cpu: Cpu, cause: number, address: number): void {
  cpu.excvaddr = address;
  raise(cpu, cause);
}

/** Raises the fault that the port reports for the data access or fetch just made, and clears it. */
export function accessFault(cpu: Cpu): void {
  const cause = cpu.port.fault;
  cpu.port.fault = -1;
  raiseAt(cpu, cause, cpu.port.faultAddr);
}

/** Interrupt or debug exception of level 2..7: EPC[level], EPS[level], PS.INTLEVEL = level, PS.EXCM = 1. */
export function enterLevel(cpu: Cpu, level: number): void {
  cpu.epc[level] = cpu.pc;
  cpu.eps[level] = readPs(cpu);
  cpu.psIntlevel = level;
  cpu.psExcm = 1;
  cpu.windowLimit = 16;
  enterVector(cpu, LEVEL_VECTOR[level]!);
}

function enterVector(cpu: Cpu, vector: number): void {
  if (cpu.onMask !== null) cpu.onMask(cpu);
  trapTo(cpu, vector, PENALTY.exception.value);
}
