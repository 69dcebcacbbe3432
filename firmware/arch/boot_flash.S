/*
 * The flash controller's read command, the caches and the MMU tables of both cores. call0 ABI.
 *
 * Memory map after boot_cache_init (one MMU entry is a page of 64 KiB):
 *   DROM0 0x3F400000.. and IRAM0 0x400D0000..  as the kernel image's mapped segments ask, same for both cores
 *   0x3F700000..0x3F7FFFFF                      PRO_CPU only: flash 0x10000.., to read the image while it is loaded
 *   all else                                    invalid
 * SRAM0 0x40070000..0x4007FFFF is the cache memory and belongs to no image.
 */
#include "regs.h"

#define MMU_INVALID 0x100
#define MMU_ENTRIES 256
#define READ_ENTRY 48
#define READ_PAGES 16

  .text
/* SPI0 reads by DIO (0xBB: address and data on two lines) at 40 MHz; both MMUs emptied, both caches on.
   Changes a0, a2..a7, a13. */
  .globl boot_cache_init
  .p2align 2
boot_cache_init:
  mov a13, a0
  // PRO_CPU's cache off, once it is idle (CACHE_STATE 1) it may be changed.
  movi a2, DPORT_PRO_CACHE_CTRL
  l32i a3, a2, 0
  movi a4, ~8
  and a3, a3, a4
  s32i a3, a2, 0
  memw
  movi a2, SPI0_CTRL
  l32i a3, a2, 0
  movi a4, ~0x01906000              // FREAD_QIO, DIO, QUAD, DUAL, FASTRD_MODE
  and a3, a3, a4
  movi a4, 0x00802000               // FREAD_DIO, FASTRD_MODE
  or a3, a3, a4
  s32i a3, a2, 0
  movi a2, SPI0_USER
  l32i a3, a2, 0
  movi a4, ~0x08000000              // USR_MOSI
  and a3, a3, a4
  movi a4, 0xf0000000               // USR_COMMAND, ADDR, DUMMY, MISO
  or a3, a3, a4
  s32i a3, a2, 0
  movi a2, SPI0_USER1
  movi a3, 0x6c000001               // 28 address bits (14 clocks), 2 dummy clocks: 0xBB has 16
  s32i a3, a2, 0
  movi a2, SPI0_USER2
  movi a3, 0x700000bb               // 8 command bits
  s32i a3, a2, 0
  movi a2, SPI0_CLOCK
  movi a3, 0x00001001               // APB / 2
  s32i a3, a2, 0
  memw
  movi a2, DPORT_PRO_FLASH_MMU_TABLE
  call0 mmu_clear
  movi a2, DPORT_APP_FLASH_MMU_TABLE
  call0 mmu_clear
  // The image: 16 pages from flash 0x10000.
  movi a2, DPORT_PRO_FLASH_MMU_TABLE + READ_ENTRY * 4
  movi a3, 1
  movi a4, READ_PAGES + 1
1:
  s32i a3, a2, 0
  addi a2, a2, 4
  addi a3, a3, 1
  bne a3, a4, 1b
  memw
  movi a2, DPORT_PRO_CACHE_CTRL
  movi a3, DPORT_PRO_CACHE_CTRL1
  call0 cache_enable
  movi a2, DPORT_APP_CACHE_CTRL
  movi a3, DPORT_APP_CACHE_CTRL1
  call0 cache_enable
  mov a0, a13
  ret

/* Takes the image's reading window away again and empties the cache. Changes a0, a2..a5, a13. */
  .globl boot_cache_finish
  .p2align 2
boot_cache_finish:
  mov a13, a0
  movi a2, DPORT_PRO_FLASH_MMU_TABLE + READ_ENTRY * 4
  movi a3, MMU_INVALID
  movi a4, READ_PAGES
1:
  s32i a3, a2, 0
  addi a2, a2, 4
  addi a4, a4, -1
  bnez a4, 1b
  memw
  movi a2, DPORT_PRO_CACHE_CTRL
  call0 cache_flush
  mov a0, a13
  ret

/* Maps the page of address a2 to flash page a3 for both cores. Changes a2, a4..a6. */
  .globl boot_map_page
  .p2align 2
boot_map_page:
  extui a4, a2, 16, 6
  movi a5, 0x40000000
  bltu a2, a5, 1f
  addi a4, a4, 64                   // IRAM0's entries follow DROM0's
1:
  slli a4, a4, 2
  movi a5, DPORT_PRO_FLASH_MMU_TABLE
  add a5, a5, a4
  s32i a3, a5, 0
  movi a5, DPORT_APP_FLASH_MMU_TABLE
  add a5, a5, a4
  s32i a3, a5, 0
  memw
  ret

/* Makes all entries of the table at a2 invalid. */
  .p2align 2
mmu_clear:
  movi a3, MMU_INVALID
  movi a4, MMU_ENTRIES
1:
  s32i a3, a2, 0
  addi a2, a2, 4
  addi a4, a4, -1
  bnez a4, 1b
  memw
  ret

/* a2 = CACHE_CTRL, a3 = CACHE_CTRL1 of a core: DROM0 and IRAM0 unmasked, MMU errors cleared, flushed, on. */
  .p2align 2
cache_enable:
  mov a6, a0
  l32i a4, a3, 0
  movi a5, 0x2000                   // CACHE_MMU_IA_CLR
  or a4, a4, a5
  s32i a4, a3, 0
  memw
  movi a5, ~0x2011                  // IA_CLR, MASK_DROM0, MASK_IRAM0
  and a4, a4, a5
  s32i a4, a3, 0
  call0 cache_flush
  l32i a4, a2, 0
  movi a5, 8                        // CACHE_ENABLE
  or a4, a4, a5
  s32i a4, a2, 0
  memw
  mov a0, a6
  ret

/* a2 = CACHE_CTRL of a core: FLUSH_ENA raised until FLUSH_DONE. Changes a4, a5. */
  .p2align 2
cache_flush:
  l32i a4, a2, 0
  movi a5, ~0x10
  and a4, a4, a5
  s32i a4, a2, 0
  movi a5, 0x10
  or a4, a4, a5
  s32i a4, a2, 0
1:
  memw
  l32i a4, a2, 0
  bbci a4, 5, 1b
  movi a5, ~0x10
  and a4, a4, a5
  s32i a4, a2, 0
  memw
  ret
