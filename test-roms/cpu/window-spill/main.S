# What a spilled frame looks like in memory: after a recursion has pushed every live frame out, the base save area
# below the stack pointer and the extra save area hold the caller's registers, and WINDOWSTART has one bit.
  .include "macros.S"

  .text
# Touches every window of a register file of up to 64 registers, so that all older frames are spilled.
  .p2align 2
sweep:
  entry a1, 48
  beqz a2, 1f
  addi a14, a2, -1
  movi a12, sweep
  callx12 a12
1:
  retw

# Three frames, called by CALL4, CALL8 and CALL12, with known registers.
  .p2align 2
frame12:
  entry a1, 64
  movi a10, 8
  movi a8, sweep
  callx8 a8
  # WINDOWSTART rotated so that bit 0 is this frame: only this one is live.
  rsr.windowbase a4
  rsr.windowstart a5
  ssr a4
  srl a5, a5
  PRINT "windowstart >> windowbase: ", a5
  .irp offset, 12, 8, 4
  addi a6, a1, -\offset
  l32i a6, a6, 0
  PRINT "caller's base save area -\offset: ", a6
  .endr
  # The extra save area of the frame that did CALL12 lies below its own caller's stack pointer.
  addi a6, a1, -12
  l32i a6, a6, 0
  addi a6, a6, -12
  l32i a6, a6, 0
  .irp offset, 48, 44, 40, 36, 32, 28, 24, 20
  addi a7, a6, -\offset
  l32i a7, a7, 0
  PRINT "caller's extra save area -\offset: ", a7
  .endr
  retw

  .p2align 2
frame8:
  entry a1, 96
  movi a2, 0x8002
  movi a3, 0x8003
  movi a4, 0x8004
  movi a5, 0x8005
  movi a6, 0x8006
  movi a7, 0x8007
  movi a8, 0x8008
  movi a9, 0x8009
  movi a10, 0x800a
  movi a11, 0x800b
  movi a12, frame12
  callx12 a12
  add a2, a2, a3
  add a2, a2, a4
  add a2, a2, a5
  add a2, a2, a6
  add a2, a2, a7
  add a2, a2, a8
  add a2, a2, a9
  add a2, a2, a10
  add a2, a2, a11
  PRINT "sum after the return: ", a2
  retw

  .p2align 2
frame4:
  entry a1, 64
  movi a4, 0x4004
  movi a5, 0x4005
  movi a6, 0x4006
  movi a7, 0x4007
  movi a8, frame8
  callx8 a8
  add a2, a4, a5
  add a2, a2, a6
  add a2, a2, a7
  PRINT "sum after the return: ", a2
  retw

  .globl main
  .p2align 2
main:
  entry a1, 64
  movi a2, 0x2002
  movi a3, 0x2003
  movi a4, frame4
  callx4 a4
  add a2, a2, a3
  PRINT "sum after the return: ", a2
  movi a2, 0
  retw
