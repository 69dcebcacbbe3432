/* Constants at published addresses (rom.ld): the table of character classes behind a pointer to it, FILEs that stand
   for streams not yet opened, and how wide characters are made. */
#include "rom.h"

#define AT(part) __attribute__((section(".fixed." part), used))
#define U 1
#define L 2
#define N 4
#define S 8
#define P 16
#define C 32
#define X 64
#define B 128

typedef struct {
  const u8 *pointer;
  u8 classes[257];
} Ctype;

#define TIMES4(v) v, v, v, v
#define TIMES8(v) TIMES4(v), TIMES4(v)

AT("ctype") const Ctype ctype_at_3ff96350 = {
    ctype_at_3ff96350.classes,
    {0, TIMES8(C), C, C | S, C | S, C | S, C | S, C | S, C, C, TIMES8(C), TIMES8(C), S | B, TIMES8(P), TIMES4(P), P, P, P,
     TIMES8(N), N, N, TIMES4(P), P, P, P, TIMES4(U | X), U | X, U | X, TIMES8(U), TIMES8(U), TIMES4(U), TIMES4(P), P, P,
     TIMES4(L | X), L | X, L | X, TIMES8(L), TIMES8(L), TIMES4(L), TIMES4(P), C}};

/* stderr, stdout, stdin: 32 zero bytes each. */
AT("fake_files") const u8 fake_files_at_3ff96458[96] = {0};

int __ascii_wctomb(void *r, char *to, u32 wide, void *state);

typedef struct {
  u32 mb_cur_max, unused[3];
  int (*wctomb)(void *, char *, u32, void *);
} Locale;

AT("locale") const Locale locale_at_3ff96530 = {1, {0, 0, 0}, __ascii_wctomb};
