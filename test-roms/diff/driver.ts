/**
 * The code around a batch of generated programs: it gives each program its initial registers and scratch memory, calls
 * it, and writes what it left. There are two worlds with the same programs: Linux user level for `qemu-xtensa`, whose
 * addresses must lie below 0x3f000000, and the bare ESP32 with SIMCALL and real window vectors.
 *
 * The frame of `run_one` is what is written for each program:
 *   0 scratch (256)  256 a2..a15  312 SAR SCOMPARE1 ACCLO ACCHI M0..M3  344 LCOUNT  348 THREADPTR
 *   352 BR FCR FSR  364 F0..F15 (float programs)      496 a0 over a CALL0  500 program address  504 a0 of run_one
 */
import { SCRATCH_BYTES } from './generate.ts';

export interface World {
  /** Where the driver, the programs and the stack lie. */
  driver: number;
  programs: number;
  stackTop: number;
  stackBytes: number;
  prologue: string;
  /** write(1, a3, a4), in a leaf function of its own. */
  write: string;
  exit: string;
}

/** Bytes written for each program. */
export function recordBytes(float: boolean): number {
  return float ? 428 : 352;
}

const WINDOW_VECTORS = `
  s32e a0, a5, -16; s32e a1, a5, -12; s32e a2, a5, -8; s32e a3, a5, -4; rfwo
  .align 64
  l32e a0, a5, -16; l32e a1, a5, -12; l32e a2, a5, -8; l32e a3, a5, -4; rfwu
  .align 64
  s32e a0, a9, -16; l32e a0, a1, -12; s32e a1, a9, -12; s32e a2, a9, -8; s32e a3, a9, -4
  s32e a4, a0, -32; s32e a5, a0, -28; s32e a6, a0, -24; s32e a7, a0, -20; rfwo
  .align 64
  l32e a0, a9, -16; l32e a1, a9, -12; l32e a2, a9, -8; l32e a7, a1, -12; l32e a3, a9, -4
  l32e a4, a7, -32; l32e a5, a7, -28; l32e a6, a7, -24; l32e a7, a7, -20; rfwu
  .align 64
  s32e a0, a13, -16; l32e a0, a1, -12; s32e a1, a13, -12; s32e a2, a13, -8; s32e a3, a13, -4
  s32e a4, a0, -48; s32e a5, a0, -44; s32e a6, a0, -40; s32e a7, a0, -36; s32e a8, a0, -32
  s32e a9, a0, -28; s32e a10, a0, -24; s32e a11, a0, -20; rfwo
  .align 64
  l32e a0, a13, -16; l32e a1, a13, -12; l32e a2, a13, -8; l32e a11, a1, -12; l32e a3, a13, -4
  l32e a4, a11, -48; l32e a5, a11, -44; l32e a6, a11, -40; l32e a7, a11, -36; l32e a8, a11, -32
  l32e a9, a11, -28; l32e a10, a11, -24; l32e a11, a11, -20; rfwu
  .align 64
  .space 0x180
  j exception
  .align 64
  j exception
  .align 64
  .space 0x40
  j exception
exception:
  rsr.exccause a3; addi a3, a3, 100; movi a2, 1; simcall; j exception
  .align 64
  .literal_position`;

export const WORLDS: { user: World; esp32: World } = {
  user: {
    driver: 0x10000000,
    programs: 0x10001000,
    stackTop: 0x20010000,
    stackBytes: 0x10000,
    prologue: '.literal_position\n_start:',
    write: 'movi a6, 1; movi a2, 13; syscall',
    exit: 'movi a2, 118; movi a6, 0; syscall',
  },
  esp32: {
    driver: 0x40080000,
    programs: 0x40081000,
    stackTop: 0x3ffd0000,
    stackBytes: 0x10000,
    prologue: `${WINDOW_VECTORS}
_start:
  movi a2, 0x1f; wsr.ps a2; rsync; movi a2, 0; wsr.intenable a2; wsr.windowbase a2; rsync
  movi a2, 1; wsr.windowstart a2; wsr.cpenable a2; rsync
  movi a2, ${0x40080000}; wsr.vecbase a2; movi a2, 0x15; wsr.atomctl a2; movi a2, 0x40020; wsr.ps a2; rsync`,
    write: 'mov a5, a4; mov a4, a3; movi a3, 1; movi a2, 4; simcall',
    exit: 'movi a2, 1; movi a3, 0; simcall',
  },
};

/** First word of the programs' blob: how many; then the offsets of state and code of each. */
export function driverSource(world: World, float: boolean): string {
  const registers = (list: number[], text: (n: number) => string): string =>
    list.map(text).join('; ');
  const range = (low: number, high: number): number[] =>
    Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const specials = ['sar', 'scompare1', 'acclo', 'acchi', 'm0', 'm1', 'm2', 'm3'];
  const load = specials.map((name, i) => `l32i a4, a2, ${56 + 4 * i}; wsr.${name} a4`).join('\n  ');
  const store = specials
    .map((name, i) => `rsr.${name} a4; s32i a4, a1, ${312 + 4 * i}`)
    .join('\n  ');
  const floatLoad = float
    ? `l32i a4, a2, 92; wsr.br a4; l32i a4, a2, 96; wur.fcr a4; l32i a4, a2, 100; wur.fsr a4
  ${registers(range(0, 15), (n) => `l32i a4, a2, ${104 + 4 * n}; wfr f${n}, a4`)}`
    : '';
  const floatStore = float
    ? `rsr.br a4; s32i a4, a1, 352; rur.fcr a4; s32i a4, a1, 356; rur.fsr a4; s32i a4, a1, 360
  ${registers(range(0, 15), (n) => `rfr a4, f${n}; s32i a4, a1, ${364 + 4 * n}`)}`
    : '';
  return `
${world.prologue}
  # A spill of this frame stores a4..a7 below the stack pointer of a caller, found at a1 - 12.
  movi a2, ${world.stackTop - 16}
  addi a1, a2, -64
  addi a3, a1, -12
  s32i a2, a3, 0
  movi a0, 0
  movi a3, ${world.programs}
  l32i a4, a3, 0
  mov a5, a3
next:
  beqz a4, finish
  l32i a10, a5, 4
  add a10, a10, a3
  l32i a11, a5, 8
  add a11, a11, a3
  call8 run_one
  addi a5, a5, 8
  addi a4, a4, -1
  j next
finish:
  ${world.exit}

  .align 4
run_one:
  entry a1, 576
  s32i a3, a1, 500
  s32i a0, a1, 504
  # The scratch memory, from a word of the state by xorshift32.
  l32i a4, a2, 88
  movi a5, ${SCRATCH_BYTES / 4}
  mov a6, a1
scratch:
  slli a7, a4, 13
  xor a4, a4, a7
  extui a7, a4, 17, 15
  xor a4, a4, a7
  slli a7, a4, 5
  xor a4, a4, a7
  addi a4, a4, 0x55
  s32i a4, a6, 0
  addi a6, a6, 4
  addi a5, a5, -1
  bnez a5, scratch
  movi a4, 0
  wsr.lcount a4
  wur.threadptr a4
  ${floatLoad}
  ${load}
  ${registers(range(3, 15), (n) => `l32i a${n}, a2, ${4 * (n - 2)}`)}
  l32i a2, a2, 0
  l32i a0, a1, 500
  callx0 a0
  ${registers(range(2, 15), (n) => `s32i a${n}, a1, ${256 + 4 * (n - 2)}`)}
  ${store}
  rsr.lcount a4; s32i a4, a1, 344; rur.threadptr a4; s32i a4, a1, 348
  ${floatStore}
  mov a11, a1
  movi a12, ${recordBytes(float)}
  call8 write_out
  l32i a0, a1, 504
  retw

  .align 4
write_out:
  entry a1, 64
  ${world.write}
  retw
`;
}
