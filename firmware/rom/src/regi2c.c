/* The internal analog I2C master: one word a host, which holds slave, register, data, direction and a busy bit. */
#include "rom.h"

#define HOST(n) REG(0x6000e000u + (n) * 4)
#define WRITE BIT(24)
#define BUSY BIT(25)

u32 rom_chip_i2c_readReg(u32 slave, u32 host, u32 index) {
  HOST(host) = (slave & 0xff) | (index & 0xff) << 8;
  while (HOST(host) & BUSY) {
  }
  return HOST(host) >> 16 & 0xff;
}

void rom_chip_i2c_writeReg(u32 slave, u32 host, u32 index, u32 data) {
  HOST(host) = (slave & 0xff) | (index & 0xff) << 8 | (data & 0xff) << 16 | WRITE;
  while (HOST(host) & BUSY) {
  }
}

u32 rom_i2c_readReg(u32 slave, u32 host, u32 index) { return rom_chip_i2c_readReg(slave, host, index); }

void rom_i2c_writeReg(u32 slave, u32 host, u32 index, u32 data) { rom_chip_i2c_writeReg(slave, host, index, data); }

static u32 mask_of(u32 msb, u32 lsb) { return ((2u << (msb - lsb)) - 1) << lsb; }

u32 rom_i2c_readReg_Mask(u32 slave, u32 host, u32 index, u32 msb, u32 lsb) {
  return (rom_chip_i2c_readReg(slave, host, index) & mask_of(msb, lsb)) >> lsb;
}

void rom_i2c_writeReg_Mask(u32 slave, u32 host, u32 index, u32 msb, u32 lsb, u32 data) {
  u32 mask = mask_of(msb, lsb), old = rom_chip_i2c_readReg(slave, host, index);
  rom_chip_i2c_writeReg(slave, host, index, (old & ~mask) | (data << lsb & mask));
}
