/** SPI controllers: clocks of each phase to the tick, the ROM's command forms, buffer orders. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceLog } from '../../emulator/bus/device.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import type { SpiDevice, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import { driveByte } from '../../emulator/bus/spi-wire.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { findFlashChip, flashSizeBytes } from '../devices/nor-flash-chips.ts';
import { NorFlash } from '../devices/nor-flash.ts';
import { LINE_OVERHEAD } from './line-fill.ts';
import { SPI_REGISTERS } from './spi.regs.ts';
import { Spi } from './spi.ts';

const log: DeviceLog = { unmodelled: () => {}, warn: () => {} };
const offsets = new Map<string, number>(SPI_REGISTERS.map((row) => [row.name, row.offset]));
const at = (name: string): number => offsets.get(name)!;

/** Takes the last transfer, answers what it is told. */
class Probe implements SpiDevice {
  readonly name = 'probe';
  last: SpiTransfer | undefined;
  answer: number[] = [];
  transfer(transfer: SpiTransfer): void {
    this.last = transfer;
    let clock = transfer.firstSample;
    for (const byte of this.answer) clock = driveByte(transfer, clock, byte, 1);
  }
  powerOn(): void {}
  save(): Record<string, never> {
    return {};
  }
  restore(): void {}
}

/** One line D0 as bytes. */
function sent(transfer: SpiTransfer): number[] {
  const bytes: number[] = [];
  transfer.out.forEach((wire, i) => {
    bytes[i >> 3] = ((bytes[i >> 3] ?? 0) << 1) | (wire & 1);
  });
  return bytes;
}

let scheduler: Scheduler;
let irq: Signal;
let probe: Probe;
let spi: Spi;
const USR = 1 << 18;

beforeEach(() => {
  scheduler = new Scheduler();
  irq = new Signal('SPI1');
  probe = new Probe();
  const apbClock = new Clock('APB', 80_000_000);
  spi = new Spi({ index: 1, apbClock, scheduler, irq, log, chips: [probe] });
});

const write = (name: string, value: number): void => spi.write(at(name), value, 4);
const read = (name: string): number => spi.read(at(name), 4) >>> 0;

/** Runs until the command bits are clear; returns the tick. */
function finish(): number {
  while (read('CMD') !== 0) scheduler.runUntil(scheduler.nextTick);
  return scheduler.now;
}

describe('registers', () => {
  it('have their reset values and keep what is writable', () => {
    for (const row of SPI_REGISTERS)
      expect(spi.read(row.offset, 4) >>> 0, row.name).toBe(row.reset);
    write('W3', 0x12345678);
    expect(spi.read(at('W3') + 1, 1)).toBe(0x56);
    write('EXT2', 7);
    expect(read('EXT2')).toBe(0);
  });
});

describe('user transfers', () => {
  it('last command, address, dummy and data clocks of the divider, from an APB edge', () => {
    // 80 MHz / (1 + 1) / (4 + 1) = 8 MHz: 60 ticks a clock.
    write('CLOCK', (1 << 18) | (4 << 12) | (1 << 6) | 4);
    write('USER', (1 << 31) | (1 << 30) | (1 << 29) | (1 << 28));
    write('USER2', (7 << 28) | 0x0b);
    write('USER1', (23 << 26) | 7);
    write('ADDR', 0x12345600);
    write('MISO_DLEN', 15);
    probe.answer = [0xc3, 0x5a];
    scheduler.runUntil(7);
    write('CMD', USR);
    const end = 12 + (8 + 24 + 8 + 16) * 60;
    scheduler.runUntil(end - 1);
    expect(read('CMD')).toBe(USR);
    expect(probe.last).toBe(undefined);
    scheduler.runUntil(end);
    expect(read('CMD')).toBe(0);
    expect(read('EXT2')).toBe(0);
    expect(sent(probe.last!).slice(0, 4)).toEqual([0x0b, 0x12, 0x34, 0x56]);
    expect(probe.last!.start).toBe(12);
    expect(probe.last!.firstSample).toBe(40);
    expect(read('W0')).toBe(0x5ac3);
  });

  it('show in EXT2 how far they are', () => {
    write('CLOCK', 0x80000000);
    write('USER', (1 << 31) | (1 << 30) | (1 << 28));
    write('USER2', (7 << 28) | 0x03);
    write('USER1', 23 << 26);
    write('MISO_DLEN', 7);
    expect(read('EXT2')).toBe(0);
    scheduler.runUntil(1);
    write('CMD', USR);
    // Edge at tick 6, 6 ticks a clock: 8 of command, 24 of address, 8 of data.
    for (const [clock, state] of [
      [0, 2],
      [8, 3],
      [32, 4],
      [40, 0],
    ] as const) {
      const before = read('EXT2');
      scheduler.runUntil(6 + clock * 6 - 1);
      expect(read('EXT2')).toBe(before);
      scheduler.runUntil(6 + clock * 6);
      expect(read('EXT2')).toBe(state);
    }
  });

  it('add chip select set-up and hold', () => {
    write('CLOCK', 0x80000000);
    write('USER', (1 << 27) | (1 << 5) | (1 << 4));
    write('CTRL2', (3 << 4) | 2);
    write('MOSI_DLEN', 7);
    write('CMD', USR);
    expect(finish()).toBe((3 + 8 + 3) * 6);
    expect(probe.last!.start).toBe(3 * 6);
  });

  it('set TRANS_DONE, count, and raise the interrupt until it is written 0', () => {
    write('USER', 1 << 27);
    write('SLAVE', 1 << 9);
    write('CMD', USR);
    expect(irq.level).toBe(0);
    finish();
    expect(irq.level).toBe(1);
    expect((read('SLAVE') >>> 23) & 15).toBe(1);
    write('SLAVE', 1 << 9);
    expect(irq.level).toBe(0);
    write('SLAVE', (1 << 9) | (1 << 4));
    expect(irq.level).toBe(1);
  });

  it('send the buffer little endian, or big endian, or least significant bit first', () => {
    write('USER', 1 << 27);
    write('MOSI_DLEN', 31);
    write('W0', 0x04030201);
    write('CMD', USR);
    finish();
    expect(sent(probe.last!)).toEqual([1, 2, 3, 4]);
    write('USER', (1 << 27) | (1 << 11));
    write('CMD', USR);
    finish();
    expect(sent(probe.last!)).toEqual([4, 3, 2, 1]);
    write('USER', 1 << 27);
    write('CTRL', 1 << 26);
    write('CMD', USR);
    finish();
    expect(sent(probe.last!)).toEqual([0x80, 0x40, 0xc0, 0x20]);
  });

  it('exchange both ways with DOUTDIN, into the upper half with MISO_HIGHPART', () => {
    write('USER', (1 << 27) | (1 << 28) | 1 | (1 << 24));
    write('MOSI_DLEN', 15);
    write('W0', 0x1122);
    probe.answer = [0xaa, 0xbb];
    write('CMD', USR);
    finish();
    expect(probe.last!.out.length).toBe(16);
    expect(read('W0')).toBe(0x1122);
    expect(read('W8')).toBe(0xbbaa);
  });

  it('reach only the chips whose select is enabled', () => {
    write('PIN', 7);
    write('USER', 1 << 28);
    write('MISO_DLEN', 7);
    write('CMD', USR);
    finish();
    expect(probe.last).toBe(undefined);
    expect(read('W0')).toBe(0xff);
  });

  it('survive a save in mid-transfer', () => {
    write('USER', 1 << 27);
    write('MOSI_DLEN', 63);
    write('W1', 0x99);
    write('CMD', USR);
    const state = spi.save();
    const events = scheduler.save();
    finish();
    const first = sent(probe.last!);
    spi.restore(state);
    scheduler.restore(events);
    expect(read('CMD')).toBe(USR);
    finish();
    expect(sent(probe.last!)).toEqual(first);
  });
});

describe('flash commands of the mask ROM', () => {
  const chip = findFlashChip('GD25Q32C')!;
  let content: Uint8Array;

  beforeEach(() => {
    content = new Uint8Array(flashSizeBytes(chip)).fill(0xff);
    spi.attach(0, new NorFlash({ chip, content }));
    write('CLOCK', 0x3043);
  });

  const command = (bit: number): void => {
    write('CMD', 2 ** bit);
    finish();
  };
  /** As Wait_SPI_Idle: clears RD_STATUS, sets RDSR, looks at bit 0. */
  const waitIdle = (): number => {
    for (;;) {
      write('RD_STATUS', 0);
      command(27);
      if ((read('RD_STATUS') & 1) === 0) return scheduler.now;
    }
  };

  it('RDID leaves manufacturer, type, capacity in W0', () => {
    command(28);
    expect(read('W0') & 0xffffff).toBe(0x1640c8);
    // 8 + 24 clocks of 20 MHz.
    expect(scheduler.now).toBe(32 * 24);
  });

  it('WREN, PP with the length in ADDR, USR read with 0B: SPIWrite and SPIRead', () => {
    command(30);
    command(27);
    expect(read('RD_STATUS')).toBe(2);
    write('W0', 0x04030201);
    write('W1', 0x08070605);
    write('ADDR', 0x08001000);
    command(25);
    const busyFrom = scheduler.now;
    const idle = waitIdle();
    const microseconds = chip.timesUs.firstByte + 7 * chip.timesUs.nextByte;
    // The status poll that sees it samples at most one poll (16 clocks of 24 ticks) later.
    expect(idle - busyFrom).toBeGreaterThanOrEqual(microseconds * 480);
    expect(idle - busyFrom).toBeLessThan(microseconds * 480 + 2 * 16 * 24 + 12);
    expect([...content.slice(0x1000, 0x1009)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0xff]);

    write('CTRL', 0x2000);
    write('USER', ((1 << 31) | (1 << 30) | (1 << 29) | (1 << 28)) >>> 0);
    write('USER1', (23 << 26) | 7);
    write('USER2', 0x7000000b);
    write('MISO_DLEN', 511);
    write('ADDR', 0x1002 << 8);
    command(18);
    expect(read('W0')).toBe(0x06050403);
  });

  it('QIO read as SPIRead sets it: EB, 32 address bits, 4 dummy clocks', () => {
    content.set([0xde, 0xad, 0xbe, 0xef], 0x2_0000);
    command(30);
    write('RD_STATUS', 0x0200);
    write('CTRL', 1 << 22);
    command(26);
    waitIdle();
    write('CTRL', 0x01002000);
    write('USER', ((1 << 31) | (1 << 30) | (1 << 29) | (1 << 28)) >>> 0);
    write('USER1', 0x7c000003);
    write('USER2', 0x700000eb);
    write('MISO_DLEN', 31);
    write('ADDR', 0x20000 << 8);
    const before = scheduler.now;
    command(18);
    expect(read('W0')).toBe(0xefbeadde);
    expect(scheduler.now - before).toBe((8 + 8 + 4 + 8) * 24);
  });

  it('SE erases the sector of ADDR', () => {
    content.fill(0);
    command(30);
    write('ADDR', 0x3000);
    command(24);
    expect(content.indexOf(0xff)).toBe(0x3000);
    expect(content.lastIndexOf(0xff)).toBe(0x3fff);
    expect(waitIdle()).toBeGreaterThan(chip.timesUs.sector4K * 480);
  });
});

describe('cache line fills', () => {
  it('QIO at 80 MHz takes 84 clocks and the overhead, DIO at 40 MHz 152', () => {
    write('CLOCK', 0x80000000);
    write('CTRL', 0x01002000);
    write('USER', (1 << 29) | (1 << 28));
    write('USER1', 0x7c000003);
    expect(spi.lineFillTicks()).toBe((84 + 9) * 6);
    write('CLOCK', (1 << 12) | 1);
    write('CTRL', 0x00802000);
    write('USER', 1 << 28);
    expect(spi.lineFillTicks()).toBe((152 + 9) * 12);
  });

  it('warns of a read that no flash answers, and of requests that are not let through', () => {
    const warned: string[] = [];
    const spi0 = new Spi({
      ...{ index: 0, apbClock: new Clock('APB', 80_000_000), scheduler, irq },
      log: { ...log, warn: (_, message) => warned.push(message) },
    });
    const set = (name: string, value: number): void => spi0.write(at(name), value, 4);
    const fill = (): string[] => {
      warned.length = 0;
      spi0.lineFillTicks();
      return [...warned];
    };
    set('CACHE_FCTRL', 4);
    expect(fill().join()).toMatch(/CACHE_REQ_EN/);
    // DIO as ESP-IDF leaves it at 40 MHz: 0xbb, 28 bits on two lines, 2 + 1 dummy clocks.
    set('CACHE_FCTRL', 5);
    set('CTRL', 0x00802000);
    set('USER', (1 << 29) | (1 << 28));
    set('USER1', 0x6c000002);
    set('USER2', 0x700000bb);
    expect(fill()).toEqual([]);
    set('USER1', 0x6c000000);
    expect(fill().join()).toMatch(/0xbb, address on 2 and data on 2 lines, 15 clocks/);
    set('USER1', 0x6c000005);
    expect(fill()).toHaveLength(1);
    set('USER1', 0x6c000002);
    set('CTRL', 0x00004000 | 0x2000);
    expect(fill().join()).toMatch(/address on 1 and data on 2 lines/);
    set('USER2', 0x7000009f);
    expect(fill()).toHaveLength(1);
  });

  /**
   * Clocks of a line by the flash chips' data sheets: 8 of command on one line; 24 bits of address,
   * with 8 mode bits on the lines of QIO and DIO; dummy clocks; 256 bits of data.
   */
  const MODES = [
    { mode: 'QIO', ctrl: 1 << 24, address: 32, dummy: 4, clocks: 8 + 32 / 4 + 4 + 256 / 4 },
    { mode: 'DIO', ctrl: 1 << 23, address: 32, dummy: 0, clocks: 8 + 32 / 2 + 256 / 2 },
    { mode: 'QOUT', ctrl: 1 << 20, address: 24, dummy: 8, clocks: 8 + 24 + 8 + 256 / 4 },
    { mode: 'DOUT', ctrl: 1 << 14, address: 24, dummy: 8, clocks: 8 + 24 + 8 + 256 / 2 },
    { mode: 'fast', ctrl: 0, address: 24, dummy: 8, clocks: 8 + 24 + 8 + 256 },
    { mode: 'slow', ctrl: 0, address: 24, dummy: 0, clocks: 8 + 24 + 256 },
  ] as const;
  const SPEEDS = [
    { mhz: 80, clock: 0x80000000, ticks: 6 },
    { mhz: 40, clock: (1 << 12) | 1, ticks: 12 },
    { mhz: 26, clock: (2 << 12) | 2, ticks: 18 },
    { mhz: 20, clock: (3 << 12) | (1 << 6) | 3, ticks: 24 },
  ] as const;

  it.each(MODES.flatMap((mode) => SPEEDS.map((speed) => ({ ...mode, ...speed }))))(
    '$mode at $mhz MHz',
    ({ ctrl, address, dummy, clocks, clock, ticks, mode }) => {
      write('CLOCK', clock);
      write('CTRL', ctrl | (mode === 'slow' ? 0 : 1 << 13));
      write('USER', (dummy > 0 ? 1 << 29 : 0) | (1 << 28));
      write('USER1', (((address - 1) << 26) | Math.max(0, dummy - 1)) >>> 0);
      expect(spi.lineFillTicks()).toBe((clocks + LINE_OVERHEAD.value) * ticks);
    },
  );

  it('a command waits for the pins, and says until when it has them', () => {
    let free = 4800;
    const apbClock = new Clock('APB', 80_000_000);
    spi = new Spi({
      ...{ index: 1, apbClock, scheduler: new Scheduler(), irq, log, chips: [probe] },
      busFree: () => free,
    });
    const start = (): void => {
      write('CLOCK', 0x80000000);
      write('USER', 1 << 31);
      write('USER2', 7 << 28);
      write('CMD', USR);
    };
    start();
    expect(spi.busyUntil).toBe(4800 + 8 * 6);
    spi.reset('power');
    free = 0;
    start();
    expect(spi.busyUntil).toBe(8 * 6);
  });

  it('PSRAM at 80 MHz quad matches the measured 86 to 92 clocks', () => {
    write('CLOCK', 0x80000000);
    // Set by ESP-IDF: QIO, 24 address bits, read dummy 5 + 2, 8-bit commands on four lines.
    write('CACHE_SCTRL', (1 << 28) | (23 << 22) | (7 << 14) | (32 << 6) | 0x34);
    write('SRAM_DRD_CMD', 0x700000eb);
    write('SRAM_DWR_CMD', 0x70000038);
    const clocks = spi.sramLineTicks(false) / 6;
    expect(clocks).toBeGreaterThanOrEqual(86);
    expect(clocks).toBeLessThanOrEqual(92);
    expect(spi.sramLineTicks(true)).toBe((2 + 6 + 64 + 9) * 6);
  });

  it('clocks flash at APB and PSRAM at CLOCK when DATE bit 31 is set', () => {
    write('CLOCK', (1 << 12) | 1);
    write('DATE', 0x80000000);
    expect(spi.spiClockTicks()).toBe(6);
    expect(spi.spiClockTicks(true)).toBe(12);
  });
});
