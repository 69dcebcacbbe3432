import { describe, expect, it } from 'vitest';
import { Signal } from '../../emulator/bus/signal.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { UART_REGISTERS } from './uart.regs.ts';
import { bench } from './uart.fixtures.ts';
import { Uart } from './uart.ts';

const FIFO = 0x00;
const INT_RAW = 0x04;
const INT_ST = 0x08;
const INT_ENA = 0x0c;
const INT_CLR = 0x10;
const CLKDIV = 0x14;
const AUTOBAUD = 0x18;
const STATUS = 0x1c;
const CONF0 = 0x20;
const CONF1 = 0x24;
const LOWPULSE = 0x28;
const HIGHPULSE = 0x2c;
const RXD_CNT = 0x30;
const FLOW_CONF = 0x34;
const IDLE_CONF = 0x40;
const RS485_CONF = 0x44;
const MEM_CONF = 0x58;
const MEM_TX_STATUS = 0x5c;
const MEM_RX_STATUS = 0x60;
const MEM_CNT_STATUS = 0x64;

const RXFIFO_FULL = 1 << 0;
const TXFIFO_EMPTY = 1 << 1;
const PARITY_ERR = 1 << 2;
const FRM_ERR = 1 << 3;
const RXFIFO_OVF = 1 << 4;
const CTS_CHG = 1 << 6;
const BRK_DET = 1 << 7;
const RXFIFO_TOUT = 1 << 8;
const GLITCH_DET = 1 << 11;
const TX_BRK_DONE = 1 << 12;
const TX_BRK_IDLE_DONE = 1 << 13;
const TX_DONE = 1 << 14;

const CONF0_8N1 = 0x0800001c;
/** Ticks of `halfBits` half bits from tick 0 at `cycles16 / 16` APB cycles of 6 ticks. */
const edgeTicks = (halfBits: number, cycles16: number): number =>
  6 * Math.floor((halfBits * cycles16) / 32);

testRegisters('UART0', () => bareUart(), UART_REGISTERS, {
  // FLOW_CONF's SEND bits clear themselves when their character begins.
  active: ['FIFO', 'INT_RAW', 'INT_ST', 'STATUS', 'FLOW_CONF', 'MEM_TX_STATUS', 'MEM_RX_STATUS'],
  readsAfterReset: {
    // TXFIFO_EMPTY is a level: an empty FIFO is below the threshold of 0x60.
    INT_RAW: TXFIFO_EMPTY,
    INT_ST: 0,
    // TXD, RXD, RTSN and DTRN are high.
    STATUS: 0xe0008000,
    MEM_TX_STATUS: 0,
    MEM_RX_STATUS: (384 << 2) | (384 << 13),
  },
});

function bareUart(): Uart {
  const clocks = { apb: new Clock('APB_CLK', 80_000_000), refTick: new Clock('REF_TICK', 1e6) };
  const irq = new Signal('UART_INTR');
  return new Uart({ index: 0, clocks, scheduler: new Scheduler(), irq, log: new RecordingLog() });
}

describe('UART transmitter', () => {
  it('takes 10 bits of CLKDIV + FRAG/16 APB cycles for 8N1, TX_DONE at the end of the stop bit', () => {
    const { scheduler, set, get, sent } = bench();
    set(FIFO, 0x55);
    const end = edgeTicks(20, 694 * 16 + 7);
    expect(end).toBe(41_664);
    scheduler.runUntil(end - 1);
    expect(sent).toEqual([]);
    expect(get(INT_RAW) & TX_DONE).toBe(0);
    expect((get(STATUS) >>> 24) & 15).toBe(11);
    scheduler.runUntil(end);
    expect(sent).toEqual([[0x55, 0, end]]);
    expect(get(INT_RAW) & TX_DONE).toBe(TX_DONE);
    expect((get(STATUS) >>> 24) & 15).toBe(0);
  });

  it('carries the fraction over back-to-back bytes', () => {
    const { scheduler, set, sent } = bench();
    for (let i = 0; i < 64; i++) set(FIFO, i);
    scheduler.runUntil(480_000_000);
    expect(sent.map(([value]) => value)).toEqual(Array.from({ length: 64 }, (_, i) => i));
    sent.forEach(([, start, end], i) => {
      expect(start).toBe(edgeTicks(20 * i, 694 * 16 + 7));
      expect(end).toBe(edgeTicks(20 * (i + 1), 694 * 16 + 7));
    });
  });

  it.each([
    { name: '5 bits, 1 stop', conf0: 0x08000010, rs485: 0, halfBits: 14 },
    { name: '7 bits, even parity', conf0: 0x0800001a, rs485: 0, halfBits: 20 },
    { name: '8 bits, 1.5 stop', conf0: 0x0800002c, rs485: 0, halfBits: 21 },
    { name: '8 bits, 2 stop', conf0: 0x0800003c, rs485: 0, halfBits: 22 },
    { name: '8 bits, IDF 2-stop workaround', conf0: 0x0800001c, rs485: 4, halfBits: 22 },
    { name: '8 bits, odd parity', conf0: 0x0800001f, rs485: 0, halfBits: 22 },
  ])('$name takes $halfBits half bits', ({ conf0, rs485, halfBits }) => {
    const { scheduler, set, sent } = bench();
    set(CONF0, conf0);
    set(RS485_CONF, rs485);
    set(FIFO, 0x1f);
    scheduler.runUntil(100_000);
    expect(sent).toEqual([[0x1f, 0, edgeTicks(halfBits, 694 * 16 + 7)]]);
  });

  it('runs from REF_TICK when TICK_REF_ALWAYS_ON is 0', () => {
    const { scheduler, set, sent } = bench();
    set(CLKDIV, 104 | (2 << 20));
    set(CONF0, CONF0_8N1 & ~(1 << 27));
    set(FIFO, 0x41);
    scheduler.runUntil(480_000_000);
    expect(sent).toEqual([[0x41, 0, 480 * Math.floor((20 * (104 * 16 + 2)) / 32)]]);
  });

  it('drives the pin at each edge, inverted by TXD_INV', () => {
    const tx = new Signal('U0TXD', 1);
    const { scheduler, set } = bench({ tx });
    const edges: [number, number][] = [];
    tx.connect((level) => edges.push([scheduler.now, level]));
    set(CLKDIV, 100);
    set(FIFO, 0xf0);
    scheduler.runUntil(100_000);
    // Start and bits 0-3 low, bits 4-7 and stop high.
    expect(edges).toEqual([
      [0, 0],
      [5 * 600, 1],
    ]);
    edges.length = 0;
    set(CONF0, CONF0_8N1 | (1 << 22));
    expect(tx.level).toBe(0);
    set(FIFO, 0x01);
    scheduler.runUntil(200_000);
    expect(edges).toEqual([
      [100_000, 0],
      [100_002, 1],
      [100_602, 0],
      [101_202, 1],
      [100_002 + 9 * 600, 0],
    ]);
  });

  it('waits TX_IDLE_NUM bits after the FIFO ran empty', () => {
    const { scheduler, set, get, sent } = bench();
    set(CLKDIV, 100);
    set(IDLE_CONF, 7 << 10);
    set(FIFO, 1);
    scheduler.runUntil(6000);
    expect(get(INT_RAW) & (TX_DONE | TX_BRK_IDLE_DONE)).toBe(TX_DONE);
    set(FIFO, 2);
    scheduler.runUntil(6000 + 7 * 600 - 1);
    expect(get(INT_RAW) & TX_BRK_IDLE_DONE).toBe(0);
    scheduler.runUntil(50_000);
    expect(sent[1]).toEqual([2, 6000 + 7 * 600, 12_000 + 7 * 600]);
    expect(get(INT_RAW) & TX_BRK_IDLE_DONE).toBe(TX_BRK_IDLE_DONE);
  });

  it('sends TX_BRK_NUM zero bits after the data', () => {
    const { scheduler, set, get, breaks } = bench();
    set(CLKDIV, 100);
    set(IDLE_CONF, 12 << 20);
    set(CONF0, CONF0_8N1 | (1 << 8));
    set(FIFO, 0xff);
    scheduler.runUntil(6000 + 12 * 600 - 1);
    expect(get(INT_RAW) & TX_BRK_DONE).toBe(0);
    expect(get(STATUS) >>> 31).toBe(0);
    scheduler.runUntil(6000 + 12 * 600);
    expect(get(INT_RAW) & TX_BRK_DONE).toBe(TX_BRK_DONE);
    expect(get(STATUS) >>> 31).toBe(1);
    expect(breaks).toEqual([[6000, 6000 + 12 * 600]]);
  });

  it('keeps bits already sent when APB_CLK changes in mid-frame', () => {
    const { scheduler, apb, set, sent } = bench();
    set(CLKDIV, 100);
    set(FIFO, 0);
    scheduler.runUntil(3000);
    apb.setFrequency(40_000_000, 3000);
    scheduler.runUntil(100_000);
    expect(sent[0]).toEqual([0, 0, 3000 + 5 * 1200]);
  });

  it('counts the FIFO, raises TXFIFO_EMPTY below the threshold and drops byte 129', () => {
    const { scheduler, irq, set, get, sent } = bench();
    set(CLKDIV, 100);
    set(CONF1, 0x60 | (10 << 8));
    set(INT_CLR, -1);
    expect(get(INT_RAW) & TXFIFO_EMPTY).toBe(TXFIFO_EMPTY);
    for (let i = 0; i < 130; i++) set(FIFO, i);
    // One byte is in the shift register, 128 wait, one is lost.
    expect((get(STATUS) >>> 16) & 0xff).toBe(128);
    expect(get(MEM_TX_STATUS)).toBe((1 << 2) | (1 << 13));
    set(INT_CLR, -1);
    set(INT_ENA, TXFIFO_EMPTY);
    expect(irq.level).toBe(0);
    // 9 bytes wait when the 120th leaves the FIFO, at the end of the 119th frame.
    scheduler.runUntil(119 * 6000 - 1);
    expect(irq.level).toBe(0);
    scheduler.runUntil(119 * 6000);
    expect(irq.level).toBe(1);
    expect(get(INT_ST)).toBe(TXFIFO_EMPTY);
    scheduler.runUntil(200 * 6000);
    expect(sent.length).toBe(129);
  });

  it('holds frames for CTS and FORCE_XOFF', () => {
    const cts = new Signal('U0CTS', 1);
    const { scheduler, set, get, sent } = bench({ cts });
    set(CONF0, CONF0_8N1 | (1 << 15));
    set(FIFO, 1);
    scheduler.runUntil(1_000_000);
    expect(sent).toEqual([]);
    cts.set(0);
    expect(get(INT_RAW) & CTS_CHG).toBe(CTS_CHG);
    scheduler.runUntil(2_000_000);
    expect(sent[0]?.[1]).toBe(1_000_002);
    set(FLOW_CONF, 1 << 3);
    set(FIFO, 2);
    scheduler.runUntil(3_000_000);
    expect(sent.length).toBe(1);
    set(FLOW_CONF, 0);
    set(FLOW_CONF, 1 << 2);
    scheduler.runUntil(4_000_000);
    expect(sent.length).toBe(2);
  });

  it('clears UART2 FIFOs by the reset bits of UART1 only', () => {
    const scheduler = new Scheduler();
    const clocks = { apb: new Clock('APB', 80e6), refTick: new Clock('REF', 1e6) };
    const fifoResets = { tx: new Signal('txfifo_rst'), rx: new Signal('rxfifo_rst') };
    const make = (index: 1 | 2): Uart => {
      const irq = new Signal(`irq${index}`);
      return new Uart({ index, clocks, scheduler, irq, log: new RecordingLog(), fifoResets });
    };
    const one = make(1);
    const two = make(2);
    for (let i = 0; i < 3; i++) two.write(FIFO, i, 4);
    two.write(CONF0, CONF0_8N1 | (1 << 18), 4);
    expect((two.read(STATUS, 4) >>> 16) & 0xff).toBe(2);
    one.write(CONF0, CONF0_8N1 | (1 << 18), 4);
    expect((two.read(STATUS, 4) >>> 16) & 0xff).toBe(0);
  });
});

describe('UART receiver', () => {
  const BIT = 4167;

  it('takes the wire time of the byte: it is there at the middle of the stop bit', () => {
    const { scheduler, uart, set, get } = bench();
    set(CLKDIV, 100);
    uart.receive({ value: 0x5a, startTick: 600, bitTicks: 600 });
    scheduler.runUntil(600 + 9.5 * 600 - 1);
    expect(get(STATUS) & 0xff).toBe(0);
    expect((get(STATUS) >>> 8) & 15).toBe(11);
    scheduler.runUntil(600 + 9.5 * 600);
    expect(get(STATUS) & 0xff).toBe(1);
    expect(get(FIFO)).toBe(0x5a);
    expect(get(STATUS) & 0xff).toBe(0);
  });

  it('queues overlapping frames on the wire one after the other', () => {
    const { scheduler, uart, set, get } = bench();
    set(CLKDIV, 100);
    for (let i = 0; i < 3; i++) uart.receive({ value: i + 1, startTick: 0, bitTicks: 600 });
    scheduler.runUntil(2 * 6000 + 5700 - 1);
    expect(get(STATUS) & 0xff).toBe(2);
    scheduler.runUntil(2 * 6000 + 5700);
    expect([get(FIFO), get(FIFO), get(FIFO)]).toEqual([1, 2, 3]);
  });

  it('receives at 3 % baud error, and breaks the frame at 7 %', () => {
    const { scheduler, uart, get } = bench();
    uart.receive({ value: 0xa5, startTick: 0, bitTicks: Math.round(BIT * 1.03) });
    scheduler.runUntil(100_000);
    expect(get(FIFO)).toBe(0xa5);
    expect(get(INT_RAW) & FRM_ERR).toBe(0);
    // Ten 7 % longer bits: the stop sample at 9.5 bits falls in data bit 7, which is 0.
    uart.receive({ value: 0x25, startTick: 100_000, bitTicks: Math.round(BIT * 1.07) });
    scheduler.runUntil(200_000);
    expect(get(INT_RAW) & FRM_ERR).toBe(FRM_ERR);
  });

  it('drops erroneous bytes only when ERR_WR_MASK is set', () => {
    const { scheduler, uart, set, get } = bench();
    set(CLKDIV, 100);
    set(CONF0, CONF0_8N1 | 2);
    uart.receive({ value: 0x01, startTick: 0, bitTicks: 600, parity: 'odd' });
    scheduler.runUntil(10_000);
    expect(get(INT_RAW) & PARITY_ERR).toBe(PARITY_ERR);
    expect(get(STATUS) & 0xff).toBe(1);
    set(CONF0, CONF0_8N1 | 2 | (1 << 26));
    uart.receive({ value: 0x01, startTick: 10_000, bitTicks: 600, parity: 'odd' });
    uart.receive({ value: 0x03, startTick: 20_000, bitTicks: 600, parity: 'even' });
    scheduler.runUntil(40_000);
    expect(get(STATUS) & 0xff).toBe(2);
  });

  it('ends RXFIFO_FULL with its condition, as the mask ROM drains a FIFO without INT_CLR', () => {
    const { scheduler, uart, irq, set, get } = bench();
    set(CLKDIV, 100);
    set(CONF1, 1 | (0x60 << 8));
    set(INT_ENA, RXFIFO_FULL);
    uart.receive({ value: 0x41, startTick: 0, bitTicks: 600 });
    scheduler.runUntil(6000);
    expect(irq.level).toBe(1);
    expect(get(FIFO)).toBe(0x41);
    expect(irq.level).toBe(0);
    expect(get(INT_RAW) & RXFIFO_FULL).toBe(0);
  });

  it('interrupts 3 APB cycles after INT_ENA enables a condition that holds', () => {
    const { scheduler, uart, irq, set } = bench();
    set(CLKDIV, 100);
    set(CONF1, 1 | (0x60 << 8));
    uart.receive({ value: 0x41, startTick: 0, bitTicks: 600 });
    scheduler.runUntil(6000);
    set(INT_ENA, RXFIFO_FULL);
    scheduler.runUntil(6000 + 3 * 6 - 1);
    expect(irq.level).toBe(0);
    scheduler.runUntil(6000 + 3 * 6);
    expect(irq.level).toBe(1);
  });

  it('raises RXFIFO_FULL at the threshold, keeps it while the level holds, overflows at 128', () => {
    const { scheduler, uart, irq, set, get } = bench();
    set(CLKDIV, 100);
    set(CONF1, 3 | (0x60 << 8));
    set(INT_ENA, RXFIFO_FULL);
    for (let i = 0; i < 130; i++) uart.receive({ value: i, startTick: 0, bitTicks: 600 });
    scheduler.runUntil(2 * 6000 + 5699);
    expect(irq.level).toBe(0);
    scheduler.runUntil(2 * 6000 + 5700);
    expect(irq.level).toBe(1);
    set(INT_CLR, RXFIFO_FULL);
    expect(irq.level).toBe(1);
    scheduler.runUntil(128 * 6000);
    expect(get(INT_RAW) & RXFIFO_OVF).toBe(0);
    // A full FIFO has equal pointers and a count of 128.
    expect(get(MEM_RX_STATUS)).toBe((384 << 2) | (384 << 13));
    expect(get(STATUS) & 0xff).toBe(128);
    scheduler.runUntil(131 * 6000);
    expect(get(INT_RAW) & RXFIFO_OVF).toBe(RXFIFO_OVF);
    for (let i = 0; i < 128; i++) expect(get(FIFO)).toBe(i);
    set(INT_CLR, -1);
    expect(irq.level).toBe(0);
    expect(get(STATUS) & 0xff).toBe(0);
  });

  it('grows the FIFO by MEM_CONF.RX_SIZE', () => {
    const { scheduler, uart, set, get } = bench();
    set(CLKDIV, 100);
    set(MEM_CONF, (2 << 3) | (1 << 7));
    for (let i = 0; i < 256; i++) uart.receive({ value: i, startTick: 0, bitTicks: 600 });
    scheduler.runUntil(256 * 6000);
    expect(get(MEM_CNT_STATUS)).toBe(1);
    expect(get(STATUS) & 0xff).toBe(0);
    expect(get(INT_RAW) & RXFIFO_OVF).toBe(0);
  });

  it('times out RX_TOUT_THRHD x 8 bits after the last byte', () => {
    const { scheduler, uart, set, get } = bench();
    set(CLKDIV, 100);
    set(CONF1, 0x60 | (0x60 << 8) | (2 << 24) | (1 << 31));
    uart.receive({ value: 1, startTick: 0, bitTicks: 600 });
    uart.receive({ value: 2, startTick: 8000, bitTicks: 600 });
    const due = 8000 + 4 + 5700 + 2 * 8 * 600;
    scheduler.runUntil(due - 1);
    expect(get(INT_RAW) & RXFIFO_TOUT).toBe(0);
    scheduler.runUntil(due);
    expect(get(INT_RAW) & RXFIFO_TOUT).toBe(RXFIFO_TOUT);
  });

  it('detects a break and a glitch on the pin', () => {
    const rx = new Signal('U0RXD', 1);
    const { scheduler, set, get } = bench({ rx });
    set(CLKDIV, 100);
    rx.set(0);
    scheduler.runUntil(200);
    rx.set(1);
    scheduler.runUntil(299);
    expect(get(INT_RAW) & GLITCH_DET).toBe(0);
    scheduler.runUntil(300);
    expect(get(INT_RAW) & GLITCH_DET).toBe(GLITCH_DET);
    rx.set(0);
    scheduler.runUntil(300 + 10.5 * 600 - 1);
    expect(get(INT_RAW) & (FRM_ERR | BRK_DET)).toBe(FRM_ERR);
    scheduler.runUntil(300 + 10.5 * 600);
    expect(get(INT_RAW) & BRK_DET).toBe(BRK_DET);
    rx.set(1);
    scheduler.runUntil(100_000);
    expect(get(STATUS) & 0xff).toBe(1);
  });

  it('loops back TX to RX, RTS to CTS and DTR to DSR', () => {
    const { scheduler, set, get } = bench();
    set(CONF0, CONF0_8N1 | (1 << 14) | (1 << 6));
    for (const byte of [0x00, 0x80, 0xff]) set(FIFO, byte);
    scheduler.runUntil(480_000);
    expect([get(FIFO), get(FIFO), get(FIFO)]).toEqual([0x00, 0x80, 0xff]);
    expect((get(STATUS) >>> 13) & 3).toBe(1);
  });

  it('measures pulses for the mask ROM baud rate detection', () => {
    const { scheduler, uart, set, get } = bench();
    set(AUTOBAUD, 0x401);
    for (let i = 0; i < 16; i++) uart.receive({ value: 0x55, startTick: 0, bitTicks: BIT });
    scheduler.runUntil(16 * 10 * BIT);
    expect(get(RXD_CNT)).toBe(160);
    // uart_baudrate_detect: (LOWPULSE + HIGHPULSE) * 8 + 0x90 is CLKDIV in sixteenths.
    const divider = (get(LOWPULSE) + get(HIGHPULSE)) * 8 + 0x90;
    expect(Math.abs(divider / 16 - 80_000_000 / 115_200)).toBeLessThan(1);
  });

  it('continues from a snapshot in mid-frame with the same result', () => {
    const run = (splitAt: number): unknown => {
      let { scheduler, uart, set, get, sent } = bench();
      set(FIFO, 0x12);
      set(FIFO, 0x34);
      uart.receive({ value: 0x56, startTick: 1000, bitTicks: BIT });
      scheduler.runUntil(splitAt);
      const saved = [structuredClone(scheduler.save()), structuredClone(uart.save())] as const;
      const before = sent;
      ({ scheduler, uart, set, get, sent } = bench());
      scheduler.restore(saved[0]);
      uart.restore(saved[1]);
      scheduler.runUntil(200_000);
      return [before.concat(sent), get(FIFO), get(STATUS), get(INT_RAW)];
    };
    const reference = run(0);
    for (const at of [1, 2000, 20_000, 39_583, 41_664, 60_000, 100_000])
      expect(run(at)).toEqual(reference);
  });
});
