/**
 * A real I2C master (ESP-IDF v4.3, SCL on GPIO0, SDA on GPIO2): it makes port A and GPB0 outputs of an
 * MCP23017 at 0x20, writes seconds to GPA0 and copies GPB7 to GPB0.
 */
import { describe, expect, it } from 'vitest';
import { Mcp23017 } from '../../peripherals/devices/mcp23017.ts';
import { boot, logLine, MS, noImages } from './corpus.fixtures.ts';

const IMAGE = 'periph_i2c-master-mcp23017-v4.3';
const SCL = 0;
const SDA = 2;
/** ESP-IDF's driver with 400 kHz: SCL_LOW_PERIOD 100, SCL_HIGH_PERIOD 100 and a filter of 7. */
const APB_TICKS = 6;
const LOW_TICKS = (100 + 1) * APB_TICKS;
const HIGH_TICKS = (100 + 6 + 7) * APB_TICKS;

describe.skipIf(noImages)(IMAGE, () => {
  it('drives the expander for seconds, edge by edge', () => {
    const session = boot(IMAGE);
    const expander = new Mcp23017({ scl: SCL, sda: SDA });
    session.chip.attach(expander);
    const edges: number[] = [];
    session.chip.peripherals.pads[SCL]!.wire.connect(() => edges.push(session.chip.now));
    session.expect(logLine('main', 'Initializing bus I2C0'), 1000);
    session.runTo(session.ms + 30);
    expect(expander.register('IODIR', 'A')).toBe(0x00);
    expect(expander.register('IODIR', 'B')).toBe(0x80);
    expect(expander.register('GPPU', 'B')).toBe(0x80);
    expect(expander.pinDrive(8)).toBe(1);

    // The first byte: nine clocks of the formulas' lengths.
    const first = edges.findIndex((tick, n) => edges[n + 1] === tick + LOW_TICKS);
    const lengths = edges.slice(first, first + 17).map((tick, n) => edges[first + n + 1]! - tick);
    expect(lengths).toEqual(
      Array.from({ length: 17 }, (_, n) => (n % 2 === 0 ? LOW_TICKS : HIGH_TICKS)),
    );

    const begin = Math.floor(session.ms / 1000) * 1000;
    const seconds: number[] = [];
    for (let ms = begin + 1500; ms <= begin + 3500; ms += 1000) {
      session.runTo(ms);
      seconds.push(expander.pinLevel(0));
    }
    expect(seconds).toEqual([0, 1, 0]);
    expander.setPin(15, 0);
    session.runTo(session.ms + 1100);
    expect(expander.pinDrive(8)).toBe(0);
    expander.setPin(15, 'z');
    session.runTo(session.ms + 1100);
    expect(expander.pinDrive(8)).toBe(1);
    expect(session.text).not.toMatch(/ESP_ERROR_CHECK|abort|Guru/);
    expect(
      [...session.chip.log.unmodelledEntries.values()].filter(({ device }) => /^I2C/.test(device)),
    ).toEqual([]);
    expect(session.chip.now).toBeGreaterThan(5000 * MS);
  });

  it('without the expander: nobody acknowledges, and the example aborts as on a bare board', () => {
    const session = boot(IMAGE);
    session.expect(logLine('main', 'Initializing bus I2C0'), 1000);
    session.expect(/ESP_ERROR_CHECK failed: esp_err_t 0x[0-9a-f]+ \(.*\) at/, 3000);
  });
});
