/** UHCI with a real UART: what its lists put on the wire and what the wire puts into its lists. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../emulator/bus/signal.ts';
import type { DmaMemory } from '../../emulator/bus/dma-list.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { CRC_START, crcStep } from './packet.ts';
import { UHCI_REGISTERS } from './uhci.regs.ts';
import { Uhci } from './uhci.ts';
import { Uart } from '../uart/uart.ts';

const BASE = 0x3fff0000;
const OWNER = 0x80000000;
const EOF = 0x40000000;
const START = 1 << 29;
const RESTART = 1 << 30;
const UART1_CE = 1 << 10;
const SEPER_EN = 1 << 16;
const HEAD_EN = 1 << 17;
const CRC_REC_EN = 1 << 18;
const IDLE_EOF = 1 << 19;
const LEN_EOF = 1 << 20;
const ENCODE_CRC = 1 << 21;
const BRK_EOF = 1 << 23;
const INT = Object.fromEntries(
  UHCI_REGISTERS.find((row) => row.name === 'INT_RAW')!.fields.map((f) => [f.name, 1 << f.bit]),
) as Record<string, number>;
const offsets = new Map<string, number>(UHCI_REGISTERS.map((row) => [row.name, row.offset]));
/** CLKDIV 100 at 80 MHz. */
const BIT = 600;
const BYTE = 10 * BIT;
const ARRIVAL = 9.5 * BIT;

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
  /** A descriptor at `at` with its buffer 0x100 behind it. */
  describe(at: number, size: number, content: readonly number[], flags: number, next = 0): void {
    this.write32(at, flags | (content.length << 12) | size);
    this.write32(at + 4, at + 0x100);
    this.write32(at + 8, next);
    this.write(at + 0x100, Uint8Array.from(content));
  }
  buffer(at: number): number[] {
    const length = (this.read32(at) >>> 12) & 0xfff;
    return [...this.bytes.subarray(at + 0x100 - BASE, at + 0x100 - BASE + length)];
  }
}

function make() {
  const scheduler = new Scheduler();
  const clocks = { apb: new Clock('APB_CLK', 80e6), refTick: new Clock('REF_TICK', 1e6) };
  const log = new RecordingLog();
  const uart = ([0, 1, 2] as const).map(
    (index) => new Uart({ index, clocks, scheduler, irq: new Signal(`UART${index}`), log }),
  );
  const ram = new Ram();
  const irq = new Signal('UHCI0');
  const uhci = new Uhci({ index: 0, uarts: uart, memory: ram, irq, log });
  const sent: [value: number, start: number][] = [];
  uart[1]!.listen({ onByte: (value, start) => sent.push([value, start]) });
  uart[1]!.write(0x14, 100, 4);
  uart[1]!.write(0x40, 3, 4);
  return { scheduler, log, uart: uart[1]!, ram, irq, uhci, sent };
}

let board: ReturnType<typeof make>;
const set = (name: string, value: number): void =>
  board.uhci.write(offsets.get(name)!, value | 0, 4);
const get = (name: string): number => board.uhci.read(offsets.get(name)!, 4) >>> 0;
const sentBytes = (): number[] => board.sent.map(([value]) => value);
const arrive = (bytes: readonly number[], startTick = 0): void => {
  for (const value of bytes) board.uart.receive({ value, startTick, bitTicks: BIT });
};
/** No interrupt of `mask` one tick before `tick`, all at `tick`. */
const expectAt = (tick: number, mask: number): void => {
  board.scheduler.runUntil(tick - 1);
  expect(get('INT_RAW') & mask).toBe(0);
  board.scheduler.runUntil(tick);
  expect(get('INT_RAW') & mask).toBe(mask);
};

beforeEach(() => {
  board = make();
});

testRegisters('UHCI0', () => make().uhci, UHCI_REGISTERS, {
  active: ['INT_RAW', 'INT_ST', 'DMA_OUT_LINK', 'DMA_IN_LINK', 'QUICK_SENT'],
  readsAfterReset: { INT_RAW: 0, INT_ST: 0, DMA_OUT_LINK: 0x80000000, DMA_IN_LINK: 0x80100000 },
});

describe('to the wire', () => {
  it('sends a list byte behind byte and tells each descriptor and the end', () => {
    const { ram, scheduler, sent, irq } = board;
    ram.describe(BASE, 8, [1, 2, 3], OWNER, BASE + 0x200);
    ram.describe(BASE + 0x200, 8, [4, 5], OWNER | EOF);
    set('ESCAPE_CONF', 0);
    set('CONF0', UART1_CE);
    set('INT_ENA', INT['OUT_TOTAL_EOF']!);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    expect(irq.level).toBe(1);
    expect(get('INT_RAW')).toBe(INT['OUT_DONE']! | INT['OUT_EOF']! | INT['OUT_TOTAL_EOF']!);
    expect(get('DMA_OUT_EOF_DES_ADDR')).toBe(BASE + 0x200);
    scheduler.runUntil(5 * BYTE - 1);
    expect(sent.length).toBe(4);
    scheduler.runUntil(5 * BYTE);
    expect(sent).toEqual([1, 2, 3, 4, 5].map((value, i) => [value, i * BYTE]));
    set('INT_CLR', -1);
    expect(irq.level).toBe(0);
  });

  it('reads no more than the TX FIFO takes; the rest follows at the byte that leaves', () => {
    const { ram } = board;
    ram.describe(
      BASE,
      200,
      Array.from({ length: 200 }, (_, i) => i),
      OWNER | EOF,
    );
    set('ESCAPE_CONF', 0);
    set('CONF0', UART1_CE);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    // One byte in the shift register and 128 in the FIFO: 71 more leave it before the last goes in.
    expectAt(71 * BYTE, INT['OUT_TOTAL_EOF']!);
    board.scheduler.runUntil(201 * BYTE);
    expect(sentBytes()).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('puts a frame between separators and escapes what ESCAPE_CONF says', () => {
    const { ram, scheduler } = board;
    ram.describe(BASE, 8, [0xc0, 0xdb, 0x11, 0x13], OWNER | EOF);
    set('ESCAPE_CONF', 0xb0);
    set('CONF0', UART1_CE | SEPER_EN);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    scheduler.runUntil(20 * BYTE);
    expect(sentBytes()).toEqual([0xc0, 0xdb, 0xdc, 0xdb, 0xdd, 0x11, 0xdb, 0xdf, 0xc0]);
    expect(get('INT_RAW') & INT['RX_START']!).toBe(INT['RX_START']);
  });

  it('sends a short packet once, or for ever', () => {
    const { scheduler } = board;
    set('ESCAPE_CONF', 0);
    set('CONF0', UART1_CE);
    set('Q2_WORD0', 0x04030201);
    set('Q2_WORD1', 0x08070605);
    set('QUICK_SENT', 2 | (1 << 3));
    expect(get('QUICK_SENT')).toBe(2);
    expect(get('INT_RAW')).toBe(INT['SEND_S_Q']);
    scheduler.runUntil(20 * BYTE);
    expect(sentBytes()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    set('QUICK_SENT', (2 << 4) | (1 << 7));
    scheduler.runUntil(420 * BYTE);
    expect(sentBytes().length).toBe(8 + 400);
    expect(get('INT_RAW') & INT['SEND_A_Q']!).toBe(INT['SEND_A_Q']);
  });

  it('does not take a descriptor of the CPU, nor memory out of reach', () => {
    const { ram, log } = board;
    ram.describe(BASE, 8, [1], EOF);
    set('CONF1', 1 << 6);
    set('CONF0', UART1_CE);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    expect(get('INT_RAW')).toBe(INT['OUT_DSCR_ERR']);
    ram.describe(BASE, 8, [1], OWNER | EOF);
    ram.write32(BASE + 4, 0x40080000);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    expect(log.warnings.length).toBe(2);
    expect(log.warnings[0]).toMatch(/^send descriptor 0x3fff0000: not the DMA's/);
    expect(get('DMA_OUT_LINK') >>> 31).toBe(1);
  });

  it('survives a list of empty descriptors that bites its tail', () => {
    board.ram.describe(BASE, 8, [], OWNER, BASE);
    set('CONF0', UART1_CE);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    expect(get('DMA_OUT_LINK') >>> 31).toBe(1);
  });
});

describe('from the wire', () => {
  const listen = (conf0: number): void => {
    set('CONF0', UART1_CE | conf0);
    set('DMA_IN_LINK', START | (BASE & 0xfffff));
  };

  it('stores frames between separators; the closing one ends them at its stop bit', () => {
    const { ram } = board;
    ram.describe(BASE, 16, [], OWNER, BASE + 0x200);
    ram.describe(BASE + 0x200, 16, [], OWNER);
    listen(SEPER_EN);
    arrive([0x99, 0xc0, 1, 0xdb, 0xdc, 0xdb, 0xdd, 2, 0xc0, 0xc0, 7, 0xc0]);
    expectAt(BYTE + ARRIVAL, INT['TX_START']!);
    expectAt(8 * BYTE + ARRIVAL, INT['IN_DONE']! | INT['IN_SUC_EOF']!);
    expect(ram.buffer(BASE)).toEqual([1, 0xc0, 0xdb, 2]);
    expect(ram.read32(BASE) >>> 0).toBe(EOF | (4 << 12) | 16);
    expect(get('DMA_IN_SUC_EOF_DES_ADDR')).toBe(BASE);
    set('INT_CLR', -1);
    expectAt(11 * BYTE + ARRIVAL, INT['IN_SUC_EOF']!);
    expect(ram.buffer(BASE + 0x200)).toEqual([7]);
  });

  it('ends a frame RX_IDLE_THRHD bits after its last byte', () => {
    const { ram } = board;
    ram.describe(BASE, 16, [], OWNER);
    set('ESCAPE_CONF', 0);
    listen(IDLE_EOF);
    arrive([1, 2]);
    arrive([3], 2 * BYTE + 2 * BIT);
    expectAt(2 * BYTE + 2 * BIT + ARRIVAL + 3 * BIT, INT['IN_SUC_EOF']!);
    expect(ram.buffer(BASE)).toEqual([1, 2, 3]);
  });

  it('ends a frame at a break, or after PKT_THRS bytes', () => {
    const { ram } = board;
    ram.describe(BASE, 16, [], OWNER, BASE + 0x200);
    ram.describe(BASE + 0x200, 16, [], OWNER);
    set('ESCAPE_CONF', 0);
    listen(BRK_EOF);
    arrive([9]);
    board.uart.receive({ value: 0, startTick: BYTE, bitTicks: BIT, noise: 1 << 9, stopBits: 3 });
    expectAt(BYTE + ARRIVAL + BIT, INT['IN_SUC_EOF']!);
    expect(ram.buffer(BASE)).toEqual([9, 0]);
    set('INT_CLR', -1);
    set('PKT_THRES', 2);
    set('CONF0', UART1_CE | LEN_EOF);
    arrive([5, 6, 7], 10 * BYTE);
    expectAt(11 * BYTE + ARRIVAL, INT['IN_SUC_EOF']!);
    expect(ram.buffer(BASE + 0x200)).toEqual([5, 6]);
  });

  it('keeps bytes in the RX FIFO while it has no descriptor, and goes on at RESTART', () => {
    const { ram, scheduler, uart } = board;
    ram.describe(BASE, 2, [], OWNER);
    set('ESCAPE_CONF', 0);
    listen(IDLE_EOF);
    arrive([1, 2, 3, 4]);
    expectAt(BYTE + ARRIVAL, INT['IN_DONE']! | INT['IN_DSCR_EMPTY']!);
    scheduler.runUntil(10 * BYTE);
    expect(uart.read(0x1c, 4) & 0xff).toBe(2);
    ram.describe(BASE + 0x200, 2, [], OWNER);
    ram.write32(BASE + 8, BASE + 0x200);
    set('DMA_IN_LINK', RESTART);
    expect([ram.buffer(BASE), ram.buffer(BASE + 0x200)]).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('refuses a descriptor of the CPU', () => {
    board.ram.describe(BASE, 16, [], 0);
    set('CONF1', 1 << 6);
    listen(IDLE_EOF);
    arrive([1]);
    expectAt(ARRIVAL, 0);
    expect(get('INT_RAW') & INT['IN_DSCR_ERR']!).toBe(INT['IN_DSCR_ERR']);
    expect(board.log.warnings[0]).toMatch(/^receive descriptor 0x3fff0000/);
  });
});

describe('packets', () => {
  const ALL = SEPER_EN | HEAD_EN | CRC_REC_EN | LEN_EOF | ENCODE_CRC;

  it('has the CRC whose check value is 0x6f91 (CRC-16/MCRF4XX)', () => {
    const text = [...'123456789'].map((c) => c.charCodeAt(0));
    expect(text.reduce(crcStep, CRC_START)).toBe(0x6f91);
  });

  it('makes sum and acknowledge number of the head, and takes its own packet back', () => {
    const { ram, scheduler } = board;
    // Head: sequence 1, CRC present, type 2, three bytes; a sum that hardware replaces.
    ram.describe(BASE, 16, [0x41, 0x32, 0, 0, 0xc0, 5, 6], OWNER | EOF);
    ram.describe(BASE + 0x200, 16, [], OWNER);
    set('ACK_NUM', 5);
    set('CONF0', UART1_CE | ALL);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    scheduler.runUntil(30 * BYTE);
    const wire = sentBytes();
    const head = 0x41 | (5 << 3);
    const sum = ~(head + 0x32) & 0xff;
    expect(wire.slice(0, 9)).toEqual([0xc0, head, 0x32, 0, sum, 0xdb, 0xdc, 5, 6]);
    set('DMA_IN_LINK', START | ((BASE + 0x200) & 0xfffff));
    arrive(wire, 30 * BYTE);
    scheduler.runUntil(80 * BYTE);
    expect(get('INT_RAW') & (INT['IN_SUC_EOF']! | INT['IN_ERR_EOF']!)).toBe(INT['IN_SUC_EOF']);
    expect(ram.buffer(BASE + 0x200)).toEqual([0xc0, 5, 6]);
    expect(get('RX_HEAD')).toBe(((sum << 24) | (0x32 << 8) | head) >>> 0);
  });

  it.each([
    { what: 'the sum of the head', at: 4, cause: 1 },
    { what: 'the CRC', at: 7, cause: 3 },
  ])('tells an error in $what', ({ at, cause }) => {
    const { ram, scheduler } = board;
    ram.describe(BASE, 16, [0x41, 0x32, 0, 0, 4, 5, 6], OWNER | EOF);
    ram.describe(BASE + 0x200, 16, [], OWNER);
    set('CONF0', UART1_CE | ALL);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    scheduler.runUntil(30 * BYTE);
    const wire = sentBytes();
    wire[at]! ^= 1;
    set('DMA_IN_LINK', START | ((BASE + 0x200) & 0xfffff));
    arrive(wire, 30 * BYTE);
    scheduler.runUntil(80 * BYTE);
    expect(get('INT_RAW') & (INT['IN_SUC_EOF']! | INT['IN_ERR_EOF']!)).toBe(INT['IN_ERR_EOF']);
    expect((get('DMA_IN_STATUS') >>> 4) & 7).toBe(cause);
    expect(get('DMA_IN_ERR_EOF_DES_ADDR')).toBe(BASE + 0x200);
  });
});

it('continues from a snapshot with the same result', () => {
  const run = (split: number): unknown => {
    board = make();
    board.ram.describe(
      BASE,
      200,
      Array.from({ length: 180 }, (_, i) => i),
      OWNER | EOF,
    );
    board.ram.describe(BASE + 0x400, 16, [], OWNER);
    set('CONF0', UART1_CE | SEPER_EN);
    set('DMA_OUT_LINK', START | (BASE & 0xfffff));
    set('DMA_IN_LINK', START | ((BASE + 0x400) & 0xfffff));
    arrive([0xc0, 1, 0xdb, 0xdd, 0xc0]);
    board.scheduler.runUntil(split);
    const { scheduler, uart, uhci, ram, sent } = board;
    const saved = structuredClone([scheduler.save(), uart.save(), uhci.save()] as const);
    const before = [...sent];
    board = make();
    board.ram.bytes.set(ram.bytes);
    board.scheduler.restore(saved[0]);
    board.uart.restore(saved[1]);
    board.uhci.restore(saved[2]);
    board.scheduler.runUntil(250 * BYTE);
    return [before.concat(board.sent), board.ram.buffer(BASE + 0x400), get('INT_RAW')];
  };
  const reference = run(0);
  expect((reference as [unknown, number[]])[1]).toEqual([1, 0xdb]);
  for (const at of [1, 3 * BYTE, 3 * BYTE + ARRIVAL, 40 * BYTE + 7])
    expect(run(at)).toEqual(reference);
});
