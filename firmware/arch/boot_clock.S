/*
 * CPU 240 MHz, APB 80 MHz from the BBPLL at 480 MHz with a 40 MHz crystal, and waiting.
 * call0 ABI; boot_clock_240 changes a0, a2..a12. Takes about 250 us (the PLL's start at most).
 *
 * The sequence is the silicon's: crystal first, digital voltage up, PLL powered, its registers through the
 * analog I2C master (block 0x66 on host 4), 160 us for the lock, divider, then the switch.
 */
#include "regs.h"

#define BBPLL 0x66
#define REGI2C_WRITE 0x01000000
#define REGI2C_BUSY_BIT 25
#define XTAL_MHZ 40

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
  // DIG_DBIAS_WAK 7: the voltage that 240 MHz needs.
  movi a2, RTC_CNTL_REG
  l32i a3, a2, 0
  movi a4, 0x3800
  or a3, a3, a4
  s32i a3, a2, 0
  movi a2, 3 * XTAL_MHZ
  call0 boot_wait
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
  memw
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
