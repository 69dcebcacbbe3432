/**
 * Montgomery arithmetic as the RSA accelerator does it (Handbook of Applied Cryptography 14.36 and
 * 14.94), on BigInt. R is 2^bits; the modulus is odd.
 */
export interface Exponentiation {
  readonly base: bigint;
  readonly exponent: bigint;
  readonly modulus: bigint;
  /** R^2 mod modulus. */
  readonly rb: bigint;
}

export function fromWords(words: Uint32Array): bigint {
  let text = '';
  for (let i = words.length - 1; i >= 0; i--) text += words[i]!.toString(16).padStart(8, '0');
  return BigInt(`0x${text || '0'}`);
}

export function toWords(value: bigint, count: number): Uint32Array {
  const text = value.toString(16).padStart(8 * count, '0');
  return Uint32Array.from({ length: count }, (_, i) => {
    const end = text.length - 8 * i;
    return parseInt(text.slice(end - 8, end), 16);
  });
}

/** -1 / modulus mod 2^bits by Newton's iteration. */
function negativeInverse(modulus: bigint, bits: number): bigint {
  let inverse = 1n;
  for (let known = 1; known < bits; known *= 2)
    inverse = BigInt.asUintN(bits, inverse * (2n - modulus * inverse));
  return BigInt.asUintN(bits, -inverse);
}

function reduce(product: bigint, modulus: bigint, inverse: bigint, bits: number): bigint {
  const m = BigInt.asUintN(bits, product * inverse);
  const t = (product + m * modulus) >> BigInt(bits);
  return t >= modulus ? t - modulus : t;
}

/** x * y / R mod modulus; 0 for an even modulus. */
export function montgomeryProduct(x: bigint, y: bigint, modulus: bigint, bits: number): bigint {
  if ((modulus & 1n) === 0n) return 0n;
  return reduce(x * y, modulus, negativeInverse(modulus, bits), bits) % modulus;
}

/** base ^ exponent mod modulus when rb is right; 0 for an even modulus. */
export function exponentiate(operands: Exponentiation, bits: number): bigint {
  const { base, exponent, modulus, rb } = operands;
  if ((modulus & 1n) === 0n) return 0n;
  const inverse = negativeInverse(modulus, bits);
  const x = reduce(base * rb, modulus, inverse, bits);
  let accumulator = reduce(rb, modulus, inverse, bits);
  for (const bit of exponent.toString(2)) {
    accumulator = reduce(accumulator * accumulator, modulus, inverse, bits);
    if (bit === '1') accumulator = reduce(accumulator * x, modulus, inverse, bits);
  }
  return reduce(accumulator, modulus, inverse, bits) % modulus;
}
