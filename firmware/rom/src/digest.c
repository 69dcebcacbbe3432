/* CRCs, MD5 (RFC 1321) in software, SHA by the accelerator (TRM chapter "SHA Accelerator"). */
#include "rom.h"

static u32 crc_reflected(u32 crc, u32 polynomial, const u8 *bytes, u32 length) {
  while (length--) {
    crc ^= *bytes++;
    for (int i = 0; i < 8; i++) crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
  }
  return crc;
}

/* `crc` and `polynomial` at the top of the word. */
static u32 crc_straight(u32 crc, u32 polynomial, const u8 *bytes, u32 length) {
  while (length--) {
    crc ^= (u32)*bytes++ << 24;
    for (int i = 0; i < 8; i++) crc = crc >> 31 ? crc << 1 ^ polynomial : crc << 1;
  }
  return crc;
}

u32 crc32_le(u32 crc, const u8 *b, u32 n) { return ~crc_reflected(~crc, 0xedb88320, b, n); }
u32 crc32_be(u32 crc, const u8 *b, u32 n) { return ~crc_straight(~crc, 0x04c11db7, b, n); }
u16 crc16_le(u16 crc, const u8 *b, u32 n) { FROM_CALLER(crc); return (u16)~crc_reflected((u16)~crc, 0x8408, b, n); }
u16 crc16_be(u16 crc, const u8 *b, u32 n) { FROM_CALLER(crc); return (u16)(~crc_straight(~(u32)crc << 16, 0x10210000, b, n) >> 16); }
u8 crc8_le(u8 crc, const u8 *b, u32 n) { FROM_CALLER(crc); return (u8)~crc_reflected((u8)~crc, 0xe0, b, n); }
u8 crc8_be(u8 crc, const u8 *b, u32 n) { FROM_CALLER(crc); return (u8)(~crc_straight(~(u32)crc << 24, 0x07000000, b, n) >> 24); }

typedef struct {
  u32 state[4], bits[2];
  u8 block[64];
} Md5;

static u32 rotate(u32 value, u32 by) { return value << by | value >> (32 - by); }

static const u32 sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af,
    0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
    0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
    0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97,
    0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
    0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

void MD5Transform(u32 *state, const u8 *block) {
  static const u8 shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  u32 a = state[0], b = state[1], c = state[2], d = state[3];
  for (u32 i = 0; i < 64; i++) {
    u32 f, g, round = i >> 4;
    if (round == 0) f = (b & c) | (~b & d), g = i;
    else if (round == 1) f = (d & b) | (~d & c), g = 5 * i + 1;
    else if (round == 2) f = b ^ c ^ d, g = 3 * i + 5;
    else f = c ^ (b | ~d), g = 7 * i;
    const u8 *w = block + (g & 15) * 4;
    u32 word = w[0] | (u32)w[1] << 8 | (u32)w[2] << 16 | (u32)w[3] << 24;
    u32 next = b + rotate(a + f + sines[i] + word, shifts[round][i & 3]);
    a = d;
    d = c;
    c = b;
    b = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

void MD5Init(Md5 *m) {
  m->state[0] = 0x67452301;
  m->state[1] = 0xefcdab89;
  m->state[2] = 0x98badcfe;
  m->state[3] = 0x10325476;
  m->bits[0] = m->bits[1] = 0;
}

void MD5Update(Md5 *m, const u8 *bytes, u32 length) {
  u32 at = m->bits[0] >> 3 & 63;
  u32 low = m->bits[0] + (length << 3);
  m->bits[1] += (length >> 29) + (low < m->bits[0]);
  m->bits[0] = low;
  while (length--) {
    m->block[at++] = *bytes++;
    if (at < 64) continue;
    MD5Transform(m->state, m->block);
    at = 0;
  }
}

void MD5Final(u8 *digest, Md5 *m) {
  u32 low = m->bits[0], high = m->bits[1];
  u8 end[8], byte = 0x80;
  for (u32 i = 0; i < 8; i++) end[i] = (u8)((i < 4 ? low : high) >> (i & 3) * 8);
  do {
    MD5Update(m, &byte, 1);
    byte = 0;
  } while ((m->bits[0] >> 3 & 63) != 56);
  MD5Update(m, end, 8);
  for (u32 i = 0; i < 16; i++) digest[i] = (u8)(m->state[i >> 2] >> (i & 3) * 8);
  memset(m, 0, sizeof *m);
}

#define SHA_TEXT(i) REG(0x3ff03000u + (i) * 4)
/* Start, continue, load, busy of SHA-1, 256, 384, 512 from 0x80 on. */
#define SHA_CONTROL(kind, i) REG(0x3ff03080u + (kind) * 16 + (i) * 4)
#define PERI_CLK_EN REG(DPORT + 0x1c)
#define PERI_RST_EN REG(DPORT + 0x20)

typedef struct {
  u8 started;
  u32 bits[4];
} Sha;

static const u8 block_bytes[4] = {64, 64, 128, 128}, digest_bytes[4] = {20, 32, 48, 64};

/* SHA shares its reset with secure boot and digital signature. */
void ets_sha_enable(void) {
  PERI_CLK_EN |= BIT(1);
  PERI_RST_EN &= ~(BIT(1) | BIT(3) | BIT(4));
}

void ets_sha_disable(void) {
  PERI_RST_EN |= BIT(1) | BIT(3);
  PERI_CLK_EN &= ~BIT(1);
}

void ets_sha_init(Sha *sha) { memset(sha, 0, sizeof *sha); }

static void sha_wait(u32 kind) {
  while (SHA_CONTROL(kind, 3)) {
  }
}

/* The accelerator takes words with the first byte at the top; its text memory gathers a block. */
static void sha_byte(Sha *sha, u32 kind, u8 byte) {
  u32 at = sha->bits[0] >> 3 & (block_bytes[kind] - 1u), shift = (3 - (at & 3)) * 8;
  sha_wait(kind);
  u32 word = at & 3 ? SHA_TEXT(at >> 2) & ~(0xffffffffu >> (at & 3) * 8) : 0;
  SHA_TEXT(at >> 2) = word | (u32)byte << shift;
  sha->bits[0] += 8;
  if (sha->bits[0] == 0) sha->bits[1]++;
  if (at + 1 < block_bytes[kind]) return;
  SHA_CONTROL(kind, sha->started ? 1 : 0) = 1;
  sha->started = 1;
}

void ets_sha_update(Sha *sha, int kind, const u8 *input, u32 bits) {
  for (u32 n = bits >> 3; n; n--) sha_byte(sha, (u32)kind, *input++);
}

void ets_sha_finish(Sha *sha, int kind, u8 *output) {
  u32 low = sha->bits[0], high = sha->bits[1], block = block_bytes[kind];
  u8 byte = 0x80;
  do {
    sha_byte(sha, (u32)kind, byte);
    byte = 0;
  } while ((sha->bits[0] >> 3 & (block - 1)) != block - 8);
  for (u32 i = 0; i < 8; i++) sha_byte(sha, (u32)kind, (u8)((i < 4 ? high : low) >> (3 - (i & 3)) * 8));
  sha_wait((u32)kind);
  SHA_CONTROL(kind, 2) = 1;
  sha_wait((u32)kind);
  for (u32 i = 0; i < digest_bytes[kind]; i++) output[i] = (u8)(SHA_TEXT(i >> 2) >> (3 - (i & 3)) * 8);
}
