import { describe, expect, it } from 'vitest';
import { RAM, testCpu } from '../float/cpu.fixtures.ts';
import { DIRECTED, operandStream } from '../float/operands.fixtures.ts';
import * as reference from '../float/reference.fixtures.ts';
import type { Result } from '../float/reference.fixtures.ts';
import type { Cpu } from '../state.ts';
import * as exec from './float.ts';

const SEED = 0x5eed1234;
const MODES = [0, 1, 2, 3];

const cpu = testCpu();
const hex = (v: number): string => (v >>> 0).toString(16).padStart(8, '0');
const show = (r: Result): string => `${hex(r.bits)} fsr=${r.flags.toString(16)}`;

type Op = (cpu: Cpu, r: number, s: number, t: number, imm: number) => void;

/** Runs `op f0, f1, f2` with a clear FSR. */
function run(op: Op, c: number, a: number, b: number, mode: number, imm = 0): Result {
  cpu.fr[0] = c;
  cpu.fr[1] = a;
  cpu.fr[2] = b;
  cpu.fcr = mode;
  cpu.fsr = 0;
  op(cpu, 0, 1, 2, imm);
  return { bits: cpu.fr[0]!, flags: cpu.fsr };
}

/** Compares without building messages for the many that agree. */
function check(name: string, operands: number[], mode: number, got: Result, want: Result): void {
  if (got.bits === want.bits && got.flags === want.flags) return;
  const input = operands.map(hex).join(' ');
  expect(`${name} ${input} rm=${mode}: ${show(got)}`).toBe(
    `${name} ${input} rm=${mode}: ${show(want)}`,
  );
}

const BINARY: [string, Op, (a: number, b: number, mode: number) => Result][] = [
  ['add.s', exec.add_s, reference.add],
  ['sub.s', exec.sub_s, reference.sub],
  ['mul.s', exec.mul_s, reference.mul],
];

const FUSED: [string, Op, boolean][] = [
  ['madd.s', exec.madd_s, false],
  ['msub.s', exec.msub_s, true],
];

describe(`arithmetic against exact rationals, seed ${SEED.toString(16)}`, () => {
  it.each(BINARY)('%s: every pair of directed operands in every mode', (name, op, exact) => {
    for (const a of DIRECTED)
      for (const b of DIRECTED)
        for (const mode of MODES)
          check(name, [a, b], mode, run(op, 0, a, b, mode), exact(a, b, mode));
  });

  it.each(BINARY)('%s: 20,000 random pairs in every mode', (name, op, exact) => {
    const next = operandStream(SEED);
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [next(), next()];
      for (const mode of MODES)
        check(name, [a, b], mode, run(op, 0, a, b, mode), exact(a, b, mode));
    }
  });

  it.each(FUSED)('%s: directed triples in every mode', (name, op, negate) => {
    for (const c of DIRECTED)
      for (const a of DIRECTED)
        for (let i = (a ^ c) & 3; i < DIRECTED.length; i += 4)
          for (const mode of MODES) {
            const b = DIRECTED[i]!;
            const want = reference.fma(c, a, b, negate, mode);
            check(name, [c, a, b], mode, run(op, c, a, b, mode), want);
          }
  });

  it.each(FUSED)('%s: 20,000 random triples in every mode', (name, op, negate) => {
    const next = operandStream(SEED ^ 1);
    for (let i = 0; i < 20_000; i++) {
      const [c, a, b] = [next(), next(), next()];
      for (const mode of MODES)
        check(name, [c, a, b], mode, run(op, c, a, b, mode), reference.fma(c, a, b, negate, mode));
    }
  });

  it('madd.s: sums that fall midway between two results but for a bit far below', () => {
    const next = operandStream(SEED ^ 2);
    for (let i = 0; i < 20_000; i++) {
      // a * b = 1 + 2^-24 + a tail: c moves the halfway point under the rounding position.
      const shift = 1 + ((next() >>> 8) % 23);
      const a = 0x3f800000 | (1 << (23 - shift));
      const b = 0x3f800000 | ((1 << shift) >> 1);
      const c = ((next() & 1) << 31) | ((60 + ((next() >>> 8) % 100)) << 23) | (next() & 0x7fffff);
      for (const mode of MODES)
        check(
          'madd.s',
          [c, a, b],
          mode,
          run(exec.madd_s, c, a, b, mode),
          reference.fma(c, a, b, false, mode),
        );
    }
  });

  it('maddn.s: rounds to nearest whatever FCR says and sets no flag', () => {
    const next = operandStream(SEED ^ 3);
    for (let i = 0; i < 20_000; i++) {
      const [c, a, b] = [next(), next(), next()];
      const want = { bits: reference.fma(c, a, b, false, 0).bits, flags: 0 };
      check('maddn.s', [c, a, b], i & 3, run(exec.maddn_s, c, a, b, i & 3), want);
    }
  });

  it('keeps flags until they are written', () => {
    run(exec.add_s, 0, 0x3f800000, 0x33000000, 0);
    expect(cpu.fsr).toBe(0x80);
    cpu.fr[1] = 0x7f7fffff;
    cpu.fr[2] = 0x7f7fffff;
    exec.add_s(cpu, 0, 1, 2, 0);
    expect(cpu.fsr).toBe(0x280);
    cpu.fr[1] = 0x3f800000;
    exec.mul_s(cpu, 0, 1, 1, 0);
    expect(cpu.fsr).toBe(0x280);
  });

  it('takes the source registers as destination', () => {
    cpu.fcr = 0;
    cpu.fr[3] = 0x40400000;
    exec.mul_s(cpu, 3, 3, 3, 0);
    expect(hex(cpu.fr[3])).toBe('41100000');
    exec.madd_s(cpu, 3, 3, 3, 0);
    expect(hex(cpu.fr[3])).toBe('42b40000');
  });
});

describe('compares', () => {
  const PREDICATES: [string, Op, (order: number | undefined) => boolean, boolean][] = [
    ['un.s', exec.un_s, (o) => o === undefined, false],
    ['oeq.s', exec.oeq_s, (o) => o === 0, false],
    ['ueq.s', exec.ueq_s, (o) => o === undefined || o === 0, false],
    ['olt.s', exec.olt_s, (o) => o !== undefined && o < 0, true],
    ['ult.s', exec.ult_s, (o) => o === undefined || o < 0, false],
    ['ole.s', exec.ole_s, (o) => o !== undefined && o <= 0, true],
    ['ule.s', exec.ule_s, (o) => o === undefined || o <= 0, false],
  ];

  it.each(PREDICATES)(
    '%s: every pair of directed operands',
    (name, op, predicate, signalsQuiet) => {
      for (const a of DIRECTED)
        for (const b of DIRECTED) {
          const nan = [a, b].filter(reference.isNaN32);
          const invalid = signalsQuiet ? nan.length > 0 : nan.some((v) => (v & 0x400000) === 0);
          const value = predicate(nan.length > 0 ? undefined : reference.compare(a, b));
          cpu.fr[1] = a;
          cpu.fr[2] = b;
          cpu.fsr = 0;
          cpu.br = value ? 0x5555 & ~(1 << 9) : 0x5555 | (1 << 9);
          const want = value ? 0x5555 | (1 << 9) : 0x5555 & ~(1 << 9);
          op(cpu, 9, 1, 2, 0);
          check(
            name,
            [a, b],
            0,
            { bits: cpu.br, flags: cpu.fsr },
            { bits: want, flags: invalid ? 0x800 : 0 },
          );
        }
    },
  );
});

describe('conversions', () => {
  const TO_INT: [string, Op, reference.Rounding, boolean][] = [
    ['round.s', exec.round_s, 'nearest', false],
    ['trunc.s', exec.trunc_s, 'zero', false],
    ['floor.s', exec.floor_s, 'down', false],
    ['ceil.s', exec.ceil_s, 'up', false],
    ['utrunc.s', exec.utrunc_s, 'zero', true],
  ];

  it.each(TO_INT)(
    '%s: directed and random operands at every scale',
    (name, op, rounding, unsigned) => {
      const next = operandStream(SEED ^ 4);
      const operands = [...DIRECTED];
      for (let i = 0; i < 3000; i++) {
        operands.push(next());
        operands.push((next() & 0x807fffff) | ((108 + ((next() >>> 8) % 54)) << 23));
        operands.push((next() & 0x80ff0000) | ((108 + ((next() >>> 8) % 54)) << 23));
      }
      for (const a of operands)
        for (let scale = 0; scale < 16; scale += (a & 1) !== 0 ? 1 : 5) {
          cpu.fr[1] = a;
          cpu.fcr = 2;
          cpu.fsr = 0;
          op(cpu, 5, 1, 0, scale);
          const want = reference.toInteger(a, scale, rounding, unsigned);
          check(`${name} imm=${scale}`, [a], 2, { bits: cpu.a(5), flags: cpu.fsr }, want);
        }
    },
  );

  it.each([
    ['float.s', exec.float_s, (v: number) => v],
    ['ufloat.s', exec.ufloat_s, (v: number) => v >>> 0],
  ] as [string, Op, (v: number) => number][])('%s: every scale and mode', (name, op, value) => {
    const next = operandStream(SEED ^ 5);
    const operands = [0, 1, -1, 0x7fffffff, -0x80000000, 0x00ffffff, 0x01000001, 0x01000003, 0xff];
    for (let i = 0; i < 2000; i++) operands.push(next());
    for (const v of operands)
      for (const mode of MODES)
        for (let scale = 0; scale < 16; scale++) {
          cpu.setA(1, v);
          cpu.fcr = mode;
          cpu.fsr = 0;
          op(cpu, 0, 1, 0, scale);
          const got = { bits: cpu.fr[0]!, flags: cpu.fsr };
          check(
            `${name} imm=${scale}`,
            [v],
            mode,
            got,
            reference.fromInteger(value(v), scale, mode),
          );
        }
  });
});

describe('moves', () => {
  it.each(DIRECTED.map(hex))('%s passes bit for bit, signs change alone', (text) => {
    const v = parseInt(text, 16) | 0;
    cpu.setA(3, v);
    cpu.fsr = 0;
    exec.wfr(cpu, 4, 3, 0, 0);
    exec.mov_s(cpu, 5, 4, 0, 0);
    exec.neg_s(cpu, 6, 5, 0, 0);
    exec.abs_s(cpu, 7, 6, 0, 0);
    exec.rfr(cpu, 2, 5, 0, 0);
    expect([cpu.a(2), cpu.fr[6], cpu.fr[7], cpu.fsr]).toEqual([
      v,
      v ^ 0x80000000,
      v & 0x7fffffff,
      0,
    ]);
  });

  it('const.s gives 0, 1, 2 and 0.5 by the low two bits', () => {
    const values = Array.from({ length: 8 }, (_, i) => {
      exec.const_s(cpu, 0, 0, 0, i);
      return cpu.frFloat[0];
    });
    expect(values).toEqual([0, 1, 2, 0.5, 0, 1, 2, 0.5]);
  });

  it('the conditional moves look at AR or BR', () => {
    const moved = (op: Op, a: number, br: number): boolean => {
      cpu.setA(2, a);
      cpu.br = br;
      cpu.fr[0] = 0x11111111;
      cpu.fr[1] = 0x22222222;
      op(cpu, 0, 1, 2, 0);
      return cpu.fr[0] === 0x22222222;
    };
    const integers = [0, 1, -1];
    expect(integers.map((v) => moved(exec.moveqz_s, v, 0))).toEqual([true, false, false]);
    expect(integers.map((v) => moved(exec.movnez_s, v, 0))).toEqual([false, true, true]);
    expect(integers.map((v) => moved(exec.movltz_s, v, 0))).toEqual([false, false, true]);
    expect(integers.map((v) => moved(exec.movgez_s, v, 0))).toEqual([true, true, false]);
    expect([moved(exec.movf_s, 0, 4), moved(exec.movf_s, 0, ~4)]).toEqual([false, true]);
    expect([moved(exec.movt_s, 0, 4), moved(exec.movt_s, 0, ~4)]).toEqual([true, false]);
  });
});

describe('loads and stores', () => {
  it('addresses with offset, index and post-increment', () => {
    cpu.port.words.set([0x7f800001, 2, 3, 4]);
    cpu.setA(2, RAM);
    cpu.setA(3, 8);
    exec.lsi(cpu, 0, 2, 4, 12);
    exec.lsx(cpu, 5, 2, 3, 0);
    exec.lsip(cpu, 0, 2, 6, 4);
    expect(cpu.a(2)).toBe(RAM + 4);
    exec.lsxp(cpu, 7, 2, 3, 0);
    expect(cpu.a(2)).toBe(RAM + 12);
    expect(Array.from(cpu.fr.slice(4, 8))).toEqual([4, 3, 0x7f800001, 2]);
    exec.ssi(cpu, 0, 2, 6, 4);
    exec.ssip(cpu, 0, 2, 5, -12);
    expect(cpu.a(2)).toBe(RAM);
    exec.ssxp(cpu, 4, 2, 3, 0);
    exec.ssx(cpu, 7, 2, 3, 0);
    expect(cpu.a(2)).toBe(RAM + 8);
    expect(Array.from(cpu.port.words.slice(0, 5))).toEqual([4, 2, 3, 3, 2]);
    expect(cpu.port.words[4]).toBe(2);
  });

  it('a failed access changes neither the FP register nor the address', () => {
    cpu.fr[4] = 0x12345678;
    cpu.setA(2, 0x10);
    cpu.setA(3, 4);
    for (const op of [exec.lsip, exec.lsxp, exec.ssip, exec.ssxp]) {
      cpu.trapped = 0;
      op(cpu, 4, 2, op === exec.lsxp || op === exec.ssxp ? 3 : 4, 4);
      expect([cpu.a(2), cpu.fr[4], cpu.trapped]).toEqual([0x10, 0x12345678, 1]);
    }
  });
});

describe('seeds', () => {
  /** The seed of `a`, and the flags it raised. */
  const seed = (op: Op, a: number): Result => run(op, 0, a, 0, 0);

  it('recip0.s and rsqrt0.s are within 2^-7 of the function, at every exponent', () => {
    const next = operandStream(SEED ^ 6);
    for (let i = 0; i < 20_000; i++) {
      cpu.fr[9] = next() & 0x7fffffff;
      const x = cpu.frFloat[9]!;
      if (!(x >= 2 ** -128 && x < Infinity)) continue;
      for (const [op, want] of [
        [exec.recip0_s, 1 / x],
        [exec.rsqrt0_s, 1 / Math.sqrt(x)],
      ] as [Op, number][]) {
        const { flags } = seed(op, cpu.fr[9]!);
        const error = Math.abs(cpu.frFloat[0]! / want - 1);
        if (error >= 2 ** -7 || flags !== 0) expect(`${op.name}(${x}): ${error} ${flags}`).toBe('');
      }
    }
  });

  it('raise DivZero for zero and Invalid for what has no value; DIV0.S and SQRT0.S nothing', () => {
    const operands = [0, 0x80000000 | 0, 0x7f800000, 0xbf800000 | 0, 0x7fc00000, 0x7f800001];
    const flags = (op: Op): number[] => operands.map((a) => seed(op, a).flags);
    expect(flags(exec.recip0_s)).toEqual([0x400, 0x400, 0, 0, 0, 0x800]);
    expect(flags(exec.rsqrt0_s)).toEqual([0x400, 0x400, 0, 0x800, 0, 0x800]);
    expect(flags(exec.div0_s)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(flags(exec.sqrt0_s)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
