/* libgcc's powers and complex arithmetic on the bits of floats and doubles. Infinite results that come out as NaN by
   the plain formulas are recovered as C11 Annex G asks. Quotients by Smith's method (CACM 1962). */
#include "rom.h"

u32 __addsf3(u32 a, u32 b);
u32 __subsf3(u32 a, u32 b);
u32 __mulsf3(u32 a, u32 b);
u32 __divsf3(u32 a, u32 b);
u64 __adddf3(u64 a, u64 b);
u64 __subdf3(u64 a, u64 b);
u64 __muldf3(u64 a, u64 b);
u64 __divdf3(u64 a, u64 b);

/* One set of functions for each precision: T the bits, S the sign bit, I infinity, ONE 1.0. */
#define PRECISION(T, SUFFIX, S, I, ONE)                                                                              \
  static T add_##T(T a, T b) { return __add##SUFFIX##3(a, b); }                                                      \
  static T sub_##T(T a, T b) { return __sub##SUFFIX##3(a, b); }                                                      \
  static T mul_##T(T a, T b) { return __mul##SUFFIX##3(a, b); }                                                      \
  static T quotient_##T(T a, T b) { return __div##SUFFIX##3(a, b); }                                                 \
  static int nan_##T(T a) { return (a & ~(S)) > (I); }                                                               \
  static int infinite_##T(T a) { return (a & ~(S)) == (I); }                                                         \
  /* 1 or 0 with the sign of `a`: whether it is infinite. */                                                         \
  static T box_##T(T a) { return (a & (S)) | (infinite_##T(a) ? (ONE) : 0); }                                        \
  static T still_##T(T a) { return nan_##T(a) ? a & (S) : a; }                                                       \
                                                                                                                     \
  T __powi##SUFFIX##2(T x, int n) {                                                                                  \
    u32 left = n < 0 ? -(u32)n : (u32)n;                                                                             \
    T y = left & 1 ? x : (ONE);                                                                                      \
    while (left >>= 1) {                                                                                             \
      x = mul_##T(x, x);                                                                                             \
      if (left & 1) y = mul_##T(y, x);                                                                               \
    }                                                                                                                \
    return n < 0 ? quotient_##T((ONE), y) : y;                                                                       \
  }                                                                                                                  \
                                                                                                                     \
  void complex_product_##T(T *to, T a, T b, T c, T d) {                                                              \
    T ac = mul_##T(a, c), bd = mul_##T(b, d), ad = mul_##T(a, d), bc = mul_##T(b, c);                                \
    to[0] = sub_##T(ac, bd);                                                                                         \
    to[1] = add_##T(ad, bc);                                                                                         \
    if (!nan_##T(to[0]) || !nan_##T(to[1])) return;                                                                  \
    int recover = 0;                                                                                                 \
    if (infinite_##T(a) || infinite_##T(b)) {                                                                        \
      a = box_##T(a), b = box_##T(b), c = still_##T(c), d = still_##T(d), recover = 1;                               \
    }                                                                                                                \
    if (infinite_##T(c) || infinite_##T(d)) {                                                                        \
      c = box_##T(c), d = box_##T(d), a = still_##T(a), b = still_##T(b), recover = 1;                               \
    }                                                                                                                \
    if (!recover && (infinite_##T(ac) || infinite_##T(bd) || infinite_##T(ad) || infinite_##T(bc))) {                \
      a = still_##T(a), b = still_##T(b), c = still_##T(c), d = still_##T(d), recover = 1;                           \
    }                                                                                                                \
    if (!recover) return;                                                                                            \
    to[0] = mul_##T((I), sub_##T(mul_##T(a, c), mul_##T(b, d)));                                                     \
    to[1] = mul_##T((I), add_##T(mul_##T(a, d), mul_##T(b, c)));                                                     \
  }                                                                                                                  \
                                                                                                                     \
  void complex_quotient_##T(T *to, T a, T b, T c, T d) {                                                             \
    if (!nan_##T(c) && !nan_##T(d) && (c & ~(S)) < (d & ~(S))) {                                                     \
      T ratio = quotient_##T(c, d), below = add_##T(mul_##T(c, ratio), d);                                           \
      to[0] = quotient_##T(add_##T(mul_##T(a, ratio), b), below);                                                    \
      to[1] = quotient_##T(sub_##T(mul_##T(b, ratio), a), below);                                                    \
    } else {                                                                                                         \
      T ratio = quotient_##T(d, c), below = add_##T(mul_##T(d, ratio), c);                                           \
      to[0] = quotient_##T(add_##T(mul_##T(b, ratio), a), below);                                                    \
      to[1] = quotient_##T(sub_##T(b, mul_##T(a, ratio)), below);                                                    \
    }                                                                                                                \
    if (!nan_##T(to[0]) || !nan_##T(to[1])) return;                                                                  \
    int finite_cd = (c & ~(S)) < (I) && (d & ~(S)) < (I), finite_ab = (a & ~(S)) < (I) && (b & ~(S)) < (I);          \
    if ((c & ~(S)) == 0 && (d & ~(S)) == 0 && (!nan_##T(a) || !nan_##T(b))) {                                        \
      T huge = (c & (S)) | (I);                                                                                      \
      to[0] = mul_##T(huge, a);                                                                                      \
      to[1] = mul_##T(huge, b);                                                                                      \
    } else if ((infinite_##T(a) || infinite_##T(b)) && finite_cd) {                                                  \
      a = box_##T(a), b = box_##T(b);                                                                                \
      to[0] = mul_##T((I), add_##T(mul_##T(a, c), mul_##T(b, d)));                                                   \
      to[1] = mul_##T((I), sub_##T(mul_##T(b, c), mul_##T(a, d)));                                                   \
    } else if ((infinite_##T(c) || infinite_##T(d)) && finite_ab) {                                                  \
      c = box_##T(c), d = box_##T(d);                                                                                \
      to[0] = mul_##T(0, add_##T(mul_##T(a, c), mul_##T(b, d)));                                                     \
      to[1] = mul_##T(0, sub_##T(mul_##T(b, c), mul_##T(a, d)));                                                     \
    }                                                                                                                \
  }

PRECISION(u32, sf, 0x80000000u, 0x7f800000u, 0x3f800000u)
PRECISION(u64, df, 1ull << 63, 0x7ffull << 52, 0x3ffull << 52)

static u64 pair(const u32 *parts) { return (u64)parts[1] << 32 | parts[0]; }

/* Two floats come back in a2 and a3; two doubles in a2..a5, which arch/returns.S sees to. */
u64 __mulsc3(u32 a, u32 b, u32 c, u32 d) {
  u32 parts[2];
  complex_product_u32(parts, a, b, c, d);
  return pair(parts);
}

u64 __divsc3(u32 a, u32 b, u32 c, u32 d) {
  u32 parts[2];
  complex_quotient_u32(parts, a, b, c, d);
  return pair(parts);
}
