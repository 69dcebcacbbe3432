/* SPI2 as master on its IO_MUX pads (CLK 14, Q 12, D 13, CS0 15, HD 4, WP 2) and CS1 on GPIO26 by the
   matrix: two bytes in each mode with several dividers, then a flash at CS1 on one line, on four and
   by DMA. Registers and formulas of the TRM. */
#include "rom.h"

#define REG(address) (*(volatile u32 *)(address))
#define SPI(offset) REG(0x3ff64000 + (offset))

enum { CMD = 0x00, ADDR = 0x04, CTRL = 0x08, CTRL2 = 0x14, CLOCK = 0x18, USER = 0x1c, USER1 = 0x20, USER2 = 0x24 };
enum { MOSI_DLEN = 0x28, MISO_DLEN = 0x2c, PIN = 0x34, W0 = 0x80, W1 = 0x84, IN_LINK = 0x108, INT_RAW = 0x114 };
enum { USR_MOSI = 1 << 27, USR_MISO = 1 << 28, USR_DUMMY = 1 << 29, USR_ADDR = 1 << 30, USR_COMMAND = 1u << 31 };
enum { CS0_ONLY = 6, CS1_ONLY = 5 };

static const u8 io_mux[6] = {0x30, 0x34, 0x38, 0x3c, 0x48, 0x40};
/* PRE, N, H; L = N. */
static const u8 dividers[4][3] = {{0, 1, 0}, {0, 3, 1}, {4, 4, 1}, {1, 19, 9}};
static u32 descriptor[3];
static u32 buffer[16];

static void clock(u32 i) {
  const u8 *d = dividers[i];
  SPI(CLOCK) = d[0] << 18 | d[1] << 12 | d[2] << 6 | d[1];
}

static void run(void) {
  SPI(CMD) = 1 << 18;
  while (SPI(CMD))
    ;
}

static void read_flash(u32 command, u32 phases, u32 address, u32 bytes) {
  SPI(USER) = USR_COMMAND | USR_MISO | phases;
  SPI(USER1) = 23u << 26 | 7;
  SPI(USER2) = 7u << 28 | command;
  SPI(ADDR) = address << 8;
  SPI(MISO_DLEN) = bytes * 8 - 1;
  run();
}

/* WREN, then QE by a write of both status registers; waits for its end. */
static void enable_quad(void) {
  SPI(USER2) = 7u << 28 | 0x06;
  SPI(USER) = USR_COMMAND;
  run();
  SPI(USER2) = 7u << 28 | 0x01;
  SPI(USER) = USR_COMMAND | USR_MOSI;
  SPI(MOSI_DLEN) = 15;
  SPI(W0) = 0x0200;
  run();
  do read_flash(0x05, 0, 0, 1);
  while (SPI(W0) & 1);
}

int main(void) {
  REG(0x3ff000c0) |= 1 << 6; /* clock on, reset off */
  REG(0x3ff000c4) &= ~(1 << 6);
  for (u32 i = 0; i < 6; i++) REG(0x3ff49000 + io_mux[i]) = 1 << 12 | 1 << 9;
  REG(0x3ff49028) = 2 << 12 | 1 << 9; /* GPIO26 */
  REG(0x3ff44530 + 4 * 26) = 61;
  SPI(CTRL2) = 2 << 4 | 1;
  for (u32 mode = 0; mode < 4; mode++)
    for (u32 i = 0; i < 4; i++) {
      u32 cpol = mode >> 1, cpha = mode & 1;
      SPI(PIN) = cpol << 29 | CS0_ONLY;
      clock(i);
      SPI(USER) = USR_MOSI | 1 << 5 | 1 << 4 | (cpol ^ cpha) << 7;
      SPI(MOSI_DLEN) = 15;
      SPI(W0) = 0xa500 | mode << 4 | i;
      run();
    }
  SPI(PIN) = CS1_ONLY;
  SPI(CTRL2) = 2 << 16; /* MISO half a clock earlier: the middle of each bit */
  clock(1);
  read_flash(0x9f, 0, 0, 3);
  put_hex("identification: ", SPI(W0) & 0xffffff);
  read_flash(0x03, USR_ADDR, 0x123456, 8);
  put_hex("one line: ", SPI(W0));
  put_hex("one line: ", SPI(W1));
  enable_quad();
  SPI(CTRL) = 1 << 21 | 1 << 20 | 1 << 13; /* FASTRD_MODE, FREAD_QUAD */
  read_flash(0x6b, USR_ADDR | USR_DUMMY, 0x123456, 8);
  put_hex("four lines: ", SPI(W0));
  put_hex("four lines: ", SPI(W1));
  SPI(CTRL) = 1 << 21;
  descriptor[0] = 1u << 31 | 64;
  descriptor[1] = (u32)buffer;
  descriptor[2] = 0;
  SPI(IN_LINK) = 1 << 29 | ((u32)descriptor & 0xfffff);
  read_flash(0x03, USR_ADDR, 0x123400, 64);
  u32 sum = 0;
  for (u32 i = 0; i < 16; i++) sum = sum * 31 + buffer[i];
  put_hex("DMA: ", sum);
  put_hex("descriptor: ", descriptor[0]);
  put_hex("interrupts: ", SPI(INT_RAW));
  return 0;
}
