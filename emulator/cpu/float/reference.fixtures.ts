/**
 * Reference arithmetic for tests, written from IEEE 754 with BigInt rationals and nothing of the
 * emulator's: a finite number is an integer multiple of 2^-149, a result is an exact fraction that
 * is rounded once.
 */
export interface Result {
  readonly bits: number;
  readonly flags: number;
}

export const FLAG = { I: 0x80, U: 0x100, O: 0x200, Z: 0x400, V: 0x800 } as const;
export const NEAREST = 0;
export const TOWARD_ZERO = 1;
export const UPWARD = 2;
export const DOWNWARD = 3;

const LIMIT = 1n << 128n;

export const isNaN32 = (v: number): boolean => (v & 0x7fffffff) > 0x7f800000;
export const isInf32 = (v: number): boolean => (v & 0x7fffffff) === 0x7f800000;
export const isZero32 = (v: number): boolean => (v & 0x7fffffff) === 0;
const isSignalling32 = (v: number): boolean => isNaN32(v) && (v & 0x400000) === 0;

/** The finite number `v` in units of 2^-149. */
function units(v: number): bigint {
  const exponent = (v >>> 23) & 255;
  const fraction = BigInt(v & 0x7fffff);
  const magnitude = exponent === 0 ? fraction : (fraction | 0x800000n) << BigInt(exponent - 1);
  return v < 0 ? -magnitude : magnitude;
}

const bitLength = (v: bigint): number => v.toString(2).length;

/** numerator / (denominator * 2^quantum) rounded to an integer, and whether that lost anything. */
function roundAt(
  negative: boolean,
  numerator: bigint,
  denominator: bigint,
  quantum: number,
  mode: number,
): { whole: bigint; inexact: boolean } {
  const n = quantum < 0 ? numerator << BigInt(-quantum) : numerator;
  const d = quantum > 0 ? denominator << BigInt(quantum) : denominator;
  const floor = n / d;
  const rest = n % d;
  let up = false;
  if (mode === NEAREST) up = 2n * rest > d || (2n * rest === d && (floor & 1n) === 1n);
  else if (mode === UPWARD) up = rest > 0n && !negative;
  else if (mode === DOWNWARD) up = rest > 0n && negative;
  return { whole: up ? floor + 1n : floor, inexact: rest > 0n };
}

/** The non-zero number `numerator / denominator` rounded to binary32. */
export function roundRational(numerator: bigint, denominator: bigint, mode: number): Result {
  const negative = numerator < 0n;
  const n = negative ? -numerator : numerator;
  let exponent = bitLength(n) - bitLength(denominator);
  const below =
    exponent >= 0 ? n < denominator << BigInt(exponent) : n << BigInt(-exponent) < denominator;
  if (below) exponent -= 1;
  const sign = negative ? 0x80000000 : 0;
  const quantum = Math.max(exponent - 23, -149);
  const { whole, inexact } = roundAt(negative, n, denominator, quantum, mode);
  const unbounded = roundAt(negative, n, denominator, exponent - 23, mode).whole;
  if (quantum > 0 && whole << BigInt(quantum) >= LIMIT) {
    const infinite =
      mode === NEAREST || (mode === UPWARD && !negative) || (mode === DOWNWARD && negative);
    return { bits: sign | (infinite ? 0x7f800000 : 0x7f7fffff), flags: FLAG.O | FLAG.I };
  }
  const isTiny = exponent < -126 && !(exponent === -127 && unbounded === 1n << 24n);
  const flags = inexact ? (isTiny ? FLAG.U | FLAG.I : FLAG.I) : 0;
  let bits: number;
  if (whole < 0x800000n) bits = Number(whole);
  else if (whole === 0x1000000n) bits = (quantum + 1 + 150) << 23;
  else bits = ((quantum + 150) << 23) | (Number(whole) & 0x7fffff);
  return { bits: sign | bits, flags };
}

/** The last NaN of (a, b) survives and is made quiet; an accumulator goes before both. */
function nanOf(operands: readonly number[]): Result {
  const survivor = operands.find(isNaN32)!;
  const flags = operands.some(isSignalling32) ? FLAG.V : 0;
  return { bits: survivor | 0x400000, flags };
}

const INVALID: Result = { bits: 0x7fc00000, flags: FLAG.V };

/** The sum of two numbers that are not NaN. */
function sumOf(x: number, y: number, mode: number): Result {
  if (isInf32(x) || isInf32(y)) {
    if (isInf32(x) && isInf32(y) && x !== y) return INVALID;
    return { bits: isInf32(x) ? x : y, flags: 0 };
  }
  const total = units(x) + units(y);
  if (total !== 0n) return roundRational(total, 1n << 149n, mode);
  return { bits: zeroSum(x < 0, y < 0, isZero32(x) && isZero32(y), mode), flags: 0 };
}

function zeroSum(xNegative: boolean, yNegative: boolean, bothZero: boolean, mode: number): number {
  if (bothZero && xNegative === yNegative) return xNegative ? 0x80000000 | 0 : 0;
  return mode === DOWNWARD ? 0x80000000 | 0 : 0;
}

export function add(a: number, b: number, mode: number): Result {
  if (isNaN32(a) || isNaN32(b)) return nanOf([b, a]);
  return sumOf(a, b, mode);
}

export function sub(a: number, b: number, mode: number): Result {
  if (isNaN32(a) || isNaN32(b)) return nanOf([b, a]);
  return sumOf(a, b ^ 0x80000000, mode);
}

export function mul(a: number, b: number, mode: number): Result {
  if (isNaN32(a) || isNaN32(b)) return nanOf([b, a]);
  const sign = (a ^ b) & 0x80000000;
  if (isInf32(a) || isInf32(b))
    return isZero32(a) || isZero32(b) ? INVALID : { bits: sign | 0x7f800000, flags: 0 };
  if (isZero32(a) || isZero32(b)) return { bits: sign, flags: 0 };
  return roundRational(units(a) * units(b), 1n << 298n, mode);
}

/** c + a * b, or with `negate` c - a * b, rounded once. */
export function fma(c: number, a: number, b: number, negate: boolean, mode: number): Result {
  const zeroTimesInfinity = (isInf32(a) && isZero32(b)) || (isZero32(a) && isInf32(b)) ? FLAG.V : 0;
  if (isNaN32(c) || isNaN32(a) || isNaN32(b)) {
    const { bits, flags } = nanOf([c, b, a]);
    return { bits, flags: flags | zeroTimesInfinity };
  }
  if (zeroTimesInfinity !== 0) return INVALID;
  const negative = (a ^ b) < 0 !== negate;
  if (isInf32(a) || isInf32(b)) return sumOf(c, negative ? 0xff800000 | 0 : 0x7f800000, mode);
  if (isInf32(c)) return { bits: c, flags: 0 };
  const product = negate ? -(units(a) * units(b)) : units(a) * units(b);
  const total = (units(c) << 149n) + product;
  if (total !== 0n) return roundRational(total, 1n << 298n, mode);
  return { bits: zeroSum(c < 0, negative, isZero32(c) && product === 0n, mode), flags: 0 };
}

/** a / b. A NaN result is b's if both are NaN. */
export function div(a: number, b: number, mode: number): Result {
  const sign = (a ^ b) & 0x80000000;
  if (isNaN32(a) || isNaN32(b)) return nanOf([b, a]);
  if (isInf32(a)) return isInf32(b) ? INVALID : { bits: sign | 0x7f800000, flags: 0 };
  if (isInf32(b)) return { bits: sign, flags: 0 };
  if (isZero32(b)) return isZero32(a) ? INVALID : { bits: sign | 0x7f800000, flags: FLAG.Z };
  if (isZero32(a)) return { bits: sign, flags: 0 };
  const n = units(a);
  const d = units(b);
  return d < 0n ? roundRational(-n, -d, mode) : roundRational(n, d, mode);
}

/** floor(sqrt(v)). */
function isqrt(v: bigint): bigint {
  let x = 1n << BigInt((bitLength(v) + 1) >> 1);
  for (;;) {
    const y = (x + v / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

export function sqrt(a: number, mode: number): Result {
  if (isNaN32(a)) return nanOf([a]);
  if (isZero32(a)) return { bits: a, flags: 0 };
  if (a < 0) return INVALID;
  if (isInf32(a)) return { bits: a, flags: 0 };
  // sqrt(u * 2^-149) = sqrt(u * 2^251) * 2^-200, with a sticky bit for what isqrt drops.
  const scaled = units(a) << 251n;
  const root = isqrt(scaled);
  const sticky = root * root === scaled ? 0n : 1n;
  return roundRational(2n * root + sticky, 1n << 201n, mode);
}

/** The roundings of the conversions to integer. */
export type Rounding = 'nearest' | 'zero' | 'up' | 'down';

/** a * 2^scale as an integer; `unsigned` is UTRUNC.S. */
export function toInteger(a: number, scale: number, rounding: Rounding, unsigned: boolean): Result {
  const invalid = (bits: number): Result => ({ bits: bits | 0, flags: FLAG.V });
  const highest = unsigned ? 0xffffffffn : 0x7fffffffn;
  if (isNaN32(a)) return invalid(Number(highest));
  if (isInf32(a)) return invalid(a < 0 ? 0x80000000 : Number(highest));
  const value = units(a) << BigInt(scale);
  const unit = 1n << 149n;
  const negative = value < 0n;
  const magnitude = negative ? -value : value;
  const mode = { nearest: NEAREST, zero: TOWARD_ZERO, up: UPWARD, down: DOWNWARD }[rounding];
  const { whole, inexact } = roundAt(negative, magnitude, unit, 0, mode);
  const result = negative ? -whole : whole;
  if (result > highest) return invalid(Number(highest));
  if (result < -0x80000000n) return invalid(0x80000000);
  const bits = Number(result) | 0;
  if (unsigned && result < 0n) return invalid(bits);
  return { bits, flags: inexact ? FLAG.I : 0 };
}

/** integer * 2^-scale as binary32. */
export function fromInteger(integer: number, scale: number, mode: number): Result {
  if (integer === 0) return { bits: 0, flags: 0 };
  return roundRational(BigInt(integer), 1n << BigInt(scale), mode);
}

/** Order of two numbers that are not NaN: negative, zero or positive. */
export function compare(a: number, b: number): number {
  const key = (v: number): bigint =>
    isInf32(v) ? (v < 0 ? -LIMIT << 150n : LIMIT << 150n) : units(v);
  const difference = key(a) - key(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** xorshift32: the fixed sequence of raw operands behind the randomised tests. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state | 0;
  };
}
