/** PSRAM commands on the wires, in the forms that ESP-IDF's `esp_psram_impl_quad.c` sends. */
import { expect, it } from 'vitest';
import type { SpiLines, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import { Psram } from './psram.ts';

function nibbles(bytes: number[]): number[] {
  return bytes.flatMap((byte) => [byte >> 4, byte & 15]);
}

function bits(bytes: number[]): number[] {
  return bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => 0xe | ((byte >> bit) & 1)));
}

function send(psram: Psram, head: number[], want = 0, lines: SpiLines = 1): number[] {
  const out = Uint8Array.from([...head, ...new Array<number>((want * 8) / lines).fill(0xf)]);
  const transfer: SpiTransfer = {
    start: 0,
    clockTicks: 12,
    mode: 0,
    out,
    in: new Uint8Array(out.length).fill(0xf),
    firstSample: head.length,
  };
  psram.transfer(transfer);
  return Array.from({ length: want }, (_, i) => {
    let value = 0;
    for (let clock = 0; clock < 8 / lines; clock++) {
      const wire = transfer.in[head.length + (i * 8) / lines + clock]!;
      value = lines === 1 ? (value << 1) | ((wire >> 1) & 1) : (value << 4) | wire;
    }
    return value;
  });
}

const DELAY = [0xe, 0xe];

it('answers its id: good die, density 64 Mbit', () => {
  const psram = new Psram({ content: new Uint8Array(8 << 20) });
  const id = send(psram, bits([0x9f, 0, 0, 0]), 3);
  expect(id[1]).toBe(0x5d);
  expect(id[2]! >> 5).toBe(2);
  expect(send(psram, [...DELAY, ...bits([0x9f, 0, 0, 0])], 3)).toEqual(id);
});

it('enters and leaves QPI mode, with and without the two delay clocks', () => {
  const psram = new Psram({ content: new Uint8Array(4 << 20) });
  send(psram, [...DELAY, ...bits([0x35])]);
  expect(psram.quadMode).toBe(true);
  send(psram, nibbles([0x00, 0xf5]));
  expect(psram.quadMode).toBe(false);
  send(psram, bits([0x35]));
  send(psram, nibbles([0xf5]));
  expect(psram.quadMode).toBe(false);
});

it('reads back in QPI what was written in QPI and SPI', () => {
  const content = new Uint8Array(2 << 20);
  const changes: number[][] = [];
  const psram = new Psram({ content, onChange: (from, to) => changes.push([from, to]) });
  send(psram, bits([0x02, 0x00, 0x12, 0x34, 0xab]));
  expect(content[0x1234]).toBe(0xab);
  send(psram, bits([0x35]));
  send(psram, nibbles([0x38, 0x00, 0x12, 0x35, 0xcd, 0xef]));
  const head = [...nibbles([0xeb, 0x00, 0x12, 0x34]), 15, 15, 15, 15, 15, 15];
  expect(send(psram, head, 3, 4)).toEqual([0xab, 0xcd, 0xef]);
  expect(changes).toEqual([
    [0x1234, 0x1235],
    [0x1235, 0x1237],
  ]);
});

it('refuses a size that no chip has', () => {
  expect(() => new Psram({ content: new Uint8Array(5) })).toThrow('PSRAM: 5 bytes');
});
