/* A workload with the statement mix that Dhrystone made customary (records copied by assignment, short strings
   compared and copied, enumerations, many small procedures with value and pointer arguments, one- and
   two-dimensional arrays), written for this project as a small stock-keeping program. The number of runs is in
   `runs`, so that a benchmark can patch it in the image. */
#include "rom.h"

volatile u32 runs = 2000;

typedef enum { BOLT, NUT, WASHER, SPRING, GEAR, PARTS } Part;
typedef enum { ARRIVES, LEAVES, RETURNS } Movement;

typedef struct Entry {
  struct Entry *previous;
  Part part;
  Movement movement;
  i32 quantity;
  char label[32];
} Entry;

static const char *const labels[PARTS] = {"M3 hexagon bolt, stainless", "M3 hexagon nut, stainless",
                                          "M3 washer, form A", "compression spring 0.3 mm",
                                          "spur gear, 24 teeth"};
static Entry ledger[8];
static Entry latest;
static i32 stock[PARTS];
static i32 shelf[12][12];
static i32 refused;

__attribute__((noinline)) static void copy_text(char *to, const char *from) {
  while ((*to++ = *from++)) {
  }
}

__attribute__((noinline)) static Part part_of(const char *label) {
  for (int part = 0; part < PARTS; part++) {
    if (strcmp(label, labels[part]) == 0) return (Part)part;
  }
  return PARTS;
}

__attribute__((noinline)) static i32 signed_quantity(Movement movement, i32 quantity) {
  switch (movement) {
    case ARRIVES: return quantity;
    case LEAVES: return -quantity;
    default: return quantity / 2;
  }
}

__attribute__((noinline)) static int reserve(i32 *amount, i32 change) {
  if (*amount + change < 0) return 0;
  *amount += change;
  return 1;
}

__attribute__((noinline)) static void place(Part part, i32 change) {
  i32 column = (change & 7) + 2;
  for (i32 row = (i32)part; row <= (i32)part + 2; row++) {
    shelf[row][column] += change;
    shelf[row][column + 1] = shelf[row][column] - row;
  }
}

__attribute__((noinline)) static void post(Entry *entry, const Entry *source) {
  *entry = *source;
  entry->previous = &latest;
  latest = *entry;
  copy_text(latest.label, labels[(entry->part + 1) % PARTS]);
}

static u32 checksum(void) {
  u32 sum = 0;
  for (int i = 0; i < 12; i++) {
    for (int j = 0; j < 12; j++) sum = sum * 31 + (u32)shelf[i][j];
  }
  return sum;
}

int main(void) {
  u32 count = runs;
  i32 balance = 0;
  for (u32 run = 0; run < count; run++) {
    Entry entry;
    copy_text(entry.label, labels[run % PARTS]);
    entry.part = part_of(entry.label);
    entry.movement = run % 3 == 2 ? LEAVES : run % 7 == 3 ? RETURNS : ARRIVES;
    entry.quantity = (i32)(run % 11) + 5 * (entry.movement == LEAVES);
    i32 change = signed_quantity(entry.movement, entry.quantity);
    if (reserve(&stock[entry.part], change)) {
      place(entry.part, change);
      balance += change;
    } else {
      refused++;
    }
    post(&ledger[run & 7], &entry);
    if (part_of(latest.label) != (entry.part + 1) % PARTS) return 1;
  }
  i32 total = 0;
  for (int part = 0; part < PARTS; part++) {
    put(labels[part]);
    put_decimal(": ", stock[part]);
    total += stock[part];
  }
  put_decimal("runs ", (i32)count);
  put_decimal("refused ", refused);
  put_hex("shelves ", checksum());
  for (int i = 0; i < 8; i++) {
    put(ledger[i].label);
    put_decimal(" x ", ledger[i].quantity);
  }
  put(latest.label);
  put(total == balance ? "\nbalance agrees\n" : "\nbalance DIFFERS\n");
  return total != balance;
}
