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
import type { Cpu } from '../state.ts';
import * as exec from './float.ts';

const SEED = 0x0d1715e5;
const cpu = testCpu();

type Exec = (cpu: Cpu, r: number, s: number, t: number, imm: number) => void;

/** Parses `maddn.s f5 f4 f3` lines into calls. */
function sequence(text: string): () => void {
  const functions = exec as unknown as Record<string, Exec>;
  const steps = text
    .trim()
    .split('\n')
    .map((line) => {
      const [mnemonic, ...operands] = line.trim().split(/\s+/);
      const op = functions[mnemonic!.replace('.', '_')]!;
      const [r, s, t] = operands.map((word) => Number(word.replace('f', '')));
      return mnemonic === 'const.s'
        ? () => op(cpu, r!, 0, 0, s!)
        : () => op(cpu, r!, s!, t ?? 0, 0);
    });
  return () => {
    for (const step of steps) step();
  };
}

/** f0 = f1 / f2. */
const divide = sequence(`
  div0.s f3 f2
  nexp01.s f4 f2
  const.s f5 1
  maddn.s f5 f4 f3
  mov.s f6 f3
  mov.s f7 f2
  nexp01.s f2 f1
  maddn.s f6 f5 f6
  const.s f5 1
  const.s f0 0
  neg.s f8 f2
  maddn.s f5 f4 f6
  maddn.s f0 f8 f3
  mkdadj.s f7 f1
  maddn.s f6 f5 f6
  maddn.s f8 f4 f0
  const.s f3 1
  maddn.s f3 f4 f6
  maddn.s f0 f8 f6
  neg.s f2 f2
  maddn.s f6 f3 f6
  maddn.s f2 f4 f0
  addexpm.s f0 f7
  addexp.s f6 f7
  divn.s f0 f2 f6`);

/** f0 = sqrt(f1). */
const squareRoot = sequence(`
  sqrt0.s f2 f1
  const.s f3 0
  maddn.s f3 f2 f2
  nexp01.s f4 f1
  const.s f0 3
  addexp.s f4 f0
  maddn.s f0 f3 f4
  nexp01.s f3 f1
  neg.s f5 f3
  maddn.s f2 f0 f2
  const.s f0 0
  const.s f6 0
  const.s f7 0
  maddn.s f0 f5 f2
  maddn.s f6 f2 f4
  const.s f4 3
  maddn.s f7 f4 f2
  maddn.s f3 f0 f0
  maddn.s f4 f6 f2
  neg.s f2 f7
  maddn.s f0 f3 f2
  maddn.s f7 f4 f7
  mksadj.s f2 f1
  nexp01.s f1 f1
  maddn.s f1 f0 f0
  neg.s f3 f7
  addexpm.s f0 f2
  addexp.s f3 f2
  divn.s f0 f1 f3`);

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
