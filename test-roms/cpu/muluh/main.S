# MULUH and MULSH, which QEMU's cores lack, against a product put together from 16-bit halves (MUL16U) in this test.
# Exit code 0 and no differences is the whole expectation.
  .include "macros.S"

  .text
# a2 = high word of the unsigned product a2 * a3, by halves.
  .p2align 2
high_by_halves:
  entry a1, 48
  srli a4, a2, 15
  srli a4, a4, 1
  srli a5, a3, 15
  srli a5, a5, 1
  mul16u a6, a2, a3
  mul16u a7, a4, a3
  mul16u a8, a2, a5
  mul16u a9, a4, a5
  extui a10, a6, 16, 16
  add a7, a7, a10
  extui a10, a7, 0, 16
  add a8, a8, a10
  extui a10, a7, 16, 16
  add a9, a9, a10
  extui a10, a8, 16, 16
  add a2, a9, a10
  retw

  .globl main
  .p2align 2
main:
  entry a1, 64
  movi a4, operands
  movi a5, operands_end
  movi a7, 0
# For every pair: MULUH, and MULSH = MULUH - (a < 0 ? b : 0) - (b < 0 ? a : 0).
outer:
  movi a6, operands
inner:
  l32i a10, a4, 0
  l32i a11, a6, 0
  movi a8, high_by_halves
  callx8 a8
  l32i a2, a4, 0
  l32i a3, a6, 0
  muluh a12, a2, a3
  beq a12, a10, 1f
  PRINT "muluh of ", a2
  PRINT "  and ", a3
  PRINT "  gives ", a12
  PRINT "  instead of ", a10
  addi a7, a7, 1
1:
  movi a9, 0
  movltz a9, a3, a2
  sub a10, a10, a9
  movi a9, 0
  movltz a9, a2, a3
  sub a10, a10, a9
  mulsh a12, a2, a3
  beq a12, a10, 1f
  PRINT "mulsh of ", a2
  PRINT "  and ", a3
  PRINT "  gives ", a12
  PRINT "  instead of ", a10
  addi a7, a7, 1
1:
  addi a6, a6, 4
  bgeu a6, a5, 2f
  j inner
2:
  addi a4, a4, 4
  bgeu a4, a5, 2f
  j outer
2:
  PRINT "differences ", a7
  mov a2, a7
  retw

  .data
  .p2align 2
operands:
  .long 0, 1, 2, 3, 0x7fff, 0x8000, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0x80000001
  .long 0xfffffffe, 0xffffffff, 0x12345678, 0x9abcdef0, 0xdeadbeef, 0x00ff00ff, 0xff00ff00, 0x55555555
  .long 0xaaaaaaaa, 0x0000fffe, 0xfffe0000, 0x5a5a1234
operands_end:
