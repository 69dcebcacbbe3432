# MOVSP raises AllocaCause (5) exactly when the caller's frame has been spilled; ROTW turns the window; ENTRY and
# RETW follow PS.CALLINC and a0[31:30].
  .include "macros.S"

  .text
  .p2align 2
sweep:
  entry a1, 48
  beqz a2, 1f
  addi a14, a2, -1
  movi a12, sweep
  callx12 a12
1:
  retw

# Notes the cause and completes the MOVSP a1, a4: the base save area below the stack pointer, which holds the spilled
# caller's a0..a3, moves with it.
  .p2align 2
alloca_handler:
  ENTER_HANDLER excsave1
  rsr.exccause a2
  STORE_WORD a2, cause
  rsr.epc1 a2
  movi a3, movsp_spilled
  sub a3, a2, a3
  addi a2, a2, 3
  wsr.epc1 a2
  STORE_WORD a3, where, a2
  .irp offset, 16, 12, 8, 4
  addi a2, a1, -\offset
  l32i a3, a2, 0
  addi a2, a4, -\offset
  s32i a3, a2, 0
  .endr
  LEAVE_HANDLER
  mov a1, a4
  rfe

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, alloca_handler
  mov a7, a1
  movi a5, 0x77
  STORE_WORD a5, cause
  addi a4, a1, -32
  movsp a1, a4
  PRINT_WORD "cause, caller live: ", cause
  sub a5, a7, a1
  PRINT "moved by: ", a5

  movi a10, 8
  movi a8, sweep
  callx8 a8
  addi a4, a1, -32
movsp_spilled:
  movsp a1, a4
  PRINT_WORD "cause, caller spilled: ", cause
  PRINT_WORD "epc1 - movsp: ", where
  sub a5, a7, a1
  PRINT "moved by: ", a5

  # ROTW with the overflow checks off (PS.WOE = 0).
  rsr.ps a5
  movi a6, 0x20
  wsr.ps a6
  rsync
  movi a8, 0x88
  movi a12, 0xcc
  rsr.windowbase a6
  rotw 2
  mov a4, a0
  rotw -2
  PRINT "a0 after rotw 2 is a8: ", a12
  rotw 3
  addi a1, a0, 1
  rotw -3
  PRINT "a1 after rotw 3 is a13: ", a13
  PRINT "a12 copied through rotw: ", a12
  wsr.ps a5
  rsync

  # CALLn writes the window increment into PS.CALLINC and a0[31:30]; ENTRY uses PS.CALLINC.
  movi a8, probe
  callx8 a8
  PRINT "callinc of call8: ", a10
  PRINT "return address top bits: ", a11
  movi a4, probe
  callx4 a4
  PRINT "callinc of call4: ", a6
  PRINT "return address top bits: ", a7
  movi a12, probe
  callx12 a12
  PRINT "callinc of call12: ", a14
  PRINT "return address top bits: ", a15
  movi a2, 0
  retw

  .p2align 2
probe:
  entry a1, 48
  rsr.ps a2
  extui a2, a2, 16, 2
  extui a3, a0, 30, 2
  retw

  .data
  .p2align 2
cause:
  .long 0
where:
  .long 0
