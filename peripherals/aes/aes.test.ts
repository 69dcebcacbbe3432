import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { AES_REGISTERS } from './aes.regs.ts';
import { Aes } from './aes.ts';

const START = 0x00;
const IDLE = 0x04;
const MODE = 0x08;
const KEY = 0x10;
const TEXT = 0x30;
const ENDIAN = 0x40;

function bench() {
  const scheduler = new Scheduler();
  const clocks = { apb: new Clock('APB_CLK', 80_000_000) };
  const aes = new Aes({ clocks, scheduler, log: new RecordingLog() });
  const load = (offset: number, bytes: Buffer): void => {
    for (let i = 0; i < bytes.length; i += 4) aes.write(offset + i, bytes.readInt32LE(i), 4);
  };
  const run = (mode: number): Buffer => {
    aes.write(MODE, mode, 4);
    aes.write(START, 1, 4);
    while (aes.read(IDLE, 4) === 0) scheduler.runUntil(scheduler.now + 6);
    const out = Buffer.alloc(16);
    for (let i = 0; i < 16; i += 4) out.writeInt32LE(aes.read(TEXT + i, 4), i);
    return out;
  };
  return { scheduler, aes, load, run };
}

testRegisters('AES', () => bench().aes, AES_REGISTERS);

/** A linear congruential sequence of bytes with a fixed seed. */
function bytes(seed: number, length: number): Buffer {
  let x = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      return x >>> 24;
    }),
  );
}

const SIZES = [
  { bits: 128, mode: 0, cycles: 11, decryptCycles: 21 },
  { bits: 192, mode: 1, cycles: 13, decryptCycles: 25 },
  { bits: 256, mode: 2, cycles: 15, decryptCycles: 29 },
];

describe('AES', () => {
  it.each(SIZES)('$bits bits agree with node:crypto and decrypt to the input', ({ bits, mode }) => {
    for (let seed = 1; seed <= 20; seed++) {
      const key = bytes(seed, bits / 8);
      const text = bytes(seed + 1000, 16);
      const cipher = createCipheriv(`aes-${bits}-ecb`, key, null).setAutoPadding(false);
      const { load, run } = bench();
      load(KEY, key);
      load(TEXT, text);
      expect(run(mode).toString('hex')).toBe(cipher.update(text).toString('hex'));
      expect(run(mode + 4).toString('hex')).toBe(text.toString('hex'));
    }
  });

  it('with ENDIAN 0 takes words in reverse, most significant byte first', () => {
    const key = bytes(5, 16);
    const text = bytes(6, 16);
    const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    const { aes, load, run } = bench();
    load(KEY, Buffer.from(key).reverse());
    load(TEXT, Buffer.from(text).reverse());
    aes.write(ENDIAN, 0, 4);
    expect(run(0).reverse().toString('hex')).toBe(cipher.update(text).toString('hex'));
  });

  it.each(SIZES)('$bits bits take $cycles and $decryptCycles cycles', (row) => {
    for (const [mode, cycles] of [
      [row.mode, row.cycles],
      [row.mode + 4, row.decryptCycles],
    ] as const) {
      const { scheduler, aes } = bench();
      aes.write(MODE, mode, 4);
      aes.write(START, 1, 4);
      scheduler.runUntil(cycles * 6 - 1);
      expect([aes.read(IDLE, 4), aes.read(TEXT, 4)]).toEqual([0, 0]);
      scheduler.runUntil(cycles * 6);
      expect(aes.read(IDLE, 4)).toBe(1);
      expect(aes.read(TEXT, 4)).not.toBe(0);
    }
  });
});
