import { beforeEach, describe, expect, it } from 'vitest';
import { Bus } from '../bus/bus.ts';
import { hashState } from '../bus/hash.ts';
import type { Port } from '../bus/port.ts';
import { CacheTags } from './cache.ts';
import { ExternalMemory } from './external.ts';
import type { LineTransfer } from './external.ts';
import { Memory } from './memory.ts';
import { Mmu, WINDOW } from './mmu.ts';

const PRO = 0;
const APP = 1;
const INVALID = 0x100;
/** Fill times that tell the kinds apart, in ticks; a CPU cycle is 2 ticks. */
const TICKS: Record<LineTransfer, number> = { flash: 200, psram: 300, psramWriteBack: 1000 };

let memory: Memory;
let bus: Bus;
let external: ExternalMemory;
let pro: Port;
let app: Port;
let tick: number;
let illegal: string[];

function takeWait(port: Port): number {
  const cycles = port.waitCycles;
  port.waitCycles = 0;
  return cycles;
}

beforeEach(() => {
  memory = new Memory({ flashSize: 0x40000, psramSize: 0x400000 });
  const image = new Uint8Array(0x40000);
  const words = new Uint32Array(image.buffer);
  words.forEach((_, i) => (words[i] = i * 4));
  memory.loadFlash(image);
  bus = new Bus(memory, { unmodelled: () => {}, warn: () => {} });
  tick = 0;
  external = new ExternalMemory({
    memory,
    now: () => tick,
    showCode: (core, base, pages) => bus.showCode(core, base, pages),
  });
  external.lineTicks = (transfer) => TICKS[transfer];
  illegal = [];
  external.onIllegal = (core, window, why) => illegal.push(`${core} ${window} ${why}`);
  bus.attachExternal(external);
  [pro, app] = bus.ports;
  for (const core of [PRO, APP]) {
    for (let i = 0; i < 256; i++) external.writeMmu(core, i, INVALID);
    external.setPageModes(core, 0, 0);
    external.setBusMask(core, 0);
    external.setEnabled(core, true);
  }
});

describe('MMU', () => {
  // Entry indexes as the mask ROM's cache_flash_mmu_set and cache_sram_mmu_set compute them.
  it.each([
    [WINDOW.DROM0, 0x3f400000, 0, 16],
    [WINDOW.DROM0, 0x3f7f0000, 63, 16],
    [WINDOW.IRAM0, 0x400d0000, 77, 16],
    [WINDOW.IRAM1, 0x40410000, 129, 16],
    [WINDOW.IROM0, 0x40bf0000, 255, 16],
    [WINDOW.DRAM1, 0x3f800000, 1152, 15],
    [WINDOW.DRAM1, 0x3fbf8000, 1279, 15],
  ] as const)('window %i: address %i is entry %i', (window, addr, index, shift) => {
    const mmu = new Mmu();
    for (let i = 0; i < 2048; i++) mmu.write(i, INVALID);
    expect(mmu.translate(window, addr)).toBe(-1);
    mmu.write(index, 3);
    expect(mmu.translate(window, addr + 0x1234)).toBe(3 * 2 ** shift + 0x1234);
    expect(mmu.rangeOf(index)).toEqual([addr, 1 << shift]);
  });

  it('smaller pages shrink the window', () => {
    const mmu = new Mmu();
    mmu.setPageModes(1, 3);
    mmu.write(2, 5);
    expect(mmu.translate(WINDOW.DROM0, 0x3f410010)).toBe(5 * 0x8000 + 0x10);
    expect(mmu.translate(WINDOW.DROM0, 0x3f610010)).toBe(5 * 0x8000 + 0x10);
    mmu.write(1153, 7);
    expect(mmu.translate(WINDOW.DRAM1, 0x3f801004)).toBe(7 * 0x1000 + 4);
  });

  it('entries have nine bits', () => {
    external.writeMmu(PRO, 5, 0xffff);
    expect(external.readMmu(PRO, 5)).toBe(0x1ff);
  });
});

describe('flash', () => {
  it('is read through each window at the mapped page, per core', () => {
    external.writeMmu(PRO, 0, 2);
    external.writeMmu(PRO, 77, 1);
    external.writeMmu(APP, 0, 3);
    expect(pro.read32(0x3f400010)).toBe(0x20010);
    expect(app.read32(0x3f400010)).toBe(0x30010);
    expect(pro.read32(0x400d0010)).toBe(0x10010);
    expect(pro.read16(0x3f400012)).toBe(0x2);
    expect(pro.read32(0x3f400012)).toBe(0x140002 | 0);
    expect(pro.fetch(0x400d0010)).toBe(0x010010);
    expect(pro.fetchPage[0x400d0]).toBeLessThan(0);
    expect(app.fetchPage[0x400d0]).toBe(0);
    expect(illegal).toEqual([]);
  });

  it('addresses beyond the chip wrap', () => {
    external.writeMmu(PRO, 0, 6);
    expect(pro.read32(0x3f400000)).toBe(0x20000);
  });

  it('a changed entry moves fetches at once, one that becomes invalid removes them', () => {
    external.writeMmu(PRO, 77, 1);
    external.writeMmu(PRO, 77, 2);
    expect(pro.fetch(0x400d0000)).toBe(0x020000);
    external.writeMmu(PRO, 77, INVALID);
    expect(pro.fetchPage[0x400d0]).toBe(0);
    // 0xBAD00BAD: op0 is 13, a two-byte instruction.
    expect(pro.fetch(0x400d0000)).toBe(0x0bad);
    expect(illegal).toEqual(['0 1 invalid']);
  });

  it('RTC fast memory keeps the page below the cached addresses', () => {
    external.writeMmu(PRO, 76, 1);
    pro.write32(0x400c0000, 42);
    expect(pro.read32(0x400c0000)).toBe(42);
    expect(pro.read32(0x400c2000)).toBe(0x12000);
  });
});

describe('refused accesses read 0xBAD00BAD and are told', () => {
  it('disabled cache', () => {
    external.writeMmu(PRO, 0, 1);
    external.writeMmu(PRO, 77, 1);
    external.setEnabled(PRO, false);
    expect(pro.read32(0x3f400000) >>> 0).toBe(0xbad00bad);
    expect(pro.read8(0x3f400003)).toBe(0xba);
    expect(pro.read16(0x3f400000)).toBe(0x0bad);
    expect(pro.fetchPage[0x400d0]).toBe(0);
    pro.fetch(0x400d0000);
    pro.write32(0x3f800000, 1);
    expect(illegal).toEqual([
      '0 0 disabled',
      '0 0 disabled',
      '0 0 disabled',
      '0 1 disabled',
      '0 4 disabled',
    ]);
    external.setEnabled(PRO, true);
    expect(pro.read32(0x3f400000)).toBe(0x10000);
    expect(pro.fetchPage[0x400d0]).toBeLessThan(0);
  });

  it('masked bus', () => {
    external.writeMmu(PRO, 0, 1);
    external.writeMmu(PRO, 77, 1);
    external.setBusMask(PRO, 1 << 4);
    pro.read32(0x3f400000);
    expect(pro.read32(0x400d0000)).toBe(0x10000);
    external.setBusMask(PRO, 1 << 0);
    expect(pro.read32(0x3f400000)).toBe(0x10000);
    expect(pro.fetchPage[0x400d0]).toBe(0);
    expect(illegal).toEqual(['0 0 masked']);
  });
});

describe('cache time', () => {
  it('a miss costs a line fill, a hit nothing', () => {
    external.writeMmu(PRO, 0, 0);
    pro.read32(0x3f400020);
    expect(takeWait(pro)).toBe(100);
    pro.read8(0x3f40003f);
    expect(takeWait(pro)).toBe(0);
    tick = 1000;
    pro.read32(0x3f400040);
    expect(takeWait(pro)).toBe(100);
    pro.read32(0x3f400020);
    expect(takeWait(pro)).toBe(0);
    expect(external.counters(PRO)).toEqual({ hits: 2, misses: 2, writeBacks: 0 });
  });

  it('an unaligned access across two lines fills one after the other', () => {
    external.writeMmu(PRO, 0, 0);
    pro.read32(0x3f40001e);
    expect(takeWait(pro)).toBe(2 * 100 + 1);
  });

  it('waits are rounded up to CPU cycles', () => {
    external.setCycleTicks(3);
    external.writeMmu(PRO, 0, 0);
    pro.read32(0x3f400000);
    expect(takeWait(pro)).toBe(67);
  });

  it('instructions and data share the lines; the same line fetched again is free', () => {
    external.writeMmu(PRO, 77, 0);
    expect(pro.fetchLine(0x400d0000)).toBe(100);
    expect(pro.fetchLine(0x400d001f)).toBe(0);
    pro.read32(0x400d0008);
    expect(takeWait(pro)).toBe(0);
    tick = 1000;
    expect(pro.fetchLine(0x400d0020)).toBe(100);
    expect(pro.fetchLine(0x400d0000)).toBe(0);
  });

  it('two ways: the third line of a set evicts the least recently used', () => {
    external.writeMmu(PRO, 0, 0);
    const read = (addr: number): number => {
      tick += 10_000;
      pro.read32(addr);
      return takeWait(pro);
    };
    const way = 0x4000;
    expect(read(0x3f400000)).toBe(100);
    expect(read(0x3f400000 + way)).toBe(100);
    expect(read(0x3f400000)).toBe(0);
    expect(read(0x3f400000 + 2 * way)).toBe(100);
    expect(read(0x3f400000)).toBe(0);
    expect(read(0x3f400000 + way)).toBe(100);
  });

  it('a repeated hit counts as a use although a fetch came between', () => {
    external.writeMmu(PRO, 0, 0);
    external.writeMmu(PRO, 64 + 13, 0);
    pro.read32(0x3f400000);
    pro.fetchLine(0x400d0000);
    pro.read32(0x3f400000);
    tick = 1e6;
    takeWait(pro);
    pro.read32(0x3f404000);
    tick = 2e6;
    takeWait(pro);
    pro.read32(0x3f400000);
    expect(takeWait(pro)).toBe(0);
    expect(pro.fetchLine(0x400d0020)).toBe(100);
    tick = 3e6;
    expect(pro.fetchLine(0x400d0000)).toBe(100);
  });

  it('a 32 KiB loop fits, one line more does not', () => {
    external.writeMmu(PRO, 0, 0);
    const sweep = (bytes: number): number => {
      const before = external.counters(PRO).misses;
      for (let a = 0; a < bytes; a += 32) pro.read32(0x3f400000 + a);
      return external.counters(PRO).misses - before;
    };
    sweep(0x8000);
    expect(sweep(0x8000)).toBe(0);
    sweep(0x8020);
    expect(sweep(0x8020)).toBe(3);
  });

  it('SPI0 serves one line at a time', () => {
    external.writeMmu(PRO, 0, 0);
    external.writeMmu(APP, 0, 0);
    pro.read32(0x3f400000);
    expect(takeWait(pro)).toBe(100);
    tick = 50;
    app.read32(0x3f400000);
    expect(takeWait(app)).toBe(175);
  });

  it('flush empties the core it is for', () => {
    external.writeMmu(PRO, 0, 0);
    external.writeMmu(APP, 0, 0);
    pro.read32(0x3f400000);
    app.read32(0x3f400000);
    external.flush(PRO);
    tick = 10_000;
    takeWait(pro);
    takeWait(app);
    pro.read32(0x3f400000);
    expect(takeWait(pro)).toBe(100);
    app.read32(0x3f400000);
    expect(takeWait(app)).toBe(0);
  });
});

describe('PSRAM', () => {
  beforeEach(() => {
    for (const core of [PRO, APP])
      for (let page = 0; page < 128; page++) external.writeMmu(core, 1152 + page, page);
  });

  it('is read and written in all sizes', () => {
    pro.write32(0x3f800000, 0x11223344);
    pro.write8(0x3f800001, 0xaa);
    pro.write16(0x3f808002, 0xbeef);
    expect(pro.read32(0x3f800000)).toBe(0x1122aa44);
    expect(pro.read32(0x3f800001)).toBe(0x1122aa);
    expect(pro.read16(0x3f808002)).toBe(0xbeef);
    expect(memory.block('PSRAM')[0x8003]).toBe(0xbe);
  });

  it('a dirty line is written back when it leaves', () => {
    pro.write32(0x3f800000, 1);
    expect(takeWait(pro)).toBe(150);
    tick = 10_000;
    pro.read32(0x3f804000);
    expect(takeWait(pro)).toBe(150);
    tick = 20_000;
    pro.read32(0x3f808000);
    expect(takeWait(pro)).toBe(650);
    expect(external.counters(PRO).writeBacks).toBe(1);
  });

  it('a store after a load of the line makes it dirty', () => {
    pro.read32(0x3f800000);
    pro.write32(0x3f800004, 1);
    expect(external.flush(PRO)).toBe(1);
    expect(external.flush(PRO)).toBe(0);
  });

  it('low/high: APP_CPU owns the upper 2 MiB for both cores', () => {
    external.setPsramMode('lowHigh');
    pro.read32(0x3fa00000);
    expect(external.counters(APP).misses).toBe(1);
    expect(external.counters(PRO).misses).toBe(0);
    app.read32(0x3fa00004);
    expect(external.counters(APP).hits).toBe(1);
    external.setEnabled(APP, false);
    pro.read32(0x3fa00000);
    expect(illegal).toEqual(['0 4 opposite']);
  });

  it('even/odd: lines alternate', () => {
    external.setPsramMode('evenOdd');
    pro.read32(0x3f800000);
    pro.read32(0x3f800020);
    expect(external.counters(PRO).misses).toBe(1);
    expect(external.counters(APP).misses).toBe(1);
  });

  it('a module without PSRAM reads 0xBAD00BAD', () => {
    const none = new Memory({ flashSize: 0x10000 });
    const lonely = new Bus(none, { unmodelled: () => {}, warn: () => {} });
    expect(lonely.ports[0].read32(0x3f800000) >>> 0).toBe(0xbad00bad);
  });
});

describe('what a decoder must know', () => {
  it('is told of other flash behind instructions, also while the cache is off', () => {
    const mapped: [number, number, number][] = [];
    external.onCodeMapped = (core, base, size) => mapped.push([core, base, size]);
    external.writeMmu(PRO, 77, 1);
    external.setEnabled(PRO, false);
    external.writeMmu(PRO, 77, 2);
    external.writeMmu(PRO, 77, 2);
    external.writeMmu(APP, 76, 2);
    external.writeMmu(PRO, 0, 2);
    expect(mapped).toEqual([
      [PRO, 0x400d0000, 0x10000],
      [PRO, 0x400d0000, 0x10000],
      [APP, 0x400c2000, 0xe000],
    ]);
  });

  it('a fetch into a shut window is refused, and only there', () => {
    let switched = 0;
    external.onSwitched = () => switched++;
    external.writeMmu(PRO, 77, 1);
    external.writeMmu(APP, 77, 1);
    pro.fetchLine(0x400d0000);
    external.setEnabled(PRO, false);
    expect(switched).toBe(1);
    expect(pro.fetchLine(0x400d0000)).toBe(-1);
    expect(app.fetchLine(0x400d0000)).toBeGreaterThan(0);
    external.setEnabled(PRO, true);
    expect(pro.fetchLine(0x400d0000)).toBe(0);
  });
});

it('a code watch sees a flash program, through any window', () => {
  external.writeMmu(PRO, 77, 1);
  const seen: number[] = [];
  bus.onCodeWrite((offset) => seen.push(offset));
  const offset = ~pro.fetchPage[0x400d0]!;
  bus.watchCode(offset + 0x100, 3);
  bus.chipWritten('FLASH', 0x10000, 0x10100);
  expect(seen).toEqual([]);
  bus.chipWritten('FLASH', 0x10000, 0x10101);
  expect(seen).toEqual([offset]);
});

it('saves and restores tags, entries and enables', () => {
  external.writeMmu(PRO, 77, 1);
  external.writeMmu(PRO, 0, 1);
  pro.fetchLine(0x400d0000);
  pro.read32(0x3f400040);
  const state = external.save();
  const hash = hashState(state);
  external.setEnabled(PRO, false);
  external.writeMmu(PRO, 77, INVALID);
  external.flush(PRO);
  expect(hashState(external.save())).not.toBe(hash);
  external.restore(state);
  expect(hashState(external.save())).toBe(hash);
  expect(pro.fetch(0x400d0010)).toBe(0x010010);
  tick = 1e6;
  expect(pro.fetchLine(0x400d0000)).toBe(0);
});

it('cache tags fill an empty way before they replace', () => {
  const cache = new CacheTags();
  expect(cache.lookup(5, false)).toBe(false);
  cache.fill(5, true);
  expect(cache.fill(5 + 512, false)).toBe(false);
  expect(cache.lookup(5, false)).toBe(true);
  expect(cache.fill(5 + 1024, false)).toBe(false);
  expect(cache.lookup(5 + 512, false)).toBe(false);
  expect(cache.fill(5 + 1536, false)).toBe(true);
});

describe('the pins shared by SPI0 and SPI1', () => {
  it('a line waits for the command of SPI1 that runs, and for the line of the other core', () => {
    external.writeMmu(PRO, 0, 0);
    external.writeMmu(APP, 0, 0);
    tick = 1000;
    external.busTakenUntil = () => 1300;
    pro.read32(0x3f400000);
    // 300 ticks of waiting and 200 of the line, at 2 ticks a cycle.
    expect(takeWait(pro)).toBe(250);
    expect(external.busFree).toBe(1500);
    app.read32(0x3f400040);
    expect(takeWait(app)).toBe(350);
    external.busTakenUntil = () => 0;
    tick = 2000;
    pro.read32(0x3f400080);
    expect(takeWait(pro)).toBe(100);
  });
});
