# Instruction counting: ICOUNT steps at levels below ICOUNTLEVEL and raises a debug exception (level 6) with
# DEBUGCAUSE.IC before the instruction that would make it wrap.
  .include "macros.S"

  .text
  .p2align 2
handler:
  ENTER_HANDLER excsave6
  movi a2, 0
  wsr.icountlevel a2
  movi a3, seen
  rsr.debugcause a2
  s32i a2, a3, 0
  rsr.epc6 a2
  s32i a2, a3, 4
  rsr.ps a2
  s32i a2, a3, 8
  rsr.eps6 a2
  s32i a2, a3, 12
  rsr.icount a2
  s32i a2, a3, 16
  movi a3, count
  l32i a2, a3, 0
  addi a2, a2, 1
  s32i a2, a3, 0
  LEAVE_HANDLER
  rfi 6

  .macro report text, label
  PRINT_WORD "\text: taken ", count
  movi a6, seen
  l32i a7, a6, 0
  PRINT "  debugcause ", a7
  l32i a7, a6, 4
  movi a8, \label
  sub a7, a7, a8
  PRINT "  epc6 - label ", a7
  l32i a7, a6, 8
  PRINT "  ps ", a7
  l32i a7, a6, 12
  PRINT "  eps6 ", a7
  l32i a7, a6, 16
  PRINT "  icount ", a7
  .endm

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER DEBUG, handler
  movi a4, -2
  wsr.icount a4
  movi a5, 1
  isync
  wsr.icountlevel a5
  isync
one:
  nop
  nop
  nop
  nop
  nop
  nop
  report "icount -2", one

  # Not counted at INTLEVEL >= ICOUNTLEVEL.
  rsil a9, 1
  movi a4, -3
  wsr.icount a4
  wsr.icountlevel a5
  isync
  nop
  nop
  nop
  nop
  nop
  PRINT_WORD "at INTLEVEL 1: taken ", count
  movi a4, 0
  wsr.icountlevel a4
  isync
  rsr.icount a4
  PRINT "  icount ", a4
  rsil a9, 0
  movi a2, 0
  retw

  .data
  .p2align 2
count:
  .long 0
seen:
  .long 0, 0, 0, 0, 0
