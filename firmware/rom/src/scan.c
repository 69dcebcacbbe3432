/* Conversions for scanf: newlib's "nano" set, without 64-bit integers; floats are the application's. */
#include "stdio.h"

/* struct _scan_data_t, which the application's float conversion shares. */
typedef struct {
  int flags, base, width, assigned, taken;
  u8 *table;
  int code;
  char buffer[40];
  int (*unget)(Reent *r, int c, File *f);
  int (*refill)(Reent *r, File *f);
} Scan;

enum { SHORT = 4, LONG = 1, LONG_LONG = 2, SUPPRESS = 16, NO_SKIP = 64 };
enum { CHARS, SET, TEXT_WORD, NUMBER, FLOAT };

int isspace(int c);
char *strchr(const char *text, int c);
const u8 *__sccl(u8 *table, const u8 *format);
int _strtol_r(u32 *reent, const char *text, char **end, int base);
u32 _strtoul_r(u32 *reent, const char *text, char **end, int base);
int _scanf_float(Reent *r, Scan *s, File *f, Arguments *a);

/* A pushed-back buffer used up gives way to the text. */
int __ssrefill_r(Reent *r, File *f) {
  if (f->pushed_base) {
    if (f->pushed_base != f->pushed) _free_r((u32)r, (u32)f->pushed_base);
    f->pushed_base = 0;
    f->readable = f->pushed_count;
    if (f->readable) {
      f->at = f->pushed_at;
      return 0;
    }
  }
  f->at = f->base;
  f->readable = 0;
  f->flags |= AT_END;
  return -1;
}

/* A text's own last character is stepped over; another one is kept aside. */
int _sungetc_r(Reent *r, int c, File *f) {
  if (c == -1) return -1;
  f->flags &= ~AT_END;
  if (f->pushed_base) {
    if (f->readable >= f->pushed_size && __submore(r, f)) return -1;
  } else if (f->base && f->at > f->base && f->at[-1] == (u8)c) {
    f->at--;
    f->readable++;
    return c & 0xff;
  } else {
    f->pushed_count = f->readable;
    f->pushed_at = f->at;
    f->pushed_base = f->pushed;
    f->pushed_size = sizeof f->pushed;
    f->at = f->pushed + sizeof f->pushed;
    f->readable = 0;
  }
  *--f->at = (u8)c;
  f->readable++;
  return c & 0xff;
}

static int is_empty(Reent *r, Scan *s, File *f) { return f->readable <= 0 && s->refill(r, f); }

static void step(Scan *s, File *f) {
  s->taken++;
  f->readable--;
  f->at++;
}

/* %c, %[, %s. 0, or 1 when nothing of a set matched. */
int _scanf_chars(Reent *r, Scan *s, File *f, Arguments *a) {
  int n = 0;
  if (s->width == 0) s->width = s->code == CHARS ? 1 : -1;
  u8 *to = s->flags & SUPPRESS ? 0 : (u8 *)next_argument(a);
  for (;;) {
    u8 c = *f->at;
    if (s->code == SET ? !s->table[c] : s->code == TEXT_WORD && isspace(c)) break;
    n++;
    if (to) *to++ = c;
    step(s, f);
    if (--s->width == 0 || is_empty(r, s, f)) break;
  }
  if (n == 0 && s->code == SET) return 1;
  if (to) {
    if (s->code != CHARS) *to = 0;
    s->assigned++;
  }
  return 0;
}

static int digit_of(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

static void store(Scan *s, Arguments *a, u32 value) {
  u32 to = next_argument(a);
  if (s->flags & SHORT) *(short *)to = (short)value;
  else *(u32 *)to = value;
}

/* Sign, prefix and digits of at most `width` characters; 1 when there is no digit. A 0x without digits counts as 0. */
int _scanf_i(Reent *r, Scan *s, File *f, Arguments *a) {
  char *end = s->buffer, *first_digit = 0;
  int zeros_skipped = 0, is_signed = s->code == NUMBER && (s->flags & 0x100) == 0, base = s->base, prefix_may_come = 0;
  u32 left = (u32)s->width - 1 > sizeof s->buffer - 2 ? sizeof s->buffer - 1 : (u32)s->width;
  u32 over = (u32)s->width - 1 > sizeof s->buffer - 2 ? (u32)s->width - (sizeof s->buffer - 1) : 0;
  for (; left; left--) {
    int c = *f->at;
    if ((c == '+' || c == '-') && end == s->buffer) {
      *end++ = (char)c;
    } else if (c == '0' && first_digit == 0 && !prefix_may_come && (base == 0 || base == 16)) {
      prefix_may_come = 1;
      if (base == 0) base = 8;
      *end++ = '0';
      first_digit = end - 1;
    } else if ((c == 'x' || c == 'X') && prefix_may_come && end == first_digit + 1 && (s->base == 0 || s->base == 16)) {
      base = 16;
      *end++ = (char)c;
      prefix_may_come = 0;
    } else if (c == '0' && first_digit && end == first_digit + 1 && first_digit[0] == '0' && over) {
      zeros_skipped++;
      over--;
      left++;
    } else if (digit_of(c) < (base == 0 ? 10 : base)) {
      if (base == 0) base = 10;
      if (first_digit == 0) first_digit = end;
      prefix_may_come = 0;
      *end++ = (char)c;
    } else {
      break;
    }
    f->at++;
    f->readable--;
    if (is_empty(r, s, f)) {
      left--;
      break;
    }
  }
  if (first_digit == 0) {
    while (end > s->buffer) s->unget(r, (u8)*--end, f);
    return 1;
  }
  if (end[-1] == 'x' || end[-1] == 'X') {
    s->unget(r, (u8)*--end, f);
  }
  *end = 0;
  if (!(s->flags & SUPPRESS)) {
    u32 value = is_signed ? (u32)_strtol_r(&(u32){0}, s->buffer, 0, base) : _strtoul_r(&(u32){0}, s->buffer, 0, base);
    store(s, a, value);
    s->assigned++;
  }
  s->taken += (int)(end - s->buffer) + zeros_skipped;
  return 0;
}

/* Skips white space; whether text is left. */
static int skip_space(Reent *r, Scan *s, File *f) {
  for (;;) {
    if (is_empty(r, s, f)) return 0;
    if (!isspace(*f->at)) return 1;
    step(s, f);
  }
}

/* Number of assignments; -1 when the text ended before the first conversion. */
int scan_with(Reent *r, File *f, Scan *s, const u8 *format, Arguments *a) {
  u8 table[256];
  s->table = table;
  s->assigned = s->taken = 0;
  for (;;) {
    u8 c = *format++;
    if (c == 0) return s->assigned;
    if (isspace(c)) {
      skip_space(r, s, f);
      continue;
    }
    s->flags = s->width = s->base = 0;
    if (c == '%') {
      if (*format == '*') s->flags |= SUPPRESS, format++;
      while (*format >= '0' && *format <= '9') s->width = s->width * 10 + (*format++ - '0');
      if (*format == 'h') s->flags |= SHORT, format++;
      else if (*format == 'l') s->flags |= LONG, format++;
      else if (*format == 'L') s->flags |= LONG_LONG, format++;
      c = *format++;
      s->code = NUMBER;
      switch (c) {
        case 'd': s->base = 10; break;
        case 'i': s->base = 0; break;
        case 'o': s->base = 8, s->flags |= 0x100; break;
        case 'u': s->base = 10, s->flags |= 0x100; break;
        case 'p':
        case 'x':
        case 'X': s->base = 16, s->flags |= 0x100; break;
        case 'e':
        case 'f':
        case 'g':
        case 'E':
        case 'F':
        case 'G': s->code = FLOAT; break;
        case 's': s->code = TEXT_WORD; break;
        case '[':
          format = __sccl(table, format);
          s->code = SET;
          s->flags |= NO_SKIP;
          break;
        case 'c': s->code = CHARS, s->flags |= NO_SKIP; break;
        case 'n':
          if (!(s->flags & SUPPRESS)) store(s, a, (u32)s->taken);
          continue;
        case 0: return -1;
        case '%': s->code = -1; break;
        default: s->base = 10; break;
      }
    } else {
      s->code = -1, s->flags |= NO_SKIP;
    }
    if (is_empty(r, s, f)) goto ended;
    if (!(s->flags & NO_SKIP) && !skip_space(r, s, f)) goto ended;
    if (s->code == -1) {
      if (*f->at != c) return s->assigned;
      step(s, f);
      continue;
    }
    int failed;
    if (s->code <= TEXT_WORD) failed = _scanf_chars(r, s, f, a);
    else if (s->code == NUMBER) failed = _scanf_i(r, s, f, a);
    else failed = _scanf_float(r, s, f, a);
    if (failed == 1) return s->assigned;
    if (failed == 2) goto ended;
  }
ended:
  return s->assigned == 0 || f->flags & FAILED ? -1 : s->assigned;
}

static int scan_file_with(Reent *r, File *f, const char *format, Arguments *a) {
  Scan s;
  s.unget = _ungetc_r;
  s.refill = __srefill_r;
  if (r && !r->started) __sinit(r);
  int locks = !(f->flags2 & 1) && !(f->flags & TEXT);
  if (locks) stream_take(f);
  int n = scan_with(r, f, &s, (const u8 *)format, a);
  if (locks) stream_give(f);
  return n;
}

int scan_file_r(Reent *r, File *f, const char *format, Arguments *a) { return scan_file_with(r, f, format, a); }

int scan_string_file(Reent *r, File *f, const char *format, Arguments *a) {
  Scan s;
  s.unget = _sungetc_r;
  s.refill = __ssrefill_r;
  return scan_with(r, f, &s, (const u8 *)format, a);
}

int scan_text_r(Reent *r, const char *text, const char *format, Arguments *a) {
  File f;
  memset(&f, 0, sizeof f);
  f.flags = READ | TEXT;
  f.descriptor = -1;
  f.at = f.base = (u8 *)text;
  f.size = f.readable = (int)strlen(text);
  f.read = (int (*)(Reent *, void *, u8 *, int))__seofread;
  return scan_string_file(r, &f, format, a);
}

#define REENT ((Reent *)__getreent())

static File *in(Reent *r) {
  if (!r->started) __sinit(r);
  return r->in;
}

int scan_file(File *f, const char *format, Arguments *a) { return scan_file_r(REENT, f, format, a); }
int scan_text(const char *text, const char *format, Arguments *a) { return scan_text_r(REENT, text, format, a); }
int scan_standard_r(Reent *r, const char *format, Arguments *a) { return scan_file_r(r, in(r), format, a); }
int scan_standard(const char *format, Arguments *a) { return scan_standard_r(REENT, format, a); }

#define VA u32 stack, u32 registers, u32 taken
#define LIST (&(Arguments){stack, registers, taken})

int vscanf(const char *format, VA) { return scan_standard(format, LIST); }
int _vscanf_r(Reent *r, const char *format, VA) { return scan_standard_r(r, format, LIST); }
int vfscanf(File *f, const char *format, VA) { return scan_file(f, format, LIST); }
int _vfscanf_r(Reent *r, File *f, const char *format, VA) { return scan_file_r(r, f, format, LIST); }
int vsscanf(const char *text, const char *format, VA) { return scan_text(text, format, LIST); }
int _vsscanf_r(Reent *r, const char *text, const char *format, VA) { return scan_text_r(r, text, format, LIST); }
int __svfscanf(File *f, const char *format, VA) { return scan_file(f, format, LIST); }
int __svfscanf_r(Reent *r, File *f, const char *format, VA) { return scan_file_r(r, f, format, LIST); }
int __ssvfscanf_r(Reent *r, File *f, const char *format, VA) { return scan_string_file(r, f, format, LIST); }
