/* Streams: the part of the C library's stdio below printf and scanf. The application and the ROM share the layouts of
   struct _reent and FILE, which are newlib's with _REENT_SMALL. */
#include "rom.h"

typedef struct Reent Reent;
typedef struct File File;

struct File {
  u8 *at;
  int readable, writable;
  short flags, descriptor;
  u8 *base;
  int size, line_size;
  Reent *reent;
  void *cookie;
  int (*read)(Reent *, void *, u8 *, int);
  int (*write)(Reent *, void *, const u8 *, int);
  int (*seek)(Reent *, void *, int, int);
  int (*close)(Reent *, void *);
  u8 *pushed_base;
  int pushed_size;
  u8 *pushed_at;
  int pushed_count;
  u8 pushed[3], one[1];
  u8 *line_base;
  int line_room, block_size, offset;
  u32 lock, multibyte[2];
  int flags2;
};

typedef struct Glue {
  struct Glue *next;
  int count;
  File *files;
} Glue;

struct Reent {
  int error;
  File *in, *out, *err;
  int increment;
  char *emergency;
  int started, category;
  const char *locale;
  void *bignums;
  void (*cleanup)(Reent *);
  u8 others[216 - 44];
  Glue glue;
};

_Static_assert(sizeof(File) == 104 && __builtin_offsetof(File, lock) == 88, "FILE");
_Static_assert(__builtin_offsetof(Reent, glue) == 216, "struct _reent");

enum {
  LINE = 1, NONE = 2, READ = 4, WRITE = 8, BOTH = 16, AT_END = 32, FAILED = 64, OWN = 128, APPEND = 0x100, TEXT = 0x200,
  OFFSET = 0x1000, WIDE_SET = 0x2000
};
enum { EBADF = 9, EILSEQ = 138, ENOMEM = 12, BUFFER = 1024 };

extern Reent *_global_impure_ptr;
u32 __getreent(void);
u32 _malloc_r(u32 r, u32 size);
u32 _free_r(u32 r, u32 p);
u32 _realloc_r(u32 r, u32 p, u32 size);
u32 _fstat_r(u32 r, u32 f, u32 st);
u32 _close_r(u32 r, u32 f);
u32 _write_r(u32 r, u32 f, u32 p, u32 n);
u32 _lseek_r(u32 r, u32 f, u32 n, u32 whence);
u32 _read_r(u32 r, u32 f, u32 p, u32 n);
u32 _lock_init_recursive(u32 l);
u32 _lock_close_recursive(u32 l);
u32 _lock_acquire_recursive(u32 l);
u32 _lock_release_recursive(u32 l);
void __sfp_lock_acquire(void);
void __sfp_lock_release(void);
void __sinit_lock_acquire(void);
void __sinit_lock_release(void);
void *memchr(const void *where, int c, u32 length);
void *memmove(void *to, const void *from, u32 length);
void __sinit(Reent *r);
int _fclose_r(Reent *r, File *f);
int _fflush_r(Reent *r, File *f);

int __sread(Reent *r, void *cookie, u8 *to, int n) {
  File *f = cookie;
  int got = (int)_read_r((u32)r, (u32)f->descriptor, (u32)to, (u32)n);
  if (got >= 0) f->offset += got;
  else f->flags &= ~OFFSET;
  return got;
}

int __seofread(void) { return 0; }

int __swrite(Reent *r, void *cookie, const u8 *from, int n) {
  File *f = cookie;
  if (f->flags & APPEND) _lseek_r((u32)r, (u32)f->descriptor, 0, 2);
  f->flags &= ~OFFSET;
  return (int)_write_r((u32)r, (u32)f->descriptor, (u32)from, (u32)n);
}

int __sseek(Reent *r, void *cookie, int offset, int whence) {
  File *f = cookie;
  int at = (int)_lseek_r((u32)r, (u32)f->descriptor, (u32)offset, (u32)whence);
  if (at == -1) {
    f->flags &= ~OFFSET;
  } else {
    f->flags |= OFFSET;
    f->offset = at;
  }
  return at;
}

int __sclose(Reent *r, void *cookie) { return (int)_close_r((u32)r, (u32)((File *)cookie)->descriptor); }

static int in_use(File *f) { return f->flags != 0 && f->flags != 1 && f->descriptor != -1; }

int _fwalk(Reent *r, int (*function)(File *)) {
  int result = 0;
  for (Glue *g = &r->glue; g; g = g->next)
    for (int i = 0; i < g->count; i++)
      if (in_use(&g->files[i])) result |= function(&g->files[i]);
  return result;
}

int _fwalk_reent(Reent *r, int (*function)(Reent *, File *)) {
  int result = 0;
  for (Glue *g = &r->glue; g; g = g->next)
    for (int i = 0; i < g->count; i++)
      if (in_use(&g->files[i])) result |= function(r, &g->files[i]);
  return result;
}

void _cleanup_r(Reent *r) { _fwalk_reent(r, _fclose_r); }
void _cleanup(void) { _cleanup_r(_global_impure_ptr); }

Glue *__sfmoreglue(Reent *r, int count) {
  u32 size = sizeof(Glue) + (u32)count * sizeof(File);
  Glue *g = (Glue *)_malloc_r((u32)r, size);
  if (g == 0) return 0;
  memset(g, 0, size);
  g->count = count;
  g->files = (File *)(g + 1);
  return g;
}

/* A free FILE of the global list. */
File *__sfp(Reent *r) {
  __sfp_lock_acquire();
  if (!_global_impure_ptr->started) __sinit(_global_impure_ptr);
  for (Glue *g = &_global_impure_ptr->glue;; g = g->next) {
    for (int i = 0; i < g->count; i++) {
      File *f = &g->files[i];
      if (f->flags != 0) continue;
      memset(f, 0, sizeof *f);
      f->descriptor = -1;
      f->flags = 1;
      _lock_init_recursive((u32)&f->lock);
      __sfp_lock_release();
      return f;
    }
    if (g->next == 0) g->next = __sfmoreglue(r, 4);
    if (g->next == 0) break;
  }
  __sfp_lock_release();
  r->error = ENOMEM;
  return 0;
}

static void standard(Reent *r, File *f, int flags, int descriptor) {
  if (f == 0) return;
  memset(f, 0, __builtin_offsetof(File, lock));
  f->flags = (short)flags;
  f->descriptor = (short)descriptor;
  f->reent = r;
  f->cookie = f;
  f->read = __sread;
  f->write = __swrite;
  f->seek = __sseek;
  f->close = __sclose;
}

void __sinit(Reent *r) {
  __sinit_lock_acquire();
  if (!r->started) {
    r->glue.next = 0;
    r->glue.count = 0;
    r->glue.files = 0;
    r->cleanup = _cleanup_r;
    r->started = 1;
    r->in = __sfp(r);
    r->out = __sfp(r);
    r->err = __sfp(r);
    standard(r, r->in, READ, 0);
    standard(r, r->out, WRITE | LINE, 1);
    standard(r, r->err, WRITE | NONE, 2);
  }
  __sinit_lock_release();
}

static int take(File *f) {
  _lock_acquire_recursive((u32)&f->lock);
  return 0;
}

static int give(File *f) {
  _lock_release_recursive((u32)&f->lock);
  return 0;
}

void __fp_lock_all(void) {
  __sfp_lock_acquire();
  _fwalk((Reent *)__getreent(), take);
}

void __fp_unlock_all(void) {
  _fwalk((Reent *)__getreent(), give);
  __sfp_lock_release();
}

/* What lies in the buffer goes out; of a stream being read the position goes back to what the reader has seen. */
int __sflush_r(Reent *r, File *f) {
  if (!(f->flags & WRITE)) {
    int ahead = f->readable + (f->pushed_base ? f->pushed_count : 0);
    if (ahead <= 0 || f->seek == 0) return 0;
    int error = r->error;
    r->error = 0;
    int at = f->seek(r, f->cookie, 0, 1);
    if (at == -1) {
      /* A pipe or a terminal. */
      r->error = error;
      return 0;
    }
    if (f->seek(r, f->cookie, at - ahead, 0) == -1) {
      f->flags |= FAILED;
      return -1;
    }
    r->error = error;
    f->readable = 0;
    f->at = f->base;
    f->pushed_base = 0;
    return 0;
  }
  const u8 *from = f->base;
  if (from == 0) return 0;
  int left = (int)(f->at - from);
  f->at = f->base;
  f->writable = f->flags & (LINE | NONE) ? 0 : f->size;
  while (left > 0) {
    int sent = f->write(r, f->cookie, from, left);
    if (sent <= 0) {
      f->flags |= FAILED;
      return -1;
    }
    from += sent;
    left -= sent;
  }
  return 0;
}

int _fflush_r(Reent *r, File *f) {
  if (r && !r->started) __sinit(r);
  if (f == 0) return _fwalk_reent(_global_impure_ptr, _fflush_r);
  if (f->flags == 0) return 0;
  int locks = !(f->flags2 & 1) && !(f->flags & TEXT);
  if (locks) take(f);
  int result = __sflush_r(r, f);
  if (locks) give(f);
  return result;
}

int fflush(File *f) {
  if (f == 0) return _fwalk_reent(_global_impure_ptr, _fflush_r);
  return _fflush_r((Reent *)__getreent(), f);
}

/* st_mode is the word after the two halves of device and inode. */
static int is_terminal(Reent *r, int descriptor) {
  u32 status[32];
  if (descriptor < 0 || (int)_fstat_r((u32)r, (u32)descriptor, (u32)status) < 0) return 0;
  return (status[1] & 0170000) == 0020000;
}

int _isatty_r(Reent *r, int descriptor) { return is_terminal(r, descriptor); }

void __smakebuf_r(Reent *r, File *f) {
  if (!(f->flags & NONE)) {
    int terminal = is_terminal(r, f->descriptor);
    f->base = (u8 *)_malloc_r((u32)r, BUFFER);
    if (f->base) {
      r->cleanup = _cleanup_r;
      f->at = f->base;
      f->size = BUFFER;
      f->flags |= OWN | (terminal ? LINE : 0);
      return;
    }
    f->flags |= NONE;
  }
  f->at = f->base = f->one;
  f->size = 1;
}

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

static int not_writable(Reent *r, File *f) {
  return (!(f->flags & WRITE) || f->base == 0) && __swsetup_r(r, f) != 0;
}

int __swbuf_r(Reent *r, int c, File *f) {
  if (r && !r->started) __sinit(r);
  f->writable = f->line_size;
  if (not_writable(r, f)) return -1;
  if (f->at - f->base >= f->size && _fflush_r(r, f)) return -1;
  f->writable--;
  *f->at++ = (u8)c;
  int full = f->at - f->base == f->size;
  if ((full || ((f->flags & LINE) && c == '\n')) && _fflush_r(r, f)) return -1;
  return c & 0xff;
}

int __swbuf(int c, File *f) { return __swbuf_r((Reent *)__getreent(), c, f); }

/* Room for `length` more bytes and a zero in a string that grows (asprintf). */
static int grow(Reent *r, File *f, u32 length) {
  u32 used = (u32)(f->at - f->base), size = (u32)f->size * 3 / 2;
  if (size < used + length + 1) size = used + length + 1;
  u8 *base = (u8 *)_realloc_r((u32)r, (u32)f->base, size);
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

static int put_string(Reent *r, File *f, const u8 *from, u32 length) {
  if (length > (u32)f->writable) {
    if ((f->flags & OWN) || (f->flags & 0x400)) {
      if (grow(r, f, length)) return -1;
    } else {
      length = (u32)f->writable;
    }
  }
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

typedef struct {
  const u8 *base;
  u32 length;
} Piece;

typedef struct {
  Piece *pieces;
  int count;
  u32 left;
} Pieces;

int __sfvwrite_r(Reent *r, File *f, Pieces *all) {
  if (all->left == 0) return 0;
  if (not_writable(r, f)) return -1;
  int result = 0;
  for (Piece *p = all->pieces; all->left && result == 0; p++) {
    const u8 *from = p->base;
    u32 length = p->length;
    all->left -= length;
    if (f->flags & TEXT) {
      result = put_string(r, f, from, length);
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

int _fclose_r(Reent *r, File *f) {
  if (f == 0) return 0;
  __sfp_lock_acquire();
  if (r && !r->started) __sinit(r);
  if (f->flags == 0) {
    __sfp_lock_release();
    return 0;
  }
  int result = __sflush_r(r, f);
  if (f->close && f->close(r, f->cookie) < 0) result = -1;
  if (f->flags & OWN) _free_r((u32)r, (u32)f->base);
  if (f->pushed_base && f->pushed_base != f->pushed) _free_r((u32)r, (u32)f->pushed_base);
  f->pushed_base = 0;
  if (f->line_base) _free_r((u32)r, (u32)f->line_base);
  f->line_base = 0;
  f->flags = 0;
  _lock_close_recursive((u32)&f->lock);
  __sfp_lock_release();
  return result;
}

int fclose(File *f) { return _fclose_r((Reent *)__getreent(), f); }

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
  take(f);
  if (!(f->flags & WIDE_SET)) {
    f->flags |= WIDE_SET;
    f->flags2 |= 0x2000;
  }
  u32 result = __fputwc(r, wide, f);
  give(f);
  return result;
}

u32 fputwc(u32 wide, File *f) { return _fputwc_r((Reent *)__getreent(), wide, f); }
