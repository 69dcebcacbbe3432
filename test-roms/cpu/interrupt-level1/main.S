# Software interrupt 7 (level 1 on the ESP32 and on QEMU's cores): held back by INTENABLE, PS.INTLEVEL and PS.EXCM,
# taken when they allow it, with EXCCAUSE 4; INTCLEAR ends it.
  .include "macros.S"
  .set SOFTWARE, 0x80

  .text
  .p2align 2
handler:
  ENTER_HANDLER excsave1
  rsr.exccause a2
  STORE_WORD a2, cause
  rsr.ps a2
  STORE_WORD a2, status
  rsr.interrupt a2
  STORE_WORD a2, pending
  movi a2, SOFTWARE
  wsr.intclear a2
  movi a3, count
  l32i a2, a3, 0
  addi a2, a2, 1
  s32i a2, a3, 0
  LEAVE_HANDLER
  rfe

  .macro settle
  rsync
  .rept 4
  nop
  .endr
  .endm

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, handler
  movi a4, SOFTWARE
  movi a5, 0
  movi a7, 0x40020

  wsr.intset a4
  settle
  rsr.interrupt a6
  and a6, a6, a4
  PRINT "interrupt, not enabled: ", a6
  PRINT_WORD "taken: ", count
  wsr.intclear a4
  settle
  rsr.interrupt a6
  and a6, a6, a4
  PRINT "interrupt after intclear: ", a6

  rsil a6, 1
  wsr.intset a4
  wsr.intenable a4
  settle
  PRINT_WORD "taken with INTLEVEL 1: ", count
  rsil a6, 0
  settle
  PRINT_WORD "taken with INTLEVEL 0: ", count
  PRINT_WORD "exccause: ", cause
  PRINT_WORD "ps in handler: ", status
  PRINT_WORD "interrupt in handler: ", pending
  rsr.ps a6
  PRINT "ps after: ", a6

  movi a6, 0x40030
  wsr.ps a6
  settle
  wsr.intset a4
  settle
  PRINT_WORD "taken with EXCM: ", count
  wsr.ps a7
  settle
  PRINT_WORD "taken without EXCM: ", count

  wsr.intenable a5
  wsr.intset a4
  settle
  PRINT_WORD "taken with INTENABLE 0: ", count
  wsr.intenable a4
  settle
  PRINT_WORD "taken with INTENABLE 1: ", count

  # Twice in a row, and INTSET of bits that are not software interrupts.
  wsr.intset a4
  settle
  wsr.intset a4
  settle
  PRINT_WORD "taken twice more: ", count
  wsr.intenable a5
  movi a6, 0x3f
  wsr.intset a6
  settle
  rsr.interrupt a6
  extui a6, a6, 0, 6
  PRINT "interrupts 0..5 after intset: ", a6
  movi a2, 0
  retw

  .data
  .p2align 2
count:
  .long 0
cause:
  .long 0
status:
  .long 0
pending:
  .long 0
