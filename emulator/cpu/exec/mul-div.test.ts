/** Multiply and divide options against BigInt arithmetic. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';
import { CODE, RUNS, apply, int32, makeCpu, unsigned } from '../rig.fixtures.ts';
import type { Exec } from '../rig.fixtures.ts';
import * as div from './div.ts';
import * as mul from './mul.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
});

const word = fc.oneof(
  fc.constantFrom(0, 1, -1, 0x7fffffff, -0x80000000, 0xffff, 0x10000, -0x10000, 0x8000, -0x8001),
  fc.integer(),
);

const u16 = (x: number): bigint => BigInt.asUintN(16, BigInt(x));
const s16 = (x: number): bigint => BigInt.asIntN(16, BigInt(x));

describe('multiply', () => {
  const cases: [string, Exec, (x: number, y: number) => bigint][] = [
    ['mul16u', mul.mul16u, (x, y) => u16(x) * u16(y)],
    ['mul16s', mul.mul16s, (x, y) => s16(x) * s16(y)],
    ['mull', mul.mull, (x, y) => BigInt(x) * BigInt(y)],
    ['muluh', mul.muluh, (x, y) => (unsigned(x) * unsigned(y)) >> 32n],
    ['mulsh', mul.mulsh, (x, y) => (BigInt(x) * BigInt(y)) >> 32n],
  ];
  it.each(cases)('%s', (_, exec, reference) => {
    fc.assert(
      fc.property(word, word, (x, y) => {
        expect(apply(cpu, exec, x, y)).toBe(int32(reference(x, y)));
      }),
      { ...RUNS, numRuns: 3000 },
    );
  });
});

describe('divide', () => {
  const cases: [string, Exec, (x: number, y: number) => bigint][] = [
    ['quou', div.quou, (x, y) => unsigned(x) / unsigned(y)],
    ['quos', div.quos, (x, y) => BigInt(x) / BigInt(y)],
    ['remu', div.remu, (x, y) => unsigned(x) % unsigned(y)],
    ['rems', div.rems, (x, y) => BigInt(x) % BigInt(y)],
  ];
  it.each(cases)('%s', (_, exec, reference) => {
    fc.assert(
      fc.property(
        word,
        word.filter((y) => y !== 0),
        (x, y) => {
          expect(apply(cpu, exec, x, y)).toBe(int32(reference(x, y)));
        },
      ),
      { ...RUNS, numRuns: 3000 },
    );
  });

  it.each(cases)('%s by zero raises and keeps the result register', (_, exec) => {
    expect(apply(cpu, exec, 5, 0, 0, 99)).toBe(99);
    expect([cpu.exccause, cpu.epc[1]]).toEqual([EXCCAUSE.IntegerDivideByZero, CODE]);
  });
});
