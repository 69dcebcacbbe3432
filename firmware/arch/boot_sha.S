/*
 * SHA-256 by the accelerator (TRM, "SHA Accelerator"): a block of 16 big-endian words into TEXT, START for the first,
 * CONTINUE for the others, LOAD puts the digest into TEXT. call0 ABI. About 1.5 us for a block of 64 bytes at 240 MHz.
 */
#include "regs.h"

#define PERI_EN_SHA 2

/* ar = its bytes in the other order; SAR must be 8. Changes at. */
  .macro byte_swap ar, at
  extui \at, \ar, 16, 16
  src \at, \at, \ar
  src \at, \at, \at
  src \ar, \ar, \at
  .endm

  .text
/* a2 = word-aligned data, a3 = bytes, a multiple of 16 (so that padding always fits the block it begins in),
   a12 = a digest to compare with: a2 = 1 when it is the data's, else 0, a3 = first word of the data's digest as it
   lies in memory. Changes a0, a2..a11, SAR. */
  .globl boot_sha256_is
  .p2align 2
boot_sha256_is:
  movi a4, DPORT_PERI_CLK_EN
  movi a5, PERI_EN_SHA
  s32i a5, a4, 0
  movi a4, DPORT_PERI_RST_EN
  movi a5, 0
  s32i a5, a4, 0
  memw
  ssai 8
  mov a4, a2
  add a5, a2, a3
  mov a2, a0
  slli a6, a3, 3
  movi a7, SHA_TEXT0
  movi a8, SHA_SHA256_START
1:
  movi a9, 0
2:
  bltu a4, a5, 3f
  movi a10, 1
  slli a10, a10, 31                 // the bit behind the data
  beq a4, a5, 4f
  mov a10, a6                       // the last word of the block: bits of data
  addi a11, a9, -15
  beqz a11, 4f
  movi a10, 0
  j 4f
3:
  l32i a10, a4, 0
  byte_swap a10, a11
4:
  addx4 a11, a9, a7
  s32i a10, a11, 0
  addi a4, a4, 4
  addi a9, a9, 1
  bnei a9, 16, 2b
  call0 run
  movi a8, SHA_SHA256_CONTINUE
  bgeu a5, a4, 1b
  movi a8, SHA_SHA256_LOAD
  call0 run
  mov a0, a2
  // The digest, word by word.
  movi a9, 8
  mov a8, a12
  l32i a3, a7, 0
  byte_swap a3, a11
6:
  l32i a10, a7, 0
  byte_swap a10, a11
  l32i a4, a8, 0
  movi a2, 0
  bne a4, a10, 7f
  addi a7, a7, 4
  addi a8, a8, 4
  addi a9, a9, -1
  bnez a9, 6b
  movi a2, 1
7:
  movi a4, DPORT_PERI_CLK_EN
  movi a5, 0
  s32i a5, a4, 0
  memw
  ret

/* Writes 1 to the register at a8 and waits for the end. Changes a10, a11. */
  .p2align 2
run:
  movi a10, 1
  s32i a10, a8, 0
  movi a10, SHA_SHA256_BUSY
8:
  memw
  l32i a11, a10, 0
  bnez a11, 8b
  ret
