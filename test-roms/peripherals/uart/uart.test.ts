/**
 * Firmware drives UART1 by interrupts and by UHCI0; the host looks at the wire. Every edge of the text is
 * where CLKDIV puts it, in cycles of the APB clock (40 MHz: the ROM runs from the crystal).
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeUart } from '../../../emulator/debugger/waveform/decode-uart.ts';
import type { Wave } from '../../../emulator/debugger/waveform/recorder.ts';
import { Esp32 } from '../../../emulator/index.ts';
import { runEmulator } from '../../tools/emulator.ts';

const IMAGE = new URL('./image.elf', import.meta.url);
const PAD = 17;
const APB_TICKS = 12;
/** As main.c writes it: 347 4/16 cycles per bit. */
const SIXTEENTHS = 347 * 16 + 4;
/**
 * UART1: TX_DONE and RXFIFO_FULL, an interrupt each. UHCI0: IN_SUC_EOF by interrupt; INT_RAW still has
 * RX_START, TX_START (separators), IN_DONE, OUT_DONE, OUT_EOF, OUT_TOTAL_EOF. The descriptor is the
 * CPU's again, with 5 bytes and the end of the frame.
 */
const EXPECTED = `Hello
UART1: 00004001
interrupts: 00000002
UHCI0: 00000020
raw: 00002193
descriptor: 40005010
byte: 000000c0
byte: 00000001
byte: 000000db
byte: 00000002
byte: 00000003
refused: 00000400
`;

it('firmware sends and receives by interrupt and by DMA; each edge is at its cycle', () => {
  const chip = new Esp32();
  const edges: [level: number, tick: number][] = [];
  chip.peripherals.pads[PAD]!.wire.connect((level) => edges.push([level, chip.now]));
  const { stdout, exitCode } = runEmulator(
    readFileSync(IMAGE),
    'image.elf',
    { maxCycles: 4_000_000 },
    chip,
  );
  expect(stdout.toString()).toBe(EXPECTED);
  expect(exitCode).toBe(0);
  expect(chip.clocks.apb.hz).toBe(40_000_000);

  // The refused descriptor is reported with its place.
  expect(chip.log.warnings.size).toBe(1);
  const [message, entry] = [...chip.log.warnings][0]!;
  expect(message).toMatch(/^UHCI0: send descriptor 0x3ffb[0-9a-f]{4}: not the DMA's/);
  expect(entry).toMatchObject({ core: 'PRO_CPU', count: 1 });
  expect(entry.pc >>> 16).toBe(0x4008);

  const start = edges.findIndex(([level]) => level === 0);
  const wire = edges.slice(start);
  const begin = wire[0]![1];
  expect(begin % APB_TICKS).toBe(0);
  const bits = [...'Hello'].flatMap((c) => {
    const value = c.charCodeAt(0);
    return [0, ...Array.from({ length: 8 }, (_, bit) => (value >> bit) & 1), 1];
  });
  const expected = bits.flatMap((bit, n) =>
    bit === (bits[n - 1] ?? 1)
      ? []
      : [[bit, begin + APB_TICKS * Math.floor((n * SIXTEENTHS) / 16)] as const],
  );
  expect(wire.slice(0, expected.length)).toEqual(expected);

  const wave: Wave = {
    name: 'TXD',
    scope: 'pins',
    initial: '1',
    changes: wire.map(([level, tick]) => ({ tick, value: level === 1 ? '1' : '0' })),
  };
  const frames = decodeUart(wave, { baudHz: (40_000_000 * 16) / SIXTEENTHS });
  expect(frames.every(({ faults }) => faults.length === 0)).toBe(true);
  const separated = [0xc0, 0xdb, 0xdc, 0x01, 0xdb, 0xdd, 0x02, 0x03, 0xc0];
  expect(frames.map(({ value }) => value)).toEqual([
    ...[...'Hello'].map((c) => c.charCodeAt(0)),
    ...separated,
  ]);
  // Back to back: no idle time between the frames of the DMA.
  const [first, last] = [frames.at(-separated.length)!, frames.at(-1)!];
  expect(last.tick - first.tick).toBe(
    APB_TICKS * Math.floor(((separated.length - 1) * 10 * SIXTEENTHS) / 16),
  );
});
