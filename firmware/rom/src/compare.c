/* libgcc's comparisons of singles and doubles, on the bits: what they return is compared with 0. An unordered pair
   makes every test false but __ne. */
#include "rom.h"

enum { LESS, EQUAL, GREATER, UNORDERED };

static int compare_single(u32 a, u32 b) {
  u32 sign = 1u << 31, infinity = 0x7f800000u;
  if ((a & ~sign) > infinity || (b & ~sign) > infinity) return UNORDERED;
  if (((a | b) & ~sign) == 0 || a == b) return EQUAL;
  int less = (a & sign) != (b & sign) ? (a & sign) != 0 : (a < b) != ((a & sign) != 0);
  return less ? LESS : GREATER;
}

static int compare_double(u64 a, u64 b) {
  u64 sign = 1ull << 63, infinity = 0x7ffull << 52;
  if ((a & ~sign) > infinity || (b & ~sign) > infinity) return UNORDERED;
  if (((a | b) & ~sign) == 0 || a == b) return EQUAL;
  int less = (a & sign) != (b & sign) ? (a & sign) != 0 : (a < b) != ((a & sign) != 0);
  return less ? LESS : GREATER;
}

int __unordsf2(u32 a, u32 b) { return compare_single(a, b) == UNORDERED; }
int __eqsf2(u32 a, u32 b) { return compare_single(a, b) != EQUAL; }
int __nesf2(u32 a, u32 b) { return compare_single(a, b) != EQUAL; }
int __ltsf2(u32 a, u32 b) { return -(compare_single(a, b) == LESS); }
int __lesf2(u32 a, u32 b) { return compare_single(a, b) > EQUAL; }
int __gtsf2(u32 a, u32 b) { return compare_single(a, b) == GREATER; }

int __gesf2(u32 a, u32 b) {
  int order = compare_single(a, b);
  return -(order == LESS || order == UNORDERED);
}

int __unorddf2(u64 a, u64 b) { return compare_double(a, b) == UNORDERED; }
int __eqdf2(u64 a, u64 b) { return compare_double(a, b) != EQUAL; }
int __nedf2(u64 a, u64 b) { return compare_double(a, b) != EQUAL; }
int __ltdf2(u64 a, u64 b) { return -(compare_double(a, b) == LESS); }
int __ledf2(u64 a, u64 b) { return compare_double(a, b) > EQUAL; }
int __gtdf2(u64 a, u64 b) { return compare_double(a, b) == GREATER; }

int __gedf2(u64 a, u64 b) {
  int order = compare_double(a, b);
  return -(order == LESS || order == UNORDERED);
}
