/**
 * Two busy cores in the reference order, which interleaves them instruction by instruction, against
 * one: each computes in its own registers and its own words of DRAM.
 */
import type { Esp32 } from '../emulator/index.ts';
import { programChip, speedOf } from './machine.ts';
import { report } from './report.ts';

const SECONDS = 8;
const PROGRAM = `
    _start:
        movi    a2, 0x4002f
        wsr.ps  a2
        rsync
        rsr.prid a3                # 0xcdcd or 0xabab: which half of the data
        extui   a3, a3, 1, 1
        slli    a3, a3, 12
        movi    a2, 0x3ffb0000
        add     a2, a2, a3
        movi    a4, 1
    again:
        movi    a5, 100
    inner:
        l32i    a6, a2, 0
        addx4   a6, a6, a4
        xor     a4, a4, a6
        s32i    a6, a2, 0
        srli    a7, a4, 3
        add     a4, a4, a7
        addi    a5, a5, -1
        bnez    a5, inner
        j       again`;

function busyChip(cores: readonly (0 | 1)[]): Esp32 {
  const { chip, entry } = programChip(PROGRAM, 'dual');
  for (const core of [0, 1] as const) {
    chip.cores[core].reset(entry);
    chip.cores[core].halt(!cores.includes(core));
  }
  return chip;
}

const one = speedOf(busyChip([0]), SECONDS);
const two = speedOf(busyChip([0, 1]), SECONDS);
report('dual', [
  { name: 'one core busy', value: one.cpu, unit: 'M instr/s', note: 'best slice, CPU time' },
  { name: 'both cores busy, together', value: two.cpu, unit: 'M instr/s' },
  { name: 'both / one', value: two.cpu / one.cpu, unit: '' },
]);
