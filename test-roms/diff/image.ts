/** Batches of programs as ELF images for the two worlds. */
import { assemble } from '../../emulator/cpu/assemble.ts';
import { WORLDS, driverSource } from './driver.ts';
import type { World } from './driver.ts';
import type { Program } from './generate.ts';
import { render } from './render.ts';

interface Segment {
  address: number;
  bytes: Uint8Array;
  memoryBytes: number;
}

const HEADER_BYTES = 52;
const PROGRAM_HEADER_BYTES = 32;
const PAGE_BYTES = 0x1000;
const EM_XTENSA = 94;

/** An executable little-endian Xtensa ELF with one PT_LOAD per segment. */
export function writeElf(entry: number, segments: Segment[]): Uint8Array {
  const offsets: number[] = [];
  let end = HEADER_BYTES + PROGRAM_HEADER_BYTES * segments.length;
  for (const { address, bytes } of segments) {
    // File offset and address agree modulo the page, as mmap wants.
    end = Math.ceil(end / PAGE_BYTES) * PAGE_BYTES + (address % PAGE_BYTES);
    offsets.push(end);
    end += bytes.length;
  }
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  const word = (at: number, ...values: number[]): void =>
    values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
  const half = (at: number, ...values: number[]): void =>
    values.forEach((value, i) => view.setUint16(at + 2 * i, value, true));
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  half(16, 2, EM_XTENSA);
  word(20, 1, entry, HEADER_BYTES, 0, 0x300);
  half(40, HEADER_BYTES, PROGRAM_HEADER_BYTES, segments.length);
  segments.forEach(({ address, bytes, memoryBytes }, i) => {
    const at = HEADER_BYTES + PROGRAM_HEADER_BYTES * i;
    word(at, 1, offsets[i]!, address, address, bytes.length, memoryBytes, 7, PAGE_BYTES);
    file.set(bytes, offsets[i]);
  });
  return file;
}

/** The programs, position-independent, behind a table: count, then the offsets of state and code of each. */
export function assemblePrograms(programs: Program[]): Uint8Array {
  const base = WORLDS.esp32.programs;
  const table = programs.map((_, i) => `.long p${i}_state - blob, p${i}_code - blob`);
  const sources = programs.map((program, i) => render(program, `p${i}`));
  const source = ['blob:', `.long ${programs.length}`, ...table, ...sources].join('\n');
  return assemble(source, { file: 'programs', origins: { '.text': base } }).bytes('.text');
}

const drivers = new Map<string, { bytes: Uint8Array; entry: number }>();

function assembleDriver(world: World, float: boolean): { bytes: Uint8Array; entry: number } {
  const key = `${world.driver} ${float}`;
  let driver = drivers.get(key);
  if (driver === undefined) {
    const program = assemble(driverSource(world, float), {
      file: 'driver',
      origins: { '.text': world.driver },
    });
    driver = { bytes: program.bytes('.text'), entry: program.address('_start') };
    if (driver.bytes.length > world.programs - world.driver)
      throw new Error('the driver is too long');
    drivers.set(key, driver);
  }
  return driver;
}

export function makeImage(world: World, float: boolean, programs: Uint8Array): Uint8Array {
  const { bytes, entry } = assembleDriver(world, float);
  return writeElf(entry, [
    { address: world.driver, bytes, memoryBytes: bytes.length },
    { address: world.programs, bytes: programs, memoryBytes: programs.length },
    {
      address: world.stackTop - world.stackBytes,
      // QEMU refuses a segment without any bytes in the file.
      bytes: new Uint8Array(4),
      memoryBytes: world.stackBytes,
    },
  ]);
}
