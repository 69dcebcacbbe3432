/* What firmware asks the ROM about fuses. */
#include "rom.h"

#define BLK0_RDATA(n) REG(EFUSE + (n) * 4)
#define DEFAULT_HSPI 1

/* Pads 30 and 31 do not exist: their codes stand for GPIO 32 and 33. */
static u32 pad(u32 code) { return code == 30 ? 32 : code == 31 ? 33 : code; }

/* 0: the default flash pads; else clk, q, d, cs0, hd in six bits each from bit 0. */
u32 ets_efuse_get_spiconfig(void) {
  u32 word5 = BLK0_RDATA(5), word3 = BLK0_RDATA(3);
  u32 clk = word5 & 31, q = word5 >> 5 & 31, d = word5 >> 10 & 31, cs0 = word5 >> 15 & 31, hd = word3 >> 4 & 31;
  if (clk == q || clk == d || q == d || q == cs0 || q == hd || d == cs0 || d == hd) return 0;
  return pad(clk) | pad(q) << 6 | pad(d) << 12 | pad(cs0) << 18 | pad(hd) << 24;
}

/* Fetches all blocks anew: read opcode, command, wait for it to end. */
void efuse_read(void) {
  REG(EFUSE + 0xfc) = 0x5aa5;
  REG(EFUSE + 0x104) = 1;
  while (REG(EFUSE + 0x104) & 1) {
  }
}

u32 ets_efuse_secure_boot_enabled(void) { return BLK0_RDATA(6) >> 4 & 1; }
u32 ets_efuse_secure_boot_fast_wake_enabled(void) { return 0; }

/* CRC-8 of the MAC: polynomial 0x31 reflected, start 0. */
u8 esp_crc8(const u8 *bytes, u32 length) {
  u8 crc = 0;
  while (length--) {
    crc ^= *bytes++;
    for (int i = 0; i < 8; i++) crc = crc & 1 ? (u8)(crc >> 1 ^ 0x8c) : (u8)(crc >> 1);
  }
  return crc;
}
