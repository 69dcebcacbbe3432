/** A chip for benchmarks, and how fast it runs. */
import { readFileSync } from 'node:fs';
import { assemble } from '../emulator/cpu/assemble.ts';
import { Esp32, parseElf } from '../emulator/index.ts';
import type { Esp32Options } from '../emulator/index.ts';
import { readSymbols } from '../emulator/loader/elf.ts';
import { CapturedHost } from '../emulator/testing/captured-host.ts';
import { cpuSeconds, wallSeconds } from './report.ts';

/** One slice of a measurement: 1/16 s of guest time at 480 MHz master ticks. */
const SLICE_TICKS = 30_000_000;
const IRAM = 0x40084000;

/** RTC_CNTL and TIMG0 watchdogs, which guard the boot of flash firmware, off: key, then CONFIG0. */
const WATCHDOGS_OFF = [
  [0x3ff480a4, 0x50d83aa1],
  [0x3ff4808c, 0],
  [0x3ff5f064, 0x50d83aa1],
  [0x3ff5f048, 0],
] as const;

export function benchChip(options: Esp32Options = {}): Esp32 {
  const chip = new Esp32(options);
  const port = chip.bus.ports[0];
  for (const [address, value] of WATCHDOGS_OFF) port.write32(address, value);
  port.waitCycles = 0;
  port.drainCycles = 0;
  return chip;
}

/** A chip with an assembled program in IRAM and PRO_CPU at its entry. */
export function programChip(source: string, name: string): { chip: Esp32; entry: number } {
  const chip = benchChip();
  const origins = { '.literal': IRAM - 0x100, '.text': IRAM };
  const { sections, entry } = assemble(source, { file: name, origins });
  for (const { address, bytes } of sections)
    bytes.forEach((byte, i) => (chip.memory.bytes[chip.bus.ramAt(address + i)] = byte));
  chip.cores[0].reset(entry);
  return { chip, entry };
}

/** The ELF `image` with its `iterations` word set. */
export function withIterations(image: string, iterations: number): Uint8Array {
  const bytes = Uint8Array.from(readFileSync(image));
  const elf = parseElf(bytes, image);
  const symbol = readSymbols(elf).find(({ name }) => name === 'iterations');
  const segment = elf.segments.find(
    ({ vaddr, memSize }) =>
      symbol !== undefined && symbol.address >= vaddr && symbol.address < vaddr + memSize,
  );
  if (symbol === undefined || segment === undefined)
    throw new Error(`${image}: no symbol "iterations" in a segment`);
  const offset = segment.bytes.byteOffset + (symbol.address - segment.vaddr);
  new DataView(bytes.buffer).setUint32(offset, iterations, true);
  return bytes;
}

/** A chip with a bare ELF; `ended` says whether the program has exited. */
export function elfChip(
  image: Uint8Array,
  name: string,
  options: Esp32Options = {},
): { chip: Esp32; ended: () => boolean } {
  const chip = benchChip(options);
  const host = new CapturedHost(chip);
  chip.loadElf(parseElf(image, name));
  return { chip, ended: () => host.exitCode !== undefined };
}

export interface Speed {
  /** Million guest instructions per second of the best slice, by CPU time and by wall time. */
  readonly cpu: number;
  readonly wall: number;
  readonly instructions: number;
  readonly seconds: number;
}

/** Speed of one slice, in million guest instructions per second of CPU time. */
export function sliceSpeed(chip: Esp32): number {
  const [seconds, instructions] = [cpuSeconds(), instructionsOf(chip)];
  chip.runUntil(chip.now + SLICE_TICKS);
  return (instructionsOf(chip) - instructions) / 1e6 / (cpuSeconds() - seconds);
}

function instructionsOf(chip: Esp32): number {
  return chip.cores.reduce((sum, core) => sum + core.cpu.instructions, 0);
}

/** Runs slices until `ended`, at most `seconds`; the best slice is what a quiet machine would give. */
export function speedOf(chip: Esp32, seconds: number, ended: () => boolean = () => false): Speed {
  const count = (): number => instructionsOf(chip);
  const start = wallSeconds();
  const first = count();
  let [cpu, wall] = [0, 0];
  while (!ended() && wallSeconds() - start < seconds) {
    const [c, w, n] = [cpuSeconds(), wallSeconds(), count()];
    chip.runUntil(chip.now + SLICE_TICKS);
    const done = (count() - n) / 1e6;
    // The last slice is cut short: too short a one says nothing.
    if (done < 0.5) continue;
    cpu = Math.max(cpu, done / (cpuSeconds() - c));
    wall = Math.max(wall, done / (wallSeconds() - w));
  }
  return { cpu, wall, instructions: count() - first, seconds: wallSeconds() - start };
}
