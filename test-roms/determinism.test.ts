import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Esp32, parseElf } from '../emulator/index.ts';
import { Random } from './diff/random.ts';

const SEED = Number(process.env['SPLIT_SEED'] ?? 20_260_103);
/** 12 ticks are a CPU cycle at 40 MHz. */
const END_TICKS = 12 * 300_000;
const LONGEST_SLICE_TICKS = 12 * 40_000;

function load(name: string): Esp32 {
  const machine = new Esp32();
  const image = readFileSync(join(import.meta.dirname, name, 'image.elf'));
  // Without semihosting SIMCALL does nothing, and the guest spins at its end.
  machine.loadElf(parseElf(image, name));
  return machine;
}

describe(`the same run gives the same state, seed ${SEED}`, () => {
  for (const name of [
    'cpu/timer',
    'cpu/interrupt-level3',
    'cpu/window-recursion',
    'cpu/loop',
    'programs/rust-sort',
    'programs/rust-float',
  ]) {
    const whole = load(name);
    whole.runUntil(END_TICKS);
    const expected = whole.stateHash();

    it(`${name} twice`, () => {
      const again = load(name);
      again.runUntil(END_TICKS);
      expect(again.stateHash()).toBe(expected);
    });

    it(`${name} split at random points, each time going on in another machine`, () => {
      const random = new Random(SEED);
      let machine = load(name);
      while (machine.now < END_TICKS) {
        machine.runUntil(Math.min(END_TICKS, machine.now + 1 + random.below(LONGEST_SLICE_TICKS)));
        const next = new Esp32();
        next.restore(machine.save());
        machine = next;
      }
      expect(machine.stateHash()).toBe(expected);
      expect(machine.cores[0].cpu.instructions).toBe(whole.cores[0].cpu.instructions);
    });
  }
});
