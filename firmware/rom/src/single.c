/* IEEE-754 single precision by integer arithmetic, round to nearest even, on the bits; conversions to and from 32-bit
   integers. The libgcc names; Which NaN comes out is not the mask ROM's choice. */
#include "rom.h"

#define SIGN 0x80000000u
#define INFINITE 0x7f800000u
#define QUIET 0x400000u
#define NAN_BITS 0x7fc00000u

/* `fraction` has 1.0 at bit 26 (or less, when subnormal at exponent 1) and may carry to bit 27; its lowest bit is
   sticky. */
static u32 pack(u32 sign, int exponent, u32 fraction) {
  if (fraction == 0) return sign;
  while (!(fraction >> 26)) {
    fraction <<= 1;
    exponent--;
  }
  if (fraction >> 27) {
    fraction = fraction >> 1 | (fraction & 1);
    exponent++;
  }
  if (exponent <= 0) {
    int shift = 1 - exponent;
    if (shift > 27) shift = 27;
    fraction = fraction >> shift | ((fraction & ((1u << shift) - 1)) != 0);
    exponent = 1;
  }
  u32 rounded = fraction >> 3, rest = fraction & 7;
  if (rest > 4 || (rest == 4 && rounded & 1)) rounded++;
  if (exponent >= 255 || (exponent == 254 && rounded >> 24)) return sign | INFINITE;
  return sign | (((u32)(exponent - 1) << 23) + rounded);
}

static int exponent_of(u32 bits) { return bits >> 23 & 255 ? (int)(bits >> 23 & 255) : 1; }

static u32 fraction_of(u32 bits) { return (bits & 0x7fffff) | (bits >> 23 & 255 ? 0x800000 : 0); }

static int is_nan(u32 bits) { return (bits & ~SIGN) > INFINITE; }

u32 __addsf3(u32 a, u32 b) {
  if (is_nan(a)) return a | QUIET;
  if (is_nan(b)) return b | QUIET;
  if ((a & ~SIGN) == INFINITE) return (b & ~SIGN) == INFINITE && a != b ? a | QUIET : a;
  if ((b & ~SIGN) == INFINITE) return b;
  if ((a & ~SIGN) < (b & ~SIGN)) {
    u32 swap = a;
    a = b;
    b = swap;
  }
  int exponent = exponent_of(a), distance = exponent - exponent_of(b);
  u32 x = fraction_of(a) << 3, y = fraction_of(b) << 3;
  if (distance > 27) distance = 27;
  y = y >> distance | ((y & ((1u << distance) - 1)) != 0);
  if (((a ^ b) & SIGN) == 0) return pack(a & SIGN, exponent, x + y);
  return x == y ? 0 : pack(a & SIGN, exponent, x - y);
}

u32 __subsf3(u32 a, u32 b) { return __addsf3(a, b ^ SIGN); }
u32 __negsf2(u32 a) { return a ^ SIGN; }

u32 __mulsf3(u32 a, u32 b) {
  u32 sign = (a ^ b) & SIGN, x = a & ~SIGN, y = b & ~SIGN;
  if (is_nan(b)) return b | QUIET;
  if (is_nan(a)) return sign | x | QUIET;
  if (x == INFINITE || y == INFINITE) return x == 0 || y == 0 ? NAN_BITS : sign | INFINITE;
  if (x == 0 || y == 0) return sign;
  int exponent = exponent_of(x) + exponent_of(y) - 127;
  u64 product = (u64)fraction_of(x) * fraction_of(y);
  while (!(product >> 46)) {
    product <<= 1;
    exponent--;
  }
  return pack(sign, exponent, (u32)(product >> 20) | ((product & 0xfffff) != 0));
}

u32 __divsf3(u32 a, u32 b) {
  u32 sign = (a ^ b) & SIGN, x = a & ~SIGN, y = b & ~SIGN;
  if (is_nan(a)) return sign | x | QUIET;
  if (is_nan(b)) return b | QUIET;
  if (x == INFINITE) return y == INFINITE ? sign | NAN_BITS : sign | INFINITE;
  if (y == INFINITE) return sign;
  if (y == 0) return x == 0 ? sign | NAN_BITS : sign | INFINITE;
  if (x == 0) return sign;
  int exponent = exponent_of(x) - exponent_of(y) + 127;
  for (x = fraction_of(x); !(x & 0x800000); exponent--) x <<= 1;
  for (y = fraction_of(y); !(y & 0x800000); exponent++) y <<= 1;
  u32 quotient = 0;
  for (int i = 0; i < 27; i++) {
    quotient <<= 1;
    if (x >= y) {
      x -= y;
      quotient |= 1;
    }
    x <<= 1;
  }
  return pack(sign, exponent, quotient | (x != 0));
}

static u32 from_magnitude(u32 sign, u32 value) {
  int exponent = 127 + 26;
  if (value == 0) return 0;
  while (value >> 27) {
    value = value >> 1 | (value & 1);
    exponent++;
  }
  return pack(sign, exponent, value);
}

u32 __floatsisf(int value) { return from_magnitude((u32)value & SIGN, value < 0 ? -(u32)value : (u32)value); }

u32 __floatunsisf(u32 value) { return from_magnitude(0, value); }

/* The integer part of the magnitude; ones where 32 bits do not hold it. */
static u32 integer_of(u32 bits) {
  int shift = exponent_of(bits) - 150;
  if (shift >= 0) return shift > 8 ? 0xffffffffu : fraction_of(bits) << shift;
  return shift < -23 ? 0 : fraction_of(bits) >> -shift;
}

int __fixsfsi(u32 bits) {
  u32 magnitude = integer_of(bits & ~SIGN);
  if (magnitude >> 31) return bits & SIGN && !is_nan(bits) ? (int)SIGN : 0x7fffffff;
  return (int)(bits & SIGN ? -magnitude : magnitude);
}

/* Of negative numbers the lower bits, down to the least 32-bit integer. */
u32 __fixunssfsi(u32 bits) {
  u32 magnitude = integer_of(bits & ~SIGN);
  if (!(bits & SIGN) || is_nan(bits)) return magnitude;
  return magnitude >> 31 ? SIGN : -magnitude;
}
