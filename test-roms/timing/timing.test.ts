import { describe, expect, it } from 'vitest';
import { run } from './machine.ts';
import { ROWS } from './rows.ts';

const SEED = 20261121;
const NAMED = ROWS.map((row) => [row.name, row] as const);

describe('cycles as measured on silicon', () => {
  for (const row of ROWS) {
    const check = (): void => {
      expect(Math.abs(row.measure() - row.silicon)).toBeLessThanOrEqual(row.tolerance ?? 0);
    };
    const title = `${row.name}: ${row.silicon} ${row.unit}`;
    if (row.known === undefined) it(title, check);
    else it.fails(`${title} (${row.known})`, check);
  }
});

describe(`cycles do not depend on the core, on save and restore (seed ${SEED}), or on an idle arbiter`, () => {
  it.each(NAMED)('%s', (name, row) => {
    const cycles = row.measure();
    const splitSeed = SEED + ROWS.indexOf(row);
    expect(row.measure({ splitSeed })).toBe(cycles);
    expect(row.measure({ splitSeed: splitSeed + 1000, core: 1 })).toBe(cycles);
    // With both cores at work the arbiter may matter.
    if (!name.includes('both cores')) expect(row.measure({ sramArbiter: 'on' })).toBe(cycles);
  });
});

describe('timing off', () => {
  it('takes a cycle for every instruction', () => {
    const program = `
        movi    a8, 0x3ffb0000
        movi    a9, 0x3ff44008
        movi    a10, 10
        rsr.ccount a11
        loop    a10, loop_end
        memw
        s32i    a8, a8, 0
        l32i    a12, a8, 0
        addi    a12, a12, 1
        mull    a12, a12, a12
        s32i    a8, a9, 0
        j       over
    over:
        isync
    loop_end:
        rsr.ccount a13
        sub     a2, a13, a11
        j       done`;
    // The first RSR, LOOP, and ten times eight instructions.
    expect(run(program, { timing: 'off' })).toBe(82);
    expect(run(program, { timing: 'off', splitSeed: SEED, core: 1 })).toBe(82);
    expect(run(program)).toBeGreaterThan(150);
  });
});

describe('the SRAM arbiter', () => {
  const LOADS = 200;
  /** Both cores load from their own word, `LOADS` times in straight line. */
  const program = (own: number, other: number): string => `
        movi    a8, ${own}
        movi    a9, ${other}
        movi    a10, start
        movi    a11, 1
        j       wait
    second:
        movi    a8, ${other}
        movi    a10, start
    wait_other:
        l32i    a11, a10, 0
        beqz    a11, wait_other
${'        l32i    a12, a8, 0\n'.repeat(2 * LOADS)}
    rest:
        j       rest
    wait:
        s32i    a11, a10, 0
${'        nop\n'.repeat(20)}
        rsr.ccount a13
${'        l32i    a12, a8, 0\n'.repeat(LOADS)}
        rsr.ccount a14
        sub     a2, a14, a13
        j       done
        .data
        .align  4
    start: .word 0
        .text`;
  const cycles = (other: number, sramArbiter: 'on' | 'off', core: 0 | 1 = 0, splitSeed?: number) =>
    run(
      program(0x3ffe0000, other),
      { sramArbiter, core, ...(splitSeed === undefined ? {} : { splitSeed }) },
      { bothCores: true },
    );

  it.each([0, 1] as const)(
    'gives each of two cores every second cycle of one bank: core %i',
    (core) => {
      // The bank serves one load in a cycle: between two of ours lies one of the other core. The
      // RSR is one cycle more, and the first load may have to wait.
      const taken = cycles(0x3ffe4000, 'on', core);
      expect(taken).toBeGreaterThanOrEqual(LOADS + (LOADS - 1) + 1);
      expect(taken).toBeLessThanOrEqual(LOADS + LOADS + 1);
    },
  );

  it('costs nothing for two banks, and nothing when off', () => {
    expect(cycles(0x3ffe8000, 'on')).toBe(LOADS + 1);
    expect(cycles(0x3ffe4000, 'off')).toBe(LOADS + 1);
  });

  it(`gives the same with save and restore in the middle (seed ${SEED})`, () => {
    const whole = cycles(0x3ffe4000, 'on');
    for (let i = 0; i < 5; i++) expect(cycles(0x3ffe4000, 'on', 0, SEED + i)).toBe(whole);
  });
});
