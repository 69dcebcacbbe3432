/* printf to streams, strings and memory of their own. The functions of arch/variadic.S and those with a va_list, which
   comes as three words, meet in the print_ functions. */
#include "stdio.h"

typedef int (*Put)(Reent *r, File *f, const u8 *from, u32 length);
int print_with(Reent *r, File *f, Put put, const char *format, Arguments *a);
#define REENT ((Reent *)__getreent())

enum { EOVERFLOW = 139, EINVAL = 22 };

int __sfputs_r(Reent *r, File *f, const u8 *from, u32 length) {
  for (; length--; from++) {
    if (--f->writable >= 0 || (f->writable >= f->line_size && *from != '\n')) *f->at++ = *from;
    else if (__swbuf_r(r, *from, f) == -1) return -1;
  }
  return 0;
}

static int put_pieces(Reent *r, File *f, Pieces *all, Put put) {
  for (Piece *p = all->pieces; all->left; p++) {
    if (p->length && put(r, f, p->base, p->length) == -1) return -1;
    all->left -= p->length;
  }
  all->count = 0;
  return 0;
}

int __ssprint_r(Reent *r, File *f, Pieces *all) { return put_pieces(r, f, all, __ssputs_r); }

int __sprint_r(Reent *r, File *f, Pieces *all) {
  if (all->left == 0) {
    all->count = 0;
    return 0;
  }
  int result = __sfvwrite_r(r, f, all);
  all->left = 0;
  all->count = 0;
  return result;
}

int print_file_r(Reent *r, File *f, const char *format, Arguments *a) {
  if (r && !r->started) __sinit(r);
  int locks = !(f->flags2 & 1) && !(f->flags & TEXT);
  if (locks) stream_take(f);
  int n = stream_not_writable(r, f) ? -1 : print_with(r, f, __sfputs_r, format, a);
  if (f->flags & FAILED) n = -1;
  if (locks) stream_give(f);
  return n;
}

static File text_file(void *to, int room, int flags) {
  File f;
  memset(&f, 0, sizeof f);
  f.flags = (short)(WRITE | TEXT | flags);
  f.descriptor = -1;
  f.at = f.base = to;
  f.size = f.writable = room;
  return f;
}

int print_room_r(Reent *r, char *to, u32 room, const char *format, Arguments *a) {
  if ((int)room < 0) {
    r->error = EOVERFLOW;
    return -1;
  }
  File f = text_file(to, room ? (int)room - 1 : 0, 0);
  int n = print_with(r, &f, __ssputs_r, format, a);
  if (n < -1) r->error = EOVERFLOW;
  if (room) *f.at = 0;
  return n;
}

int print_text_r(Reent *r, char *to, const char *format, Arguments *a) {
  File f = text_file(to, 0x7fffffff, 0);
  int n = print_with(r, &f, __ssputs_r, format, a);
  *f.at = 0;
  return n;
}

int print_new_r(Reent *r, char **to, const char *format, Arguments *a) {
  File f = text_file(0, 0, OWN);
  int n = print_with(r, &f, __ssputs_r, format, a);
  if (n >= 0) {
    *f.at = 0;
    *to = (char *)f.base;
  }
  return n;
}

/* Into the buffer offered if that is large enough, else into a new one. */
char *print_offered_r(Reent *r, char *to, u32 *length, const char *format, Arguments *a) {
  int offered = to && *length;
  if (offered && (int)*length < 0) {
    r->error = EOVERFLOW;
    return 0;
  }
  File f = offered ? text_file(to, (int)*length, OPTIONAL) : text_file(0, 0, OWN);
  int n = print_with(r, &f, __ssputs_r, format, a);
  if (n < 0) return 0;
  *length = (u32)n;
  *f.at = 0;
  return (char *)f.base;
}

static File *out(Reent *r) {
  if (!r->started) __sinit(r);
  return r->out;
}

int print_standard_r(Reent *r, const char *format, Arguments *a) { return print_file_r(r, out(r), format, a); }
int print_standard(const char *format, Arguments *a) { return print_standard_r(REENT, format, a); }
int print_file(File *f, const char *format, Arguments *a) { return print_file_r(REENT, f, format, a); }
int print_room(char *to, u32 room, const char *format, Arguments *a) { return print_room_r(REENT, to, room, format, a); }
int print_text(char *to, const char *format, Arguments *a) { return print_text_r(REENT, to, format, a); }
int print_new(char **to, const char *format, Arguments *a) { return print_new_r(REENT, to, format, a); }
char *print_offered(char *to, u32 *n, const char *format, Arguments *a) { return print_offered_r(REENT, to, n, format, a); }

#define VA u32 stack, u32 registers, u32 taken
#define LIST (&(Arguments){stack, registers, taken})

/* A va_list that does not fit in the registers left lies on the stack whole. */
int vprintf(const char *format, VA) { return print_standard(format, LIST); }
int _vprintf_r(Reent *r, const char *format, VA) { return print_standard_r(r, format, LIST); }
int vfprintf(File *f, const char *format, VA) { return print_file(f, format, LIST); }
int _vfprintf_r(Reent *r, File *f, const char *format, VA) { return print_file_r(r, f, format, LIST); }
int vsprintf(char *to, const char *format, VA) { return print_text(to, format, LIST); }
int _vsprintf_r(Reent *r, char *to, const char *format, VA) { return print_text_r(r, to, format, LIST); }
int vsnprintf(char *to, u32 room, const char *format, VA) { return print_room(to, room, format, LIST); }
int vasprintf(char **to, const char *format, VA) { return print_new(to, format, LIST); }
int _vasprintf_r(Reent *r, char **to, const char *format, VA) { return print_new_r(r, to, format, LIST); }
char *vasnprintf(char *to, u32 *n, const char *format, VA) { return print_offered(to, n, format, LIST); }

int _vsnprintf_r(Reent *r, char *to, u32 room, const char *format, u32 a6, u32 a7, VA) {
  (void)a6, (void)a7;
  return print_room_r(r, to, room, format, LIST);
}

char *_vasnprintf_r(Reent *r, char *to, u32 *n, const char *format, u32 a6, u32 a7, VA) {
  (void)a6, (void)a7;
  return print_offered_r(r, to, n, format, LIST);
}

int _svfprintf_r(Reent *r, File *f, const char *format, VA) {
  if (f->flags & OWN && f->base == 0) {
    f->base = f->at = (u8 *)_malloc_r((u32)r, 64);
    if (f->base == 0) {
      r->error = ENOMEM;
      return -1;
    }
    f->size = f->writable = 64;
  }
  return print_with(r, f, __ssputs_r, format, LIST);
}
