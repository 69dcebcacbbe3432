/*
 * Special registers and instructions for Rust, which has no asm! for Xtensa: windowed functions that save nothing
 * and change only what their line says. 8 to 12 cycles with the call.
 */
#include "frame.h"

  .macro FUNCTION name
  .globl \name
  .p2align 2
\name:
  entry a1, 16
  .endm

  .section .iram.text,"ax",@progbits
/* void arch_init(Core *block): MISC0, VECBASE, CPENABLE 0, all interrupts off, PS.INTLEVEL 3. */
  FUNCTION arch_init
  wsr.misc0 a2
  movi a3, kernel_vectors
  wsr.vecbase a3
  movi a3, 0
  wsr.intenable a3
  wsr.cpenable a3
  movi a3, PS_KERNEL
  wsr.ps a3
  rsync
  retw

/* void arch_clear_bss(void) */
  FUNCTION arch_clear_bss
  movi a2, _bss_start
  movi a3, _bss_end
  movi a4, 0
  j 2f
1:
  s32i a4, a2, 0
  addi a2, a2, 4
2:
  bltu a2, a3, 1b
  retw

/* u32 arch_mask(void): INTLEVEL 3; the PS before. */
  FUNCTION arch_mask
  rsil a2, 3
  retw

/* void arch_unmask(u32 ps): INTLEVEL of `ps`. */
  FUNCTION arch_unmask
  wsr.ps a2
  rsync
  retw

/* u32 arch_lock(u32 *lock): INTLEVEL 3, then 0 -> 1 by S32C1I; the PS before, with the core's number in bit 31. */
  FUNCTION arch_lock
  rsil a4, 3
  rsr.prid a5
  movi a3, 0
  wsr.scompare1 a3
1:
  movi a3, 1
  s32c1i a3, a2, 0
  bnez a3, 1b
  extui a5, a5, 13, 1
  slli a5, a5, 31
  or a2, a4, a5
  memw
  retw

/* void arch_unlock(u32 *lock, u32 ps): 0, then the INTLEVEL of `ps`. */
  FUNCTION arch_unlock
  movi a4, 0
  memw
  s32i a4, a2, 0
  slli a3, a3, 1
  srli a3, a3, 1
  wsr.ps a3
  rsync
  retw

/* u32 arch_ccount(void) */
  FUNCTION arch_ccount
  rsr.ccount a2
  retw

/* u32 arch_interrupts(void): INTERRUPT and INTENABLE. */
  FUNCTION arch_interrupts
  rsr.interrupt a2
  rsr.intenable a3
  and a2, a2, a3
  retw

/* Core *arch_core(void): MISC0. */
  FUNCTION arch_core
  rsr.misc0 a2
  retw

/* u32 arch_core_id(void): 0 PRO_CPU, 1 APP_CPU, by bit 13 of PRID. */
  FUNCTION arch_core_id
  rsr.prid a2
  extui a2, a2, 13, 1
  retw

/* void arch_interrupt_enable(u32 mask), arch_interrupt_disable(u32 mask): bits of INTENABLE. */
  FUNCTION arch_interrupt_enable
  rsil a4, 15
  rsr.intenable a3
  or a3, a3, a2
  wsr.intenable a3
  wsr.ps a4
  rsync
  retw
  FUNCTION arch_interrupt_disable
  rsil a4, 15
  rsr.intenable a3
  movi a5, -1
  xor a2, a2, a5
  and a3, a3, a2
  wsr.intenable a3
  wsr.ps a4
  rsync
  retw

/* void arch_interrupt_clear(u32 mask): INTCLEAR, for edge and software interrupts. */
  FUNCTION arch_interrupt_clear
  wsr.intclear a2
  rsync
  retw

/* void arch_ccompare0(u32 at): CCOMPARE0, which also clears its interrupt (6). */
  FUNCTION arch_ccompare0
  wsr.ccompare0 a2
  esync
  retw

/* void arch_idle(void): WAITI 0. */
  FUNCTION arch_idle
  waiti 0
  retw

/* void arch_halt(void): WAITI 15, for ever. */
  FUNCTION arch_halt
1:
  waiti 15
  j 1b

/* void arch_illegal(void): ILL, the way from a panic to the register dump. */
  FUNCTION arch_illegal
  ill
  retw

/* void arch_break(void): BREAK 1, 15 (Debug exception when nothing debugs). */
  FUNCTION arch_break
  break 1, 15
  retw
