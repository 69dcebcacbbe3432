/*
 * The vector table of both cores (VECBASE points here; 1 KiB).
 * Window vectors: Xtensa ISA, "Windowed Procedure-Call Option"; 5 to 14 instructions, save or load 4, 8 or 12
 * registers in the stack's base and extra save areas. Cycles: firmware/README.md, "Measured".
 * Every other vector saves a0 in the EXCSAVE register of its level and jumps to its entry, which says what it does:
 *   Level2, Level3, User, Kernel   interrupt.S
 *   Level4, Level5, Debug, NMI, Double   fault.S
 */
  .section .vectors,"ax",@progbits
  .globl kernel_vectors
  .p2align 10
kernel_vectors:
  s32e a0, a5, -16                  // WindowOverflow4
  s32e a1, a5, -12
  s32e a2, a5, -8
  s32e a3, a5, -4
  rfwo

  .org 0x40
  l32e a0, a5, -16                  // WindowUnderflow4
  l32e a1, a5, -12
  l32e a2, a5, -8
  l32e a3, a5, -4
  rfwu

  .org 0x80
  s32e a0, a9, -16                  // WindowOverflow8
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
  l32e a0, a9, -16                  // WindowUnderflow8
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
  s32e a0, a13, -16                 // WindowOverflow12
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
  l32e a0, a13, -16                 // WindowUnderflow12
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

  .org 0x180
  wsr.excsave2 a0
  j level2_entry
  .org 0x1c0
  wsr.excsave3 a0
  j level3_entry
  .org 0x200
  wsr.excsave4 a0
  j level4_entry
  .org 0x240
  wsr.excsave5 a0
  j level5_entry
  .org 0x280
  wsr.excsave6 a0
  j debug_entry
  .org 0x2c0
  wsr.excsave7 a0
  j nmi_entry
  .org 0x300
  wsr.excsave1 a0                   // Kernel (PS.UM 0)
  j level1_entry
  .org 0x340
  wsr.excsave1 a0                   // User
  j level1_entry
  .org 0x3c0
  wsr.misc1 a0                      // Double: EXCSAVE1 may still hold the first exception's a0
  j double_entry
  .org 0x400
