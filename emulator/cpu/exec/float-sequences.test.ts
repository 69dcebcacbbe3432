/**
 * Division and square root as firmware computes them. The sequences are libgcc's `__divsf3` (as in
 * the ESP32-S3 mask ROM) and `__ieee754_sqrtf`, which use registers in the documented order of the
 * steps; the expectations are exact quotients and roots.
 */
import { describe, expect, it } from 'vitest';
import { testCpu } from '../float/cpu.fixtures.ts';
import { DIRECTED, operandStream } from '../float/operands.fixtures.ts';
import * as reference from '../float/reference.fixtures.ts';
import type { Result } from '../float/reference.fixtures.ts';
import { DIVIDE, SQUARE_ROOT, compile } from '../float/sequences.fixtures.ts';

const SEED = 0x0d1715e5;
const cpu = testCpu();
const divide = compile(cpu, DIVIDE);
const squareRoot = compile(cpu, SQUARE_ROOT);

const hex = (v: number): string => (v >>> 0).toString(16).padStart(8, '0');

/** Same bits and flags; of two NaNs the bits may differ (the sequence, not the operation, decides). */
function check(what: string, got: Result, want: Result): void {
  const same =
    got.bits === want.bits || (reference.isNaN32(got.bits) && reference.isNaN32(want.bits));
  if (same && got.flags === want.flags) return;
  expect(`${what} = ${hex(got.bits)} fsr=${got.flags.toString(16)}`).toBe(
    `${what} = ${hex(want.bits)} fsr=${want.flags.toString(16)}`,
  );
}

function runDivide(a: number, b: number, mode: number): Result {
  cpu.fr[1] = a;
  cpu.fr[2] = b;
  cpu.fcr = mode;
  cpu.fsr = 0;
  divide();
  return { bits: cpu.fr[0]!, flags: cpu.fsr };
}

function runRoot(a: number, mode: number): Result {
  cpu.fr[1] = a;
  cpu.fcr = mode;
  cpu.fsr = 0;
  squareRoot();
  return { bits: cpu.fr[0]!, flags: cpu.fsr };
}

const MODES = [0, 1, 2, 3];

describe(`division sequence, seed ${SEED.toString(16)}`, () => {
  it('every pair of directed operands in every mode', () => {
    for (const a of DIRECTED)
      for (const b of DIRECTED)
        for (const mode of MODES)
          check(
            `${hex(a)} / ${hex(b)} rm=${mode}`,
            runDivide(a, b, mode),
            reference.div(a, b, mode),
          );
  });

  it('30,000 random pairs in every mode', () => {
    const next = operandStream(SEED);
    for (let i = 0; i < 30_000; i++) {
      const [a, b] = [next(), next()];
      for (const mode of MODES)
        check(`${hex(a)} / ${hex(b)} rm=${mode}`, runDivide(a, b, mode), reference.div(a, b, mode));
    }
  });

  it('every value of the seed table, with the hardest divisors', () => {
    for (let top = 0; top < 128; top++)
      for (const low of [0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff])
        for (const a of [0x3f800000, 0x3f800001, 0x3fffffff, 0x40490fdb, 0x00000001, 0x7f7fffff])
          for (const exponent of [1, 126, 127, 128, 254]) {
            const b = (exponent << 23) | (top << 16) | low;
            check(`${hex(a)} / ${hex(b)}`, runDivide(a, b, 0), reference.div(a, b, 0));
          }
  });

  it('0 / 0, x / 0, infinities and NaN give what IEEE 754 says', () => {
    const flags = (a: number, b: number): string => {
      const { bits, flags } = runDivide(a, b, 0);
      return `${hex(bits)} ${flags.toString(16)}`;
    };
    expect(flags(0, 0)).toBe('7fc00000 800');
    expect(flags(0x3f800000, 0x80000000)).toBe('ff800000 400');
    expect(flags(0x7f800000, 0)).toBe('7f800000 0');
    expect(flags(0x7f800000, 0xff800000)).toBe('7fc00000 800');
    expect(flags(0x3f800000, 0xff800000)).toBe('80000000 0');
  });
});

describe('square-root sequence', () => {
  it('every directed operand in every mode', () => {
    for (const a of DIRECTED)
      for (const mode of MODES)
        check(`sqrt ${hex(a)} rm=${mode}`, runRoot(a, mode), reference.sqrt(a, mode));
  });

  it('30,000 random operands in every mode', () => {
    const next = operandStream(SEED ^ 1);
    for (let i = 0; i < 30_000; i++) {
      const a = next() & (i % 16 === 0 ? -1 : 0x7fffffff);
      for (const mode of MODES)
        check(`sqrt ${hex(a)} rm=${mode}`, runRoot(a, mode), reference.sqrt(a, mode));
    }
  });

  it('perfect squares and their neighbours', () => {
    for (let root = 1; root < 4096; root += 7) {
      const square = Math.fround(root * root);
      cpu.frFloat[9] = square;
      for (const offset of [-1, 0, 1])
        check(
          `sqrt ${root}^2${offset}`,
          runRoot(cpu.fr[9]! + offset, 0),
          reference.sqrt(cpu.fr[9]! + offset, 0),
        );
    }
  });
});
