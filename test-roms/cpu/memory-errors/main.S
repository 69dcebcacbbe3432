# Memory faults of the ESP32: 8- and 16-bit accesses to SRAM on the instruction bus raise LoadStoreError (3). Regions
# with attribute 15 (Region Protection Option) raise LoadProhibited (28), StoreProhibited (29) and InstFetchProhibited
# (20), with EXCVADDR, without a change of register or memory, until the attribute allows them again.
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
  # The 512 MiB region at 0x80000000: no access.
  movi a4, 0x80000010
  movi a5, 15
  wdtlb a5, a4
  dsync
  witlb a5, a4
  isync
  attempt "l32i prohibited", l32i a6, a4, 4
  attempt "s32i prohibited", s32i a6, a4, 8
  attempt "l8ui prohibited", l8ui a6, a4, 1
  attempt "jx prohibited", jx a4
  movi a3, where
  l32i a3, a3, 0
  PRINT "  epc1 ", a3
  rdtlb1 a5, a4
  extui a5, a5, 0, 4
  PRINT "rdtlb1 attribute ", a5
  movi a5, 2
  wdtlb a5, a4
  dsync
  rdtlb1 a5, a4
  extui a5, a5, 0, 4
  PRINT "rdtlb1 attribute ", a5
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
