/**
 * The driver images on a board: frequencies read from the pins, bytes decoded from the wires, and what is left in
 * the devices.
 */
import { describe, expect, it } from 'vitest';
import { Mcp23s17 } from '../peripherals/devices/mcp23s17.ts';
import { Eeprom24Lc256 } from '../peripherals/devices/eeprom-24lc256.ts';
import type { Board as Plug, BoardDevice } from '../emulator/bus/board-device.ts';
import type { State } from '../emulator/bus/state.ts';
import { decodeI2c } from '../emulator/debugger/waveform/decode-i2c.ts';
import { decodeSpi } from '../emulator/debugger/waveform/decode-spi.ts';
import { frequencyOf } from '../emulator/debugger/waveform/wave.ts';
import { MASTER_HZ } from '../emulator/index.ts';
import { bootImage, passed, ROMS, verdict } from './board.fixtures.ts';

const SPI_PINS = { clk: 14, mosi: 13, miso: 12, cs: 15 } as const;
const EXPANDER_PINS = { ...SPI_PINS, cs: 5 } as const;
const [SDA, SCL] = [21, 22];

/** A wire from MOSI to MISO that is connected while the chip select is low. */
class Jumper implements BoardDevice {
  readonly name = 'jumper';
  plug(board: Plug): void {
    const { mosi, miso, cs } = SPI_PINS;
    const [from, to, select] = [board.wire(mosi), board.wire(miso), board.wire(cs)];
    select.setPull(1);
    const copy = (): void => to.drive(select.level === 0 ? from.level : 'z');
    for (const wire of [from, select]) wire.onChange(copy);
  }
  save(): State {
    return {};
  }
  restore(): void {}
}

/** What apps/spi.rs sends in its loop. */
const pattern = (length: number): number[] =>
  Array.from({ length }, (_, n) => ((n * 29) & 0xff) ^ 0xa5);
const LOOP_LENGTHS = [1, 2, 5, 64, 101];

describe.each(ROMS)('driver images on the %s', { timeout: 120_000 }, (_, rom) => {
  it('gpio: the frequencies asked for are on the pins', () => {
    const board = bootImage('gpio', rom);
    const [slow, loop, fast] = [18, 19, 21].map((gpio) => board.pin(gpio));
    expect(passed(verdict(board))).toHaveLength(5);
    expect(slow!.frequency()).toBeCloseTo(1000, 0);
    expect(slow!.dutyCycle()).toBeCloseTo(0.5, 2);
    expect(loop!.edges()).toHaveLength(10_000);
    // The first edge waits for the flash cache.
    const settled = { ...loop!.wave, changes: loop!.wave.changes.slice(4) };
    expect(frequencyOf(settled)! / 50_000).toBeCloseTo(1, 5);
    expect(loop!.dutyCycle()).toBeCloseTo(0.5, 2);
    expect(fast!.frequency()! / 50_000).toBeCloseTo(1, 3);
    // No edge of the loop is off its place by more than a microsecond.
    const ticks = loop!
      .edges('rising')
      .map(({ tick }) => tick)
      .slice(2);
    const period = MASTER_HZ / 50_000;
    const jitter = ticks.map((tick, n) => Math.abs(tick - ticks[0]! - n * period));
    expect(Math.max(...jitter)).toBeLessThan(MASTER_HZ / 1e6);
  });

  it('spi: the bytes on the wires are those of the program', () => {
    const board = bootImage('spi', rom, [
      () => new Jumper(),
      () => new Mcp23s17({ pins: EXPANDER_PINS }),
    ]);
    const pins = new Map(Object.values({ ...SPI_PINS, extra: 5 }).map((n) => [n, board.pin(n)]));
    const text = verdict(board);
    expect(passed(text)).toHaveLength(13);
    expect(text).toContain('3000000 Hz asked, 2962962 Hz given\n');
    expect(text).toContain('MCP23S17: IODIRA 0x0f, OLATA 0x50\n');
    const wave = (gpio: number) => pins.get(gpio)!.wave;
    const wires = { clk: wave(14), mosi: wave(13), miso: wave(12) };
    // Mode 0: the first five transfers, and those behind the other modes.
    const loops = decodeSpi({ ...wires, cs: wave(15), mode: 0 });
    const lengths = loops.slice(0, 5);
    expect(lengths.map(({ clocks }) => clocks)).toEqual(LOOP_LENGTHS.map((length) => 8 * length));
    for (const [n, { mosi, miso }] of lengths.entries()) {
      expect(mosi).toEqual(pattern(LOOP_LENGTHS[n]!));
      expect(miso).toEqual(mosi);
    }
    for (const mode of [1, 2, 3] as const) {
      const seen = decodeSpi({ ...wires, cs: wave(15), mode });
      const [first] = seen.slice(5 * mode, 5 * mode + 5).slice(-1);
      expect(first!.mosi).toEqual(pattern(101));
    }
    // 101 bytes at 1 MHz: the chip select stays low from the first buffer to the last.
    const seconds = (lengths[4]!.end - lengths[4]!.start) / MASTER_HZ;
    expect(seconds).toBeGreaterThan(808e-6);
    expect(seconds).toBeLessThan(830e-6);
    const expander = decodeSpi({ ...wires, cs: wave(5), mode: 0 });
    expect(expander.map(({ mosi }) => mosi)).toEqual([
      [0x41, 0x00, 0x00],
      [0x40, 0x00, 0x0f],
      [0x40, 0x14, 0x50],
      [0x41, 0x00, 0x00],
      [0x41, 0x14, 0x00],
    ]);
    expect([expander[3]!.miso[2], expander[4]!.miso[2]]).toEqual([0x0f, 0x50]);
  });

  it('spi: without the wire the loop fails and the program says so', () => {
    const text = verdict(bootImage('spi', rom));
    expect(text).toContain('FAIL MOSI comes back as MISO\n');
    expect(text).toMatch(/TEST FAIL 9\n$/);
  });

  it('i2c: the EEPROM holds what was written', () => {
    const board = bootImage('i2c', rom, [() => new Eeprom24Lc256({ sda: SDA, scl: SCL })]);
    const [sda, scl] = [board.pin(SDA), board.pin(SCL)];
    const text = verdict(board);
    expect(passed(text)).toHaveLength(16);
    const { content } = board.device('24LC256 0x50') as Eeprom24Lc256;
    for (const [hz, at] of [
      [100_000, 0],
      [400_000, 0x2000],
    ] as const) {
      const page = Array.from({ length: 64 }, (_, n) => ((n * 37) & 0xff) ^ (hz & 0xff));
      expect([...content.slice(at, at + 64)]).toEqual(page);
      const words = Buffer.from(content.slice(at + 0x1005, at + 0x1018)).toString();
      expect(words).toBe('Lockstep32 was here');
    }
    expect(content.filter((byte) => byte !== 0xff).length).toBeLessThanOrEqual(2 * (64 + 19));
    const seen = decodeI2c(scl.wave, sda.wave);
    expect(seen.length).toBeGreaterThan(120);
    const clocks = frequencyOf({ ...scl.wave, changes: scl.wave.changes.slice(0, 1200) });
    expect(clocks! / 100_000).toBeGreaterThan(0.93);
    expect(clocks! / 100_000).toBeLessThan(1.001);
  });

  it('i2c: a bus that is held low is an error, not a hang', () => {
    const board = bootImage('i2c', rom);
    board.pin(SDA).stick(0);
    const text = verdict(board);
    expect(text).toContain('FAIL a page written\n');
    expect(text).toMatch(/TEST FAIL \d+\n$/);
  });
});
