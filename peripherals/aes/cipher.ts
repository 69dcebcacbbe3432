/**
 * AES (FIPS 197) on one 16-byte block with a 16, 24 or 32-byte key. The S-box is computed from its
 * definition: inverse in GF(2^8), then the affine transform.
 */
const SBOX = new Uint8Array(256);
const INVERSE_SBOX = new Uint8Array(256);
buildBoxes();

function xtime(x: number): number {
  return ((x << 1) ^ ((x & 0x80) !== 0 ? 0x1b : 0)) & 0xff;
}

function multiply(a: number, b: number): number {
  let product = 0;
  for (let x = a, y = b; y !== 0; y >>= 1, x = xtime(x)) if ((y & 1) !== 0) product ^= x;
  return product;
}

function buildBoxes(): void {
  for (let x = 0; x < 256; x++) {
    let inverse = 0;
    for (let y = 1; y < 256 && x !== 0; y++) if (multiply(x, y) === 1) inverse = y;
    let s = 0x63;
    for (let shift = 0; shift < 5; shift++) s ^= (inverse << shift) | (inverse >> (8 - shift));
    SBOX[x] = s & 0xff;
    INVERSE_SBOX[s & 0xff] = x;
  }
}

/** The round keys, 16 bytes each, one after the other. */
function expandKey(key: Uint8Array): Uint8Array {
  const rounds = key.length / 4 + 6;
  const out = new Uint8Array(16 * (rounds + 1));
  out.set(key);
  let constant = 1;
  for (let at = key.length; at < out.length; at += 4) {
    const word = out.slice(at - 4, at);
    if (at % key.length === 0) {
      word.set([word[1]!, word[2]!, word[3]!, word[0]!].map((byte) => SBOX[byte]!));
      word[0] = word[0]! ^ constant;
      constant = xtime(constant);
    } else if (key.length === 32 && at % key.length === 16) {
      word.set(word.map((byte) => SBOX[byte]!));
    }
    for (let i = 0; i < 4; i++) out[at + i] = out[at + i - key.length]! ^ word[i]!;
  }
  return out;
}

function addRoundKey(state: Uint8Array, keys: Uint8Array, round: number): void {
  for (let i = 0; i < 16; i++) state[i] = state[i]! ^ keys[16 * round + i]!;
}

/** Row r moves left by r columns (`direction` 1) or right (-1), through the box given. */
function substituteAndShift(state: Uint8Array, box: Uint8Array, direction: number): void {
  const old = state.slice();
  for (let i = 0; i < 16; i++) {
    const row = i & 3;
    const column = ((i >> 2) + direction * row + 4) & 3;
    state[i] = box[old[4 * column + row]!]!;
  }
}

function mixColumns(state: Uint8Array, factors: readonly number[]): void {
  for (let column = 0; column < 16; column += 4) {
    const old = state.slice(column, column + 4);
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let i = 0; i < 4; i++) sum ^= multiply(old[i]!, factors[(i - row + 4) & 3]!);
      state[column + row] = sum;
    }
  }
}

export function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  const keys = expandKey(key);
  const rounds = keys.length / 16 - 1;
  const state = block.slice();
  addRoundKey(state, keys, 0);
  for (let round = 1; round <= rounds; round++) {
    substituteAndShift(state, SBOX, 1);
    if (round < rounds) mixColumns(state, [2, 3, 1, 1]);
    addRoundKey(state, keys, round);
  }
  return state;
}

export function decryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  const keys = expandKey(key);
  const rounds = keys.length / 16 - 1;
  const state = block.slice();
  addRoundKey(state, keys, rounds);
  for (let round = rounds - 1; round >= 0; round--) {
    substituteAndShift(state, INVERSE_SBOX, -1);
    addRoundKey(state, keys, round);
    if (round > 0) mixColumns(state, [14, 11, 13, 9]);
  }
  return state;
}
