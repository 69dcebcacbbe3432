# An exception while PS.EXCM is set goes to the double exception vector with DEPC; EPC1 keeps its value. RFDE
# returns to DEPC, RFE to EPC1. A handler that faults inside a user exception.
  .include "macros.S"

  .text
  .p2align 2
double_handler:
  rsr.exccause a0
  movi a2, cause
  s32i a0, a2, 0
  rsr.depc a0
  s32i a0, a2, 4
  rsr.epc1 a3
  s32i a3, a2, 8
  rsr.ps a3
  s32i a3, a2, 12
  addi a0, a0, 3
  wsr.depc a0
  rsr.excsave7 a0
  rfde

# Sets EXCM through the exception itself, then faults a second time.
  .p2align 2
faulting_handler:
  movi a2, first_cause
  rsr.exccause a3
  s32i a3, a2, 0
at_second:
  ill
  movi a2, resumed
  movi a3, 1
  s32i a3, a2, 0
  rsr.epc1 a3
  addi a3, a3, 3
  wsr.epc1 a3
  rsr.excsave1 a0
  rfe

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, faulting_handler
  HANDLER DOUBLE, double_handler
at_first:
  syscall
  PRINT_WORD "first exccause ", first_cause
  PRINT_WORD "second exccause ", cause
  movi a4, cause
  l32i a5, a4, 4
  movi a6, at_second
  sub a5, a5, a6
  PRINT "depc - second ", a5
  l32i a5, a4, 8
  movi a6, at_first
  sub a5, a5, a6
  PRINT "epc1 - first ", a5
  l32i a5, a4, 12
  PRINT "ps in double handler ", a5
  PRINT_WORD "resumed ", resumed
  rsr.ps a5
  PRINT "ps after both ", a5

  # EXCM set by WSR, with no exception pending.
  movi a5, 0x111
  wsr.epc1 a5
  movi a5, 0x40030
  wsr.ps a5
  rsync
at_direct:
  syscall
  rsr.ps a6
  movi a5, 0x40020
  wsr.ps a5
  rsync
  PRINT_WORD "exccause with EXCM set by WSR ", cause
  movi a4, cause
  l32i a5, a4, 4
  movi a7, at_direct
  sub a5, a5, a7
  PRINT "depc - syscall ", a5
  l32i a5, a4, 8
  PRINT "epc1 untouched ", a5
  PRINT "ps after rfde ", a6
  movi a2, 0
  retw

  .data
  .p2align 2
first_cause:
  .long 0
resumed:
  .long 0
cause:
  .long 0, 0, 0, 0
