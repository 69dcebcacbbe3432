/*
 * Interrupts of levels 1 to 3 and level-1 exceptions.
 *
 * Entry: a0 in EXCSAVEn, PS.EXCM 1. Registers saved: all sixteen of the window, SAR, LBEG, LEND, LCOUNT, SCOMPARE1,
 * BR, ACCLO, ACCHI, M0..M3, PC, PS, CPENABLE (frame.h) below the interrupted stack pointer. Until EXCM is cleared only a0..a3
 * may change: a4..a15 can belong to the oldest frames, whose windows are live.
 *
 * kernel_interrupt(pending) runs at INTLEVEL 3 on the core's interrupt stack, called by CALL4, so that the
 * interrupted function needs no extra save area. Windows are not spilled unless the task is switched. Because
 * a1 of this window is where a spill of the interrupted function's caller goes, its base save area (16 bytes below
 * a1) moves along with a1 and back.
 *
 * Cycles from the vector to kernel_interrupt and from its return to the interrupted instruction: firmware/README.md,
 * "Measured".
 */
#include "context.h"
#include "frame.h"

  .macro ENTER level
  addmi a1, a1, -FRAME_SIZE
  s32i a2, a1, F_A2
  s32i a3, a1, F_A3
  rsr.excsave\level a2
  rsr.epc\level a3
  s32i a2, a1, F_A0
  s32i a3, a1, F_PC
  .endm

  .section .iram.text,"ax",@progbits
  .globl level3_entry
  .p2align 2
level3_entry:
  ENTER 3
  rsr.eps3 a2
  s32i a2, a1, F_PS
  j interrupt

  .globl level2_entry
  .p2align 2
level2_entry:
  ENTER 2
  rsr.eps2 a2
  s32i a2, a1, F_PS
  j interrupt

  .globl level1_entry
  .p2align 2
level1_entry:
  rsr.misc0 a0
  l32i a0, a0, C_IDLE
  bnei a0, 1, 2f
  rsr.exccause a0
  bnei a0, 4, 2f
  // WAITI in arch_wait, which has no use for a3: no frame, no handler.
  movi a3, PS_KERNEL
  rsr.excsave1 a0
  wsr.ps a3
  rsync
  j wait_over
2:
  ENTER 1
  rsr.ps a2
  rsr.exccause a3
  addi a2, a2, -16                  // without EXCM
  s32i a2, a1, F_PS
  beqi a3, 4, interrupt             // Level1Interrupt
  bnei a3, 32, 1f
  j fpu_trap                        // Coprocessor0Disabled
1:
  bnei a3, 5, 1f
  j alloca_trap                     // Alloca: MOVSP with the caller's window in memory
1:
  s32i a3, a1, F_EXCCAUSE
  rsr.excvaddr a2
  s32i a2, a1, F_EXCVADDR
  addmi a2, a1, FRAME_SIZE
  s32i a2, a1, F_A1
  call0 save_rest
  movi a2, FAULT_EXCEPTION
  j fault_common

  .p2align 2
interrupt:
  addmi a2, a1, FRAME_SIZE
  s32i a2, a1, F_A1
  call0 save_rest                   // ends with a2 = 0
  rsr.cpenable a3
  wsr.cpenable a2                   // the FPU in a callback is a fault, whosoever has registers in it
  s32i a3, a1, F_CPENABLE
  movi a2, PS_KERNEL
  wsr.ps a2
  rsr.misc0 a3
  movi a0, 0
  rsync
  rsr.interrupt a6
  rsr.intenable a7
  l32i a4, a3, C_NEST
  and a6, a6, a7
  addi a5, a4, 1
  s32i a5, a3, C_NEST
  mov a2, a1
  mov a5, a1
  bnez a4, 1f
  l32i a5, a3, C_ISR_STACK
1:
  l32i a8, a2, FRAME_BASE_SAVE
  l32i a9, a2, FRAME_BASE_SAVE + 4
  l32i a10, a2, FRAME_BASE_SAVE + 8
  l32i a11, a2, FRAME_BASE_SAVE + 12
  addi a12, a5, -16
  s32i a8, a12, 0
  s32i a9, a12, 4
  s32i a10, a12, 8
  s32i a11, a12, 12
  mov a1, a5
  movi a4, kernel_interrupt
  callx4 a4
  .globl interrupt_served
interrupt_served:
  addi a12, a1, -16
  l32i a8, a12, 0
  l32i a9, a12, 4
  l32i a10, a12, 8
  l32i a11, a12, 12
  s32i a8, a2, FRAME_BASE_SAVE
  s32i a9, a2, FRAME_BASE_SAVE + 4
  s32i a10, a2, FRAME_BASE_SAVE + 8
  s32i a11, a2, FRAME_BASE_SAVE + 12
  l32i a4, a3, C_NEST
  l32i a5, a2, F_CPENABLE
  addi a4, a4, -1
  s32i a4, a3, C_NEST
  wsr.cpenable a5
  mov a1, a2
  bnez a6, interrupt_switch

/* a1 = frame: back to what was interrupted. The windows need not be spilled. */
  .globl restore_frame
restore_frame:
  movi a2, PS_KERNEL + 16
  wsr.ps a2
  rsync
  LOAD_PAIR lbeg, F_LBEG, lend, F_LEND
  LOAD_PAIR lcount, F_LCOUNT, sar, F_SAR
  LOAD_PAIR scompare1, F_SCOMPARE1, br, F_BR
  LOAD_PAIR acclo, F_ACCLO, acchi, F_ACCHI
  LOAD_PAIR m0, F_M0, m1, F_M1
  LOAD_PAIR m2, F_M2, m3, F_M3
  l32i a2, a1, F_PS
  l32i a3, a1, F_PC
  addi a2, a2, 16                   // EXCM until RFE
  wsr.ps a2
  wsr.epc1 a3
  l32i a4, a1, F_A4
  l32i a5, a1, F_A5
  l32i a6, a1, F_A6
  l32i a7, a1, F_A7
  l32i a8, a1, F_A8
  l32i a9, a1, F_A9
  l32i a10, a1, F_A10
  l32i a11, a1, F_A11
  l32i a12, a1, F_A12
  l32i a13, a1, F_A13
  l32i a14, a1, F_A14
  l32i a15, a1, F_A15
  l32i a0, a1, F_A0
  l32i a2, a1, F_A2
  l32i a3, a1, F_A3
  addmi a1, a1, FRAME_SIZE
  rsync
  .globl interrupt_return
interrupt_return:
  rfe

/* a1 = a2 = frame of the task C_FROM, a3 = core block: continue with the task C_TO. */
  .globl interrupt_switch
interrupt_switch:
  l32i a1, a2, F_A1
  SPILL_WINDOWS
  j switch_out

/* a1 = frame: a4..a15 and special registers. Changes a2, a3. */
  .globl save_rest
  .p2align 2
save_rest:
  movi a2, 1
  s32i a2, a1, F_KIND
  s32i a4, a1, F_A4
  s32i a5, a1, F_A5
  s32i a6, a1, F_A6
  s32i a7, a1, F_A7
  s32i a8, a1, F_A8
  s32i a9, a1, F_A9
  s32i a10, a1, F_A10
  s32i a11, a1, F_A11
  s32i a12, a1, F_A12
  s32i a13, a1, F_A13
  s32i a14, a1, F_A14
  s32i a15, a1, F_A15
  SAVE_PAIR lbeg, F_LBEG, lend, F_LEND
  SAVE_PAIR lcount, F_LCOUNT, sar, F_SAR
  SAVE_PAIR scompare1, F_SCOMPARE1, br, F_BR
  SAVE_PAIR acclo, F_ACCLO, acchi, F_ACCHI
  SAVE_PAIR m0, F_M0, m1, F_M1
  SAVE_PAIR m2, F_M2, m3, F_M3
  movi a2, 0
  wsr.lcount a2                     // no loop of the interrupted code ends in a handler
  ret
