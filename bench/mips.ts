/**
 * The interpreter on the coremark-shaped ELF, timing on, and the ratio to QEMU on the same image in
 * the same run. The image's `iterations` word sets how much work it does.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elfChip, speedOf, withIterations } from './machine.ts';
import { cpuSeconds, report, wallSeconds } from './report.ts';
import type { Figure } from './report.ts';

const IMAGE = 'test-roms/programs/coremark-shaped/image.elf';
const SECONDS = 20;
/** Work for QEMU: the difference of the two cancels its start. */
const FEW = 100;
const MANY = 4000;

/** Instructions of one iteration: they do not depend on who executes them. */
function instructionsPerIteration(): number {
  const count = (iterations: number): number => {
    const { chip, ended } = elfChip(withIterations(IMAGE, iterations), IMAGE);
    speedOf(chip, 600, ended);
    return chip.cores[0].cpu.instructions;
  };
  return (count(20) - count(10)) / 10;
}

/** Seconds that QEMU takes for `MANY` - `FEW` iterations, or undefined where it is not installed. */
function qemuSeconds(folder: string): number | undefined {
  const run = (iterations: number): number | undefined => {
    const file = join(folder, `${iterations}.elf`);
    writeFileSync(file, withIterations(IMAGE, iterations));
    const start = wallSeconds();
    const done = spawnSync('qemu-system-xtensa', [
      ...'-M sim -m 1100M -semihosting -nographic -monitor none -serial none'.split(' '),
      ...['-cpu', 'dc233c', '-device', `loader,file=${file},cpu-num=0`],
    ]);
    return done.status === 0 ? wallSeconds() - start : undefined;
  };
  const best = (iterations: number): number =>
    Math.min(...[0, 1, 2].map(() => run(iterations) ?? Infinity));
  const seconds = best(MANY) - best(FEW);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

const { chip, ended } = elfChip(withIterations(IMAGE, 1_000_000), IMAGE);
const startCpu = cpuSeconds();
const speed = speedOf(chip, SECONDS, ended);
const usedCpu = cpuSeconds() - startCpu;
const figures: Figure[] = [
  { name: 'interpreter, best slice, CPU time', value: speed.cpu, unit: 'M instr/s' },
  { name: 'interpreter, best slice, wall time', value: speed.wall, unit: 'M instr/s' },
  {
    name: 'interpreter, whole run with compilation, CPU time',
    value: speed.instructions / usedCpu / 1e6,
    unit: 'M instr/s',
  },
  { name: 'peak RSS', value: process.resourceUsage().maxRSS / 1024, unit: 'MiB' },
];
const folder = mkdtempSync(join(tmpdir(), 'lockstep32-bench-'));
try {
  const seconds = qemuSeconds(folder);
  if (seconds === undefined) {
    console.log('mips: qemu-system-xtensa is not installed, no ratio');
  } else {
    const qemu = (instructionsPerIteration() * (MANY - FEW)) / seconds / 1e6;
    figures.push(
      { name: 'qemu-system-xtensa -M sim, wall time', value: qemu, unit: 'M instr/s' },
      { name: 'interpreter / QEMU', value: speed.wall / qemu, unit: '', note: 'wall time, best' },
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
report('mips', figures);
