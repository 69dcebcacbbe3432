/* Formatting for printf: newlib's "nano" set, without 64-bit integers; floats are the application's (system call table). */
#include "stdio.h"

typedef int (*Put)(Reent *r, File *f, const u8 *from, u32 length);

/* struct _prt_data_t, which the application's float formatting shares. */
typedef struct {
  int flags, precision, digits, width, size, total;
  char code;
  char blanks[16], zeros[16], buffer[40], prefix[3];
  u32 for_floats[16];
} Conversion;

enum { ALTERNATE = 1, LEFT = 2, ZERO = 4, PLUS = 8, SPACE = 16, HEX_PREFIX = 32, SHORT = 64, LONG = 128 };
enum { EOVERFLOW = 139 };

int _printf_float(Reent *r, Conversion *c, File *f, Put put, Arguments *a);
char *strchr(const char *text, int c);
u32 strnlen(const char *text, u32 room);

/* Blanks on the left, sign, 0x, leading zeros. `length` is what the conversion takes without the left blanks. */
int _printf_common(Reent *r, Conversion *c, int *length, File *f, Put put) {
  *length = c->digits > c->size ? c->digits : c->size;
  if (c->prefix[0]) (*length)++;
  if (c->flags & HEX_PREFIX) *length += 2;
  if (!(c->flags & (LEFT | ZERO)))
    for (int i = *length; i < c->width; i++)
      if (put(r, f, (u8 *)c->blanks, 1) == -1) return -1;
  u32 n = c->prefix[0] != 0;
  if (c->flags & HEX_PREFIX) {
    c->prefix[n++] = '0';
    c->prefix[n++] = c->prefix[2];
  }
  if (put(r, f, (u8 *)c->prefix, n) == -1) return -1;
  int zeros = (c->flags & (LEFT | ZERO)) == ZERO ? c->width - *length : 0;
  if (zeros < 0) zeros = 0;
  if (c->digits > c->size) zeros += c->digits - c->size;
  while (zeros-- > 0)
    if (put(r, f, (u8 *)c->zeros, 1) == -1) return -1;
  return 0;
}

static u32 integer(Conversion *c, Arguments *a, int is_signed) {
  u32 value = next_argument(a);
  if (!(c->flags & SHORT) || c->flags & LONG) return value;
  return is_signed ? (u32)(short)value : (u16)value;
}

/* Digits from the end of the buffer; returns the first. */
static char *digits_of(Conversion *c, u32 value, u32 base, const char *letters) {
  char *at = c->buffer + sizeof c->buffer;
  c->digits = c->precision;
  if (c->precision >= 0) c->flags &= ~ZERO;
  if (value || c->precision) {
    do *--at = letters[value % base];
    while (value /= base);
  }
  c->size = (int)(c->buffer + sizeof c->buffer - at);
  if (base == 8 && c->flags & ALTERNATE && c->precision <= c->size) {
    *--at = '0';
    c->size++;
  }
  return at;
}

int _printf_i(Reent *r, Conversion *c, File *f, Put put, Arguments *a) {
  const char *lower = "0123456789abcdef", *upper = "0123456789ABCDEF";
  char *at;
  c->digits = 0;
  switch (c->code) {
    case 'd':
    case 'i': {
      int value = (int)integer(c, a, 1);
      if (value < 0) c->prefix[0] = '-';
      at = digits_of(c, value < 0 ? -(u32)value : (u32)value, 10, lower);
      break;
    }
    case 'u':
    case 'o':
      c->prefix[0] = 0;
      at = digits_of(c, integer(c, a, 0), c->code == 'u' ? 10 : 8, lower);
      break;
    case 'p':
    case 'x':
    case 'X': {
      if (c->code == 'p') c->flags |= ALTERNATE;
      c->prefix[2] = c->code == 'X' ? 'X' : 'x';
      c->prefix[0] = 0;
      u32 value = integer(c, a, 0);
      if (c->flags & ALTERNATE) c->flags |= HEX_PREFIX;
      if (value == 0) c->flags &= ~HEX_PREFIX;
      at = digits_of(c, value, 16, c->code == 'X' ? upper : lower);
      break;
    }
    case 'n': {
      u32 to = next_argument(a);
      if (c->flags & SHORT && !(c->flags & LONG)) *(short *)to = (short)c->total;
      else *(int *)to = c->total;
      c->size = 0;
      at = c->buffer;
      return 0;
    }
    case 0:
      return 0;
    case 's':
      at = (char *)next_argument(a);
      c->size = (int)strnlen(at, c->precision >= 0 ? (u32)c->precision : 0x7fffffffu);
      c->prefix[0] = 0;
      break;
    default:
      at = c->buffer + sizeof c->buffer - 1;
      *at = (char)(c->code == 'c' ? next_argument(a) : (u32)c->code);
      c->size = 1;
      c->prefix[0] = 0;
  }
  int length;
  if (_printf_common(r, c, &length, f, put) == -1) return -1;
  if (put(r, f, (u8 *)at, (u32)c->size) == -1) return -1;
  if (c->flags & LEFT)
    for (int i = length; i < c->width; i++)
      if (put(r, f, (u8 *)c->blanks, 1) == -1) return -1;
  return c->width > length ? c->width : length;
}

static const char *read_number(const char *format, Arguments *a, int *value) {
  *value = 0;
  if (*format == '*') {
    *value = (int)next_argument(a);
    return format + 1;
  }
  while (*format >= '0' && *format <= '9') *value = *value * 10 + (*format++ - '0');
  return format;
}

/* Number of characters put, or -1. */
int print_with(Reent *r, File *f, Put put, const char *format, Arguments *a) {
  static const char flags[] = "#-0+ ", sizes[] = "hlL";
  Conversion c;
  c.total = 0;
  memset(c.blanks, ' ', sizeof c.blanks);
  memset(c.zeros, '0', sizeof c.zeros);
  for (;;) {
    u32 plain = 0;
    while (format[plain] && format[plain] != '%') plain++;
    if (plain) {
      if (put(r, f, (const u8 *)format, plain) == -1) return -1;
      c.total += (int)plain;
      format += plain;
    }
    if (*format == 0) return c.total;
    format++;
    c.flags = c.width = 0;
    c.precision = -1;
    c.prefix[0] = 0;
    for (const char *flag; *format && (flag = strchr(flags, *format)); format++) c.flags |= 1 << (flag - flags);
    if (c.flags & SPACE) c.prefix[0] = ' ';
    if (c.flags & PLUS) c.prefix[0] = '+';
    format = read_number(format, a, &c.width);
    if (c.width < 0) {
      c.width = -c.width;
      c.flags |= LEFT;
    }
    if (*format == '.') {
      format = read_number(format + 1, a, &c.precision);
      if (c.precision < 0) c.precision = -1;
    }
    const char *size = *format ? strchr(sizes, *format) : 0;
    if (size) {
      c.flags |= SHORT << (size - sizes);
      format++;
    }
    c.code = *format++;
    if (c.code == 0) return c.total;
    int is_float = strchr("efgEFG", c.code) != 0;
    int n = is_float ? _printf_float(r, &c, f, put, a) : _printf_i(r, &c, f, put, a);
    if (n == -1) return -1;
    c.total += n;
  }
}
