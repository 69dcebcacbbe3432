/*
 * Context switch, lazy FPU, the kernel's lock, waiting and the MOVSP trap.
 *
 * arch_switch and arch_yield save: the windows of all callers on their stacks, a0 and PS in their own frame (frame.h,
 * F_KIND 0; F_PC is a0), a1 in the task (T_SP). SAR, loop registers, BR, SCOMPARE1 and MAC16 are the caller's by the
 * ABI; LCOUNT is 0 when the task goes on.
 * FPU: CPENABLE is 0 until a task uses the FPU; the trap saves f0..f15, FCR, FSR of the task that used it last and
 * loads those of the current one. A task that used the FPU stays on its core.
 * Cycles of each: firmware/README.md, "Measured", which a test holds against the emulator.
 */
#include "context.h"
#include "frame.h"

  .section .iram.text,"ax",@progbits
/* void arch_switch(Task *from, Task *to): interrupts masked to level 3. Returns when `from` runs again. */
  .globl arch_switch
  .p2align 2
arch_switch:
  entry a1, 48
  rsr.ps a4
  movi a5, 0
  s32i a0, a1, F_PC
  s32i a5, a1, F_KIND
  s32i a4, a1, F_PS
  SPILL_WINDOWS
  CHECK_STACK a2, a1, 7f
  s32i a1, a2, T_SP
  memw
  s32i a5, a2, T_ON_CPU             // from here the other core may run it
  mov a4, a3
  rsr.misc0 a3
  j switch_in

/* a2 = task whose stack is overrun: kernel_stack_overflow(task), which does not return, on the fault stack. */
7:
stack_overrun:
  rsr.misc0 a3
  l32i a1, a3, C_FAULT_STACK
  mov a6, a2
  movi a4, kernel_stack_overflow
  callx4 a4

/* void arch_yield(void): the core to the next task of the caller's priority, if there is one: the caller goes to the
   end of their queue. Anything else (another priority, a request to choose again) is kernel_yield's. The kernel lock is
   held over the queue's change only. */
  .p2align 2
9:
  movi a5, 0
  memw
  s32i a5, a9, 0
  wsr.ps a4
  rsync
  retw
8:
  movi a5, 0
  memw
  s32i a5, a9, 0
  movi a8, kernel_yield
  wsr.ps a4
  rsync
  callx8 a8
  retw
  .globl arch_yield
  .p2align 2
arch_yield:
  entry a1, 48
  rsil a4, 3
  rsr.misc0 a3
  movi a9, kernel_lock
  movi a5, 0
  wsr.scompare1 a5
  l32i a2, a3, C_CURRENT
  l32i a7, a3, C_READY
  l32i a13, a3, C_ID
  l32i a15, a3, C_NEST
  movi a12, kernel_state
1:
  movi a6, 1
  s32c1i a6, a9, 0
  bnez a6, 1b
  memw
  l32i a8, a7, R_OCCUPIED
  l8ui a10, a2, T_PRIORITY
  add a13, a12, a13                 // bytes by core
  l8ui a11, a2, T_STATE
  l8ui a14, a13, K_RESCHED
  nsau a8, a8
  movi a6, 31
  sub a8, a6, a8                    // highest priority that waits, or -1
  bnei a11, STATE_RUNNING, 8b
  bnez a14, 8b
  bnez a15, 8b                      // in a callback
  blt a8, a10, 9b
  bne a8, a10, 8b
  // The head of the queue leaves, the caller becomes its tail.
  add a14, a7, a10
  l8ui a5, a14, R_HEAD
  l8ui a8, a13, K_CURRENT
  movi a7, 0xff
  add a15, a12, a5
  add a11, a12, a8
  l8ui a6, a15, K_NEXT
  s8i a7, a11, K_NEXT
  beq a6, a7, 2f
  l8ui a10, a14, R_TAIL
  add a15, a12, a6
  s8i a7, a15, K_PREVIOUS
  s8i a6, a14, R_HEAD
  add a15, a12, a10
  s8i a8, a15, K_NEXT
  s8i a10, a11, K_PREVIOUS
  s8i a8, a14, R_TAIL
  j 3f
2:
  s8i a7, a11, K_PREVIOUS
  s8i a8, a14, R_HEAD
  s8i a8, a14, R_TAIL
3:
  s8i a5, a13, K_CURRENT
  movi a6, T_SIZE
  mull a5, a5, a6
  l32i a8, a3, C_ID
  movi a6, STATE_READY
  add a5, a5, a12
  addi a5, a5, K_TASKS / 2
  addi a5, a5, K_TASKS / 2
  s8i a6, a2, T_STATE
  movi a6, STATE_RUNNING
  addx4 a12, a8, a12
  s8i a6, a5, T_STATE
  l32i a7, a12, K_SWITCHES
  addi a8, a8, 1
  s32i a8, a5, T_ON_CPU
  addi a7, a7, 1
  s32i a7, a12, K_SWITCHES
  movi a6, 0
  s8i a6, a13, K_SLICE
  // Time of both.
  l32i a7, a2, T_SINCE
  l32i a10, a2, T_CYCLES
  rsr.ccount a8
  sub a7, a8, a7
  s32i a8, a5, T_SINCE
  add a10, a10, a7
  s32i a10, a2, T_CYCLES
  bgeu a10, a7, 4f
  l32i a8, a2, T_CYCLES + 4
  addi a8, a8, 1
  s32i a8, a2, T_CYCLES + 4
4:
  s32i a2, a3, C_FROM
  s32i a5, a3, C_TO
  s32i a5, a3, C_CURRENT
  memw
  s32i a6, a9, 0                    // the lock
  s32i a0, a1, F_PC
  s32i a6, a1, F_KIND
  s32i a4, a1, F_PS
  .globl yield_spill
yield_spill:
  SPILL_WINDOWS
  .globl yield_spilled
yield_spilled:
  CHECK_STACK a2, a1, 7f
  s32i a1, a2, T_SP
  mov a4, a5
  memw
  s32i a6, a2, T_ON_CPU
  j switch_in
7:
  j stack_overrun

/* u32 kernel_lock_take(void): INTLEVEL 3, the kernel's lock, K_HERE; the PS before, with the core's number in bit 31. */
  .globl kernel_lock_take
  .p2align 2
kernel_lock_take:
  entry a1, 16
  rsil a2, 3
  movi a5, kernel_lock
  movi a3, 0
  wsr.scompare1 a3
1:
  movi a3, 1
  s32c1i a3, a5, 0
  bnez a3, 1b
  memw
  rsr.prid a4
  movi a5, kernel_state
  extui a4, a4, 13, 1
  s8i a4, a5, K_HERE
  slli a4, a4, 31
  or a2, a2, a4
  retw

/* void kernel_lock_give(u32 ps): the end of kernel_lock_take. Switches first if the core was asked to choose again. */
  .p2align 2
1:
  mov a10, a2
  movi a8, kernel_switch_if_asked
  callx8 a8
  mov a2, a10
  j 2f
  .globl kernel_lock_give
  .p2align 2
kernel_lock_give:
  entry a1, 32
  movi a3, kernel_state
  extui a4, a2, 31, 1
  add a4, a4, a3
  l8ui a4, a4, K_RESCHED
  bnez a4, 1b
2:
  movi a3, kernel_lock
  movi a5, 0
  slli a2, a2, 1
  srli a2, a2, 1
  memw
  s32i a5, a3, 0
  wsr.ps a2
  rsync
  retw

/* void arch_wait(Core *block): WAITI 0 in a task that has no context to save, called and left with interrupts masked
   to level 3 and the kernel locked; not in between. A level-1 interrupt comes from level1_entry to wait_over: the
   cross-core interrupt is taken back here, without a frame; others come by their vectors. */
  .globl arch_wait
  .p2align 2
arch_wait:
  entry a1, 32
  movi a5, kernel_lock
  movi a4, 0
  memw
  s32i a4, a5, 0
  l32i a3, a2, C_IDLE
  movi a5, 1
  bnei a3, IDLE_SOON, 1f
  rsr.ccount a4
  s32i a4, a2, C_SLEPT
1:
  s32i a5, a2, C_IDLE
  waiti 0
  rsil a3, 3
  .globl wait_over
wait_over:
  rsr.interrupt a3
  rsr.intenable a5
  rsr.ccount a6
  and a3, a3, a5
  bbci a3, CROSS_CORE, 2f
  l32i a4, a2, C_SIGNAL
  movi a5, 0
  s32i a5, a4, 0
2:
  movi a7, LOW_INTERRUPTS - (1 << CROSS_CORE)
  movi a5, 2
  s32i a6, a2, C_WOKEN
  s32i a5, a2, C_IDLE
  bnone a3, a7, 3f
  rsil a3, 0
  rsync
  rsil a3, 3
3:
  movi a5, kernel_lock
  movi a4, 0
  wsr.scompare1 a4
4:
  movi a4, 1
  s32c1i a4, a5, 0
  bnez a4, 4b
  l32i a4, a2, C_ID
  movi a5, kernel_state
  memw
  s8i a4, a5, K_HERE
  .globl wait_return
wait_return:
  retw

/* a2 = frame of the task C_FROM, a3 = core block; all other windows spilled, PS = PS_KERNEL. */
  .globl switch_out
switch_out:
  l32i a4, a3, C_FROM
  movi a5, 0
  CHECK_STACK a4, a2, 7f
  s32i a2, a4, T_SP
  memw
  s32i a5, a4, T_ON_CPU
  l32i a4, a3, C_TO

/* a4 = task to run, a3 = core block. CPENABLE is 1 only for the task whose state is in the FPU. */
switch_in:
  l32i a5, a3, C_FPU_OWNER
  l32i a1, a4, T_SP
  movi a6, 0
  movi a7, 1
  sub a5, a5, a4
  l32i a8, a1, F_KIND
  moveqz a6, a7, a5
  wsr.cpenable a6
  bnez a8, 1f
  wsr.lcount a8
  l32i a5, a1, F_PS
  l32i a0, a1, F_PC
  wsr.ps a5
  rsync
  .globl switch_return
switch_return:
  retw
1:
  j restore_frame
7:
  mov a2, a4
  j stack_overrun

/* void arch_start(Task *first): leaves the caller for good. */
  .globl arch_start
  .p2align 2
arch_start:
  entry a1, 48
  SPILL_WINDOWS
  mov a4, a2
  rsr.misc0 a3
  j switch_in

/* From level1_entry: a1 = frame with a0, a2, a3, PC, PS. */
  .globl fpu_trap
  .p2align 2
fpu_trap:
  rsr.misc0 a3
  movi a2, 1
  l32i a0, a3, C_NEST
  bnez a0, 2f
  wsr.cpenable a2
  rsync
  l32i a2, a3, C_FPU_OWNER
  l32i a0, a3, C_CURRENT
  beqz a2, 1f
  addi a2, a2, T_FPU
  ssi f0, a2, 0
  ssi f1, a2, 4
  ssi f2, a2, 8
  ssi f3, a2, 12
  ssi f4, a2, 16
  ssi f5, a2, 20
  ssi f6, a2, 24
  ssi f7, a2, 28
  ssi f8, a2, 32
  ssi f9, a2, 36
  ssi f10, a2, 40
  ssi f11, a2, 44
  ssi f12, a2, 48
  ssi f13, a2, 52
  ssi f14, a2, 56
  ssi f15, a2, 60
  rur.fcr a3
  s32i a3, a2, 64
  rur.fsr a3
  s32i a3, a2, 68
  rsr.misc0 a3
1:
  s32i a0, a3, C_FPU_OWNER
  l32i a2, a3, C_ID
  addi a2, a2, 1
  s32i a2, a0, T_PINNED
  addi a2, a0, T_FPU
  lsi f0, a2, 0
  lsi f1, a2, 4
  lsi f2, a2, 8
  lsi f3, a2, 12
  lsi f4, a2, 16
  lsi f5, a2, 20
  lsi f6, a2, 24
  lsi f7, a2, 28
  lsi f8, a2, 32
  lsi f9, a2, 36
  lsi f10, a2, 40
  lsi f11, a2, 44
  lsi f12, a2, 48
  lsi f13, a2, 52
  lsi f14, a2, 56
  lsi f15, a2, 60
  l32i a3, a2, 64
  wur.fcr a3
  l32i a3, a2, 68
  wur.fsr a3
  l32i a0, a1, F_A0
  l32i a2, a1, F_A2
  l32i a3, a1, F_A3
  addmi a1, a1, FRAME_SIZE
  rfe
2:
  // The FPU in an interrupt handler would spoil the interrupted task's state.
  movi a2, 32
  s32i a2, a1, F_EXCCAUSE
  addmi a2, a1, FRAME_SIZE
  s32i a2, a1, F_A1
  call0 save_rest
  movi a2, FAULT_EXCEPTION
  j fault_common

/* MOVSP needs the caller's window in registers: continue as if RETW had underflowed, then repeat MOVSP.
   The window underflow vector of the caller's call size ends by RFWU at EPC1. */
  .globl alloca_trap
  .p2align 2
alloca_trap:
  l32i a2, a1, F_A2
  l32i a3, a1, F_A3
  l32i a0, a1, F_A0
  addmi a1, a1, FRAME_SIZE
  wsr.excsave1 a2
  rsr.windowbase a2
  wsr.misc2 a3
  rsr.ps a3
  slli a2, a2, 8                    // PS.OWB = WINDOWBASE: where RFWU returns to
  srli a3, a3, 12
  slli a3, a3, 12
  addi a3, a3, 0x30                 // UM, EXCM; INTLEVEL 0 unless set below
  or a2, a2, a3
  rsr.ps a3
  extui a3, a3, 0, 4
  or a2, a2, a3
  wsr.ps a2
  rsr.excsave1 a2
  rsr.misc2 a3
  rsync
  rotw -1
  bbci a4, 31, 3f                   // bits 31..30 of the return address: 1 CALL4, 2 CALL8, 3 CALL12
  rotw -1
  bbci a8, 30, 2f
  rotw -1
  j kernel_vectors + 0x140
2:
  j kernel_vectors + 0xc0
3:
  j kernel_vectors + 0x40
