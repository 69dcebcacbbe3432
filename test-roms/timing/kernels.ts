/**
 * DSP kernels of the instruction shape that esp-dsp's ESP32 versions have, written for this suite:
 * the order of instructions and their operand dependences decide the time. They are called as
 * esp-dsp's benchmark does it: two CCOUNT reads around one CALL8, after a first call.
 */
import type { Measured } from './loops.ts';
import { run } from './machine.ts';
import { SET_VECBASE, WINDOW8_VECTORS } from './vectors.ts';

const SOURCE = 'espressif/esp-dsp 3c8ac0f, docs/esp_bm_results.csv';

/**
 * `arguments_` sets a10.. from a2 (left), a3 (right) and a4 (place), as the compiled call does:
 * behind the first CCOUNT read, one instruction each.
 */
const timed = (arguments_: string, kernel: string, frame = 16): string => `
        .data
        .align  8
    left:  .space 8192
    right: .space 8192
    place: .space 512
        .text
        movi    a2, left
        movi    a3, right
        movi    a4, place
${arguments_}
        call8   kernel
        rsr.ccount a5
${arguments_}
        call8   kernel
        rsr.ccount a6
        sub     a2, a6, a5
        j       done
        .align  4
    kernel:
        entry   a1, ${frame}
${kernel}
        movi.n  a2, 0
        retw.n`;

/** a2, a3: vectors; a4: result; a5: length. */
const DOTPROD = `
        movi.n  a6, 4                  # bytes per element
        movi.n  a7, 0                  # index in bytes
        wfr     f4, a7                 # sum
        lsx     f5, a3, a7
        loopnez a5, sum_end
        lsx     f6, a2, a7
        madd.s  f4, f6, f5
        add.n   a7, a7, a6
        lsx     f5, a3, a7
    sum_end:
        ssi     f4, a4, 0`;

/** The same with two steps, a6 and a7, in elements. */
const DOTPRODE = `
        slli    a6, a6, 2
        slli    a7, a7, 2
        movi.n  a8, 0
        wfr     f4, a8
        lsi     f5, a3, 0
        sub     a2, a2, a6
        loopnez a5, sum_end
        add.n   a2, a2, a6
        lsi     f6, a2, 0
        madd.s  f4, f6, f5
        add.n   a3, a3, a7
        lsi     f5, a3, 0
    sum_end:
        ssi     f4, a4, 0`;

/** 16-bit samples, four per pass, product and loads overlapped; a6: shift. */
const DOTPROD_S16 = `
        movi    a9, 4
        blt     a5, a9, too_short
        movi    a9, 0
        wsr     a9, acchi
        movi    a9, 0x7fff             # half of the last place, for rounding
        ssr     a6
        srl     a9, a9
        wsr     a9, acclo
        neg     a6, a6
        addi    a6, a6, 15
        srli    a7, a5, 2
        addi    a7, a7, -1
        movi.n  a11, 0
        addi    a2, a2, -4             # LDINC adds before it loads
        addi    a3, a3, -4
        ldinc   m0, a2
        ldinc   m2, a3
        ldinc   m1, a2
        mula.dd.ll.ldinc m3, a3, m0, m2
        loopnez a7, sum_end
        mula.dd.hh.ldinc m0, a2, m0, m2
        mula.dd.ll.ldinc m2, a3, m1, m3
        mula.dd.hh.ldinc m1, a2, m1, m3
        mula.dd.ll.ldinc m3, a3, m0, m2
    sum_end:
        mula.dd.hh m0, m2
        mula.dd.ll m1, m3
        mula.dd.hh m1, m3
        bbci    a5, 1, even
        ldinc   m0, a2
        ldinc   m2, a3
        mula.dd.hh m0, m2
        mula.dd.ll m0, m2
    even:
        bbci    a5, 0, summed
        ldinc   m0, a2
        ldinc   m2, a3
        mula.dd.ll m0, m2
    summed:
        ssr     a6
        rsr     a7, acchi
        rsr     a8, acclo
        src     a7, a7, a8
        s16i    a7, a4, 0
    too_short:`;

/** 16 x 16 matrices of 16-bit numbers. a2, a3: factors; a4: product; a5, a6, a7: sizes; shift on the stack. */
const MULT_S16 = `
        l32i    a8, a1, 80
        ssr     a8
        movi    a15, 0x7fff
        srl     a15, a15
        neg     a8, a8
        addi    a8, a8, 15
        ssr     a8
        movi    a8, 0
        slli    a14, a6, 1             # bytes per row
        movi.n  a10, 2
        movi.n  a9, 0
        movi    a12, 1
        beq     a7, a12, all_rows
        bbsi    a6, 0, all_rows
        srli    a6, a6, 1
        slli    a7, a7, 1
    row:
        movi    a10, 0
        mov     a13, a3
    column:
        addi    a12, a2, -4
        movi    a8, 0
        wsr     a8, acchi
        wsr     a15, acclo
        loopnez a6, element
        ldinc   m3, a12
        l16si   a8, a13, 0
        add     a13, a13, a7
        mula.ad.ll a8, m3
        l16si   a8, a13, 0
        add     a13, a13, a7
        mula.ad.lh a8, m3
    element:
        rsr     a8, acchi
        rsr     a9, acclo
        src     a8, a8, a9
        s16i    a8, a4, 0
        addi    a4, a4, 2
        addi    a10, a10, 2
        add     a13, a3, a10
        bne     a10, a7, column
        add     a2, a2, a14
        addi    a5, a5, -1
        bnez    a5, row
    all_rows:`;

/** Radix-2 complex FFT in place. a2: data, a3: points, a4: twiddle factors. */
const FFT2R = `
        srli    a8, a3, 1              # half the points of a group
        movi.n  a9, 1                  # groups
    stage:
        movi.n  a6, 0                  # group
        movi.n  a7, 0                  # its first point
    group:
        addx8   a15, a6, a4
        lsi     f14, a15, 0            # cosine
        lsi     f15, a15, 4            # sine
        loopnez a8, group_end
        add.n   a10, a7, a8
        addx8   a11, a10, a2           # the point half a group on
        addx8   a12, a7, a2            # the point
        lsi     f0, a11, 0
        mul.s   f4, f14, f0
        lsi     f1, a11, 4
        mul.s   f5, f14, f1
        lsi     f2, a12, 0
        madd.s  f4, f15, f1
        lsi     f3, a12, 4
        msub.s  f5, f15, f0
        addi    a7, a7, 1
        sub.s   f6, f2, f4
        add.s   f8, f2, f4
        sub.s   f7, f3, f5
        add.s   f9, f3, f5
        ssi     f6, a11, 0
        ssi     f8, a12, 0
        ssi     f7, a11, 4
        ssi     f9, a12, 4
    group_end:
        add.n   a7, a7, a8
        addi.n  a6, a6, 1
        bne     a6, a9, group
        slli    a9, a9, 1
        srli    a8, a8, 1
        bnez    a8, stage`;

const VECTORS = `
        mov     a10, a2
        mov     a11, a3
        mov     a12, a4
        movi    a13, 256`;

/** Points and cycles on silicon. */
const FFT_SIZES = [
  [64, 4544],
  [128, 10342],
  [256, 23210],
  [512, 51503],
  [1024, 113205],
] as const;

/** m, n, k and the shift, which goes through the stack. */
const MATRICES = `
        movi    a8, 0
        s32i    a8, a1, 0
        mov     a10, a2
        mov     a11, a3
        mov     a12, a4
        movi    a13, 16
        movi    a14, 16
        movi    a15, 16`;

const kernel = (name: string, silicon: number, program: string, tolerance?: number): Measured => ({
  name,
  silicon,
  source: SOURCE,
  confidence: 'H',
  unit: 'in all',
  ...(tolerance === undefined ? {} : { tolerance }),
  measure: (options) => run(program, options),
});

/** Seven live CALL8 frames, then the check-and-rotate sequence that spills all but the last one. */
const SPILL = `${SET_VECBASE}
        addi    a4, a1, -16            # base save area of the frame below the first
        addi    a3, a1, 0x70
        s32i    a3, a4, 4
        movi    a10, 7
        call8   deeper
        mov     a2, a10
        j       done
        .align  4
    deeper:
        entry   a1, 48
        addi    a10, a2, -1
        beqz    a10, full
        call8   deeper
        mov     a2, a10
        retw
    full:
        rsr.ccount a2
        and     a12, a12, a12
${'        rotw    3\n        and     a12, a12, a12\n'.repeat(4)}
        rotw    4
        rsr.ccount a3
        sub     a2, a3, a2
        retw${WINDOW8_VECTORS}`;

export const KERNELS: readonly Measured[] = [
  kernel('dot product of 256 floats', 1047, timed(VECTORS, DOTPROD)),
  kernel(
    'dot product of 256 floats with steps',
    1307,
    timed(`${VECTORS}\n        movi a14, 1\n        movi a15, 1`, DOTPRODE),
  ),
  kernel(
    'dot product of 256 16-bit samples',
    437,
    timed(`${VECTORS}\n        movi a14, 0`, DOTPROD_S16),
  ),
  kernel('product of two 16 x 16 matrices of 16 bits', 24697, timed(MATRICES, MULT_S16, 80), 5),
  {
    ...kernel('SPILL_ALL_WINDOWS with a full register file of CALL8 frames', 145, SPILL, 2),
    source: 'Zephyr and ESP-IDF, comment in xt_asm_utils.h (the frames are not stated)',
    confidence: 'M',
  },
  ...FFT_SIZES.map(([points, cycles]) =>
    kernel(
      `radix-2 FFT of ${points} complex floats`,
      cycles,
      timed(
        `
        mov     a10, a2
        movi    a11, ${points}
        mov     a12, a3`,
        FFT2R,
      ),
      2,
    ),
  ),
];
