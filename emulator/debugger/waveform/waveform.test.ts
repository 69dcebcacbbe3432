/**
 * Waveforms of a running chip, with sigrok-cli as the independent reader of the VCD file and as the
 * independent protocol decoder.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Board, BoardDevice, BoardEvent, BoardWire } from '../../bus/board-device.ts';
import type { State } from '../../bus/state.ts';
import { Esp32 } from '../../esp32.ts';
import { MASTER_HZ } from '../../scheduler/clock.ts';
import { decodeI2c, i2cText } from './decode-i2c.ts';
import { decodeSpi } from './decode-spi.ts';
import { decodeUart, uartText } from './decode-uart.ts';
import { selectProbes } from './probe.ts';
import { WaveRecorder } from './recorder.ts';
import type { Recording } from './recorder.ts';
import { formatSvg } from './svg.ts';
import { formatVcd, nanoseconds } from './vcd.ts';
import { dutyCycleOf, edgesOf, frequencyOf, waveOf } from './wave.ts';

const hasSigrok = spawnSync('sigrok-cli', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'waveform-'));
const BIT = 4800;

it.runIf(process.env['CI'] === 'true')('CI has sigrok-cli', () => {
  expect(hasSigrok).toBe(true);
});

/** Drives wires after a script of [ticks to wait, gpio, level]. */
class Player implements BoardDevice {
  readonly name = 'player';
  private readonly script: readonly (readonly [number, number, 0 | 1 | 'z'])[];
  private readonly wires = new Map<number, BoardWire>();
  private event!: BoardEvent;
  private next = 0;

  constructor(script: readonly (readonly [number, number, 0 | 1 | 'z'])[]) {
    this.script = script;
  }

  plug(board: Board): void {
    for (const [, gpio] of this.script)
      if (!this.wires.has(gpio)) this.wires.set(gpio, board.wire(gpio));
    this.event = board.event('step', (now) => {
      const [, gpio, level] = this.script[this.next++]!;
      this.wires.get(gpio)!.drive(level);
      this.schedule(now);
    });
    this.schedule(board.now);
  }

  save(): State {
    return { next: this.next };
  }

  restore(state: State): void {
    this.next = state['next'] as number;
  }

  private schedule(now: number): void {
    const step = this.script[this.next];
    if (step !== undefined) this.event.at(now + step[0]);
  }
}

function record(script: readonly (readonly [number, number, 0 | 1 | 'z'])[], globs: string[]) {
  const chip = new Esp32();
  chip.attach(new Player(script));
  const recorder = new WaveRecorder(selectProbes(chip.probes(), globs), () => chip.now);
  chip.runUntil(script.reduce((sum, [wait]) => sum + wait, 0) + 20 * BIT);
  return recorder.recording();
}

function sigrok(recording: Recording, decoder: string, annotation: string): string[] {
  const file = join(folder, `${decoder.split(':')[0]}.vcd`);
  writeFileSync(file, formatVcd(recording));
  const args = ['-i', file, '-I', 'vcd', '-P', decoder, '-A', annotation];
  const { stdout, stderr, status } = spawnSync('sigrok-cli', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^[^:]*: /, ''));
}

/** A frame of 8 data bits with even parity; an idle bit before it. */
function frame(gpio: number, value: number): (readonly [number, number, 0 | 1])[] {
  const data = Array.from({ length: 8 }, (_, bit) => ((value >> bit) & 1) as 0 | 1);
  const parity = (data.filter((bit) => bit === 1).length & 1) as 0 | 1;
  return [1, 0, ...data, parity, 1].map((bit) => [BIT, gpio, bit as 0 | 1] as const);
}

const I2C = { scl: 22, sda: 21 };
const clockBit = (bit: 0 | 1): (readonly [number, number, 0 | 1])[] => [
  [BIT, I2C.sda, bit],
  [BIT, I2C.scl, 1],
  [2 * BIT, I2C.scl, 0],
];
const i2cByte = (value: number, nack: 0 | 1): (readonly [number, number, 0 | 1])[] => [
  ...Array.from({ length: 8 }, (_, bit) => clockBit(((value >> (7 - bit)) & 1) as 0 | 1)).flat(),
  ...clockBit(nack),
];
const I2C_START: (readonly [number, number, 0 | 1])[] = [
  [BIT, I2C.sda, 1],
  [BIT, I2C.scl, 1],
  [BIT, I2C.sda, 0],
  [BIT, I2C.scl, 0],
];
const I2C_STOP: (readonly [number, number, 0 | 1])[] = [
  [BIT, I2C.sda, 0],
  [BIT, I2C.scl, 1],
  [BIT, I2C.sda, 1],
];

const SPI = { cs: 15, clk: 14, mosi: 13, miso: 12 };
/** Mode 0: data changes while the clock is low. */
function spiByte(out: number, back: number): (readonly [number, number, 0 | 1])[] {
  return Array.from({ length: 8 }, (_, n) => [
    [BIT, SPI.mosi, ((out >> (7 - n)) & 1) as 0 | 1] as const,
    [0, SPI.miso, ((back >> (7 - n)) & 1) as 0 | 1] as const,
    [BIT, SPI.clk, 1] as const,
    [BIT, SPI.clk, 0] as const,
  ]).flat();
}

describe.skipIf(!hasSigrok)('sigrok-cli reads the VCD and agrees with our decoders', () => {
  it('UART with parity', () => {
    const script = [...'Lock\xff\x00'].flatMap((c) => frame(17, c.charCodeAt(0)));
    const recording = record(script, ['GPIO17']);
    const baudHz = MASTER_HZ / BIT;
    const frames = decodeUart(waveOf(recording, 'GPIO17'), { baudHz, parity: 'even' });
    expect(uartText(frames)).toBe('Lock\xff\x00');
    expect(frames.flatMap(({ faults }) => faults)).toEqual([]);
    const seen = sigrok(recording, `uart:rx=GPIO17:baudrate=${baudHz}:parity=even`, 'uart=rx-data');
    expect(seen.map((byte) => parseInt(byte, 16))).toEqual(frames.map(({ value }) => value));
    const wrong = decodeUart(waveOf(recording, 'GPIO17'), { baudHz, parity: 'odd' });
    expect(wrong.every(({ faults }) => faults.includes('parity'))).toBe(true);
  });

  it('I2C with a repeated start and a NACK', () => {
    const script = [
      ...I2C_START, ...i2cByte(0x40, 0), ...i2cByte(0x12, 0),
      ...I2C_START, ...i2cByte(0x41, 0), ...i2cByte(0xa5, 1), ...I2C_STOP,
    ]; // prettier-ignore
    const recording = record(script, ['GPIO21', 'GPIO22']);
    const items = decodeI2c(waveOf(recording, 'GPIO22'), waveOf(recording, 'GPIO21'));
    expect(i2cText(items)).toBe('S 20W+ 12+ Sr 20R+ a5- P');
    const seen = sigrok(recording, 'i2c:scl=GPIO22:sda=GPIO21', 'i2c');
    expect(seen.filter((line) => !/^[01]$/.test(line))).toEqual([
      'Start', 'Write', 'Address write: 20', 'ACK', 'Data write: 12', 'ACK',
      'Start repeat', 'Read', 'Address read: 20', 'ACK', 'Data read: A5', 'NACK', 'Stop',
    ]); // prettier-ignore
  });

  it('SPI in both directions', () => {
    const script = [
      [BIT, SPI.clk, 0], [BIT, SPI.cs, 1], [BIT, SPI.cs, 0],
      ...spiByte(0x9f, 0xff), ...spiByte(0x00, 0xc8), [BIT, SPI.cs, 1],
    ] as (readonly [number, number, 0 | 1])[]; // prettier-ignore
    const recording = record(script, ['GPIO1?']);
    const wave = (gpio: number) => waveOf(recording, `GPIO${gpio}`);
    const [transfer] = decodeSpi({
      ...{ clk: wave(SPI.clk), cs: wave(SPI.cs), mosi: wave(SPI.mosi), miso: wave(SPI.miso) },
      mode: 0,
    });
    expect(transfer).toMatchObject({ clocks: 16, mosi: [0x9f, 0x00], miso: [0xff, 0xc8] });
    const wires = 'spi:clk=GPIO14:mosi=GPIO13:miso=GPIO12:cs=GPIO15';
    const seen = (which: string) =>
      sigrok(recording, wires, `spi=${which}-data`).map((byte) => parseInt(byte, 16));
    expect(seen('mosi')).toEqual([0x9f, 0x00]);
    expect(seen('miso')).toEqual([0xff, 0xc8]);
  });
});

describe('a recording', () => {
  it('keeps edges at their ticks; frequency and duty cycle come from them', () => {
    const wave = waveOf(
      record([1, 0, 1, 0, 1].map((level, i) => [i % 2 === 0 ? 3000 : 1000, 18, level as 0 | 1]), ['GPIO18']),
      'GPIO18',
    ); // prettier-ignore
    expect(edgesOf(wave).map(({ tick, kind }) => [tick, kind])).toEqual([
      [4000, 'falling'], [7000, 'rising'], [8000, 'falling'], [11000, 'rising'],
    ]); // prettier-ignore
    expect(frequencyOf(wave)).toBe(MASTER_HZ / 4000);
    expect(dutyCycleOf(wave)).toBe(0.25);
  });

  it('shows a floating pin as z and two drivers as x', () => {
    const recording = record([[100, 18, 1], [100, 18, 'z']], ['GPIO18']); // prettier-ignore
    expect(waveOf(recording, 'GPIO18')).toMatchObject({
      initial: 'z',
      changes: [{ tick: 100, value: '1' }, { tick: 200, value: 'z' }],
    }); // prettier-ignore
    const chip = new Esp32();
    const recorder = new WaveRecorder(selectProbes(chip.probes(), ['GPIO18']), () => chip.now);
    const pad = chip.peripherals.pads[18]!;
    pad.attach('one').drive(1);
    pad.attach('two').drive(0);
    expect(waveOf(recorder.recording(), 'GPIO18').changes.map(({ value }) => value)).toEqual([
      '1',
      'x',
    ]);
  });

  it('gives up the older half when it is full', () => {
    const chip = new Esp32();
    const recorder = new WaveRecorder(selectProbes(chip.probes(), ['GPIO18']), () => chip.now, 4);
    const driver = chip.peripherals.pads[18]!.attach('host');
    for (let i = 0; i < 5; i++) driver.drive(i % 2 === 0 ? 1 : 0);
    const recording = recorder.recording();
    expect(recording.dropped).toBe(2);
    const wave = waveOf(recording, 'GPIO18');
    expect([wave.initial, ...wave.changes.map(({ value }) => value)]).toEqual(['0', '1', '0', '1']);
  });

  it('is drawn with its level changes where they are, and floating parts apart', () => {
    const script = [[100, 18, 1], [100, 18, 0], [100, 18, 'z']] as const; // prettier-ignore
    const svg = formatSvg(record(script, ['GPIO18']), { from: 0, to: 400, width: 400 });
    const paths = [...svg.matchAll(/<path class="wave (\w+)" d="([^"]*)"/g)].map((m) => [
      m[1],
      m[2],
    ]);
    // Time 0 is at x = 60 (the label); a pixel is a tick. High is y = 6, low 20, floating 13.
    expect(paths).toEqual([
      ['z', 'M60.0 13H160.0'],
      ['level', 'M160.0 6H260.0V20H360.0'],
      ['z', 'M360.0 13H460.0'],
    ]);
  });

  it('names unknown signals in one line', () => {
    const chip = new Esp32();
    expect(() => selectProbes(chip.probes(), ['GPIO99'])).toThrow(
      /^signal 'GPIO99': no signal has such a name; expected [^\n]*$/,
    );
  });

  it('time stamps are whole nanoseconds from which the tick is known', () => {
    expect(nanoseconds(MASTER_HZ)).toBe(1_000_000_000);
    expect([0, 1, 2, 3, 12].map(nanoseconds)).toEqual([0, 2, 4, 6, 25]);
    for (const tick of [1, 7, 11, 123_456_789, MASTER_HZ * 86_400 * 30 + 5])
      expect(Math.round((nanoseconds(tick) * 12) / 25)).toBe(tick);
  });
});
