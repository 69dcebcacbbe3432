/**
 * Values and rules read from chips: points of the published sweeps and probes of ESP32-S3 rev 0.2,
 * whose seed ROMs and 5,630 conformance vectors ESP32 rev 3.1 reproduces.
 */
import { describe, expect, it } from 'vitest';
import * as exec from '../exec/float.ts';
import { testCpu } from './cpu.fixtures.ts';
import type { Cpu } from '../state.ts';
const cpu = testCpu();
const hex = (v: number): string => (v >>> 0).toString(16).padStart(8, '0');

type Op = (cpu: Cpu, r: number, s: number, t: number, imm: number) => void;

/** op f0, f1 with f0 = c and f1 = a: result and FSR. */
function run(op: Op, a: number, c = 0): string {
  cpu.fr[0] = c;
  cpu.fr[1] = a;
  cpu.fcr = 0;
  cpu.fsr = 0;
  op(cpu, 0, 1, 0, 0);
  return `${hex(cpu.fr[0]!)} ${cpu.fsr.toString(16)}`;
}

describe('seeds', () => {
  // prettier-ignore
  it.each([
    [0x00000001, 0x7f800000], [0x001fffff, 0x7f800000], [0x00200000, 0x7f7f0000],
    [0x00204000, 0x7f7d0000], [0x00308000, 0x7f280000], [0x00310000, 0x7f270000],
    [0x003f4000, 0x7f010000], [0x00400000, 0x7eff0000], [0x00407fff, 0x7eff0000],
    [0x00610000, 0x7ea80000], [0x007e8000, 0x7e810000], [0x007fffff, 0x7e810000],
    [0x00800000, 0x7e7f0000], [0x00c20000, 0x7e280000], [0x00c3ffff, 0x7e280000],
    [0x00c40000, 0x7e270000], [0x00fb0000, 0x7e020000], [0x00fd0000, 0x7e010000],
    [0x01000000, 0x7dff0000], [0x1e000000, 0x60ff0000], [0x3f800000, 0x3f7f0000],
    [0x7e800000, 0x007f8000], [0x7f800000, 0x00000000],
  ])('recip0.s(%x) = %x', (a, want) => {
    expect(run(exec.recip0_s, a)).toBe(`${hex(want)} 0`);
  });

  it('div0.s of a NaN, rsqrt0.s and sqrt0.s', () => {
    expect(run(exec.div0_s, 0x7fc00000)).toBe('3f2a0000 0');
    expect(run(exec.rsqrt0_s, 0x3f800000)).toBe('3f7f0000 0');
    expect(run(exec.rsqrt0_s, 0xbf800000).slice(0, 8)).toBe('ffff0000');
    expect(run(exec.sqrt0_s, 0x7f800000)).toBe('3f7f0000 0');
    expect(run(exec.sqrt0_s, 0x40000000)).toBe('3f340000 0');
  });
});

describe('steps', () => {
  it('nexp01.s normalises and negates; a NaN only changes sign', () => {
    expect(run(exec.nexp01_s, 0x40490fdb)).toBe('c0490fdb 0');
    expect(run(exec.nexp01_s, 0x3f000000)).toBe('c0000000 0');
    expect(run(exec.nexp01_s, 0x80000000)).toBe('3f800000 0');
    expect(run(exec.nexp01_s, 0x7fd5aa55)).toBe('ffd5aa55 0');
    expect(run(exec.nexp01_s, 0x7f800001)).toBe('ff800001 0');
  });

  it('mksadj.s and mkdadj.s encode exponent or class', () => {
    expect(run(exec.mksadj_s, 0)).toBe('3fb7c000 0');
    expect(run(exec.mksadj_s, 0x80000000)).toBe('43b7c000 0');
    expect(run(exec.mksadj_s, 0x3f800000)).toBe('3f9fc000 0');
    expect(run(exec.mksadj_s, 0xbf800000)).toBe('4fb7c000 800');
    expect(run(exec.mkdadj_s, 0, 0)).toBe('4fb7c000 800');
    expect(run(exec.mkdadj_s, 0x80000000, 0)).toBe('53b7c000 800');
    expect(run(exec.mkdadj_s, 0x3f800000, 0)).toBe('47b7c000 400');
    expect(run(exec.mkdadj_s, 0x3f000000, 0x3f800000)).toBe('379dc000 0');
    expect(run(exec.mkdadj_s, 0x3f800000, 0x12345678)).toBe('2fa3c000 0');
  });

  it('addexp.s and addexpm.s add modulo 256', () => {
    expect(run(exec.addexp_s, 0x1f800000, 0x12345678)).toBe('72345678 0');
    expect(run(exec.addexpm_s, 0x40490fdb, 0x12345678)).toBe('e4b45678 0');
  });
});

/** op f0, f1, f2 with f0 = c, f1 = a, f2 = b: result and FSR. */
function run3(op: Op, c: number, a: number, b: number): string {
  cpu.fr.set([c, a, b]);
  cpu.fcr = 0;
  cpu.fsr = 0;
  op(cpu, 0, 1, 2, 0);
  return `${hex(cpu.fr[0]!)} ${cpu.fsr.toString(16)}`;
}

describe('divn.s', () => {
  const divn = (c: number, a: number, b: number): string => run3(exec.divn_s, c, a, b);
  const exponents = (base: number, factor: number): string => divn(base << 23, 0, factor << 23);

  it('takes exponents apart in eights, -3..4 left over', () => {
    expect(exponents(217, 115)).toBe('7f800000 280');
    expect(exponents(217, 116)).toBe('00000000 180');
    expect(exponents(217, 123)).toBe('00000000 180');
    expect(exponents(217, 124)).toBe('7f800000 280');
    expect(exponents(218, 111)).toBe('00000000 180');
    expect(exponents(219, 115)).toBe('00000000 180');
    expect(exponents(219, 124)).toBe('7f800000 280');
    expect(exponents(228, 124)).toBe('00000000 180');
  });

  it('gives the class that the adjustment names, without flags', () => {
    const classes = [124, 131, 132, 140, 148, 156, 164, 171, 172, 180, 188];
    expect(classes.map((factor) => exponents(220, factor))).toEqual([
      ...['00000000 0', '00000000 0', '80000000 0', '7f800000 0', 'ff800000 0'],
      ...['7fc00000 0', '7fc00000 0', '7fc00000 0', '00000000 0', '80000000 0', '00000000 180'],
    ]);
    expect(exponents(220, 123)).toBe('00000000 180');
    expect(exponents(224, 132)).toBe('80000000 0');
  });

  it('treats every operand but a NaN multiplier as a number', () => {
    expect(divn(0x3f800000, 0x7f800000, 0x3f000000)).toBe('7f000000 80');
    expect(divn(0x3f800000, 0xff800000, 0x3f000000)).toBe('ff000000 80');
    expect(divn(0x3f800000, 0x7f800000, 0x3f800000)).toBe('7f800000 280');
    expect(divn(0x3f800000, 0x3f800000, 0x7f7fffff)).toBe('48000000 80');
    expect(divn(0x3f800000, 0x3f800000, 0x00000001)).toBe('48400001 0');
    expect(divn(0x3f800000, 0x3f800000, 0x80000000)).toBe('c7800000 0');
    expect(divn(0x3f800000, 0x40490fdb, 0xff800000)).toBe('c8090fdb 0');
    expect(divn(0x7fc00000, 0x40000000, 0xc0000000)).toBe('80000000 180');
    expect(divn(0x3f800000, 0x7fc00000, 0x3f800000)).toBe('7fc00000 0');
    expect(divn(0x00000000, 0x7fc00000, 0x3f800000)).toBe('7fc00000 180');
  });

  it('leaves 2^-50 of its window when the sum cancels', () => {
    expect(divn(0xbf800000, 0x3f800000, 0x3f800000)).toBe('26800000 0');
    expect(divn(0xbf800000, 0x3f800000, 0x7f800000)).toBe('2e800000 0');
  });
});

describe('special values', () => {
  it('the last NaN operand survives, quiet; the accumulator before both', () => {
    expect(run3(exec.add_s, 0, 0x7fc00000, 0x7fd5aa55)).toBe('7fd5aa55 0');
    expect(run3(exec.add_s, 0, 0xffc00000, 0x7f800001)).toBe('7fc00001 800');
    expect(run3(exec.sub_s, 0, 0xff800001, 0x3f800000)).toBe('ffc00001 800');
    expect(run3(exec.madd_s, 0x7fc00007, 0x7fc00001, 0x7fc00002)).toBe('7fc00007 0');
    expect(run3(exec.madd_s, 0x7fc00007, 0x7f800000, 0)).toBe('7fc00007 800');
  });

  it('utrunc.s of negative numbers wraps, with Invalid; to zero it is Inexact', () => {
    const utrunc = (a: number): string => {
      cpu.fr[1] = a;
      cpu.fsr = 0;
      exec.utrunc_s(cpu, 3, 1, 0, 0);
      return `${hex(cpu.a(3))} ${cpu.fsr.toString(16)}`;
    };
    expect(utrunc(0xbfc00000)).toBe('ffffffff 800');
    expect(utrunc(0xbf000000)).toBe('00000000 80');
    expect(utrunc(0xcf800000)).toBe('80000000 800');
    expect(utrunc(0x7fc00000)).toBe('ffffffff 800');
  });
});
