/* Numbers and text, sorting, division. */
#include "rom.h"

int isspace(int c);

#define ERANGE 34

int abs(int value) { return value < 0 ? -value : value; }
int labs(int value) { return abs(value); }

/* div_t comes back in a2 and a3, as the Xtensa ABI has it for up to four words; the compiler of this file would take
   an address instead. */
u64 div(int n, int d) { return (u64)(u32)(n % d) << 32 | (u32)(n / d); }
u64 ldiv(int n, int d) { return div(n, d); }

static int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

/* The magnitude, capped at `most`; sets `overflow` when it was larger. */
static u32 parse(const char *text, char **end, int base, int *negative, u32 most, int *overflow) {
  const char *p = text;
  while (isspace((u8)*p)) p++;
  *negative = *p == '-';
  if (*p == '-' || *p == '+') p++;
  int hexadecimal = p[0] == '0' && (p[1] | 32) == 'x';
  if ((base == 0 || base == 16) && hexadecimal) {
    base = 16;
    p += 2;
  } else if (base == 0) {
    base = *p == '0' ? 8 : 10;
  }
  u32 value = 0;
  const char *first = p;
  *overflow = 0;
  for (; digit_of(*p) < base; p++) {
    u32 digit = (u32)digit_of(*p);
    if (value > (most - digit) / (u32)base) *overflow = 1;
    else value = value * (u32)base + digit;
  }
  if (end) *end = (char *)(p == first ? text : p);
  return *overflow ? most : value;
}

int _strtol_r(u32 *reent, const char *text, char **end, int base) {
  int negative, overflow;
  u32 value = parse(text, end, base, &negative, 0x80000000u, &overflow);
  if (!negative && value == 0x80000000u) overflow = 1;
  if (overflow) {
    if (reent) *reent = ERANGE;
    return negative ? (int)0x80000000u : 0x7fffffff;
  }
  return (int)(negative ? -value : value);
}

u32 _strtoul_r(u32 *reent, const char *text, char **end, int base) {
  int negative, overflow;
  u32 value = parse(text, end, base, &negative, 0xffffffffu, &overflow);
  if (overflow) {
    if (reent) *reent = ERANGE;
    return 0xffffffffu;
  }
  return negative ? -value : value;
}

int strtol(const char *text, char **end, int base) { return _strtol_r(0, text, end, base); }
u32 strtoul(const char *text, char **end, int base) { return _strtoul_r(0, text, end, base); }
int atoi(const char *text) { return strtol(text, 0, 10); }
int atol(const char *text) { return strtol(text, 0, 10); }
int _atoi_r(u32 *reent, const char *text) { return _strtol_r(reent, text, 0, 10); }
int _atol_r(u32 *reent, const char *text) { return _strtol_r(reent, text, 0, 10); }

char *utoa(u32 value, char *text, int base) {
  char digits[33];
  int n = 0, at = 0;
  if (base < 2 || base > 36) {
    *text = 0;
    return 0;
  }
  do {
    u32 digit = value % (u32)base;
    digits[n++] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    value /= (u32)base;
  } while (value);
  while (n) text[at++] = digits[--n];
  text[at] = 0;
  return text;
}

char *itoa(int value, char *text, int base) {
  if (base != 10 || value >= 0) return utoa((u32)value, text, base);
  *text = '-';
  utoa(-(u32)value, text + 1, base);
  return text;
}

char *__utoa(u32 value, char *text, int base) { return utoa(value, text, base); }
char *__itoa(int value, char *text, int base) { return itoa(value, text, base); }

static void swap(u8 *a, u8 *b, u32 size) {
  while (size--) {
    u8 kept = *a;
    *a++ = *b;
    *b++ = kept;
  }
}

/* Heap sort: no recursion, no extra memory. */
void qsort(void *base, u32 count, u32 size, int (*compare)(const void *, const void *)) {
  u8 *items = base;
  u32 start = count / 2, end = count;
  while (end > 1) {
    if (start) start--;
    else swap(items, items + --end * size, size);
    u32 root = start;
    for (;;) {
      u32 child = root * 2 + 1;
      if (child >= end) break;
      if (child + 1 < end && compare(items + child * size, items + (child + 1) * size) < 0) child++;
      if (compare(items + root * size, items + child * size) >= 0) break;
      swap(items + root * size, items + child * size, size);
      root = child;
    }
  }
}
