/* System calls of the C library: the application's table (ESP-IDF `libc_stubs.h`). */
#include "rom.h"

/* APP_CPU's pointer, which the mask ROM uses on both CPUs; PRO_CPU's follows it. */
extern u32 *syscall_table_ptr[2];
extern void *environ[];

static u32 entry(u32 index) {
  u32 *table = syscall_table_ptr[0];
  if (table && table[index]) return table[index];
  ets_install_uart_printf();
  ets_printf("open ROM: system call %d, but the application gave no table of system calls\n", index);
  for (;;) {
  }
}

#define CALL0(i) ((u32(*)(void))entry(i))()
#define CALL1(i, a) ((u32(*)(u32))entry(i))(a)
#define CALL2(i, a, b) ((u32(*)(u32, u32))entry(i))(a, b)
#define CALL3(i, a, b, c) ((u32(*)(u32, u32, u32))entry(i))(a, b, c)
#define CALL4(i, a, b, c, d) ((u32(*)(u32, u32, u32, u32))entry(i))(a, b, c, d)

u32 __getreent(void) { return CALL0(0); }
u32 _malloc_r(u32 r, u32 size) { return CALL2(1, r, size); }
u32 _free_r(u32 r, u32 p) { return CALL2(2, r, p); }
u32 _realloc_r(u32 r, u32 p, u32 size) { return CALL3(3, r, p, size); }
u32 _calloc_r(u32 r, u32 n, u32 size) { return CALL3(4, r, n, size); }
u32 _system_r(u32 r, u32 s) { return CALL2(6, r, s); }
u32 _rename_r(u32 r, u32 from, u32 to) { return CALL3(7, r, from, to); }
u32 _times_r(u32 r, u32 t) { return CALL2(8, r, t); }
u32 _gettimeofday_r(u32 r, u32 t, u32 z) { return CALL3(9, r, t, z); }
u32 _raise_r(u32 r) { return CALL1(10, r); }
u32 _unlink_r(u32 r, u32 s) { return CALL2(11, r, s); }
u32 _link_r(u32 r, u32 from, u32 to) { return CALL3(12, r, from, to); }
u32 _stat_r(u32 r, u32 s, u32 st) { return CALL3(13, r, s, st); }
u32 _fstat_r(u32 r, u32 f, u32 st) { return CALL3(14, r, f, st); }
u32 _sbrk_r(u32 r, u32 n) { return CALL2(15, r, n); }
u32 _getpid_r(u32 r) { return CALL1(16, r); }
u32 _kill_r(u32 r, u32 p, u32 s) { return CALL3(17, r, p, s); }
u32 _exit_r(u32 r, u32 code) { return CALL2(18, r, code); }
u32 _close_r(u32 r, u32 f) { return CALL2(19, r, f); }
u32 _open_r(u32 r, u32 s, u32 flags, u32 mode) { return CALL4(20, r, s, flags, mode); }
u32 _write_r(u32 r, u32 f, u32 p, u32 n) { return CALL4(21, r, f, p, n); }
u32 _lseek_r(u32 r, u32 f, u32 n, u32 whence) { return CALL4(22, r, f, n, whence); }
u32 _read_r(u32 r, u32 f, u32 p, u32 n) { return CALL4(23, r, f, p, n); }
u32 _lock_init(u32 l) { return CALL1(24, l); }
u32 _lock_init_recursive(u32 l) { return CALL1(25, l); }
u32 _lock_close(u32 l) { return CALL1(26, l); }
u32 _lock_close_recursive(u32 l) { return CALL1(27, l); }
u32 _lock_acquire(u32 l) { return CALL1(28, l); }
u32 _lock_acquire_recursive(u32 l) { return CALL1(29, l); }
u32 _lock_try_acquire(u32 l) { return CALL1(30, l); }
u32 _lock_try_acquire_recursive(u32 l) { return CALL1(31, l); }
u32 _lock_release(u32 l) { return CALL1(32, l); }
u32 _lock_release_recursive(u32 l) { return CALL1(33, l); }

u32 malloc(u32 size) { return _malloc_r(__getreent(), size); }
void free(u32 p) { _free_r(__getreent(), p); }
u32 realloc(u32 p, u32 size) { return _realloc_r(__getreent(), p, size); }
u32 calloc(u32 n, u32 size) { return _calloc_r(__getreent(), n, size); }
u32 open(u32 s, u32 flags, u32 mode) { return _open_r(__getreent(), s, flags, mode); }
u32 creat(u32 s, u32 mode) { return _open_r(__getreent(), s, 0x601, mode); }
u32 close(u32 f) { return _close_r(__getreent(), f); }
u32 read(u32 f, u32 p, u32 n) { return _read_r(__getreent(), f, p, n); }
u32 write(u32 f, u32 p, u32 n) { return _write_r(__getreent(), f, p, n); }
u32 sbrk(u32 n) { return _sbrk_r(__getreent(), n); }
u32 times(u32 t) { return _times_r(__getreent(), t); }

/* abort() of the C library; the compiler runtime's ends here too. */
__attribute__((noreturn)) void host_exit(int code) {
  (void)code;
  CALL0(5);
  for (;;) {
  }
}

char *_strndup_r(u32 r, const char *text, u32 room) {
  u32 n = 0;
  while (n < room && text[n]) n++;
  char *copy = (char *)_malloc_r(r, n + 1);
  if (copy == 0) return 0;
  memcpy(copy, text, n);
  copy[n] = 0;
  return copy;
}

char *_strdup_r(u32 r, const char *text) { return _strndup_r(r, text, 0xffffffffu); }
char *strndup(const char *text, u32 room) { return _strndup_r(__getreent(), text, room); }
char *strdup(const char *text) { return _strdup_r(__getreent(), text); }

/* Locks at their published addresses. */
extern u32 __sfp_lock, __sinit_lock, __env_lock_object, __tz_lock_object;
void __sfp_lock_acquire(void) { _lock_acquire_recursive((u32)&__sfp_lock); }
void __sfp_lock_release(void) { _lock_release_recursive((u32)&__sfp_lock); }
void __sinit_lock_acquire(void) { _lock_acquire_recursive((u32)&__sinit_lock); }
void __sinit_lock_release(void) { _lock_release_recursive((u32)&__sinit_lock); }
void __env_lock(void) { _lock_acquire_recursive((u32)&__env_lock_object); }
void __env_unlock(void) { _lock_release_recursive((u32)&__env_lock_object); }
void __tz_lock(void) { _lock_acquire((u32)&__tz_lock_object); }
void __tz_unlock(void) { _lock_release((u32)&__tz_lock_object); }
void __dummy_lock(void) {}
int __dummy_lock_try(void) { return 1; }

int strncmp(const char *left, const char *right, u32 length);
u32 strcspn(const char *text, const char *set);

/* The value of `name`, and its place in `environ`. */
char *_findenv_r(u32 r, const char *name, int *place) {
  (void)r;
  char **list = (char **)environ[0];
  u32 length = strcspn(name, "=");
  char *value = 0;
  if (name[length] == '=' || list == 0) return 0;
  __env_lock();
  for (int i = 0; list[i]; i++) {
    if (strncmp(list[i], name, length) != 0 || list[i][length] != '=') continue;
    *place = i;
    value = list[i] + length + 1;
    break;
  }
  __env_unlock();
  return value;
}

char *_getenv_r(u32 r, const char *name) {
  int place;
  return _findenv_r(r, name, &place);
}

/* Floats in printf and scanf are the application's. */
u32 _printf_float(u32 r, u32 conversion, u32 f, u32 put, u32 arguments) {
  return ((u32(*)(u32, u32, u32, u32, u32))entry(34))(r, conversion, f, put, arguments);
}
u32 _scanf_float(u32 r, u32 conversion, u32 f, u32 arguments) { return CALL4(35, r, conversion, f, arguments); }
