/**
 * SPI2 as a slave of a master on the board, which toggles the wires: four modes, full duplex, the
 * status and buffer commands, DMA, interrupts.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { DmaPort } from '../../emulator/bus/dma-port.ts';
import type { PadDriver } from '../../emulator/bus/pad.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import { Esp32 } from '../../emulator/esp32.ts';
import { SPI_REGISTERS } from './spi.regs.ts';

const offsets = new Map<string, number>(SPI_REGISTERS.map((row) => [row.name, row.offset]));
const PAD = { clk: 14, q: 12, d: 13, cs: 15 } as const;
const IO_MUX_OFFSET = { clk: 0x30, q: 0x34, d: 0x38, cs: 0x3c } as const;
const HALF = 60;
const SLAVE_MODE = 1 << 30;
const DOUTDIN = 1;
const USR = 1 << 18;
/** CK_IDLE_EDGE and CK_I_EDGE of each mode, as ESP-IDF's slave driver sets them. */
const EDGES = [
  [1, 0],
  [1, 1],
  [0, 1],
  [0, 0],
] as const;

let chip: Esp32;
let host: { clk: PadDriver; d: PadDriver; cs: PadDriver };
let memory: DmaPort;

const write = (name: string, value: number): void =>
  chip.peripherals.spi[2]!.write(offsets.get(name)!, value, 4);
const read = (name: string): number => chip.peripherals.spi[2]!.read(offsets.get(name)!, 4) >>> 0;
const messages = (): string[] => [...chip.log.warnings.keys()];
const wait = (): void => chip.scheduler.runUntil(chip.now + HALF);

beforeEach(() => {
  chip = new Esp32();
  memory = new DmaPort(chip.bus);
  const { rows, pads } = chip.peripherals;
  const iomux = rows.find(({ device }) => device.name === 'IO_MUX')!.device;
  for (const line of ['clk', 'q', 'd', 'cs'] as const)
    iomux.write(IO_MUX_OFFSET[line], (1 << 12) | (1 << 9), 4);
  const attach = (line: 'clk' | 'd' | 'cs'): PadDriver => pads[PAD[line]]!.attach('host');
  host = { clk: attach('clk'), d: attach('d'), cs: attach('cs') };
  host.cs.drive(1);
});

function setMode(mode: number): void {
  const [idle, edge] = EDGES[mode]!;
  write('SLAVE', SLAVE_MODE | (1 << 28) | (1 << 29) | (0x1f << 5));
  write('PIN', idle << 29);
  write('USER', DOUTDIN | (edge << 6));
  host.clk.drive((mode >> 1) as Level);
}

/** Clocks `bits` of `bytes` through, most significant first; returns what Q carried at the sampling edges. */
function clockBytes(mode: number, bytes: readonly number[], bits = bytes.length * 8): number[] {
  const cpol = (mode >> 1) as Level;
  const active = (cpol ^ 1) as Level;
  const received: number[] = [];
  const q = (): number => chip.peripherals.pads[PAD.q]!.wire.level;
  const take = (i: number): void => {
    received[i >> 3] = ((received[i >> 3] ?? 0) << 1) | q();
  };
  for (let i = 0; i < bits; i++) {
    const bit = ((bytes[i >> 3]! >> (7 - (i & 7))) & 1) as Level;
    if ((mode & 1) === 1) host.clk.drive(active);
    host.d.drive(bit);
    wait();
    take(i);
    host.clk.drive((mode & 1) === 1 ? cpol : active);
    wait();
    if ((mode & 1) === 0) host.clk.drive(cpol);
  }
  return received;
}

function transfer(mode: number, bytes: readonly number[], bits?: number): number[] {
  host.cs.drive(0);
  wait();
  const received = clockBytes(mode, bytes, bits);
  wait();
  host.cs.drive(1);
  wait();
  return received;
}

describe('full duplex', () => {
  it.each([0, 1, 2, 3])('mode %i exchanges the buffer and interrupts when CS rises', (mode) => {
    setMode(mode);
    write('W0', 0x44332211);
    write('SLV_RDBUF_DLEN', 31);
    write('SLV_WRBUF_DLEN', 31);
    const irq = chip.peripherals.matrix.sources.find(({ name }) => name.includes('SPI2_INTR'))!;
    // Not ready: nothing is driven and nothing is taken.
    expect(chip.peripherals.pads[PAD.q]!.condition).not.toBe('driven');
    transfer(mode, [9, 9]);
    expect(read('SLAVE') & 0x1f).toBe(0);
    write('CMD', USR);
    host.cs.drive(0);
    wait();
    const sent = clockBytes(mode, [0xde, 0xad, 0xbe, 0xef]);
    expect(sent).toEqual([0x11, 0x22, 0x33, 0x44]);
    expect(read('CMD')).toBe(USR);
    expect(irq.level).toBe(0);
    host.cs.drive(1);
    expect(read('CMD')).toBe(0);
    expect(read('W0')).toBe(0xefbeadde);
    expect(read('SLV_RD_BIT')).toBe(32);
    expect(read('SLAVE') & 0x1f).toBe(1 << 4);
    expect(irq.level).toBe(1);
    expect(chip.peripherals.pads[PAD.q]!.condition).not.toBe('driven');
  });

  it('takes no more than its length, counts a short transfer, obeys the bit orders', () => {
    setMode(0);
    write('CTRL', (1 << 25) | (1 << 26));
    write('W0', 0x01);
    write('SLV_RDBUF_DLEN', 7);
    write('SLV_WRBUF_DLEN', 7);
    write('CMD', USR);
    expect(transfer(0, [0x80, 0xff])[0]).toBe(0x80);
    expect(read('W0')).toBe(0x01);
    write('CMD', USR);
    transfer(0, [0xf0], 5);
    expect(read('SLV_RD_BIT')).toBe(5);
    expect(read('W0') & 0xff).toBe(0x0f);
  });
});

describe('half duplex', () => {
  beforeEach(() => {
    setMode(0);
    write('USER', 0);
    write('SLAVE1', (31 << 27) | (7 << 10) | (7 << 4));
    write('SLV_WRBUF_DLEN', 15);
    write('SLV_RDBUF_DLEN', 15);
  });
  const done = (): number => {
    const bits = read('SLAVE') & 0x1f;
    write('SLAVE', read('SLAVE') & ~0x1f);
    return bits;
  };

  it('write status, read status of the other register or of the same', () => {
    transfer(0, [1, 0x78, 0x56, 0x34, 0x12]);
    expect(read('SLV_WR_STATUS')).toBe(0x12345678);
    expect(done()).toBe((1 << 4) | (1 << 3));
    write('RD_STATUS', 0xa1b2c3d4);
    expect(transfer(0, [4, 0, 0, 0, 0]).slice(1)).toEqual([0xd4, 0xc3, 0xb2, 0xa1]);
    expect(done()).toBe((1 << 4) | (1 << 2));
    write('SLAVE1', read('SLAVE1') | (1 << 25));
    expect(transfer(0, [4, 0, 0, 0, 0]).slice(1)).toEqual([0x78, 0x56, 0x34, 0x12]);
    expect((read('SLAVE') >>> 17) & 7).toBe(4);
  });

  it('write buffer, read buffer with a dummy phase, write and read', () => {
    transfer(0, [2, 0x00, 0xca, 0xfe]);
    expect(read('W0') & 0xffff).toBe(0xfeca);
    expect(done()).toBe((1 << 4) | (1 << 1));
    write('SLAVE1', read('SLAVE1') | 1);
    write('SLAVE2', 7 << 16);
    expect(transfer(0, [3, 0x00, 0xff, 0, 0]).slice(3)).toEqual([0xca, 0xfe]);
    expect(done()).toBe((1 << 4) | 1);
    expect(transfer(0, [6, 0x00, 0x12, 0x34, 0, 0]).slice(4)).toEqual([0xca, 0xfe]);
    expect(read('W0') & 0xffff).toBe(0x3412);
    expect(done()).toBe((1 << 4) | 3);
  });

  it('commands of SLAVE3, disabled and unknown ones', () => {
    write('SLAVE', read('SLAVE') | (1 << 27));
    write('SLAVE3', (0x5a << 8) | 0xa5);
    transfer(0, [0x5a, 0, 0x01, 0x02]);
    expect(read('W0') & 0xffff).toBe(0x0201);
    expect(done()).toBe((1 << 4) | (1 << 1));
    transfer(0, [2, 0, 9, 9]);
    expect(read('W0') & 0xffff).toBe(0x0201);
    expect(done()).toBe(1 << 4);
    write('SLAVE', SLAVE_MODE);
    transfer(0, [2, 0, 9, 9]);
    expect(read('W0') & 0xffff).toBe(0x0201);
  });
});

describe('DMA', () => {
  const OUT = 0x3ffb0000;
  const IN = 0x3ffb0100;
  const OWNER_EOF = 0xc0000000;
  const descriptor = (at: number, size: number, length: number, buffer: number): void => {
    memory.write32(at, OWNER_EOF | (length << 12) | size);
    memory.write32(at + 4, buffer);
    memory.write32(at + 8, 0);
  };
  const exchange = (bytes: readonly number[]): number[] => {
    setMode(1);
    write('SLV_RDBUF_DLEN', bytes.length * 8 - 1);
    write('SLV_WRBUF_DLEN', bytes.length * 8 - 1);
    write('DMA_OUT_LINK', (1 << 29) | (OUT & 0xfffff));
    write('DMA_IN_LINK', (1 << 29) | (IN & 0xfffff));
    write('CMD', USR);
    return transfer(1, bytes);
  };

  it('sends from and receives into linked lists, more than the buffer holds', () => {
    const data = Array.from({ length: 100 }, (_, i) => (i * 29 + 7) & 0xff);
    const other = data.map((byte) => byte ^ 0x5a);
    descriptor(OUT, 100, 100, 0x3ffb1000);
    descriptor(IN, 100, 0, 0x3ffb2000);
    memory.write(0x3ffb1000, Uint8Array.from(data));
    expect(exchange(other)).toEqual(data);
    const back = new Uint8Array(100);
    memory.read(0x3ffb2000, back);
    expect([...back]).toEqual(other);
    expect(memory.read32(IN) >>> 0).toBe(0x40000000 + (100 << 12) + 100);
    expect(read('DMA_INT_RAW')).toBe((1 << 3) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 8));
    expect(messages()).toEqual([]);
  });

  it('reports a buffer outside RAM and one that is not aligned, with the place', () => {
    descriptor(OUT, 4, 4, 0x40000000);
    descriptor(IN, 6, 0, 0x3ffb2001);
    exchange([1, 2, 3, 4]);
    expect(read('DMA_INT_RAW') & (1 << 1)).toBe(1 << 1);
    expect(messages().join('\n')).toMatch(
      /send descriptor 0x3ffb0000: not the DMA's, or its memory is out of the DMA's reach/,
    );
    expect(messages().join('\n')).toMatch(
      /receive descriptor 0x3ffb0100: buffer or size is not a multiple of 4 bytes/,
    );
  });

  it('a descriptor where there is no memory is an error, not a crash', () => {
    setMode(1);
    write('SLV_RDBUF_DLEN', 31);
    write('SLV_WRBUF_DLEN', 31);
    write('DMA_OUT_LINK', 1 << 29);
    write('DMA_IN_LINK', (1 << 29) | 0x4fff0);
    write('CMD', USR);
    transfer(1, [1, 2, 3, 4]);
    expect(read('DMA_INT_RAW')).toBe((1 << 1) | (1 << 2));
    expect(messages()).toEqual([
      "SPI2: send descriptor 0x3ff00000: not the DMA's, or its memory is out of the DMA's reach",
      "SPI2: receive descriptor 0x3ff4fff0: not the DMA's, or its memory is out of the DMA's reach",
    ]);
  });
});

it('SPI3 as master talks to SPI2 as slave through the pads', () => {
  setMode(0);
  host.cs.drive('z');
  host.clk.drive('z');
  host.d.drive('z');
  const { rows, spi } = chip.peripherals;
  const gpio = rows.find(({ device }) => device.name === 'GPIO')!.device;
  // Wires between the pads of the two: 14-18 CLK, 13-23 D, 15-5 CS, 12-19 Q, as drivers that follow.
  const pads = chip.peripherals.pads;
  for (const [from, to] of [
    [18, 14],
    [23, 13],
    [5, 15],
    [12, 19],
  ] as const) {
    const wire = pads[to]!.attach('wire');
    wire.drive(pads[from]!.wire.level);
    pads[from]!.wire.connect((level) => wire.drive(level));
  }
  const iomux = rows.find(({ device }) => device.name === 'IO_MUX')!.device;
  for (const offset of [0x70, 0x74, 0x8c, 0x6c]) iomux.write(offset, (1 << 12) | (1 << 9), 4);
  expect(gpio.name).toBe('GPIO');
  write('W0', 0x0000c0de);
  write('SLV_RDBUF_DLEN', 15);
  write('SLV_WRBUF_DLEN', 15);
  write('CMD', USR);
  const master = (name: string, value: number): void => spi[3]!.write(offsets.get(name)!, value, 4);
  master('CLOCK', (9 << 12) | (4 << 6) | 9);
  master('PIN', 6);
  master('USER', (1 << 27) | (1 << 28) | (1 << 5) | 1);
  master('MOSI_DLEN', 15);
  master('MISO_DLEN', 15);
  master('W0', 0xbeef);
  master('CMD', USR);
  chip.scheduler.runUntil(chip.now + 100_000);
  expect(read('W0') & 0xffff).toBe(0xbeef);
  expect(spi[3]!.read(offsets.get('W0')!, 4) & 0xffff).toBe(0xc0de);
});
