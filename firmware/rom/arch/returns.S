# Functions whose results take four registers, which C cannot state: two doubles in a2..a5.
# Arguments: a in a2:a3, b in a4:a5, c in a6:a7, d on the caller's stack.
  .section .text.returns,"ax",@progbits

  .macro complex_double name, helper
  .globl \name
  .p2align 2
\name:
  entry a1, 64
  # helper(double *to, a, b, c, d): `to` takes a10, so doubles start at a12; b has a14, c and d the stack.
  s32i a6, a1, 0
  s32i a7, a1, 4
  l32i a8, a1, 64
  s32i a8, a1, 8
  l32i a8, a1, 68
  s32i a8, a1, 12
  mov a12, a2
  mov a13, a3
  mov a14, a4
  mov a15, a5
  addi a10, a1, 16
  movi a8, \helper
  callx8 a8
  l32i a2, a1, 16
  l32i a3, a1, 20
  l32i a4, a1, 24
  l32i a5, a1, 28
  retw
  .endm

  complex_double __muldc3, complex_product_u64
  complex_double __divdc3, complex_quotient_u64
