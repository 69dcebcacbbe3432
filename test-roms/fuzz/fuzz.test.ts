import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { fuzzImages, fuzzMachine, fuzzWords } from './fuzz.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_102);
const WORDS = Number(process.env['FUZZ_WORDS'] ?? 1_000_000);
const IMAGES = 200;
/** What the host may grow by after warming up: decoded code is bounded, nothing else may be kept. */
const MOST_GROWTH_BYTES = 96 << 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe(`random guests, seed ${SEED}`, () => {
  it(`${WORDS} random instruction words neither throw nor grow the host`, () => {
    const machine = fuzzMachine();
    const warm = Math.ceil(WORDS / 10);
    fuzzWords(machine, SEED, warm);
    const before = heldBytes();
    const instructions = machine.cores[0].cpu.instructions;
    expect(fuzzWords(machine, SEED + 1, WORDS)).toBe(WORDS);
    expect(machine.cores[0].cpu.instructions - instructions).toBeGreaterThan(WORDS / 4);
    expect(heldBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
  }, 300_000);

  it(`${IMAGES} random memory images on both cores neither throw nor grow the host`, () => {
    const machine = fuzzMachine();
    fuzzImages(machine, SEED, IMAGES / 10);
    const before = heldBytes();
    expect(fuzzImages(machine, SEED + 1, IMAGES)).toBeGreaterThan(IMAGES * 100);
    expect(heldBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
  }, 300_000);
});
