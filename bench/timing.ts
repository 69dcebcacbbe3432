/**
 * What the model of time costs: the coremark-shaped ELF with timing on and off, slices taken in turn
 * in one process, so that both see the same machine and the same compiled code.
 */
import { elfChip, sliceSpeed, withIterations } from './machine.ts';
import { report } from './report.ts';

const IMAGE = 'test-roms/programs/coremark-shaped/image.elf';
const ROUNDS = 24;

const bytes = withIterations(IMAGE, 1_000_000);
const { chip: timed } = elfChip(bytes, IMAGE);
const { chip: untimed } = elfChip(bytes, IMAGE, { timing: 'off' });
let [on, off] = [0, 0];
for (let round = 0; round < ROUNDS; round++) {
  on = Math.max(on, sliceSpeed(timed));
  off = Math.max(off, sliceSpeed(untimed));
}
report('timing', [
  { name: 'timing on', value: on, unit: 'M instr/s', note: 'best slice, CPU time' },
  { name: 'timing off', value: off, unit: 'M instr/s' },
  { name: 'cost of timing', value: 100 * (1 - on / off), unit: '%', note: 'allowed: 30' },
]);
