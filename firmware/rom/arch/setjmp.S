# setjmp, longjmp and the spill of all windows. A jmp_buf of 17 words:
#   0..15  a0..a3 of setjmp's caller, whose a1 is the stack pointer to return to
#   16..47 up to eight words more of the caller's frame: 0, 4 or 8 after CALL4, CALL8, CALL12
#   48..63 a0..a3 of the caller's own caller, which lie below that stack pointer
#   64     setjmp's return address, whose top bits tell which call it was
# Frames are found in memory: a0..a3 of a function lie below the stack pointer of the function that it called, the rest
# below the stack pointer of its own caller.
  .section .text.setjmp,"ax",@progbits

  .macro spill_windows
  rsil a4, 15
  .rept 4
  and a12, a12, a12
  rotw 3
  .endr
  and a12, a12, a12
  rotw 4
  wsr.ps a4
  rsync
  .endm

  .macro copy4 from, from_offset, to, to_offset
  .irp word, 0, 4, 8, 12
  l32i a6, \from, \word + \from_offset
  s32i a6, \to, \word + \to_offset
  .endr
  .endm

  # a6: number of words beyond a3. a5: the lowest of them in memory; a7 is the target's stack pointer.
  .macro find_rest link
  extui a6, \link, 30, 2
  addi a6, a6, -1
  slli a6, a6, 2
  addi a5, a7, -12
  l32i a5, a5, 0
  addi a5, a5, -16
  slli a4, a6, 2
  sub a5, a5, a4
  .endm

  .macro copy_rest from, to
  beqz a6, 2f
1:
  l32i a7, \from, 0
  s32i a7, \to, 0
  addi \from, \from, 4
  addi \to, \to, 4
  addi a6, a6, -1
  bnez a6, 1b
2:
  .endm

  .globl setjmp
  .p2align 2
setjmp:
  entry a1, 32
  spill_windows
  addi a3, a1, -16
  copy4 a3, 0, a2, 0
  l32i a7, a2, 4
  addi a3, a7, -16
  copy4 a3, 0, a2, 48
  s32i a0, a2, 64
  find_rest a0
  addi a4, a2, 16
  copy_rest a5, a4
  movi a2, 0
  retw

  # Windows between here and setjmp's caller are dropped. ESP-IDF's own longjmp does that part itself, undisturbed by
  # interrupts, and goes on at the ROM's longjmp + 20 (functions.txt).
  .globl longjmp
  .p2align 2
longjmp:
  entry a1, 16
  rsil a7, 15
  rsr.windowbase a5
  ssl a5
  movi a4, 1
  sll a4, a4
  wsr.windowstart a4
  rsync
  wsr.ps a7
  rsync

  .globl longjmp_into_frame
longjmp_into_frame:
  l32i a0, a2, 64
  l32i a7, a2, 4
  addi a4, a7, -16
  copy4 a2, 48, a4, 0
  addi a4, a1, -16
  copy4 a2, 0, a4, 0
  find_rest a0
  addi a4, a2, 16
  copy_rest a4, a5
  movi a2, 1
  movnez a2, a3, a3
  retw

# void xthal_window_spill(void)
  .globl xthal_window_spill
  .p2align 2
xthal_window_spill:
  entry a1, 32
  spill_windows
  retw
