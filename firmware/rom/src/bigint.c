/* Large numbers by the RSA accelerator (TRM chapter "RSA Accelerator"): lengths in bits, multiples of 512. Functions
   start an operation; ets_bigint_wait_finish waits for it. All return 1, or 0 for arguments that cannot be. */
#include "rom.h"

#define RSA 0x3ff02000u
#define M_MEM (RSA + 0x000)
#define Z_MEM (RSA + 0x200)
#define Y_MEM (RSA + 0x400)
#define X_MEM (RSA + 0x600)
#define M_DASH REG(RSA + 0x800)
#define MODEXP_MODE REG(RSA + 0x804)
#define MODEXP_START REG(RSA + 0x808)
#define MULT_MODE REG(RSA + 0x80c)
#define MULT_START REG(RSA + 0x810)
#define INTERRUPT REG(RSA + 0x814)
#define CLEAN REG(RSA + 0x818)
#define RSA_PD_CTRL REG(DPORT + 0x490)
#define PERI_CLK_EN REG(DPORT + 0x1c)
#define PERI_RST_EN REG(DPORT + 0x20)
#define RESETS (BIT(2) | BIT(4))

void ets_bigint_enable(void) {
  PERI_CLK_EN |= BIT(2);
  PERI_RST_EN &= ~RESETS;
  RSA_PD_CTRL &= ~BIT(0);
  while (CLEAN != 1) {
  }
}

void ets_bigint_disable(void) {
  RSA_PD_CTRL |= BIT(0);
  PERI_RST_EN |= RESETS;
  PERI_CLK_EN &= ~BIT(2);
}

void ets_bigint_wait_finish(void) {
  while (INTERRUPT != 1) {
  }
}

static int valid(u32 bits, u32 most) { return bits != 0 && (bits & 511) == 0 && bits <= most; }

static void copy_in(u32 memory, const u32 *from, u32 words) {
  for (u32 i = 0; i < words; i++) REG(memory + i * 4) = from[i];
}

static void start(volatile u32 *operation) {
  INTERRUPT = 1;
  *operation = 1;
}

static int result(u32 *z, u32 words) {
  if (z == 0) return 0;
  for (u32 i = 0; i < words; i++) z[i] = REG(Z_MEM + i * 4);
  return 1;
}

/* x to the power of y modulo m. `again` keeps y and m. */
int ets_bigint_mod_power_prepare(const u32 *x, const u32 *y, const u32 *m, u32 m_dash, const u32 *rb, u32 bits, u8 again) {
  FROM_CALLER(again);
  if (!valid(bits, 4096) || x == 0 || rb == 0) return 0;
  if (!again) {
    if (y == 0 || m == 0) return 0;
    copy_in(M_MEM, m, bits / 32);
    copy_in(Y_MEM, y, bits / 32);
    M_DASH = m_dash;
    MODEXP_MODE = bits / 512 - 1;
  }
  copy_in(X_MEM, x, bits / 32);
  copy_in(Z_MEM, rb, bits / 32);
  start(&MODEXP_START);
  return 1;
}

int ets_bigint_mod_power_getz(u32 *z, u32 bits) { return valid(bits, 4096) && result(z, bits / 32); }

/* The factors lie in the lower half of X and the upper half of Z. */
int ets_bigint_mult_prepare(const u32 *x, const u32 *y, u32 bits) {
  u32 words = bits / 32;
  if (!valid(bits, 2048) || x == 0 || y == 0) return 0;
  copy_in(X_MEM, x, words);
  copy_in(Z_MEM + words * 4, y, words);
  for (u32 i = 0; i < words; i++) REG(X_MEM + (words + i) * 4) = REG(Z_MEM + i * 4) = 0;
  M_DASH = 0;
  MULT_MODE = (bits / 512 * 2 - 1) | 8;
  start(&MULT_START);
  return 1;
}

int ets_bigint_mult_getz(u32 *z, u32 bits) { return valid(bits, 2048) && result(z, bits / 16); }

int ets_bigint_montgomery_mult_prepare(const u32 *x, const u32 *y, const u32 *m, u32 m_dash, u32 bits, u8 again) {
  FROM_CALLER(again);
  if (!valid(bits, 4096) || x == 0 || y == 0) return 0;
  if (!again) {
    if (m == 0) return 0;
    copy_in(M_MEM, m, bits / 32);
    M_DASH = m_dash;
    MULT_MODE = bits / 512 - 1;
  }
  copy_in(X_MEM, x, bits / 32);
  copy_in(Z_MEM, y, bits / 32);
  start(&MULT_START);
  return 1;
}

int ets_bigint_montgomery_mult_getz(u32 *z, u32 bits) { return valid(bits, 4096) && result(z, bits / 32); }

/* x * y modulo m as two Montgomery products, the first by rb. */
int ets_bigint_mod_mult_prepare(const u32 *x, const u32 *y, const u32 *m, u32 m_dash, const u32 *rb, u32 bits, u8 again) {
  FROM_CALLER(again);
  if (!ets_bigint_montgomery_mult_prepare(x, rb, m, m_dash, bits, again)) return 0;
  ets_bigint_wait_finish();
  if (y == 0) return 0;
  copy_in(X_MEM, y, bits / 32);
  start(&MULT_START);
  return 1;
}

/* 0 too when the result is not below m. */
int ets_bigint_mod_mult_getz(const u32 *m, u32 *z, u32 bits) {
  if (m == 0 || !valid(bits, 4096) || !result(z, bits / 32)) return 0;
  for (u32 i = bits / 32; i-- > 0;)
    if (z[i] < m[i]) return 1;
  return 0;
}
