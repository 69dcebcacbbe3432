/**
 * The firmware's Rust without hardware, compiled for Xtensa from today's sources and run by `qemu-xtensa`, a process
 * for each case of firmware/units. A failure shows the assertion's file and line.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingOracles } from '../test-roms/tools/qemu.ts';
import { buildUnits, runUnit, unitCases } from './tools/units.ts';

const CASES = join(import.meta.dirname, 'units', 'cases');
const TOOLS = ['qemu-xtensa', '/usr/bin/rustc', 'clang-22', 'llvm-mc-22', 'xtensa-lx106-elf-ld'];
const missing = missingOracles(TOOLS);
const program = missing.length === 0 ? buildUnits() : '';
const names = missing.length === 0 ? unitCases(program) : ['not run'];

describe.skipIf(missing.length > 0)('unit tests under qemu-xtensa', () => {
  it.each(names)('%s', (name) => {
    const { passed, text } = runUnit(program, name);
    if (!passed) throw new Error(text);
    expect(text).toBe('ok, seed 0x1ee7c0de\n');
  });

  it('every function of units/cases is a case', () => {
    const written = readdirSync(CASES).flatMap((file) =>
      [...readFileSync(join(CASES, file), 'utf8').matchAll(/^pub fn (\w+)\(\)/gm)].map(
        ([, name]) => `${file.slice(0, -3)}::${name!}`,
      ),
    );
    expect(names.toSorted()).toEqual(written.sort());
  });

  it('what is no case fails', () => {
    expect(runUnit(program, 'heap::none')).toEqual({
      passed: false,
      text: 'heap::none: no such case\n',
    });
  });
});
