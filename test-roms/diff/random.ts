/** The random numbers of the generator: one 32-bit seed gives one program, on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** 32 random bits as an int32 (splitmix32). */
  bits(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  }

  /** 0 <= result < limit */
  below(limit: number): number {
    return (this.bits() >>> 0) % limit;
  }

  /** low <= result <= high */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** True once in `n`. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
}

const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000,
  0x7fffffff, -0x80000000, -0x7fffffff, -1, -2, -3, -0x80, -0x81, -0x100, -0x8000, -0x8001,
  0x55555555,
];

/** A word of the kind that finds faults: an edge, a few bits, or anything. */
export function interestingWord(random: Random): number {
  switch (random.below(4)) {
    case 0:
      return random.pick(EDGES);
    case 1:
      return random.bits() >> random.below(32);
    case 2:
      return (1 << random.below(32)) ^ (random.oneIn(2) ? -1 : 0);
    default:
      return random.bits();
  }
}

const FLOAT_EDGES = [
  0, 0x80000000, 0x3f800000, 0xbf800000, 0x00000001, 0x807fffff, 0x00800000, 0x7f7fffff, 0x7f800000,
  0xff800000, 0x4b000000, 0x4b7fffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x3effffff, 0x3f000001,
];

/** The bits of a single that is not a NaN. */
export function interestingFloat(random: Random): number {
  if (random.oneIn(4)) return random.pick(FLOAT_EDGES) | 0;
  // Mostly exponents near each other, so that sums round and cancel.
  const exponent = random.oneIn(4) ? random.below(255) : random.between(110, 150);
  return (random.bits() & 0x807fffff) | (exponent << 23);
}
