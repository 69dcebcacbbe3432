/* IEEE-754 single precision by integer arithmetic, round to nearest even, on the bits, and the comparisons of
   double precision. */

typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

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
  if ((a & ~SIGN) == INFINITE) return (b & ~SIGN) == INFINITE && a != b ? NAN_BITS : a;
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

u32 __subsf3(u32 a, u32 b) { return __addsf3(a, is_nan(b) ? b : b ^ SIGN); }

u32 __mulsf3(u32 a, u32 b) {
  u32 sign = (a ^ b) & SIGN, x = a & ~SIGN, y = b & ~SIGN;
  if (is_nan(a)) return a | QUIET;
  if (is_nan(b)) return b | QUIET;
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
  if (is_nan(a)) return a | QUIET;
  if (is_nan(b)) return b | QUIET;
  if (x == INFINITE) return y == INFINITE ? NAN_BITS : sign | INFINITE;
  if (y == INFINITE) return sign;
  if (y == 0) return x == 0 ? NAN_BITS : sign | INFINITE;
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

u32 __fixunssfsi(u32 bits) {
  int shift = exponent_of(bits) - 150;
  if (shift >= 0) return shift > 8 ? 0xffffffffu : fraction_of(bits) << shift;
  return shift < -23 ? 0 : fraction_of(bits) >> -shift;
}

int __fixsfsi(u32 bits) {
  u32 magnitude = __fixunssfsi(bits & ~SIGN);
  return (int)(bits & SIGN ? -magnitude : magnitude);
}

/* -1, 0, 1, or `unordered`. */
static int compare(u32 a, u32 b, int unordered) {
  if (is_nan(a) || is_nan(b)) return unordered;
  if (((a | b) & ~SIGN) == 0 || a == b) return 0;
  int less = (a & SIGN) != (b & SIGN) ? (a & SIGN) != 0 : (a < b) != ((a & SIGN) != 0);
  return less ? -1 : 1;
}

int __unordsf2(u32 a, u32 b) { return is_nan(a) || is_nan(b); }
int __eqsf2(u32 a, u32 b) { return compare(a, b, 1); }
int __nesf2(u32 a, u32 b) { return compare(a, b, 1); }
int __ltsf2(u32 a, u32 b) { return compare(a, b, 1); }
int __lesf2(u32 a, u32 b) { return compare(a, b, 1); }
int __gtsf2(u32 a, u32 b) { return compare(a, b, -1); }
int __gesf2(u32 a, u32 b) { return compare(a, b, -1); }

u32 fminimum_numf(u32 a, u32 b) {
  if (is_nan(a)) return b;
  if (((a | b) & ~SIGN) == 0) return a | b;
  return is_nan(b) || compare(a, b, 1) <= 0 ? a : b;
}

u32 fmaximum_numf(u32 a, u32 b) {
  if (is_nan(a)) return b;
  if (((a | b) & ~SIGN) == 0) return a & b;
  return is_nan(b) || compare(a, b, 1) >= 0 ? a : b;
}

static int compare_double(u64 a, u64 b, int unordered) {
  u64 sign = 1ull << 63, infinity = 0x7ffull << 52;
  if ((a & ~sign) > infinity || (b & ~sign) > infinity) return unordered;
  if (((a | b) & ~sign) == 0 || a == b) return 0;
  int less = (a & sign) != (b & sign) ? (a & sign) != 0 : (a < b) != ((a & sign) != 0);
  return less ? -1 : 1;
}

int __unorddf2(u64 a, u64 b) { return compare_double(a, b, 2) == 2; }
int __eqdf2(u64 a, u64 b) { return compare_double(a, b, 1); }
int __nedf2(u64 a, u64 b) { return compare_double(a, b, 1); }
int __ltdf2(u64 a, u64 b) { return compare_double(a, b, 1); }
int __ledf2(u64 a, u64 b) { return compare_double(a, b, 1); }
int __gtdf2(u64 a, u64 b) { return compare_double(a, b, -1); }
int __gedf2(u64 a, u64 b) { return compare_double(a, b, -1); }
