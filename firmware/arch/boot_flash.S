/*
 * SPI0, the cache's flash controller, at APB 80 MHz: what ESP-IDF's bootloader makes of the ROM's set-up
 * (bootloader_flash_config_esp32.c). Read command, lines and clock divider stay as the ROM has set them by the
 * bootloader's image header (QIO, QOUT, DIO, DOUT; 80, 40, 26, 20 MHz). call0 ABI; the cache is off.
 *
 * Pads: the data lines and CS go through the GPIO matrix, CLK does not. The matrix delays what comes in by some 25 ns
 * (ESP-IDF, SPI master driver, "Timing Considerations"): one clock at 40 MHz, two at 80 MHz, which as many dummy clocks
 * make up for. Pads that fuses chose are on the matrix already.
 */
#include "regs.h"

#define FREAD_QIO_BIT 24            /* SPI_CTRL */
#define FREAD_DIO_BIT 23
#define FREAD_QUAD_BIT 20
#define FREAD_DUAL_BIT 14
#define FASTRD_MODE_BIT 13
#define CLK_EQU_SYSCLK_BIT 31       /* SPI_CLOCK */
#define CLKCNT_N_BIT 12

#define SD_CLK 0x60                 /* IO_MUX: GPIO6, SPICLK */
#define SD_DATA0 0x64               /* GPIO7, SPIQ */
#define MCU_SEL_BIT 12
#define MCU_SEL_SPI 1
#define MCU_SEL_GPIO 2
#define FUN_DRV_BIT 10

  .text
/* Changes a0, a2..a11. */
  .globl boot_flash_init
  .p2align 2
boot_flash_init:
  // a8 = surplus dummy clocks, a9 = drive strength of CLK, by the divider.
  movi a2, SPI0_CLOCK
  l32i a3, a2, 0
  movi a8, 2
  movi a9, 3
  bbsi a3, CLK_EQU_SYSCLK_BIT, 1f
  movi a9, 2
  extui a3, a3, CLKCNT_N_BIT, 6
  movi a8, 1
  beqi a3, 1, 1f
  movi a8, 0
1:
  // a7 = dummy clocks - 1 of the mode, a6 = address bits - 1, in which DIO and QIO have their mode bits.
  movi a2, SPI0_CTRL
  l32i a3, a2, 0
  bbsi a3, FASTRD_MODE_BIT, 5f
  movi a2, text_slow                // 0x03 has no dummy clocks to add to
  j boot_stop
5:
  movi a7, 3
  movi a6, 31
  bbsi a3, FREAD_QIO_BIT, 2f
  movi a7, 1
  movi a6, 27
  bbsi a3, FREAD_DIO_BIT, 2f
  movi a7, 7
  movi a6, 23
2:
  add a7, a7, a8
  movi a2, SPI0_USER1
  l32i a3, a2, 0
  movi a4, 0x03ffff00
  and a3, a3, a4
  slli a6, a6, 26                   // USR_ADDR_BITLEN
  or a3, a3, a6
  or a3, a3, a7                     // USR_DUMMY_CYCLELEN
  s32i a3, a2, 0
  // CS one clock before and after.
  movi a2, SPI0_USER
  l32i a3, a2, 0
  movi a4, 0x30                     // CS_HOLD, CS_SETUP
  or a3, a3, a4
  s32i a3, a2, 0
  movi a2, SPI0_CTRL2
  l32i a3, a2, 0
  movi a4, ~0xff
  and a3, a3, a4
  movi a4, 0x10                     // HOLD_TIME 1, SETUP_TIME 0
  or a3, a3, a4
  s32i a3, a2, 0
  // CLK from IO_MUX.
  movi a10, IO_MUX_BASE
  l32i a3, a10, SD_CLK
  movi a4, ~((7 << MCU_SEL_BIT) | (3 << FUN_DRV_BIT))
  and a3, a3, a4
  slli a9, a9, FUN_DRV_BIT
  or a3, a3, a9
  movi a4, MCU_SEL_SPI << MCU_SEL_BIT
  or a3, a3, a4
  s32i a3, a10, SD_CLK
  l32i a3, a10, SD_DATA0
  extui a3, a3, MCU_SEL_BIT, 3
  bnei a3, MCU_SEL_SPI, 9f
  // The others through the matrix: first the signal, then the pad's function.
  movi a2, flash_pads
3:
  l8ui a3, a2, 0                    // offset in IO_MUX
  beqz a3, 9f
  l8ui a4, a2, 1                    // GPIO
  l8ui a5, a2, 2                    // signal
  movi a6, GPIO_FUNC0_OUT_SEL_CFG
  addx4 a6, a4, a6
  s32i a5, a6, 0
  movi a6, GPIO_ENABLE_W1TS
  ssl a4
  movi a7, 1
  sll a7, a7
  s32i a7, a6, 0
  movi a6, GPIO_FUNC0_IN_SEL_CFG
  addx4 a6, a5, a6
  movi a7, 0x80                     // SIG_IN_SEL
  or a7, a7, a4
  l8ui a4, a2, 3
  beqz a4, 4f
  s32i a7, a6, 0
4:
  add a3, a10, a3
  l32i a4, a3, 0
  movi a5, ~(7 << MCU_SEL_BIT)
  and a4, a4, a5
  movi a5, MCU_SEL_GPIO << MCU_SEL_BIT
  or a4, a4, a5
  s32i a4, a3, 0
  addi a2, a2, 4
  j 3b
9:
  memw
  ret

  .section .rodata,"a",@progbits
flash_pads:                         // offset in IO_MUX, GPIO, signal of the matrix, 1: it is an input too
  .byte 0x5c, 11, 5, 0              // SPICS0
  .byte 0x64, 7, 1, 1               // SPIQ
  .byte 0x68, 8, 2, 1               // SPID
  .byte 0x58, 10, 4, 1              // SPIWP
  .byte 0x54, 9, 3, 1               // SPIHD
  .byte 0, 0, 0, 0
text_slow:
  .asciz "Bootloader: flash mode of its own image header is slow read, QIO, QOUT, DIO or DOUT expected; stopped\r\n"
