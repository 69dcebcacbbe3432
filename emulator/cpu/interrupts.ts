/**
 * Interrupt Option and High-Priority Interrupt Option: the 32 CPU interrupts of the ESP32, their
 * types and levels, and entry. Xtensa ISA Reference Manual, "Interrupt Option".
 *
 * INTERRUPT bits: level-triggered ones follow their wire; edge-triggered, NMI, timer and software
 * ones are latched. INTCLEAR clears software and edge interrupts, a write to CCOMPAREn clears its
 * timer, and taking the NMI clears the NMI.
 */
import { INTLEVEL_MASK, INTTYPE_MASK, XCHAL } from './config.ts';
import { currentLevel, enterLevel, raise } from './exceptions.ts';
import { EXCCAUSE } from './isa/exccause.ts';
import { PENALTY } from './isa/timing.ts';
import type { Cpu } from './state.ts';

/** What a wake from WAITI costs beyond an interrupt entry. */
const WAKE = PENALTY.waitiWake.value - PENALTY.exception.value;
const LATCHED = INTTYPE_MASK.EXTERN_EDGE | INTTYPE_MASK.NMI;
const CLEARABLE = INTTYPE_MASK.SOFTWARE | INTTYPE_MASK.EXTERN_EDGE;

/**
 * Level (1..7) of the interrupt that would be taken now, or 0. The NMI is masked neither by
 * INTENABLE nor by PS.INTLEVEL, not even by level 15.
 */
export function eligibleLevel(cpu: Cpu): number {
  const active = cpu.interrupt & (cpu.intenable | INTTYPE_MASK.NMI);
  if (active === 0) return 0;
  if ((active & INTTYPE_MASK.NMI) !== 0) return XCHAL.NMILEVEL;
  const masked = currentLevel(cpu);
  for (let level = XCHAL.NMILEVEL - 1; level > masked; level--)
    if ((active & INTLEVEL_MASK[level]!) !== 0) return level;
  return 0;
}

/** Asks for the core's attention when an interrupt can be taken; due after any change of the above. */
export function updateInterrupts(cpu: Cpu): void {
  if (cpu.onMask !== null) cpu.onMask(cpu);
  if (eligibleLevel(cpu) === 0) return;
  cpu.attention = 1;
  cpu.leaveLoop();
}

/**
 * At an instruction boundary, `pc` being the next instruction: enters the eligible interrupt of
 * the highest level, if any, and takes back the request for attention. Level 1 is a general exception; the others have their own vectors.
 * Returns whether one was taken; `pc` and `nextPc` are then the vector.
 */
export function takeInterrupt(cpu: Cpu): boolean {
  cpu.attention = 0;
  const level = eligibleLevel(cpu);
  if (level === 0) return false;
  if (cpu.waiting !== 0 && cpu.untimed === 0) cpu.cycle = (cpu.cycle + WAKE) | 0;
  cpu.waiting = 0;
  cpu.icountStep = 0;
  if (level === 1) raise(cpu, EXCCAUSE.Level1Interrupt);
  else enterLevel(cpu, level);
  if (level === XCHAL.NMILEVEL) cpu.interrupt &= ~INTTYPE_MASK.NMI;
  cpu.pc = cpu.nextPc;
  cpu.trapped = 0;
  return true;
}

/** The interrupt matrix drives wire `n` (0..31). Wires of internal interrupts do not exist. */
export function setExternalInterrupt(cpu: Cpu, n: number, level: 0 | 1): void {
  const bit = 1 << n;
  const rises = level !== 0 && (cpu.interruptLines & bit) === 0;
  if (level !== 0) cpu.interruptLines |= bit;
  else cpu.interruptLines &= ~bit;
  if ((bit & INTTYPE_MASK.EXTERN_LEVEL) !== 0) {
    if (level !== 0) cpu.interrupt |= bit;
    else cpu.interrupt &= ~bit;
  } else if ((bit & LATCHED) !== 0 && rises) {
    cpu.interrupt |= bit;
  }
  updateInterrupts(cpu);
}

/** An interrupt made inside the core (timers). */
export function latchInterrupt(cpu: Cpu, n: number): void {
  cpu.interrupt |= 1 << n;
  updateInterrupts(cpu);
}

/** WSR.INTSET: only software interrupts can be set. */
export function writeIntset(cpu: Cpu, value: number): void {
  cpu.interrupt |= value & INTTYPE_MASK.SOFTWARE;
  updateInterrupts(cpu);
}

/** WSR.INTCLEAR: level, timer and NMI bits stay. */
export function writeIntclear(cpu: Cpu, value: number): void {
  cpu.interrupt &= ~(value & CLEARABLE);
}
