/*
 * Bit scans for Rust, in a file of their own: the unit tests (firmware/units) link it under qemu-xtensa.
 */
  .section .iram.text,"ax",@progbits
/* u32 arch_top_bit(u32 value): number of the highest set bit by NSAU, which the compiler does not use; -1 for 0. */
  .globl arch_top_bit
  .p2align 2
arch_top_bit:
  entry a1, 16
  nsau a2, a2
  movi a3, 31
  sub a2, a3, a2
  retw
