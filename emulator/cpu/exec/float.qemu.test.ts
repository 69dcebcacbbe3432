/**
 * The FPU against `qemu-xtensa -cpu de233_fpu`, an implementation nobody here wrote: one bare guest
 * program runs every operation on a table of operands in every rounding mode and writes result and
 * FSR.
 *
 * Where QEMU is not the ESP32, the operands are left out, and the exact references of
 * `float.test.ts` stand alone:
 * - de233_fpu lets the first NaN operand survive, the ESP32's single-only FPU the last (QEMU itself
 *   tells the two apart), so at most one operand is a NaN.
 * - QEMU replaces the steps of division and square root by NOPs around a real division in
 *   MKDADJ.S and MKSADJ.S, so only whole sequences are compared, and of their NaN results only
 *   that they are NaN.
 * - QEMU scales by 2^imm with a rounding of its own before converting, so that huge operands raise
 *   Overflow; the chip's opcode tables have no Overflow in conversions. Flags of operands that
 *   overflow by scaling are not compared.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { testCpu } from '../float/cpu.fixtures.ts';
import { DIRECTED, operandStream } from '../float/operands.fixtures.ts';
import { isNaN32 } from '../float/reference.fixtures.ts';
import type { Cpu } from '../state.ts';
import { DIVIDE, SQUARE_ROOT, compile } from '../float/sequences.fixtures.ts';
import * as exec from './float.ts';

const SEED = 0x0e301234;
const RANDOM_RECORDS = 1500;
const TOOLS = ['llvm-mc-22', 'xtensa-lx106-elf-ld', 'qemu-xtensa'];

const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
if (missing.length > 0 && process.env['CI'] === 'true')
  throw new Error(`FPU oracle: ${missing.join(', ')} not installed; see the CI script's packages`);

type Op = (cpu: Cpu, r: number, s: number, t: number, imm: number) => void;

const cpu = testCpu();

/** f0 = c, f1 = a, f2 = b, a8 = a before each; the result is left in a7 by the guest. */
interface Case {
  readonly name: string;
  readonly source: string;
  readonly op: Op;
  readonly imm: number;
  readonly result: 'fr' | 'ar' | 'br' | 'sequence';
}

const fr = (mnemonic: string, op: Op): Case => ({
  name: mnemonic,
  source: `${mnemonic} f0, f1, f2\n rfr a7, f0`,
  op,
  imm: 0,
  result: 'fr',
});
const br = (mnemonic: string, op: Op): Case => ({
  name: mnemonic,
  source: `${mnemonic} b5, f1, f2\n movi a7, 0\n movi a9, 1\n movt a7, a9, b5`,
  op,
  imm: 0,
  result: 'br',
});
const toInt = (mnemonic: string, op: Op, imm: number): Case => ({
  name: mnemonic,
  source: `${mnemonic} a7, f1, ${imm}`,
  op,
  imm,
  result: 'ar',
});
const fromInt = (mnemonic: string, op: Op, imm: number): Case => ({
  name: mnemonic,
  source: `${mnemonic} f0, a8, ${imm}\n rfr a7, f0`,
  op,
  imm,
  result: 'fr',
});

const sequence = (name: string, text: string): Case => {
  const run = compile(cpu, text);
  return { name, source: `${text}\n rfr a7, f0`, op: () => run(), imm: 0, result: 'sequence' };
};

const SCALES = [0, 1, 7, 15];
const CASES: readonly Case[] = [
  fr('add.s', exec.add_s),
  fr('sub.s', exec.sub_s),
  fr('mul.s', exec.mul_s),
  fr('madd.s', exec.madd_s),
  fr('msub.s', exec.msub_s),
  br('un.s', exec.un_s),
  br('oeq.s', exec.oeq_s),
  br('ueq.s', exec.ueq_s),
  br('olt.s', exec.olt_s),
  br('ult.s', exec.ult_s),
  br('ole.s', exec.ole_s),
  br('ule.s', exec.ule_s),
  sequence('division', DIVIDE),
  sequence('square root', SQUARE_ROOT),
  ...SCALES.flatMap((imm) => [
    toInt('round.s', exec.round_s, imm),
    toInt('trunc.s', exec.trunc_s, imm),
    toInt('floor.s', exec.floor_s, imm),
    toInt('ceil.s', exec.ceil_s, imm),
    toInt('utrunc.s', exec.utrunc_s, imm),
    fromInt('float.s', exec.float_s, imm),
    fromInt('ufloat.s', exec.ufloat_s, imm),
  ]),
];

/** Triples (c, a, b) of which at most one is a NaN. */
function records(): number[][] {
  const next = operandStream(SEED);
  const all: number[][] = [];
  for (const a of DIRECTED)
    for (const b of DIRECTED) all.push([DIRECTED[all.length % DIRECTED.length]!, a, b]);
  for (let i = 0; i < RANDOM_RECORDS; i++) all.push([next(), next(), next()]);
  return all.filter((triple) => triple.filter(isNaN32).length <= 1);
}

function guestSource(table: readonly number[][]): string {
  const step = (c: Case): string => `
 movi a7, 0
 wur a7, fsr
 wfr f0, a12
 wfr f1, a8
 wfr f2, a13
 ${c.source}
 rur a9, fsr
 s32i a7, a11, 0
 s32i a9, a11, 4
 addi a11, a11, 8`;
  return `
 .section .text
 .global _start
_start:
 l32r a10, table_address
 l32r a11, output_address
 l32r a15, table_end
record:
 l32i a12, a10, 0
 l32i a8, a10, 4
 l32i a13, a10, 8
 movi a14, 0
mode:
 wur a14, fcr
 ${CASES.map(step).join('\n')}
 addi a14, a14, 1
 movi a7, 4
 beq a14, a7, next
 j mode
next:
 addi a10, a10, 12
 beq a10, a15, done
 j record
done:
 l32r a3, output_address
 sub a4, a11, a3
more:
 movi a6, 1
 movi a2, 13
 syscall
 add a3, a3, a2
 sub a4, a4, a2
 bnez a4, more
 movi a2, 118
 movi a6, 0
 syscall
 .section .literals, "ax"
 .align 4
table_address: .long table
output_address: .long output
table_end: .long table + ${table.length * 12}
 .section .data
 .align 4
table:
${table.map((triple) => ` .long ${triple.map((v) => v >>> 0).join(', ')}`).join('\n')}
 .section .bss
 .align 4
output: .space ${table.length * 4 * CASES.length * 8}
`;
}

const LINKER_SCRIPT = `
ENTRY(_start)
SECTIONS {
  . = 0x400000;
  .text : { *(.literals) *(.text) }
  . = ALIGN(0x1000);
  .data : { *(.data) }
  .bss : { *(.bss) }
}`;

describe.skipIf(missing.length > 0)(`FPU against QEMU, seed ${SEED.toString(16)}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep32-fpu-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it(`${CASES.length} operations, 4 rounding modes, result and flags`, () => {
    const table = records();
    const file = (name: string): string => join(folder, name);
    writeFileSync(file('fpu.s'), guestSource(table));
    writeFileSync(file('fpu.ld'), LINKER_SCRIPT);
    const assemble = ['-triple=xtensa', '-mcpu=esp32', '-filetype=obj', file('fpu.s')];
    execFileSync('llvm-mc-22', [...assemble, '-o', file('fpu.o')]);
    const link = ['--no-relax', '-z', 'noexecstack', '-T', file('fpu.ld'), file('fpu.o')];
    execFileSync('xtensa-lx106-elf-ld', [...link, '-o', file('fpu.elf')]);
    execFileSync('sh', ['-c', `qemu-xtensa -cpu de233_fpu ${file('fpu.elf')} > ${file('out')}`]);
    const output = new Int32Array(new Uint8Array(readFileSync(file('out'))).buffer);
    expect(output.length).toBe(table.length * 4 * CASES.length * 2);
    const different: string[] = [];
    let at = 0;
    for (const [c, a, b] of table as [number, number, number][])
      for (let mode = 0; mode < 4; mode++)
        for (const test of CASES) {
          cpu.fr.set([c, a, b]);
          cpu.setA(1, a);
          cpu.br = 0;
          cpu.fcr = mode;
          cpu.fsr = 0;
          test.op(cpu, test.result === 'ar' ? 7 : test.result === 'br' ? 5 : 0, 1, 2, test.imm);
          const result =
            test.result === 'ar' ? cpu.a(7) : test.result === 'br' ? (cpu.br >> 5) & 1 : cpu.fr[0]!;
          const overflows =
            test.result === 'ar' && Math.abs(cpu.frFloat[1]!) * 2 ** test.imm >= 2 ** 128;
          const bothNaN = test.result === 'sequence' && isNaN32(result) && isNaN32(output[at]!);
          const flagsDiffer = cpu.fsr !== output[at + 1] && !overflows;
          if ((result !== output[at] && !bothNaN) || flagsDiffer)
            different.push(
              `${test.name} imm=${test.imm} c=${hex(c)} a=${hex(a)} b=${hex(b)} rm=${mode}: ` +
                `${hex(result)} ${cpu.fsr.toString(16)}, QEMU ${hex(output[at]!)} ${output[at + 1]!.toString(16)}`,
            );
          at += 2;
        }
    expect(different.slice(0, 20)).toEqual([]);
    expect(different.length).toBe(0);
  });
});

function hex(v: number): string {
  return (v >>> 0).toString(16).padStart(8, '0');
}
