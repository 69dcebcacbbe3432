/**
 * Random guests: nothing that code, memory or registers hold may make the emulator throw, hang or grow.
 *
 * `fuzzWords` starts PRO_CPU at one random word after another, with random registers, for a few cycles each.
 * `fuzzImages` fills all memories and registers with random bits and lets both cores run.
 */
import { Esp32, semihosting } from '../../emulator/index.ts';
import { Random, interestingWord } from '../diff/random.ts';
import { WORD_BYTES, randomCode } from './words.ts';

const CODE = { base: 0x40080000, bytes: 0x20000 };
const TICKS_PER_START = 12 * 16;
const TICKS_PER_IMAGE = 12 * 30_000;

type Core = Esp32['cores'][0]['cpu'];

/** A machine whose SIMCALLs go nowhere. */
export function fuzzMachine(): Esp32 {
  const machine = new Esp32();
  for (const core of machine.cores) {
    core.cpu.simcall = semihosting({
      write: (fd, bytes) => bytes.length,
      read: (fd, length) => new Uint8Array(Math.min(length, 16)),
      open: () => 3,
      close: () => 0,
      seek: () => 0,
      exit: () => {},
    });
  }
  return machine;
}

/** Registers that point into memory as often as not, and a window state that WINDOWSTART allows. */
function randomize(cpu: Core, random: Random): void {
  const { ar } = cpu;
  for (let i = 0; i < ar.length; i++) {
    const bits = random.bits();
    ar[i] =
      bits & 1 ? 0x3ffb0000 + ((bits >>> 8) & 0xffff) : bits & 2 ? interestingWord(random) : bits;
  }
  const base = random.below(16);
  cpu.windowBase4 = base * 4;
  cpu.windowStart = (random.bits() & 0xffff) | (1 << base);
  cpu.psWoe = random.below(2);
  cpu.psExcm = random.below(4) === 0 ? 1 : 0;
  cpu.psUm = random.below(2);
  cpu.psIntlevel = random.below(4) === 0 ? random.below(16) : 0;
  cpu.psCallinc = random.below(4);
  cpu.psOwb = random.below(16);
  cpu.sar = random.below(64);
  cpu.lbeg = CODE.base + random.below(CODE.bytes);
  cpu.lend = CODE.base + random.below(CODE.bytes);
  cpu.lcount = interestingWord(random);
  cpu.cpenable = random.below(2);
  cpu.intenable = random.bits();
  cpu.vecbase = CODE.base + (random.below(CODE.bytes) & ~0x3ff);
  cpu.br = random.bits() & 0xffff;
  cpu.fcr = random.below(4);
  for (let i = 0; i < 16; i++) cpu.fr[i] = random.bits();
}

/** Runs `count` random words as first instruction; returns how many were started. */
export function fuzzWords(machine: Esp32, seed: number, count: number): number {
  const random = new Random(seed);
  const core = machine.cores[0];
  const code = machine.memory.bytes.subarray(codeOffset(machine));
  const perFill = CODE.bytes / WORD_BYTES;
  for (let done = 0; done < count;) {
    randomCode(code.subarray(0, CODE.bytes), random, random.oneIn(16));
    core.code.clear();
    for (let i = 0; i < perFill && done < count; i++, done++) {
      // The core's reset also opens the regions again that a random WDTLB has shut, which takes longer.
      const reset = i % 64 === 0 ? core : core.cpu;
      reset.reset(CODE.base + i * WORD_BYTES);
      randomize(core.cpu, random);
      machine.runUntil(machine.now + TICKS_PER_START);
    }
  }
  return count;
}

/** Runs `count` random memory images on both cores; returns how many instructions they ran. */
export function fuzzImages(machine: Esp32, seed: number, count: number): number {
  const instructions = (): number =>
    machine.cores[0].cpu.instructions + machine.cores[1].cpu.instructions;
  const before = instructions();
  const random = new Random(seed);
  const words = new Int32Array(machine.memory.buffer);
  for (let image = 0; image < count; image++) {
    let state = random.bits() | 1;
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    for (const core of machine.cores) {
      core.code.clear();
      core.halt(false);
      core.reset(CODE.base + (random.below(CODE.bytes) & ~1));
      randomize(core.cpu, random);
    }
    machine.runUntil(machine.now + TICKS_PER_IMAGE);
  }
  return instructions() - before;
}

function codeOffset(machine: Esp32): number {
  return ~machine.bus.ports[0].readPage[CODE.base >>> 12]! & ~3;
}
