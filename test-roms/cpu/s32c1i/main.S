# S32C1I: stores only when memory equals SCOMPARE1 and always returns what memory held; L32AI and S32RI. ATOMCTL is
# written first: QEMU's cores refuse the instruction on uncached memory otherwise.
  .include "macros.S"

# The assembler does not know these two.
  .macro L32AI_A7_A4 offset
  .byte 0x72, 0xb4, \offset / 4
  .endm
  .macro S32RI_A5_A4 offset
  .byte 0x52, 0xf4, \offset / 4
  .endm

  .text
  .globl main
  .p2align 2
main:
  entry a1, 64
  movi a4, 0x15
  wsr.atomctl a4
  rsync
  movi a4, cell

  movi a5, 100
  s32i a5, a4, 0
  movi a6, 100
  wsr.scompare1 a6
  movi a7, 200
  s32c1i a7, a4, 0
  PRINT "equal: returned ", a7
  L32AI_A7_A4 0
  PRINT "  memory ", a7
  movi a7, 300
  s32c1i a7, a4, 0
  PRINT "different: returned ", a7
  l32i a7, a4, 0
  PRINT "  memory ", a7
  rsr.scompare1 a7
  PRINT "  scompare1 ", a7

  # With an offset, and the same register as value and expectation.
  movi a5, -1
  s32i a5, a4, 12
  wsr.scompare1 a5
  movi a7, 0x1234
  s32c1i a7, a4, 12
  PRINT "offset 12: returned ", a7
  l32i a7, a4, 12
  PRINT "  memory ", a7

  # A counter taken ten times by a compare-and-swap loop.
  movi a5, 0
  S32RI_A5_A4 4
  movi a6, 10
1:
  L32AI_A7_A4 4
  wsr.scompare1 a7
  addi a8, a7, 3
  s32c1i a8, a4, 4
  bne a8, a7, 1b
  addi a6, a6, -1
  bnez a6, 1b
  l32i a7, a4, 4
  PRINT "counter: ", a7
  movi a2, 0
  retw

  .data
  .p2align 4
cell:
  .long 0, 0, 0, 0
