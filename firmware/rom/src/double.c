/* IEEE-754 double precision by integer arithmetic, round to nearest even, on the bits; conversions. The libgcc names. */
#include "rom.h"

#define SIGN (1ull << 63)
#define INFINITE (0x7ffull << 52)
#define QUIET (1ull << 51)
#define NAN_BITS (INFINITE | QUIET)
#define ONE (1ull << 52)

static int is_nan(u64 bits) { return (bits & ~SIGN) > INFINITE; }
static int exponent_of(u64 bits) { return bits >> 52 & 0x7ff ? (int)(bits >> 52 & 0x7ff) : 1; }
static u64 fraction_of(u64 bits) { return (bits & (ONE - 1)) | (bits >> 52 & 0x7ff ? ONE : 0); }

/* Shifts right, with everything lost gathered in the lowest bit. */
static u64 shift_sticky(u64 value, int by) {
  if (by <= 0) return value;
  if (by > 63) return value != 0;
  return value >> by | ((value & ((1ull << by) - 1)) != 0);
}

/* `fraction` has 1.0 at bit 55 at `exponent`; its lowest bit is sticky. */
static u64 pack(u64 sign, int exponent, u64 fraction) {
  if (fraction == 0) return sign;
  while (!(fraction >> 55)) {
    fraction <<= 1;
    exponent--;
  }
  while (fraction >> 56) {
    fraction = shift_sticky(fraction, 1);
    exponent++;
  }
  if (exponent <= 0) {
    fraction = shift_sticky(fraction, 1 - exponent);
    exponent = 1;
  }
  u64 rounded = fraction >> 3;
  u32 rest = (u32)fraction & 7;
  if (rest > 4 || (rest == 4 && ((u32)rounded & 1))) rounded++;
  if (exponent >= 0x7ff || (exponent == 0x7fe && rounded >> 53)) return sign | INFINITE;
  return sign | (((u64)(exponent - 1) << 52) + rounded);
}

u64 __adddf3(u64 a, u64 b) {
  if (is_nan(a)) return a | QUIET;
  if (is_nan(b)) return b | QUIET;
  if ((a & ~SIGN) == INFINITE) return (b & ~SIGN) == INFINITE && a != b ? a | QUIET : a;
  if ((b & ~SIGN) == INFINITE) return b;
  if ((a & ~SIGN) < (b & ~SIGN)) {
    u64 kept = a;
    a = b;
    b = kept;
  }
  int exponent = exponent_of(a);
  u64 x = fraction_of(a) << 3, y = shift_sticky(fraction_of(b) << 3, exponent - exponent_of(b));
  if (((a ^ b) & SIGN) == 0) return pack(a & SIGN, exponent, x + y);
  return x == y ? 0 : pack(a & SIGN, exponent, x - y);
}

u64 __subdf3(u64 a, u64 b) { return __adddf3(a, b ^ SIGN); }
u64 __negdf2(u64 a) { return a ^ SIGN; }

u64 __muldf3(u64 a, u64 b) {
  u64 sign = (a ^ b) & SIGN, x = a & ~SIGN, y = b & ~SIGN;
  if (is_nan(b)) return b | QUIET;
  if (is_nan(a)) return sign | x | QUIET;
  if (x == INFINITE || y == INFINITE) return x == 0 || y == 0 ? NAN_BITS : sign | INFINITE;
  if (x == 0 || y == 0) return sign;
  int exponent = exponent_of(x) + exponent_of(y) - 1023;
  x = fraction_of(x);
  y = fraction_of(y);
  for (; !(x >> 52); exponent--) x <<= 1;
  for (; !(y >> 52); exponent--) y <<= 1;
  /* 53 x 53 bits: the product is high:low, 1.0 at bit 104. */
  u64 xl = (u32)x, xh = x >> 32, yl = (u32)y, yh = y >> 32;
  u64 ll = xl * yl, middle = xh * yl + (ll >> 32), other = xl * yh + (u32)middle;
  u64 high = xh * yh + (middle >> 32) + (other >> 32), low = other << 32 | (u32)ll;
  return pack(sign, exponent, high << 15 | low >> 49 | ((low & ((1ull << 49) - 1)) != 0));
}

u64 __divdf3(u64 a, u64 b) {
  u64 sign = (a ^ b) & SIGN, x = a & ~SIGN, y = b & ~SIGN;
  if (is_nan(a)) return sign | x | QUIET;
  if (is_nan(b)) return b | QUIET;
  if (x == INFINITE) return y == INFINITE ? sign | NAN_BITS : sign | INFINITE;
  if (y == INFINITE) return sign;
  if (y == 0) return x == 0 ? sign | NAN_BITS : sign | INFINITE;
  if (x == 0) return sign;
  int exponent = exponent_of(x) - exponent_of(y) + 1023;
  for (x = fraction_of(x); !(x >> 52); exponent--) x <<= 1;
  for (y = fraction_of(y); !(y >> 52); exponent++) y <<= 1;
  u64 quotient = 0;
  for (int i = 0; i < 56; i++) {
    quotient <<= 1;
    if (x >= y) {
      x -= y;
      quotient |= 1;
    }
    x <<= 1;
  }
  return pack(sign, exponent, quotient | (x != 0));
}

static u64 from_magnitude(u64 sign, u64 value) {
  int exponent = 1023 + 55;
  if (value >> 56) {
    int by = 0;
    while (value >> by >> 56) by++;
    value = shift_sticky(value, by);
    exponent += by;
  }
  return value ? pack(sign, exponent, value) : 0;
}

u64 __floatsidf(int v) { return from_magnitude(v < 0 ? SIGN : 0, v < 0 ? -(u32)v : (u32)v); }
u64 __floatunsidf(u32 v) { return from_magnitude(0, v); }
u64 __floatdidf(i64 v) { return from_magnitude(v < 0 ? SIGN : 0, v < 0 ? -(u64)v : (u64)v); }
u64 __floatundidf(u64 v) { return from_magnitude(0, v); }

/* The integer part of the magnitude; values out of range give all ones. */
static u64 integer_of(u64 bits) {
  int shift = exponent_of(bits) - 1075;
  if (shift >= 0) return shift > 11 ? ~0ull : fraction_of(bits) << shift;
  return shift < -52 ? 0 : fraction_of(bits) >> -shift;
}

i64 __fixdfdi(u64 bits) {
  u64 magnitude = integer_of(bits & ~SIGN);
  if (magnitude >> 63) return bits & SIGN && !is_nan(bits) ? (i64)SIGN : (i64)~SIGN;
  return (i64)(bits & SIGN ? -magnitude : magnitude);
}

int __fixdfsi(u64 bits) {
  u64 magnitude = integer_of(bits & ~SIGN);
  if (magnitude >> 31) return bits & SIGN && !is_nan(bits) ? (int)0x80000000u : 0x7fffffff;
  return (int)(bits & SIGN ? -(u32)magnitude : (u32)magnitude);
}

/* Of negative numbers the lower bits, down to the least integer of the size. */
static u64 unsigned_of(u64 bits) {
  u64 magnitude = integer_of(bits & ~SIGN);
  if (!(bits & SIGN) || is_nan(bits)) return magnitude;
  return magnitude >> 63 ? SIGN : -magnitude;
}

u32 __fixunsdfsi(u64 bits) {
  u64 magnitude = integer_of(bits & ~SIGN);
  if (bits & SIGN && !is_nan(bits)) return magnitude >> 31 ? 0x80000000u : -(u32)magnitude;
  return magnitude >> 32 ? 0xffffffffu : (u32)magnitude;
}

u64 __extendsfdf2(u32 bits) {
  u64 sign = (u64)(bits & 0x80000000u) << 32;
  u32 magnitude = bits & 0x7fffffff, exponent = magnitude >> 23;
  if (exponent == 255) return sign | INFINITE | (u64)(magnitude & 0x7fffff) << 29 | (magnitude & 0x7fffff ? QUIET : 0);
  if (exponent) return sign | (u64)(exponent + 896) << 52 | (u64)(magnitude & 0x7fffff) << 29;
  return pack(sign, 897, (u64)magnitude << 32);
}

u32 __truncdfsf2(u64 bits) {
  u32 sign = (u32)(bits >> 32) & 0x80000000u;
  u64 magnitude = bits & ~SIGN;
  if (magnitude > INFINITE) return sign | 0x7fc00000;
  int exponent = (int)(magnitude >> 52) - 896;
  if (magnitude == INFINITE || exponent >= 255) return sign | 0x7f800000;
  /* 24 bits and 3 for rounding. */
  u64 fraction = shift_sticky(fraction_of(magnitude), 26);
  if (magnitude >> 52 == 0) exponent = -895;
  if (exponent <= 0) {
    fraction = shift_sticky(fraction, 1 - exponent);
    exponent = 1;
  }
  u32 rounded = (u32)fraction >> 3, rest = (u32)fraction & 7;
  if (rest > 4 || (rest == 4 && rounded & 1)) rounded++;
  return sign | (((u32)(exponent - 1) << 23) + rounded);
}

/* 64-bit integers to single precision, rounded once: the double keeps a sticky bit. */
static u32 single_of(u64 sign, u64 value) {
  int by = 0;
  while (value >> by >> 50) by++;
  value = shift_sticky(value, by);
  u64 bits = from_magnitude(sign, value);
  if (bits & ~SIGN) bits += (u64)by << 52;
  return __truncdfsf2(bits);
}

u32 __floatdisf(i64 v) { return single_of(v < 0 ? SIGN : 0, v < 0 ? -(u64)v : (u64)v); }
u32 __floatundisf(u64 v) { return single_of(0, v); }
i64 __fixsfdi(u32 bits) { return __fixdfdi(__extendsfdf2(bits)); }
u64 __fixunssfdi(u32 bits) { return unsigned_of(__extendsfdf2(bits)); }
