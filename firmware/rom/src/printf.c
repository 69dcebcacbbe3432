/* ets_printf: flags '-', '0', width, precision, and %d %i %u %x %X %p %c %s %%; 'l' and 'h' are read over. */
#include "rom.h"

/* Shared by both CPUs, at their published addresses (rom.ld). */
extern void (*putc1)(char);
extern void (*putc2)(char);

typedef struct {
  /* a3..a7 of the call, then the caller's stack. */
  const u32 *registers, *stack;
  u32 taken;
} Arguments;

void ets_install_putc1(void (*put)(char)) { putc1 = put; }
void ets_install_putc2(void (*put)(char)) { putc2 = put; }
void ets_install_uart_printf(void) { putc1 = ets_write_char_uart; }

static void put(char c) {
  if (putc1) putc1(c);
  if (putc2) putc2(c);
}

static u32 next(Arguments *a) {
  u32 i = a->taken++;
  return i < 5 ? a->registers[i] : a->stack[i - 5];
}

static void pad(int count, char fill) {
  while (count-- > 0) put(fill);
}

static void put_text(const char *text, int width, int left, int precision) {
  int length = 0;
  if (text == 0) text = "<null>";
  while ((precision < 0 || length < precision) && text[length]) length++;
  if (!left) pad(width - length, ' ');
  for (int i = 0; i < length; i++) put(text[i]);
  if (left) pad(width - length, ' ');
}

typedef struct {
  int width, left, zero, precision;
} Format;

static void put_number(u32 value, int negative, u32 base, const char *digits, Format f) {
  char buffer[11];
  int length = 0;
  do {
    buffer[length++] = digits[value % base];
    value /= base;
  } while (value);
  int zeros = f.precision > length ? f.precision - length : 0;
  int blanks = f.width - length - zeros - negative;
  if (f.zero && !f.left && f.precision < 0 && blanks > 0) {
    zeros = blanks;
    blanks = 0;
  }
  if (!f.left) pad(blanks, ' ');
  if (negative) put('-');
  pad(zeros, '0');
  while (length) put(buffer[--length]);
  if (f.left) pad(blanks, ' ');
}

int print_format(const char *format, const u32 *registers, const u32 *stack) {
  static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
  Arguments arguments = {registers, stack, 0};
  for (; *format; format++) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    Format f = {0, 0, 0, -1};
    format++;
    for (;; format++) {
      if (*format == '-') f.left = 1;
      else if (*format == '0') f.zero = 1;
      else if (*format != '+' && *format != ' ' && *format != '#') break;
    }
    if (*format == '*') {
      f.width = (int)next(&arguments);
      format++;
    }
    while (*format >= '0' && *format <= '9') f.width = f.width * 10 + (*format++ - '0');
    if (*format == '.') {
      f.precision = 0;
      format++;
      if (*format == '*') {
        f.precision = (int)next(&arguments);
        format++;
      }
      while (*format >= '0' && *format <= '9') f.precision = f.precision * 10 + (*format++ - '0');
    }
    while (*format == 'l' || *format == 'h' || *format == 'z') format++;
    char kind = *format;
    if (kind == 0) break;
    if (kind == 'd' || kind == 'i') {
      int value = (int)next(&arguments);
      put_number(value < 0 ? -(u32)value : (u32)value, value < 0, 10, lower, f);
    } else if (kind == 'u') {
      put_number(next(&arguments), 0, 10, lower, f);
    } else if (kind == 'x' || kind == 'p') {
      put_number(next(&arguments), 0, 16, lower, f);
    } else if (kind == 'X') {
      put_number(next(&arguments), 0, 16, upper, f);
    } else if (kind == 'c') {
      put((char)next(&arguments));
    } else if (kind == 's') {
      put_text((const char *)next(&arguments), f.width, f.left, f.precision);
    } else {
      put(kind);
    }
  }
  return 0;
}
