/**
 * Firmware drives I2C0 and a 24LC256; the host looks at the wire. Every edge of the first transfer is
 * where the formulas of the TRM put it, in cycles of the APB clock (40 MHz: the ROM runs from the crystal).
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeI2c, i2cText } from '../../../emulator/debugger/waveform/decode-i2c.ts';
import type { Wave } from '../../../emulator/debugger/waveform/recorder.ts';
import { Esp32 } from '../../../emulator/index.ts';
import { Eeprom24Lc256 } from '../../../peripherals/devices/eeprom-24lc256.ts';
import { runEmulator } from '../../tools/emulator.ts';

const IMAGE = new URL('./image.elf', import.meta.url);
const SCL = 22;
const SDA = 21;
const APB_TICKS = 12;
/** As main.c writes them; the filter adds 6 + 5 cycles to the high period. */
const LOW = 60 + 1;
const HIGH = 44 + 6 + 5;
const HOLD = 17;
const START_HOLD = 35;
const RESTART_SETUP = 38;
const STOP_SETUP = 33;
/** The EEPROM changes SDA 250 ns after SCL's fall. */
const DEVICE_HOLD = 10;
/**
 * INT_RAW: TRANS_START, MASTER_TRAN_COMP, TXFIFO_EMPTY and what ends the list. SR: three bytes in the
 * RX FIFO and ACK_REC of the address; at the end ACK_REC 1 of the missing device and an empty FIFO.
 */
const EXPECTED = `write, END: 0000024a
write, STOP: 000000c2
COMD0: 80000901
polled the write cycle
read: 000002c2
SR: 00000300
byte: 000000de
byte: 000000ad
byte: 000000ff
missing: 00000642
SR: 00000001
`;

type Edge = [wire: 'scl' | 'sda', level: number, cycle: number];

function run() {
  const chip = new Esp32();
  const eeprom = new Eeprom24Lc256({ scl: SCL, sda: SDA });
  chip.attach(eeprom);
  const edges: Edge[] = [];
  for (const [name, pin] of [
    ['scl', SCL],
    ['sda', SDA],
  ] as const)
    chip.peripherals.pads[pin]!.wire.connect((level) =>
      edges.push([name, level, chip.now / APB_TICKS]),
    );
  const result = runEmulator(readFileSync(IMAGE), 'image.elf', { maxCycles: 4_000_000 }, chip);
  return { chip, eeprom, edges, text: result.stdout.toString(), code: result.exitCode };
}

/** A byte and its ACK from SCL's fall at `fall`; `sda` is the level before. */
function byteEdges(fall: number, value: number, sda: number): Edge[] {
  const edges: Edge[] = [];
  let last = sda;
  for (let bit = 0; bit < 8; bit++) {
    const level = (value >> (7 - bit)) & 1;
    if (level !== last) edges.push(['sda', level, fall + HOLD]);
    last = level;
    edges.push(['scl', 1, fall + LOW], ['scl', 0, fall + LOW + HIGH]);
    fall += LOW + HIGH;
  }
  // The EEPROM pulls SDA low before the master lets it go; the wire stays low, or falls.
  if (last === 1) edges.push(['sda', 0, fall + DEVICE_HOLD]);
  edges.push(['scl', 1, fall + LOW], ['scl', 0, fall + LOW + HIGH]);
  return edges;
}

it('firmware writes, polls and reads the EEPROM; each edge is at its cycle', () => {
  const { chip, eeprom, edges, text, code } = run();
  expect(text).toBe(EXPECTED);
  expect(code).toBe(0);
  expect([...eeprom.content.subarray(0x100, 0x103)]).toEqual([0xde, 0xad, 0xff]);
  expect(chip.clocks.apb.hz).toBe(40_000_000);

  const start = edges.findIndex(([wire, level]) => wire === 'sda' && level === 0);
  const [, , begin] = edges[start]!;
  const fall = begin + START_HOLD;
  const byte = 9 * (LOW + HIGH);
  // After the ACK the EEPROM lets go before the master drives the next bit.
  const release = (at: number): Edge => ['sda', 1, at + DEVICE_HOLD];
  const expected: Edge[] = [
    ['sda', 0, begin],
    ['scl', 0, fall],
    ...byteEdges(fall, 0xa0, 0),
    release(fall + byte),
    ...byteEdges(fall + byte, 0x01, 1),
    release(fall + 2 * byte),
    ...byteEdges(fall + 2 * byte, 0x00, 1),
    release(fall + 3 * byte),
    ...byteEdges(fall + 3 * byte, 0xde, 1),
  ];
  expect(edges.slice(start, start + expected.length)).toEqual(expected);

  // The repeated START of the read: SDA falls SCL_RSTART_SETUP after SCL's rise.
  const restarts = edges.filter(([wire, level], n) => {
    const clock = edges.slice(0, n).findLast((edge) => edge[0] === 'scl');
    return wire === 'sda' && level === 0 && clock?.[1] === 1;
  });
  const rises = restarts.map((edge) =>
    edges.slice(0, edges.indexOf(edge)).findLast((before) => before[0] === 'scl'),
  );
  expect(restarts.map((edge, n) => edge[2] - rises[n]![2])).toContain(RESTART_SETUP);
  const last = edges.at(-1)!;
  const lastRise = edges.findLast(([wire]) => wire === 'scl')!;
  expect([last[1], last[2] - lastRise[2]]).toEqual([1, STOP_SETUP]);

  const wave = (name: Edge[0]): Wave => ({
    name,
    scope: 'pins',
    initial: '1',
    changes: edges
      .slice(start)
      .filter(([wire]) => wire === name)
      .map(([, level, cycle]) => ({ tick: cycle * APB_TICKS, value: level === 1 ? '1' : '0' })),
  });
  const lines = i2cText(decodeI2c(wave('scl'), wave('sda'))).split('\n');
  expect(lines[0]!.trim()).toBe('S 50W+ 01+ 00+ de+ ad+ P');
  expect(lines[1]!.trim()).toBe('S 50W- P');
  expect(lines.at(-2)!.trim()).toBe('S 50W+ 01+ 00+ Sr 50R+ de+ ad+ ff- P');
  expect(lines.at(-1)!.trim()).toBe('S 51W- P');
  // 5 ms of write cycle at 9 clocks and a STOP per poll.
  const polls = lines.filter((line) => line.trim() === 'S 50W- P').length;
  expect(polls).toBeGreaterThan(100);
});
