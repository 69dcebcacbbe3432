/* AES by the accelerator (TRM chapter "AES Accelerator"): one block at a time. */
#include "rom.h"

#define AES 0x3ff01000u
#define START REG(AES + 0x00)
#define IDLE REG(AES + 0x04)
#define MODE REG(AES + 0x08)
#define KEY(i) REG(AES + 0x10 + (i) * 4)
#define TEXT(i) REG(AES + 0x30 + (i) * 4)
#define ENDIAN REG(AES + 0x40)
#define DECRYPT 4
#define PERI_CLK_EN REG(DPORT + 0x1c)
#define PERI_RST_EN REG(DPORT + 0x20)
/* AES is reset with secure boot and digital signature. */
#define RESETS (BIT(0) | BIT(3) | BIT(4))

void ets_aes_enable(void) {
  PERI_CLK_EN |= BIT(0);
  PERI_RST_EN &= ~RESETS;
}

void ets_aes_disable(void) {
  PERI_RST_EN |= RESETS;
  PERI_CLK_EN &= ~BIT(0);
}

/* Every register bit is set for the order that is not swapped. */
void ets_aes_set_endian(u8 key_word, u8 key_byte, u8 in_word, u8 in_byte, u8 out_word, u8 out_byte) {
  FROM_CALLER(key_word); FROM_CALLER(key_byte); FROM_CALLER(in_word); FROM_CALLER(in_byte); FROM_CALLER(out_word); FROM_CALLER(out_byte);
  const u8 swaps[6] = {key_byte, key_word, in_byte, in_word, out_byte, out_word};
  u32 value = 0;
  for (u32 i = 0; i < 6; i++) value |= (~(u32)swaps[i] & 1) << i;
  ENDIAN = value;
}

static u32 word_at(const u8 *p) { return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24; }

static int set_key(const u8 *key, u32 bits, u32 mode) {
  if (key == 0 || bits > 2) return 0;
  MODE = mode | bits;
  for (u32 i = 0; i < (bits + 2) * 2; i++) KEY(i) = word_at(key + i * 4);
  return 1;
}

/* `bits`: 0, 1, 2 for 128, 192, 256. */
int ets_aes_setkey_enc(const u8 *key, u32 bits) { return set_key(key, bits, 0); }
int ets_aes_setkey_dec(const u8 *key, u32 bits) { return set_key(key, bits, DECRYPT); }

void ets_aes_crypt(const u8 *in, u8 *out) {
  for (u32 i = 0; i < 4; i++) TEXT(i) = word_at(in + i * 4);
  START = 1;
  while (IDLE != 1) {
  }
  for (u32 i = 0; i < 16; i++) out[i] = (u8)(TEXT(i / 4) >> (i & 3) * 8);
}
