/* A workload of the shape small-core benchmarks have: linked-list search and merge sort, integer matrix
   multiplication, a number-scanning state machine, all checked by CRC16. Written for this project. The number
   of iterations is in `iterations`, so that a benchmark can patch it in the image. */
#include "rom.h"

volatile u32 iterations = 10;

#define NODES 120
#define SIZE 10

typedef struct Node {
  struct Node *next;
  i16 key;
  i16 payload;
} Node;

static Node nodes[NODES];
static i16 left[SIZE][SIZE], right[SIZE][SIZE];
static i32 product[SIZE][SIZE];

static u16 crc16(u16 crc, u32 value, int bytes) {
  while (bytes--) {
    crc ^= (u8)value;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (u16)(crc >> 1 ^ 0xa001) : (u16)(crc >> 1);
    value >>= 8;
  }
  return crc;
}

static u32 next_random(u32 *state) { return (*state = *state * 1103515245u + 12345u) >> 16; }

static Node *build_list(u32 *seed) {
  for (int i = 0; i < NODES; i++) {
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    nodes[i].key = (i16)(next_random(seed) & 0x3ff);
    nodes[i].payload = (i16)next_random(seed);
  }
  return nodes;
}

static Node *find(Node *list, i16 key) {
  while (list && list->key != key) list = list->next;
  return list;
}

static Node *reverse(Node *list) {
  Node *done = 0;
  while (list) {
    Node *next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}

typedef i32 (*Compare)(const Node *, const Node *);

static i32 by_key(const Node *a, const Node *b) { return a->key - b->key; }
static i32 by_payload(const Node *a, const Node *b) { return a->payload - b->payload; }

/* Bottom-up merge sort, stable. */
static Node *sort(Node *list, Compare compare) {
  for (u32 run = 1;; run *= 2) {
    Node *input = list, *tail = 0;
    u32 merges = 0;
    list = 0;
    while (input) {
      Node *a = input, *b = input;
      u32 na = 0, nb = run;
      merges++;
      while (na < run && b) na++, b = b->next;
      while (na || (nb && b)) {
        Node *chosen;
        if (na && (!nb || !b || compare(a, b) <= 0)) {
          chosen = a;
          a = a->next;
          na--;
        } else {
          chosen = b;
          b = b->next;
          nb--;
        }
        if (tail) tail->next = chosen;
        else list = chosen;
        tail = chosen;
      }
      input = b;
    }
    if (tail) tail->next = 0;
    if (merges <= 1) return list;
  }
}

static u16 list_part(u16 crc, u32 *seed) {
  Node *list = build_list(seed);
  u32 found = 0;
  for (i16 key = 0; key < 64; key++) {
    Node *hit = find(list, (i16)(key * 16));
    if (hit) found += (u32)(u16)hit->payload;
    list = reverse(list);
  }
  crc = crc16(crc, found, 4);
  list = sort(list, by_key);
  for (Node *n = list; n; n = n->next) crc = crc16(crc, (u16)n->key, 2);
  list = sort(list, by_payload);
  for (Node *n = list; n; n = n->next) crc = crc16(crc, (u16)n->payload, 2);
  return crc;
}

static u16 matrix_part(u16 crc, u32 *seed) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      left[i][j] = (i16)(next_random(seed) & 0xff);
      right[i][j] = (i16)((next_random(seed) & 0xff) - 128);
    }
  }
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      i32 sum = 0;
      for (int k = 0; k < SIZE; k++) sum += left[i][k] * right[k][j];
      product[i][j] = sum;
    }
  }
  i32 trace = 0;
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      i32 value = product[i][j];
      trace += value >> 3 & 0xff;
      if (value > 10000) trace ^= value & 0x7f;
    }
  }
  for (int i = 0; i < SIZE; i++) crc = crc16(crc, (u32)product[i][i], 4);
  return crc16(crc, (u32)trace, 4);
}

typedef enum { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, POWER, INVALID, STATES } State;

static State step(State state, char c) {
  int digit = c >= '0' && c <= '9', sign = c == '+' || c == '-';
  switch (state) {
    case START: return digit ? INTEGER : sign ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN: return digit ? INTEGER : c == '.' ? POINT : INVALID;
    case INTEGER: return digit ? INTEGER : c == '.' ? POINT : c == 'e' ? EXPONENT : INVALID;
    case POINT:
    case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case EXPONENT: return digit ? POWER : sign ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN:
    case POWER: return digit ? POWER : INVALID;
    default: return INVALID;
  }
}

static const char *const words[] = {"5012", "-874", "+122", "35.54400", ".1234500", "-110.700", "+0.64400",
                                    "5.500e+3", "-.123e-2", "-87e+832", "+0.6e-12", "T0.3e-1F", "-T.T++Tq",
                                    "1T3.4e4z", "34.0e-T^"};

static u16 state_part(u16 crc, u32 *seed) {
  u32 finals[STATES] = {0}, visits[STATES] = {0};
  for (int round = 0; round < 40; round++) {
    const char *word = words[next_random(seed) % 15];
    State state = START;
    for (; *word; word++) {
      state = step(state, *word);
      visits[state]++;
    }
    finals[state]++;
  }
  for (int i = 0; i < STATES; i++) crc = crc16(crc16(crc, finals[i], 2), visits[i], 2);
  return crc;
}

/* CRCs of each part after ten iterations, from a run of the same source built for x86-64. */
#define EXPECT_LIST 0x1aef
#define EXPECT_MATRIX 0x07aa
#define EXPECT_STATE 0x6f64

int main(void) {
  u32 seed = 0x3415;
  u16 list = 0, matrix = 0, state = 0;
  u32 count = iterations;
  for (u32 i = 0; i < count; i++) {
    list = list_part(list, &seed);
    matrix = matrix_part(matrix, &seed);
    state = state_part(state, &seed);
  }
  put_decimal("iterations ", (i32)count);
  put_hex("list   ", list);
  put_hex("matrix ", matrix);
  put_hex("state  ", state);
  int good = count != 10 || (list == EXPECT_LIST && matrix == EXPECT_MATRIX && state == EXPECT_STATE);
  put(good ? "self-check passed\n" : "self-check FAILED\n");
  return !good;
}
