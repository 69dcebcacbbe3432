# RSIL returns the old PS and changes INTLEVEL only; WAITI sets INTLEVEL and continues at once when an enabled
# interrupt above it is pending; RFWO/RFWU aside, PS fields survive a WSR/RSR/XSR round trip.
  .include "macros.S"
  .set SOFTWARE, 0x80

  .text
  .p2align 2
handler:
  ENTER_HANDLER excsave1
  rsr.ps a2
  STORE_WORD a2, status
  movi a2, SOFTWARE
  wsr.intclear a2
  movi a3, count
  l32i a2, a3, 0
  addi a2, a2, 1
  s32i a2, a3, 0
  LEAVE_HANDLER
  rfe

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, handler
  .irp level, 1, 3, 5, 15, 7, 0
  rsil a4, \level
  PRINT "before rsil \level: ", a4
  rsr.ps a4
  PRINT "after: ", a4
  .endr

  movi a4, SOFTWARE
  wsr.intenable a4
  rsil a5, 3
  wsr.intset a4
  rsync
  nop
  PRINT_WORD "masked: ", count
  waiti 0
  PRINT_WORD "after waiti 0: ", count
  PRINT_WORD "ps in handler: ", status
  rsr.ps a4
  PRINT "ps after waiti 0: ", a4

  # OWB and CALLINC are ordinary fields of PS to WSR and XSR.
  rsil a5, 15
  movi a4, 0x60f2f
  wsr.ps a4
  rsync
  rsr.ps a6
  movi a4, 0x5052f
  xsr.ps a4
  rsync
  rsr.ps a7
  movi a8, 0x40020
  wsr.ps a8
  rsync
  PRINT "written 60f2f: ", a6
  PRINT "xsr returned: ", a4
  PRINT "xsr wrote: ", a7
  movi a2, 0
  retw

  .data
  .p2align 2
count:
  .long 0
status:
  .long 0
