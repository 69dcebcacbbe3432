/* Streams: made, found, flushed, closed. */
#include "stdio.h"

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

int stream_take(File *f) {
  _lock_acquire_recursive((u32)&f->lock);
  return 0;
}

int stream_give(File *f) {
  _lock_release_recursive((u32)&f->lock);
  return 0;
}

void __fp_lock_all(void) {
  __sfp_lock_acquire();
  _fwalk((Reent *)__getreent(), stream_take);
}

void __fp_unlock_all(void) {
  _fwalk((Reent *)__getreent(), stream_give);
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
  if (locks) stream_take(f);
  int result = __sflush_r(r, f);
  if (locks) stream_give(f);
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
