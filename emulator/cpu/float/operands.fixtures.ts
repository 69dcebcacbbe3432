/** Operands for the floating-point tests. */
import { generator } from './reference.fixtures.ts';

/** Every class of operand and the borders between them. */
// prettier-ignore
export const DIRECTED: readonly number[] = [
  0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x00000002, 0x00000003, 0x003fffff, 0x00400000,
  0x007ffffe, 0x007fffff, 0x807fffff, 0x00800000, 0x80800000, 0x00800001, 0x00ffffff, 0x01000000,
  0x0b800000, 0x0c000001, 0x1f800000, 0x1fffffff, 0x20000000, 0x33800000, 0x33800001, 0x33ffffff,
  0x34000000, 0x3effffff, 0x3f000000, 0x3f000001, 0x3f7fffff, 0x3f800000, 0xbf800000, 0x3f800001,
  0x3fc00000, 0x3fffffff, 0x40000000, 0xc0000000, 0x40200000, 0x40400000, 0x40490fdb, 0x4b7fffff,
  0x4b800000, 0x4b800001, 0x4effffff, 0x4f000000, 0xcf000000, 0xcf000001, 0x4f7fffff, 0x4f800000,
  0x5f800000, 0x60000001, 0x7e800000, 0x7effffff, 0x7f000000, 0x7f7ffffe, 0x7f7fffff, 0xff7fffff,
  0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fc12345, 0xffd5aa55, 0x7f800001, 0xff800001,
  0x7fa5a5a5,
].map((v) => v | 0);

/** A stream of operands: raw bits, near one another, short significands (ties), small, directed. */
export function operandStream(seed: number): () => number {
  const next = generator(seed);
  return () => {
    const raw = next();
    switch ((next() >>> 8) % 6) {
      case 0:
        return raw;
      case 1:
        return (raw & 0x807fffff) | ((120 + ((next() >>> 8) % 16)) << 23);
      case 2:
        return (raw & 0x80ff0000) | ((100 + ((next() >>> 8) % 54)) << 23);
      case 3:
        return (raw & 0x807fffff) | (((next() >>> 8) % 6) << 23);
      case 4:
        return (raw & 0x807fffff) | ((248 + ((next() >>> 8) % 8)) << 23);
      default:
        return DIRECTED[(next() >>> 8) % DIRECTED.length]!;
    }
  };
}
