/* Integer helpers that compilers call by name. */
#include "rom.h"

int __clzsi2(u32 value);

u32 __bswapsi2(u32 v) { return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24; }
u64 __bswapdi2(u64 v) { return (u64)__bswapsi2((u32)v) << 32 | __bswapsi2((u32)(v >> 32)); }
int __clzdi2(u64 v) { return v >> 32 ? __clzsi2((u32)(v >> 32)) : 32 + __clzsi2((u32)v); }
int __ctzsi2(u32 v) { return v ? 31 - __clzsi2(v & -v) : 32; }
int __ctzdi2(u64 v) { return (u32)v ? __ctzsi2((u32)v) : 32 + __ctzsi2((u32)(v >> 32)); }
int __ffssi2(u32 v) { return v ? __ctzsi2(v) + 1 : 0; }
int __ffsdi2(u64 v) { return v ? __ctzdi2(v) + 1 : 0; }
int __clrsbsi2(int v) { return __clzsi2((u32)(v < 0 ? ~v : v)) - 1; }
int __clrsbdi2(i64 v) { return __clzdi2((u64)(v < 0 ? ~v : v)) - 1; }

int __popcountsi2(u32 v) {
  int n = 0;
  for (; v; v &= v - 1) n++;
  return n;
}

int __popcountdi2(u64 v) { return __popcountsi2((u32)v) + __popcountsi2((u32)(v >> 32)); }
int __paritysi2(u32 v) { return __popcountsi2(v) & 1; }
int __paritydi2(u64 v) { return __popcountdi2(v) & 1; }
i64 __negdi2(i64 v) { return (i64)-(u64)v; }
int __mulsi3(int a, int b) { return a * b; }
int __divsi3(int a, int b) { return a / b; }
int __modsi3(int a, int b) { return a % b; }
u32 __udivsi3(u32 a, u32 b) { return a / b; }
u32 __umodsi3(u32 a, u32 b) { return a % b; }
int __cmpdi2(i64 a, i64 b) { return a < b ? 0 : a > b ? 2 : 1; }
int __ucmpdi2(u64 a, u64 b) { return a < b ? 0 : a > b ? 2 : 1; }
