/* Streams: the part of the C library's stdio below printf and scanf. The application and the ROM share the layouts of
   struct _reent and FILE, which are newlib's with _REENT_SMALL. */
#pragma once
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
  OPTIONAL = 0x400, OFFSET = 0x1000, WIDE_SET = 0x2000
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
int __seofread(void);
int _ungetc_r(Reent *r, int c, File *f);
void __sinit(Reent *r);
int _fclose_r(Reent *r, File *f);
int _fflush_r(Reent *r, File *f);
void __smakebuf_r(Reent *r, File *f);
int __sflush_r(Reent *r, File *f);
int __swsetup_r(Reent *r, File *f);
int __swbuf_r(Reent *r, int c, File *f);
int __srefill_r(Reent *r, File *f);
int __submore(Reent *r, File *f);
int __ssputs_r(Reent *r, File *f, const u8 *from, u32 length);
int _fwalk_reent(Reent *r, int (*each)(Reent *, File *));
int stream_take(File *f);
int stream_give(File *f);
int stream_not_writable(Reent *r, File *f);

/* struct __suio: what is to be written, in pieces. */
typedef struct {
  const u8 *base;
  u32 length;
} Piece;

typedef struct {
  Piece *pieces;
  int count;
  u32 left;
} Pieces;

int __sfvwrite_r(Reent *r, File *f, Pieces *all);

/* va_list: arguments on the caller's stack, less 32; the six of registers; bytes taken. */
typedef struct {
  u32 stack, registers, taken;
} Arguments;

static inline u32 next_argument(Arguments *a) {
  u32 at = a->taken;
  if (at >= 24 && at < 32) at = 32;
  a->taken = at + 4;
  return *(u32 *)((at < 24 ? a->registers : a->stack) + at);
}
