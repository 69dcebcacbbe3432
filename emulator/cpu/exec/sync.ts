/** Synchronisation instructions of the Core Architecture. Xtensa ISA Reference Manual, their pages. */
import { PENALTY } from '../isa/timing.ts';
import type { Cpu } from '../state.ts';

const ISYNC = PENALTY.isync.value;

/** MEMW: the next instruction issues no earlier than `storeDrain`. Nothing waits after loads. */
export function memw(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const wait = (cpu.storeDrain - cpu.cycle - 1) | 0;
  if (wait > 0) cpu.cycle = (cpu.cycle + wait) | 0;
}

/** EXTW also orders external signals; its wait is assumed to be MEMW's. */
export const extw = memw;

/** The fetch stages are refilled; code written before is already seen by every fetch. */
export function isync(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.cycle = (cpu.cycle + ISYNC) | 0;
}

/** Special register writes take effect at once here, so RSYNC, ESYNC and DSYNC have nothing to do. */
export function rsync(cpu: Cpu, r: number, s: number, t: number, imm: number): void {}

export const esync = rsync;

export const dsync = rsync;
