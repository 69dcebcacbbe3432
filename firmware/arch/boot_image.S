/*
 * Verifies the kernel image at flash 0x10000 and loads it: the ESP image format (magic 0xE9, 24-byte header,
 * segments of address, length, data; XOR checksum of the data with 0xEF at the end of a 16-byte block).
 * Two passes over the segments: the first checks every one, the second copies or maps. A bad image prints what
 * is wrong and stops. call0 ABI.
 *
 * Registers of boot_image_load: a12 = place in the image, a13 = segments left, a14 = checksum word,
 * a15 = 0 while checking, 1 while loading; return address and entry on the stack. 1 MiB at most.
 */
#include "regs.h"

#define IMAGE_BASE 0x3f700000
#define IMAGE_END 0x3f800000
#define MAX_SEGMENTS 16

  .text
  .globl boot_image_load
  .p2align 2
boot_image_load:
  addi a1, a1, -16
  s32i a0, a1, 0
  movi a15, 0
.Lpass:
  movi a12, IMAGE_BASE
  l8ui a2, a12, 0
  movi a3, 0xe9
  beq a2, a3, 1f
  movi a2, text_magic
  j boot_fail
1:
  l8ui a13, a12, 1
  addi a2, a13, -1
  movi a3, MAX_SEGMENTS
  bltu a2, a3, 1f
  movi a2, text_segments
  j boot_fail
1:
  l16ui a2, a12, 12
  beqz a2, 1f
  movi a2, text_chip
  j boot_fail
1:
  l32i a2, a12, 4
  s32i a2, a1, 4
  addi a12, a12, 24
  movi a14, 0
.Lsegment:
  l32i a8, a12, 0                   // load address
  l32i a9, a12, 4                   // length
  addi a12, a12, 8
  call0 check_segment               // a2 = 1: stays in flash
  bnez a15, .Lload
  beqz a9, .Lnext
  add a3, a12, a9
1:
  l32i a4, a12, 0
  xor a14, a14, a4
  addi a12, a12, 4
  bltu a12, a3, 1b
  j .Lnext
.Lload:
  beqz a9, .Lnext
  beqz a2, .Lcopy
  // Pages a8 .. a8 + a9 - 1 show the flash they lie in.
  movi a3, IMAGE_BASE - 0x10000
  sub a3, a12, a3
  extui a3, a3, 16, 16
  add a10, a8, a9
  addi a10, a10, -1
  extui a10, a10, 16, 16
  mov a11, a8
1:
  mov a2, a11
  call0 boot_map_page
  movi a2, 0x10000
  add a11, a11, a2
  addi a3, a3, 1
  extui a2, a11, 16, 16
  bgeu a10, a2, 1b
  add a12, a12, a9
  j .Lnext
.Lcopy:
  add a3, a12, a9
1:
  l32i a4, a12, 0
  s32i a4, a8, 0
  addi a12, a12, 4
  addi a8, a8, 4
  bltu a12, a3, 1b
.Lnext:
  addi a13, a13, -1
  bnez a13, .Lsegment
  bnez a15, .Lloaded
  call0 check_checksum
  movi a15, 1
  j .Lpass
.Lloaded:
  memw
  call0 boot_cache_finish
  isync
  l32i a2, a1, 4
  l32i a0, a1, 0
  addi a1, a1, 16
  ret

/* a8 = address, a9 = length, a12 = place of the data: stops unless the segment is whole words inside the image and
   lies in one row of `regions`. a2 = 1 when it stays in flash. Changes a3..a6. */
  .p2align 2
check_segment:
  or a3, a8, a9
  extui a3, a3, 0, 2
  bnez a3, .Lbad_length
  movi a3, IMAGE_END
  sub a3, a3, a12
  bltu a3, a9, .Lbad_length
  movi a3, regions
  add a4, a8, a9
1:
  l32i a5, a3, 0
  beqz a5, .Lbad_address
  l32i a6, a3, 4
  bltu a8, a5, 2f
  bltu a6, a4, 2f
  bltu a4, a8, .Lbad_address
  l32i a2, a3, 8
  beqz a2, 3f
  // A mapped page shows flash at the same offset in 64 KiB.
  xor a5, a8, a12
  extui a5, a5, 0, 16
  bnez a5, .Lbad_page
3:
  ret
2:
  addi a3, a3, 12
  j 1b
.Lbad_length:
  movi a2, text_length
  j boot_fail
.Lbad_address:
  movi a2, text_address
  j boot_fail
.Lbad_page:
  movi a2, text_page
  j boot_fail

/* a12 = end of the data, a14 = XOR of its words. Changes a2..a4. */
  .p2align 2
check_checksum:
  extui a2, a14, 16, 16
  xor a14, a14, a2
  srli a2, a14, 8
  xor a14, a14, a2
  extui a14, a14, 0, 8
  movi a2, 0xef
  xor a14, a14, a2
  movi a2, 15
  or a2, a12, a2
  l8ui a3, a2, 0
  bne a3, a14, 1f
  ret
1:
  movi a2, text_checksum
  j boot_fail

  .section .rodata,"a",@progbits
  .p2align 2
regions:                            // first address, end, 1: mapped flash
  .long 0x40080000, 0x4009e000, 0
  .long 0x3ffb0000, 0x3ffe0000, 0
  .long 0x3ffe8000, 0x3fffb000, 0
  .long 0x50000000, 0x50002000, 0
  .long 0x3f400000, 0x3f700000, 1
  .long 0x400d0000, 0x40400000, 1
  .long 0
text_magic:
  .asciz "no image (the first byte is not 0xe9); flash kernel.bin to 0x10000\r\n"
text_segments:
  .asciz "bad segment count (1 to 16 expected)\r\n"
text_chip:
  .asciz "made for another chip (chip id 0 expected)\r\n"
text_length:
  .asciz "segment is not whole words inside 1 MiB\r\n"
text_address:
  .asciz "segment outside IRAM, DRAM and the flash windows\r\n"
text_page:
  .asciz "mapped segment at another offset in 64 KiB than in flash\r\n"
text_checksum:
  .asciz "checksum differs, the image is damaged\r\n"
