/*
 * Macros of the context switch. SPILL_WINDOWS writes every live window but the current one to its stack: PS.WOE 1,
 * PS.EXCM 0, INTLEVEL >= 3, a1 the stack pointer of the current function. No register of the current window changes.
 * 10 cycles, and 22 for each live window of 8 registers or 17 of 4: 9 to the vector, the rest in it (README.md,
 * "Measured").
 */
#ifndef CONTEXT_H
#define CONTEXT_H
#include "frame.h"

  .macro SPILL_WINDOWS
  and a12, a12, a12
  rotw 3
  and a12, a12, a12
  rotw 3
  and a12, a12, a12
  rotw 3
  and a12, a12, a12
  rotw 3
  and a12, a12, a12
  rotw 4
  .endm

/* To `overflow` when the stack of `task` is overrun: `sp` below its end, or the last word of it not as at first. The
   windows are spilled. Changes a7, a8. */
  .macro CHECK_STACK task, sp, overflow
  l32i a7, \task, T_STACK
  movi a8, STACK_WORD
  bltu \sp, a7, \overflow
  l32i a7, a7, 0
  bne a7, a8, \overflow
  .endm

/* Two special registers to the frame at a1 by way of a2 and a3. */
  .macro SAVE_PAIR first, at, second, then
  rsr.\first a2
  rsr.\second a3
  s32i a2, a1, \at
  s32i a3, a1, \then
  .endm

  .macro LOAD_PAIR first, at, second, then
  l32i a2, a1, \at
  l32i a3, a1, \then
  wsr.\first a2
  wsr.\second a3
  .endm

#endif
