# Entry of every test ROM: brings a core in any state to PS = WOE|UM, INTLEVEL 0, window 0, all
# interrupts off, CP0 (the FPU) on, then calls the windowed `main` and exits with its result.
  .include "macros.S"

  .text
  .globl _start
  .p2align 2
_start:
  movi a2, 0x1f
  wsr.ps a2
  rsync
  movi a2, 0
  wsr.intenable a2
  wsr.windowbase a2
  rsync
  movi a2, 1
  wsr.windowstart a2
  wsr.cpenable a2
  rsync
  movi a2, _vectors
  wsr.vecbase a2
  movi a2, _bss_start
  movi a3, _bss_end
  movi a4, 0
  j 2f
1:
  s32i a4, a2, 0
  addi a2, a2, 4
2:
  bltu a2, a3, 1b
  # A spill of this frame by CALL8 stores a4..a7 below the stack pointer of a caller, found at a1 - 12.
  movi a2, _stack_top
  addi a1, a2, -64
  addi a3, a1, -12
  s32i a2, a3, 0
  movi a0, 0
  movi a2, 0x40020
  wsr.ps a2
  rsync
  movi a8, main
  callx8 a8
  mov a3, a10
  movi a0, exit
  jx a0

# exit: a3 = exit code. Writes what PRINT has gathered, then ends the simulation. Never returns.
  .globl exit
  .p2align 2
exit:
  movi a2, 0x1f
  wsr.ps a2
  rsync
  mov a6, a3
  movi a0, out_next
  l32i a5, a0, 0
  movi a4, out_buffer
  sub a5, a5, a4
  beqz a5, 1f
  movi a2, 4
  movi a3, 1
  SIMCALL
1:
  movi a2, 1
  mov a3, a6
  SIMCALL
  j 1b

# Every vector without a handler of its own.
  .globl unhandled
  .p2align 2
unhandled:
  rsr.exccause a0
  PRINT "unhandled exception: exccause=", a0
  rsr.epc1 a0
  PRINT "epc1=", a0
  rsr.excvaddr a0
  PRINT "excvaddr=", a0
  rsr.ps a0
  PRINT "ps=", a0
  movi a3, 250
  movi a0, exit
  jx a0

# The body of PRINT: appends the string at a2, EXCSAVE7 as eight hexadecimal digits and a newline to
# the output buffer. Uses a0..a3 only, so that no window is spilled; a3 is kept in EXCSAVE6's place.
  .globl rom_print
  .p2align 2
rom_print:
  wsr.excsave6 a3
  movi a3, print_return
  s32i a0, a3, 0
  movi a3, out_next
  l32i a3, a3, 0
1:
  l8ui a0, a2, 0
  beqz a0, 2f
  s8i a0, a3, 0
  addi a2, a2, 1
  addi a3, a3, 1
  j 1b
2:
  rsr.excsave7 a2
  .rept 8
  extui a0, a2, 28, 4
  addi a0, a0, -10
  bltz a0, . + 6
  addi a0, a0, 39
  addi a0, a0, 58
  s8i a0, a3, 0
  addi a3, a3, 1
  slli a2, a2, 4
  .endr
  movi a0, 10
  s8i a0, a3, 0
  addi a3, a3, 1
  movi a0, out_next
  s32i a3, a0, 0
  movi a3, print_return
  l32i a0, a3, 0
  rsr.excsave6 a3
  jx a0

# int host_write(int fd, const void *data, unsigned length), windowed
  .globl host_write
  .p2align 2
host_write:
  entry a1, 32
  mov a5, a4
  mov a4, a3
  mov a3, a2
  movi a2, 4
  SIMCALL
  retw

# void host_exit(int code), windowed
  .globl host_exit
  .p2align 2
host_exit:
  entry a1, 32
  mov a3, a2
  movi a2, 1
  SIMCALL
  j host_exit

  .data
  .p2align 2
  .globl out_next
out_next:
  .long out_buffer
print_return:
  .long 0
  .globl handler_area0
handler_area0:
  .space 12
  .globl handler_area1
handler_area1:
  .space 12
  .globl handler_area2
handler_area2:
  .space 12

  .bss
  .p2align 4
out_buffer:
  .space 0x4000
