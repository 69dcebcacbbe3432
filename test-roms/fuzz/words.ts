/** Random code with a bias: uniform words are mostly illegal or loads, so that half of them get a dense opcode group. */
import type { Random } from '../diff/random.ts';

/** Room for one word: the word and a RET, which ends what is decoded at once. */
export const WORD_BYTES = 8;

/** First byte of RET; the others are 0. */
const RET = 0x80;

/** Low bytes (t and op0) and high bytes (op2 and op1) under which most of the rarer instructions live. */
const LOW = [
  0x00, 0x10, 0x20, 0x30, 0x40, 0x80, 0xf0, 0x04, 0x14, 0x03, 0x06, 0x36, 0x76, 0x0d, 0x1d,
];
const HIGH = [
  0x00, 0x03, 0x13, 0x0a, 0x0b, 0x4a, 0xfa, 0x49, 0x09, 0x40, 0x50, 0xe3, 0xf3, 0x0e, 0xf0,
];

/**
 * Fills `code` with random words, one in eight bytes. In a `dense` filling the other bytes are random as well, so that
 * whole runs of random instructions follow each other; otherwise they are a RET.
 */
export function randomCode(code: Uint8Array, random: Random, dense: boolean): void {
  for (let at = 0; at < code.length; at += 4) {
    const bits = dense || at % WORD_BYTES === 0 ? random.bits() : 0;
    code[at] = bits;
    code[at + 1] = bits >>> 8;
    code[at + 2] = bits >>> 16;
    code[at + 3] = dense ? bits >>> 24 : at % WORD_BYTES === 0 ? RET : 0;
    if (at % WORD_BYTES !== 0 || bits & 0x80000000) continue;
    if (bits & 0x40000000) code[at] = random.pick(LOW) | (bits & 0x20000000 ? bits & 0xf0 : 0);
    if (bits & 0x10000000) code[at + 2] = random.pick(HIGH);
  }
}
