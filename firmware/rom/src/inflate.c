/* Decompression of RFC 1951 (deflate) and RFC 1950 (zlib), behind the names of miniz's tinfl. It may stop for want of
   input or room anywhere and goes on at the next call: a step that cannot be completed consumes nothing. */
#include "rom.h"

enum { BAD_PARAM = -3, MISMATCH = -2, FAILED = -1, DONE = 0, NEEDS_INPUT = 1, HAS_OUTPUT = 2 };
enum { ZLIB_HEADER = 1, MORE_INPUT = 2, NON_WRAPPING = 4, COMPUTE_ADLER = 8 };
enum { START, HEADER, BLOCK, STORED_SIZE, STORED, SIZES, CODE_SIZES, LENGTHS, SYMBOL, LENGTH, DISTANCE_SYMBOL, DISTANCE,
       COPY, LITERAL, CHECKSUM, FINISHED, BROKEN };

/* Canonical code: number of codes of each length, symbols in the order of their codes. */
typedef struct {
  u16 count[16], symbols[288];
} Code;

/* Within miniz's tinfl_decompressor, whose callers set `state` to 0 and read `adler`. */
typedef struct {
  u32 state, bits, buffer, final, kind, unused[2], adler, length, symbol, distance, literals, distances, code_sizes, done, sum;
  Code literal_code, distance_code, size_code;
  u8 lengths[320];
} Inflate;

_Static_assert(__builtin_offsetof(Inflate, adler) == 28, "tinfl_get_adler32");
_Static_assert(sizeof(Inflate) < 10992, "tinfl_decompressor");

typedef struct {
  const u8 *in, *in_end;
  u8 *start, *out, *out_end;
  u32 mask, flags;
} Io;

u32 mz_adler32(u32 adler, const u8 *p, u32 length) {
  u32 a = adler & 0xffff, b = adler >> 16;
  if (p == 0) return 1;
  while (length) {
    u32 n = length < 5552 ? length : 5552;
    length -= n;
    while (n--) {
      a += *p++;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b << 16 | a;
}

u32 mz_crc32(u32 crc, const u8 *p, u32 length) { return p ? crc32_le(crc, p, length) : 0; }

/* At least `n` bits, at most 24, in the buffer. Without more input to come zeros follow. */
static int need(Inflate *s, Io *io, u32 n) {
  for (; s->bits < n; s->bits += 8) {
    if (io->in < io->in_end) s->buffer |= (u32)*io->in++ << s->bits;
    else if (io->flags & MORE_INPUT) return 0;
  }
  return 1;
}

static u32 take(Inflate *s, u32 n) {
  u32 value = s->buffer & ((1u << n) - 1);
  s->buffer >>= n;
  s->bits -= n;
  return value;
}

/* A symbol; -1 for want of input, -2 when there is no such code. */
static int decode(Inflate *s, Io *io, const Code *code) {
  u32 value = 0, first = 0, index = 0;
  for (u32 length = 1; length < 16; length++) {
    if (!need(s, io, length)) return -1;
    value |= s->buffer >> (length - 1) & 1;
    u32 count = code->count[length];
    if (value - first < count) {
      take(s, length);
      return code->symbols[index + value - first];
    }
    index += count;
    first = (first + count) << 1;
    value <<= 1;
  }
  return -2;
}

/* 0 when the lengths are too many or too few; one code alone may leave the rest open. */
static int build(Code *code, const u8 *lengths, u32 n) {
  u16 next[16];
  int left = 1;
  u32 used = 0;
  memset(code->count, 0, sizeof code->count);
  for (u32 i = 0; i < n; i++) code->count[lengths[i]]++;
  code->count[0] = 0;
  next[1] = 0;
  for (u32 i = 1; i < 16; i++) {
    left = left * 2 - code->count[i];
    used += code->count[i];
    if (left < 0) return 0;
    if (i < 15) next[i + 1] = (u16)(next[i] + code->count[i]);
  }
  for (u32 i = 0; i < n; i++)
    if (lengths[i]) code->symbols[next[lengths[i]]++] = (u16)i;
  return left == 0 || used <= 1;
}

static void fixed_codes(Inflate *s) {
  for (u32 i = 0; i < 288; i++) s->lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  build(&s->literal_code, s->lengths, 288);
  memset(s->lengths, 5, 32);
  build(&s->distance_code, s->lengths, 32);
}

static int header(Inflate *s, Io *io) {
  if (!need(s, io, 16)) return 0;
  u32 method = take(s, 8), flags = take(s, 8), window = 1u << (8 + (method >> 4));
  int bad = (method * 256 + flags) % 31 != 0 || (flags & 32) || (method & 15) != 8;
  if (!(io->flags & NON_WRAPPING)) bad |= window > 32768 || io->mask + 1 < window;
  s->state = bad ? BROKEN : BLOCK;
  return 1;
}

static int block(Inflate *s, Io *io) {
  if (s->final) {
    s->state = io->flags & ZLIB_HEADER ? CHECKSUM : FINISHED;
    take(s, s->bits & 7);
    s->length = s->sum = 0;
    return 1;
  }
  if (!need(s, io, 3)) return 0;
  s->final = take(s, 1);
  s->kind = take(s, 2);
  s->length = 0;
  if (s->kind == 0) {
    take(s, s->bits & 7);
    s->state = STORED_SIZE;
    s->sum = 0;
  } else if (s->kind == 1) {
    fixed_codes(s);
    s->state = SYMBOL;
  } else {
    s->state = s->kind == 2 ? SIZES : BROKEN;
  }
  return 1;
}

/* Four bytes, gathered in `sum`, first byte lowest. */
static int gather(Inflate *s, Io *io) {
  for (; s->length < 4; s->length++) {
    if (!need(s, io, 8)) return 0;
    s->sum |= take(s, 8) << s->length * 8;
  }
  return 1;
}

static int stored_size(Inflate *s, Io *io) {
  if (!gather(s, io)) return 0;
  s->length = s->sum & 0xffff;
  s->state = (s->length ^ s->sum >> 16) == 0xffff ? STORED : BROKEN;
  return 1;
}

static int sizes(Inflate *s, Io *io) {
  if (!need(s, io, 14)) return 0;
  s->literals = take(s, 5) + 257;
  s->distances = take(s, 5) + 1;
  s->code_sizes = take(s, 4) + 4;
  s->done = 0;
  memset(s->lengths, 0, sizeof s->lengths);
  s->state = CODE_SIZES;
  return 1;
}

static int code_sizes(Inflate *s, Io *io) {
  static const u8 order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  for (; s->done < s->code_sizes; s->done++) {
    if (!need(s, io, 3)) return 0;
    s->lengths[order[s->done]] = (u8)take(s, 3);
  }
  s->state = build(&s->size_code, s->lengths, 19) ? LENGTHS : BROKEN;
  memset(s->lengths, 0, sizeof s->lengths);
  s->done = 0;
  s->symbol = 0;
  return 1;
}

/* `symbol` is a repetition whose extra bits are to come, or 0. */
static int lengths(Inflate *s, Io *io) {
  static const u8 extra[3] = {2, 3, 7}, base[3] = {3, 3, 11};
  u32 all = s->literals + s->distances;
  while (s->done < all) {
    if (s->symbol == 0) {
      int symbol = decode(s, io, &s->size_code);
      if (symbol == -1) return 0;
      if (symbol < 0 || (symbol == 16 && s->done == 0)) {
        s->state = BROKEN;
        return 1;
      }
      if (symbol < 16) {
        s->lengths[s->done++] = (u8)symbol;
        continue;
      }
      s->symbol = (u32)symbol;
    }
    u32 kind = s->symbol - 16;
    if (!need(s, io, extra[kind])) return 0;
    u32 count = take(s, extra[kind]) + base[kind];
    u8 length = kind == 0 ? s->lengths[s->done - 1] : 0;
    s->symbol = 0;
    if (s->done + count > all) {
      s->state = BROKEN;
      return 1;
    }
    while (count--) s->lengths[s->done++] = length;
  }
  int good = build(&s->literal_code, s->lengths, s->literals) && build(&s->distance_code, s->lengths + s->literals, s->distances);
  s->state = good ? SYMBOL : BROKEN;
  return 1;
}

static int symbol(Inflate *s, Io *io) {
  int value = decode(s, io, &s->literal_code);
  if (value == -1) return 0;
  s->symbol = (u32)value;
  if (value < 0 || value > 285) s->state = BROKEN;
  else if (value < 256) s->state = LITERAL;
  else s->state = value == 256 ? BLOCK : LENGTH;
  return 1;
}

/* Extra bits of symbol 257 + i, and of distance i: (i / 4 - 1) and (i / 2 - 1) from the first that has any. */
static int length(Inflate *s, Io *io) {
  u32 i = s->symbol - 257, extra = i < 8 || i == 28 ? 0 : i / 4 - 1;
  if (!need(s, io, extra)) return 0;
  if (i == 28) s->length = 258;
  else s->length = (i < 8 ? i + 3 : ((4 + i % 4) << extra) + 3) + take(s, extra);
  s->state = DISTANCE_SYMBOL;
  return 1;
}

static int distance_symbol(Inflate *s, Io *io) {
  int value = decode(s, io, &s->distance_code);
  if (value == -1) return 0;
  s->symbol = (u32)value;
  s->state = value < 0 || value > 29 ? BROKEN : DISTANCE;
  return 1;
}

static int distance(Inflate *s, Io *io) {
  u32 i = s->symbol, extra = i < 4 ? 0 : i / 2 - 1;
  if (!need(s, io, extra)) return 0;
  s->distance = (i < 4 ? i + 1 : ((2 + i % 2) << extra) + 1) + take(s, extra);
  u32 behind = (u32)(io->out - io->start);
  s->state = s->distance > behind && io->flags & NON_WRAPPING ? BROKEN : COPY;
  return 1;
}

static int room(Io *io) { return io->out < io->out_end; }

/* One step; 1 to go on, 0 for want of input, 2 for want of room. */
static int step(Inflate *s, Io *io) {
  switch (s->state) {
    case START:
      s->bits = s->buffer = s->final = 0;
      s->adler = 1;
      s->state = io->flags & ZLIB_HEADER ? HEADER : BLOCK;
      return 1;
    case HEADER: return header(s, io);
    case BLOCK: return block(s, io);
    case STORED_SIZE: return stored_size(s, io);
    case STORED:
      for (; s->length; s->length--) {
        if (!room(io)) return 2;
        if (!need(s, io, 8)) return 0;
        *io->out++ = (u8)take(s, 8);
      }
      s->state = BLOCK;
      return 1;
    case SIZES: return sizes(s, io);
    case CODE_SIZES: return code_sizes(s, io);
    case LENGTHS: return lengths(s, io);
    case SYMBOL: return symbol(s, io);
    case LENGTH: return length(s, io);
    case DISTANCE_SYMBOL: return distance_symbol(s, io);
    case DISTANCE: return distance(s, io);
    case COPY:
      for (; s->length; s->length--) {
        if (!room(io)) return 2;
        *io->out = io->start[(u32)(io->out - io->start - s->distance) & io->mask];
        io->out++;
      }
      s->state = SYMBOL;
      return 1;
    case LITERAL:
      if (!room(io)) return 2;
      *io->out++ = (u8)s->symbol;
      s->state = SYMBOL;
      return 1;
    case CHECKSUM:
      if (!gather(s, io)) return 0;
      s->sum = s->sum << 24 | (s->sum & 0xff00) << 8 | (s->sum >> 8 & 0xff00) | s->sum >> 24;
      s->state = FINISHED;
      return 1;
  }
  return -1;
}

int tinfl_decompress(Inflate *s, const u8 *in, u32 *in_size, u8 *start, u8 *out, u32 *out_size, u32 flags) {
  u32 mask = flags & NON_WRAPPING ? 0xffffffffu : (u32)(out - start) + *out_size - 1;
  if ((mask + 1) & mask || out < start) {
    *in_size = *out_size = 0;
    return BAD_PARAM;
  }
  Io io = {in, in + *in_size, start, out, out + *out_size, mask, flags};
  int result = 1;
  while (s->state < FINISHED && (result = step(s, &io)) == 1) {
  }
  int status = s->state == FINISHED ? DONE : s->state == BROKEN ? FAILED : result == 2 ? HAS_OUTPUT : NEEDS_INPUT;
  *in_size = (u32)(io.in - in);
  *out_size = (u32)(io.out - out);
  if (flags & (ZLIB_HEADER | COMPUTE_ADLER) && status >= 0) {
    s->adler = mz_adler32(s->adler, out, *out_size);
    if (status == DONE && flags & ZLIB_HEADER && s->adler != s->sum) status = MISMATCH;
  }
  return status;
}

/* Bytes written, or all ones. The decompressor takes 2 KB of the stack. */
u32 tinfl_decompress_mem_to_mem(u8 *out, u32 out_size, const u8 *in, u32 in_size, u32 flags) {
  Inflate s;
  s.state = START;
  int status = tinfl_decompress(&s, in, &in_size, out, out, &out_size, (flags & ~(u32)MORE_INPUT) | NON_WRAPPING);
  return status == DONE ? out_size : 0xffffffffu;
}
