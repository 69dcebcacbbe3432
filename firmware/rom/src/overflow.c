/* libgcc's arithmetic that ends the program when it overflows, and the rest of its integer functions. */
#include "rom.h"

void host_exit(int code) __attribute__((noreturn));

/* The sum's sign differs from those of both operands. */
static int wraps32(int a, int b, int sum) { return ((a ^ sum) & (b ^ sum)) < 0; }
static int wraps64(i64 a, i64 b, i64 sum) { return ((a ^ sum) & (b ^ sum)) < 0; }
static int checked32(int value, int wraps) {
  if (wraps) host_exit(1);
  return value;
}
static i64 checked64(i64 value, int wraps) {
  if (wraps) host_exit(1);
  return value;
}

int __addvsi3(int a, int b) {
  int sum = (int)((u32)a + (u32)b);
  return checked32(sum, wraps32(a, b, sum));
}

i64 __addvdi3(i64 a, i64 b) {
  i64 sum = (i64)((u64)a + (u64)b);
  return checked64(sum, wraps64(a, b, sum));
}

/* a = difference + b. */
int __subvsi3(int a, int b) {
  int difference = (int)((u32)a - (u32)b);
  return checked32(difference, wraps32(difference, b, a));
}

i64 __subvdi3(i64 a, i64 b) {
  i64 difference = (i64)((u64)a - (u64)b);
  return checked64(difference, wraps64(difference, b, a));
}

int __mulvsi3(int a, int b) {
  i64 product = (i64)a * b;
  return checked32((int)product, product != (int)product);
}

static u64 magnitude(i64 v) { return v < 0 ? -(u64)v : (u64)v; }

i64 __mulvdi3(i64 a, i64 b) {
  u64 x = magnitude(a), y = magnitude(b), limit = (1ull << 63) - ((a ^ b) >= 0);
  i64 product = (i64)((u64)a * (u64)b);
  return checked64(product, x != 0 && y > limit / x);
}

int __negvsi2(int v) { return checked32((int)-(u32)v, v == (int)0x80000000u); }
i64 __negvdi2(i64 v) { return checked64((i64)-(u64)v, v == (i64)(1ull << 63)); }
int __absvsi2(int v) { return v < 0 ? __negvsi2(v) : v; }
i64 __absvdi2(i64 v) { return v < 0 ? __negvdi2(v) : v; }
u64 __umulsidi3(u32 a, u32 b) { return (u64)a * b; }

u64 __udivmoddi4(u64 a, u64 b, u64 *rest) {
  u64 quotient = a / b;
  if (rest) *rest = a - quotient * b;
  return quotient;
}

/* Division by way of signed division, which this processor has no use for: always 0. */
u32 __udiv_w_sdiv(void) { return 0; }

int __gcc_bcmp(const u8 *a, const u8 *b, u32 length) {
  for (; length--; a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}

/* ROM and internal RAM are not cached. */
void __clear_cache(void) {}
