# Memory faults of the ESP32's bus: 8- and 16-bit accesses to SRAM on the instruction bus raise LoadStoreError (3),
# unmapped data addresses LoadProhibited (28) and StoreProhibited (29), a jump to data memory InstFetchProhibited
# (20), each with EXCVADDR, and without a change of register or memory.
  .include "macros.S"

  .text
  .p2align 2
handler:
  ENTER_HANDLER excsave1
  rsr.exccause a2
  STORE_WORD a2, cause
  rsr.excvaddr a2
  STORE_WORD a2, address
  rsr.epc1 a2
  STORE_WORD a2, where
  movi a3, resume
  l32i a3, a3, 0
  wsr.epc1 a3
  LEAVE_HANDLER
  rfe

  .macro attempt text, instruction:vararg
  movi a3, 0x77
  STORE_WORD a3, cause, a2
  movi a3, .Lafter\@
  STORE_WORD a3, resume, a2
  movi a6, 0x5a5a
.Lat\@:
  \instruction
.Lafter\@:
  PRINT_WORD "\text: exccause ", cause
  movi a3, address
  l32i a3, a3, 0
  sub a3, a3, a4
  PRINT "  excvaddr - base ", a3
  PRINT "  a6 ", a6
  .endm

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, handler
  movi a4, word_in_iram
  attempt "l8ui from IRAM", l8ui a6, a4, 1
  attempt "l16ui from IRAM", l16ui a6, a4, 2
  attempt "l16si from IRAM", l16si a6, a4, 0
  attempt "s8i to IRAM", s8i a6, a4, 3
  attempt "s16i to IRAM", s16i a6, a4, 2
  l32i a5, a4, 0
  PRINT "word in IRAM ", a5
  movi a5, 0x600df00d
  s32i a5, a4, 0
  l32i a5, a4, 0
  PRINT "word in IRAM after s32i ", a5
  movi a4, 0x20000010
  attempt "l32i unmapped", l32i a6, a4, 4
  attempt "s32i unmapped", s32i a6, a4, 8
  attempt "l8ui unmapped", l8ui a6, a4, 1
  movi a4, 0x3ffb0000
  attempt "jx to data RAM", jx a4
  movi a3, where
  l32i a3, a3, 0
  PRINT "  epc1 ", a3
  movi a2, 0
  retw

  .p2align 2
word_in_iram:
  .long 0xcafe1234

  .data
  .p2align 2
cause:
  .long 0
address:
  .long 0
where:
  .long 0
resume:
  .long 0
