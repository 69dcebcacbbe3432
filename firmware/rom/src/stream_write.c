/* Streams: what is written, to files and to strings. */
#include "stdio.h"

/* Makes a stream ready to be written. */
int __swsetup_r(Reent *r, File *f) {
  if (r && !r->started) __sinit(r);
  if (!(f->flags & WRITE)) {
    if (!(f->flags & BOTH)) {
      r->error = EBADF;
      f->flags |= FAILED;
      return -1;
    }
    if (f->flags & READ) {
      f->pushed_base = 0;
      f->flags &= ~(READ | AT_END);
      f->readable = 0;
      f->at = f->base;
    }
    f->flags |= WRITE;
  }
  if (f->base == 0 && (!(f->flags & TEXT) || (f->flags & OWN))) __smakebuf_r(r, f);
  if (f->flags & LINE) {
    f->writable = 0;
    f->line_size = -f->size;
  } else {
    f->writable = f->flags & NONE ? 0 : f->size;
  }
  if (f->base == 0 && (f->flags & OWN)) {
    f->flags |= FAILED;
    return -1;
  }
  return 0;
}

int stream_not_writable(Reent *r, File *f) {
  return (!(f->flags & WRITE) || f->base == 0) && __swsetup_r(r, f) != 0;
}

int __swbuf_r(Reent *r, int c, File *f) {
  if (r && !r->started) __sinit(r);
  f->writable = f->line_size;
  if (stream_not_writable(r, f)) return -1;
  if (f->at - f->base >= f->size && _fflush_r(r, f)) return -1;
  f->writable--;
  *f->at++ = (u8)c;
  int full = f->at - f->base == f->size;
  if ((full || ((f->flags & LINE) && c == '\n')) && _fflush_r(r, f)) return -1;
  return c & 0xff;
}

int __swbuf(int c, File *f) { return __swbuf_r((Reent *)__getreent(), c, f); }

/* Room for `length` more bytes and a zero in a string that grows (asprintf). A buffer of the caller's (OPTIONAL) is left
   to it. */
static int grow(Reent *r, File *f, u32 length) {
  u32 used = (u32)(f->at - f->base), size = (u32)f->size * 3 / 2;
  if (size < used + length + 1) size = used + length + 1;
  u8 *base;
  if (f->flags & OPTIONAL) {
    base = (u8 *)_malloc_r((u32)r, size);
    if (base) memcpy(base, f->base, used);
    f->flags = (f->flags & ~OPTIONAL) | OWN;
  } else {
    base = (u8 *)_realloc_r((u32)r, (u32)f->base, size);
  }
  if (base == 0) {
    f->flags |= FAILED;
    r->error = ENOMEM;
    return -1;
  }
  f->base = base;
  f->at = base + used;
  f->size = (int)size;
  f->writable = (int)(size - used);
  return 0;
}

int __ssputs_r(Reent *r, File *f, const u8 *from, u32 length) {
  if ((int)length >= f->writable && f->flags & (OWN | OPTIONAL) && grow(r, f, length)) return -1;
  if ((int)length > f->writable) length = (u32)f->writable;
  memmove(f->at, from, length);
  f->writable -= (int)length;
  f->at += length;
  return 0;
}

static int put_buffered(Reent *r, File *f, const u8 *from, u32 length) {
  while (length) {
    u32 room = (u32)(f->size - (f->at - f->base)), n = length < room ? length : room;
    if (f->at == f->base && length >= (u32)f->size) {
      int sent = f->write(r, f->cookie, from, (int)length);
      if (sent <= 0) goto failed;
      n = (u32)sent;
    } else {
      memmove(f->at, from, n);
      f->at += n;
      f->writable -= (int)n;
      if (n == room && _fflush_r(r, f)) return -1;
    }
    from += n;
    length -= n;
  }
  return 0;
failed:
  f->flags |= FAILED;
  return -1;
}

int __sfvwrite_r(Reent *r, File *f, Pieces *all) {
  if (all->left == 0) return 0;
  if (stream_not_writable(r, f)) return -1;
  int result = 0;
  for (Piece *p = all->pieces; all->left && result == 0; p++) {
    const u8 *from = p->base;
    u32 length = p->length;
    all->left -= length;
    if (f->flags & TEXT) {
      result = __ssputs_r(r, f, from, length);
    } else if (f->flags & NONE) {
      while (length && result == 0) {
        int sent = f->write(r, f->cookie, from, (int)length);
        if (sent <= 0) {
          f->flags |= FAILED;
          result = -1;
          break;
        }
        from += sent;
        length -= (u32)sent;
      }
    } else if (f->flags & LINE) {
      while (length && result == 0) {
        const u8 *end = memchr(from, '\n', length);
        u32 n = end ? (u32)(end - from) + 1 : length;
        result = put_buffered(r, f, from, n);
        if (end && result == 0) result = _fflush_r(r, f);
        from += n;
        length -= n;
      }
    } else {
      result = put_buffered(r, f, from, length);
    }
  }
  all->left = 0;
  all->count = 0;
  return result;
}
