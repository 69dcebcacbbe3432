# Exceptions and interrupts that firmware left to the ROM.
# _FatalException: a0 of the interrupted code is in the vector's EXCSAVE register, MISC0 holds the vector's number.
# Starts over on the fatal stack with one frame, so that printing does not depend on the state of the windows.
  .section .text.exceptions,"ax",@progbits
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
