/** MAC16 against its definition: the accumulator is one 40-bit BigInt. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from '../isa/exccause.ts';
import { INSTRUCTIONS } from '../isa/table.ts';
import type { Cpu } from '../state.ts';
import { DATA, RUNS, execute, makeCpu } from '../rig.fixtures.ts';
import type { Exec } from '../rig.fixtures.ts';
import * as mac16 from './mac16.ts';
import { wdtlb } from './misc.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
});

const word = fc.oneof(
  fc.constantFrom(0, -1, -0x80000000, 0x80008000 | 0, 0x7fff7fff, 0x7fff8000),
  fc.integer(),
);
const acc40 = fc.oneof(
  fc.constantFrom(0n, -1n, (1n << 39n) - 1n, -(1n << 39n), 0xffffffffn, 1n << 31n),
  fc.bigInt({ min: -(1n << 39n), max: (1n << 39n) - 1n }),
);

function setAcc(value: bigint): void {
  cpu.acclo = Number(BigInt.asIntN(32, value));
  cpu.acchi = Number(value >> 32n);
}

/** ACC as ACCHI (sign-extended 8 bits) and ACCLO show it. */
function acc(): bigint {
  return (BigInt(cpu.acchi) << 32n) | BigInt.asUintN(32, BigInt(cpu.acclo));
}

function half(value: number, which: string, unsignedFactor: boolean): bigint {
  const bits = BigInt(which === 'h' ? value >> 16 : value) & 0xffffn;
  return unsignedFactor ? bits : BigInt.asIntN(16, bits);
}

const names = INSTRUCTIONS.filter((row) => row.option === 'mac16').map((row) => row.mnemonic);
const products = names.filter((name) => name.includes('.'));

describe('products', () => {
  it('are all 72 of the option', () => {
    expect(products).toHaveLength(4 + 4 * 12 + 16);
  });

  it.each(products)('%s', (name) => {
    const [op, files, halves, load] = name.split('.') as [
      string,
      string,
      string,
      string | undefined,
    ];
    const exec = (mac16 as Record<string, Exec>)[name.replaceAll('.', '_')]!;
    const arbitrary = fc.record({
      x: word,
      y: word,
      before: acc40,
      memory: word,
      mx: fc.integer({ min: 0, max: 1 }),
      my: fc.integer({ min: 2, max: 3 }),
      w: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ x, y, before, memory, mx, my, w }) => {
        setAcc(before);
        const pointer = DATA + 0x40;
        const step = load === 'ldinc' ? 4 : -4;
        cpu.setA(4, load === undefined ? x : pointer);
        cpu.setA(5, y);
        if (files.startsWith('d')) cpu.mr[mx] = x;
        if (files.endsWith('d')) cpu.mr[my] = y;
        cpu.port.write32(pointer + step, memory);
        execute(cpu, exec, { r: w, s: 4, t: files.endsWith('d') ? my : 5, imm: mx });

        const product = half(x, halves[0]!, op === 'umul') * half(y, halves[1]!, op === 'umul');
        const sum = op === 'mula' ? before + product : op === 'muls' ? before - product : product;
        expect(acc()).toBe(BigInt.asIntN(40, sum));
        if (load === undefined) return;
        expect(cpu.mr[w]).toBe(memory);
        expect(cpu.a(4)).toBe(pointer + step);
      }),
      { ...RUNS, numRuns: 200 },
    );
  });
});

describe('loads', () => {
  it('ldinc and lddec move the pointer before the load', () => {
    cpu.port.write32(DATA + 4, 11);
    cpu.port.write32(DATA, 22);
    cpu.setA(4, DATA);
    execute(cpu, mac16.ldinc, { r: 2, s: 4 });
    expect([cpu.mr[2], cpu.a(4)]).toEqual([11, DATA + 4]);
    execute(cpu, mac16.lddec, { r: 3, s: 4 });
    expect([cpu.mr[3], cpu.a(4)]).toEqual([22, DATA]);
  });

  it('a fault changes neither ACC nor MR nor the pointer', () => {
    setAcc(5n);
    cpu.mr.set([1, 2, 3, 4]);
    cpu.setA(6, 0);
    cpu.setA(7, 15);
    execute(cpu, wdtlb, { s: 6, t: 7 });
    cpu.setA(4, 0x1000);
    cpu.setA(5, 7);
    execute(cpu, mac16.mula_da_ll_ldinc, { r: 1, s: 4, t: 5, imm: 0 });
    expect([cpu.trapped, cpu.exccause]).toEqual([1, EXCCAUSE.LoadProhibited]);
    expect([acc(), [...cpu.mr], cpu.a(4)]).toEqual([5n, [1, 2, 3, 4], 0x1000]);
  });
});
