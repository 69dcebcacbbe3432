/*
 * Faults: exceptions that nothing handles, and the vectors of levels 4 and 5, Debug, NMI and Double.
 *
 * Level-1 exceptions arrive at fault_common with a full frame on the faulting stack. The others save the same
 * frame in static memory (C_FAULT_FRAME of the core block), because the stack may be the reason: all registers of
 * the window, special registers, PC and PS. Then the windows are spilled for the backtrace (not after a double
 * exception) and kernel_fault(frame, kind) is called. When it returns, the task is given up: switch_out.
 *
 * Levels 4 and 5 cannot call Rust, since they interrupt the window vectors. An assembly routine may be installed in
 * level4_hook or level5_hook: it is jumped to with a0 in EXCSAVEn and ends by RFI n.
 */
#include "context.h"
#include "frame.h"

  .macro ENTER_HIGH save, pc, ps
  rsr.misc0 a0
  l32i a0, a0, C_FAULT_FRAME
  s32i a1, a0, F_A1
  s32i a2, a0, F_A2
  s32i a3, a0, F_A3
  mov a1, a0
  rsr.\save a2
  rsr.\pc a3
  s32i a2, a1, F_A0
  s32i a3, a1, F_PC
  rsr.\ps a2
  s32i a2, a1, F_PS
  rsr.exccause a2
  rsr.excvaddr a3
  s32i a2, a1, F_EXCCAUSE
  s32i a3, a1, F_EXCVADDR
  call0 save_rest
  .endm

  .section .iram.text,"ax",@progbits
  .globl level4_entry
  .p2align 2
level4_entry:
  movi a0, level4_hook
  l32i a0, a0, 0
  beqz a0, 1f
  jx a0
1:
  ENTER_HIGH excsave4, epc4, eps4
  movi a2, FAULT_LEVEL4
  j fault_high

  .globl level5_entry
  .p2align 2
level5_entry:
  movi a0, level5_hook
  l32i a0, a0, 0
  beqz a0, 1f
  jx a0
1:
  ENTER_HIGH excsave5, epc5, eps5
  movi a2, FAULT_LEVEL5
  j fault_high

  .globl debug_entry
  .p2align 2
debug_entry:
  ENTER_HIGH excsave6, epc6, eps6
  movi a2, FAULT_DEBUG
  j fault_high

  .globl nmi_entry
  .p2align 2
nmi_entry:
  ENTER_HIGH excsave7, epc7, eps7
  movi a2, FAULT_NMI
  j fault_high

  .globl double_entry
  .p2align 2
double_entry:
  ENTER_HIGH misc1, depc, ps
  movi a2, 0x4000f                  // WOE, INTLEVEL 15; no trust in the other windows
  rsr.windowbase a3
  wsr.ps a2
  ssl a3
  movi a2, 1
  sll a2, a2
  wsr.windowstart a2
  rsync
  movi a2, FAULT_DOUBLE
  mov a3, a1
  j fault_call_static

/* a1 = static frame, a2 = kind. */
fault_high:
  movi a3, 0x4002f
  wsr.ps a3
  rsync
  mov a3, a1
  l32i a1, a3, F_A1
  SPILL_WINDOWS
fault_call_static:
  rsr.misc0 a4
  l32i a1, a4, C_FAULT_STACK
  l32i a5, a4, C_NEST
  addi a5, a5, 1
  s32i a5, a4, C_NEST
  mov a6, a3
  mov a7, a2
  movi a4, kernel_fault
  callx4 a4
1:
  waiti 15
  j 1b

/* a1 = frame on the faulting stack, a2 = kind, PS.EXCM 1. */
  .globl fault_common
  .p2align 2
fault_common:
  movi a3, PS_KERNEL
  wsr.ps a3
  rsync
  mov a3, a1
  l32i a1, a3, F_A1
  SPILL_WINDOWS
  rsr.misc0 a4
  l32i a5, a4, C_NEST
  addi a6, a5, 1
  s32i a6, a4, C_NEST
  mov a1, a3
  bnez a5, 1f
  l32i a1, a4, C_ISR_STACK
1:
  mov a6, a3
  mov a7, a2
  mov a2, a3
  mov a3, a4
  movi a4, kernel_fault
  callx4 a4
  l32i a4, a3, C_NEST
  addi a4, a4, -1
  s32i a4, a3, C_NEST
  j switch_out

  .data
  .p2align 2
  .globl level4_hook
level4_hook:
  .long 0
  .globl level5_hook
level5_hook:
  .long 0
