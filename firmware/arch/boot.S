/*
 * Second-stage bootloader. The boot ROM loads it from flash 0x1000 and jumps to boot_start on PRO_CPU;
 * APP_CPU comes out of its ROM at boot_app_start. No ROM function and no ESP-IDF code is used.
 *
 * Order: stack, watchdogs off, UART0 drained, CPU 240 MHz, UART0 115200 8N1, caches and MMUs, kernel image
 * verified and loaded, APP_CPU started, rust_kernel_entry(core, cores) of the image called on both cores.
 *
 * Calls here follow the call0 ABI: a0 return, a1 stack, a2.. arguments, a12..a15 kept. Window exceptions are
 * off (PS.WOE 0), all interrupts masked. Nothing returns to the ROM, so no register is saved.
 */
#include "regs.h"

  .text
  .globl boot_start
  .p2align 2
boot_start:
  movi a0, 0x0f                     // INTLEVEL 15, WOE 0, EXCM 0
  wsr.ps a0
  rsync
  movi a0, 0
  wsr.intenable a0
  wsr.windowbase a0
  rsync
  movi a0, 1
  wsr.windowstart a0
  rsync
  movi a1, esp_cpu0_stack
  call0 boot_watchdogs_off
  call0 boot_uart_drain
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

/* Where APP_CPU's ROM jumps to. */
  .globl boot_app_start
  .p2align 2
boot_app_start:
  movi a0, 0x0f
  wsr.ps a0
  rsync
  movi a0, 0
  wsr.intenable a0
  wsr.windowbase a0
  rsync
  movi a0, 1
  wsr.windowstart a0
  rsync
  movi a1, esp_cpu1_stack
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

/* Starts APP_CPU; a2 = cores that run. Clock gate on, reset pulse, boot address; 50 ms to answer. */
  .p2align 2
boot_app_cpu:
  mov a12, a0
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
  movi a2, DPORT_APPCPU_CTRL_D
  movi a3, boot_app_start
  s32i a3, a2, 0
  movi a2, DPORT_APPCPU_CTRL_B
  movi a3, 1
  s32i a3, a2, 0
  movi a2, DPORT_APPCPU_CTRL_C
  movi a3, 0
  s32i a3, a2, 0
  movi a2, DPORT_APPCPU_CTRL_A
  movi a3, 1
  s32i a3, a2, 0
  memw
  movi a3, 0
  s32i a3, a2, 0
  memw
  rsr.ccount a4
  movi a5, 240 * 50000
  movi a6, app_alive
1:
  memw
  l32i a2, a6, 0
  bnez a2, 2f
  rsr.ccount a3
  sub a3, a3, a4
  bltu a3, a5, 1b
  movi a2, text_no_app
  call0 boot_puts
  movi a2, 1
  mov a0, a12
  ret
2:
  movi a2, 2
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

/* Prints the line at a2 and stops this core for good. */
  .globl boot_fail
  .p2align 2
boot_fail:
  mov a12, a2
  movi a2, text_fail
  call0 boot_puts
  mov a2, a12
  call0 boot_puts
1:
  waiti 15
  j 1b

  .section .rodata,"a",@progbits
text_ready:
  .asciz "Bootloader ready\r\n"
text_no_app:
  .asciz "Bootloader: APP_CPU does not answer, one core runs\r\n"
text_fail:
  .asciz "Bootloader: kernel image at 0x10000: "

  .bss
  .p2align 2
kernel_entry:
  .space 4
app_alive:
  .space 4
