/**
 * Two busy cores in the reference order, which interleaves them instruction by instruction, against
 * one: each computes in its own registers and its own words of DRAM.
 */
import { assemble } from '../emulator/cpu/assemble.ts';
import type { Esp32 } from '../emulator/index.ts';
import { benchChip, speedOf } from './machine.ts';
import { report } from './report.ts';

const SECONDS = 8;
const CODE = 0x40084000;
const program = assemble(
  `
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
        j       again`,
  { file: 'dual', origins: { '.literal': CODE - 0x100, '.text': CODE } },
);

function busyChip(cores: readonly (0 | 1)[]): Esp32 {
  const chip = benchChip();
  const port = chip.bus.ports[0];
  for (const { address, bytes } of program.sections)
    for (let i = 0; i < bytes.length; i += 4)
      port.write32(
        address + i,
        [0, 1, 2, 3].reduce((word, k) => word | ((bytes[i + k] ?? 0) << (8 * k)), 0),
      );
  for (const core of [0, 1] as const) {
    chip.cores[core].reset(program.entry);
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
