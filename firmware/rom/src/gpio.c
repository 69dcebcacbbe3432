/* Pads: function and input of IO_MUX, the GPIO matrix, output and input registers. */
#include "rom.h"

/* Offset of each GPIO's register in IO_MUX; 0: no such pad. */
static const u8 pads[40] = {
    0x44, 0x88, 0x40, 0x84, 0x48, 0x6c, 0x60, 0x64, 0x68, 0x54, 0x58, 0x5c, 0x34, 0x38, 0x30, 0x3c, 0x4c, 0x50, 0x70, 0x74,
    0x78, 0x7c, 0x80, 0x8c, 0,    0x24, 0x28, 0x2c, 0,    0,    0,    0,    0x1c, 0x20, 0x14, 0x18, 0x04, 0x08, 0x0c, 0x10,
};

volatile u32 *mux_of(u8 gpio) {
  if (gpio >= 40 || pads[gpio] == 0) return 0;
  return &REG(IO_MUX + pads[gpio]);
}

/* Signal `signal` from a pad, or constant low (0x30) or high (0x38), through the matrix; 0x34 goes around it. */
#define DIRECT 0x34
void gpio_matrix_in(u32 gpio, u32 signal, u8 invert) {
  FROM_CALLER(invert);
  REG(GPIO + 0x130 + signal * 4) = (gpio == DIRECT ? 0 : BIT(7)) | (invert ? BIT(6) : 0) | (gpio & 63);
}

void gpio_matrix_out(u32 gpio, u32 signal, u8 invert, u8 enable_invert) {
  FROM_CALLER(invert); FROM_CALLER(enable_invert);
  if (gpio >= 40) return;
  REG(GPIO + 0x530 + gpio * 4) = (signal & 0x1ff) | (invert ? BIT(9) : 0) | (enable_invert ? BIT(11) : 0);
  if (gpio < 32) REG(GPIO + 0x24) = BIT(gpio);
  else REG(GPIO + 0x30) = BIT(gpio - 32);
}

/* Function 2 of every pad is the GPIO matrix. GPIO24 has a register, but no pad. */
void gpio_pad_select_gpio(u8 gpio) {
  FROM_CALLER(gpio);
  volatile u32 *mux = gpio == 24 ? &REG(IO_MUX + 0x90) : mux_of(gpio);
  if (mux) *mux = (*mux & ~(7u << 12)) | 2u << 12;
}

void gpio_pad_input_enable(u8 gpio) {
  FROM_CALLER(gpio);
  volatile u32 *mux = mux_of(gpio);
  if (mux) *mux |= BIT(9);
}

void gpio_pad_input_disable(u8 gpio) {
  FROM_CALLER(gpio);
  volatile u32 *mux = mux_of(gpio);
  if (mux) *mux &= ~BIT(9);
}

void gpio_output_set(u32 set, u32 clear, u32 enable, u32 disable) {
  REG(GPIO + 0x08) = set;
  REG(GPIO + 0x0c) = clear;
  REG(GPIO + 0x24) = enable;
  REG(GPIO + 0x28) = disable;
}

void gpio_output_set_high(u32 set, u32 clear, u32 enable, u32 disable) {
  REG(GPIO + 0x14) = set;
  REG(GPIO + 0x18) = clear;
  REG(GPIO + 0x30) = enable;
  REG(GPIO + 0x34) = disable;
}

u32 gpio_input_get(void) { return REG(GPIO + 0x3c); }
u32 gpio_input_get_high(void) { return REG(GPIO + 0x40) & 0xff; }
