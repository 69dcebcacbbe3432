# The vector table, at the offsets from VECBASE that the ESP32 and QEMU's dc233c and de233_fpu share.
# Window vectors are the ISA manual's (Windowed Register Option, "Window Overflow and Underflow").
# Every other vector keeps a0 in an EXCSAVE register and jumps through `handlers`, a table in RAM that
# a test fills with `HANDLER`:
#   vector      handlers[]   a0 kept in
#   Level2..5   0..3         EXCSAVE2..5
#   Debug (6)   4            EXCSAVE6
#   NMI (7)     5            EXCSAVE7
#   Kernel      6            EXCSAVE1
#   User        7            EXCSAVE1
#   Double      8            EXCSAVE7
  .section .vectors,"ax",@progbits
  .globl _vectors
  .p2align 10
_vectors:
  # WindowOverflow4
  s32e a0, a5, -16
  s32e a1, a5, -12
  s32e a2, a5, -8
  s32e a3, a5, -4
  rfwo
  .p2align 2
.Lhandlers:
  .long handlers

  .macro vector offset, save, index
  .org \offset
  wsr.\save a0
  l32r a0, .Lhandlers
  l32i a0, a0, \index * 4
  jx a0
  .endm

  .org 0x40
  # WindowUnderflow4
  l32e a0, a5, -16
  l32e a1, a5, -12
  l32e a2, a5, -8
  l32e a3, a5, -4
  rfwu

  .org 0x80
  # WindowOverflow8
  s32e a0, a9, -16
  l32e a0, a1, -12
  s32e a1, a9, -12
  s32e a2, a9, -8
  s32e a3, a9, -4
  s32e a4, a0, -32
  s32e a5, a0, -28
  s32e a6, a0, -24
  s32e a7, a0, -20
  rfwo

  .org 0xc0
  # WindowUnderflow8
  l32e a0, a9, -16
  l32e a1, a9, -12
  l32e a2, a9, -8
  l32e a7, a1, -12
  l32e a3, a9, -4
  l32e a4, a7, -32
  l32e a5, a7, -28
  l32e a6, a7, -24
  l32e a7, a7, -20
  rfwu

  .org 0x100
  # WindowOverflow12
  s32e a0, a13, -16
  l32e a0, a1, -12
  s32e a1, a13, -12
  s32e a2, a13, -8
  s32e a3, a13, -4
  s32e a4, a0, -48
  s32e a5, a0, -44
  s32e a6, a0, -40
  s32e a7, a0, -36
  s32e a8, a0, -32
  s32e a9, a0, -28
  s32e a10, a0, -24
  s32e a11, a0, -20
  rfwo

  .org 0x140
  # WindowUnderflow12
  l32e a0, a13, -16
  l32e a1, a13, -12
  l32e a2, a13, -8
  l32e a11, a1, -12
  l32e a3, a13, -4
  l32e a4, a11, -48
  l32e a5, a11, -44
  l32e a6, a11, -40
  l32e a7, a11, -36
  l32e a8, a11, -32
  l32e a9, a11, -28
  l32e a10, a11, -24
  l32e a11, a11, -20
  rfwu

  vector 0x180, excsave2, 0
  vector 0x1c0, excsave3, 1
  vector 0x200, excsave4, 2
  vector 0x240, excsave5, 3
  vector 0x280, excsave6, 4
  vector 0x2c0, excsave7, 5
  vector 0x300, excsave1, 6
  vector 0x340, excsave1, 7
  vector 0x3c0, excsave7, 8
  .org 0x400

  .data
  .p2align 2
  .globl handlers
handlers:
  .globl handler_LEVEL2
handler_LEVEL2:
  .long unhandled
  .globl handler_LEVEL3
handler_LEVEL3:
  .long unhandled
  .globl handler_LEVEL4
handler_LEVEL4:
  .long unhandled
  .globl handler_LEVEL5
handler_LEVEL5:
  .long unhandled
  .globl handler_DEBUG
handler_DEBUG:
  .long unhandled
  .globl handler_NMI
handler_NMI:
  .long unhandled
  .globl handler_KERNEL
handler_KERNEL:
  .long unhandled
  .globl handler_USER
handler_USER:
  .long unhandled
  .globl handler_DOUBLE
handler_DOUBLE:
  .long unhandled
