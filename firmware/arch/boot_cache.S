/*
 * The flash caches and the MMU tables of both cores. call0 ABI. APP_CPU is in reset meanwhile, so that reading DPORT
 * is safe. A table is only written while its core's cache is off, and a cache is emptied before it goes on again.
 *
 * Memory map after boot_cache_init (one MMU entry is a page of 64 KiB):
 *   DROM0 0x3F400000.. and IRAM0 0x400D0000..  as the kernel image's mapped segments ask, same for both cores
 *   0x3F700000..0x3F7FFFFF                      PRO_CPU only: flash 0x10000.., to read the image while it is loaded
 *   all else                                    invalid
 * SRAM0 0x40070000..0x4007FFFF is the cache memory and belongs to no image.
 *
 * The steps are those of the mask ROM's Cache_Read_Disable, Cache_Flush and Cache_Read_Enable as ESP-IDF's bootloader
 * calls them (bootloader_reset_mmu, set_cache_and_start_app), with cache_ll.h's wait for CACHE_STATE.
 */
#include "regs.h"

#define MMU_INVALID 0x100
#define MMU_ENTRIES 256             /* PID 0 and 1, as the kernel runs; the ROM leaves the others at 0 */
#define READ_ENTRY 48
#define READ_PAGES 16

#define CACHE_ENABLE 0x08           /* CACHE_CTRL */
#define CACHE_FLUSH_ENA 0x10
#define CACHE_FLUSH_DONE_BIT 5
#define CACHE_MASKS 0x11            /* CACHE_CTRL1: MASK_DROM0, MASK_IRAM0 */
#define CACHE_MMU_IA_CLR 0x2000
#define CACHE_STATE_BIT 7           /* DCACHE_DBUG0, 12 bits */
#define CACHE_STATE_IDLE 1
#define CACHE_REQ_EN 1              /* SPI_CACHE_FCTRL */

  .text
/* Both caches off, SPI0 at its final timing, both MMUs emptied, PRO_CPU's cache on with the image in its window.
   Changes a0, a2..a11, a13, a14. */
  .globl boot_cache_init
  .p2align 2
boot_cache_init:
  mov a13, a0
  call0 boot_has_app_cpu
  mov a14, a2
  call0 pro_cache_off
  beqz a14, 1f
  movi a2, DPORT_APP_CACHE_CTRL
  call0 cache_disable
  movi a2, DPORT_APP_CACHE_CTRL
  call0 cache_flush
1:
  call0 boot_flash_init
  movi a2, DPORT_PRO_FLASH_MMU_TABLE
  call0 mmu_clear
  beqz a14, 2f
  // Around this table's emptying CACHE_MMU_IA_CLR is high: ESP-IDF's way past a bug of the silicon, without details.
  movi a6, DPORT_APP_CACHE_CTRL1
  l32i a7, a6, 0
  movi a8, CACHE_MMU_IA_CLR
  or a7, a7, a8
  s32i a7, a6, 0
  movi a2, DPORT_APP_FLASH_MMU_TABLE
  call0 mmu_clear
  xor a7, a7, a8
  movi a8, ~CACHE_MASKS
  and a7, a7, a8
  s32i a7, a6, 0
2:
  // The image: 16 pages from flash 0x10000.
  movi a2, DPORT_PRO_FLASH_MMU_TABLE + READ_ENTRY * 4
  movi a3, 1
  movi a4, READ_PAGES + 1
3:
  s32i a3, a2, 0
  addi a2, a2, 4
  addi a3, a3, 1
  bne a3, a4, 3b
  movi a6, DPORT_PRO_CACHE_CTRL1
  l32i a7, a6, 0
  movi a8, ~CACHE_MASKS
  and a7, a7, a8
  s32i a7, a6, 0
  movi a2, DPORT_PRO_CACHE_CTRL
  call0 cache_enable
  mov a0, a13
  ret

/* Takes the image's reading window away again; both caches empty and on. Changes a0, a2..a5, a13. */
  .globl boot_cache_finish
  .p2align 2
boot_cache_finish:
  mov a13, a0
  call0 pro_cache_off
  movi a2, DPORT_PRO_FLASH_MMU_TABLE + READ_ENTRY * 4
  movi a4, READ_PAGES
  call0 mmu_invalidate
  movi a2, DPORT_PRO_CACHE_CTRL
  call0 cache_enable
  call0 boot_has_app_cpu
  beqz a2, 1f
  movi a2, DPORT_APP_CACHE_CTRL
  call0 cache_flush
  movi a2, DPORT_APP_CACHE_CTRL
  call0 cache_enable
1:
  mov a0, a13
  ret

/* Maps the pages from address a2 to that of a3 (its last byte) to flash pages from a4 on, for both cores. a2 = 1 when a
   page shows other flash already, else 0. Changes a0, a2..a8, a10, a11. */
  .globl boot_map
  .p2align 2
boot_map:
  mov a10, a0
  mov a6, a2
  mov a7, a3
  mov a8, a4
  call0 pro_cache_off
  extui a6, a6, 16, 16
  extui a7, a7, 16, 16
1:
  extui a2, a6, 0, 6
  bbci a6, 14, 2f                   // address bit 30: IRAM0, whose entries follow DROM0's
  addi a2, a2, 64
2:
  movi a3, DPORT_PRO_FLASH_MMU_TABLE
  addx4 a3, a2, a3
  l32i a4, a3, 0
  beq a4, a8, 3f
  movi a5, MMU_INVALID
  bne a4, a5, 4f
3:
  s32i a8, a3, 0
  movi a3, DPORT_APP_FLASH_MMU_TABLE
  addx4 a3, a2, a3
  s32i a8, a3, 0
  addi a6, a6, 1
  addi a8, a8, 1
  bgeu a7, a6, 1b
  movi a2, DPORT_PRO_CACHE_CTRL
  call0 cache_enable
  movi a2, 0
  mov a0, a10
  ret
4:
  movi a2, DPORT_PRO_CACHE_CTRL
  call0 cache_enable
  movi a2, 1
  mov a0, a10
  ret

/* Make all entries of the table at a2 invalid, or a4 entries. Change a2..a4. */
  .p2align 2
mmu_clear:
  movi a4, MMU_ENTRIES
  j mmu_invalidate
  .p2align 2
mmu_invalidate:
  movi a3, MMU_INVALID
1:
  s32i a3, a2, 0
  addi a2, a2, 4
  addi a4, a4, -1
  bnez a4, 1b
  memw
  ret

/* PRO_CPU's cache, once idle, off and emptied; SPI0 takes no more requests when APP_CPU's is off too.
   Changes a2..a5, a11. */
  .p2align 2
pro_cache_off:
  mov a11, a0
  movi a2, DPORT_PRO_CACHE_CTRL
  l32i a4, a2, 0
  bbci a4, 3, 2f                    // CACHE_ENABLE
  movi a3, DPORT_PRO_DCACHE_DBUG0
1:
  memw
  l32i a4, a3, 0
  extui a4, a4, CACHE_STATE_BIT, 12
  bnei a4, CACHE_STATE_IDLE, 1b
2:
  call0 cache_disable
  movi a3, DPORT_APP_CACHE_CTRL
  l32i a4, a3, 0
  bbsi a4, 3, 4f
  movi a3, SPI0_EXT2
3:
  memw
  l32i a4, a3, 0
  bnez a4, 3b                       // 0: idle
  movi a3, SPI0_CACHE_FCTRL
  l32i a4, a3, 0
  movi a5, ~CACHE_REQ_EN
  and a4, a4, a5
  s32i a4, a3, 0
4:
  memw
  mov a0, a11
  j cache_flush

/* a2 = CACHE_CTRL of a core. Changes a4, a5. */
  .p2align 2
cache_disable:
  l32i a4, a2, 0
  movi a5, ~CACHE_ENABLE
  and a4, a4, a5
  s32i a4, a2, 0
  memw
  ret

/* a2 = CACHE_CTRL of a core: SPI0 takes requests, then CACHE_ENABLE. Changes a3..a5. */
  .p2align 2
cache_enable:
  movi a3, SPI0_CACHE_FCTRL
  l32i a4, a3, 0
  movi a5, CACHE_REQ_EN
  or a4, a4, a5
  s32i a4, a3, 0
  l32i a4, a2, 0
  movi a5, CACHE_ENABLE
  or a4, a4, a5
  s32i a4, a2, 0
  memw
  ret

/* a2 = CACHE_CTRL of a core: FLUSH_ENA raised until FLUSH_DONE. Changes a4, a5. */
  .p2align 2
cache_flush:
  l32i a4, a2, 0
  movi a5, ~CACHE_FLUSH_ENA
  and a4, a4, a5
  s32i a4, a2, 0
  movi a5, CACHE_FLUSH_ENA
  or a4, a4, a5
  s32i a4, a2, 0
1:
  memw
  l32i a4, a2, 0
  bbci a4, CACHE_FLUSH_DONE_BIT, 1b
  movi a5, ~CACHE_FLUSH_ENA
  and a4, a4, a5
  s32i a4, a2, 0
  memw
  ret
