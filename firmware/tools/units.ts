/** Builds and runs the unit tests of firmware/units: a Linux program for qemu-xtensa, made from today's sources. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runQemuUser } from '../../test-roms/tools/qemu.ts';
import {
  LIB,
  assembleCpp,
  buildRustCore,
  compileC,
  compileRust,
  link,
} from '../../test-roms/tools/toolchain.ts';

const ROOT = dirname(import.meta.dirname);
const UNITS = join(ROOT, 'units');
const CORE = 'dc233c';
/** A case takes some hundredths; one that hangs is a failure. */
const LIMIT_SECONDS = 20;

export interface UnitResult {
  readonly passed: boolean;
  /** File, line and message of the assertion that failed, and the seed. */
  readonly text: string;
}

/** Overflows and other debug assertions are checked, unlike in the images. Returns the program's path. */
export function buildUnits(): string {
  const folder = join(ROOT, 'build', 'units');
  mkdirSync(folder, { recursive: true });
  const object = (part: string): string => join(folder, `${part}.o`);
  compileRust(join(UNITS, 'main.rs'), object('units'), {
    ...{ fpu: false, optimize: '2', checks: true },
    crate: { name: 'units', prefix: [ROOT, 'firmware'] },
  });
  for (const unit of ['runtime', 'softfloat'])
    compileC(join(LIB, `${unit}.c`), object(unit), { fpu: false, optimize: '2' });
  assembleCpp(join(UNITS, 'start.S'), object('start'), []);
  assembleCpp(join(ROOT, 'arch', 'bits.S'), object('bits'), []);
  const program = join(folder, 'units.elf');
  const objects = ['start', 'units', 'bits', 'runtime', 'softfloat'].map(object);
  link([...objects, join(buildRustCore(), 'libcore.rlib')], program, {
    script: join(UNITS, 'user.ld'),
    pageBytes: 0x1000,
  });
  return program;
}

export function unitCases(program: string): string[] {
  const { stdout } = runQemuUser(program, CORE);
  return stdout.toString().trim().split('\n');
}

export function runUnit(program: string, name: string): UnitResult {
  const { stdout, exitCode } = runQemuUser(program, CORE, {
    args: [name],
    timeoutSeconds: LIMIT_SECONDS,
  });
  return { passed: exitCode === 0, text: stdout.toString() };
}
