/** SPI devices on a board without a chip: a host that toggles the wires bit by bit, in modes 0 and 3. */
import { describe, expect, it } from 'vitest';
import type { BoardDevice } from '../../emulator/bus/board-device.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import { testBoard } from './bench.fixtures.ts';
import { Mcp23s17 } from './mcp23s17.ts';
import { findFlashChip, flashSizeBytes } from './nor-flash-chips.ts';
import { SpiFlash } from './spi-flash.ts';
import { St7789 } from './st7789.ts';

const PINS = { cs: 5, clk: 18, mosi: 23, miso: 19 } as const;
const HALF = 24;

/** A host on PINS with CLK idle at `idle`: `transfer` sends bytes and returns what MISO carried. */
function host(idle: Level, ...devices: BoardDevice[]) {
  const board = testBoard(...devices);
  const { scheduler, pad } = board;
  const wires = {
    cs: pad(5).attach('host'),
    clk: pad(18).attach('host'),
    mosi: pad(23).attach('host'),
  };
  wires.cs.drive(1);
  wires.clk.drive(idle);
  const wait = (): void => scheduler.runUntil(scheduler.now + HALF);
  const byte = (value: number): number => {
    let received = 0;
    for (let bit = 7; bit >= 0; bit--) {
      if (idle === 1) wires.clk.drive(0);
      wires.mosi.drive(((value >> bit) & 1) as Level);
      wait();
      received = (received << 1) | pad(19).wire.level;
      wires.clk.drive(1);
      wait();
      if (idle === 0) wires.clk.drive(0);
    }
    return received;
  };
  const transfer = (...bytes: number[]): number[] => {
    wires.cs.drive(0);
    wait();
    const received = bytes.map(byte);
    wires.cs.drive(1);
    wait();
    return received;
  };
  return { ...board, wires, wait, byte, transfer };
}

describe.each([0, 3] as const)('MCP23S17 in mode %i', (mode) => {
  const idle = mode === 0 ? 0 : 1;

  it('writes and reads registers in sequence, answers to its address only with HAEN', () => {
    const expander = new Mcp23s17({ pins: PINS, mode, address: 5, intA: 25, intB: 26 });
    const { transfer, pad } = host(idle, expander);
    // Before HAEN the address is 0.
    transfer(0x4a, 0x00, 0x00);
    expect(expander.register('IODIR', 'A')).toBe(0xff);
    transfer(0x40, 0x00, 0x0f, 0xf0);
    expect(expander.register('IODIR', 'A')).toBe(0x0f);
    expect(expander.register('IODIR', 'B')).toBe(0xf0);
    transfer(0x40, 0x0a, 0x08);
    transfer(0x40, 0x12, 0xff);
    expect(expander.register('OLAT', 'A')).toBe(0);
    transfer(0x4a, 0x12, 0xa5);
    expect(expander.register('OLAT', 'A')).toBe(0xa5);
    expander.setPin(0, 1);
    expect(transfer(0x4b, 0x12, 0, 0).slice(2)).toEqual([0xa1, 0]);
    expect(transfer(0x4b, 0x00, 0, 0).slice(2)).toEqual([0x0f, 0xf0]);
    // Interrupt on change of GPA0 pulls INTA low until GPIOA is read.
    transfer(0x4a, 0x04, 0x01);
    expect([pad(25).wire.level, pad(26).wire.level]).toEqual([1, 1]);
    expander.setPin(0, 0);
    expect([pad(25).wire.level, pad(26).wire.level]).toEqual([0, 1]);
    expect(transfer(0x4b, 0x0e, 0)[2]).toBe(0x01);
    transfer(0x4b, 0x12, 0);
    expect(pad(25).wire.level).toBe(1);
  });

  it('leaves MISO alone while it is not selected, and saves itself in mid-transfer', () => {
    const make = () => host(idle, new Mcp23s17({ pins: PINS, mode }));
    const first = make();
    first.pad(19).attach('pull').setPull(1);
    expect(first.pad(19).condition).toBe('pulled');
    first.wires.cs.drive(0);
    first.byte(0x41);
    first.byte(0x00);
    const state = first.save();
    expect(first.byte(0)).toBe(0xff);
    first.restore(state);
    expect(first.byte(0)).toBe(0xff);
    first.wires.cs.drive(1);
    expect(first.pad(19).condition).toBe('pulled');
  });
});

describe('flash on wires', () => {
  const chip = findFlashChip('GD25Q32C')!;
  it.each([0, 1] as const)('identifies, programs and reads back, CLK idle %i', (idle) => {
    const content = new Uint8Array(flashSizeBytes(chip)).fill(0xff);
    const flash = new SpiFlash({ pins: PINS, chip: chip.name, content });
    const { transfer, scheduler } = host(idle, flash);
    expect(transfer(0x9f, 0, 0, 0).slice(1)).toEqual([0xc8, 0x40, 0x16]);
    transfer(0x06);
    expect(transfer(0x05, 0)[1]).toBe(0x02);
    const data = Array.from({ length: 40 }, (_, i) => (i * 37 + 5) & 0xff);
    transfer(0x02, 0x01, 0x23, 0x00, ...data);
    expect(transfer(0x05, 0)[1]! & 1).toBe(1);
    scheduler.runUntil(scheduler.now + 480 * 3000);
    expect(transfer(0x05, 0)[1]! & 1).toBe(0);
    expect([...content.subarray(0x12300, 0x12328)]).toEqual(data);
    const zeros = data.map(() => 0);
    expect(transfer(0x03, 0x01, 0x23, 0x00, ...zeros).slice(4)).toEqual(data);
    expect(transfer(0x0b, 0x01, 0x23, 0x02, 0, 0, 0).slice(5)).toEqual(data.slice(2, 4));
  });

  it('does not program what is not a whole byte', () => {
    const content = new Uint8Array(flashSizeBytes(chip)).fill(0xff);
    const { transfer, wires, byte, wait } = host(
      0,
      new SpiFlash({ pins: PINS, chip: chip.name, content }),
    );
    transfer(0x06);
    wires.cs.drive(0);
    for (const value of [0x02, 0, 0, 0, 0x55]) byte(value);
    wires.clk.drive(1);
    wait();
    wires.cs.drive(1);
    expect(content[0]).toBe(0xff);
  });
});

describe('ST7789', () => {
  function display(options: { width?: number; height?: number; left?: number; top?: number } = {}) {
    const screen = new St7789({ pins: { ...PINS, dc: 16, reset: 17 }, ...options });
    const made = host(0, screen);
    const dc = made.pad(16).attach('host');
    const reset = made.pad(17).attach('host');
    reset.drive(1);
    const send = (command: number, ...data: number[]): void => {
      dc.drive(0);
      made.transfer(command);
      dc.drive(1);
      if (data.length > 0) made.transfer(...data);
    };
    const pixel = (x: number, y: number): number[] => {
      const { width, rgb } = screen.picture();
      return [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    };
    return { ...made, screen, send, pixel, reset };
  }
  const wake = (send: (command: number, ...data: number[]) => void, colmod: number): void => {
    send(0x11);
    send(0x3a, colmod);
    send(0x21);
    send(0x29);
  };

  it('fills a window with 16-bit and 18-bit pixels, wraps at its edges', () => {
    const { send, pixel } = display();
    wake(send, 0x55);
    send(0x2a, 0, 10, 0, 11);
    send(0x2b, 1, 0, 1, 1);
    // Red, green, blue, white; the fifth pixel begins the window again.
    send(0x2c, 0xf8, 0x00, 0x07, 0xe0, 0x00, 0x1f, 0xff, 0xff, 0x84, 0x10);
    expect(pixel(11, 256)).toEqual([0, 255, 0]);
    expect(pixel(10, 257)).toEqual([0, 0, 255]);
    expect(pixel(11, 257)).toEqual([255, 255, 255]);
    // 5-6-5 of 16, 32, 16.
    expect(pixel(10, 256)).toEqual([132, 130, 132]);
    send(0x3a, 0x66);
    send(0x2c, 0xfc, 0x00, 0x00, 0x00, 0xfc, 0x80);
    expect(pixel(10, 256)).toEqual([255, 0, 0]);
    expect(pixel(11, 256)).toEqual([0, 255, Math.round((32 * 255) / 63)]);
  });

  it('turns the picture by MADCTL and shows the part of the panel', () => {
    const { send, pixel } = display({ width: 240, height: 240, top: 80 });
    wake(send, 0x55);
    const dot = (madctl: number, x: number, y: number): void => {
      send(0x36, madctl);
      send(0x2a, x >> 8, x & 255, x >> 8, x & 255);
      send(0x2b, y >> 8, y & 255, y >> 8, y & 255);
      send(0x2c, 0xf8, 0x00);
    };
    dot(0x00, 3, 85);
    expect(pixel(3, 5)).toEqual([255, 0, 0]);
    dot(0xc0, 10, 20);
    expect(pixel(229, 319 - 20 - 80)).toEqual([255, 0, 0]);
    // MV exchanges row and column; MX mirrors what is then the column of the memory.
    dot(0x60, 100, 7);
    expect(pixel(239 - 7, 20)).toEqual([255, 0, 0]);
    dot(0x08, 0, 80);
    expect(pixel(0, 0)).toEqual([0, 0, 255]);
  });

  it('is black while off or asleep, inverted without INVON on an IPS panel, and forgets by RESET', () => {
    const { send, pixel, reset, screen } = display();
    wake(send, 0x55);
    send(0x2c, 0xff, 0xff);
    expect(pixel(0, 0)).toEqual([255, 255, 255]);
    send(0x20);
    expect(pixel(0, 0)).toEqual([0, 0, 0]);
    send(0x28);
    send(0x21);
    expect(pixel(0, 0)).toEqual([0, 0, 0]);
    send(0x29);
    expect(pixel(0, 0)).toEqual([255, 255, 255]);
    reset.drive(0);
    expect(pixel(0, 0)).toEqual([0, 0, 0]);
    expect([...screen.png().subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });
});
