/** Bare ELF images in the emulator: SIMCALL semihosting on, standard output captured. */
import { Esp32, parseElf, semihosting } from '../../emulator/index.ts';
import type { RunResult } from './qemu.ts';

/** Exit code of a run that did not exit within its cycles, as the command line gives it. */
export const CYCLE_LIMIT_EXIT = 124;
const ENOSYS = -38;
const SLICE_TICKS = 1 << 22;

export interface RunOptions {
  maxCycles: number;
}

export function runEmulator(image: Uint8Array, name: string, options: RunOptions): RunResult {
  const machine = new Esp32();
  const output: Buffer[] = [];
  let exitCode: number | undefined;
  machine.cores[0].cpu.simcall = semihosting({
    write: (fd, bytes) => {
      if (fd === 1 || fd === 2) output.push(Buffer.from(bytes));
      return bytes.length;
    },
    read: () => new Uint8Array(0),
    open: () => ENOSYS,
    close: () => ENOSYS,
    seek: () => ENOSYS,
    exit: (code) => {
      exitCode ??= code;
      machine.requestStop();
    },
  });
  machine.loadElf(parseElf(image, name));
  while (exitCode === undefined && machine.cycles(0) < options.maxCycles) {
    machine.runUntil(machine.now + SLICE_TICKS);
  }
  return { stdout: Buffer.concat(output), exitCode: exitCode ?? CYCLE_LIMIT_EXIT };
}
