/**
 * Differential execution: generated programs run in the emulator and under `qemu-xtensa`, and everything they leave
 * (registers, special registers, FPU, scratch memory) is compared byte for byte.
 *
 *   tsx test-roms/diff/diff.ts [--count N] [--seed S] [--float | --integer]
 *
 * A difference is shrunk to the shortest program that still shows it and printed with its seed. Where `qemu-xtensa` and
 * `qemu-system-xtensa` do not agree with each other on a program, QEMU is at fault and the program counts as disputed.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runEmulator } from '../tools/emulator.ts';
import { runQemuSystem, runQemuUser } from '../tools/qemu.ts';
import type { QemuCore } from '../tools/qemu.ts';
import { WORLDS, recordBytes } from './driver.ts';
import { generate } from './generate.ts';
import type { Program } from './generate.ts';
import { assemblePrograms, makeImage } from './image.ts';
import { describeDifference } from './report.ts';
import { render, smaller } from './render.ts';

export interface DiffOptions {
  count: number;
  seed: number;
  float: boolean;
}

export interface DiffResult {
  programs: number;
  /** Seeds on which the two QEMUs do not agree and the emulator agrees with one. */
  disputed: number[];
  /** The first difference, shrunk and in words. */
  failure: string | undefined;
}

/** Programs per image. A batch whose code does not fit into IRAM is halved. */
const BATCH = { integer: 360, float: 220 };
const MOST_CODE_BYTES = 0x400a0000 - WORLDS.esp32.programs;
/** A program that takes longer has gone astray; the longest take a few hundred thousand cycles. */
const MAX_CYCLES_PER_PROGRAM = 4_000_000;
const MAX_SHRINK_RUNS = 400;

class Differ {
  readonly float: boolean;
  private readonly core: QemuCore;
  private readonly folder = mkdtempSync(join(tmpdir(), 'lockstep32-diff-'));

  constructor(float: boolean) {
    this.float = float;
    this.core = float ? 'de233_fpu' : 'dc233c';
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  private write(name: string, image: Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, image);
    chmodSync(path, 0o755);
    return path;
  }

  qemuUser(code: Uint8Array): Buffer {
    return runQemuUser(this.write('user.elf', makeImage(WORLDS.user, this.float, code)), this.core)
      .stdout;
  }

  qemuSystem(code: Uint8Array): Buffer {
    return runQemuSystem(
      this.write('bare.elf', makeImage(WORLDS.esp32, this.float, code)),
      this.core,
    ).stdout;
  }

  emulator(code: Uint8Array, programs = 1): Buffer {
    const image = makeImage(WORLDS.esp32, this.float, code);
    return runEmulator(image, 'bare.elf', { maxCycles: programs * MAX_CYCLES_PER_PROGRAM }).stdout;
  }

  /** Undefined when emulator and QEMU agree on this one program, else both records. */
  differs(program: Program): { emulator: Buffer; qemu: Buffer } | undefined {
    const code = assemblePrograms([program]);
    const emulator = this.emulator(code);
    const qemu = this.qemuUser(code);
    if (emulator.equals(qemu) || emulator.equals(this.qemuSystem(code))) return undefined;
    return { emulator, qemu };
  }

  /** The smallest program found that still differs. */
  shrink(program: Program): Program {
    let runs = 0;
    for (let found = true; found && runs < MAX_SHRINK_RUNS;) {
      found = false;
      for (const candidate of smaller(program)) {
        if (++runs > MAX_SHRINK_RUNS) break;
        if (this.differs(candidate) === undefined) continue;
        program = candidate;
        found = true;
        break;
      }
    }
    return program;
  }

  explain(program: Program): string {
    const small = this.shrink(program);
    const both = this.differs(small)!;
    const kind = this.float ? '--float' : '--integer';
    return [
      `seed ${program.seed} (reproduce: tsx test-roms/diff/diff.ts ${kind} --count 1 --seed ${program.seed})`,
      render(small, 'p'),
      describeDifference(both.emulator, both.qemu),
    ].join('\n');
  }
}

/** Compares a batch; returns the seed of the first program that really differs, explained, or undefined. */
function compareBatch(differ: Differ, programs: Program[], disputed: number[]): string | undefined {
  const code = assemblePrograms(programs);
  if (code.length > MOST_CODE_BYTES) {
    const half = programs.length >> 1;
    return (
      compareBatch(differ, programs.slice(0, half), disputed) ??
      compareBatch(differ, programs.slice(half), disputed)
    );
  }
  const size = recordBytes(differ.float);
  const emulator = differ.emulator(code, programs.length);
  const qemu = differ.qemuUser(code);
  if (qemu.length !== programs.length * size) {
    throw new Error(
      `QEMU wrote ${qemu.length} bytes for ${programs.length} programs from seed ${programs[0]!.seed}`,
    );
  }
  if (emulator.equals(qemu)) return undefined;
  for (const [i, program] of programs.entries()) {
    const range = [i * size, (i + 1) * size] as const;
    if (emulator.subarray(...range).equals(qemu.subarray(...range))) continue;
    if (differ.differs(program) !== undefined) return differ.explain(program);
    disputed.push(program.seed);
  }
  return undefined;
}

/** Compares `count` programs with seeds seed, seed + 1, ... and stops at the first batch with a real difference. */
export function runDiff({ count, seed, float }: DiffOptions): DiffResult {
  const differ = new Differ(float);
  const disputed: number[] = [];
  const batch = float ? BATCH.float : BATCH.integer;
  try {
    for (let done = 0; done < count; done += batch) {
      const length = Math.min(batch, count - done);
      const programs = Array.from({ length }, (_, i) => generate((seed + done + i) | 0, float));
      const failure = compareBatch(differ, programs, disputed);
      if (failure !== undefined) return { programs: done + length, disputed, failure };
    }
    return { programs: count, disputed, failure: undefined };
  } finally {
    differ.close();
  }
}

function main(args: string[]): number {
  const valueOf = (name: string, otherwise: number): number => {
    const at = args.indexOf(name);
    return at < 0 ? otherwise : Number(args[at + 1]);
  };
  const count = valueOf('--count', 2000);
  const seed = valueOf('--seed', 1);
  let failures = 0;
  for (const float of [false, true]) {
    if (args.includes(float ? '--integer' : '--float')) continue;
    const started = Date.now();
    const result = runDiff({ count, seed, float });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const disputes =
      result.disputed.length === 0 ? '' : `, disputed by QEMU itself: ${result.disputed.join(' ')}`;
    console.log(
      `${float ? 'float' : 'integer'}: ${result.programs} programs from seed ${seed}, ${seconds} s${disputes}`,
    );
    if (result.failure !== undefined) {
      console.log(result.failure);
      failures++;
    }
  }
  return failures === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
