# Functions with variable arguments, which the C compiler gets wrong: they keep a2..a7 in the frame and give the address
# of a va_list behind their fixed arguments. va_list is GCC's for Xtensa: arguments on the caller's stack, less 32; the
# registers; bytes taken. The upper 32 bytes of a frame belong to window overflows.
  .section .text.variadic,"ax",@progbits

  .macro variadic name, fixed, target
  .globl \name
  .p2align 2
\name:
  entry a1, 96
  s32i a2, a1, 16
  s32i a3, a1, 20
  s32i a4, a1, 24
  s32i a5, a1, 28
  s32i a6, a1, 32
  s32i a7, a1, 36
  addi a8, a1, 64
  s32i a8, a1, 40
  addi a8, a1, 16
  s32i a8, a1, 44
  movi a8, \fixed * 4
  s32i a8, a1, 48
  mov a10, a2
  mov a11, a3
  mov a12, a4
  mov a13, a5
  addi a9, a1, 40
  .if \fixed == 1
  mov a11, a9
  .elseif \fixed == 2
  mov a12, a9
  .elseif \fixed == 3
  mov a13, a9
  .else
  mov a14, a9
  .endif
  movi a8, \target
  callx8 a8
  mov a2, a10
  retw
  .endm

  variadic printf, 1, print_standard
  variadic _printf_r, 2, print_standard_r
  variadic fprintf, 2, print_file
  variadic _fprintf_r, 3, print_file_r
  variadic sprintf, 2, print_text
  variadic _sprintf_r, 3, print_text_r
  variadic snprintf, 3, print_room
  variadic _snprintf_r, 4, print_room_r
  variadic asprintf, 2, print_new
  variadic _asprintf_r, 3, print_new_r
  variadic asnprintf, 3, print_offered
  variadic _asnprintf_r, 4, print_offered_r
  variadic scanf, 1, scan_standard
  variadic _scanf_r, 2, scan_standard_r
  variadic fscanf, 2, scan_file
  variadic _fscanf_r, 3, scan_file_r
  variadic sscanf, 2, scan_text
  variadic _sscanf_r, 3, scan_text_r
