/*
 * What no compiler output does, for the self-test programs. In a section of its own: images that do not call it leave
 * it out.
 */
#include "regs.h"

/* The three windows before the current one that are live, as bits 0..2 (bit 2: the nearest), to `to`; changes `by`.
   Interrupts must be masked, since a switch moves WINDOWBASE. */
  .macro LIVE_CALLERS to, by
  rsr.windowstart \by
  slli \to, \by, 16
  or \to, \to, \by
  rsr.windowbase \by
  addi \by, \by, 13
  ssr \by
  srl \to, \to
  extui \to, \to, 0, 3
  .endm

  .section .text.selftest,"ax",@progbits
/* 14 calls by CALL8 inside each other: every window before the caller's goes to the stack. */
  .p2align 2
deep:
  entry a1, 32
  beqz a2, 1f
  addi a10, a2, -1
  movi a8, deep
  callx8 a8
1:
  retw

  .macro DEEP
  movi a10, 14
  movi a8, deep
  callx8 a8
  .endm

/* Two MOVSPs with the caller's window in memory. Result: 1 when the first found it there and had it in registers
   afterwards, as the trap's handler does. Interrupts are masked around the first only. */
  .p2align 2
movsp_twice:
  entry a1, 48
  DEEP
  rsil a7, 3
  LIVE_CALLERS a3, a6
  addi a5, a1, -64
  movsp a1, a5
  LIVE_CALLERS a4, a6
  wsr.ps a7
  rsync
  DEEP
  addi a5, a1, -96
  movsp a1, a5
  DEEP
  movi a2, 0
  bnez a3, 1f
  beqz a4, 1f
  movi a2, 1
1:
  retw

/* u32 arch_test_movsp4(u32 seed), 8, 12: movsp_twice by a call of each size; 1 when it says so and all registers that
   the call keeps are as before. */
  .macro KEEP registers:vararg
  .irp n, \registers
  addi a\n, a2, \n
  .endr
  .endm
  .macro KEPT registers:vararg
  .irp n, \registers
  addi a\n, a\n, -\n
  bne a\n, a2, 9f
  .endr
  .endm

  .globl arch_test_movsp4
  .p2align 2
arch_test_movsp4:
  entry a1, 64
  KEEP 3
  movi a4, movsp_twice
  callx4 a4
  KEPT 3
  mov a2, a6
  retw
9:
  movi a2, 0
  retw

  .globl arch_test_movsp8
  .p2align 2
arch_test_movsp8:
  entry a1, 64
  KEEP 3, 4, 5, 6, 7
  movi a8, movsp_twice
  callx8 a8
  KEPT 3, 4, 5, 6, 7
  mov a2, a10
  retw
9:
  movi a2, 0
  retw

  .globl arch_test_movsp12
  .p2align 2
arch_test_movsp12:
  entry a1, 64
  KEEP 3, 4, 5, 6, 7, 8, 9, 10, 11
  movi a12, movsp_twice
  callx12 a12
  KEPT 3, 4, 5, 6, 7, 8, 9, 10, 11
  mov a2, a14
  retw
9:
  movi a2, 0
  retw

/* u32 arch_test_fpu(u32 seed, void (*between)(void)): f0..f15, FCR and FSR get values made from the seed, `between` is
   called, and they are compared. 0 when all are as before, else bit n for fn, 16 for FCR, 17 for FSR. */
  .globl arch_test_fpu
  .p2align 2
arch_test_fpu:
  entry a1, 32
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  addi a4, a2, \n
  wfr f\n, a4
  .endr
  extui a5, a2, 0, 2
  wur.fcr a5
  extui a6, a2, 0, 5
  slli a6, a6, 7
  wur.fsr a6
  callx8 a3
  movi a7, 0
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  addi a4, a2, \n
  rfr a8, f\n
  beq a4, a8, 1f
  movi a9, 1 << \n
  or a7, a7, a9
1:
  .endr
  rur.fcr a8
  beq a8, a5, 1f
  movi a9, 1 << 16
  or a7, a7, a9
1:
  rur.fsr a8
  beq a8, a6, 1f
  movi a9, 1 << 17
  or a7, a7, a9
1:
  mov a2, a7
  retw

/* u32 arch_test_fpu_state(void): f0 to f15, FCR and FSR of a task, ORed. */
  .globl arch_test_fpu_state
  .p2align 2
arch_test_fpu_state:
  entry a1, 16
  rur.fcr a2
  rur.fsr a3
  or a2, a2, a3
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  rfr a3, f\n
  or a2, a2, a3
  .endr
  retw

/* void arch_test_level4(u32 *count): installs a routine for level-4 interrupts that adds 1 at `count` and clears
   cross-core interrupt 2. */
  .globl arch_test_level4
  .p2align 2
arch_test_level4:
  entry a1, 16
  movi a3, level4_count
  s32i a2, a3, 0
  movi a2, level4_routine
  movi a3, level4_hook
  s32i a2, a3, 0
  memw
  retw

  .p2align 2
level4_routine:
  movi a0, level4_save
  s32i a2, a0, 0
  s32i a3, a0, 4
  movi a2, DPORT_CPU_INTR_FROM_CPU_0 + 8
  movi a3, 0
  s32i a3, a2, 0
  memw
  movi a2, level4_count
  l32i a2, a2, 0
  l32i a3, a2, 0
  addi a3, a3, 1
  s32i a3, a2, 0
  memw
  l32i a2, a0, 0
  l32i a3, a0, 4
  rsr.excsave4 a0
  rfi 4

  .section .data.selftest,"aw",@progbits
  .p2align 2
level4_count:
  .long 0
level4_save:
  .long 0, 0
