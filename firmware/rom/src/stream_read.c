/* Streams: what is read and pushed back, and the sets of scanf. */
#include "stdio.h"

static int flush_lines(Reent *r, File *f) {
  return (f->flags & (LINE | WRITE)) == (LINE | WRITE) ? _fflush_r(r, f) : 0;
}

int __srefill_r(Reent *r, File *f) {
  if (r && !r->started) __sinit(r);
  f->readable = 0;
  if (f->flags & AT_END) return -1;
  if (!(f->flags & READ)) {
    if (!(f->flags & BOTH)) {
      r->error = EBADF;
      f->flags |= FAILED;
      return -1;
    }
    if (f->flags & WRITE) {
      if (_fflush_r(r, f)) return -1;
      f->flags &= ~WRITE;
      f->writable = f->line_size = 0;
    }
    f->flags |= READ;
  } else if (f->pushed_base) {
    if (f->pushed_base != f->pushed) _free_r((u32)r, (u32)f->pushed_base);
    f->pushed_base = 0;
    f->readable = f->pushed_count;
    if (f->readable) {
      f->at = f->pushed_at;
      return 0;
    }
  }
  if (f->base == 0) __smakebuf_r(r, f);
  if (f->flags & (LINE | NONE)) _fwalk_reent(_global_impure_ptr, flush_lines);
  f->at = f->base;
  f->readable = f->read(r, f->cookie, f->at, f->size);
  if (f->readable > 0) return 0;
  f->flags |= f->readable == 0 ? AT_END : FAILED;
  f->readable = 0;
  return -1;
}

/* Twice the room for characters pushed back; it grows downwards. */
int __submore(Reent *r, File *f) {
  int size = f->pushed_base == f->pushed ? (int)sizeof f->pushed : f->pushed_size;
  int room = f->pushed_base == f->pushed ? BUFFER : size * 2;
  u8 *base = (u8 *)_malloc_r((u32)r, (u32)room);
  if (base == 0) return -1;
  memcpy(base + room - size, f->pushed_base, (u32)size);
  if (f->pushed_base != f->pushed) _free_r((u32)r, (u32)f->pushed_base);
  f->pushed_base = base;
  f->pushed_size = room;
  f->at = base + room - size;
  return 0;
}

int _ungetc_r(Reent *r, int c, File *f) {
  if (c == -1) return -1;
  if (r && !r->started) __sinit(r);
  f->flags &= ~AT_END;
  if (!(f->flags & READ)) {
    if (!(f->flags & BOTH)) return -1;
    if (f->flags & WRITE) {
      if (_fflush_r(r, f)) return -1;
      f->flags &= ~WRITE;
      f->writable = f->line_size = 0;
    }
    f->flags |= READ;
  }
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

int ungetc(int c, File *f) { return _ungetc_r((Reent *)__getreent(), c, f); }

/* The set of scanf's %[: `table` has 1 for members; returns what follows the bracket. */
const u8 *__sccl(u8 *table, const u8 *format) {
  u8 member = 1;
  int c = *format++;
  if (c == '^') {
    member = 0;
    c = *format++;
  }
  memset(table, !member, 256);
  if (c == 0) return format - 1;
  for (;;) {
    table[c] = member;
    int next = *format++;
    if (next == 0) return format - 1;
    if (next == ']') return format;
    if (next == '-' && *format != ']' && *format >= c) {
      for (int last = *format++; c < last;) table[++c] = member;
      next = *format++;
      if (next == 0) return format - 1;
      if (next == ']') return format;
    }
    c = next;
  }
}
