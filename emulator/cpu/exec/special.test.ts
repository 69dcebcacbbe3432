/** Every special and user register: width, access, and side effects. */
import { beforeEach, describe, expect, it } from 'vitest';
import { PRID, XCHAL } from '../config.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import { SR } from '../isa/special-registers.ts';
import { UR } from '../isa/user-registers.ts';
import type { Cpu } from '../state.ts';
import { CODE, execute, makeCpu } from '../rig.fixtures.ts';
import { rsr, rur, wsr, wur, xsr } from './special.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
});

function read(sr: number): number {
  execute(cpu, rsr, { t: 2, imm: sr });
  return cpu.a(2) >>> 0;
}

function write(sr: number, value: number): void {
  cpu.setA(2, value);
  execute(cpu, wsr, { t: 2, imm: sr });
}

function exchange(sr: number, value: number): number {
  cpu.setA(2, value);
  execute(cpu, xsr, { t: 2, imm: sr });
  return cpu.a(2) >>> 0;
}

const FULL = 0xffffffff;
const PS = 0x00070f3f;

/** The bits of each plain register, from the manual's layouts and the widths of the configuration. */
const BITS: [keyof typeof SR, number][] = [
  ['LBEG', FULL],
  ['LEND', FULL],
  ['LCOUNT', FULL],
  ['SAR', 0x3f],
  ['BR', 0xffff],
  ['SCOMPARE1', FULL],
  ['ACCLO', FULL],
  ['M0', FULL],
  ['M1', FULL],
  ['M2', FULL],
  ['M3', FULL],
  ['IBREAKENABLE', 3],
  ['MEMCTL', 1],
  ['ATOMCTL', 0x3f],
  ['DDR', FULL],
  ['IBREAKA0', FULL],
  ['IBREAKA1', FULL],
  ['DBREAKA0', FULL],
  ['DBREAKA1', FULL],
  ['DBREAKC0', 0xc000003f],
  ['DBREAKC1', 0xc000003f],
  ['EPC1', FULL],
  ['EPC2', FULL],
  ['EPC3', FULL],
  ['EPC4', FULL],
  ['EPC5', FULL],
  ['EPC6', FULL],
  ['EPC7', FULL],
  ['DEPC', FULL],
  ['EPS2', PS],
  ['EPS3', PS],
  ['EPS4', PS],
  ['EPS5', PS],
  ['EPS6', PS],
  ['EPS7', PS],
  ['EXCSAVE1', FULL],
  ['EXCSAVE2', FULL],
  ['EXCSAVE3', FULL],
  ['EXCSAVE4', FULL],
  ['EXCSAVE5', FULL],
  ['EXCSAVE6', FULL],
  ['EXCSAVE7', FULL],
  ['CPENABLE', 0xff],
  ['INTENABLE', FULL],
  ['VECBASE', 0xfffffc00],
  ['EXCCAUSE', 0x3f],
  ['DEBUGCAUSE', 0xf3f],
  ['ICOUNT', FULL],
  ['ICOUNTLEVEL', 0xf],
  ['EXCVADDR', FULL],
  ['CCOMPARE0', FULL],
  ['CCOMPARE1', FULL],
  ['CCOMPARE2', FULL],
  ['MISC0', FULL],
  ['MISC1', FULL],
  ['MISC2', FULL],
  ['MISC3', FULL],
];

describe('special registers', () => {
  it.each(BITS)('%s keeps its bits and reads the others as 0', (name, bits) => {
    for (const value of [0xffffffff, 0, 0xa5a5a5a5, 0x5a5a5a5a]) {
      write(SR[name], value);
      expect(read(SR[name])).toBe((value & bits) >>> 0);
      const next = ~value >>> 0;
      expect(exchange(SR[name], next)).toBe((value & bits) >>> 0);
      expect(read(SR[name])).toBe((next & bits) >>> 0);
    }
    expect(cpu.trapped).toBe(0);
  });

  it('different registers do not share storage', () => {
    BITS.forEach(([name], i) => write(SR[name], i * 0x01010101));
    const expected = BITS.map(([, bits], i) => ((i * 0x01010101) & bits) >>> 0);
    expect(BITS.map(([name]) => read(SR[name]))).toEqual(expected);
  });

  it('ACCHI is 8 bits, sign-extended', () => {
    write(SR.ACCHI, 0x180);
    expect(read(SR.ACCHI)).toBe(0xffffff80);
    write(SR.ACCHI, 0x17f);
    expect(read(SR.ACCHI)).toBe(0x7f);
  });

  it('ACCLO and ACCHI take one cycle more to write', () => {
    const from = cpu.cycle;
    write(SR.ACCLO, 1);
    expect(cpu.cycle - from).toBe(2);
  });

  it('PS has every field but RING', () => {
    cpu.setA(2, -1);
    execute(cpu, wsr, { t: 2, imm: SR.PS });
    const { psIntlevel, psExcm, psUm, psOwb, psCallinc, psWoe } = cpu;
    expect([psIntlevel, psExcm, psUm, psOwb, psCallinc, psWoe]).toEqual([15, 1, 1, 15, 3, 1]);
    expect(read(SR.PS)).toBe(PS);
  });

  it('WINDOWBASE and WINDOWSTART move the window at once', () => {
    write(SR.WINDOWSTART, 0xffff0005);
    expect(read(SR.WINDOWSTART)).toBe(5);
    expect(cpu.windowLimit).toBe(8);
    cpu.ar[14 * 4 + 2] = 77;
    write(SR.WINDOWBASE, 0xfe);
    expect(cpu.windowBase4).toBe(56);
    expect(cpu.a(2)).toBe(77);
    expect(read(SR.WINDOWBASE)).toBe(14);
    expect(cpu.windowLimit).toBe(8);
  });

  it('XSR WINDOWBASE returns the old value in the old window', () => {
    write(SR.WINDOWBASE, 0);
    cpu.setA(2, 3);
    execute(cpu, xsr, { t: 2, imm: SR.WINDOWBASE });
    expect([cpu.windowBase4, cpu.ar[2]]).toEqual([12, 0]);
  });

  it('identification registers', () => {
    expect(read(SR.PRID)).toBe(PRID.PRO_CPU);
    expect(read(SR.CONFIGID0)).toBe(XCHAL.HW_CONFIGID0);
    expect(read(SR.CONFIGID1)).toBe(XCHAL.HW_CONFIGID1);
    write(SR.CONFIGID0, 0);
    expect(read(SR.CONFIGID0)).toBe(XCHAL.HW_CONFIGID0);
  });

  it('CCOUNT counts the cycles from the one it was written in', () => {
    write(SR.CCOUNT, 1000);
    execute(cpu, rsr, { t: 3, imm: SR.CCOUNT });
    execute(cpu, rsr, { t: 4, imm: SR.CCOUNT });
    expect([cpu.a(3), cpu.a(4)]).toEqual([1001, 1002]);
  });

  const NUMBERS = Array.from({ length: 256 }, (_, n) => n);
  const EXISTING = new Set<number>([
    ...BITS.map(([name]) => SR[name] as number),
    SR.ACCHI,
    SR.WINDOWBASE,
    SR.WINDOWSTART,
    SR.PS,
    SR.CCOUNT,
  ]);
  const READ_ONLY = [SR.PRID, SR.CONFIGID1];
  const WRITE_ONLY = [SR.INTCLEAR, SR.MMID];
  const READ_WRITE = [SR.INTERRUPT, SR.CONFIGID0];

  it.each([
    ['rsr', rsr, new Set([...EXISTING, ...READ_ONLY, ...READ_WRITE])],
    ['wsr', wsr, new Set([...EXISTING, ...WRITE_ONLY, ...READ_WRITE])],
    ['xsr', xsr, EXISTING],
  ] as const)('%s of any other number is illegal', (_, exec, legal) => {
    for (const n of NUMBERS) {
      cpu = makeCpuOnce();
      execute(cpu, exec, { t: 2, imm: n });
      expect([n, cpu.trapped]).toEqual([n, legal.has(n) ? 0 : 1]);
      if (!legal.has(n))
        expect([cpu.exccause, cpu.epc[1]]).toEqual([EXCCAUSE.IllegalInstruction, CODE]);
    }
  });

  const shared = makeCpu();
  /** The same core, out of any exception: 256 machines would be slow. */
  function makeCpuOnce(): Cpu {
    shared.psExcm = 0;
    shared.trapped = 0;
    shared.pc = CODE;
    shared.setA(2, 0);
    return shared;
  }
});

describe('user registers', () => {
  it.each([
    ['EXPSTATE', FULL],
    ['THREADPTR', FULL],
    ['FCR', FULL],
    ['FSR', FULL],
    ['F64R_LO', FULL],
    ['F64R_HI', FULL],
    ['F64S', FULL],
  ] as const)('%s', (name, bits) => {
    cpu.cpenable = 1;
    for (const value of [0xffffffff, 0x12345678]) {
      cpu.setA(2, value);
      execute(cpu, wur, { t: 2, imm: UR[name] });
      execute(cpu, rur, { r: 3, imm: UR[name] });
      expect(cpu.a(3) >>> 0).toBe((value & bits) >>> 0);
    }
  });

  it.each([UR.FCR, UR.FSR])('%i needs CPENABLE bit 0', (number) => {
    cpu.cpenable = 0xfe;
    execute(cpu, wur, { t: 2, imm: number });
    expect([cpu.exccause, cpu.fcr, cpu.fsr]).toEqual([EXCCAUSE.Coprocessor0Disabled, 0, 0]);
    cpu.psExcm = 0;
    execute(cpu, rur, { r: 3, imm: number });
    expect(cpu.exccause).toBe(EXCCAUSE.Coprocessor0Disabled);
  });

  it('unknown numbers are illegal', () => {
    execute(cpu, rur, { r: 3, imm: 0 });
    expect([cpu.trapped, cpu.exccause]).toEqual([1, EXCCAUSE.IllegalInstruction]);
  });
});
