# CPENABLE: an FPU instruction with its bit clear raises Coprocessor0Disabled (32) before it does anything, loads and
# stores of FPU registers too; with the bit set it runs.
  .include "macros.S"

  .text
  .p2align 2
handler:
  ENTER_HANDLER excsave1
  rsr.exccause a2
  STORE_WORD a2, cause
  rsr.epc1 a2
  STORE_WORD a2, where
  addi a2, a2, 3
  wsr.epc1 a2
  LEAVE_HANDLER
  rfe

  .macro attempt text, instruction:vararg
  movi a3, 0x77
  STORE_WORD a3, cause, a2
  movi a4, data
.Lat\@:
  \instruction
  PRINT_WORD "\text: exccause ", cause
  movi a3, where
  l32i a3, a3, 0
  movi a2, .Lat\@
  sub a3, a3, a2
  PRINT "  epc1 - instruction ", a3
  .endm

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, handler
  movi a4, 1
  wsr.cpenable a4
  rsync
  movi a5, 0x40490fdb
  wfr f1, a5
  wfr f2, a5
  movi a4, 0
  wsr.cpenable a4
  rsync
  attempt "add.s", add.s f1, f1, f2
  attempt "lsi", lsi f1, a4, 0
  attempt "ssi", ssi f1, a4, 0
  attempt "rfr", rfr a5, f1
  attempt "wfr", wfr f1, a5
  attempt "rur.fcr", rur.fcr a5
  attempt "oeq.s", oeq.s b0, f1, f2
  movi a4, 1
  wsr.cpenable a4
  rsync
  rfr a5, f1
  PRINT "f1 untouched: ", a5
  PRINT_WORD "memory untouched: ", data
  add.s f1, f1, f2
  rfr a5, f1
  PRINT "f1 doubled: ", a5
  movi a2, 0
  retw

  .data
  .p2align 2
cause:
  .long 0
where:
  .long 0
data:
  .long 0x12345678
