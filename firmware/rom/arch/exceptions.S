# Exceptions and interrupts while VECBASE is the ROM's: dispatch to the C handlers of XTOS's tables, and the end of
# programs that left one unhandled. Every path starts with a0 of the interrupted code in the EXCSAVE register of its
# vector's level.
  .section .text.exceptions,"ax",@progbits

# The frame of an exception, xtos's `UserFrame`, 256 bytes below the stack pointer of the interrupted code:
#   0 PC, 4 PS, 8 SAR, 16..28 a2..a5, 32 EXCCAUSE, 36 LCOUNT, 40 LBEG, 44 LEND, 48 ACCLO, 52 ACCHI
# The interrupted code appears to have called a function by CALL4: a0..a3 are its own window's, a4 and a5 are kept in the
# frame, a6..a15 become a2..a11 of a function that only calls by CALL12.
  .macro call_from_frame epc, eps, excsave, return, function
  rsr.\excsave a0
  addmi a1, a1, -256
  s32i a2, a1, 16
  s32i a3, a1, 20
  s32i a4, a1, 24
  s32i a5, a1, 28
  rsr.\epc a2
  s32i a2, a1, 0
  rsr.\eps a2
  s32i a2, a1, 4
  rsr.exccause a2
  s32i a2, a1, 32
  rsr.sar a2
  s32i a2, a1, 8
  # WOE, CALLINC 1, UM, INTLEVEL 3: no interrupt until the frame is complete.
  movi a2, 0x50023
  wsr.ps a2
  l32i a2, a1, 16
  l32i a3, a1, 20
  addmi a1, a1, 256
  movi a4, \return
  rsync
  entry a1, 256
  rsr.lcount a12
  s32i a12, a1, 36
  rsr.lbeg a12
  s32i a12, a1, 40
  rsr.lend a12
  s32i a12, a1, 44
  rsr.acclo a12
  s32i a12, a1, 48
  rsr.acchi a12
  s32i a12, a1, 52
  mov a14, a1
  movi a12, \function
  callx12 a12
  rsil a12, 3
  l32i a12, a1, 36
  wsr.lcount a12
  l32i a12, a1, 40
  wsr.lbeg a12
  l32i a12, a1, 44
  wsr.lend a12
  l32i a12, a1, 48
  wsr.acclo a12
  l32i a12, a1, 52
  wsr.acchi a12
  # The address's top bits, 01, say that the window goes back by four.
  retw
  .endm

# Back in the interrupted code's window; a5 is the frame.
  .macro leave_frame epc, eps, return
  l32i a2, a5, 8
  wsr.sar a2
  l32i a2, a5, 0
  wsr.\epc a2
  l32i a2, a5, 4
  wsr.\eps a2
  rsync
  l32i a2, a5, 16
  l32i a3, a5, 20
  l32i a4, a5, 24
  l32i a5, a5, 28
  \return
  .endm

  .globl _UserException
  .p2align 2
_UserException:
  rsr.exccause a0
  bnei a0, 5, 1f
  j alloca
1:
  call_from_frame epc1, ps, excsave1, return_from_user, user_exception
  .p2align 2
return_from_user:
  # PS of the frame has EXCM set, as it was in the vector.
  leave_frame epc1, ps, rfe

  .macro medium level, name
  .globl \name
  .p2align 2
\name:
  call_from_frame epc\level, eps\level, excsave\level, .Lback\level, .Lhandle\level
  .p2align 2
.Lback\level:
  # EXCM keeps window exceptions and interrupts away while the PS to come lies in EPS.
  rsil a2, 3
  movi a3, 16
  or a2, a2, a3
  wsr.ps a2
  rsync
  leave_frame epc\level, eps\level, "rfi \level"
  .p2align 2
.Lhandle\level:
  entry a1, 32
  mov a11, a2
  movi a10, \level
  movi a8, medium_interrupts
  callx8 a8
  retw
  .endm

  medium 2, level2_from_vector
  medium 3, level3_from_vector

# MOVSP where the caller's frame has been spilled: reads it back by its underflow handler, which then returns to MOVSP
# (ISA manual, MOVSP). a0 is in EXCSAVE1.
  .p2align 2
alloca:
  rsr.windowbase a0
  rotw -1
  # a4 is the interrupted a0; PS.OWB becomes its WindowBase, to which RFWU goes back.
  rsr.ps a2
  extui a3, a2, 8, 4
  xor a3, a3, a4
  rsr.excsave1 a4
  slli a3, a3, 8
  xor a2, a2, a3
  wsr.ps a2
  rsync
  bbci a4, 31, 1f
  rotw -1
  bbci a8, 30, 2f
  rotw -1
  movi a4, _WindowUnderflow12
  jx a4
1:
  movi a0, _WindowUnderflow4
  jx a0
2:
  movi a0, _WindowUnderflow8
  jx a0

# _FatalException: a0 of the interrupted code is in the vector's EXCSAVE register, MISC0 holds the vector's number.
# Starts over on the fatal stack with one frame, so that printing does not depend on the state of the windows.
  .globl _FatalException
  .p2align 2
_FatalException:
  movi a0, 0x1f
  wsr.ps a0
  rsync
  mov a0, a1
  wsr.misc1 a0
  movi a2, 0
  wsr.windowbase a2
  rsync
  movi a2, 1
  wsr.windowstart a2
  rsync
  movi a2, fatal_stack
  addmi a2, a2, 256
  addi a1, a2, -64
  addi a3, a1, -12
  s32i a2, a3, 0
  movi a0, 0
  movi a2, 0x4002f
  wsr.ps a2
  rsync
  rsr.misc0 a10
  movi a8, fatal_exception
  callx8 a8
1:
  waiti 15
  j 1b
