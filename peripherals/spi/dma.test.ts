/** DMA of an SPI master: descriptors as the manual lays them out, in a small RAM. */
import { beforeEach, expect, it } from 'vitest';
import { Signal } from '../../emulator/bus/signal.ts';
import type { DmaMemory } from '../../emulator/bus/dma-list.ts';
import type { SpiDevice, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import { driveByte, readBits } from '../../emulator/bus/spi-wire.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { SPI_REGISTERS } from './spi.regs.ts';
import { Spi } from './spi.ts';

const BASE = 0x3fff0000;

/** 4 KiB of RAM at BASE; nothing else can be reached. */
class Ram implements DmaMemory {
  readonly bytes = new Uint8Array(4096);
  private readonly view = new DataView(this.bytes.buffer);
  read(addr: number, into: Uint8Array): boolean {
    const at = addr - BASE;
    if (at < 0 || at + into.length > this.bytes.length) return false;
    into.set(this.bytes.subarray(at, at + into.length));
    return true;
  }
  write(addr: number, from: Uint8Array): boolean {
    const at = addr - BASE;
    if (at < 0 || at + from.length > this.bytes.length) return false;
    this.bytes.set(from, at);
    return true;
  }
  read32(addr: number): number {
    return this.view.getInt32(addr - BASE, true);
  }
  write32(addr: number, value: number): void {
    this.view.setInt32(addr - BASE, value, true);
  }
  descriptor(at: number, size: number, length: number, flags: number, next: number): void {
    this.write32(at, flags | (length << 12) | size);
    this.write32(at + 4, at + 0x100);
    this.write32(at + 8, next);
  }
}

/** Answers each byte with its complement, one byte later. */
class Echo implements SpiDevice {
  readonly name = 'echo';
  received: number[] = [];
  transfer(transfer: SpiTransfer): void {
    this.received = [];
    for (let clock = 0; clock + 8 <= transfer.out.length; clock += 8) {
      const byte = readBits(transfer, clock, 8, 1);
      this.received.push(byte);
      driveByte(transfer, clock, ~byte & 0xff, 1);
    }
  }
  powerOn(): void {}
  save(): Record<string, never> {
    return {};
  }
  restore(): void {}
}

const OWNER = 0x80000000 | 0;
const EOF = 0x40000000;
const START = 1 << 29;
const offsets = new Map<string, number>(SPI_REGISTERS.map((row) => [row.name, row.offset]));

let scheduler: Scheduler;
let ram: Ram;
let echo: Echo;
let dmaIrq: Signal;
let spi: Spi;

function make(): Spi {
  scheduler = new Scheduler();
  ram = new Ram();
  echo = new Echo();
  dmaIrq = new Signal('SPI2_DMA');
  return new Spi({
    index: 2,
    apbClock: new Clock('APB', 80_000_000),
    scheduler,
    irq: new Signal('SPI2'),
    dmaIrq,
    dma: ram,
    log: new RecordingLog(),
    chips: [echo],
  });
}

beforeEach(() => {
  spi = make();
});

testRegisters('SPI2', make, SPI_REGISTERS, { active: ['CMD', 'DMA_INT_ST'] });

const write = (name: string, value: number): void => spi.write(offsets.get(name)!, value, 4);
const read = (name: string): number => spi.read(offsets.get(name)!, 4) >>> 0;

function run(bytes: number): void {
  write('USER', (1 << 27) | (1 << 28) | 1);
  write('MOSI_DLEN', bytes * 8 - 1);
  write('MISO_DLEN', bytes * 8 - 1);
  write('CMD', 1 << 18);
  while (read('CMD') !== 0) scheduler.runUntil(scheduler.nextTick);
}

it('sends and receives more than the buffer holds, through chained descriptors', () => {
  const data = Uint8Array.from({ length: 100 }, (_, i) => (i * 7) & 0xff);
  ram.descriptor(BASE, 60, 60, OWNER, BASE + 0x200);
  ram.descriptor(BASE + 0x200, 60, 40, OWNER | EOF, 0);
  ram.bytes.set(data.subarray(0, 60), 0x100);
  ram.bytes.set(data.subarray(60), 0x300);
  ram.descriptor(BASE + 0x400, 64, 0, OWNER, BASE + 0x600);
  ram.descriptor(BASE + 0x600, 64, 0, OWNER, 0);
  write('DMA_OUT_LINK', START | (BASE & 0xfffff));
  write('DMA_IN_LINK', START | ((BASE + 0x400) & 0xfffff));
  expect(read('DMA_STATUS')).toBe(3);
  write('DMA_INT_ENA', 0x1ff);
  run(100);
  expect(echo.received).toEqual([...data]);
  const back = [...ram.bytes.subarray(0x500, 0x540), ...ram.bytes.subarray(0x700, 0x724)];
  expect(back).toEqual([...data].map((byte) => ~byte & 0xff));
  // Length written back, owner the CPU, the last one ends the frame.
  expect(ram.read32(BASE + 0x400)).toBe((64 << 12) | 64);
  expect(ram.read32(BASE + 0x600)).toBe(EOF | (36 << 12) | 64);
  expect(read('DMA_INT_RAW')).toBe((1 << 3) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 8));
  expect(dmaIrq.level).toBe(1);
  write('DMA_INT_CLR', 0x1ff);
  expect(dmaIrq.level).toBe(0);
  expect(read('IN_SUC_EOF_DES_ADDR')).toBe(BASE + 0x600);
  expect(read('DMA_STATUS')).toBe(0);
});

it('uses the buffer when no link is started', () => {
  write('W0', 0x030201);
  run(3);
  expect(echo.received).toEqual([1, 2, 3]);
  expect(read('W0')).toBe(0xfcfdfe);
});

it('reports a descriptor that the DMA does not own, and a list in no memory', () => {
  ram.descriptor(BASE, 4, 4, EOF, 0);
  write('DMA_OUT_LINK', START | (BASE & 0xfffff));
  ram.descriptor(BASE + 0x400, 4, 0, OWNER, 0);
  ram.write32(BASE + 0x404, 0x10);
  write('DMA_IN_LINK', START | ((BASE + 0x400) & 0xfffff));
  run(4);
  expect(read('DMA_INT_RAW')).toBe((1 << 1) | (1 << 2));
});

it('reports an inlink that is too short', () => {
  ram.descriptor(BASE + 0x400, 4, 0, OWNER, 0);
  write('DMA_IN_LINK', START | ((BASE + 0x400) & 0xfffff));
  run(8);
  expect(read('DMA_INT_RAW')).toBe(1);
});

it('ends a list of empty descriptors that bites its tail', () => {
  ram.descriptor(BASE, 4, 0, OWNER, BASE);
  write('DMA_OUT_LINK', START | (BASE & 0xfffff));
  run(4);
  expect(echo.received).toEqual([0, 0, 0, 0]);
});

it('stops by OUT_RST', () => {
  write('DMA_OUT_LINK', START | (BASE & 0xfffff));
  write('DMA_CONF', read('DMA_CONF') | (1 << 3));
  write('DMA_CONF', read('DMA_CONF') & ~(1 << 3));
  expect(read('DMA_STATUS')).toBe(0);
});
