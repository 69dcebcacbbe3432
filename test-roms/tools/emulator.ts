/** Bare ELF images in the emulator: SIMCALL semihosting on, standard output captured. */
import { Esp32, parseElf } from '../../emulator/index.ts';
import { connectSemihosting, printingHost } from '../../emulator/semihosting.ts';
import type { RunResult } from './qemu.ts';

/** Exit code of a run that did not exit within its cycles, as the command line gives it. */
const CYCLE_LIMIT_EXIT = 124;
const SLICE_TICKS = 1 << 22;

export interface RunOptions {
  maxCycles: number;
}

/** Runs the image on `chip`, a fresh one if none is given, until it exits. */
export function runEmulator(
  image: Uint8Array,
  name: string,
  { maxCycles }: RunOptions,
  chip = new Esp32(),
): RunResult {
  const output: Uint8Array[] = [];
  let exitCode: number | undefined;
  const exit = (code: number): void => {
    exitCode ??= code;
    chip.requestStop();
  };
  connectSemihosting(
    chip,
    printingHost((bytes) => output.push(bytes), exit),
  );
  chip.loadElf(parseElf(image, name));
  while (exitCode === undefined && chip.cycles(0) < maxCycles)
    chip.runUntil(chip.now + SLICE_TICKS);
  return { stdout: Buffer.concat(output), exitCode: exitCode ?? CYCLE_LIMIT_EXIT };
}
