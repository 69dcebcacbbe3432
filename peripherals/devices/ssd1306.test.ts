/** The OLED display over a bit-banged bus: where bytes of the three addressing modes are seen. */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testBoard } from './bench.fixtures.ts';
import { I2cHost } from './i2c-host.fixtures.ts';
import { Ssd1306 } from './ssd1306.ts';

const PINS = { sda: 21, scl: 22 };

function display(height: 32 | 64 = 64) {
  const oled = new Ssd1306({ ...PINS, height });
  const { scheduler, pad, log } = testBoard(oled);
  const host = new I2cHost(scheduler, pad(21), pad(22));
  const commands = (...bytes: number[]) => host.write(0x3c, 0x00, ...bytes);
  const data = (...bytes: number[]) => host.write(0x3c, 0x40, ...bytes);
  const lit = () => {
    const found: string[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < 128; x++) if (oled.pixel(x, y)) found.push(`${x},${y}`);
    return found;
  };
  return { oled, host, commands, data, lit, log };
}

/** What the common libraries send: upright, on. */
const UPRIGHT = [0xa1, 0xc8, 0xaf];

describe('SSD1306', () => {
  it('is dark until it is switched on; inverse and all-on', () => {
    const { data, commands, lit, host } = display();
    data(0x01);
    expect(lit()).toEqual([]);
    expect(host.read(0x3c, [], 1)).toEqual([0x40]);
    commands(...UPRIGHT);
    expect(lit()).toEqual(['0,0']);
    expect(host.read(0x3c, [], 1)).toEqual([0x00]);
    commands(0xa7);
    expect(lit()).toHaveLength(128 * 64 - 1);
    commands(0xa6, 0xa5);
    expect(lit()).toHaveLength(128 * 64);
    commands(0xa4, 0xae);
    expect(lit()).toEqual([]);
  });

  it('segment remap and COM direction turn the picture', () => {
    const { data, commands, lit } = display();
    data(0x01);
    commands(0xaf);
    expect(lit()).toEqual(['127,63']);
    commands(0xa1);
    expect(lit()).toEqual(['0,63']);
    commands(0xa0, 0xc8);
    expect(lit()).toEqual(['127,0']);
    commands(0xa1, 0x40 | 8);
    expect(lit()).toEqual(['0,56']);
    commands(0x40, 0xd3, 8);
    expect(lit()).toEqual(['0,56']);
  });

  it('page mode stays in its page, horizontal and vertical mode run through the window', () => {
    const page = display();
    page.commands(...UPRIGHT, 0xb2, 0x0e, 0x17);
    page.data(1, 2, 4);
    expect(page.lit()).toEqual(['126,16', '127,17', '0,18'].sort(byLine));
    const horizontal = display();
    horizontal.commands(...UPRIGHT, 0x20, 0, 0x21, 10, 11, 0x22, 1, 2);
    horizontal.data(1, 1, 1, 1, 0x80);
    expect(horizontal.lit()).toEqual(['11,8', '10,15', '10,16', '11,16']);
    const vertical = display();
    vertical.commands(...UPRIGHT, 0x20, 1, 0x21, 10, 11, 0x22, 1, 2);
    vertical.data(1, 1, 0x80);
    expect(vertical.lit()).toEqual(['10,8', '11,15', '10,16']);
  });

  it('a 128x32 glass shows lines 0 to 31', () => {
    const { commands, data, lit } = display(32);
    commands(...UPRIGHT, 0xa8, 31);
    commands(0xb3, 0x00, 0x10);
    data(0x80);
    commands(0xb4, 0x00, 0x10);
    data(0xff);
    expect(lit()).toEqual(['0,31']);
  });

  it('control bytes with Co mix commands and data; arguments may come later', () => {
    const { host, lit } = display();
    host.write(0x3c, 0x80, 0xa1, 0x80, 0xc8, 0x80, 0xaf, 0x80, 0xd3);
    host.write(0x3c, 0x80, 0x00, 0xc0, 0x01, 0x40, 0x02);
    expect(lit()).toEqual(['0,0', '1,1']);
  });

  it('scrolling and unknown commands are reported', () => {
    const { commands, log } = display();
    commands(0x26, 0, 0, 0, 7, 0, 0xff, 0x2f, 0xe3, 0xff);
    expect(log.warnings).toEqual([
      'command 0x26 is not modelled',
      'command 0x2f is not modelled',
      'command 0xff is not modelled',
    ]);
  });

  it('gives its picture as PNG and as text', () => {
    const { commands, data, oled } = display(32);
    commands(...UPRIGHT, 0xa8, 31);
    data(0x03, 0x01, 0x02);
    const png = oled.png();
    const length = new DataView(png.buffer).getUint32(33);
    const pixels = inflateSync(png.subarray(41, 41 + length));
    expect(pixels).toHaveLength(32 * (3 * 128 + 1));
    expect([...pixels.subarray(0, 10)]).toEqual([0, 255, 255, 255, 255, 255, 255, 0, 0, 0]);
    expect(oled.text()).toBe('█▀▄');
  });

  it('survives save and restore', () => {
    const [one, two] = [display(), display()];
    one.commands(...UPRIGHT, 0x20, 0);
    one.data(0xff, 0x0f);
    two.oled.restore(structuredClone(one.oled.save()));
    expect(two.lit()).toEqual(one.lit());
    two.data(0x01);
    expect(two.oled.ram[2]).toBe(1);
  });
});

function byLine(a: string, b: string): number {
  const [ax, ay] = a.split(',').map(Number) as [number, number];
  const [bx, by] = b.split(',').map(Number) as [number, number];
  return ay - by || ax - bx;
}
