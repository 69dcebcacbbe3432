/** The arbiter alone; two whole cores are in test-roms/timing. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Memory } from './memory.ts';
import { SRAM_BANKS, SramArbiter } from './sram-arbiter.ts';

const [PRO, APP] = [0, 1] as const;
const memory = new Memory();
const start = (name: 'SRAM0' | 'SRAM1' | 'SRAM2'): number => memory.blockStart(name);
let arbiter: SramArbiter;

beforeEach(() => {
  arbiter = new SramArbiter(start('SRAM0'), start('SRAM2'));
});

describe('banks', () => {
  // Data or instruction address of a pool, its offset in the block, its number: ESP-IDF's heap tables.
  it.each([
    ['0x40070000', start('SRAM0'), 0],
    ['0x40078000', start('SRAM0') + 0x8000, 1],
    ['0x40080000', start('SRAM0') + 0x10000, 2],
    ['0x4009fffc', start('SRAM0') + 0x2fffc, 5],
    ['0x3ffae000', start('SRAM2'), 16],
    ['0x3ffb0000', start('SRAM2') + 0x2000, 15],
    ['0x3ffb8000', start('SRAM2') + 0xa000, 14],
    ['0x3ffc0000', start('SRAM2') + 0x12000, 10],
    ['0x3ffdfffc', start('SRAM2') + 0x31ffc, 13],
    ['0x3ffe0000', start('SRAM1'), 9],
    ['0x3ffe8000', start('SRAM1') + 0x8000, 8],
    ['0x3fff0000', start('SRAM1') + 0x10000, 7],
    ['0x3ffffffc', start('SRAM1') + 0x1fffc, 6],
  ])('%s', (_, offset, bank) => {
    expect(arbiter.bankOf(offset)).toBe(bank);
  });

  it('are 16 of 32 KiB and one of 8 KiB', () => {
    const words = new Array<number>(SRAM_BANKS).fill(0);
    for (const [from, bytes] of [
      [start('SRAM0'), 0x30000],
      [start('SRAM2'), 0x52000],
    ] as const)
      for (let i = 0; i < bytes; i += 4) words[arbiter.bankOf(from + i)]!++;
    expect(words).toEqual([...new Array<number>(16).fill(0x2000), 0x800]);
  });
});

describe('two cores', () => {
  const at = start('SRAM1');

  it('wait only for the same bank in the same cycle, the second one asked', () => {
    expect(arbiter.access(PRO, at, 10)).toBe(0);
    expect(arbiter.access(APP, at + 0x8000, 10)).toBe(0);
    expect(arbiter.access(APP, at + 4, 10)).toBe(1);
    expect(arbiter.access(PRO, at, 11)).toBe(1);
    expect(arbiter.access(PRO, at, 13)).toBe(0);
    expect(arbiter.access(APP, at, 14)).toBe(0);
  });

  it('never wait for themselves', () => {
    expect(arbiter.access(PRO, at, 10)).toBe(0);
    expect(arbiter.access(PRO, at + 4, 10)).toBe(0);
  });
});

describe('DMA', () => {
  const at = start('SRAM1') + 0x7ff8;

  it('takes a bank for one cycle of each AHB cycle while its words last, then the next bank', () => {
    arbiter.dma(at, 16, 100, 3);
    const waits = (offset: number): number[] =>
      Array.from({ length: 14 }, (_, i) => waitOf(offset, 99 + i));
    expect(waits(at)).toEqual([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(waits(at + 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
  });

  it('makes an access wait one cycle at most, at equal clocks too', () => {
    arbiter.dma(at, 8, 100, 1);
    expect(arbiter.access(PRO, at, 100)).toBe(1);
  });

  it('goes on after save and restore', () => {
    arbiter.dma(at, 8, 100, 3);
    arbiter.access(APP, at, 103);
    const copy = new SramArbiter(start('SRAM0'), start('SRAM2'));
    copy.restore(arbiter.save());
    expect(copy.save()).toEqual(arbiter.save());
    expect(copy.access(PRO, at, 104)).toBe(1);
  });
});

/** What an access waits that nobody else sees. */
function waitOf(offset: number, cycle: number): number {
  const copy = new SramArbiter(start('SRAM0'), start('SRAM2'));
  copy.restore(arbiter.save());
  return copy.access(PRO, offset, cycle);
}
