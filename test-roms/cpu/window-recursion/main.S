# Recursion through CALL4, CALL8 and CALL12, deeper than any register file: each level keeps values in its own
# registers, and the sum over all levels is wrong when one overflow or underflow loses a register.
  .include "macros.S"

# int NAME(depth, seed): every level fills the registers its call preserves, calls, then checks them.
  .macro recursive name, call, target, argument, second, result
  .globl \name
  .p2align 2
\name:
  entry a1, 64
  beqz a2, 1f
  addi \argument, a2, -1
  slli \second, a3, 1
  xor \second, \second, a2
  movi \target, \name
  \call \target
  addx4 a2, a2, \result
  xor a2, a2, a3
  retw
1:
  mov a2, a3
  retw.n
  .endm

  .text
  recursive recurse4, callx4, a4, a6, a7, a6
  recursive recurse8, callx8, a8, a10, a11, a10
  recursive recurse12, callx12, a12, a14, a15, a14

# Keeps a4..a7 over a CALL8 and a4..a11 over a CALL12 in turn.
  .globl mixed
  .p2align 2
mixed:
  entry a1, 80
  addi a4, a2, 100
  addi a5, a2, 27
  addi a6, a2, 37
  addi a7, a2, 47
  beqz a2, 1f
  bbci a2, 0, 2f
  addi a10, a2, -1
  movi a8, mixed
  callx8 a8
  mov a3, a10
  j 3f
2:
  addi a8, a2, 57
  addi a9, a2, 67
  addi a10, a2, 77
  addi a11, a2, 87
  addi a14, a2, -1
  movi a12, mixed
  callx12 a12
  add a3, a14, a8
  xor a3, a3, a9
  add a3, a3, a10
  xor a3, a3, a11
  j 3f
1:
  movi a3, 0x55
3:
  add a3, a3, a4
  xor a3, a3, a5
  add a3, a3, a6
  xor a3, a3, a7
  slli a2, a3, 1
  extui a3, a3, 31, 1
  or a2, a2, a3
  retw

  .globl main
  .p2align 2
main:
  entry a1, 64
  .irp depth, 1, 2, 3, 7, 8, 15, 16, 17, 40
  movi a10, \depth
  movi a11, 0x1357
  movi a8, recurse4
  callx8 a8
  PRINT "call4  depth \depth: ", a10
  movi a10, \depth
  movi a11, 0x1357
  movi a8, recurse8
  callx8 a8
  PRINT "call8  depth \depth: ", a10
  movi a10, \depth
  movi a11, 0x1357
  movi a8, recurse12
  callx8 a8
  PRINT "call12 depth \depth: ", a10
  movi a10, \depth
  movi a8, mixed
  callx8 a8
  PRINT "mixed  depth \depth: ", a10
  .endr
  movi a2, 0
  retw
