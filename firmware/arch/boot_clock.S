/*
 * CPU 240 MHz, APB 80 MHz from the BBPLL at 480 MHz with a 40 MHz crystal; waiting; the flash's supply.
 * call0 ABI; boot_clock_240 changes a0, a2..a12. Takes about 500 us.
 *
 * The sequence is ESP-IDF's (rtc_clk_init.c, rtc_clk.c, clk_tree_ll.h of the ESP32): crystal first, PLL powered, its
 * registers through the analog I2C master (block 0x66 on host 4), digital voltage up, 160 us for the lock (80 with the
 * internal RTC_SLOW_CLK), divider, then the switch. Where ESP-IDF waits for an edge of RTC_SLOW_CLK, this waits 64 us:
 * two periods of the slowest source, 32 kHz.
 */
#include "regs.h"

#define BBPLL 0x66
#define REGI2C_WRITE 0x01000000
#define REGI2C_BUSY_BIT 25
#define XTAL_MHZ 40
#define SLOW_CYCLE_US 64

#define SDIO_FORCE_BIT 22           /* RTC_CNTL_SDIO_CONF */
#define SDIO_TIEH_BIT 23
#define XPD_SDIO_BIT 31
#define FUSE_XPD_SDIO_REG_BIT 14    /* EFUSE_BLK0_RDATA4 */
#define FUSE_XPD_SDIO_TIEH_BIT 15
#define FUSE_XPD_SDIO_FORCE_BIT 16
#define STRAP_MTDI_BIT 5

  .macro bbpll register, value
  movi a2, REGI2C_WRITE | (\value << 16) | (\register << 8) | BBPLL
  call0 regi2c_write
  .endm

  .text
  .globl boot_clock_240
  .p2align 2
boot_clock_240:
  mov a12, a0
  // The crystal, undivided: the PLL may run from before a software reset.
  movi a2, RTC_CNTL_CLK_CONF
  l32i a3, a2, 0
  movi a4, ~0x18000000              // SOC_CLK_SEL, bits 27..28
  and a3, a3, a4
  movi a2, SYSCON_SYSCLK_CONF
  l32i a4, a2, 0
  movi a5, ~0x3ff                   // PRE_DIV_CNT
  and a4, a4, a5
  s32i a4, a2, 0
  movi a2, RTC_CNTL_CLK_CONF
  s32i a3, a2, 0
  memw
  movi a2, SLOW_CYCLE_US * XTAL_MHZ
  call0 boot_wait
  // The analog bus reaches nothing but BBPLL and APLL (bits 17 and 14 low).
  movi a2, ANA_CONFIG
  l32i a3, a2, 0
  movi a4, 0x0003ff00
  or a3, a3, a4
  movi a4, ~0x00024000
  and a3, a3, a4
  s32i a3, a2, 0
  // BB_I2C, BBPLL_I2C, BBPLL and BIAS_I2C no longer forced down.
  movi a2, RTC_CNTL_OPTIONS0
  l32i a3, a2, 0
  movi a4, ~0x00040540
  and a3, a3, a4
  s32i a3, a2, 0
  memw
  bbpll 0, 0x18                     // IR_CAL_DELAY
  bbpll 1, 0x20                     // IR_CAL_EXT_CAP
  bbpll 4, 0x9a                     // OC_ENB_FCAL
  bbpll 10, 0x00                    // OC_ENB_VCON
  bbpll 12, 0x00                    // BBADC_CAL_7_0
  movi a2, SLOW_CYCLE_US * XTAL_MHZ
  call0 boot_wait
  // DIG_DBIAS_WAK 7, 1.25 V: what 240 MHz and flash at 80 MHz need.
  movi a2, RTC_CNTL_REG
  l32i a3, a2, 0
  movi a4, 0x3800
  or a3, a3, a4
  s32i a3, a2, 0
  memw
  movi a2, 3 * XTAL_MHZ
  call0 boot_wait
  bbpll 11, 0xc3                    // ENDIV5: 480 MHz
  bbpll 9, 0x74                     // BBADC_DSMP: 480 MHz
  bbpll 2, 0x00                     // OC_LREF: no reference divider
  bbpll 3, 28                       // OC_DIV_7_0 for 40 MHz
  bbpll 5, 0xc6                     // OC_DCUR
  movi a2, 160 * XTAL_MHZ
  call0 boot_wait
  movi a2, DPORT_CPU_PER_CONF
  movi a3, 2                        // CPUPERIOD_SEL: 240 MHz
  s32i a3, a2, 0
  movi a2, RTC_CNTL_CLK_CONF
  l32i a3, a2, 0
  movi a4, ~0x18000000
  and a3, a3, a4
  movi a4, 0x08000000               // SOC_CLK_SEL 1: PLL
  or a3, a3, a4
  s32i a3, a2, 0
  // The ROM's APB frequency, in both halves by 4096: its UART keeps its rate after a reset of the CPU alone.
  movi a2, RTC_CNTL_STORE5
  movi a3, (80000000 >> 12) * 0x10001
  s32i a3, a2, 0
  memw
  movi a2, (SLOW_CYCLE_US + 30) * 240
  call0 boot_wait
  mov a0, a12
  ret

/* a2 = APB_CLK in Hz as the registers have it: 80 MHz with the PLL, else the divided crystal. Changes a3, a4. */
  .globl boot_apb_hz
  .p2align 2
boot_apb_hz:
  movi a2, RTC_CNTL_CLK_CONF
  l32i a3, a2, 0
  extui a3, a3, 27, 2
  movi a2, 80000000
  beqi a3, 1, 1f
  movi a2, SYSCON_SYSCLK_CONF
  l32i a3, a2, 0
  extui a3, a3, 0, 10
  addi a3, a3, 1
  movi a2, 40000000
  quou a2, a2, a3
1:
  ret

/* A flash of 1.8 V gets 1.9 V from VDD_SDIO's regulator, as from ESP-IDF's bootloader (rtc_vddsdio_set_config; 10 us
   until it is stable). Which voltage: the register when forced, else the fuses when forced, else the strapping of
   GPIO12 (MTDI). 3.3 V is left alone. Changes a0, a2..a4, a12. */
  .globl boot_flash_supply
  .p2align 2
boot_flash_supply:
  movi a2, RTC_CNTL_SDIO_CONF
  l32i a3, a2, 0
  bbci a3, SDIO_FORCE_BIT, 1f
  bbci a3, XPD_SDIO_BIT, 9f
  bbsi a3, SDIO_TIEH_BIT, 9f
  j 3f
1:
  movi a4, EFUSE_BLK0_RDATA4
  l32i a3, a4, 0
  bbci a3, FUSE_XPD_SDIO_FORCE_BIT, 2f
  bbci a3, FUSE_XPD_SDIO_REG_BIT, 9f
  bbsi a3, FUSE_XPD_SDIO_TIEH_BIT, 9f
  j 3f
2:
  movi a4, GPIO_STRAP
  l32i a3, a4, 0
  bbci a3, STRAP_MTDI_BIT, 9f
3:
  movi a3, 0xfe600000               // XPD_SDIO_REG, DREFH, DREFM, DREFL 3, SDIO_FORCE, SDIO_PD_EN; SDIO_TIEH 0
  s32i a3, a2, 0
  memw
  mov a12, a0
  movi a2, 10 * 240                 // enough at any clock
  call0 boot_wait
  mov a0, a12
9:
  ret

/* Waits a2 cycles. Changes a3, a4. */
  .p2align 2
boot_wait:
  rsr.ccount a3
1:
  rsr.ccount a4
  sub a4, a4, a3
  bltu a4, a2, 1b
  ret

/* Writes the word a2 to the analog I2C master and waits for its end. Changes a3, a4. */
  .p2align 2
regi2c_write:
  movi a3, REGI2C_HOST4
  s32i a2, a3, 0
1:
  memw
  l32i a4, a3, 0
  bbsi a4, REGI2C_BUSY_BIT, 1b
  ret
