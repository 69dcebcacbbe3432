/* What compilers call by name: memory and string primitives and 64-bit arithmetic. */

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

void *memcpy(void *to, const void *from, u32 length) {
  u8 *t = to;
  const u8 *f = from;
  if ((((u32)t | (u32)f) & 3) == 0) {
    for (; length >= 4; length -= 4, t += 4, f += 4) *(u32 *)t = *(const u32 *)f;
  }
  while (length--) *t++ = *f++;
  return to;
}

void *memmove(void *to, const void *from, u32 length) {
  u8 *t = to;
  const u8 *f = from;
  if (t <= f || t >= f + length) return memcpy(to, from, length);
  while (length--) t[length] = f[length];
  return to;
}

void *memset(void *to, int value, u32 length) {
  u8 *t = to;
  while (length--) *t++ = (u8)value;
  return to;
}

int memcmp(const void *left, const void *right, u32 length) {
  const u8 *l = left;
  const u8 *r = right;
  for (; length--; l++, r++) {
    if (*l != *r) return *l - *r;
  }
  return 0;
}

int bcmp(const void *left, const void *right, u32 length) { return memcmp(left, right, length); }

u32 strlen(const char *text) {
  u32 n = 0;
  while (text[n]) n++;
  return n;
}

int strcmp(const char *left, const char *right) {
  while (*left && *left == *right) left++, right++;
  return (u8)*left - (u8)*right;
}

/* Shifts by halves: the compiler turns a u64 shift by a variable into a call of these. */
typedef union {
  u64 whole;
  struct {
    u32 low, high;
  };
} Pair;

u64 __ashldi3(u64 value, int count) {
  Pair p = {value};
  if (count & 32) {
    p.high = p.low << (count & 31);
    p.low = 0;
  } else if (count) {
    p.high = p.high << count | p.low >> (32 - count);
    p.low <<= count;
  }
  return p.whole;
}

u64 __lshrdi3(u64 value, int count) {
  Pair p = {value};
  if (count & 32) {
    p.low = p.high >> (count & 31);
    p.high = 0;
  } else if (count) {
    p.low = p.low >> count | p.high << (32 - count);
    p.high >>= count;
  }
  return p.whole;
}

i64 __ashrdi3(i64 value, int count) {
  Pair p = {(u64)value};
  int high = (int)p.high;
  if (count & 32) {
    p.low = (u32)(high >> (count & 31));
    p.high = (u32)(high >> 31);
  } else if (count) {
    p.low = p.low >> count | p.high << (32 - count);
    p.high = (u32)(high >> count);
  }
  return (i64)p.whole;
}

/* 32 x 32 -> 64 by 16-bit halves: the cores of QEMU have no MULUH. */
static u64 multiply(u32 a, u32 b) {
  u32 al = a & 0xffff, ah = a >> 16, bl = b & 0xffff, bh = b >> 16;
  u32 low = al * bl;
  u32 middle1 = ah * bl + (low >> 16);
  u32 middle2 = al * bh + (middle1 & 0xffff);
  Pair p;
  p.high = ah * bh + (middle1 >> 16) + (middle2 >> 16);
  p.low = middle2 << 16 | (low & 0xffff);
  return p.whole;
}

u64 __muldi3(u64 a, u64 b) {
  Pair x = {a}, y = {b}, p = {multiply(x.low, y.low)};
  p.high += x.low * y.high + x.high * y.low;
  return p.whole;
}

static u64 divide(u64 n, u64 d, u64 *remainder) {
  Pair nn = {n}, dd = {d};
  if (nn.high == 0 && dd.high == 0) {
    *remainder = nn.low % dd.low;
    return nn.low / dd.low;
  }
  Pair q = {0}, r = {0};
  for (int i = 63; i >= 0; i--) {
    r.high = r.high << 1 | r.low >> 31;
    r.low = r.low << 1 | nn.high >> 31;
    nn.high = nn.high << 1 | nn.low >> 31;
    nn.low <<= 1;
    q.high = q.high << 1 | q.low >> 31;
    q.low <<= 1;
    if (r.high > dd.high || (r.high == dd.high && r.low >= dd.low)) {
      u32 borrow = r.low < dd.low;
      r.low -= dd.low;
      r.high -= dd.high + borrow;
      q.low |= 1;
    }
  }
  *remainder = r.whole;
  return q.whole;
}

u64 __udivdi3(u64 n, u64 d) {
  u64 r;
  return divide(n, d, &r);
}

u64 __umoddi3(u64 n, u64 d) {
  u64 r;
  divide(n, d, &r);
  return r;
}

i64 __divdi3(i64 n, i64 d) {
  u64 r;
  u64 q = divide(n < 0 ? -(u64)n : (u64)n, d < 0 ? -(u64)d : (u64)d, &r);
  return (i64)((n < 0) != (d < 0) ? -q : q);
}

i64 __moddi3(i64 n, i64 d) {
  u64 r;
  divide(n < 0 ? -(u64)n : (u64)n, d < 0 ? -(u64)d : (u64)d, &r);
  return (i64)(n < 0 ? -r : r);
}

int __clzsi2(u32 value) {
  int n = 0;
  while (n < 32 && !(value & 0x80000000u >> n)) n++;
  return n;
}

__attribute__((noreturn)) void host_exit(int code);

__attribute__((noreturn)) void abort(void) { host_exit(134); }
