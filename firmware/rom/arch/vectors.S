# The vectors at the ROM's VECBASE, 0x40000000, in force until firmware moves VECBASE. Window vectors are the ISA
# manual's (Windowed Register Option, "Window Overflow and Underflow"). Every other vector keeps a0 in the EXCSAVE
# register of its level and jumps to arch/exceptions.S:
#   Level2..5 EXCSAVE2..5, Debug EXCSAVE6, NMI EXCSAVE7, Kernel and User EXCSAVE1, Double EXCSAVE7.
  .section .vectors,"ax",@progbits
  .globl _WindowOverflow4
_WindowOverflow4:
  s32e a0, a5, -16
  s32e a1, a5, -12
  s32e a2, a5, -8
  s32e a3, a5, -4
  rfwo

  .org 0x40
  .globl _WindowUnderflow4
_WindowUnderflow4:
  l32e a0, a5, -16
  l32e a1, a5, -12
  l32e a2, a5, -8
  l32e a3, a5, -4
  rfwu

  .org 0x80
  .globl _WindowOverflow8
_WindowOverflow8:
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
  .globl _WindowUnderflow8
_WindowUnderflow8:
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
  .globl _WindowOverflow12
_WindowOverflow12:
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
  .globl _WindowUnderflow12
_WindowUnderflow12:
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

  .macro vector offset, save, target
  .org \offset
  wsr.\save a0
  j \target
  .endm

  vector 0x180, excsave2, .Llevel2
  vector 0x1c0, excsave3, .Llevel3
  vector 0x200, excsave4, .Llevel4
  vector 0x240, excsave5, .Llevel5
  vector 0x280, excsave6, .Ldebug
  vector 0x2c0, excsave7, .Lnmi
  vector 0x300, excsave1, .Lkernel
  vector 0x340, excsave1, .Luser
  vector 0x3c0, excsave7, .Ldouble

  .org 0x400
  .globl _ResetVector
_ResetVector:
  j .Lreset
  # The word that marks a ROM of the classic ESP32 to tools, and the literals of the jumps.
  .org 0x408
  .long 0x3ff00038
.Lto_reset: .long _ResetHandler
.Lto_user: .long _UserException
.Lto_fatal: .long _FatalException
.Lto_level2: .long level2_from_vector
.Lto_level3: .long level3_from_vector

  .macro to_fatal label, id
  .p2align 2
\label:
  movi a0, \id
  j .Lfatal
  .endm
  .org 0x438
  # Handlers of levels 4 and 5 that firmware installs lie at these addresses of the reading CPU.
.Lpri4: .long _Pri_4_HandlerAddress
.Lpri5: .long _Pri_5_HandlerAddress

.Lreset:
  l32r a0, .Lto_reset
  jx a0
.Luser:
  l32r a0, .Lto_user
  jx a0
.Llevel4:
  l32r a0, .Lpri4
  l32i a0, a0, 0
  beqz a0, .Lfatal4
  jx a0
.Llevel5:
  l32r a0, .Lpri5
  l32i a0, a0, 0
  beqz a0, .Lfatal5
  jx a0
  to_fatal .Lfatal4, 4
  to_fatal .Lfatal5, 5
.Llevel2:
  l32r a0, .Lto_level2
  jx a0
.Llevel3:
  l32r a0, .Lto_level3
  jx a0
  to_fatal .Ldebug, 6
  to_fatal .Lnmi, 7
  to_fatal .Lkernel, 0
  to_fatal .Ldouble, 8
.Lfatal:
  # a0 is known to be in EXCSAVE; the number of the vector goes to MISC0.
  wsr.misc0 a0
  l32r a0, .Lto_fatal
  jx a0
