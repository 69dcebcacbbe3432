/*
 * Second-stage bootloader. The boot ROM loads it from flash 0x1000 and jumps to boot_start on PRO_CPU;
 * APP_CPU comes out of its ROM at boot_app_start. No ROM function and no ESP-IDF code is used.
 *
 * Order: stack, watchdogs off, UART0 drained, flash supply, CPU 240 MHz, UART0 115200 8N1, flash controller, caches
 * and MMUs, kernel image verified and loaded, APP_CPU started, rust_kernel_entry(core, cores) called on both cores.
 *
 * Calls here follow the call0 ABI: a0 return, a1 stack, a2.. arguments, a12..a15 kept. Window exceptions are
 * off (PS.WOE 0), all interrupts masked. Nothing returns to the ROM, so no register is saved.
 */
#include "regs.h"

#define DISABLE_APP_CPU_BIT 0
#define CHIP_CPU_FREQ_LOW_BIT 12
#define CHIP_CPU_FREQ_RATED_BIT 13

/* What a core has from its ROM that must not stay. MEMCTL 0: the loop buffer off, with which loops of the LX6 can raise
   illegal instructions (erratum 572 in the Xtensa configuration of ESP-IDF); the ROM turns it on. */
  .macro core_begin stack
  movi a0, 0x0f                     // INTLEVEL 15, WOE 0, EXCM 0
  wsr.ps a0
  rsync
  movi a0, 0
  wsr.intenable a0
  wsr.memctl a0
  wsr.windowbase a0
  rsync
  movi a0, 1
  wsr.windowstart a0
  rsync
  isync
  movi a1, \stack
  .endm

  .text
  .globl boot_start
  .p2align 2
boot_start:
  core_begin esp_cpu0_stack
  call0 boot_watchdogs_off
  call0 boot_uart_drain
  call0 boot_check_rating
  call0 boot_flash_supply
  call0 boot_clock_240
  call0 boot_uart_init
  movi a2, text_ready
  call0 boot_puts
  call0 boot_cache_init
  call0 boot_image_load
  movi a3, kernel_entry
  s32i a2, a3, 0
  call0 boot_app_cpu
  mov a11, a2                       // cores that run
  movi a10, 0
  j enter_kernel

/* Where APP_CPU's ROM jumps to. Its boot address goes back to 0: after a reset of this core alone the ROM waits. */
  .globl boot_app_start
  .p2align 2
boot_app_start:
  core_begin esp_cpu1_stack
  movi a2, DPORT_APPCPU_CTRL_D
  movi a3, 0
  s32i a3, a2, 0
  movi a2, app_alive
  movi a3, 1
  s32i a3, a2, 0
  memw
  movi a10, 1
  movi a11, 2

/* a10 = core, a11 = cores. The first frame: a callee's overflow finds this stack pointer at a1 - 12. */
enter_kernel:
  addi a2, a1, -48
  s32i a1, a2, 36
  mov a1, a2
  movi a0, 0
  movi a2, 0x0004002f               // WOE, UM, INTLEVEL 15
  wsr.ps a2
  rsync
  movi a2, kernel_entry
  l32i a2, a2, 0
  callx8 a2
1:
  waiti 15
  j 1b

/* Stops with a line, at the clock of reset, on a chip whose fuses rate it at 160 MHz. Changes a0, a2..a6, a12, a13. */
  .p2align 2
boot_check_rating:
  mov a12, a0
  movi a2, EFUSE_BLK0_RDATA3
  l32i a2, a2, 0
  bbci a2, CHIP_CPU_FREQ_RATED_BIT, 1f
  bbci a2, CHIP_CPU_FREQ_LOW_BIT, 1f
  call0 boot_uart_init
  movi a2, text_rating
  j boot_stop
1:
  mov a0, a12
  ret

/* a2 = 1 when the fuses leave the chip its second core, else 0. */
  .globl boot_has_app_cpu
  .p2align 2
boot_has_app_cpu:
  movi a2, EFUSE_BLK0_RDATA3
  l32i a2, a2, 0
  extui a2, a2, DISABLE_APP_CPU_BIT, 1
  movi a3, 1
  xor a2, a2, a3
  ret

/* Starts APP_CPU; a2 = cores that run. Stall taken off, clock on, reset pulse, then the address that its ROM polls for,
   as ESP-IDF's start_other_core; 50 ms to answer, else it is held in reset. Changes a0, a2..a6, a12. */
  .p2align 2
boot_app_cpu:
  mov a12, a0
  call0 boot_has_app_cpu
  beqz a2, 3f
  movi a2, app_alive
  movi a3, 0
  s32i a3, a2, 0
  movi a2, RTC_CNTL_OPTIONS0        // SW_STALL_APPCPU_C0
  l32i a3, a2, 0
  movi a4, ~3
  and a3, a3, a4
  s32i a3, a2, 0
  movi a2, RTC_CNTL_SW_CPU_STALL    // SW_STALL_APPCPU_C1, bits 20..25
  l32i a3, a2, 0
  movi a4, ~0x03f00000
  and a3, a3, a4
  s32i a3, a2, 0
  movi a2, DPORT_APPCPU_CTRL_B      // APPCPU_CLKGATE_EN
  movi a3, 1
  s32i a3, a2, 0
  movi a2, DPORT_APPCPU_CTRL_C      // APPCPU_RUNSTALL
  movi a3, 0
  s32i a3, a2, 0
  movi a2, DPORT_APPCPU_CTRL_A      // APPCPU_RESETTING
  movi a3, 1
  s32i a3, a2, 0
  memw
  movi a3, 0
  s32i a3, a2, 0
  movi a2, DPORT_APPCPU_CTRL_D
  movi a3, boot_app_start
  s32i a3, a2, 0
  memw
  rsr.ccount a4
  movi a5, 240 * 50000
  movi a6, app_alive
1:
  memw                              // from here on this core reads RAM only: the other one reads DPORT
  l32i a2, a6, 0
  bnez a2, 2f
  rsr.ccount a3
  sub a3, a3, a4
  bltu a3, a5, 1b
  movi a2, DPORT_APPCPU_CTRL_A
  movi a3, 1
  s32i a3, a2, 0
  memw
  movi a2, text_no_app
  call0 boot_puts
  movi a2, 1
  mov a0, a12
  ret
2:
  movi a2, 2
  mov a0, a12
  ret
3:
  movi a2, text_one_core
  call0 boot_puts
  movi a2, 1
  mov a0, a12
  ret

/* Flash-boot watchdogs of TIMG0 and RTC, and TIMG1's: unlocked, disabled, locked again. */
  .p2align 2
boot_watchdogs_off:
  movi a2, WDT_UNLOCK_KEY
  movi a4, 0
  movi a3, TIMG0_WDTWPROTECT
  s32i a2, a3, 0
  movi a5, TIMG0_WDTCONFIG0
  s32i a4, a5, 0
  s32i a4, a3, 0
  movi a3, TIMG1_WDTWPROTECT
  s32i a2, a3, 0
  movi a5, TIMG1_WDTCONFIG0
  s32i a4, a5, 0
  s32i a4, a3, 0
  movi a3, RTC_CNTL_WDTWPROTECT
  s32i a2, a3, 0
  movi a5, RTC_CNTL_WDTCONFIG0
  s32i a4, a5, 0
  s32i a4, a3, 0
  memw
  ret

/* Prints the text at a2 and stops this core for good; APP_CPU has not been started then. */
  .globl boot_stop
  .p2align 2
boot_stop:
  call0 boot_puts
1:
  waiti 15
  j 1b

  .section .rodata,"a",@progbits
text_ready:
  .asciz "Bootloader ready\r\n"
text_rating:
  .asciz "Bootloader: this chip is rated for 160 MHz by its fuses, 240 MHz expected; stopped\r\n"
text_one_core:
  .asciz "Bootloader: APP_CPU is disabled by fuse, one core runs\r\n"
text_no_app:
  .asciz "Bootloader: APP_CPU does not answer, one core runs\r\n"

  .bss
  .p2align 2
kernel_entry:
  .space 4
app_alive:
  .space 4
