/**
 * Loops whose cycles per iteration are known from silicon (DATA): each is a few instructions, run
 * for two iteration counts whose difference cancels what surrounds them.
 *
 * `volatile` loops are what GCC makes of `volatile` variables: MEMW before every access.
 */
import { run } from './machine.ts';
import type { Placement, RunOptions } from './machine.ts';

export type Confidence = 'H' | 'M' | 'L';

export interface Measured {
  readonly name: string;
  /** Cycles on silicon. */
  readonly silicon: number;
  readonly source: string;
  readonly confidence: Confidence;
  /** Cycles that may be missing or too many, for rows whose exact shape is not published. */
  readonly tolerance?: number;
  /** Why ours differs: the row is expected to fail. */
  readonly known?: string;
  readonly unit: 'per iteration' | 'in all' | 'per operation';
  measure(options?: RunOptions): number;
}

/** The program for `n` iterations; a2 = cycles at the end. */
type Build = (n: number) => string;

const [FEW, MANY] = [40, 200] as const;

const zeroOverhead =
  (setup: string, body: string): Build =>
  (n) => `
${setup}
        movi    a15, ${n}
        rsr.ccount a13
        loop    a15, loop_end
${body}
    loop_end:
        rsr.ccount a14
        sub     a2, a14, a13
        j       done`;

const branching =
  (setup: string, body: string): Build =>
  (n) => `
${setup}
        movi    a15, ${n}
        rsr.ccount a13
        j       again
        .align  4
    again:
${body}
        rsr.ccount a14
        sub     a2, a14, a13
        j       done`;

const straight =
  (setup: string, body: string): Build =>
  (n) => `
${setup}
        rsr.ccount a13
${body.repeat(n)}
        rsr.ccount a14
        sub     a2, a14, a13
        j       done`;

interface Row extends Omit<Measured, 'measure' | 'unit'> {
  readonly build: Build;
  readonly placement?: Placement;
}

function perIteration(row: Row): Measured {
  const { build, placement, ...facts } = row;
  const cycles = (n: number, options?: RunOptions): number => run(build(n), options, placement);
  return {
    ...facts,
    unit: 'per iteration',
    measure: (options) => (cycles(MANY, options) - cycles(FEW, options)) / (MANY - FEW),
  };
}

const VOLATILE = 'MVene/TheLinuxEra-SdC, iledesma08/SdeC-uWuntu';
const CEXAR = 'cexartattoo/esp32-benchmark';
/** a7 = address of the variable; its start value and the constants are the row's own. */
const variable = (start: number, constants = ''): string => `
        .data
        .align  4
    variable: .word ${start}, ${start}
        .text
        movi    a7, variable
${constants}`;

/** \`variable op= constant; if (variable reached its end) variable = start\`, the end never reached. */
const update32 = (operation: string): string => `
        memw
        l32i    a8, a7, 0
${operation}
        memw
        s32i    a8, a7, 0
        memw
        l32i    a8, a7, 0
        bge     a8, a12, 1f
        memw
        s32i    a11, a7, 0
    1:  nop.n`;
const NEVER =
  '        movi a12, 0x7fffffff\n        movi a11, 0\n        movi a10, 3\n        movi a9, 0x45e7b273';

/** 16 bits, reset at every fourth pass; otherwise the branch to the end is taken. */
const update16 = (reload: string): string => `
        memw
        l16ui   a8, a7, 0
        sub     a8, a8, a10
        sext    a8, a8, 15
        memw
        s16i    a8, a7, 0
        memw
${reload}
        bgez    a8, 1f
        memw
        s16i    a11, a7, 0
    1:  nop.n`;

export const LOOPS: readonly Measured[] = [
  perIteration({
    name: '`volatile int += 1`',
    silicon: 11,
    source: VOLATILE,
    confidence: 'H',
    build: zeroOverhead(
      variable(0),
      `
        memw
        l32i    a8, a7, 0
        addi.n  a8, a8, 1
        memw
        s32i    a8, a7, 0`,
    ),
  }),
  perIteration({
    name: '`volatile float += 0.1f`',
    silicon: 13,
    source: VOLATILE,
    confidence: 'M',
    build: zeroOverhead(
      variable(0),
      `
        memw
        lsi     f0, a7, 0
        add.s   f0, f0, f1
        memw
        ssi     f0, a7, 0`,
    ),
  }),
  perIteration({
    name: '`volatile uint8_t` add, then read',
    silicon: 14,
    source: `${CEXAR} (u8 add and sub, u16 sub)`,
    confidence: 'H',
    build: zeroOverhead(
      variable(0, '        movi a10, 3'),
      `
        memw
        l8ui    a8, a7, 0
        add.n   a8, a8, a10
        extui   a8, a8, 0, 8
        memw
        s8i     a8, a7, 0
        memw
        l8ui    a9, a7, 0`,
    ),
  }),
  perIteration({
    name: '`volatile uint32_t` subtract, then read',
    silicon: 13,
    source: `${CEXAR} (u32 sub)`,
    confidence: 'H',
    build: zeroOverhead(
      variable(0, '        movi a10, 3'),
      `
        memw
        l32i    a8, a7, 0
        sub     a8, a8, a10
        memw
        s32i    a8, a7, 0
        memw
        l32i    a9, a7, 0`,
    ),
  }),
  perIteration({
    name: '`volatile int32_t` add, reset in every pass',
    silicon: 22,
    source: `${CEXAR} (i32 add, sub; u32 add)`,
    confidence: 'H',
    build: zeroOverhead(variable(0, NEVER), update32('        add     a8, a8, a10')),
  }),
  perIteration({
    name: '`volatile int32_t` multiply (MULL), reset in every pass',
    silicon: 22,
    source: `${CEXAR} (i32 mul)`,
    confidence: 'M',
    build: zeroOverhead(variable(0, NEVER), update32('        mull    a8, a8, a10')),
  }),
  perIteration({
    name: '`volatile int8_t` subtract, reset in every pass',
    silicon: 23,
    source: `${CEXAR} (i8 sub)`,
    confidence: 'H',
    build: zeroOverhead(
      variable(0, '        movi a11, 0\n        movi a10, 128'),
      `
        memw
        l8ui    a8, a7, 0
        sub     a8, a8, a10
        extui   a8, a8, 0, 8
        memw
        s8i     a8, a7, 0
        memw
        l8ui    a8, a7, 0
        bbci    a8, 7, 1f
        memw
        s8i     a11, a7, 0
    1:  nop.n`,
    ),
  }),
  perIteration({
    name: '`volatile int16_t` subtract, reset in every fourth pass',
    silicon: 21.5,
    source: `${CEXAR} (i16 sub)`,
    confidence: 'H',
    build: zeroOverhead(
      variable(900, '        movi a11, 900\n        movi a10, 300'),
      update16('        l16si   a8, a7, 0'),
    ),
  }),
  perIteration({
    name: '`volatile int16_t` add, reset in every fourth pass',
    silicon: 22.5,
    source: `${CEXAR} (i16 and u16 add: one more SEXT before the branch)`,
    confidence: 'H',
    build: zeroOverhead(
      variable(900, '        movi a11, 900\n        movi a10, 300'),
      update16('        l16ui   a8, a7, 0\n        sext    a8, a8, 15'),
    ),
  }),
  perIteration({
    name: '`volatile uint32_t / 30000` (MULUH, SRLI)',
    silicon: 24,
    source: `${CEXAR} (u32 div)`,
    confidence: 'H',
    build: zeroOverhead(
      variable(0, NEVER),
      update32('        muluh   a8, a8, a9\n        srli    a8, a8, 13'),
    ),
  }),
  perIteration({
    name: '`volatile uint32_t % 30000` (MULUH, SRLI, MULL, SUB)',
    silicon: 25,
    source: `${CEXAR} (u32 mod)`,
    confidence: 'H',
    build: zeroOverhead(
      variable(29999, '        movi a9, 0x45e7b273\n        movi a10, 30000'),
      `
        memw
        l32i    a8, a7, 0
        muluh   a6, a8, a9
        srli    a6, a6, 13
        mull    a6, a6, a10
        sub     a8, a8, a6
        memw
        s32i    a8, a7, 0
        memw
        l32i    a8, a7, 0
        bnez    a8, 1f
        memw
        s32i    a8, a7, 0
    1:  nop.n`,
    ),
  }),
  perIteration({
    name: '`volatile float` add and compare',
    silicon: 27,
    source: `${CEXAR} (float add)`,
    confidence: 'L',
    build: zeroOverhead(
      variable(0),
      `
        memw
        lsi     f0, a7, 0
        add.s   f0, f0, f1
        memw
        ssi     f0, a7, 0
        memw
        lsi     f0, a7, 0
        olt.s   b0, f0, f1
        bf      b0, 1f
        memw
        ssi     f1, a7, 0
    1:  nop.n`,
    ),
  }),
  perIteration({
    name: 'ten dependent MUL.S',
    silicon: 40,
    source: 'TestFLOPS (Arduino sketch with results)',
    confidence: 'H',
    build: zeroOverhead('', '        mul.s   f0, f0, f1\n'.repeat(10)),
  }),
  perIteration({
    name: 'one MUL.S, counted by ADDI and BNEZ',
    silicon: 6,
    source: 'TestFLOPS: 6.04; the reading without LOOP',
    confidence: 'L',
    build: branching(
      '',
      `
        mul.s   f0, f0, f1
        addi.n  a15, a15, -1
        bnez    a15, again`,
    ),
  }),
  perIteration({
    name: 'one MUL.S in a zero-overhead loop',
    silicon: 6,
    source: 'TestFLOPS: 6.04; the reading with LOOP, as its ten-MUL.S twin must have',
    confidence: 'L',
    known: 'the cost of a loop body of one instruction is unexplained',
    build: zeroOverhead('', '        mul.s   f0, f0, f1'),
  }),
  perIteration({
    name: '`add; addi; bne`',
    silicon: 6,
    source: 'esp-idf issue 85',
    confidence: 'H',
    build: branching(
      '        movi    a9, 0',
      `
        add     a8, a8, a9
        addi    a15, a15, -1
        bne     a15, a9, again`,
    ),
  }),
  perIteration({
    name: 'ADDI and BNEZ around nothing',
    silicon: 5,
    source: 'pcm1723',
    confidence: 'H',
    build: branching('', '        addi    a15, a15, -1\n        bnez    a15, again'),
  }),
  perIteration({
    name: '`rsr.ccount; blt`',
    silicon: 7,
    source: 'esp32.com t=28594 (yuwenpeng)',
    confidence: 'H',
    // The loop ends by time: so many passes of seven cycles.
    build: (n) => `
        rsr.ccount a13
        movi    a6, ${7 * n}
        add     a6, a6, a13
        movi    a12, 0
        j       again
        .align  4
    again:
        rsr.ccount a5
        blt     a5, a6, again
        rsr.ccount a14
        sub     a2, a14, a13
        j       done`,
  }),
  ...(['iram', 'flash'] as const).map((code) =>
    perIteration({
      name: `\`addi.n; l32r; bge\` in ${code === 'iram' ? 'IRAM' : 'cached flash'}`,
      silicon: 9,
      source: `FlintVN/ESP32-Perfomance${code === 'iram' ? ' (code in flash, cached)' : ''}`,
      confidence: 'M',
      placement: { code },
      build: (n) => `
        movi    a8, 0x10000
        movi    a9, ${n}
        sub     a8, a8, a9
        rsr.ccount a13
        j       again
        .align  4
    again:
        addi.n  a8, a8, 1
        movi    a9, 0x10000
        bge     a9, a8, again
        rsr.ccount a14
        sub     a2, a14, a13
        j       done`,
    }),
  ),
  perIteration({
    name: '`lsxp; lsxp; madd.s` in a zero-overhead loop of 16 passes, per loop',
    silicon: 73.5,
    source:
      'derived from espressif/esp-dsp 3c8ac0f, dsps_fir_f32: two such loops take 3 cycles more than the constants say',
    confidence: 'L',
    known: 'where the 3 cycles for two loops go is unexplained; 0 on the S3',
    build: (n) => `
        .data
        .align  4
    taps:  .space 128
        .text
        movi    a4, 4
        movi    a15, ${n}
        rsr.ccount a13
        j       again
        .align  4
    again:
        movi    a7, taps
        movi    a8, taps
        movi    a9, 16
        loop    a9, sum_end
        lsxp    f0, a7, a4
        lsxp    f1, a8, a4
        madd.s  f2, f0, f1
    sum_end:
        addi    a15, a15, -1
        bnez    a15, again
        rsr.ccount a14
        sub     a2, a14, a13
        j       done`,
  }),
  perIteration({
    name: 'GPIO_OUT_W1TS and W1TC written in turn, per write',
    silicon: 12,
    source: 'reddit r/esp32 f529hf, maarten-pennings/howto (50 ns)',
    confidence: 'H',
    build: (n) =>
      straight(
        '        movi a7, 0x3ff44008\n        movi a8, 1',
        `
        memw
        s32i    a8, a7, 0
        memw
        s32i    a8, a7, 4`,
      )(n / 2),
  }),
  perIteration({
    name: 'MEMW and GPIO_IN read',
    silicon: 12.1,
    source: 'reddit r/esp32 f529hf: 505 ms for 10 M reads',
    confidence: 'M',
    tolerance: 0.1,
    build: straight(
      '        movi a7, 0x3ff4403c',
      `
        memw
        l32i    a8, a7, 0`,
    ),
  }),
];
