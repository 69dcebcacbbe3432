/* Time: the crystal, the CPU's ticks per microsecond, delays, and the reasons of resets. */
#include "rom.h"

u32 xthal_get_ccount(void);

#define APB_FREQ REG(RTC_CNTL + 0xb4)
/* Calibration of the 8 MHz oscillator's 1/256 against the crystal, which runs from reset: crystal cycles. */
#define RTCCALICFG1 REG(TIMG0 + 0x6c)

/* The published values are the halves of a word that must agree, in units of 4096 Hz. */
u32 ets_get_apb_freq(void) {
  u32 stored = APB_FREQ;
  return (stored & 0xffff) == stored >> 16 ? (stored & 0xffff) << 12 : 0;
}

u32 ets_efuse_get_8M_clock(void) { return REG(EFUSE + 0x10) & 0xff; }

/* 40 or 26 MHz: crystal cycles in one of the 8 MHz oscillator's 1/256, whose frequency the fuses give in 100 kHz. */
u32 ets_get_detected_xtal_freq(void) {
  u32 cycles = RTCCALICFG1 >> 7, fuse = ets_efuse_get_8M_clock();
  u32 mhz = cycles * (fuse ? fuse : 85) / 2560;
  return mhz != 0 && mhz < 33 ? 26000000 : 40000000;
}

u32 ets_get_xtal_scale(void) { return ets_get_detected_xtal_freq() / 1000000; }
void ets_update_cpu_frequency(u32 ticks_per_us) { g_ticks_per_us = ticks_per_us; }
void ets_update_cpu_frequency_rom(u32 ticks_per_us) { g_ticks_per_us = ticks_per_us; }
u32 ets_get_cpu_frequency(void) { return g_ticks_per_us; }

void ets_delay_us(u32 us) {
  u32 start = xthal_get_ccount(), cycles = us * g_ticks_per_us;
  while (xthal_get_ccount() - start < cycles) {
  }
}

/* The mask ROM's initial value, in force until firmware calls ets_update_cpu_frequency: delays at reset are short by the
   crystal's MHz / 13. */
#define FIRST_TICKS_PER_US 13

void ticks_start(void) { g_ticks_per_us = FIRST_TICKS_PER_US; }

void clock_start(void) {
  u32 hz = ets_get_detected_xtal_freq(), word = hz >> 12;
  APB_FREQ = word << 16 | word;
}

/* RTC_CNTL_RESET_STATE: six bits for each CPU. */
u32 rtc_get_reset_reason(int cpu) {
  u32 state = REG(RTC_CNTL + 0x34);
  return cpu == 0 ? state & 63 : state >> 6 & 63;
}

/* SW_SYS_RST, SW_PROCPU_RST, SW_APPCPU_RST of OPTIONS0. */
void software_reset(void) {
  REG(RTC_CNTL) |= BIT(31);
  for (;;) {
  }
}

void software_reset_cpu(int cpu) { REG(RTC_CNTL) |= cpu == 0 ? BIT(5) : BIT(4); }
