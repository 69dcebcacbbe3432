import { beforeEach, describe, expect, it } from 'vitest';
import { EXCCAUSE } from '../cpu/isa/exccause.ts';
import { REGIONS } from '../memory/map.ts';
import { Memory } from '../memory/memory.ts';
import { Bus } from './bus.ts';
import type { Device, Unmodelled } from './device.ts';
import { DmaPort } from './dma-port.ts';
import { FAULT } from './fault.ts';
import type { Port } from './port.ts';

const PRO = 0;
const APP = 1;

let memory: Memory;
let bus: Bus;
let pro: Port;
let app: Port;
let reports: Unmodelled[];

/** The cause of the access just made, cleared as the core does. */
function takeFault(port: Port): number {
  const cause = port.fault;
  port.fault = -1;
  return cause;
}

function takeWait(port: Port): number {
  const cycles = port.waitCycles;
  port.waitCycles = 0;
  return cycles;
}

class Probe implements Device {
  readonly name: string;
  readonly calls: string[] = [];
  constructor(name: string) {
    this.name = name;
  }
  read(offset: number, size: 1 | 2 | 4): number {
    this.calls.push(`r${size}@${offset.toString(16)}`);
    return -2;
  }
  write(offset: number, value: number, size: 1 | 2 | 4): void {
    this.calls.push(`w${size}@${offset.toString(16)}=${(value >>> 0).toString(16)}`);
  }
  reset(): void {}
  save(): Record<string, never> {
    return {};
  }
  restore(): void {}
}

beforeEach(() => {
  memory = new Memory({ flashSize: 0x10000, psramSize: 0x10000 });
  reports = [];
  bus = new Bus(memory, { unmodelled: (entry) => reports.push(entry), warn: () => {} });
  bus.setClocks(240_000_000, 80_000_000);
  [pro, app] = bus.ports;
});

it('has causes that are the ISA manual values', () => {
  for (const [name, cause] of Object.entries(FAULT))
    if (name !== 'NONE') expect(EXCCAUSE).toHaveProperty(name, cause);
});

describe('map', () => {
  it('has no overlapping regions', () => {
    const sorted = [...REGIONS].sort((a, b) => a.base - b.base);
    for (let i = 1; i < sorted.length; i++)
      expect(sorted[i - 1]!.base + sorted[i - 1]!.size).toBeLessThanOrEqual(sorted[i]!.base);
  });

  it('has 520 KiB of SRAM and 16 KiB of RTC memory', () => {
    const total = (...names: ('SRAM0' | 'SRAM1' | 'SRAM2' | 'RTC_FAST' | 'RTC_SLOW')[]): number =>
      names.reduce((sum, name) => sum + memory.blockSize(name), 0);
    expect(total('SRAM0', 'SRAM1', 'SRAM2')).toBe(520 * 1024);
    expect(total('RTC_FAST', 'RTC_SLOW')).toBe(16 * 1024);
  });
});

describe('RAM', () => {
  // First and last word of every plainly mapped RAM; written by one core, read by the other.
  it.each([
    ['SRAM0 cache part', 0x40070000, 0x4007fffc],
    ['SRAM0', 0x40080000, 0x4009fffc],
    ['SRAM1 data bus', 0x3ffe0000, 0x3ffffffc],
    ['SRAM1 instruction bus', 0x400a0000, 0x400bfffc],
    ['SRAM2', 0x3ffae000, 0x3ffdfffc],
    ['RTC slow', 0x50000000, 0x50001ffc],
  ])('%s is shared by both cores', (_name, first, last) => {
    pro.write32(first, 0x12345678);
    app.write32(last, -5);
    expect(app.read32(first)).toBe(0x12345678);
    expect(pro.read32(last)).toBe(-5);
    expect(pro.fault).toBe(-1);
    expect(app.fault).toBe(-1);
  });

  it.each([
    [0x3ffe0000, 0x400bfffc],
    [0x3ffe0004, 0x400bfff8],
    [0x3ffefffc, 0x400b0000],
    [0x3ffffffc, 0x400a0000],
  ])(
    'SRAM1: the word at %i on the data bus is at %i on the instruction bus',
    (data, instruction) => {
      pro.write32(data, 0x0badcafe);
      expect(pro.read32(instruction)).toBe(0x0badcafe);
      app.write32(instruction, 0x11223344);
      expect(app.read32(data)).toBe(0x11223344);
      // Bytes keep their order in the word.
      expect(pro.read8(data)).toBe(0x44);
      expect(pro.read8(data + 3)).toBe(0x11);
    },
  );

  it('code in the reversed alias has its place in the backing store', () => {
    for (const [code, data] of [
      [0x400a0000, 0x3ffffffc],
      [0x400a0003, 0x3fffffff],
      [0x400a0004, 0x3ffffff8],
      [0x400bffff, 0x3ffe0003],
    ] as const)
      expect(pro.codeOffset(code)).toBe(pro.plainOffset(data));
    expect(pro.codeOffset(0x3ff40000)).toBe(-1);
  });

  it('fetches through the reversed alias in word order', () => {
    pro.write32(0x3ffffffc, 0x44332211);
    pro.write32(0x3ffffff8, 0x88776655 | 0);
    expect(pro.fetch(0x400a0000)).toBe(0x332211);
    expect(pro.fetch(0x400a0002)).toBe(0x554433);
    expect(pro.fetch(0x400a0003)).toBe(0x665544);
    expect(pro.fetchPage[0x400a0]).toBe(0);
  });

  it('RTC fast memory has two addresses and belongs to PRO_CPU', () => {
    pro.write32(0x3ff80010, 77);
    expect(pro.read32(0x400c0010)).toBe(77);
    pro.write32(0x400c1ffc, 78);
    expect(pro.read32(0x3ff81ffc)).toBe(78);
    expect(app.read32(0x3ff80010)).not.toBe(77);
    expect(app.read32(0x400c0010)).not.toBe(77);
  });

  it('sub-word accesses are little-endian', () => {
    pro.write32(0x3ffb0000, 0x80c04020 | 0);
    expect([0, 1, 2, 3].map((i) => pro.read8(0x3ffb0000 + i))).toEqual([0x20, 0x40, 0xc0, 0x80]);
    expect(pro.read16(0x3ffb0002)).toBe(0x80c0);
    pro.write8(0x3ffb0001, 0x1ff);
    pro.write16(0x3ffb0002, 0x12345);
    expect(pro.read32(0x3ffb0000)).toBe(0x2345ff20);
  });
});

describe('ROM', () => {
  it('shows its last 64 KiB at 0x3FF90000, per core, and ignores stores', () => {
    const image = new Uint8Array(0x70000).map((_, i) => i * 7);
    const other = image.slice();
    other[0x60001] = 0xee;
    bus.memory.loadRom(image, other);
    expect(pro.read32(0x40060000)).toBe(pro.read32(0x3ff90000));
    expect(pro.read8(0x3ff90001)).toBe((0x60001 * 7) & 0xff);
    expect(app.read8(0x3ff90001)).toBe(0xee);
    const before = pro.read32(0x40000400);
    pro.write32(0x40000400, ~before);
    expect(pro.read32(0x40000400)).toBe(before);
    expect(pro.fetch(0x4006fffd) & 0xff).toBe(image[0x6fffd]);
  });

  it('boot remap shows SRAM1 at address 0x40000000 of one core', () => {
    pro.write32(0x400b0000, 0x1234);
    pro.write32(0x400b7ffc, 0x5678);
    bus.setBootRemap(APP, true);
    expect(app.read32(0x40000000)).toBe(0x1234);
    expect(app.read32(0x40007ffc)).toBe(0x5678);
    expect(app.read32(0x40008000)).toBe(0);
    expect(pro.read32(0x40000000)).toBe(0);
    expect(app.fetch(0x40000000)).toBe(0x1234);
    bus.setBootRemap(APP, false);
    expect(app.read32(0x40000000)).toBe(0);
  });
});

describe('instruction bus takes aligned words only', () => {
  it.each([0x40000000, 0x40070000, 0x40080100, 0x400a0100, 0x400c0000, 0x400d0000])(
    'at %i',
    (base) => {
      pro.read8(base);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreError);
      expect(pro.faultAddr >>> 0).toBe(base);
      pro.read16(base + 2);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreError);
      pro.write8(base + 1, 1);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreError);
      pro.write16(base, 1);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreError);
      pro.read32(base + 1);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreAlignment);
      pro.write32(base + 2, 1);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreAlignment);
    },
  );

  it('a store to flash raises LoadStoreError', () => {
    for (const addr of [0x3f400000, 0x400d0000, 0x40400000]) {
      pro.write32(addr, 1);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreError);
    }
  });
});

describe('unaligned accesses in hardware', () => {
  it('reads and writes across words and across SRAM2 and SRAM1', () => {
    // In a page, across pages, across SRAM2 and SRAM1, with wait states, on a watched page.
    bus.watchCode(~pro.writePage[0x3ffc0]! + 0x800, 4);
    for (const base of [0x3ffb0000, 0x3ffb0ffc, 0x3ffdfffc, 0x50000000, 0x3ffc0000]) {
      for (let i = 0; i < 8; i++) pro.write8(base + i, 0x10 + i);
      expect(pro.read32(base + 1)).toBe(0x14131211);
      expect(pro.read32(base + 3)).toBe(0x16151413);
      expect(pro.read16(base + 3)).toBe(0x1413);
      pro.write32(base + 2, 0xa1b2c3d4 | 0);
      expect(pro.read32(base)).toBe(0xc3d41110 | 0);
      expect(pro.read32(base + 4)).toBe(0x1716a1b2);
    }
  });

  it('costs one more cycle only when it crosses a word', () => {
    pro.read16(0x3ffb0001);
    expect(takeWait(pro)).toBe(0);
    pro.read32(0x3ffb0001);
    expect(takeWait(pro)).toBe(1);
    pro.write32(0x3ffb0002, 0);
    expect(takeWait(pro)).toBe(1);
  });

  it('writes nothing when the second word refuses', () => {
    bus.applyRegionProtection(PRO, new Uint8Array(8).fill(2), [2, 2, 2, 15, 15, 15, 15, 15]);
    pro.write32(0x5ffffffe, -1);
    expect(takeFault(pro)).toBeGreaterThanOrEqual(0);
    pro.write32(0x3fffffff, -1);
    expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreAlignment);
    expect(pro.read8(0x3fffffff)).toBe(0);
  });
});

describe('where nothing answers', () => {
  it('a hole among the local memories reads 0, with a report', () => {
    expect(pro.read32(0x3ffa0000)).toBe(0);
    expect(takeFault(pro)).toBe(-1);
    expect(reports).toEqual([{ device: 'bus', register: '0x3ffa0000', access: 'read', value: 0 }]);
  });

  it('a reserved PIF address faults on reads and fetches; a store there is lost', () => {
    for (const addr of [0x00000000, 0x3f3ffffc, 0x40c00000, 0x50002000, 0x60040000, 0xfffffffc]) {
      pro.read32(addr);
      expect(takeFault(pro)).toBe(EXCCAUSE.LoadStorePIFAddrError);
      expect(pro.faultAddr >>> 0).toBe(addr);
      pro.write8(addr, 1);
      expect(takeFault(pro)).toBe(-1);
      pro.fetch(addr);
      expect(takeFault(pro)).toBe(EXCCAUSE.InstrPIFAddrError);
    }
  });

  it('fetching from data memory is an InstructionFetchError', () => {
    for (const addr of [0x3ffb0000, 0x3f400000, 0x3ff40000]) {
      pro.fetch(addr);
      expect(takeFault(pro)).toBe(EXCCAUSE.InstructionFetchError);
    }
  });
});

describe('region protection', () => {
  const attributes = (region: number, value: number): number[] =>
    Array.from({ length: 8 }, (_, i) => (i === region ? value : 2));

  it('attribute 15 prohibits loads, stores and fetches; 0 prohibits fetches', () => {
    bus.applyRegionProtection(PRO, attributes(2, 15), attributes(0, 15));
    pro.read32(0x10);
    expect(takeFault(pro)).toBe(EXCCAUSE.LoadProhibited);
    pro.write32(0x10, 1);
    expect(takeFault(pro)).toBe(EXCCAUSE.StoreProhibited);
    pro.fetch(0x40080000);
    expect(takeFault(pro)).toBe(EXCCAUSE.InstFetchProhibited);
    expect(pro.faultAddr).toBe(0x40080000);
    bus.applyRegionProtection(PRO, attributes(1, 0), attributes(1, 0));
    pro.fetch(0x3ffb0000);
    expect(takeFault(pro)).toBe(EXCCAUSE.InstFetchProhibited);
    pro.read32(0x3ffb0000);
    expect(takeFault(pro)).toBe(-1);
    pro.fetch(0x40080000);
    expect(takeFault(pro)).toBe(-1);
  });

  it('comes and goes for memory on the fast path, for one core', () => {
    pro.write32(0x3ffb0000, 5);
    bus.applyRegionProtection(PRO, attributes(1, 2), attributes(1, 3));
    pro.read8(0x3ffb0000);
    expect(takeFault(pro)).toBe(EXCCAUSE.LoadProhibited);
    pro.write32(0x3ffb0000, 6);
    expect(takeFault(pro)).toBe(EXCCAUSE.StoreProhibited);
    expect(app.read32(0x3ffb0000)).toBe(5);
    bus.applyRegionProtection(PRO, attributes(1, 2), attributes(1, 2));
    expect(pro.read32(0x3ffb0000)).toBe(5);
    expect(pro.readPage[0x3ffb0]).toBeLessThan(0);
  });
});

describe('devices', () => {
  it('answer at the DPORT-side and the 0x6000_0000 address, in windows smaller than a page', () => {
    const a = new Probe('A');
    const b = new Probe('B');
    bus.attach(a, 0x3ff48000, 0x400);
    bus.attach(b, 0x3ff48400, 0x400);
    const order: number[] = [];
    bus.attachTime({ sync: (core) => order.push(core), cycleOf: () => 0 });
    expect(pro.read32(0x3ff48010)).toBe(-2);
    expect(app.read8(0x60008011)).toBe(0xfe);
    pro.write16(0x60008402, 0x1ffff);
    pro.write32(0x3ff487fc, -1);
    expect(a.calls).toEqual(['r4@10', 'r1@11']);
    expect(b.calls).toEqual(['w2@2=ffff', 'w4@3fc=ffffffff']);
    expect(order).toEqual([PRO, APP, PRO, PRO]);
    expect(() => bus.attach(new Probe('C'), 0x3ff487ff, 4)).toThrow(/overlaps B/);
  });

  it('a block of the DPORT bus has one address', () => {
    const dport = new Probe('DPORT');
    bus.attach(dport, 0x3ff00000, 0x1000);
    pro.read32(0x3ff0003c);
    expect(dport.calls).toEqual(['r4@3c']);
  });

  it('with MEMW before it, a read costs 12 CPU cycles at 240 MHz, 4 at 80 MHz', () => {
    bus.attach(new Probe('A'), 0x3ff44000, 0x1000);
    pro.read32(0x3ff44000);
    expect(takeWait(pro)).toBe(10);
    pro.write32(0x3ff44000, 0);
    expect(takeWait(pro)).toBe(0);
    expect(pro.drainCycles).toBe(12);
    bus.setClocks(80_000_000, 80_000_000);
    pro.read32(0x60004000);
    expect(takeWait(pro)).toBe(2);
  });

  it('a peripheral address without a device is reported', () => {
    expect(pro.read32(0x3ff7e000)).toBe(0);
    pro.write32(0x6003e004, 9);
    expect(reports.map((entry) => `${entry.access} ${entry.register}`)).toEqual([
      'read 0x3ff7e000',
      'write 0x6003e004',
    ]);
    pro.read32(0x3ff7e001);
    expect(takeFault(pro)).toBe(EXCCAUSE.LoadStoreAlignment);
  });
});

describe('code watch', () => {
  let seen: [number, number][];
  let base: number;

  beforeEach(() => {
    seen = [];
    bus.onCodeWrite((offset, size) => seen.push([offset, size]));
    base = ~pro.fetchPage[0x40080]!;
  });

  it('tells writes that overlap watched bytes, by either core, after the write', () => {
    const values: number[] = [];
    bus.onCodeWrite((offset) => values.push(pro.words[offset >> 2]!));
    bus.watchCode(base + 0x11, 3);
    pro.write32(0x4008000c, 1);
    pro.write32(0x40080014, 2);
    expect(seen).toEqual([]);
    app.write32(0x40080010, 3);
    expect(seen).toEqual([[base + 0x10, 4]]);
    expect(values).toEqual([3]);
    expect(pro.read32(0x4008000c)).toBe(1);
    expect(pro.read32(0x40080014)).toBe(2);
  });

  it('sees SRAM1 written through the data bus, the reversed alias, unaligned and by DMA', () => {
    const sram1 = ~pro.readPage[0x3ffe0]! & ~0xfff;
    bus.watchCode(sram1 + 0x1004, 4);
    pro.write8(0x3ffe1003, 1);
    expect(seen.length).toBe(0);
    pro.write8(0x3ffe1004, 1);
    pro.write32(0x400bfffc - 0x1004, 1);
    pro.write32(0x3ffe1001, -1);
    const dma = new DmaPort(bus);
    dma.write(0x3ffe1000, new Uint8Array(4));
    dma.write(0x3ffe0f00, new Uint8Array(0x105));
    expect(seen.map(([offset]) => offset - sram1)).toEqual([0x1004, 0x1004, 0x1004, 0xf00]);
  });

  it('finds a watched range that spans two pages, and forgets', () => {
    bus.watchCode(base + 0xffe, 4);
    pro.write32(0x40080ffc, 1);
    pro.write32(0x40081000, 1);
    expect(seen.length).toBe(2);
    bus.forgetCode((base + 0x1000) >>> 12);
    pro.write32(0x40081000, 2);
    expect(seen.length).toBe(2);
    expect(pro.writePage[0x40081]).toBeLessThan(0);
    pro.write32(0x40080ffc, 2);
    expect(seen.length).toBe(3);
  });

  it('a restored memory invalidates all decoded code', () => {
    bus.watchCode(base + 8, 3);
    pro.write32(0x40090000, 99);
    const state = bus.save();
    pro.write32(0x40090000, 100);
    bus.restore(state);
    expect(seen).toEqual([[base, 4096]]);
    expect(app.read32(0x40090000)).toBe(99);
  });
});

describe('DMA', () => {
  it('reaches SRAM1 and SRAM2 at their data addresses as one range', () => {
    const dma = new DmaPort(bus);
    expect(dma.write(0x3ffdfffe, Uint8Array.of(1, 2, 3, 4))).toBe(true);
    expect(pro.read16(0x3ffdfffe)).toBe(0x0201);
    expect(pro.read16(0x3ffe0000)).toBe(0x0403);
    dma.write32(0x3ffffffc, -7);
    expect(dma.read32(0x3ffffffc)).toBe(-7);
  });

  it('does not reach anything else', () => {
    const dma = new DmaPort(bus);
    for (const addr of [0x3ffadffc, 0x40080000, 0x50000000, 0x3f800000, 0x3ffffffd]) {
      expect(dma.reaches(addr, 4)).toBe(false);
      expect(dma.write(addr, new Uint8Array(4))).toBe(false);
      expect(dma.read32(addr)).toBe(0);
    }
    expect(reports.length).toBe(10);
  });
});
