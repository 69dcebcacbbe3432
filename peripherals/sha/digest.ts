/**
 * The compression functions of FIPS 180-4: SHA-1, SHA-256 and SHA-512 (SHA-384 shares it), on
 * states and blocks of 32-bit words, most significant word first. Constants are computed from the
 * primes, as the standard defines them.
 */
export type ShaAlgorithm = 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512';

const MASK64 = (1n << 64n) - 1n;

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** floor of the `power`-th root of `value`. */
function root(value: bigint, power: bigint): bigint {
  let low = 0n;
  let high = 1n << 80n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** power <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

const PRIMES = primes(80);
/** First 64 bits of the fraction of the cube root of each of the first 80 primes. */
const K512 = PRIMES.map((p) => root(BigInt(p) << 192n, 3n) & MASK64);
const K256 = Int32Array.from(K512.slice(0, 64), (k) => Number(k >> 32n) | 0);
/** First 64 bits of the fraction of the square root of each of the first 16 primes. */
const ROOTS = PRIMES.slice(0, 16).map((p) => root(BigInt(p) << 128n, 2n) & MASK64);
const K1 = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function halves(words: readonly bigint[]): number[] {
  return words.flatMap((word) => [Number(word >> 32n) | 0, Number(word & 0xffffffffn) | 0]);
}

export const INITIAL_STATE: Readonly<Record<ShaAlgorithm, readonly number[]>> = {
  SHA1: [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0],
  SHA256: ROOTS.slice(0, 8).map((r) => Number(r >> 32n) | 0),
  SHA384: halves(ROOTS.slice(8, 16)),
  SHA512: halves(ROOTS.slice(0, 8)),
};

/** Takes one block (16 words, 32 for SHA-384/512) into `state`, in place. */
export function compress(algorithm: ShaAlgorithm, state: Int32Array, block: Int32Array): void {
  if (algorithm === 'SHA1') sha1(state, block);
  else if (algorithm === 'SHA256') sha256(state, block);
  else sha512(state, block);
}

function rotl(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}

function sha1(state: Int32Array, block: Int32Array): void {
  const w = new Int32Array(80);
  w.set(block.subarray(0, 16));
  for (let t = 16; t < 80; t++) w[t] = rotl(w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!, 1);
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let t = 0; t < 80; t++) {
    const round = Math.floor(t / 20);
    const f =
      round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const next = (rotl(a, 5) + f + e + K1[round]! + w[t]!) | 0;
    e = d;
    d = c;
    c = rotl(b, 30);
    b = a;
    a = next;
  }
  [a, b, c, d, e].forEach((word, i) => (state[i] = state[i]! + word));
}

function sha256(state: Int32Array, block: Int32Array): void {
  const w = new Int32Array(64);
  w.set(block.subarray(0, 16));
  for (let t = 16; t < 64; t++) {
    const s0 = rotl(w[t - 15]!, 25) ^ rotl(w[t - 15]!, 14) ^ (w[t - 15]! >>> 3);
    const s1 = rotl(w[t - 2]!, 15) ^ rotl(w[t - 2]!, 13) ^ (w[t - 2]! >>> 10);
    w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
  }
  const v = Int32Array.from(state);
  for (let t = 0; t < 64; t++) {
    const [a, b, c, , e, f, g] = v as unknown as number[];
    const s1 = rotl(e!, 26) ^ rotl(e!, 21) ^ rotl(e!, 7);
    const t1 = (v[7]! + s1 + ((e! & f!) ^ (~e! & g!)) + K256[t]! + w[t]!) | 0;
    const s0 = rotl(a!, 30) ^ rotl(a!, 19) ^ rotl(a!, 10);
    const t2 = (s0 + ((a! & b!) ^ (a! & c!) ^ (b! & c!))) | 0;
    v.copyWithin(1, 0, 7);
    v[4] = v[4]! + t1;
    v[0] = t1 + t2;
  }
  for (let i = 0; i < 8; i++) state[i] = state[i]! + v[i]!;
}

function rotr64(x: bigint, n: bigint): bigint {
  return ((x >> n) | (x << (64n - n))) & MASK64;
}

function word64(words: Int32Array, index: number): bigint {
  const high = BigInt(words[2 * index]! >>> 0);
  return (high << 32n) | BigInt(words[2 * index + 1]! >>> 0);
}

function sha512(state: Int32Array, block: Int32Array): void {
  const w: bigint[] = [];
  for (let t = 0; t < 16; t++) w.push(word64(block, t));
  for (let t = 16; t < 80; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = rotr64(x, 1n) ^ rotr64(x, 8n) ^ (x >> 7n);
    const s1 = rotr64(y, 19n) ^ rotr64(y, 61n) ^ (y >> 6n);
    w.push((w[t - 16]! + s0 + w[t - 7]! + s1) & MASK64);
  }
  let v: bigint[] = [];
  for (let i = 0; i < 8; i++) v.push(word64(state, i));
  for (let t = 0; t < 80; t++) {
    const [a, b, c, d, e, f, g, h] = v as [
      ...[bigint, bigint, bigint, bigint],
      ...[bigint, bigint, bigint, bigint],
    ];
    const s1 = rotr64(e, 14n) ^ rotr64(e, 18n) ^ rotr64(e, 41n);
    const t1 = h + s1 + ((e & f) ^ (~e & MASK64 & g)) + K512[t]! + w[t]!;
    const s0 = rotr64(a, 28n) ^ rotr64(a, 34n) ^ rotr64(a, 39n);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    v = [(t1 + t2) & MASK64, a, b, c, (d + t1) & MASK64, e, f, g];
  }
  for (let i = 0; i < 8; i++) {
    const sum = (word64(state, i) + v[i]!) & MASK64;
    state[2 * i] = Number(sum >> 32n);
    state[2 * i + 1] = Number(sum & 0xffffffffn);
  }
}
