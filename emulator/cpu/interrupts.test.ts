/** Interrupt options: types, levels, masks, entry, WAITI, and the timers as interrupts. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from './isa/exccause.ts';
import { PENALTY } from './isa/timing.ts';
import { RUNS, Listing, VECBASE, makeCpu } from './rig.fixtures.ts';
import { eligibleLevel, setExternalInterrupt, takeInterrupt } from './interrupts.ts';
import { readPs } from './exceptions.ts';
import type { Cpu } from './state.ts';
import { updateWindow } from './window.ts';

/** Level and type of the 32 CPU interrupts: TRM, "CPU Interrupt", and core-isa.h. */
// prettier-ignore
const LEVELS = [1,1,1,1,1,1,1,1,1,1,1,3,1,1,7,3,5,1,1,2,2,2,3,3,4,4,5,3,4,3,4,5];
// prettier-ignore
const TYPES = [
  'level','level','level','level','level','level','timer','software','level','level','edge',
  'profiling','level','level','nmi','timer','timer','level','level','level','level','level','edge',
  'level','level','level','level','level','edge','software','edge','level',
];
const VECTOR_OF_LEVEL = [0, 0x340, 0x180, 0x1c0, 0x200, 0x240, 0x280, 0x2c0];

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
  cpu.vecbase = VECBASE;
});

const all = LEVELS.map((level, n) => ({ n, level, type: TYPES[n]! }));

describe('wires', () => {
  it.each(all.map(({ n, type }) => [n, type] as const))('interrupt %i is %s', (n, type) => {
    const bit = (1 << n) | 0;
    setExternalInterrupt(cpu, n, 1);
    const seen = cpu.interrupt;
    setExternalInterrupt(cpu, n, 0);
    const after = cpu.interrupt;
    if (type === 'level') expect([seen, after]).toEqual([bit, 0]);
    else if (type === 'edge' || type === 'nmi') expect([seen, after]).toEqual([bit, bit]);
    else expect([seen, after]).toEqual([0, 0]);
  });

  it('an edge latches once per rise', () => {
    setExternalInterrupt(cpu, 10, 1);
    cpu.interrupt = 0;
    setExternalInterrupt(cpu, 10, 1);
    expect(cpu.interrupt).toBe(0);
    setExternalInterrupt(cpu, 10, 0);
    setExternalInterrupt(cpu, 10, 1);
    expect(cpu.interrupt).toBe(1 << 10);
  });
});

describe('entry', () => {
  it.each(all.map(({ n, level }) => [n, level] as const))(
    'interrupt %i enters level %i',
    (n, level) => {
      cpu.interrupt = 1 << n;
      cpu.intenable = 1 << n;
      cpu.psCallinc = 2;
      const ps = readPs(cpu);
      const { pc } = cpu;
      expect(takeInterrupt(cpu)).toBe(true);
      expect(cpu.pc).toBe(VECBASE + VECTOR_OF_LEVEL[level]!);
      expect(cpu.psExcm).toBe(1);
      expect(cpu.epc[level]).toBe(pc);
      if (level === 1) {
        expect([cpu.exccause, cpu.psIntlevel]).toEqual([EXCCAUSE.Level1Interrupt, 0]);
      } else {
        expect([cpu.eps[level], cpu.psIntlevel]).toEqual([ps, level]);
        expect(cpu.exccause).toBe(0);
      }
      // Only the NMI is taken back by being taken.
      expect(cpu.interrupt).toBe(level === 7 ? 0 : 1 << n);
      expect(cpu.attention).toBe(0);
    },
  );

  it('follows the manual for random pending, enabled, INTLEVEL and EXCM', () => {
    const state = fc.record({
      pending: fc.integer(),
      enabled: fc.integer(),
      intlevel: fc.integer({ min: 0, max: 15 }),
      excm: fc.integer({ min: 0, max: 1 }),
    });
    fc.assert(
      fc.property(state, ({ pending, enabled, intlevel, excm }) => {
        cpu.interrupt = pending;
        cpu.intenable = enabled;
        cpu.psIntlevel = intlevel;
        cpu.psExcm = excm;
        const masked = Math.max(intlevel, excm === 1 ? 3 : 0);
        let expected = 0;
        for (const { n, level, type } of all) {
          if (((pending >>> n) & 1) === 0) continue;
          const open = type === 'nmi' || (((enabled >>> n) & 1) === 1 && level > masked);
          if (open) expected = Math.max(expected, level);
        }
        expect(eligibleLevel(cpu)).toBe(expected);
      }),
      { ...RUNS, numRuns: 5000 },
    );
  });

  it('a kernel-mode level-1 interrupt goes to the kernel vector', () => {
    cpu.psUm = 0;
    cpu.interrupt = 1;
    cpu.intenable = 1;
    takeInterrupt(cpu);
    expect(cpu.pc).toBe(VECBASE + 0x300);
  });

  it('a masked interrupt stays pending and leaves the core alone', () => {
    cpu.interrupt = 1;
    cpu.intenable = 1;
    cpu.psIntlevel = 1;
    expect(takeInterrupt(cpu)).toBe(false);
    expect([cpu.psExcm, cpu.interrupt]).toEqual([0, 1]);
  });

  it('turns window checks off', () => {
    cpu.windowStart = 3;
    updateWindow(cpu);
    cpu.interrupt = cpu.intenable = 1 << 19;
    takeInterrupt(cpu);
    expect(cpu.windowLimit).toBe(16);
  });
});

/** Handlers that count in a11..a14 and return; level-1 and level-3 software interrupts 7 and 29. */
const HANDLERS = `
    vector User
    addi  a11, a11, 1
    movi  a15, 0x80
    wsr.intclear a15
    rfe
    vector Level3
    addi  a13, a13, 1
    movi  a15, 0x20000000
    wsr.intclear a15
    rfi   3
`;

function listing(text: string): Listing {
  const machine = new Listing(`${HANDLERS}\n    .text\n${text}`);
  machine.cpu.ar.fill(0);
  return machine;
}

describe('software interrupts', () => {
  it('are taken before the instruction after the one that makes them eligible', () => {
    const machine = listing(`
        movi  a2, 0x80
        wsr.intenable a2
        wsr.intset a2
    next: addi a3, a3, 1
    end: j    end`);
    machine.runTo('next');
    expect([machine.cpu.a(11), machine.cpu.a(3)]).toEqual([0, 0]);
    machine.step();
    expect([machine.cpu.pc, machine.cpu.epc[1]]).toEqual([VECBASE + 0x340, machine.at('next')]);
    machine.runTo('end');
    expect([machine.cpu.a(11), machine.cpu.a(3), machine.cpu.interrupt]).toEqual([1, 1, 0]);
  });

  it('rsil holds them off, a lower rsil lets them in', () => {
    const machine = listing(`
        movi  a2, 0x20000080
        rsil  a4, 3
        wsr.intenable a2
        wsr.intset a2
        nop
    masked: rsil a5, 1
    level1: nop
        rsil  a6, 0
        nop
    end: j    end`);
    machine.runTo('masked');
    expect([machine.cpu.a(11), machine.cpu.a(13)]).toEqual([0, 0]);
    machine.step();
    machine.runTo('level1');
    expect([machine.cpu.a(11), machine.cpu.a(13)]).toEqual([0, 1]);
    machine.runTo('end');
    expect([machine.cpu.a(11), machine.cpu.a(13)]).toEqual([1, 1]);
    const fields = [4, 5, 6].map((n) => machine.cpu.a(n) & 0x1f);
    expect(fields).toEqual([0, 3, 1]);
  });

  it('intset cannot raise, and intclear cannot drop, interrupts of other types', () => {
    const machine = listing(`
        movi  a2, -1
        wsr.intset a2
        rsr.interrupt a3
        wsr.intclear a2
        rsr.interrupt a4
    end: j    end`);
    machine.cpu.ccompare.fill(-1);
    setExternalInterrupt(machine.cpu, 1, 1);
    setExternalInterrupt(machine.cpu, 10, 1);
    setExternalInterrupt(machine.cpu, 10, 0);
    machine.runTo('end');
    expect(machine.cpu.a(3)).toBe(0x20000080 | 2 | (1 << 10));
    expect(machine.cpu.a(4)).toBe(2);
  });

  it('a high level interrupts an exception handler, a medium one does not', () => {
    const machine = new Listing(`
        vector Level4
    four: j    four
        vector Level3
    three: j   three
        .text
        nop
        nop`);
    const { cpu } = machine;
    cpu.psExcm = 1;
    cpu.intenable = -1;
    setExternalInterrupt(cpu, 23, 1);
    machine.step();
    expect(cpu.pc).toBe(0x40080403);
    setExternalInterrupt(cpu, 24, 1);
    machine.step();
    expect([cpu.pc, cpu.eps[4]! & 0x10]).toEqual([machine.at('four'), 0x10]);
  });

  it('the NMI ignores INTENABLE and INTLEVEL 15', () => {
    const machine = new Listing(`
        vector NMI
    nmi: j     nmi
        .text
        nop`);
    machine.cpu.psIntlevel = 15;
    setExternalInterrupt(machine.cpu, 14, 1);
    machine.step();
    expect([machine.cpu.pc, machine.cpu.psIntlevel]).toEqual([machine.at('nmi'), 7]);
    machine.runFor(50);
    expect(machine.cpu.eps[7]! & 15).toBe(15);
  });
});

describe('waiti', () => {
  const WAIT = `
        rsil  a3, 3
        movi  a2, 0x80000
        wsr.intenable a2
    wait: waiti 0
    after: addi a4, a4, 1
    end: j    end
        vector Level2
    two: rsr.epc2 a5
        movi  a2, 0
        wsr.intenable a2
        rfi   2`;

  it('stops until an interrupt above its level arrives, and returns behind it', () => {
    const machine = listing(WAIT);
    const { cpu } = machine;
    cpu.ccompare.fill(-1);
    machine.runTo('after');
    expect([cpu.waiting, cpu.psIntlevel]).toEqual([1, 0]);
    const from = cpu.cycle;
    machine.runFor(1000);
    expect([cpu.cycle - from, cpu.a(4), cpu.waiting]).toEqual([1000, 0, 1]);
    setExternalInterrupt(cpu, 0, 1);
    machine.runFor(1000);
    expect(cpu.waiting).toBe(1);
    setExternalInterrupt(cpu, 19, 1);
    machine.step();
    expect([cpu.waiting, cpu.pc]).toEqual([0, machine.at('two')]);
    machine.runTo('end');
    expect([cpu.a(5), cpu.a(4)]).toEqual([machine.at('after'), 1]);
  });

  it('an interrupt that is pending already is taken at once', () => {
    const machine = listing(WAIT);
    setExternalInterrupt(machine.cpu, 19, 1);
    machine.runTo('two');
    expect(machine.cpu.epc[2]).toBe(machine.at('after'));
  });

  it('is ended by CCOMPARE in the cycle of the match', () => {
    const machine = listing(`
        movi  a2, 0x40
        wsr.intenable a2
        movi  a3, 0
        wsr.ccount a3
        movi  a3, 500
        wsr.ccompare0 a3
        waiti 0
    end: j    end`);
    const { cpu } = machine;
    cpu.ccompare.fill(-1);
    machine.runTo('end');
    expect(cpu.waiting).toBe(1);
    while (cpu.waiting !== 0) machine.step();
    expect([cpu.pc, cpu.epc[1]]).toEqual([VECBASE + 0x340, machine.at('end')]);
    expect(cpu.cycle + cpu.ccountOffset).toBe(500 + PENALTY.waitiWake.value);
  });
});

describe('timer interrupts', () => {
  it('come at the first instruction boundary at or after the match', () => {
    for (let match = 20; match < 60; match++) {
      const machine = listing(`
        movi  a2, 0x8000
        wsr.intenable a2
        movi  a3, 0
        wsr.ccount a3
        wsr.ccompare1 a4
    loop: addi a5, a5, 1
        j     loop
        vector Level3
        nop`);
      const { cpu } = machine;
      cpu.ccompare.fill(-1);
      cpu.setA(4, match);
      let boundary = 0;
      while (cpu.psExcm === 0) {
        boundary = (cpu.cycle + cpu.ccountOffset) | 0;
        machine.step();
      }
      // ADDI takes 1 cycle and J 4: no boundary is farther than 3 cycles behind the match.
      expect(boundary).toBeGreaterThanOrEqual(match);
      expect(boundary - match).toBeLessThan(4);
    }
  });
});
