/** Core Architecture against the manual's operation sections, in BigInt arithmetic. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from '../isa/exccause.ts';
import { CODE, DATA, RUNS, apply, execute, int32, makeCpu, unsigned } from '../rig.fixtures.ts';
import type { Exec } from '../rig.fixtures.ts';
import type { Cpu } from '../state.ts';
import * as base from './base.ts';
import * as density from './density.ts';
import { wdtlb } from './misc.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
});

/** Any word, the edges more often than chance. */
const word = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, -2, 0x7fffffff, -0x80000000, 0x8000, -0x8000, 0xffff),
  fc.integer(),
);

describe('arithmetic and logic of two registers', () => {
  const cases: [string, Exec, (x: bigint, y: bigint) => bigint][] = [
    ['add', base.add, (x, y) => x + y],
    ['addx2', base.addx2, (x, y) => x * 2n + y],
    ['addx4', base.addx4, (x, y) => x * 4n + y],
    ['addx8', base.addx8, (x, y) => x * 8n + y],
    ['sub', base.sub, (x, y) => x - y],
    ['subx2', base.subx2, (x, y) => x * 2n - y],
    ['subx4', base.subx4, (x, y) => x * 4n - y],
    ['subx8', base.subx8, (x, y) => x * 8n - y],
    ['and', base.and, (x, y) => x & y],
    ['or', base.or, (x, y) => x | y],
    ['xor', base.xor, (x, y) => x ^ y],
    ['neg', base.neg, (_, y) => -y],
    ['abs', base.abs, (_, y) => (y < 0n ? -y : y)],
    ['add.n', density.add_n, (x, y) => x + y],
  ];
  it.each(cases)('%s', (_, exec, reference) => {
    fc.assert(
      fc.property(word, word, (x, y) => {
        expect(apply(cpu, exec, x, y)).toBe(int32(reference(BigInt(x), BigInt(y))));
      }),
      RUNS,
    );
  });
});

describe('immediates and moves', () => {
  it('addi and addmi write t', () => {
    cpu.setA(4, 0x7fffffff);
    execute(cpu, base.addi, { s: 4, t: 5, imm: 127 });
    expect(cpu.a(5)).toBe(int32(0x7fffffffn + 127n));
    execute(cpu, base.addmi, { s: 4, t: 5, imm: -32768 });
    expect(cpu.a(5)).toBe(0x7fffffff - 32768);
  });

  it('addi.n writes r, mov.n t, movi t, movi.n s', () => {
    cpu.setA(4, 10);
    execute(cpu, density.addi_n, { r: 3, s: 4, t: 9, imm: -1 });
    execute(cpu, density.mov_n, { s: 4, t: 6 });
    execute(cpu, base.movi, { t: 7, imm: -2048 });
    execute(cpu, density.movi_n, { s: 8, imm: 95 });
    expect([3, 6, 7, 8].map((n) => cpu.a(n))).toEqual([9, 10, -2048, 95]);
  });

  it('extui takes 1..16 bits from any position', () => {
    fc.assert(
      fc.property(
        word,
        fc.integer({ min: 0, max: 31 }),
        fc.integer({ min: 1, max: 16 }),
        (x, shift, bits) => {
          cpu.setA(5, x);
          execute(cpu, base.extui, { r: 3, s: shift, t: 5, imm: bits });
          const expected = (unsigned(x) >> BigInt(shift)) & ((1n << BigInt(bits)) - 1n);
          expect(cpu.a(3)).toBe(int32(expected));
        },
      ),
      RUNS,
    );
  });

  const moves: [string, Exec, (y: number) => boolean][] = [
    ['moveqz', base.moveqz, (y) => y === 0],
    ['movnez', base.movnez, (y) => y !== 0],
    ['movltz', base.movltz, (y) => y < 0],
    ['movgez', base.movgez, (y) => y >= 0],
  ];
  it.each(moves)('%s', (_, exec, condition) => {
    fc.assert(
      fc.property(word, word, word, (x, y, old) => {
        expect(apply(cpu, exec, x, y, 0, old)).toBe(condition(y) ? x : old);
      }),
      RUNS,
    );
  });
});

describe('shifts', () => {
  const amount = fc.integer({ min: 0, max: 31 });

  it('src, sll, srl, sra follow SAR 0..63 as a 64-bit funnel', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 63 }), (x, y, sar) => {
        cpu.sar = sar;
        const by = BigInt(sar);
        const pair = (unsigned(x) << 32n) | unsigned(y);
        expect(apply(cpu, base.src, x, y)).toBe(int32(pair >> by));
        expect(apply(cpu, base.sll, x, y)).toBe(int32((unsigned(x) << 32n) >> by));
        expect(apply(cpu, base.srl, x, y)).toBe(int32(unsigned(y) >> by));
        expect(apply(cpu, base.sra, x, y)).toBe(int32(BigInt(y) >> by));
      }),
      RUNS,
    );
  });

  it('slli, srai, srli', () => {
    fc.assert(
      fc.property(word, word, amount, (x, y, sa) => {
        expect(apply(cpu, base.slli, x, y, 32 - sa)).toBe(int32(unsigned(x) << BigInt(32 - sa)));
        expect(apply(cpu, base.srai, x, y, sa)).toBe(int32(BigInt(y) >> BigInt(sa)));
        expect(apply(cpu, base.srli, x, y, sa & 15)).toBe(int32(unsigned(y) >> BigInt(sa & 15)));
      }),
      RUNS,
    );
  });

  it('ssr, ssl, ssa8l, ssa8b, ssai set SAR', () => {
    for (let n = 0; n < 64; n++) {
      cpu.setA(4, n);
      const sar = (exec: Exec): number => {
        execute(cpu, exec, { s: 4, imm: n & 31 });
        return cpu.sar;
      };
      expect(sar(base.ssr)).toBe(n % 32);
      expect(sar(base.ssl)).toBe(32 - (n % 32));
      expect(sar(base.ssa8l)).toBe((n % 4) * 8);
      expect(sar(base.ssa8b)).toBe(32 - (n % 4) * 8);
      expect(sar(base.ssai)).toBe(n % 32);
    }
  });

  it('a shift left by ssl and sll, and right by ssr and srl, is the register amount modulo 32', () => {
    fc.assert(
      fc.property(word, fc.integer({ min: 0, max: 31 }), (x, n) => {
        cpu.setA(6, n);
        execute(cpu, base.ssl, { s: 6 });
        expect(apply(cpu, base.sll, x, 0)).toBe(int32(unsigned(x) << BigInt(n)));
        execute(cpu, base.ssr, { s: 6 });
        expect(apply(cpu, base.srl, 0, x)).toBe(int32(unsigned(x) >> BigInt(n)));
      }),
      RUNS,
    );
  });
});

describe('branches', () => {
  const target = CODE + 0x40;
  const taken = (exec: Exec, slots: { r?: number; t?: number }): boolean => {
    const before = cpu.cycle;
    execute(cpu, exec, { s: 4, imm: target, ...slots });
    const jumped = cpu.nextPc === target;
    expect(cpu.nextPc).toBe(jumped ? target : CODE + 3);
    expect(cpu.cycle - before).toBe(jumped ? 4 : 1);
    return jumped;
  };

  const registers: [string, Exec, (x: bigint, y: bigint) => boolean][] = [
    ['beq', base.beq, (x, y) => x === y],
    ['bne', base.bne, (x, y) => x !== y],
    ['blt', base.blt, (x, y) => BigInt.asIntN(32, x) < BigInt.asIntN(32, y)],
    ['bge', base.bge, (x, y) => BigInt.asIntN(32, x) >= BigInt.asIntN(32, y)],
    ['bltu', base.bltu, (x, y) => x < y],
    ['bgeu', base.bgeu, (x, y) => x >= y],
    ['bany', base.bany, (x, y) => (x & y) !== 0n],
    ['bnone', base.bnone, (x, y) => (x & y) === 0n],
    ['ball', base.ball, (x, y) => (x & y) === y],
    ['bnall', base.bnall, (x, y) => (x & y) !== y],
    ['bbs', base.bbs, (x, y) => ((x >> (y & 31n)) & 1n) === 1n],
    ['bbc', base.bbc, (x, y) => ((x >> (y & 31n)) & 1n) === 0n],
  ];
  it.each(registers)('%s', (_, exec, condition) => {
    fc.assert(
      fc.property(word, fc.oneof(word, fc.constant(undefined)), (x, other) => {
        const y = other ?? x;
        cpu.setA(4, x);
        cpu.setA(5, y);
        expect(taken(exec, { t: 5 })).toBe(condition(unsigned(x), unsigned(y)));
      }),
      RUNS,
    );
  });

  const constants: [string, Exec, (x: number, c: number) => boolean][] = [
    ['beqi', base.beqi, (x, c) => x === c],
    ['bnei', base.bnei, (x, c) => x !== c],
    ['blti', base.blti, (x, c) => x < c],
    ['bgei', base.bgei, (x, c) => x >= c],
    ['bltui', base.bltui, (x, c) => unsigned(x) < BigInt(c)],
    ['bgeui', base.bgeui, (x, c) => unsigned(x) >= BigInt(c)],
    ['beqz', base.beqz, (x) => x === 0],
    ['bnez', base.bnez, (x) => x !== 0],
    ['bltz', base.bltz, (x) => x < 0],
    ['bgez', base.bgez, (x) => x >= 0],
    ['beqz.n', density.beqz_n, (x) => x === 0],
    ['bnez.n', density.bnez_n, (x) => x !== 0],
  ];
  it.each(constants)('%s', (name, exec, condition) => {
    const table = name.endsWith('ui') ? [32768, 65536, 2, 256] : [-1, 1, 2, 10, 256];
    fc.assert(
      fc.property(word, fc.constantFrom(...table), fc.boolean(), (any, constant, equal) => {
        const x = equal ? constant : any;
        cpu.setA(4, x);
        expect(taken(exec, { r: constant })).toBe(condition(x, constant));
      }),
      RUNS,
    );
  });

  it('bbci and bbsi test bit t', () => {
    for (let bit = 0; bit < 32; bit++) {
      cpu.setA(4, 1 << bit);
      expect(taken(base.bbsi, { t: bit })).toBe(true);
      expect(taken(base.bbci, { t: bit })).toBe(false);
      cpu.setA(4, ~(1 << bit));
      expect(taken(base.bbsi, { t: bit })).toBe(false);
      expect(taken(base.bbci, { t: bit })).toBe(true);
    }
  });
});

describe('jumps and calls without windows', () => {
  it('j and jx', () => {
    execute(cpu, base.j, { imm: CODE - 64 });
    expect(cpu.nextPc).toBe(CODE - 64);
    cpu.setA(4, CODE + 5);
    execute(cpu, base.jx, { s: 4 });
    expect(cpu.nextPc).toBe(CODE + 5);
  });

  it('call0 and callx0 leave the return address in a0; callx0 a0 jumps to the old a0', () => {
    execute(cpu, base.call0, { imm: CODE + 0x100 });
    expect([cpu.nextPc, cpu.a(0)]).toEqual([CODE + 0x100, CODE + 3]);
    cpu.setA(0, CODE + 0x200);
    execute(cpu, base.callx0, { s: 0 });
    expect([cpu.nextPc, cpu.a(0)]).toEqual([CODE + 0x200, CODE + 3]);
  });

  it('ret and ret.n go to a0 in 4 cycles', () => {
    for (const exec of [base.ret, density.ret_n]) {
      const before = cpu.cycle;
      cpu.setA(0, CODE + 0x31);
      execute(cpu, exec);
      expect([cpu.nextPc, cpu.cycle - before]).toEqual([CODE + 0x31, 4]);
    }
  });
});

describe('loads and stores', () => {
  beforeEach(() => {
    cpu.setA(4, DATA);
    cpu.port.write32(DATA + 8, 0x8081_8283 | 0);
  });

  it.each([
    ['l8ui', base.l8ui, 8, 0x83],
    ['l8ui', base.l8ui, 11, 0x80],
    ['l16ui', base.l16ui, 10, 0x8081],
    ['l16si', base.l16si, 8, 0x8283 - 0x10000],
    ['l32i', base.l32i, 8, 0x8081_8283 | 0],
    ['l32i.n', density.l32i_n, 8, 0x8081_8283 | 0],
  ] as [string, Exec, number, number][])('%s at offset %s', (_, exec, imm, expected) => {
    execute(cpu, exec, { s: 4, t: 5, imm });
    expect(cpu.a(5)).toBe(expected);
  });

  it('l32r takes an absolute address', () => {
    execute(cpu, base.l32r, { t: 5, imm: DATA + 8 });
    expect(cpu.a(5)).toBe(0x8081_8283 | 0);
  });

  it('s8i, s16i, s32i change only their bytes', () => {
    cpu.setA(5, 0x1122_3344);
    execute(cpu, base.s8i, { s: 4, t: 5, imm: 9 });
    expect(cpu.port.read32(DATA + 8)).toBe(0x8081_4483 | 0);
    execute(cpu, base.s16i, { s: 4, t: 5, imm: 10 });
    expect(cpu.port.read32(DATA + 8)).toBe(0x3344_4483);
    execute(cpu, density.s32i_n, { s: 4, t: 5, imm: 12 });
    expect(cpu.port.read32(DATA + 12)).toBe(0x1122_3344);
  });

  /** WDTLB: region 0 as the ROM leaves it, closed. */
  const closeRegion0 = (): void => {
    cpu.setA(6, 0);
    cpu.setA(7, 15);
    execute(cpu, wdtlb, { s: 6, t: 7 });
  };

  it('the address wraps at 2^32', () => {
    closeRegion0();
    cpu.setA(4, -4);
    execute(cpu, base.l32i, { s: 4, t: 5, imm: 4 });
    expect([cpu.exccause, cpu.excvaddr]).toEqual([EXCCAUSE.LoadProhibited, 0]);
  });

  it('a faulting load keeps its register and reports the address', () => {
    closeRegion0();
    cpu.setA(4, 0);
    cpu.setA(5, 77);
    execute(cpu, base.l32i, { s: 4, t: 5, imm: 16 });
    expect(cpu.a(5)).toBe(77);
    expect([cpu.trapped, cpu.exccause, cpu.excvaddr]).toEqual([1, EXCCAUSE.LoadProhibited, 16]);
    expect([cpu.epc[1], cpu.psExcm, cpu.port.fault]).toEqual([CODE, 1, -1]);
  });

  it('a faulting store reports StoreProhibited', () => {
    closeRegion0();
    cpu.setA(4, 0);
    execute(cpu, base.s16i, { s: 4, t: 5, imm: 2 });
    expect([cpu.exccause, cpu.excvaddr]).toEqual([EXCCAUSE.StoreProhibited, 2]);
  });

  it('bytes and half-words of the instruction bus raise LoadStoreError', () => {
    cpu.setA(4, CODE);
    execute(cpu, base.l8ui, { s: 4, t: 5, imm: 0 });
    expect([cpu.exccause, cpu.excvaddr]).toEqual([EXCCAUSE.LoadStoreError, CODE]);
  });
});

describe('memw', () => {
  it('lets its successor issue six cycles after a store, and at once after a load', () => {
    cpu.setA(4, DATA);
    const from = cpu.cycle;
    execute(cpu, base.s32i, { s: 4, t: 5 });
    execute(cpu, base.memw);
    expect(cpu.cycle - from).toBe(6);
    execute(cpu, base.l32i, { s: 4, t: 5 });
    execute(cpu, base.memw);
    expect(cpu.cycle - from).toBe(8);
  });

  it('does not wait for a store that is done', () => {
    cpu.setA(4, DATA);
    execute(cpu, base.s32i, { s: 4, t: 5 });
    for (let i = 0; i < 5; i++) execute(cpu, base.nop);
    const from = cpu.cycle;
    execute(cpu, base.extw);
    expect(cpu.cycle - from).toBe(1);
  });
});
