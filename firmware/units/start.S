/*
 * Entry of the unit tests as a Linux program under qemu-xtensa, which spills and fills register windows itself.
 * System calls: number in a2, arguments in a6, a3, a4, a5.
 */
#define WRITE 13
#define EXIT 118

  .text
  .globl _start
  .p2align 2
_start:
  mov a10, a1                       // argc, argv...
  movi a2, stack_top
  addi a1, a2, -64
  // A spill of this frame by CALL8 stores a4..a7 below the stack pointer of a caller, found at a1 - 12.
  addi a3, a1, -12
  s32i a2, a3, 0
  movi a0, 0
  movi a8, unit_main
  callx8 a8
  mov a6, a10
  movi a2, EXIT
  syscall

/* void host_write(u32 fd, const u8 *data, u32 length) */
  .globl host_write
  .p2align 2
host_write:
  entry a1, 32
  mov a6, a2
  movi a2, WRITE
  syscall
  retw

/* void host_exit(u32 code), never returns */
  .globl host_exit
  .p2align 2
host_exit:
  entry a1, 32
  mov a6, a2
  movi a2, EXIT
  syscall

  .bss
  .p2align 4
  .space 0x10000
stack_top:
  .space 16
