# The level-3 software interrupt (29 on the ESP32, 11 on QEMU's cores): EPS3/EPC3, RFI 3, preemption of a level-1
# handler, priority when both are pending, and PS.EXCM holding it back (EXCM level 3).
  .include "macros.S"
  .set LEVEL1, 0x80

  .text
# Appends TAG to the order in which handlers run.
  .macro tag value
  movi a3, order
  l32i a2, a3, 0
  slli a2, a2, 4
  addi a2, a2, \value
  s32i a2, a3, 0
  .endm

  .p2align 2
level3_handler:
  ENTER_HANDLER excsave3, 1
  rsr.ps a2
  STORE_WORD a2, status
  rsr.eps3 a2
  STORE_WORD a2, saved_status
  ESP32_ELSE_QEMU a2, 0x20000000, 0x800
  wsr.intclear a2
  tag 3
  LEAVE_HANDLER 1
  rfi 3

# Raises level 3 from inside when `nest` is set: EXCM holds it back until the RFE or the lowering of EXCM.
  .p2align 2
level1_handler:
  ENTER_HANDLER excsave1
  movi a2, LEVEL1
  wsr.intclear a2
  tag 1
  movi a2, nest
  l32i a2, a2, 0
  beqz a2, 1f
  ESP32_ELSE_QEMU a2, 0x20000000, 0x800
  wsr.intset a2
  rsync
  nop
  nop
  tag 2
  movi a2, nest
  l32i a2, a2, 0
  beqi a2, 1, 1f
  # Open the door as a nesting kernel does: INTLEVEL 1, EXCM 0.
  movi a2, 0x40021
  wsr.ps a2
  rsync
  nop
  nop
  tag 4
  movi a2, 0x40030
  wsr.ps a2
  rsync
1:
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
  HANDLER USER, level1_handler
  HANDLER LEVEL3, level3_handler
  ESP32_ELSE_QEMU a4, 0x20000000, 0x800
  movi a5, LEVEL1
  or a6, a4, a5
  wsr.intenable a6

  wsr.intset a4
  settle
  PRINT_WORD "level 3 alone, order ", order
  PRINT_WORD "ps in handler ", status
  PRINT_WORD "eps3 ", saved_status
  rsr.ps a7
  PRINT "ps after ", a7

  rsil a7, 2
  wsr.intset a6
  settle
  PRINT_WORD "both pending at INTLEVEL 2, order ", order
  PRINT_WORD "eps3 ", saved_status
  rsil a7, 0
  settle
  PRINT_WORD "at INTLEVEL 0, order ", order

  rsil a7, 3
  wsr.intset a6
  settle
  PRINT_WORD "both pending at INTLEVEL 3, order ", order
  rsil a7, 0
  settle
  PRINT_WORD "at INTLEVEL 0, order ", order

  movi a7, 0
  STORE_WORD a7, order
  movi a7, 1
  STORE_WORD a7, nest
  wsr.intset a5
  settle
  PRINT_WORD "raised inside level 1, order ", order
  PRINT_WORD "eps3 ", saved_status

  movi a7, 0
  STORE_WORD a7, order
  movi a7, 2
  STORE_WORD a7, nest
  wsr.intset a5
  settle
  PRINT_WORD "raised inside, EXCM opened, order ", order
  PRINT_WORD "eps3 ", saved_status

  # RFI restores everything EPS3 holds.
  movi a7, 0x60f2f
  wsr.eps3 a7
  movi a7, after_rfi
  wsr.epc3 a7
  rfi 3
after_rfi:
  rsr.ps a7
  movi a4, 0x40020
  wsr.ps a4
  rsync
  PRINT "ps from eps3 by rfi 3 ", a7
  movi a2, 0
  retw

  .data
  .p2align 2
order:
  .long 0
nest:
  .long 0
status:
  .long 0
saved_status:
  .long 0
