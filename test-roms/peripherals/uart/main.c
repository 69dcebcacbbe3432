/* UART1 on GPIO17, which is its output and its input: text through the FIFO, served by interrupts,
   then a frame by UHCI0 from RAM to the wire and back. Registers of the TRM. */
#include "rom.h"

#define REG(address) (*(volatile u32 *)(address))
#define UART(offset) REG(0x3ff50000 + (offset))
#define UHCI(offset) REG(0x3ff54000 + (offset))
#define TX_FIFO REG(0x60010000)

enum { PAD = 17, PAD_MUX = 0x3ff49050, SIGNAL = 17, UART_LINE = 2, UHCI_LINE = 3 };
enum { RXFIFO_FULL = 1 << 0, TX_DONE = 1 << 14 };
enum { IN_SUC_EOF = 1 << 5, OUT_DSCR_ERR = 1 << 10, START = 1 << 29 };
enum { OWNER = 1u << 31, END = 1 << 30 };

volatile u32 uart_seen, uhci_seen, interrupts, received;
volatile u8 text[16];

/* Level 1: collects and clears the interrupts of both blocks, and drains the RX FIFO into `text`.
   The compiler's assembler knows no interrupt option: three instructions are bytes. */
__asm__(".text\n.p2align 2\nisr:\n"
        "  movi a0, saved\n  s32i a2, a0, 4\n  s32i a3, a0, 8\n  s32i a4, a0, 12\n  s32i a5, a0, 16\n"
        "  movi a2, interrupts\n  l32i a3, a2, 0\n  addi a3, a3, 1\n  s32i a3, a2, 0\n"
        "  movi a2, 0x3ff54000\n  l32i a3, a2, 8\n  s32i a3, a2, 16\n"
        "  movi a4, uhci_seen\n  l32i a5, a4, 0\n  or a5, a5, a3\n  s32i a5, a4, 0\n"
        "  movi a2, 0x3ff50000\n  l32i a3, a2, 8\n  s32i a3, a2, 16\n"
        "  movi a4, uart_seen\n  l32i a5, a4, 0\n  or a5, a5, a3\n  s32i a5, a4, 0\n"
        "1:\n  l32i a3, a2, 12\n  bbci a3, 0, 2f\n  l32i a3, a2, 28\n  extui a3, a3, 0, 8\n  beqz a3, 2f\n"
        "  l32i a3, a2, 0\n  movi a4, received\n  l32i a5, a4, 0\n  movi a0, text\n  add a0, a0, a5\n"
        "  s8i a3, a0, 0\n  addi a5, a5, 1\n  s32i a5, a4, 0\n  j 1b\n"
        "2:\n  memw\n  movi a0, saved\n  l32i a2, a0, 4\n  l32i a3, a0, 8\n  l32i a4, a0, 12\n"
        "  l32i a5, a0, 16\n  .byte 0, 0xd1, 3\n  .byte 0, 0x30, 0\n" /* rsr.excsave1 a0; rfe */
        ".p2align 2\nset_intenable:\n  entry a1, 32\n  .byte 0x20, 0xe4, 0x13\n" /* wsr.intenable a2 */
        "  rsync\n  retw\n"
        ".data\n.p2align 2\nsaved: .space 20\n.text\n");
extern char isr[];
void set_intenable(u32 lines);
extern u32 handler_USER;

typedef struct {
  volatile u32 control;
  const volatile void *buffer;
  volatile u32 next;
} descriptor;

static volatile u8 out[8] = {0xc0, 0x01, 0xdb, 0x02, 0x03}, in[16];
static descriptor outlink, inlink;

static void init(void) {
  REG(0x3ff000c0) |= 1 << 5 | 1 << 8 | 1 << 24; /* UART1, UHCI0, the UARTs' RAM */
  REG(0x3ff000c4) &= ~(1u << 5 | 1 << 8 | 1 << 24);
  REG(PAD_MUX) = 2 << 12 | 1 << 9 | 1 << 8;
  REG(0x3ff44130 + 4 * SIGNAL) = 1 << 7 | PAD;
  REG(0x3ff44530 + 4 * PAD) = SIGNAL;
  REG(0x3ff44024) = 1 << PAD;
  UART(0x14) = 347 | 4 << 20; /* 40 MHz / 347.25 */
  UART(0x40) = 8;             /* no gap between frames */
  UART(0x24) = 5 | 1 << 8;    /* RXFIFO_FULL at 5 bytes */
  UART(0x10) = ~0u;
  handler_USER = (u32)isr;
  REG(0x3ff00190) = UART_LINE;
  REG(0x3ff00134) = UHCI_LINE;
  set_intenable(1 << UART_LINE | 1 << UHCI_LINE);
}

int main(void) {
  init();
  UART(0x0c) = RXFIFO_FULL | TX_DONE;
  for (const char *c = "Hello"; *c; c++) TX_FIFO = *c;
  while (~uart_seen & (RXFIFO_FULL | TX_DONE) || received < 5)
    ;
  put((const char *)text);
  put("\n");
  put_hex("UART1: ", uart_seen);
  put_hex("interrupts: ", interrupts);

  UART(0x0c) = 0;
  outlink = (descriptor){OWNER | END | 5 << 12 | 8, out, 0};
  inlink = (descriptor){OWNER | 16, in, 0};
  UHCI(0x00) = 1 << 16 | 1 << 10; /* separators, UART1 */
  UHCI(0x2c) = 1 << 6;            /* look at the owner */
  UHCI(0x0c) = IN_SUC_EOF;
  UHCI(0x28) = START | ((u32)&inlink & 0xfffff);
  UHCI(0x24) = START | ((u32)&outlink & 0xfffff);
  while (~uhci_seen & IN_SUC_EOF)
    ;
  put_hex("UHCI0: ", uhci_seen);
  put_hex("raw: ", UHCI(0x04));
  put_hex("descriptor: ", inlink.control);
  for (u32 i = 0; i < 5; i++) put_hex("byte: ", in[i]);

  outlink.control &= ~OWNER;
  UHCI(0x10) = ~0u;
  UHCI(0x24) = START | ((u32)&outlink & 0xfffff);
  put_hex("refused: ", UHCI(0x04));
  return 0;
}
