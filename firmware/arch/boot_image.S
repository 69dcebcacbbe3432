/*
 * Verifies the kernel image at flash 0x10000 and loads it: the ESP image format (magic 0xE9, 24-byte header,
 * segments of address, length, data; XOR checksum of the data with 0xEF at the end of a 16-byte block; SHA-256 of all
 * before it when the header says so). Two passes over the segments: the first checks every one, the second copies or
 * maps, so that a bad image writes nothing but, for pages that contradict each other, its own segments. A bad image
 * prints one line with the place, what is there and what is expected, and stops. call0 ABI.
 *
 * Registers of boot_image_load: a12 = place in the image, a13 = segments left, a14 = checksum word,
 * a15 = 0 while checking, 1 while loading; on the stack: return address, entry, 1 once the entry lies in code.
 */
#include "regs.h"

#define IMAGE_BASE 0x3f700000       /* flash 0x10000 */
#define IMAGE_END 0x3f800000
#define MAX_SEGMENTS 16
#define HEADER_SIZE 24
#define HASH_SIZE 32

  .text
  .globl boot_image_load
  .p2align 2
/* a2 = entry address. Changes all registers but a1. */
boot_image_load:
  addi a1, a1, -16
  s32i a0, a1, 0
  movi a2, 0
  s32i a2, a1, 8
  movi a15, 0
.Lpass:
  movi a12, IMAGE_BASE
  l8ui a3, a12, 0
  movi a2, 0xe9
  beq a2, a3, 1f
  movi a2, text_magic
  j image_fail
1:
  l8ui a13, a12, 1
  addi a2, a13, -1
  movi a3, MAX_SEGMENTS
  bltu a2, a3, 1f
  addi a12, a12, 1
  mov a3, a13
  movi a2, text_segments
  j image_fail
1:
  l16ui a3, a12, 12
  beqz a3, 1f
  addi a12, a12, 12
  movi a2, text_chip
  j image_fail
1:
  l8ui a3, a12, 23
  bltui a3, 2, 1f
  addi a12, a12, 23
  movi a2, text_hash_flag
  j image_fail
1:
  l32i a2, a12, 4
  s32i a2, a1, 4
  addi a12, a12, HEADER_SIZE
  movi a14, 0
.Lsegment:
  movi a2, IMAGE_END - 8
  bgeu a2, a12, 1f
  mov a3, a13
  movi a2, text_end
  j image_fail
1:
  l32i a8, a12, 0                   // load address
  l32i a9, a12, 4                   // length
  addi a12, a12, 8
  call0 check_segment               // a2 = 0: copied, 1: stays in flash, 2: padding
  bnez a15, .Lload
  call0 check_entry
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
  bnei a2, 1, 2f
  // Pages a8 .. a8 + a9 - 1 show the flash they lie in.
  movi a4, IMAGE_BASE - 0x10000
  sub a4, a12, a4
  extui a4, a4, 16, 16
  mov a2, a8
  add a3, a8, a9
  addi a3, a3, -1
  call0 boot_map
  beqz a2, 2f
  addi a12, a12, -8
  l32i a3, a12, 0
  movi a2, text_conflict
  j image_fail
2:
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
  call0 check_sums
  l32i a2, a1, 8
  bnez a2, 1f
  movi a12, IMAGE_BASE + 4
  l32i a3, a1, 4
  movi a2, text_entry
  j image_fail
1:
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
   lies in one row of `regions`, or is padding (address 0). a2 = 0 copied, 1 in flash, 2 padding. Changes a3..a6. */
  .p2align 2
check_segment:
  extui a2, a9, 0, 2
  bnez a2, .Lbad_length
  movi a2, IMAGE_END
  sub a2, a2, a12
  bltu a2, a9, .Lbad_length
  movi a2, 2
  beqz a8, 3f
  extui a2, a8, 0, 2
  bnez a2, .Lbad_alignment
  movi a3, regions
  add a4, a8, a9
  bltu a4, a8, .Lbad_address
1:
  l32i a5, a3, 0
  beqz a5, .Lbad_address
  l32i a6, a3, 4
  bltu a8, a5, 2f
  bltu a6, a4, 2f
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
  addi a12, a12, -4
  mov a3, a9
  movi a2, text_length
  j image_fail
.Lbad_alignment:
  movi a2, text_alignment
  j .Lbad
.Lbad_address:
  movi a2, text_address
  j .Lbad
.Lbad_page:
  movi a2, text_page
.Lbad:
  addi a12, a12, -8
  mov a3, a8
  j image_fail

/* Notes an entry inside this segment (a8, a9) when it is code: addresses 0x4....... Changes a3, a4. */
  .p2align 2
check_entry:
  extui a3, a8, 28, 4
  bnei a3, 4, 1f
  l32i a3, a1, 4
  sub a3, a3, a8
  bgeu a3, a9, 1f
  movi a4, 1
  s32i a4, a1, 8
1:
  ret

/* a12 = end of the data, a14 = XOR of its words: stops unless the checksum and, when there is one, the hash are the
   data's. Changes a0, a2..a12, a14. */
  .p2align 2
check_sums:
  s32i a0, a1, 12
  movi a2, 15
  or a12, a12, a2
  movi a2, IMAGE_END
  bgeu a12, a2, .Lbad_end
  extui a2, a14, 16, 16
  xor a14, a14, a2
  srli a2, a14, 8
  xor a14, a14, a2
  extui a14, a14, 0, 8
  movi a2, 0xef
  xor a14, a14, a2
  l8ui a3, a12, 0
  beq a3, a14, 1f
  mov a3, a14
  movi a2, text_checksum
  j image_fail
1:
  movi a2, IMAGE_BASE
  l8ui a4, a2, 23
  beqz a4, 2f
  addi a12, a12, 1
  sub a3, a12, a2
  movi a4, IMAGE_END - HASH_SIZE
  bltu a4, a12, .Lbad_end
  call0 boot_sha256_is
  bnez a2, 2f
  movi a2, text_hash
  j image_fail
2:
  l32i a0, a1, 12
  ret
.Lbad_end:
  movi a3, 0
  movi a2, text_end
  j image_fail

/* Prints where a12 is in the image, the text at a2, the number a3 and the text behind the first one; stops. */
  .p2align 2
image_fail:
  mov a14, a2
  mov a15, a3
  movi a2, text_place
  call0 boot_puts
  movi a2, IMAGE_BASE
  sub a2, a12, a2
  call0 boot_put_hex
  movi a2, text_colon
  call0 boot_puts
  mov a2, a14
  call0 boot_puts
  mov a14, a2
  mov a2, a15
  call0 boot_put_hex
  addi a2, a14, 1
  j boot_stop

  .macro text name, before, after
\name:
  .asciz "\before"
  .asciz "\after\r\n"
  .endm

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
text_place:
  .asciz "Bootloader: kernel image at 0x10000, offset "
text_colon:
  .asciz ": "
  text text_magic, "first byte ", ", 0xe9 expected (no image); flash one there"
  text text_segments, "segment count ", ", 0x1 to 0x10 expected"
  text text_chip, "chip id ", ", 0x0 (ESP32) expected"
  text text_hash_flag, "hash flag ", ", 0x0 or 0x1 expected"
  text text_end, "the 1 MiB that is read ends here with segments to come: ", ", 0x0 and the checksums before it expected"
  text text_length, "segment length ", ", whole words that end within 1 MiB expected"
  text text_alignment, "segment address ", ", a multiple of 4 expected"
  text text_address, "segment address ", ", all of it in IRAM, DRAM, RTC memory or a flash window and not on the bootloader expected"
  text text_page, "mapped segment at ", ", the same offset in 64 KiB as in flash expected"
  text text_conflict, "mapped segment at ", ", pages that no other segment maps to other flash expected"
  text text_entry, "entry ", ", an address in a segment of code expected"
  text text_checksum, "checksum is not that of the data, ", " expected; the image is damaged"
  text text_hash, "SHA-256 is not that of the data, first word ", " expected; the image is damaged"
