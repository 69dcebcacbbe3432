/** S32C1I, L32AI, S32RI. */
import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';
import { DATA, execute, makeCpu } from '../rig.fixtures.ts';
import { l32ai, s32c1i, s32ri } from './atomic.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
  cpu.setA(4, DATA);
});

describe('s32c1i', () => {
  it('stores and returns the old word when it equals SCOMPARE1', () => {
    cpu.port.write32(DATA + 8, 10);
    cpu.scompare1 = 10;
    cpu.setA(5, 99);
    execute(cpu, s32c1i, { s: 4, t: 5, imm: 8 });
    expect([cpu.port.read32(DATA + 8), cpu.a(5)]).toEqual([99, 10]);
  });

  it('only returns the old word otherwise', () => {
    cpu.port.write32(DATA + 8, 11);
    cpu.scompare1 = 10;
    cpu.setA(5, 99);
    execute(cpu, s32c1i, { s: 4, t: 5, imm: 8 });
    expect([cpu.port.read32(DATA + 8), cpu.a(5)]).toEqual([11, 11]);
  });

  it.each([
    ['instruction RAM', 0x40080400],
    ['RTC slow memory, bus, uncached, ATOMCTL.BY = 0', 0x50000000],
    ['a peripheral', 0x60000000],
    ['DPORT', 0x3ff00000],
  ])('raises LoadStoreError in %s', (_, address) => {
    cpu.setA(4, address);
    cpu.setA(5, 99);
    execute(cpu, s32c1i, { s: 4, t: 5 });
    expect([cpu.exccause, cpu.excvaddr, cpu.a(5)]).toEqual([EXCCAUSE.LoadStoreError, address, 99]);
  });

  it('ATOMCTL.BY = 1 opens the uncached bus', () => {
    cpu.atomctl = 0x29;
    cpu.setA(4, 0x50000000);
    cpu.port.write32(0x50000000, 7);
    cpu.port.waitCycles = 0;
    cpu.scompare1 = 7;
    cpu.setA(5, 8);
    execute(cpu, s32c1i, { s: 4, t: 5 });
    expect([cpu.trapped, cpu.a(5), cpu.port.read32(0x50000000)]).toEqual([0, 7, 8]);
  });
});

describe('l32ai and s32ri', () => {
  it('load and store a word', () => {
    cpu.setA(5, 0x12345678);
    execute(cpu, s32ri, { s: 4, t: 5, imm: 4 });
    execute(cpu, l32ai, { s: 4, t: 6, imm: 4 });
    expect(cpu.a(6)).toBe(0x12345678);
  });

  it.each([
    ['l32ai', l32ai],
    ['s32ri', s32ri],
    ['s32c1i', s32c1i],
  ])('%s never splits an unaligned access', (_, exec) => {
    cpu.setA(4, DATA + 2);
    execute(cpu, exec, { s: 4, t: 5, imm: 4 });
    expect([cpu.exccause, cpu.excvaddr]).toEqual([EXCCAUSE.LoadStoreAlignment, DATA + 6]);
  });
});
