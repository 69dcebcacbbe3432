/* The "C" locale, the only one. */
#include "rom.h"

int strcmp(const char *left, const char *right);
u32 __getreent(void);

/* struct lconv: ten strings, then limits of which none is given. */
typedef struct {
  const char *strings[10];
  u8 limits[14];
} Conventions;

const Conventions *_localeconv_r(void *reent) {
  static const Conventions c = {{".", "", "", "", "", "", "", "", "", ""},
                                {127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127}};
  (void)reent;
  return &c;
}

const Conventions *localeconv(void) { return _localeconv_r((void *)__getreent()); }

/* "C" and "POSIX" by name, the present one by no name. */
const char *_setlocale_r(void *reent, int category, const char *name) {
  (void)reent;
  (void)category;
  if (name && *name && strcmp(name, "C") != 0 && strcmp(name, "POSIX") != 0) return 0;
  return "C";
}

const char *setlocale(int category, const char *name) { return _setlocale_r((void *)__getreent(), category, name); }
const char *__locale_charset(void) { return "ASCII"; }
const char *__locale_msgcharset(void) { return "ASCII"; }
int __locale_mb_cur_max(void) { return 1; }
int __locale_cjk_lang(void) { return 0; }
