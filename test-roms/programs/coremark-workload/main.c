/* The work of one CoreMark iteration (2K, performance run), written for this project from its description: a list
   of 30 cells searched, reversed and sorted, 9 x 9 matrices, a scanner of numbers, and CRC16 over all results. The
   check values that CoreMark publishes for its seeds 0, 0, 0x66 come out, so an iteration is the same work; it is
   not CoreMark, and its results are no CoreMark scores. UNIT marks what CoreMark has in a file of its own, where a
   compiler cannot look through the call. */
#include "rom.h"

#ifdef __clang__
#define UNIT __attribute__((noinline))
#else
#define UNIT __attribute__((noipa))
#endif

volatile u32 iterations = 10;

/* Data of one run: 2000 bytes, a third for each part. */
#define PART (2000 / 3)
#define SEED1 0
#define SEED2 0
#define SEED3 0x66

/* `data`: what the item stands for. Bits 15..8 keep the original bits 7..0; bit 7: bits 6..0 are a result. */
typedef struct {
  i16 data;
  i16 key;
} Item;

typedef struct Cell {
  struct Cell *next;
  Item *item;
} Cell;

#define SIDE 9
typedef struct {
  u32 side;
  i16 *a, *b;
  i32 *c;
} Matrices;

typedef struct {
  u32 memory[PART * 3 / 4 + 2];
  i16 seed1, seed2, seed3;
  Cell *list;
  Matrices matrices;
  u8 *text;
  u16 crc, crc_list, crc_matrix, crc_state;
} Run;

/* CRC-16 with the reflected polynomial 0xa001, bit by bit. */

static u16 crc_byte(u8 byte, u16 crc) {
  for (u8 bit = 0; bit < 8; bit++) {
    u8 odd = (u8)((byte ^ (u8)crc) & 1);
    byte >>= 1;
    crc >>= 1;
    if (odd) crc ^= 0xa001;
  }
  return crc;
}

UNIT u16 crc_half(u16 value, u16 crc) {
  crc = crc_byte((u8)value, crc);
  return crc_byte((u8)(value >> 8), crc);
}

UNIT u16 crc_signed(i16 value, u16 crc) { return crc_half((u16)value, crc); }

UNIT u16 crc_word(u32 value, u16 crc) {
  crc = crc_signed((i16)value, crc);
  return crc_signed((i16)(value >> 16), crc);
}

/* Scanner of numbers: a token ends at a comma, at a character that cannot follow, or at the end. */

typedef enum { START, INVALID, SIGN, SIGN2, INTEGER, FRACTION, EXPONENT, SCIENTIFIC, STATES } State;

static int is_digit(u8 c) { return c >= '0' && c <= '9'; }

State scan(u8 **text, u32 *moves) {
  u8 *at = *text;
  State state = START;
  while (*at && state != INVALID) {
    u8 c = *at++;
    if (c == ',') break;
    switch (state) {
      case START:
        moves[START]++;
        if (is_digit(c)) state = INTEGER;
        else if (c == '+' || c == '-') state = SIGN;
        else if (c == '.') state = FRACTION;
        else {
          state = INVALID;
          moves[INVALID]++;
        }
        break;
      case SIGN:
        moves[SIGN]++;
        state = is_digit(c) ? INTEGER : c == '.' ? FRACTION : INVALID;
        break;
      case INTEGER:
        if (is_digit(c)) break;
        moves[INTEGER]++;
        state = c == '.' ? FRACTION : INVALID;
        break;
      case FRACTION:
        if (is_digit(c)) break;
        moves[FRACTION]++;
        state = c == 'E' || c == 'e' ? SIGN2 : INVALID;
        break;
      case SIGN2:
        moves[SIGN2]++;
        state = c == '+' || c == '-' ? EXPONENT : INVALID;
        break;
      case EXPONENT:
        moves[EXPONENT]++;
        state = is_digit(c) ? SCIENTIFIC : INVALID;
        break;
      case SCIENTIFIC:
        if (is_digit(c)) break;
        state = INVALID;
        moves[INVALID]++;
        break;
      default: break;
    }
  }
  *text = at;
  return state;
}

static void scan_all(u8 *text, u32 *ends, u32 *moves) {
  while (*text) ends[scan(&text, moves)]++;
}

static void flip(u8 *text, u32 size, i16 bits, i16 step) {
  for (u8 *at = text; at < text + size; at += step) {
    if (*at != ',') *at ^= (u8)bits;
  }
}

/* Scans the text as it is and with every `step`th character changed, then changes it back. */
UNIT u16 scanner_part(u32 size, u8 *text, i16 seed1, i16 seed2, i16 step, u16 crc) {
  u32 ends[STATES], moves[STATES];
  for (u32 i = 0; i < STATES; i++) ends[i] = moves[i] = 0;
  scan_all(text, ends, moves);
  flip(text, size, seed1, step);
  scan_all(text, ends, moves);
  flip(text, size, seed2, step);
  for (u32 i = 0; i < STATES; i++) {
    crc = crc_word(ends[i], crc);
    crc = crc_word(moves[i], crc);
  }
  return crc;
}

/* Words in groups of eight, by the low bits of a running number: three integers, two of each kind with a point,
   one that is wrong. The bits above choose among four. */
static const char *const integers[] = {"5012", "1234", "-874", "+122"};
static const char *const fractions[] = {"35.54400", ".1234500", "-110.700", "+0.64400"};
static const char *const scientific[] = {"5.500e+3", "-.123e-2", "-87e+832", "+0.6e-12"};
static const char *const wrong[] = {"T0.3e-1F", "-T.T++Tq", "1T3.4e4z", "34.0e-T^"};

static void make_text(u32 size, i16 seed, u8 *text) {
  static const char *const *const kinds[8] = {integers,  integers,   integers,   fractions,
                                              fractions, scientific, scientific, wrong};
  u32 used = 0;
  for (;;) {
    seed++;
    const char *word = kinds[seed & 7][seed >> 3 & 3];
    u32 length = strlen(word);
    if (used + length + 1 >= size - 1) break;
    memcpy(text + used, word, length);
    text[used + length] = ',';
    used += length + 1;
  }
  while (used < size) text[used++] = 0;
}

/* Matrices: a and b of 16 bits, c of 32. */

static void make_matrices(Matrices *m, u8 *memory, i32 seed) {
  m->side = SIDE;
  m->a = (i16 *)(memory + (-(__UINTPTR_TYPE__)memory & 3));
  m->b = m->a + SIDE * SIDE;
  m->c = (i32 *)(m->b + SIDE * SIDE);
  if (seed == 0) seed = 1;
  for (i32 i = 0; i < SIDE * SIDE; i++) {
    i32 order = i + 1;
    seed = order * seed % 65536;
    i16 b = (i16)(seed + order);
    m->b[i] = b;
    m->a[i] = (i16)(b + order & 0xff);
  }
}

/* Counts rises from element to element, and 10 for each time that the running sum passes the limit. */
i16 sum(u32 n, i32 *c, i16 limit) {
  i32 total = 0, previous = 0;
  i16 result = 0;
  for (u32 i = 0; i < n; i++) {
    for (u32 j = 0; j < n; j++) {
      i32 value = c[i * n + j];
      total += value;
      if (total > limit) {
        result += 10;
        total = 0;
      } else {
        result += value > previous ? 1 : 0;
      }
      previous = value;
    }
  }
  return result;
}

void add_constant(u32 n, i16 *a, i16 value) {
  for (u32 i = 0; i < n; i++) {
    for (u32 j = 0; j < n; j++) a[i * n + j] += value;
  }
}

void times_constant(u32 n, i32 *c, i16 *a, i16 value) {
  for (u32 i = 0; i < n; i++) {
    for (u32 j = 0; j < n; j++) c[i * n + j] = (i32)a[i * n + j] * value;
  }
}

void times_vector(u32 n, i32 *c, i16 *a, i16 *b) {
  for (u32 i = 0; i < n; i++) {
    c[i] = 0;
    for (u32 j = 0; j < n; j++) c[i] += (i32)a[i * n + j] * b[j];
  }
}

void times_matrix(u32 n, i32 *c, i16 *a, i16 *b) {
  for (u32 i = 0; i < n; i++) {
    for (u32 j = 0; j < n; j++) {
      c[i * n + j] = 0;
      for (u32 k = 0; k < n; k++) c[i * n + j] += (i32)a[i * n + k] * b[k * n + j];
    }
  }
}

/* Of every product, bits 5..2 times bits 11..5. */
void times_matrix_bits(u32 n, i32 *c, i16 *a, i16 *b) {
  for (u32 i = 0; i < n; i++) {
    for (u32 j = 0; j < n; j++) {
      c[i * n + j] = 0;
      for (u32 k = 0; k < n; k++) {
        i32 product = (i32)a[i * n + k] * b[k * n + j];
        c[i * n + j] += (product >> 2 & 0xf) * (product >> 5 & 0x7f);
      }
    }
  }
}

UNIT u16 matrix_part(Matrices *m, i16 value, u16 crc) {
  u32 n = m->side;
  i16 *a = m->a, *b = m->b;
  i32 *c = m->c;
  i16 limit = (i16)(0xf000 | value);
  u16 own = 0;
  add_constant(n, a, value);
  times_constant(n, c, a, value);
  own = crc_signed(sum(n, c, limit), own);
  times_vector(n, c, a, b);
  own = crc_signed(sum(n, c, limit), own);
  times_matrix(n, c, a, b);
  own = crc_signed(sum(n, c, limit), own);
  times_matrix_bits(n, c, a, b);
  own = crc_signed(sum(n, c, limit), own);
  add_constant(n, a, (i16)-value);
  return crc_signed((i16)own, crc);
}

/* List. */

/* The value of an item: its result, made by one of the other parts when it is not there yet. */
i16 evaluate(i16 *data, Run *run) {
  i16 word = *data, result;
  if (word >> 7 & 1) return word & 0x7f;
  i16 operand = word >> 3 & 0xf;
  operand |= (i16)(operand << 4);
  switch (word & 7) {
    case 0:
      if (operand < 0x22) operand = 0x22;
      result = (i16)scanner_part(PART, run->text, run->seed1, run->seed2, operand, run->crc);
      if (run->crc_state == 0) run->crc_state = (u16)result;
      break;
    case 1:
      result = (i16)matrix_part(&run->matrices, operand, run->crc);
      if (run->crc_matrix == 0) run->crc_matrix = (u16)result;
      break;
    default: result = word; break;
  }
  run->crc = crc_half((u16)result, run->crc);
  result &= 0x7f;
  *data = (i16)((word & 0xff00) | 0x80 | result);
  return result;
}

typedef i32 (*Compare)(Item *, Item *, Run *);

i32 by_value(Item *a, Item *b, Run *run) {
  i16 left = evaluate(&a->data, run), right = evaluate(&b->data, run);
  return left - right;
}

/* Without a run, also throws the results away. */
i32 by_key(Item *a, Item *b, Run *run) {
  if (run == 0) {
    a->data = (i16)((a->data & 0xff00) | (a->data >> 8 & 0xff));
    b->data = (i16)((b->data & 0xff00) | (b->data >> 8 & 0xff));
  }
  return a->key - b->key;
}

/* By key if that is not negative, else by the low half of the data. */
Cell *find(Cell *list, Item *wanted) {
  if (wanted->key >= 0) {
    while (list && list->item->key != wanted->key) list = list->next;
  } else {
    while (list && (list->item->data & 0xff) != wanted->data) list = list->next;
  }
  return list;
}

Cell *reverse(Cell *list) {
  Cell *done = 0;
  while (list) {
    Cell *next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}

/* Stable, bottom up: pairs of runs of 1, 2, 4 cells are merged until one merge does it. */
Cell *sort(Cell *list, Compare compare, Run *context) {
  for (i32 length = 1;; length *= 2) {
    Cell *rest = list, *last = 0;
    i32 merges = 0;
    list = 0;
    while (rest) {
      Cell *left = rest, *right = rest, *chosen;
      i32 lefts = 0, rights = length;
      merges++;
      while (lefts < length && right) {
        lefts++;
        right = right->next;
      }
      while (lefts > 0 || (rights > 0 && right)) {
        if (lefts != 0 && (rights == 0 || !right || compare(left->item, right->item, context) <= 0)) {
          chosen = left;
          left = left->next;
          lefts--;
        } else {
          chosen = right;
          right = right->next;
          rights--;
        }
        if (last) last->next = chosen;
        else list = chosen;
        last = chosen;
      }
      rest = right;
    }
    last->next = 0;
    if (merges <= 1) return list;
  }
}

static void swap_items(Cell *a, Cell *b) {
  Item *item = a->item;
  a->item = b->item;
  b->item = item;
}

static u16 crc_cells(Cell *list, Cell *from, u16 crc) {
  for (; from; from = from->next) crc = crc_signed(list->item->data, crc);
  return crc;
}

/* Searches with a reversal each, sorts by value (key > 0), takes a cell out and back in, sorts by key. */
u16 list_part(Run *run, i16 key) {
  Cell *list = run->list;
  Item wanted = {0, key};
  u16 result = 0, found = 0, missed = 0;
  for (i16 i = 0; i < run->seed3; i++) {
    wanted.data = i & 0xff;
    Cell *hit = find(list, &wanted);
    list = reverse(list);
    if (!hit) {
      missed++;
      result += list->next->item->data >> 8 & 1;
    } else {
      found++;
      if (hit->item->data & 1) result += hit->item->data >> 9 & 1;
      Cell *moved = hit->next;
      if (moved) {
        hit->next = moved->next;
        moved->next = list->next;
        list->next = moved;
      }
    }
    if (wanted.key >= 0) wanted.key++;
  }
  result += (u16)(found * 4 - missed);
  if (key > 0) list = sort(list, by_value, run);
  Cell *changed = list->next, *out = changed->next;
  swap_items(changed, out);
  changed->next = out->next;
  out->next = 0;
  Cell *from = find(list, &wanted);
  result = crc_cells(list, from ? from : list->next, result);
  changed = list->next;
  swap_items(out, changed);
  out->next = changed->next;
  changed->next = out;
  list = sort(list, by_key, 0);
  return crc_cells(list, list->next, result);
}

/* Room for so many cells, of which one stays empty: 16 bytes for pointers of any size, 4 for an item. */
#define CELLS (PART / 20 - 2)

static Cell *make_list(u8 *memory, i16 seed) {
  Cell *cells = (Cell *)memory;
  Item *items = (Item *)(cells + CELLS);
  u32 used = CELLS - 1;
  cells[0].item = &items[0];
  items[0] = (Item){(i16)0x8080, 0};
  for (u32 n = 1; n < used; n++) {
    u32 i = n - 2, half = ((i ^ (u32)seed) & 0xf) << 3 | (i & 7);
    cells[n].item = &items[n];
    items[n] = n == 1 ? (Item){(i16)0xffff, 0x7fff} : (Item){(i16)(half << 8 | half), 0};
    cells[n].next = n == 1 ? 0 : &cells[n - 1];
  }
  cells[0].next = &cells[used - 1];
  /* A fifth is in order; the rest is mixed and comes after. */
  u32 place = 1;
  for (Cell *cell = cells[0].next; cell->next; cell = cell->next, place++) {
    u32 mixed = ((place + 1) & 7) << 8 | (place ^ (u32)seed);
    cell->item->key = (i16)(place < CELLS / 5 ? place : mixed & 0x3fff);
  }
  return sort(cells, by_key, 0);
}

void prepare(Run *run) {
  u8 *memory = (u8 *)run->memory;
  run->seed1 = SEED1;
  run->seed2 = SEED2;
  run->seed3 = SEED3;
  run->list = make_list(memory, run->seed1);
  make_matrices(&run->matrices, memory + PART, run->seed1 | run->seed2 << 16);
  run->text = memory + 2 * PART;
  make_text(PART, run->seed1, run->text);
}

UNIT void iterate(Run *run, u32 count) {
  run->crc = run->crc_list = run->crc_matrix = run->crc_state = 0;
  for (u32 i = 0; i < count; i++) {
    run->crc = crc_half(list_part(run, 1), run->crc);
    run->crc = crc_half(list_part(run, -1), run->crc);
    if (i == 0) run->crc_list = run->crc;
  }
}

/* What CoreMark documents for these seeds. */
#define EXPECT_SEEDS 0xe9f5
#define EXPECT_LIST 0xe714
#define EXPECT_MATRIX 0x1fd7
#define EXPECT_STATE 0x8e3a
/* After ten iterations. */
#define EXPECT_FINAL 0xfcaf

/* One for each core. */
Run first_run, second_run;

u16 crc_seeds(const Run *run) {
  u16 crc = crc_signed(run->seed1, 0);
  crc = crc_signed(run->seed2, crc);
  crc = crc_signed(run->seed3, crc);
  return crc_signed(PART, crc);
}

/* Whether the check values of `run` are right. */
int passed(const Run *run) {
  return crc_seeds(run) == EXPECT_SEEDS && run->crc_list == EXPECT_LIST && run->crc_matrix == EXPECT_MATRIX &&
         run->crc_state == EXPECT_STATE;
}

int main(void) {
  Run *run = &first_run;
  u32 count = iterations;
  prepare(run);
  iterate(run, count);
  put_hex("count  ", count);
  put_hex("seeds  ", crc_seeds(run));
  put_hex("list   ", run->crc_list);
  put_hex("matrix ", run->crc_matrix);
  put_hex("state  ", run->crc_state);
  put_hex("final  ", run->crc);
  int good = passed(run) && (count != 10 || run->crc == EXPECT_FINAL);
  put(good ? "self-check passed\n" : "self-check FAILED\n");
  return !good;
}
