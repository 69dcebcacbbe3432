/* Pulls, drive strength and hold of a pad. Pads that the RTC can drive have them in RTC_IO, the others in IO_MUX and, for
   hold, in one register of RTC_IO (TRM chapter "IO_MUX and GPIO Matrix"). GPIO34 to 39 are inputs with hold only. */
#include "rom.h"

volatile u32 *mux_of(u8 gpio);

#define DIG_PAD_HOLD REG(RTC_IO + 0x74)
#define MUX_PULL_DOWN BIT(7)
#define MUX_PULL_UP BIT(8)
#define MUX_DRIVE 10
#define NO_BIT 32

/* Register of RTC_IO and bits: pull-up, with pull-down above it; drive, two bits; hold. */
typedef struct {
  u8 gpio, offset, pull_up, drive, hold;
} RtcPad;

static const RtcPad rtc_pads[] = {
    {0, 0x98, 27, 29, 31},  {2, 0x9c, 27, 29, 31},  {4, 0x94, 27, 29, 31},  {12, 0xa8, 27, 29, 31},
    {13, 0xa4, 27, 29, 31}, {14, 0xac, 27, 29, 31}, {15, 0xa0, 27, 29, 31}, {25, 0x84, 27, 30, 29},
    {26, 0x88, 27, 30, 29}, {27, 0xb0, 27, 29, 31}, {32, 0x8c, 22, 25, 24}, {33, 0x8c, 27, 30, 29},
    {34, 0x80, NO_BIT, NO_BIT, 31}, {35, 0x80, NO_BIT, NO_BIT, 30}, {36, 0x7c, NO_BIT, NO_BIT, 31},
    {37, 0x7c, NO_BIT, NO_BIT, 30}, {38, 0x7c, NO_BIT, NO_BIT, 29}, {39, 0x7c, NO_BIT, NO_BIT, 28},
};

/* Bit of DIG_PAD_HOLD of GPIO0 to 23. */
static const u8 digital_hold[24] = {NO_BIT, 1, NO_BIT, 0,      NO_BIT, 8, 2,  3,  4,  5,  6,  7,
                                    NO_BIT, NO_BIT, NO_BIT, NO_BIT, 9, 10, 11, 12, 13, 14, 15, 16};

static const RtcPad *rtc_pad(u8 gpio) {
  for (u32 i = 0; i < sizeof rtc_pads / sizeof *rtc_pads; i++)
    if (rtc_pads[i].gpio == gpio) return &rtc_pads[i];
  return 0;
}

static void change(volatile u32 *reg, u32 clear, u32 set) { *reg = (*reg & ~clear) | set; }

static void set_pull(u8 gpio, u32 up) {
  const RtcPad *pad = rtc_pad(gpio);
  volatile u32 *mux = mux_of(gpio);
  if (pad && pad->pull_up != NO_BIT) {
    u32 up_bit = BIT(pad->pull_up), down_bit = up_bit << 1;
    change(&REG(RTC_IO + pad->offset), up ? down_bit : up_bit, up ? up_bit : down_bit);
  } else if (pad == 0 && mux) {
    change(mux, up ? MUX_PULL_DOWN : MUX_PULL_UP, up ? MUX_PULL_UP : MUX_PULL_DOWN);
  }
}

void gpio_pad_pullup(u8 gpio) { FROM_CALLER(gpio); set_pull(gpio, 1); }
void gpio_pad_pulldown(u8 gpio) { FROM_CALLER(gpio); set_pull(gpio, 0); }

void gpio_pad_set_drv(u8 gpio, u8 drive) {
  FROM_CALLER(gpio); FROM_CALLER(drive);
  const RtcPad *pad = rtc_pad(gpio);
  volatile u32 *mux = mux_of(gpio);
  if (drive > 3) return;
  if (pad && pad->drive != NO_BIT) change(&REG(RTC_IO + pad->offset), 3u << pad->drive, (u32)drive << pad->drive);
  else if (pad == 0 && mux) change(mux, 3u << MUX_DRIVE, (u32)drive << MUX_DRIVE);
}

static void set_hold(u8 gpio, u32 on) {
  const RtcPad *pad = rtc_pad(gpio);
  if (pad) change(&REG(RTC_IO + pad->offset), BIT(pad->hold), on ? BIT(pad->hold) : 0);
  else if (gpio < 24) change(&DIG_PAD_HOLD, BIT(digital_hold[gpio]), on ? BIT(digital_hold[gpio]) : 0);
}

void gpio_pad_hold(u8 gpio) { FROM_CALLER(gpio); set_hold(gpio, 1); }
void gpio_pad_unhold(u8 gpio) { FROM_CALLER(gpio); set_hold(gpio, 0); }
