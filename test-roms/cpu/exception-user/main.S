# Causes that need no memory fault: EXCCAUSE, EPC1, PS and the vector (user or kernel by PS.UM) of SYSCALL, ILL, a
# reserved opcode and division by zero; RFE returns with PS.EXCM clear. QUOS of the most negative number by -1.
  .include "macros.S"

  .text
# Both handlers note what they see, skip the faulting instruction (3 bytes) and return.
  .macro noting_handler name, vector
  .p2align 2
\name:
  ENTER_HANDLER excsave1
  movi a2, \vector
  STORE_WORD a2, vector
  rsr.exccause a2
  STORE_WORD a2, cause
  rsr.ps a2
  STORE_WORD a2, status
  rsr.epc1 a2
  STORE_WORD a2, where
  addi a2, a2, 3
  wsr.epc1 a2
  LEAVE_HANDLER
  rfe
  .endm
  noting_handler user_handler, 0x340
  noting_handler kernel_handler, 0x300

  .macro report text, label
  PRINT_WORD "\text: vector ", vector
  PRINT_WORD "  exccause ", cause
  PRINT_WORD "  ps in handler ", status
  movi a3, where
  l32i a3, a3, 0
  movi a2, \label
  sub a3, a3, a2
  PRINT "  epc1 - instruction ", a3
  rsr.ps a3
  PRINT "  ps after rfe ", a3
  .endm

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, user_handler
  HANDLER KERNEL, kernel_handler
  movi a6, 0
  movi a7, 123
at_syscall:
  syscall
  report "syscall", at_syscall
at_ill:
  ill
  report "ill", at_ill
at_reserved:
  # op0 = 0, op1 = 0, op2 = 0, r = 0, t = 4: a hole of the SNM0 group.
  .byte 0x40, 0x01, 0x00
  report "reserved opcode", at_reserved
at_quou:
  quou a5, a7, a6
  report "quou by 0", at_quou
at_quos:
  quos a5, a7, a6
  report "quos by 0", at_quos
at_remu:
  remu a5, a7, a6
  report "remu by 0", at_remu
at_rems:
  rems a5, a7, a6
  report "rems by 0", at_rems

  movi a4, 0x40000
  wsr.ps a4
  rsync
at_kernel:
  syscall
  report "syscall with PS.UM = 0", at_kernel
  movi a4, 0x40022
  wsr.ps a4
  rsync
at_level:
  syscall
  report "syscall with INTLEVEL 2", at_level

  movi a4, 0x80000000
  movi a5, -1
  quos a6, a4, a5
  PRINT "quos 80000000 / -1: ", a6
  rems a6, a4, a5
  PRINT "rems 80000000 / -1: ", a6
  movi a4, -7
  movi a5, 2
  quos a6, a4, a5
  PRINT "quos -7 / 2: ", a6
  rems a6, a4, a5
  PRINT "rems -7 / 2: ", a6
  movi a2, 0
  retw

  .data
  .p2align 2
vector:
  .long 0
cause:
  .long 0
status:
  .long 0
where:
  .long 0
