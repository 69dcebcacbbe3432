/* UART0 and UART1 as the ROM drives them: 8N1, polled, one of them the console. */
#include "rom.h"

#define FIFO(n) REG((n) ? 0x60010000u : 0x60000000u)
#define BLOCK(n) ((n) ? UART1 : UART0)
#define INT_CLR 0x10
#define INT_ENA 0x0c
#define CLKDIV 0x14
#define STATUS 0x1c
#define CONF0 0x20
#define CONF1 0x24
#define TXFIFO_COUNT(n) (REG(BLOCK(n) + STATUS) >> 16 & 0xff)
#define RXFIFO_COUNT(n) (REG(BLOCK(n) + STATUS) & 0xff)
/* One character less than the FIFO holds. */
#define TX_LIMIT 126

/* `UartDevice` of the published rom/uart.h. */
typedef struct {
  u32 baud_rate, data_bits, exist_parity, parity, stop_bits, flow_control;
  u8 receives, console;
  u8 *buffer, *write_at, *read_at;
  u32 buffer_level;
} Device;

extern Device UartDev;
extern u8 RecvBuff[];
#define console UartDev.console
#define SOURCE_UART0 34

void uart_statics(void) { UartDev = (Device){115200, 3, 0, 0, 1, 0, 0, 0, RecvBuff, RecvBuff, RecvBuff, 1}; }

void uartAttach(void) {
  uart_statics();
  REG(UART0 + INT_ENA) = 0;
  REG(UART0 + INT_CLR) = 1;
  REG(UART1 + INT_CLR) = 1;
}

/* `divider` is in sixteenths: 20.4 bits. */
void uart_div_modify(u8 uart, u32 divider) {
  FROM_CALLER(uart);
  REG(BLOCK(uart) + CLKDIV) = divider >> 4 | (divider & 15) << 20;
  REG(BLOCK(uart) + CONF0) |= BIT(17) | BIT(18);
  REG(BLOCK(uart) + CONF0) &= ~(BIT(17) | BIT(18));
}

/* UART0 on GPIO1 and GPIO3 at 115200 baud from the measured crystal. */
void uart_start(void) {
  u32 apb = ets_get_apb_freq();
  uartAttach();
  REG(IO_MUX + 0x88) &= ~(BIT(8) | 7u << 12);
  uart_div_modify(0, (apb << 4) / 115200);
  REG(UART0 + CONF0) = (REG(UART0 + CONF0) & BIT(27)) | 0x1c | BIT(26);
  REG(UART0 + CONF1) = 1;
  REG(UART0 + INT_CLR) = 0xffff;
  /* The CPU's interrupt 5 stays off in INTENABLE. */
  REG(UART0 + INT_ENA) = 1;
  intr_matrix_set(0, SOURCE_UART0, 5);
}

void uart_tx_switch(u8 uart) { FROM_CALLER(uart); console = uart; }
void uart_buff_switch(u8 uart) { FROM_CALLER(uart); UartDev.receives = uart; }
Device *GetUartDevice(void) { return &UartDev; }

int uart_tx_one_char(u8 c) {
  FROM_CALLER(c);
  while (TXFIFO_COUNT(console) >= TX_LIMIT) {
  }
  FIFO(console) = c;
  return 0;
}

int uart_tx_one_char2(u8 c) {
  FROM_CALLER(c);
  while (TXFIFO_COUNT(1) >= TX_LIMIT) {
  }
  FIFO(1) = c;
  return 0;
}

/* Waits for the FIFO only. */
void uart_tx_flush(u8 uart) {
  FROM_CALLER(uart);
  while (TXFIFO_COUNT(uart) != 0) {
  }
}

/* Waits until the stop bit of the last character is out. */
void uart_tx_wait_idle(u8 uart) {
  FROM_CALLER(uart);
  while (TXFIFO_COUNT(uart) != 0 || (REG(BLOCK(uart) + STATUS) >> 24 & 15) != 0) {
  }
}

/* 0 and a character, or 1. */
int uart_rx_one_char(u8 *c) {
  if (RXFIFO_COUNT(console) == 0) return 1;
  *c = (u8)REG(BLOCK(console));
  return 0;
}

u8 uart_rx_one_char_block(void) {
  u8 c;
  while (uart_rx_one_char(&c) != 0) {
  }
  return c;
}

int uart_rx_readbuff(void *buffer, u8 *c) {
  (void)buffer;
  return uart_rx_one_char(c);
}

int UartRxString(u8 *text, u8 room) {
  FROM_CALLER(room);
  u32 n = 0;
  while (n + 1 < room) {
    u8 c = uart_rx_one_char_block();
    if (c == '\r' || c == '\n') break;
    text[n++] = c;
  }
  text[n] = 0;
  return 0;
}

/* The console's newline is CR LF. */
void ets_write_char_uart(char c) {
  FROM_CALLER(c);
  if (c == '\n') uart_tx_one_char('\r');
  if (c != '\r') uart_tx_one_char((u8)c);
}
