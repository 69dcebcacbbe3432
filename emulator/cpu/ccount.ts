/**
 * Timer Interrupt Option: CCOUNT and CCOMPARE0..2. Xtensa ISA Reference Manual, "Timer Interrupt
 * Option".
 *
 * The definition is per cycle: in every cycle, each timer whose CCOMPARE equals CCOUNT latches its
 * interrupt. `timerBase` is the first cycle not compared yet, so that comparing can wait until the
 * earliest match. A CCOMPARE written in cycle c is compared from cycle c+1 on; a CCOUNT written in
 * cycle c is the count of cycle c and is compared in it. Unverified on silicon:
 * from which cycle on a written CCOMPARE or CCOUNT is compared.
 */
import { TIMER_INTERRUPT, XCHAL } from './config.ts';
import { latchInterrupt } from './interrupts.ts';
import type { Cpu } from './state.ts';

/** Farthest cycle that is answered, so that differences of int32 times stay exact. */
const HORIZON = 0x40000000;

/** Cycles from `timerBase` to the match of timer n, 0..2^32-1. */
function distance(cpu: Cpu, n: number): number {
  return (cpu.ccompare[n]! - cpu.ccountOffset - cpu.timerBase) >>> 0;
}

/**
 * `nextTimer`: cycle of the earliest coming match, or an earlier one at which to ask again. The run
 * loop calls `fireTimers` at the first instruction boundary that reaches it.
 */
function planTimer(cpu: Cpu): void {
  let nearest = HORIZON;
  for (let n = 0; n < XCHAL.NUM_TIMERS; n++) nearest = Math.min(nearest, distance(cpu, n));
  cpu.nextTimer = (cpu.timerBase + nearest) | 0;
}

/** Compares every cycle up to and including the present one. */
export function fireTimers(cpu: Cpu): void {
  const elapsed = (cpu.cycle - cpu.timerBase) | 0;
  if (elapsed >= 0) {
    for (let n = 0; n < XCHAL.NUM_TIMERS; n++)
      if (distance(cpu, n) <= elapsed) latchInterrupt(cpu, TIMER_INTERRUPT[n]!);
    cpu.timerBase = (cpu.cycle + 1) | 0;
  }
  planTimer(cpu);
}

export function readCcount(cpu: Cpu): number {
  return (cpu.cycle + cpu.ccountOffset) | 0;
}

export function writeCcount(cpu: Cpu, value: number): void {
  fireTimers(cpu);
  cpu.ccountOffset = (value - cpu.cycle) | 0;
  cpu.timerBase = cpu.cycle;
  lowerLimit(cpu);
}

/** Clears the timer's interrupt, whatever the value. */
export function writeCcompare(cpu: Cpu, n: number, value: number): void {
  fireTimers(cpu);
  cpu.interrupt &= ~(1 << TIMER_INTERRUPT[n]!);
  cpu.ccompare[n] = value;
  lowerLimit(cpu);
}

function lowerLimit(cpu: Cpu): void {
  planTimer(cpu);
  if (((cpu.nextTimer - cpu.limit) | 0) < 0) cpu.limit = cpu.nextTimer;
}
