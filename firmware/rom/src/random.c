/* Pseudo-random numbers: Knuth's 64-bit MMIX generator in the state of struct _reent, Park and Miller's minimal standard
   for rand_r. */
#include "rom.h"

u32 __getreent(void);
u32 malloc(u32 size);

/* struct _rand48 of newlib: the state of drand48 is set up beside that of rand. */
typedef struct {
  u16 seed[3], factor[3], addend;
  u64 next;
} RandomState;

_Static_assert(__builtin_offsetof(RandomState, next) == 16, "struct _rand48");
#define STATE(reent) (*(RandomState **)((reent) + 56))

static RandomState *state(void) {
  u32 reent = __getreent();
  if (STATE(reent) == 0) {
    RandomState *s = (RandomState *)malloc(sizeof *s);
    STATE(reent) = s;
    s->seed[0] = 0x330e, s->seed[1] = 0xabcd, s->seed[2] = 0x1234;
    s->factor[0] = 0xe66d, s->factor[1] = 0xdeec, s->factor[2] = 5;
    s->addend = 11;
    s->next = 1;
  }
  return STATE(reent);
}

void srand(u32 seed) { state()->next = seed; }

int rand(void) {
  RandomState *s = state();
  s->next = s->next * 6364136223846793005ull + 1;
  return (int)((u32)(s->next >> 32) & 0x7fffffff);
}

/* seed * 16807 modulo 2^31 - 1 by Schrage's method; a seed of 0 would stay 0. */
int rand_r(int *seed) {
  int value = *seed ? *seed : 0x12345987, high = value / 127773;
  value = (value - high * 127773) * 16807 - high * 2836;
  if (value < 0) value += 0x7fffffff;
  *seed = value;
  return value & 0x7fffffff;
}
