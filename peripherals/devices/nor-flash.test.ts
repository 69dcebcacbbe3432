/** Flash semantics, driven on the wires without a controller; expectations from the data sheets. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { SpiLines, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { FLASH_CHIPS, findFlashChip, flashSizeBytes, jedecText } from './nor-flash-chips.ts';
import { NorFlash } from './nor-flash.ts';

const TICKS_PER_US = MASTER_HZ / 1e6;
const CLOCK_TICKS = 24; // 20 MHz

/** A host at the wires: one-line output, then `want` bytes sampled on `lines`. */
class Host {
  now = 0;
  readonly flash: NorFlash;
  constructor(flash: NorFlash) {
    this.flash = flash;
  }

  command(bytes: number[], want = 0, lines: SpiLines = 1, dummyClocks = 0): number[] {
    const clocks: number[] = [];
    for (const byte of bytes)
      for (let bit = 7; bit >= 0; bit--) clocks.push(0xe | ((byte >> bit) & 1));
    return this.clocks(clocks, want, lines, dummyClocks);
  }

  clocks(head: number[], want: number, lines: SpiLines, dummyClocks: number): number[] {
    const firstSample = head.length + dummyClocks;
    const out = Uint8Array.from([
      ...head,
      ...new Array<number>(dummyClocks + (want * 8) / lines).fill(0xf),
    ]);
    const transfer: SpiTransfer = {
      start: this.now,
      clockTicks: CLOCK_TICKS,
      mode: 0,
      out,
      in: new Uint8Array(out.length).fill(0xf),
      firstSample,
    };
    this.now += out.length * CLOCK_TICKS;
    this.flash.transfer(transfer);
    const result: number[] = [];
    for (let i = 0; i < want; i++) {
      let value = 0;
      for (let bit = 0; bit < 8; bit += lines) {
        const wire = transfer.in[firstSample + (i * 8 + bit) / lines]!;
        value = (value << lines) | (lines === 1 ? (wire >> 1) & 1 : wire & ((1 << lines) - 1));
      }
      result.push(value);
    }
    return result;
  }

  status(): number {
    return this.command([0x05], 1)[0]!;
  }

  program(address: number, data: number[]): void {
    this.command([0x06]);
    this.command([0x02, address >> 16, (address >> 8) & 0xff, address & 0xff, ...data]);
  }

  waitUs(microseconds: number): void {
    this.now += microseconds * TICKS_PER_US;
  }
}

const chip = findFlashChip('W25Q32JV')!;
let content: Uint8Array;
let host: Host;

beforeEach(() => {
  content = new Uint8Array(flashSizeBytes(chip)).fill(0xff);
  host = new Host(new NorFlash({ chip, content }));
});

describe('identity', () => {
  it('answers JEDEC id, device id and unique id', () => {
    expect(host.command([0x9f], 3)).toEqual([0xef, 0x40, 0x16]);
    expect(host.command([0x90, 0, 0, 0], 2)).toEqual([0xef, 0x15]);
    expect(host.command([0xab, 0, 0, 0], 1)).toEqual([0x15]);
    const other = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const named = new Host(new NorFlash({ chip, content, uniqueId: other }));
    expect(named.command([0x4b, 0, 0, 0, 0], 8)).toEqual([...other]);
  });

  it('describes its density and erase opcodes by SFDP', () => {
    expect(host.command([0x5a, 0, 0, 0, 0], 4)).toEqual([0x53, 0x46, 0x44, 0x50]);
    const header = host.command([0x5a, 0, 0, 8, 0], 8);
    expect(header[3]).toBe(9);
    const table = host.command([0x5a, 0, 0, header[4]!, 0], 36);
    const word = (i: number): number =>
      (table[i * 4]! |
        (table[i * 4 + 1]! << 8) |
        (table[i * 4 + 2]! << 16) |
        (table[i * 4 + 3]! << 24)) >>>
      0;
    expect(word(1)).toBe(32 * 1024 * 1024 - 1);
    expect([table[28], table[29]]).toEqual([0x0c, 0x20]);
    expect([table[32], table[33]]).toEqual([0x10, 0xd8]);
  });

  it('names the maker in the second SFDP header', () => {
    expect(host.command([0x5a, 0, 0, 0x06, 0], 1)).toEqual([1]);
    expect(host.command([0x5a, 0, 0, 0x10, 0], 1)).toEqual([0xef]);
  });

  it('knows each chip by a JEDEC id whose last byte is its size', () => {
    expect(new Set(FLASH_CHIPS.map(jedecText)).size).toBe(FLASH_CHIPS.length);
    expect(flashSizeBytes(findFlashChip('c84016')!)).toBe(4 << 20);
    expect(() => new NorFlash({ chip, content: new Uint8Array(1) })).toThrow(
      'W25Q32JV: flash content has 1 bytes, the chip 4194304',
    );
  });
});

describe('program and erase', () => {
  it('programs only after write enable, and only clears bits', () => {
    host.command([0x02, 0, 0x10, 0, 0x55]);
    expect(content[0x1000]).toBe(0xff);
    host.program(0x1000, [0xf0]);
    host.waitUs(1000);
    host.program(0x1000, [0x3c]);
    expect(content[0x1000]).toBe(0x30);
  });

  it('wraps inside the page', () => {
    host.program(0x10fe, [1, 2, 3]);
    expect([content[0x10fe], content[0x10ff], content[0x1000]]).toEqual([1, 2, 3]);
    expect(content[0x1100]).toBe(0xff);
  });

  it('keeps WIP and WEL for the page time to the microsecond', () => {
    host.program(0, new Array<number>(256).fill(0));
    const end = host.now + chip.timesUs.page * TICKS_PER_US;
    const statusClock = 8 * CLOCK_TICKS;
    host.program(0x2000, [0]);
    host.now = end - statusClock - 1;
    expect(host.status()).toBe(3);
    host.now = end - statusClock;
    expect(host.status()).toBe(0);
    expect(content[0x2000]).toBe(0xff);
  });

  it('erases 4 K, 32 K, 64 K and the chip, aligned down', () => {
    content.fill(0);
    host.command([0x06]);
    host.command([0x20, 0x01, 0x12, 0x34]);
    expect(content.indexOf(0xff)).toBe(0x11000);
    expect(content.lastIndexOf(0xff)).toBe(0x11fff);
    host.waitUs(chip.timesUs.sector4K);
    host.command([0x06]);
    host.command([0x52, 0x00, 0x80, 0x00]);
    expect(content.indexOf(0xff)).toBe(0x8000);
    host.waitUs(chip.timesUs.block32K);
    host.command([0x06]);
    host.command([0xd8, 0x01, 0x80, 0x00]);
    expect(content.lastIndexOf(0xff)).toBe(0x1ffff);
    host.waitUs(chip.timesUs.block64K);
    host.command([0x06]);
    host.command([0xc7]);
    expect(content.every((byte) => byte === 0xff)).toBe(true);
  });

  it('reports changes of the array', () => {
    const changes: [number, number][] = [];
    const told = new Host(
      new NorFlash({ chip, content, onChange: (a, b) => changes.push([a, b]) }),
    );
    told.program(0x1234, [0]);
    expect(changes).toEqual([[0x1200, 0x1300]]);
  });

  it('suspends an erase and resumes it for the rest of its time', () => {
    host.command([0x06]);
    host.command([0x20, 0, 0, 0]);
    host.waitUs(10_000);
    host.command([0x75]);
    expect(host.status() & 1).toBe(1);
    host.waitUs(chip.timesUs.suspend);
    expect(host.status() & 1).toBe(0);
    expect(host.command([0x35], 1)[0]! & 0x80).toBe(0x80);
    expect(host.command([0x03, 0, 0x20, 0], 1)).toEqual([0xff]);
    host.waitUs(1_000_000);
    host.command([0x7a]);
    expect(host.command([0x35], 1)[0]! & 0x80).toBe(0);
    host.waitUs(chip.timesUs.sector4K - 10_000 - 100);
    expect(host.status() & 1).toBe(1);
    host.waitUs(100);
    expect(host.status()).toBe(0);
  });

  it('programs while an erase is suspended, and clears the latch for each', () => {
    content.fill(0);
    host.command([0x06]);
    host.command([0x20, 0, 0, 0]);
    host.command([0x75]);
    host.waitUs(chip.timesUs.suspend);
    host.command([0x20, 0, 0x10, 0]);
    expect(content[0x1000]).toBe(0);
    content[0x2000] = 0xff;
    host.program(0x2000, [0xa5]);
    host.waitUs(chip.timesUs.page);
    expect(content[0x2000]).toBe(0xa5);
    expect(host.status()).toBe(0);
    host.command([0x7a]);
    expect(host.status() & 1).toBe(1);
    host.waitUs(chip.timesUs.sector4K);
    expect(host.status()).toBe(0);
  });

  it('refuses a protected block and clears the latch', () => {
    host.command([0x06]);
    host.command([0x01, 0x1c, 0x00]);
    host.waitUs(chip.timesUs.statusWrite);
    host.program(0x1000, [0]);
    expect(content[0x1000]).toBe(0xff);
    expect(host.status()).toBe(0x1c);
  });
});

describe('reads', () => {
  beforeEach(() => content.set([0x12, 0x34, 0x56, 0x78], 0x345678 & 0x3ffffc));
  const address = [0x34, 0x56, 0x78];

  const enableQuad = (): void => {
    host.command([0x06]);
    host.command([0x31, 0x02]);
    host.waitUs(chip.timesUs.statusWrite);
  };

  it('in the one-line modes', () => {
    expect(host.command([0x03, ...address], 4)).toEqual([0x12, 0x34, 0x56, 0x78]);
    expect(host.command([0x0b, ...address], 2, 1, 8)).toEqual([0x12, 0x34]);
  });

  it('shifts the data when the master gives too few dummy clocks', () => {
    expect(host.command([0x0b, ...address], 2, 1, 0)).toEqual([0xff, 0x12]);
  });

  it('answers quad reads only with Quad Enable', () => {
    expect(host.command([0x6b, ...address], 2, 4, 8)).toEqual([0xff, 0xff]);
    enableQuad();
    expect(host.command([0x6b, ...address], 2, 4, 8)).toEqual([0x12, 0x34]);
    expect(host.command([0x3b, ...address], 2, 2, 8)).toEqual([0x12, 0x34]);
  });

  it('takes the address on four lines for EB and on two for BB', () => {
    enableQuad();
    const opcode = (value: number): number[] =>
      [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => 0xe | ((value >> bit) & 1));
    const nibbles = [3, 4, 5, 6, 7, 8, 0, 0];
    expect(host.clocks([...opcode(0xeb), ...nibbles], 2, 4, 4)).toEqual([0x12, 0x34]);
    const pairs = [0, 3, 1, 0, 1, 1, 1, 2, 1, 3, 2, 0, 0, 0, 0, 0].map((two) => 0xc | two);
    expect(host.clocks([...opcode(0xbb), ...pairs], 2, 2, 0)).toEqual([0x12, 0x34]);
  });

  it('is deaf in deep power-down until released', () => {
    host.command([0xb9]);
    expect(host.command([0x9f], 1)).toEqual([0xff]);
    host.command([0xab]);
    expect(host.command([0x9f], 1)).toEqual([0xef]);
  });

  it('resets by 66 and 99 in a row only', () => {
    host.command([0x06]);
    host.command([0x99]);
    expect(host.status()).toBe(2);
    host.command([0x66]);
    host.command([0x99]);
    expect(host.status()).toBe(1);
    host.waitUs(chip.timesUs.reset);
    expect(host.status()).toBe(0);
  });

  it('survives save and restore in mid-erase', () => {
    host.command([0x06]);
    host.command([0x20, 0, 0, 0]);
    const saved = host.flash.save();
    const copy = new Host(new NorFlash({ chip, content }));
    copy.flash.restore(saved);
    copy.now = host.now;
    expect(copy.status()).toBe(3);
    copy.waitUs(chip.timesUs.sector4K);
    expect(copy.status()).toBe(0);
  });
});

it('keeps Quad Enable of MX25 in status register 1', () => {
  const mx = findFlashChip('MX25L3233F')!;
  const cells = new Uint8Array(flashSizeBytes(mx)).fill(0x5a);
  const mxHost = new Host(new NorFlash({ chip: mx, content: cells }));
  expect(mxHost.command([0x6b, 0, 0, 0], 1, 4, 8)).toEqual([0xff]);
  mxHost.command([0x06]);
  mxHost.command([0x01, 0x40]);
  mxHost.waitUs(mx.timesUs.statusWrite);
  expect(mxHost.status()).toBe(0x40);
  expect(mxHost.command([0x6b, 0, 0, 0], 1, 4, 8)).toEqual([0x5a]);
});
