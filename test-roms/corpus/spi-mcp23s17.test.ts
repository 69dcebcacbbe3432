/**
 * A real ESP-IDF 4.3 image that drives an MCP23S17 through SPI3: MOSI GPIO21 and CLK GPIO18, MISO
 * GPIO19 by the GPIO matrix, chip select GPIO5 by software, 10 MHz.
 */
import { describe, expect, it } from 'vitest';
import { Mcp23s17 } from '../../peripherals/devices/mcp23s17.ts';
import { boot, logLine, noImages } from './corpus.fixtures.ts';

describe.skipIf(noImages)('spi-master-mcp23s17', { timeout: 300_000 }, () => {
  it('configures the expander, blinks on port A and copies a pin of port B', () => {
    const session = boot('periph_spi-master-mcp23s17-v4.3');
    const expander = new Mcp23s17({ pins: { cs: 5, clk: 18, mosi: 21, miso: 19 } });
    session.chip.attach(expander);
    const clk: number[] = [];
    session.chip.peripherals.pads[18]!.wire.connect((level) => {
      if (level === 1) clk.push(session.chip.now);
    });
    session.expect(logLine('main', 'Initializing device'), 1500);
    session.runTo(session.ms + 50);
    // 10 MHz: each command's 24 clocks are 48 ticks apart.
    expect(clk.length % 24).toBe(0);
    clk.forEach((tick, i) => {
      if (i % 24 !== 0) expect(tick - clk[i - 1]!).toBe(48);
    });
    // Register 10 of BANK 0 is IOCON (0x28: SEQOP, HAEN), 0 and 1 IODIR, 13 GPPUB, 19 GPIOB.
    expect(expander.register('IOCON', 'A')).toBe(0x28);
    expect(expander.register('IODIR', 'A')).toBe(0);
    expect(expander.register('IODIR', 'B')).toBe(0x80);
    expect(expander.register('GPPU', 'B')).toBe(0x80);
    // Each second: GPIOA = count & 1, then GPIOB bit 0 = bit 7 as read back over MISO.
    const levels: number[] = [];
    for (let second = 0; second < 4; second++) {
      expander.setPin(15, second < 2 ? 1 : 0);
      session.runTo(session.ms + 1000);
      levels.push(expander.pinLevel(0));
      expect(expander.pinLevel(8)).toBe(second < 2 ? 1 : 0);
    }
    expect(levels.map((level) => level ^ levels[0]!)).toEqual([0, 1, 0, 1]);
    expect(session.chip.log.resets).toEqual([]);
  });
});
