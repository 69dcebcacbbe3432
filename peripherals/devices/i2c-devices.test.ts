/** Devices on I2C, driven by a bit-banging master on real pads. Expectations from the data sheets. */
import { describe, expect, it } from 'vitest';
import type { BoardDevice } from '../../emulator/bus/board-device.ts';
import { testBoard } from './bench.fixtures.ts';
import {
  BMP280_EXAMPLE,
  compensatedCelsius,
  compensatedPascal,
  rawPressure,
  rawTemperature,
} from './bmp280-compensation.ts';
import { Bmp280 } from './bmp280.ts';
import { Eeprom24Lc256 } from './eeprom-24lc256.ts';
import { I2cHost } from './i2c-host.fixtures.ts';
import { I2cTarget } from './i2c-target.ts';
import { Mcp23017 } from './mcp23017.ts';

const SDA = 21;
const SCL = 22;
const PINS = { sda: SDA, scl: SCL };
const MS = 480_000;

function bus(...devices: BoardDevice[]) {
  const board = testBoard(...devices);
  const host = new I2cHost(board.scheduler, board.pad(SDA), board.pad(SCL));
  const pass = (ms: number): void =>
    board.scheduler.runUntil(board.scheduler.now + Math.round(ms * MS));
  return { ...board, host, pass };
}

describe('24LC256', () => {
  it('writes a page after the STOP, acknowledges nothing for 5 ms, reads on and wraps', () => {
    const eeprom = new Eeprom24Lc256({ ...PINS, content: Uint8Array.of(0x11, 0x22) });
    const { host, pass } = bus(eeprom);
    expect(host.write(0x50, 0x12, 0x3e, 1, 2, 3)).toEqual(Array(6).fill(true));
    expect(host.write(0x50)).toEqual([false]);
    pass(4.8);
    expect(host.write(0x50)).toEqual([false]);
    pass(0.1);
    expect(host.write(0x50)).toEqual([true]);
    // The third byte wraps to the start of the page 0x1200.
    expect([...eeprom.content.subarray(0x123e, 0x1241)]).toEqual([1, 2, 0xff]);
    expect(eeprom.content[0x1200]).toBe(3);
    expect(host.read(0x50, [0x7f, 0xff], 3)).toEqual([0xff, 0x11, 0x22]);
    // The current address goes on behind the last read.
    expect(host.read(0x50, [], 1)).toEqual([0xff]);
  });

  it('a page holds the last 64 of more bytes; WP refuses data', () => {
    const eeprom = new Eeprom24Lc256({ ...PINS, writeProtect: 4 });
    const { host, pass, pad } = bus(eeprom);
    const protect = pad(4).attach('host');
    protect.drive(0);
    host.write(0x50, 0, 0, ...Array.from({ length: 66 }, (_, n) => n));
    pass(6);
    expect([...eeprom.content.subarray(0, 3)]).toEqual([64, 65, 2]);
    protect.drive(1);
    expect(host.write(0x50, 0, 0, 9)).toEqual([true, true, true, false]);
    expect(eeprom.content[0]).toBe(64);
  });

  it('survives save and restore during its write cycle', () => {
    const [one, two] = [bus(new Eeprom24Lc256(PINS)), bus(new Eeprom24Lc256(PINS))];
    one.host.write(0x50, 0, 0, 0x5a);
    one.pass(2);
    two.restore(structuredClone(one.save()));
    expect(two.host.write(0x50)).toEqual([false]);
    two.pass(3);
    expect(two.host.read(0x50, [0, 0], 1)).toEqual([0x5a]);
  });
});

describe('MCP23017', () => {
  it('registers of both BANK layouts, sequential and byte mode', () => {
    const device = new Mcp23017(PINS);
    const { host } = bus(device);
    host.write(0x20, 0x00, 0x0f, 0xf0, 0x01, 0x02);
    expect(host.read(0x20, [0x00], 5)).toEqual([0x0f, 0xf0, 0x01, 0x02, 0x00]);
    // SEQOP, BANK 0: the pointer changes between the ports.
    host.write(0x20, 0x0a, 0x20);
    host.write(0x20, 0x0c, 0x11, 0x22, 0x33);
    expect([device.register('GPPU', 'A'), device.register('GPPU', 'B')]).toEqual([0x33, 0x22]);
    expect(host.read(0x20, [0x0c], 3)).toEqual([0x33, 0x22, 0x33]);
    // BANK 1 with SEQOP: it stays.
    host.write(0x20, 0x0a, 0xa0);
    expect(host.read(0x20, [0x16], 2)).toEqual([0x22, 0x22]);
    host.write(0x20, 0x05, 0x80);
    expect(host.read(0x20, [0x00], 7)).toEqual([0x0f, 0x01, 0, 0, 0, 0x80, 0x33]);
    expect(host.read(0x20, [0x10], 2)).toEqual([0xf0, 0x02]);
    host.write(0x20, 0x05, 0x00);
    // The last register rolls over to the first.
    host.write(0x20, 0x14, 0xaa, 0x55);
    expect(host.read(0x20, [0x14], 3)).toEqual([0xaa, 0x55, 0x0f]);
  });

  it('outputs, inputs, pull-ups and polarity', () => {
    const device = new Mcp23017({ ...PINS, address: 0x27 });
    const { host, log } = bus(device);
    host.write(0x27, 0x00, 0xf0);
    host.write(0x27, 0x12, 0xa5);
    expect([0, 1, 2, 3, 4].map((pin) => device.pinDrive(pin))).toEqual([1, 0, 1, 0, 'z']);
    host.write(0x27, 0x0c, 0x30);
    device.setPin(5, 0);
    device.command({ pin: 6, level: 1 });
    expect(host.read(0x27, [0x12], 1)).toEqual([0x55]);
    host.write(0x27, 0x02, 0xff);
    expect(host.read(0x27, [0x12], 1)).toEqual([0xaa]);
    expect(device.register('OLAT', 'A')).toBe(0xa5);
    device.setPin(0, 0);
    device.command({ pin: 99, level: 1 });
    device.command('press');
    expect(log.warnings).toHaveLength(3);
  });

  it('interrupts: on change, against DEFVAL, INTCAP, clearing, mirror, polarity, open drain', () => {
    const device = new Mcp23017({ ...PINS, intA: 4, intB: 5 });
    const { host, pad } = bus(device);
    const lines = () => [pad(4).wire.level, pad(5).wire.level];
    const inputs = (value: number) => {
      for (let pin = 0; pin < 16; pin++) device.setPin(pin, ((value >> pin) & 1) as 0 | 1);
    };
    inputs(0);
    expect(lines()).toEqual([1, 1]);
    host.write(0x20, 0x04, 0x0f);
    device.setPin(4, 1);
    expect(lines()).toEqual([1, 1]);
    device.setPin(1, 1);
    expect(lines()).toEqual([0, 1]);
    device.setPin(2, 1);
    expect(host.read(0x20, [0x0e], 1)).toEqual([0x02]);
    expect(lines()).toEqual([0, 1]);
    expect(host.read(0x20, [0x10], 1)).toEqual([0x12]);
    expect(lines()).toEqual([1, 1]);
    // GPB0 against DEFVAL 0: the interrupt lasts as long as the level.
    host.write(0x20, 0x09, 0x01);
    host.write(0x20, 0x05, 0x01);
    host.write(0x20, 0x0a, 0x40);
    device.setPin(8, 1);
    expect(lines()).toEqual([0, 0]);
    host.read(0x20, [0x13], 1);
    expect(lines()).toEqual([0, 0]);
    device.setPin(8, 0);
    host.read(0x20, [0x13], 1);
    expect(lines()).toEqual([1, 1]);
    host.write(0x20, 0x0a, 0x02);
    expect(lines()).toEqual([0, 0]);
    device.setPin(1, 0);
    expect(lines()).toEqual([1, 0]);
    host.write(0x20, 0x0a, 0x04);
    pad(5).attach('pull-up').setPull(1);
    expect(lines()).toEqual([0, 1]);
    expect(pad(5).condition).toBe('pulled');
  });
});

describe('BMP280', () => {
  it('compensates as the worked example of the data sheet', () => {
    expect(compensatedCelsius(BMP280_EXAMPLE, 519888)).toBeCloseTo(25.08, 2);
    expect(compensatedPascal(BMP280_EXAMPLE, 519888, 415148)).toBeCloseTo(100653.27, 1);
    expect(rawTemperature(BMP280_EXAMPLE, compensatedCelsius(BMP280_EXAMPLE, 519888))).toBe(519888);
    const pascal = compensatedPascal(BMP280_EXAMPLE, 519888, 415148);
    expect(rawPressure(BMP280_EXAMPLE, 519888, pascal)).toBe(415148);
  });

  it('the raw values give the physical ones back over the whole range', () => {
    for (let celsius = -40; celsius <= 85; celsius += 5)
      for (let pascal = 30_000; pascal <= 110_000; pascal += 10_000) {
        const temperature = rawTemperature(BMP280_EXAMPLE, celsius);
        expect(compensatedCelsius(BMP280_EXAMPLE, temperature)).toBeCloseTo(celsius, 2);
        const pressure = rawPressure(BMP280_EXAMPLE, temperature, pascal);
        const back = compensatedPascal(BMP280_EXAMPLE, temperature, pressure);
        expect(Math.abs(back - pascal)).toBeLessThan(0.2);
      }
  });

  it('measures once in forced mode, in the time of the oversampling, then sleeps', () => {
    const device = new Bmp280({ ...PINS, celsius: 25.08, pascal: 100653 });
    const { host, pass } = bus(device);
    expect(host.read(0x76, [0xd0], 1)).toEqual([0x58]);
    expect(host.read(0x76, [0x88], 6)).toEqual([0x70, 0x6b, 0x43, 0x67, 0x18, 0xfc]);
    expect(host.read(0x76, [0xf7], 6)).toEqual([0x80, 0, 0, 0x80, 0, 0]);
    // osrs_t x1, osrs_p x4: 1.25 + 2.3 + 9.2 + 0.575 = 13.325 ms.
    host.write(0x76, 0xf4, (1 << 5) | (3 << 2) | 1);
    pass(13);
    expect(host.read(0x76, [0xf3], 1)).toEqual([0x08]);
    pass(1);
    expect(host.read(0x76, [0xf3], 2)).toEqual([0x00, (1 << 5) | (3 << 2)]);
    const raw = host.read(0x76, [0xf7], 6);
    const join = (at: number) => (raw[at]! << 12) | (raw[at + 1]! << 4) | (raw[at + 2]! >> 4);
    expect(compensatedCelsius(BMP280_EXAMPLE, join(3))).toBeCloseTo(25.08, 2);
    expect(Math.abs(compensatedPascal(BMP280_EXAMPLE, join(3), join(0)) - 100653)).toBeLessThan(1);
  });

  it('repeats in normal mode; a command changes the air; a reset restores the registers', () => {
    const device = new Bmp280(PINS);
    const { host, pass, log } = bus(device);
    host.write(0x76, 0xf5, 0x00, 0xf4, (1 << 5) | (1 << 2) | 3);
    pass(8);
    const first = host.read(0x76, [0xfa], 3);
    device.command({ celsius: 30 });
    pass(8);
    expect(host.read(0x76, [0xfa], 3)).not.toEqual(first);
    device.command({ kelvin: 300 });
    expect(log.warnings).toHaveLength(1);
    host.write(0x76, 0xe0, 0xb6);
    expect(host.read(0x76, [0xf3], 2)).toEqual([0x01, 0x00]);
    pass(2);
    expect(host.read(0x76, [0xf3], 1)).toEqual([0x00]);
    expect(host.read(0x76, [0xfa], 3)).toEqual([0x80, 0, 0]);
  });
});

describe('on the wire', () => {
  it('a device holds SCL low as long as it wants', () => {
    const target = new I2cTarget(PINS, {
      called: () => {
        target.stretch(50_000);
        return true;
      },
      written: () => true,
      read: () => 0,
    });
    const slow: BoardDevice = {
      name: 'slow',
      plug: (b) => target.plug(b),
      save: () => target.save(),
      restore: (state) => target.restore(state),
    };
    const { host } = bus(slow);
    expect(host.write(0x33, 1)).toEqual([true, true]);
    expect(host.stretched).toBeGreaterThan(46_000);
    expect(host.stretched).toBeLessThan(50_000);
  });

  it('two devices of one address are reported once, two of different ones are not', () => {
    const { host, log } = bus(
      new Eeprom24Lc256({ ...PINS, address: 0x50 }),
      new Eeprom24Lc256({ ...PINS, address: 0x51 }),
    );
    expect([host.write(0x50), host.write(0x51), host.write(0x52)]).toEqual([
      [true],
      [true],
      [false],
    ]);
    expect(log.warnings).toEqual([]);
    const clash = bus(
      new Mcp23017({ ...PINS, name: 'one' }),
      new Mcp23017({ ...PINS, name: 'two' }),
    );
    clash.host.write(0x20);
    expect(new Set(clash.log.warnings)).toEqual(
      new Set(['another device acknowledges I2C address 0x20 as well']),
    );
  });

  it('a pin that the chip has not, and a driver that fights, are reported', () => {
    expect(() => bus(new Mcp23017({ sda: 28, scl: SCL }))).toThrow(/no pin GPIO28/);
    const { host, pad, log } = bus(new Mcp23017(PINS));
    pad(SDA).attach('short to 3.3 V').drive(1);
    host.write(0x20, 0x12, 0xff);
    expect(log.warnings.some((text) => /two drivers/.test(text))).toBe(true);
  });
});
