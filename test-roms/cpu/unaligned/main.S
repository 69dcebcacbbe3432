# The LX6 does unaligned 16- and 32-bit loads and stores in data RAM by hardware (XCHAL_UNALIGNED_LOAD_HW), where
# QEMU's cores raise LoadStoreAlignment. The expected values follow from little-endian byte order.
  .include "macros.S"

  .text
  .globl main
  .p2align 2
main:
  entry a1, 64
  movi a4, bytes
  .irp offset, 1, 2, 3
  addi a5, a4, \offset
  l32i a6, a5, 0
  PRINT "l32i +\offset: ", a6
  l32i a6, a5, 4
  PRINT "l32i +\offset + 4: ", a6
  .endr
  .irp offset, 1, 3
  addi a5, a4, \offset
  l16ui a6, a5, 0
  PRINT "l16ui +\offset: ", a6
  l16si a6, a5, 8
  PRINT "l16si +\offset + 8: ", a6
  .endr
  movi a6, 0xaabbccdd
  addi a5, a4, 1
  s32i a6, a5, 0
  addi a5, a4, 10
  s32i a6, a5, 0
  movi a6, 0x1122
  addi a5, a4, 7
  s16i a6, a5, 0
  .irp offset, 0, 4, 8, 12
  l32i a6, a4, \offset
  PRINT "memory +\offset: ", a6
  .endr
  movi a2, 0
  retw

  .data
  .p2align 4
bytes:
  .byte 0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7, 0x08, 0x19, 0x2a, 0x3b, 0x4c, 0x5d, 0x6e, 0x7f
