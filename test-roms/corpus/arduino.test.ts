/**
 * Arduino sketches as the Arduino IDE flashes them (ESP-IDF 4.4.7 below): flash at 80 MHz, no log,
 * loop task on APP_CPU, and a probe for PSRAM at every start.
 */
import { describe, expect, it } from 'vitest';
import { boot, MS, noImages } from './corpus.fixtures.ts';

const HELLO = 'arduino_hello_world-2.0.x-idf4.4.7-espressif';
/** GPIO of the blink sketch, and how long it waits between its changes. */
const LED = 2;
const DELAY_MS = 300;

describe.skipIf(noImages)('Arduino sketches', () => {
  it('blink drives its pin as it prints', () => {
    const session = boot('arduino_blink-lcgamboa-idf4.4.7');
    session.expect(/^mode:DIO, clock div:1/m, 30);
    const edges: [ms: number, level: number][] = [];
    session.chip.peripherals.pads[LED]!.wire.connect((level) =>
      edges.push([session.chip.now / MS, level]),
    );
    session.expect(/^LCGAMBOA_STARTED/m, 400);
    const on = session.expect(/^LED_ON/m, 400).ms;
    const off = session.expect(/^LED_OFF/m, 800).ms;
    expect(edges.map(([, level]) => level)).toEqual([1, 0]);
    const [up, down] = edges.map(([ms]) => ms) as [number, number];
    expect(down - up).toBeGreaterThanOrEqual(DELAY_MS);
    expect(down - up).toBeLessThan(DELAY_MS + 1);
    expect(off - on).toBeGreaterThanOrEqual(DELAY_MS - 3);
    expect(off - on).toBeLessThan(DELAY_MS + 1);
  });

  it('hello_world without PSRAM says so and starts', () => {
    const session = boot(HELLO);
    session.expect(/^E \(\d+\) psram: PSRAM ID read error: 0xffffffff/m, 400);
    session.expect(/^Hello Arduino!/m, 400);
  });

  it('hello_world with 4 MB of PSRAM tests all of it before it starts', () => {
    const session = boot(HELLO, { psramSize: 4 << 20 });
    session.expect(/^Hello Arduino!/m, 800);
    expect(session.text).not.toContain('psram');
    // ESP-IDF's memory test leaves word i ^ 0xaaaaaaaa in every eighth word.
    const words = new Uint32Array(session.chip.memory.block('PSRAM').slice().buffer);
    for (let i = 0x4000; i < words.length; i += 0x4000)
      expect(words[i]).toBe((i ^ 0xaaaaaaaa) >>> 0);
  });
});
