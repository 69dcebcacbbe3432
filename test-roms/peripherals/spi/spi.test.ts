/**
 * Firmware drives SPI2; the host looks at the wires. Every edge of the transfers in four modes with
 * four dividers is where the TRM's formulas put it, in ticks (the ROM runs from the 40 MHz crystal).
 * Then a flash on the same wires answers on one line, on four, and by DMA.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Esp32 } from '../../../emulator/index.ts';
import { SpiFlash } from '../../../peripherals/devices/spi-flash.ts';
import { runEmulator } from '../../tools/emulator.ts';

const IMAGE = new URL('./image.elf', import.meta.url);
const APB_TICKS = 12;
/** As main.c writes them: PRE, N, H; set-up 2 clocks, hold 2. */
const DIVIDERS = [
  [0, 1, 0],
  [0, 3, 1],
  [4, 4, 1],
  [1, 19, 9],
] as const;
const SETUP = 2;
const HOLD = 2;
const CONTENT = Uint8Array.from({ length: 1 << 22 }, (_, i) => (i * 151 + (i >> 8) * 7) & 0xff);

const word = (at: number): number => new DataView(CONTENT.buffer).getUint32(at, true);
const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** What main.c prints of CONTENT. */
function expected(): string {
  let sum = 0;
  for (let i = 0; i < 16; i++) sum = (Math.imul(sum, 31) + word(0x123400 + 4 * i)) >>> 0;
  const two = (label: string): string =>
    `${label}: ${hex(word(0x123456))}\n${label}: ${hex(word(0x12345a))}\n`;
  // Length and end of frame written back, the owner is the CPU; IN_DONE and IN_SUC_EOF.
  const descriptor = 0x40000000 + (64 << 12) + 64;
  return (
    `identification: 001640c8\n${two('one line')}${two('four lines')}` +
    `DMA: ${hex(sum)}\ndescriptor: ${hex(descriptor)}\ninterrupts: 00000028\n`
  );
}

type Edge = [wire: string, level: number, tick: number];

function run() {
  const chip = new Esp32();
  const pins = { cs: 26, clk: 14, mosi: 13, miso: 12, wp: 2, hd: 4 };
  chip.attach(new SpiFlash({ pins, chip: 'GD25Q32C', content: CONTENT.slice() }));
  const edges: Edge[] = [];
  for (const [name, gpio] of [
    ['clk', 14],
    ['d', 13],
    ['cs', 15],
  ] as const)
    chip.peripherals.pads[gpio]!.wire.connect((level) => edges.push([name, level, chip.now]));
  const result = runEmulator(readFileSync(IMAGE), 'image.elf', { maxCycles: 4_000_000 }, chip);
  return { chip, edges, text: result.stdout.toString(), code: result.exitCode };
}

const { chip, edges, text, code } = run();

it('the firmware sees what the flash holds', () => {
  expect(text).toBe(expected());
  expect(code).toBe(0);
  expect([...chip.log.warnings.keys()]).toEqual([]);
});

it('CLK, D and CS0 change at the ticks of the formulas in four modes with four dividers', () => {
  const selects = edges.filter(([wire]) => wire === 'cs').slice(-32);
  expect(selects.length).toBe(32);
  for (let n = 0; n < 16; n++) {
    const mode = n >> 2;
    const [pre, count, highCount] = DIVIDERS[n & 3]!;
    const cpol = mode >> 1;
    const [begin, end] = [selects[2 * n]!, selects[2 * n + 1]!];
    expect([begin[1], end[1]]).toEqual([0, 1]);
    expect(begin[2] % APB_TICKS).toBe(0);
    const period = (pre + 1) * (count + 1) * APB_TICKS;
    const high = (pre + 1) * (highCount + 1) * APB_TICKS;
    const start = begin[2] + SETUP * period;
    expect(end[2] - start).toBe((16 + HOLD) * period);
    const within = edges.filter(([, , tick]) => tick >= start && tick < end[2]);
    const active = cpol === 0 ? high : period - high;
    const lead = (mode & 1) === 0 ? period - active : 0;
    const clk = Array.from({ length: 16 }, (_, bit) => [
      ['clk', cpol ^ 1, start + bit * period + lead],
      ['clk', cpol, start + bit * period + lead + active],
    ]).flat();
    expect(within.filter(([wire]) => wire === 'clk')).toEqual(clk);
    // The low byte of W0 first, most significant bit first; D stands through each clock.
    const bits = [(mode << 4) | (n & 3), 0xa5].flatMap((byte) =>
      [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1),
    );
    let level = bits[0]! ^ 1;
    const d = bits.flatMap((bit, i) => {
      if (bit === level) return [];
      level = bit;
      return [['d', bit, start + i * period]];
    });
    const seen = within.filter(([wire]) => wire === 'd');
    // The first bit may have stood there before.
    expect(seen).toEqual(seen.length === d.length ? d : d.slice(1));
  }
});
