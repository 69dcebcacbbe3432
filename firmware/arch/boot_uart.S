/*
 * UART0 of the bootloader: 115200 8N1 by the APB clock that runs, output by polling. call0 ABI; the pins are those
 * that reset selects (GPIO1 TX, GPIO3 RX). Cycle cost of a byte: its time on the wire once the FIFO is full.
 */
#include "regs.h"

#define BAUD 115200

  .text
/* Waits until the ROM's last byte has left: the clock may change then. Changes a2..a4. */
  .globl boot_uart_drain
  .p2align 2
boot_uart_drain:
  movi a2, UART0_STATUS
1:
  memw
  l32i a3, a2, 0
  extui a4, a3, 16, 8               // TXFIFO_CNT
  bnez a4, 1b
  extui a4, a3, 24, 4               // ST_UTX_OUT: 0 is idle
  bnez a4, 1b
  ret

/* CLKDIV = round(APB * 16 / BAUD) in sixteenths. Changes a0, a2..a5, a13. */
  .globl boot_uart_init
  .p2align 2
boot_uart_init:
  mov a13, a0
  call0 boot_apb_hz
  slli a2, a2, 4
  movi a3, BAUD / 2
  add a2, a2, a3
  movi a3, BAUD
  quou a2, a2, a3
  extui a3, a2, 0, 4
  srli a2, a2, 4
  slli a3, a3, 20
  or a2, a2, a3
  movi a4, UART0_CLKDIV
  s32i a2, a4, 0
  movi a4, UART0_CONF0
  movi a5, 0x0c00001c               // TICK_REF_ALWAYS_ON: APB; ERR_WR_MASK; 8 data bits, 1 stop bit, no parity
  s32i a5, a4, 0
  movi a4, UART0_INT_ENA
  movi a5, 0
  s32i a5, a4, 0
  memw
  mov a0, a13
  ret

/* Prints the string at a2, which then points to its final zero. Changes a2..a6. */
  .globl boot_puts
  .p2align 2
boot_puts:
  movi a4, UART0_STATUS
  movi a6, UART0_FIFO_AHB
1:
  l8ui a3, a2, 0
  beqz a3, 3f
2:
  memw
  l32i a5, a4, 0
  extui a5, a5, 16, 8
  addi a5, a5, -120
  bgez a5, 2b
  s32i a3, a6, 0
  memw
  addi a2, a2, 1
  j 1b
3:
  ret

/* Prints a2 as 0x and hexadecimal digits without leading zeros. Changes a0, a2..a10. */
  .globl boot_put_hex
  .p2align 2
boot_put_hex:
  mov a10, a0
  movi a7, text_number_end
  movi a8, digits
  movi a9, 0
  s8i a9, a7, 0
1:
  extui a9, a2, 0, 4
  add a9, a8, a9
  l8ui a9, a9, 0
  addi a7, a7, -1
  s8i a9, a7, 0
  srli a2, a2, 4
  bnez a2, 1b
  addi a7, a7, -2
  movi a9, '0'
  s8i a9, a7, 0
  movi a9, 'x'
  s8i a9, a7, 1
  mov a2, a7
  call0 boot_puts
  mov a0, a10
  ret

  .section .rodata,"a",@progbits
digits:
  .ascii "0123456789abcdef"

  .bss
  .space 10                         // 0x and eight digits
text_number_end:
  .space 1
