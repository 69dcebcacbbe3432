/* Chains of DMA descriptors (`lldesc_t` of ESP-IDF), and rounding. */
#include "rom.h"

typedef struct Descriptor {
  u32 size : 12, length : 12, offset : 5, sosf : 1, eof : 1, owner : 1;
  u8 *buffer;
  struct Descriptor *next;
} Descriptor;

__attribute__((noreturn)) static void misuse(const char *what) {
  ets_printf("open ROM: lldesc: %s\n", what);
  for (;;) {
  }
}

/* Cuts a buffer into blocks, one descriptor each. `owner` gives the length of the data too: it is there already. */
void lldesc_build_chain(Descriptor *first, u32 room, u8 *buffer, u32 length, u32 block, u8 owner, Descriptor **head,
                        Descriptor **tail) {
  FROM_CALLER(owner);
  u32 count = length / block;
  if (((u32)first | (u32)buffer) & 3) misuse("not aligned");
  if (room / sizeof *first < count) misuse("too few descriptors");
  Descriptor *d = first;
  for (u32 i = 0;; i++, d++, buffer += block) {
    d->size = block;
    d->owner = 1;
    d->length = owner ? d->size : 0;
    d->eof = d->sosf = 0;
    d->buffer = buffer;
    if (i + 1 >= count) break;
    d->next = d + 1;
  }
  d->next = 0;
  *head = first;
  *tail = d;
}

/* The last of the first `count`. */
Descriptor *lldesc_num2link(Descriptor *d, u16 count) {
  FROM_CALLER(count);
  while (--count) {
    if (d == 0) misuse("chain too short");
    d = d->next;
  }
  return d;
}

/* Of the first `count`; returns the last of them. */
Descriptor *lldesc_set_owner(Descriptor *d, u16 count, u8 owner) {
  FROM_CALLER(count); FROM_CALLER(owner);
  for (;; d = d->next) {
    d->owner = owner & 1;
    if (--count == 0) return d;
  }
}

u32 roundup2(u32 value, u32 power) { return (value + power - 1) & -power; }
/* How many times `by`, rounded up. */
u32 multofup(u32 value, u32 by) { return (value + by - 1) / by; }
