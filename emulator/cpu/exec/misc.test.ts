/** Miscellaneous operations, region entries, external registers, SIMCALL, the TIE ports. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';
import { CODE, DATA, RUNS, apply, execute, int32, makeCpu, unsigned } from '../rig.fixtures.ts';
import type { Exec } from '../rig.fixtures.ts';
import { l32i } from './base.ts';
import * as misc from './misc.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
});

const word = fc.oneof(fc.constantFrom(0, 1, -1, 0x7fffffff, -0x80000000), fc.integer());

describe('min, max, sext, clamps, nsa', () => {
  const bigMin = (x: bigint, y: bigint): bigint => (x < y ? x : y);
  const bigMax = (x: bigint, y: bigint): bigint => (x > y ? x : y);
  const cases: [string, Exec, (x: number, y: number) => bigint][] = [
    ['min', misc.min, (x, y) => bigMin(BigInt(x), BigInt(y))],
    ['max', misc.max, (x, y) => bigMax(BigInt(x), BigInt(y))],
    ['minu', misc.minu, (x, y) => bigMin(unsigned(x), unsigned(y))],
    ['maxu', misc.maxu, (x, y) => bigMax(unsigned(x), unsigned(y))],
  ];
  it.each(cases)('%s', (_, exec, reference) => {
    fc.assert(
      fc.property(word, word, (x, y) => {
        expect(apply(cpu, exec, x, y)).toBe(int32(reference(x, y)));
      }),
      RUNS,
    );
  });

  it('sext and clamps for every bit 7..22', () => {
    fc.assert(
      fc.property(
        word,
        fc.integer({ min: 7, max: 22 }),
        fc.integer({ min: -2, max: 2 }),
        (any, bit, near) => {
          for (const x of [any, ((1 << bit) + near) | 0, (-(1 << bit) + near) | 0]) {
            expect(apply(cpu, misc.sext, x, 0, bit)).toBe(
              Number(BigInt.asIntN(bit + 1, BigInt(x))),
            );
            const low = -(2 ** bit);
            const high = 2 ** bit - 1;
            expect(apply(cpu, misc.clamps, x, 0, bit)).toBe(x < low ? low : x > high ? high : x);
          }
        },
      ),
      RUNS,
    );
  });

  it('nsa and nsau count by definition', () => {
    const shiftsToNormalise = (x: number): number => {
      for (let n = 0; n < 31; n++)
        if (((x << n) & 0x80000000) !== ((x << (n + 1)) & 0x80000000)) return n;
      return 31;
    };
    const leadingZeros = (x: number): number =>
      32 - unsigned(x).toString(2).replace(/^0/, '').length;
    const edges = Array.from({ length: 32 }, (_, n) => [1 << n, (1 << n) - 1, ~(1 << n)]).flat();
    fc.assert(
      fc.property(fc.oneof(word, fc.constantFrom(...edges)), (x) => {
        cpu.setA(4, x);
        execute(cpu, misc.nsa, { s: 4, t: 5 });
        expect(cpu.a(5)).toBe(shiftsToNormalise(x));
        execute(cpu, misc.nsau, { s: 4, t: 5 });
        expect(cpu.a(5)).toBe(leadingZeros(x));
      }),
      RUNS,
    );
  });
});

describe('region protection', () => {
  const tlb = (exec: Exec, address: number, value = 0): number => {
    cpu.setA(4, address);
    cpu.setA(5, value);
    execute(cpu, exec, { s: 4, t: 5 });
    return cpu.a(5);
  };

  it('reset gives attribute 2 to all eight regions', () => {
    for (let region = 0; region < 8; region++) {
      const base = region << 29;
      expect(tlb(misc.ritlb1, base + 0x1234)).toBe(base | 2);
      expect(tlb(misc.rdtlb1, base + 0x1234)).toBe(base | 2);
      expect(tlb(misc.ritlb0, base + 0x1234)).toBe(base);
      expect(tlb(misc.rdtlb0, base + 0x1234)).toBe(base);
      expect(tlb(misc.pitlb, base + 0x1234)).toBe(base | 1);
      expect(tlb(misc.pdtlb, base + 0x1234)).toBe(base | 1);
    }
  });

  it('WDTLB writes the attribute of one region, WITLB of the other table; the frame stays', () => {
    tlb(misc.wdtlb, 0x6000_0000, 0xe000_000f);
    tlb(misc.witlb, 0x4000_0000, 0xfffffff4);
    expect([...cpu.dtlbAttribute]).toEqual([2, 2, 2, 15, 2, 2, 2, 2]);
    expect([...cpu.itlbAttribute]).toEqual([2, 2, 4, 2, 2, 2, 2, 2]);
    expect(tlb(misc.rdtlb1, 0x6000_0000)).toBe(0x6000_000f);
    tlb(misc.idtlb, 0x6000_0000);
    tlb(misc.iitlb, 0x4000_0000);
    expect(tlb(misc.rdtlb1, 0x6000_0000)).toBe(0x6000_000f);
  });

  it('attribute 15 closes a region to loads', () => {
    tlb(misc.wdtlb, DATA, 15);
    cpu.setA(6, DATA);
    execute(cpu, l32i, { s: 6, t: 7 });
    expect([cpu.exccause, cpu.excvaddr]).toEqual([EXCCAUSE.LoadProhibited, DATA]);
  });
});

describe('outside world', () => {
  it('rer and wer reach the external registers, which read 0 when there are none', () => {
    cpu.setA(4, 0x10200c);
    cpu.setA(5, 77);
    execute(cpu, misc.wer, { s: 4, t: 5 });
    execute(cpu, misc.rer, { s: 4, t: 5 });
    expect(cpu.a(5)).toBe(0);
    const written: number[][] = [];
    cpu.external = { rer: (address) => address + 1, wer: (...args) => void written.push(args) };
    cpu.setA(5, 78);
    execute(cpu, misc.wer, { s: 4, t: 5 });
    execute(cpu, misc.rer, { s: 4, t: 5 });
    expect([written, cpu.a(5)]).toEqual([[[0x10200c, 78]], 0x10200d]);
  });

  it('simcall is a NOP unless semihosting is connected', () => {
    cpu.setA(2, 1);
    execute(cpu, misc.simcall);
    expect([cpu.trapped, cpu.nextPc, cpu.a(2)]).toEqual([0, CODE + 3, 1]);
    cpu.simcall = (core) => core.setA(2, core.a(2) + 41);
    execute(cpu, misc.simcall);
    expect(cpu.a(2)).toBe(42);
  });

  it('EXPSTATE: set, clear, masked write; IMPWIRE reads 0', () => {
    execute(cpu, misc.setb_expstate, { imm: 31 });
    execute(cpu, misc.setb_expstate, { imm: 3 });
    execute(cpu, misc.clrb_expstate, { imm: 31 });
    expect(cpu.expstate).toBe(8);
    cpu.setA(4, 0xff);
    cpu.setA(5, 0x1234);
    execute(cpu, misc.wrmsk_expstate, { s: 4, t: 5 });
    expect(cpu.expstate).toBe(0x34);
    execute(cpu, misc.read_impwire, { t: 5 });
    expect(cpu.a(5)).toBe(0);
  });
});
