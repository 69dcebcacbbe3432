/**
 * Programs whose cycles on silicon nobody has published: what a board would have to run to settle
 * the constants without a source. Their results here are recorded in the sensitivity report and
 * asserted nowhere.
 */
import { run } from './machine.ts';
import type { Placement, RunOptions } from './machine.ts';
import { SET_VECBASE, vectors, WINDOW8_VECTORS } from './vectors.ts';

export interface Probe {
  readonly name: string;
  readonly unit: string;
  measure(options?: RunOptions): number;
}

const PASSES = 40;

/** `body` repeated in straight line: cycles of each. */
function repeated(name: string, setup: string, body: string, placement?: Placement): Probe {
  const program = (n: number): string => `
${setup}
        rsr.ccount a13
${`${body}\n`.repeat(n)}
        rsr.ccount a14
        sub     a2, a14, a13
        j       done`;
  return {
    name,
    unit: 'cycles each',
    measure: (options) =>
      (run(program(2 * PASSES), options, placement) - run(program(PASSES), options, placement)) /
      PASSES,
  };
}

function whole(name: string, program: string, placement?: Placement): Probe {
  return { name, unit: 'cycles', measure: (options) => run(program, options, placement) };
}

const LEVEL3_VECTOR = 0x1c0;
const USER_VECTOR = 0x340;
/** CCOMPARE1 is interrupt 15, level 3. */
const TIMER1 = 15;
const CCOUNT_TO_A2 = `
        rsr.ccount a2
        rfi     3`;

const SYSCALL_AND_RFE = `${SET_VECBASE}
        movi    a3, 0x20
        wsr.ps  a3
        rsync
        rsr.ccount a5
        syscall
        rsr.ccount a6
        sub     a2, a6, a5
        j       done
${vectors(
  USER_VECTOR,
  `
        rsr.epc1 a3
        addi    a3, a3, 3
        wsr.epc1 a3
        rfe`,
)}`;

/** From the match of CCOMPARE1 to the CCOUNT read first thing in the handler. */
const timerInterrupt = (wait: string): string => `${SET_VECBASE}
        rsr.ccount a5
        addi    a5, a5, 100
        wsr.ccompare1 a5
        movi    a4, 1 << ${TIMER1}
        wsr.intenable a4
        rsync
        movi    a2, 0
        movi    a3, 0x40020
        wsr.ps  a3
        rsync
${wait}
        sub     a2, a2, a5
        j       done
${vectors(LEVEL3_VECTOR, `        movi    a4, 0\n        wsr.intenable a4${CCOUNT_TO_A2}`)}`;

const WINDOW_CHAIN = (depth: number): string => `${SET_VECBASE}
        addi    a4, a1, -16
        addi    a3, a1, 0x70
        s32i    a3, a4, 4
        movi    a3, 0x40020
        wsr.ps  a3
        rsync
        movi    a10, ${depth}
        rsr.ccount a5
        call8   deeper
        rsr.ccount a6
        sub     a2, a6, a5
        j       done
        .align  4
    deeper:
        entry   a1, 48
        addi    a10, a2, -1
        beqz    a10, bottom
        call8   deeper
    bottom:
        retw${WINDOW8_VECTORS}`;

/** Straight-line code in flash, every line of it new: SPI0 at the mask ROM's DIO 40 MHz. */
const FLASH_LINES = 8;
const FLASH_MISSES = `
        movi    a3, 0x3ff43000
        movi    a4, 0x00802000
        s32i    a4, a3, 0x08
        movi    a4, 0x00001001
        s32i    a4, a3, 0x18
        movi    a4, 0x10000000
        s32i    a4, a3, 0x1c
        memw
        j       lines
        .align  32
    lines:
        rsr.ccount a5
${'        nop\n'.repeat((32 * FLASH_LINES) / 3)}
        rsr.ccount a6
        sub     a2, a6, a5
        j       done`;

/** Both cores load from words of one SRAM bank: what the arbiter rules. */
const SAME_BANK = `
        movi    a8, 0x3ffe0000
        movi    a10, go
        movi    a11, 1
        j       first
    second:
        movi    a8, 0x3ffe4000
        movi    a10, go
    held:
        l32i    a11, a10, 0
        beqz    a11, held
${'        l32i    a12, a8, 0\n'.repeat(200)}
    rest:
        j       rest
    first:
        s32i    a11, a10, 0
${'        nop\n'.repeat(20)}
        rsr.ccount a13
${'        l32i    a12, a8, 0\n'.repeat(100)}
        rsr.ccount a14
        sub     a2, a14, a13
        j       done
        .data
        .align  4
    go:    .word 0
        .text`;

const DATA = '        movi a7, 0x3ffb0000';
const LOAD = '        l32i a8, a7, 0\n        or a8, a8, a8';

export const PROBES: readonly Probe[] = [
  repeated('ISYNC', '', '        isync'),
  repeated('RSYNC', '', '        rsync'),
  repeated('WSR.SAR and SRL', '', '        wsr.sar a8\n        srl a9, a8'),
  repeated('RFR and ADD', '', '        rfr a8, f0\n        add a9, a8, a8'),
  repeated('TRUNC.S and ADD', '', '        trunc.s a8, f0, 0\n        add a9, a8, a8'),
  repeated('OLT.S and BT', '', '        olt.s b0, f0, f1\n        bt b0, 1f\n    1:'),
  repeated('dependent QUOU', '        movi a8, 7\n        movi a9, 1', '        quou a8, a8, a9'),
  repeated('dependent REMU', '        movi a8, 7\n        movi a9, 9', '        remu a8, a8, a9'),
  repeated('dependent MULL', '        movi a8, 7', '        mull a8, a8, a8'),
  repeated('WFR and dependent MUL.S', '', '        wfr f0, a8\n        mul.s f1, f0, f0'),
  repeated(
    'LOOPNEZ with a count of 0',
    '        movi a8, 0',
    '        loopnez a8, 1f\n        nop\n    1:  nop',
  ),
  repeated(
    'S32C1I and a branch on its result',
    `${DATA}\n        movi a9, 1\n        wsr.scompare1 a9`,
    '        mov a8, a9\n        s32c1i a8, a7, 0\n        beqi a8, 16, 1f\n    1:',
  ),
  repeated('unaligned L32I and its use', '        movi a7, 0x3ffb0002', LOAD),
  repeated('L32I of a DPORT register and its use', '        movi a7, 0x3ff00038', LOAD),
  repeated('L32I from RTC slow memory and its use', '        movi a7, 0x50000000', LOAD),
  repeated('MEMW and SSI', DATA, '        memw\n        ssi f0, a7, 0'),
  whole('SYSCALL to the instruction behind it', SYSCALL_AND_RFE),
  whole('CCOMPARE1 to the handler, running', timerInterrupt('        nop\n'.repeat(120))),
  whole('CCOMPARE1 to the handler, from WAITI', timerInterrupt('        waiti 0')),
  whole('a chain of 16 CALL8 and back', WINDOW_CHAIN(16)),
  whole(`${FLASH_LINES} flash lines entered in a row, DIO 40 MHz`, FLASH_MISSES, { code: 'flash' }),
  whole('100 loads beside the other core in one SRAM bank', SAME_BANK, { bothCores: true }),
];
