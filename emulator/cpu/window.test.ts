/**
 * Windowed Register Option: each instruction on random window states against the manual's
 * operation section, written down independently here; then whole call trees through the vectors.
 */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from './isa/exccause.ts';
import * as windowed from './exec/windowed.ts';
import type { Cpu } from './state.ts';
import { CODE, DATA, RUNS, execute, makeCpu, start } from './rig.fixtures.ts';
import { updateWindow, windowOverflow } from './window.ts';

const VECBASE = 0x40080000;
const OVERFLOW = { 1: 0x000, 2: 0x080, 3: 0x100 } as const;
const UNDERFLOW = { 1: 0x040, 2: 0x0c0, 3: 0x140 } as const;

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
  cpu.vecbase = VECBASE;
});

interface Frames {
  readonly wb: number;
  readonly ws: number;
}

/** A window state as running code has it: the current frame's bit is set. */
const frames = fc
  .record({ wb: fc.integer({ min: 0, max: 15 }), others: fc.integer({ min: 0, max: 0xffff }) })
  .map(({ wb, others }): Frames => ({ wb, ws: others | (1 << wb) }));
const sparse = fc
  .record({
    wb: fc.integer({ min: 0, max: 15 }),
    below: fc.constantFrom(0, 1, 2, 3, 4),
    above: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ wb, below, above }): Frames => {
    const bit = (n: number): number => 1 << (n & 15);
    return { wb, ws: bit(wb) | (below ? bit(wb - below) : 0) | (above ? bit(wb + above) : 0) };
  });
const anyFrames = fc.oneof(frames, sparse);

function setUp({ wb, ws }: Frames, registers = true): void {
  start(cpu);
  cpu.vecbase = VECBASE;
  if (registers) for (let i = 0; i < 64; i++) cpu.ar[i] = 0x1000 + i;
  cpu.windowBase4 = wb * 4;
  cpu.windowStart = ws;
  updateWindow(cpu);
}

const started = (ws: number, n: number): boolean => ((ws >> (n & 15)) & 1) === 1;

/** The manual's WindowCheck for a highest quad of 0..3: the frame in the way, or 0. */
function windowCheck({ wb, ws }: Frames, quad: number): number {
  for (let n = 1; n <= quad; n++) if (started(ws, wb + n)) return n;
  return 0;
}

function expectOverflow({ wb, ws }: Frames, n: number): void {
  const m = (wb + n) & 15;
  const size = started(ws, m + 1) ? 1 : started(ws, m + 2) ? 2 : 3;
  expect({
    wb: cpu.windowBase4 / 4,
    ws: cpu.windowStart,
    owb: cpu.psOwb,
    excm: cpu.psExcm,
    epc: cpu.epc[1],
    pc: cpu.nextPc,
    trapped: cpu.trapped,
    limit: cpu.windowLimit,
  }).toEqual({
    wb: m,
    ws,
    owb: wb,
    excm: 1,
    epc: CODE,
    pc: VECBASE + OVERFLOW[size],
    trapped: 1,
    limit: 16,
  });
}

describe('WindowCheck', () => {
  it('agrees with the manual for every register', () => {
    fc.assert(
      fc.property(anyFrames, fc.integer({ min: 0, max: 15 }), (state, register) => {
        setUp(state);
        const n = windowCheck(state, register >> 2);
        expect(register >= cpu.windowLimit).toBe(n !== 0);
        if (n === 0) return;
        windowOverflow(cpu, register);
        expectOverflow(state, n);
      }),
      { ...RUNS, numRuns: 3000 },
    );
  });

  it('is off while PS.WOE = 0 or PS.EXCM = 1', () => {
    setUp({ wb: 0, ws: 0xffff });
    expect(cpu.windowLimit).toBe(4);
    cpu.psExcm = 1;
    updateWindow(cpu);
    expect(cpu.windowLimit).toBe(16);
    cpu.psExcm = 0;
    cpu.psWoe = 0;
    updateWindow(cpu);
    expect(cpu.windowLimit).toBe(16);
  });
});

describe('calls', () => {
  it.each([
    [1, windowed.call4, windowed.callx4],
    [2, windowed.call8, windowed.callx8],
    [3, windowed.call12, windowed.callx12],
  ] as const)('call with window increment %i', (quads, call, callx) => {
    fc.assert(
      fc.property(anyFrames, fc.boolean(), (state, indirect) => {
        setUp(state);
        const target = 0x40081234;
        // The register of the target may be the one that takes the return address.
        const s = indirect && quads * 4 < cpu.windowLimit ? quads * 4 : 2;
        if (indirect) cpu.setA(s, target);
        execute(cpu, indirect ? callx : call, { s, imm: target });
        const n = windowCheck(state, quads);
        if (n !== 0) {
          expectOverflow(state, n);
          return;
        }
        expect([cpu.nextPc, cpu.psCallinc, cpu.windowBase4]).toEqual([target, quads, state.wb * 4]);
        const expected = (BigInt(quads) << 30n) | (BigInt(CODE + 3) & 0x3fffffffn);
        expect(BigInt.asUintN(32, BigInt(cpu.a(quads * 4)))).toBe(expected);
      }),
      RUNS,
    );
  });
});

describe('entry', () => {
  it('agrees with the manual', () => {
    const callinc = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(anyFrames, callinc, fc.integer({ min: 0, max: 4 }), (state, quads, s) => {
        setUp(state);
        cpu.psCallinc = quads;
        const stack = cpu.a(s);
        execute(cpu, windowed.entry, { s, imm: 48 });
        const n = windowCheck(state, quads);
        if (n !== 0) {
          expectOverflow(state, n);
          return;
        }
        if (s > 3) {
          expect(cpu.exccause).toBe(EXCCAUSE.IllegalInstruction);
          return;
        }
        const wb = (state.wb + quads) & 15;
        expect(cpu.windowBase4).toBe(wb * 4);
        expect(cpu.windowStart).toBe(state.ws | (1 << wb));
        expect(cpu.a(s)).toBe(stack - 48);
        expect(cpu.trapped).toBe(0);
      }),
      { ...RUNS, numRuns: 2000 },
    );
  });

  it.each([
    ['PS.WOE = 0', 0, 0],
    ['PS.EXCM = 1', 1, 1],
  ])('is illegal with %s', (_, woe, excm) => {
    setUp({ wb: 0, ws: 1 });
    cpu.psWoe = woe;
    cpu.psExcm = excm;
    updateWindow(cpu);
    execute(cpu, windowed.entry, { s: 1, imm: 16 });
    expect([cpu.trapped, cpu.exccause, cpu.windowBase4]).toEqual([1, 0, 0]);
    expect(excm === 1 ? cpu.depc : cpu.epc[1]).toBe(CODE);
  });
});

describe('retw', () => {
  it('agrees with the manual', () => {
    fc.assert(
      fc.property(anyFrames, fc.integer({ min: 0, max: 3 }), (state, n) => {
        setUp(state);
        const { wb, ws } = state;
        const back = 0x40081238;
        cpu.setA(0, (n << 30) | (back & 0x3fffffff));
        execute(cpu, windowed.retw, { length: 3 });
        const m = [1, 2, 3].find((k) => started(ws, wb - k)) ?? 0;
        if (n === 0 || (m !== 0 && m !== n)) {
          expect([cpu.exccause, cpu.epc[1]]).toEqual([EXCCAUSE.IllegalInstruction, CODE]);
          expect([cpu.windowBase4, cpu.windowStart]).toEqual([wb * 4, ws]);
          return;
        }
        const below = (wb - n) & 15;
        expect(cpu.windowBase4).toBe(below * 4);
        if (started(ws, below)) {
          expect([cpu.nextPc, cpu.trapped]).toEqual([back, 0]);
          expect(cpu.windowStart).toBe(ws & ~(1 << wb));
        } else {
          const vector = VECBASE + UNDERFLOW[n as 1 | 2 | 3];
          expect([cpu.nextPc, cpu.psExcm, cpu.psOwb]).toEqual([vector, 1, wb]);
          expect([cpu.windowStart, cpu.epc[1]]).toEqual([ws, CODE]);
        }
      }),
      { ...RUNS, numRuns: 3000 },
    );
  });

  it.each([
    ['PS.WOE = 0', 0, 0],
    ['PS.EXCM = 1', 1, 1],
  ])('is illegal with %s', (_, woe, excm) => {
    setUp({ wb: 4, ws: 0b10100 });
    cpu.setA(0, (2 << 30) | 0x81238);
    cpu.psWoe = woe;
    cpu.psExcm = excm;
    execute(cpu, windowed.retw);
    expect([cpu.trapped, cpu.exccause, cpu.windowBase4]).toEqual([1, 0, 16]);
  });

  it('takes the two high bits of the target from the PC', () => {
    setUp({ wb: 4, ws: 0b11000 });
    cpu.pc = 0x80000000 | 0;
    cpu.setA(0, (1 << 30) | 0x123);
    execute(cpu, windowed.retw);
    expect(cpu.nextPc).toBe(0x80000123 | 0);
  });
});

describe('movsp, rotw, rfwo, rfwu, l32e, s32e', () => {
  it('movsp raises Alloca when the three windows below are all spilled', () => {
    fc.assert(
      fc.property(anyFrames, (state) => {
        setUp(state);
        cpu.setA(2, 1234);
        execute(cpu, windowed.movsp, { s: 2, t: 1 });
        const below = [1, 2, 3].some((n) => started(state.ws, state.wb - n));
        if (below) expect([cpu.trapped, cpu.a(1)]).toEqual([0, 1234]);
        else expect([cpu.trapped, cpu.exccause]).toEqual([1, EXCCAUSE.Alloca]);
      }),
      RUNS,
    );
  });

  it('rotw turns by -8..7 quads, round the register file', () => {
    for (let wb = 0; wb < 16; wb++) {
      for (let by = -8; by < 8; by++) {
        setUp({ wb, ws: 0x8001 | (1 << wb) });
        execute(cpu, windowed.rotw, { imm: by });
        expect(cpu.windowBase4).toBe(((wb + by + 16) % 16) * 4);
        const quads = [1, 2, 3].find((n) => started(cpu.windowStart, wb + by + n + 16));
        expect(cpu.windowLimit).toBe((quads ?? 4) * 4);
      }
    }
  });

  it('rfwo clears and rfwu sets the bit of the handler window, and both return to OWB and EPC1', () => {
    for (const [exec, ws] of [
      [windowed.rfwo, 0b0001],
      [windowed.rfwu, 0b1001],
    ] as const) {
      setUp({ wb: 3, ws: exec === windowed.rfwo ? 0b1001 : 0b0001 });
      cpu.psExcm = 1;
      cpu.psOwb = 0;
      cpu.epc[1] = CODE + 0x99;
      const before = cpu.cycle;
      execute(cpu, exec);
      expect([cpu.windowBase4, cpu.windowStart, cpu.psExcm]).toEqual([0, ws, 0]);
      expect([cpu.nextPc, cpu.cycle - before]).toEqual([CODE + 0x99, 4]);
    }
  });

  it('l32e and s32e take a negative offset', () => {
    setUp({ wb: 0, ws: 1 });
    cpu.setA(5, DATA + 64);
    cpu.setA(6, 0x5555);
    execute(cpu, windowed.s32e, { s: 5, t: 6, imm: -64 });
    expect(cpu.port.read32(DATA)).toBe(0x5555);
    execute(cpu, windowed.l32e, { s: 5, t: 7, imm: -64 });
    expect(cpu.a(7)).toBe(0x5555);
  });
});
