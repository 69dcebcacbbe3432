/* Deep sleep: the entry that firmware leaves in STORE6 for the wake-up, valid when STORE7 holds the CRC of RTC FAST
   memory, which the RTC controller computes itself. */
#include "rom.h"

#define RESET_STATE REG(RTC_CNTL + 0x34)
#define CLK_CONF_18 REG(RTC_CNTL + 0x18)
#define ENTRY REG(RTC_CNTL + 0xb8)
#define MEMORY_CRC REG(RTC_CNTL + 0xbc)
#define MEM_CONF REG(RTC_CNTL + 0x100)
#define MEM_CRC_RES REG(RTC_CNTL + 0x104)
#define CRC_START BIT(8)
#define CRC_ADDR_MASK 0x000ffe00u
#define CRC_LEN_MASK 0x7ff00000u
#define CRC_FINISH BIT(31)

/* Of the whole memory, whatever the caller asks for: 2048 words from its start. */
u32 calc_rtc_memory_crc(void) {
  MEM_CONF &= ~CRC_ADDR_MASK;
  MEM_CONF |= CRC_LEN_MASK;
  MEM_CONF |= CRC_START;
  while (!(MEM_CONF & CRC_FINISH)) {
  }
  MEM_CONF &= ~CRC_START;
  return MEM_CRC_RES;
}

void set_rtc_memory_crc(void) { MEMORY_CRC = calc_rtc_memory_crc(); }

/* The entry, used up by this; 0 if there is none or memory has changed since. */
void rtc_boot_control(u32 *entry) {
  *entry = ENTRY;
  if (*entry == 0) return;
  if (calc_rtc_memory_crc() != MEMORY_CRC) *entry = 0;
  ENTRY = 0;
}

/* As the mask ROM has it: the lower bits of RESET_STATE, not of the register that holds the cause. */
u32 rtc_get_wakeup_cause(void) { return RESET_STATE & 0x7ff; }

void rtc_select_apb_bridge(u8 on) {
  FROM_CALLER(on);
  if (on) CLK_CONF_18 |= BIT(22);
  else CLK_CONF_18 &= ~BIT(22);
}
