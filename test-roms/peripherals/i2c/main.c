/* I2C0 as master on GPIO22 (SCL) and GPIO21 (SDA): writes and reads a 24LC256 at 0x50, waits for its
   write cycle by polling, and calls an address that nobody has. Registers and formulas of the TRM. */
#include "rom.h"

#define REG(address) (*(volatile u32 *)(address))
#define I2C(offset) REG(0x3ff53000 + (offset))
/* The TX FIFO is written through the AHB address, the RX FIFO read through the DPORT one. */
#define TX_FIFO REG(0x6001301c)
#define RX_FIFO I2C(0x1c)

enum { SCL = 22, SDA = 21, SIG_SCL = 29, SIG_SDA = 30, EEPROM = 0x50, MISSING = 0x51 };
enum { ACK_CHECK = 1 << 8, NACK = 1 << 10, RSTART = 0, WRITE = 1 << 11, READ = 2 << 11, STOP = 3 << 11, END = 4 << 11 };
enum { TRANS_COMPLETE = 1 << 7, ACK_ERR = 1 << 10, END_DETECT = 1 << 3, TIME_OUT = 1 << 8 };

static void pin(u32 gpio, u32 io_mux, u32 signal) {
  REG(io_mux) = 2 << 12 | 1 << 9 | 1 << 8;       /* GPIO function, input enable, pull-up */
  REG(0x3ff44088 + 4 * gpio) = 1 << 2;           /* open drain */
  REG(0x3ff44130 + 4 * signal) = 1 << 7 | gpio;  /* input through the matrix */
  REG(0x3ff44530 + 4 * gpio) = signal;
  REG(0x3ff44024) = 1 << gpio;
}

static void init(void) {
  REG(0x3ff000c0) |= 1 << 7; /* clock on, reset off */
  REG(0x3ff000c4) &= ~(1 << 7);
  pin(SCL, 0x3ff49080, SIG_SCL);
  pin(SDA, 0x3ff4907c, SIG_SDA);
  I2C(0x04) = 1 << 4 | 3;
  I2C(0x00) = 60; /* SCL_LOW_PERIOD */
  I2C(0x38) = 44; /* SCL_HIGH_PERIOD */
  I2C(0x30) = 17; /* SDA_HOLD */
  I2C(0x34) = 20; /* SDA_SAMPLE */
  I2C(0x40) = 35; /* SCL_START_HOLD */
  I2C(0x44) = 38; /* SCL_RSTART_SETUP */
  I2C(0x48) = 31; /* SCL_STOP_HOLD */
  I2C(0x4c) = 33; /* SCL_STOP_SETUP */
  I2C(0x50) = 8 | 5; /* filters of 5 cycles */
  I2C(0x54) = 8 | 5;
  I2C(0x0c) = 5000;
}

static u32 run(void) {
  u32 raw;
  I2C(0x24) = 0x1fff;
  I2C(0x04) |= 1 << 5;
  do raw = I2C(0x20);
  while (!(raw & (TRANS_COMPLETE | ACK_ERR | END_DETECT | TIME_OUT)));
  while (raw & ACK_ERR && I2C(0x08) & 1 << 4)
    ; /* the STOP of its own */
  return raw;
}

static void command(u32 index, u32 value) { I2C(0x58 + 4 * index) = value; }

static u32 call(u32 address) {
  I2C(0x18) |= 1 << 13;
  I2C(0x18) &= ~(1u << 13);
  TX_FIFO = address << 1;
  command(0, RSTART);
  command(1, WRITE | ACK_CHECK | 1);
  command(2, STOP);
  return run();
}

int main(void) {
  init();
  TX_FIFO = EEPROM << 1;
  TX_FIFO = 0x01;
  TX_FIFO = 0x00;
  TX_FIFO = 0xde;
  TX_FIFO = 0xad;
  command(0, RSTART);
  command(1, WRITE | ACK_CHECK | 4);
  command(2, END);
  put_hex("write, END: ", run());
  command(0, WRITE | ACK_CHECK | 1);
  command(1, STOP);
  put_hex("write, STOP: ", run());
  put_hex("COMD0: ", I2C(0x58));

  u32 polls = 0;
  while (call(EEPROM) & ACK_ERR) polls++;
  put(polls > 10 ? "polled the write cycle\n" : "no write cycle\n");

  TX_FIFO = EEPROM << 1;
  TX_FIFO = 0x01;
  TX_FIFO = 0x00;
  TX_FIFO = EEPROM << 1 | 1;
  command(0, RSTART);
  command(1, WRITE | ACK_CHECK | 3);
  command(2, RSTART);
  command(3, WRITE | ACK_CHECK | 1);
  command(4, READ | 2);
  command(5, READ | NACK | 1);
  command(6, STOP);
  put_hex("read: ", run());
  put_hex("SR: ", I2C(0x08));
  for (u32 i = 0; i < 3; i++) put_hex("byte: ", RX_FIFO & 0xff);
  put_hex("missing: ", call(MISSING));
  put_hex("SR: ", I2C(0x08));
  return 0;
}
