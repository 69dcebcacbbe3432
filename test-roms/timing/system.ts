/**
 * System-level programs, in the shape of published ones: what is known of the shape is in each
 * row's source, the rest is a guess, so the rows have a tolerance.
 */
import type { Measured } from './loops.ts';
import { run } from './machine.ts';
import type { Placement, RunOptions } from './machine.ts';

/**
 * A lock as ESP-IDF 3.0 has it: a word `owner` (a PRID, or free) and a word `count`. Its assertions
 * stay in a release build: on the owner, on owner and count together, on the count. The interrupt
 * level is restored by a call, which in ESP-IDF goes to the mask ROM. a2: lock.
 */
const SPINLOCK = `
        .align  4
    acquire:
        entry   a1, 32
        rsil    a10, 3
        rsr.prid a9
        movi    a12, 0x6666            # PRO_CPU's PRID to APP_CPU's and back
        xor     a12, a9, a12
    try:
        mov.n   a8, a9
        movi    a11, 0xb33fffff        # free
        wsr     a11, scompare1
        s32c1i  a8, a2, 0
        beq     a12, a8, try
        beq     a9, a8, ours
        beq     a8, a11, ours
        ill
    ours:
        movi    a9, 0x4cc00001         # 0 for a lock that was free
        add.n   a8, a8, a9
        movi.n  a9, 1
        movi.n  a12, 0
        mov.n   a3, a12
        movnez  a3, a9, a8
        l32i.n  a11, a2, 4
        movnez  a12, a9, a11
        beq     a3, a12, counted
        ill
    counted:
        movi    a8, 254
        bgeu    a8, a11, small
        ill
    small:
        addi.n  a11, a11, 1
        s32i.n  a11, a2, 4
        movi    a8, set_level
        callx8  a8
        retw.n
        .align  4
    release:
        entry   a1, 32
        rsil    a10, 3
        rsr.prid a8
        l32i.n  a9, a2, 0
        beq     a9, a8, owner
        ill
    owner:
        l32i.n  a8, a2, 4
        bnez    a8, locked
        ill
    locked:
        movi    a9, 255
        bgeu    a9, a8, few
        ill
    few:
        addi.n  a8, a8, -1
        s32i.n  a8, a2, 4
        bnez.n  a8, held
        movi    a8, 0xb33fffff
        s32i.n  a8, a2, 0
    held:
        movi    a8, set_level
        callx8  a8
        retw.n
        .align  4
    set_level:
        entry   a1, 16
        rsr.ps  a3
        movi.n  a4, -16
        extui   a2, a2, 0, 4
        and     a4, a4, a3
        or      a4, a4, a2
        wsr.ps  a4
        extui   a2, a3, 0, 4
        rsync
        retw.n
        .data
        .align  4
    lock:  .word 0xb33fffff, 0
    value: .word 0
        .text`;

const OPERATIONS = 200;

const timedLoop = (body: string): string => `
        movi    a3, lock
        rsr.ccount a6
        movi    a5, ${OPERATIONS}
        j       again
        .align  4
    again:
${body}
        addi    a5, a5, -1
        bnez    a5, again
        rsr.ccount a7
        sub     a2, a7, a6
        j       done
${SPINLOCK}`;

const LOCK_AND_UNLOCK = `
        mov.n   a10, a3
        call8   acquire
        mov.n   a10, a3
        call8   release`;

/** 25 times locked, then 25 times unlocked. */
const RECURSIVE = `
        movi    a4, 25
    down:
        mov.n   a10, a3
        call8   acquire
        addi    a4, a4, -1
        bnez    a4, down
        movi    a4, 25
    up:
        mov.n   a10, a3
        call8   release
        addi    a4, a4, -1
        bnez    a4, up`;

const increment = (prefix: string): string => `
        movi    a5, ${OPERATIONS}
        movi    a3, lock
        movi    a4, value
        j       ${prefix}_again
        .align  4
    ${prefix}_again:
        mov.n   a10, a3
        call8   acquire
        memw
        l32i    a8, a4, 0
        addi.n  a8, a8, 1
        memw
        s32i    a8, a4, 0
        mov.n   a10, a3
        call8   release
        addi    a5, a5, -1
        bnez    a5, ${prefix}_again`;

/** Both cores add to one number; the time until both have done so. */
const CROSS_CORE = `
        rsr.ccount a6
${increment('first')}
        movi    a4, value
    both:
        memw
        l32i    a8, a4, 0
        movi    a9, ${2 * OPERATIONS}
        bne     a8, a9, both
        rsr.ccount a7
        sub     a2, a7, a6
        j       done
    second:
${increment('second')}
    rest:
        j       rest
${SPINLOCK}`;

interface Row extends Omit<Measured, 'measure' | 'unit'> {
  readonly program: string;
  readonly operations: number;
  readonly placement?: Placement;
}

function perOperation(row: Row): Measured {
  const { program, operations, placement, ...facts } = row;
  return {
    ...facts,
    unit: 'per operation',
    measure: (options?: RunOptions) => run(program, options, placement) / operations,
  };
}

const SPINLOCK_SOURCE = 'esp-idf 5c996a1b292, test_spinlocks.c; the compiled code is not published';

export const SYSTEM: readonly Measured[] = [
  perOperation({
    name: 'portMUX lock and unlock, no contention',
    silicon: 134,
    source: SPINLOCK_SOURCE,
    confidence: 'L',
    tolerance: 20,
    program: timedLoop(LOCK_AND_UNLOCK),
    operations: OPERATIONS,
  }),
  perOperation({
    name: 'portMUX lock and unlock, 25 deep',
    silicon: 117,
    source: SPINLOCK_SOURCE,
    confidence: 'L',
    known: 'the published loop calls vTaskEnterCritical, whose code of that build is not published',
    program: timedLoop(RECURSIVE),
    operations: OPERATIONS * 25,
  }),
  perOperation({
    name: 'portMUX lock, increment, unlock by both cores at once, per increment of one',
    silicon: 323,
    source: SPINLOCK_SOURCE,
    confidence: 'L',
    known: 'what a core waits for S32C1I while the other spins on the same word is unpublished',
    program: CROSS_CORE,
    operations: OPERATIONS,
    placement: { bothCores: true },
  }),
];
