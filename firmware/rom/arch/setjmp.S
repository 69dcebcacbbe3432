# setjmp and longjmp. A jmp_buf holds the caller's a0..a3, up to eight words more of its frame, and setjmp's own return
# address and stack pointer (offsets 48, 52). Both first spill every window, so the frame is found in memory: a0..a3
# below setjmp's stack pointer, the rest below the stack pointer of the caller's caller.
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

  # a5: lowest address of the words beyond a3; a6: their number in words, 0, 4 or 8. \frame: address of a0..a3.
  .macro find_rest link, frame
  extui a6, \link, 30, 2
  addi a6, a6, -1
  l32i a5, \frame, 4
  addi a5, a5, -12
  l32i a5, a5, 0
  addi a5, a5, -16
  slli a7, a6, 4
  sub a5, a5, a7
  slli a6, a6, 2
  .endm

  .globl setjmp
  .p2align 2
setjmp:
  entry a1, 32
  spill_windows
  addi a3, a1, -16
  .irp offset, 0, 4, 8, 12
  l32i a6, a3, \offset
  s32i a6, a2, \offset
  .endr
  s32i a0, a2, 48
  s32i a1, a2, 52
  find_rest a0, a3
  addi a4, a2, 16
  beqz a6, 2f
1:
  l32i a7, a5, 0
  s32i a7, a4, 0
  addi a5, a5, 4
  addi a4, a4, 4
  addi a6, a6, -1
  bnez a6, 1b
2:
  movi a2, 0
  retw

  .globl longjmp
  .p2align 2
longjmp:
  entry a1, 32
  spill_windows
  l32i a0, a2, 48
  mov a8, a2
  find_rest a0, a8
  addi a4, a2, 16
  beqz a6, 2f
1:
  l32i a7, a4, 0
  s32i a7, a5, 0
  addi a5, a5, 4
  addi a4, a4, 4
  addi a6, a6, -1
  bnez a6, 1b
2:
  l32i a1, a2, 52
  addi a5, a1, -16
  .irp offset, 0, 4, 8, 12
  l32i a6, a2, \offset
  s32i a6, a5, \offset
  .endr
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
