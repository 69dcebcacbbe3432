/* Wide characters of the "C" locale: one byte each. */
#include "stdio.h"

int __ascii_wctomb(Reent *r, char *to, u32 wide, void *state) {
  (void)state;
  if (to == 0) return 0;
  if (wide > 255) {
    r->error = EILSEQ;
    return -1;
  }
  *to = (char)wide;
  return 1;
}

int _wctomb_r(Reent *r, char *to, u32 wide, void *state) { return __ascii_wctomb(r, to, wide, state); }

int _wcrtomb_r(Reent *r, char *to, u32 wide, void *state) {
  char unused[8];
  return to ? __ascii_wctomb(r, to, wide, state) : __ascii_wctomb(r, unused, 0, state);
}

int wcrtomb(char *to, u32 wide, void *state) { return _wcrtomb_r((Reent *)__getreent(), to, wide, state); }

u32 __fputwc(Reent *r, u32 wide, File *f) {
  char c;
  if (__ascii_wctomb(r, &c, wide, f->multibyte) != 1) {
    f->flags |= FAILED;
    return 0xffffffffu;
  }
  if (--f->writable >= 0) {
    *f->at++ = (u8)c;
    return wide;
  }
  return __swbuf_r(r, (u8)c, f) == -1 ? 0xffffffffu : wide;
}

u32 _fputwc_r(Reent *r, u32 wide, File *f) {
  stream_take(f);
  if (!(f->flags & WIDE_SET)) {
    f->flags |= WIDE_SET;
    f->flags2 |= 0x2000;
  }
  u32 result = __fputwc(r, wide, f);
  stream_give(f);
  return result;
}

u32 fputwc(u32 wide, File *f) { return _fputwc_r((Reent *)__getreent(), wide, f); }
