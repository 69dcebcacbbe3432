/** Modes of the UART beyond plain frames. Each edge is asserted absent one tick before it is due. */
import { describe, expect, it } from 'vitest';
import { Signal } from '../../emulator/bus/signal.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { UartPins } from './modem-lines.ts';
import { bench } from './uart.fixtures.ts';

const FIFO = 0x00;
const INT_RAW = 0x04;
const INT_CLR = 0x10;
const CLKDIV = 0x14;
const STATUS = 0x1c;
const CONF0 = 0x20;
const CONF1 = 0x24;
const FLOW_CONF = 0x34;
const SWFC_CONF = 0x3c;
const RS485_CONF = 0x44;
const AT_PRE = 0x48;
const AT_POST = 0x4c;
const AT_GAP = 0x50;
const AT_CHAR = 0x54;

const PARITY_ERR = 1 << 2;
const CTS_CHG = 1 << 6;
const DSR_CHG = 1 << 5;
const SW_XON = 1 << 9;
const SW_XOFF = 1 << 10;
const TX_DONE = 1 << 14;
const RS485_PARITY_ERR = 1 << 15;
const RS485_FRM_ERR = 1 << 16;
const RS485_CLASH = 1 << 17;
const AT_CMD = 1 << 18;

const CONF0_8N1 = 0x0800001c;
/** CLKDIV 100 at 80 MHz. */
const BIT = 600;
const CHARACTER = 9.5 * BIT;

function start(pins: UartPins = {}) {
  const wires = bench(pins);
  wires.set(CLKDIV, 100);
  wires.set(INT_CLR, -1);
  const raw = (mask: number): number => wires.get(INT_RAW) & mask;
  /** Nothing of `mask` one tick before `tick`, all of it at `tick`. */
  const expectAt = (tick: number, mask: number): void => {
    wires.scheduler.runUntil(tick - 1);
    expect(raw(mask)).toBe(0);
    wires.scheduler.runUntil(tick);
    expect(raw(mask)).toBe(mask);
  };
  const send = (value: number, startTick: number): void =>
    wires.uart.receive({ value, startTick, bitTicks: BIT });
  return { ...wires, raw, expectAt, send };
}

function edgesOf(pin: Signal, now: () => number): [tick: number, level: Level][] {
  const edges: [number, Level][] = [];
  pin.connect((level) => edges.push([now(), level]));
  return edges;
}

describe('AT_CMD_CHAR', () => {
  const APB = 6;
  function listening() {
    const wires = start();
    wires.set(AT_PRE, 1000);
    wires.set(AT_POST, 2000);
    wires.set(AT_GAP, 500);
    wires.set(AT_CHAR, 0x2b | (3 << 8));
    return wires;
  }

  it('is found POST_IDLE_NUM cycles after the last of CHAR_NUM characters', () => {
    const { send, expectAt } = listening();
    for (let i = 0; i < 3; i++) send(0x2b, 12_000 + i * 6000);
    expectAt(24_000 + CHARACTER + 2000 * APB, AT_CMD);
  });

  it.each([
    { why: 'too few', starts: [12_000, 18_000], other: undefined },
    { why: 'PRE_IDLE too short', starts: [5400, 11_400, 17_400], other: undefined },
    {
      why: 'a gap too long',
      starts: [12_000, 18_000, 18_000 + CHARACTER + 3006],
      other: undefined,
    },
    {
      why: 'POST_IDLE too short',
      starts: [12_000, 18_000, 24_000],
      other: 24_000 + CHARACTER + 11_994,
    },
  ])('is not found: $why', ({ starts, other, why }) => {
    const { send, raw, scheduler } = listening();
    if (why === 'PRE_IDLE too short') send(0x41, 600);
    for (const tick of starts) send(0x2b, tick);
    if (other !== undefined) send(0x41, other);
    scheduler.runUntil(200_000);
    expect(raw(AT_CMD)).toBe(0);
  });

  it('takes pauses that are just long or short enough', () => {
    const { send, expectAt } = listening();
    send(0x41, 0);
    const first = CHARACTER + 1000 * APB;
    const second = first + CHARACTER + 500 * APB;
    send(0x2b, first);
    send(0x2b, second);
    send(0x2b, second + 6000);
    const due = second + 6000 + CHARACTER + 2000 * APB;
    send(0x41, due);
    expectAt(due, AT_CMD);
  });
});

describe('XON/XOFF', () => {
  it('stops behind the byte on the wire and goes on at XON, whose characters XONOFF_DEL removes', () => {
    const { set, get, send, sent, scheduler, expectAt } = start();
    set(FLOW_CONF, 3);
    for (let i = 0; i < 3; i++) set(FIFO, i);
    send(0x13, 600);
    expectAt(600 + CHARACTER, SW_XOFF);
    scheduler.runUntil(60_000);
    expect(sent.map(([value]) => value)).toEqual([0, 1]);
    send(0x11, 60_000);
    expectAt(60_000 + CHARACTER, SW_XON);
    scheduler.runUntil(90_000);
    expect(sent.at(-1)).toEqual([2, 65_700, 71_700]);
    expect(get(STATUS) & 0xff).toBe(0);
  });

  it('sends XOFF above its threshold and XON below, before the bytes that wait', () => {
    const { set, get, send, sent, scheduler } = start();
    set(SWFC_CONF, 0x13110000 | (4 << 8) | 2);
    set(FLOW_CONF, 1);
    for (let i = 0; i < 6; i++) send(0x40 + i, i * 6000);
    const fifth = 4 * 6000 + CHARACTER;
    scheduler.runUntil(fifth - 1);
    expect((get(STATUS) >>> 24) & 15).toBe(0);
    scheduler.runUntil(fifth);
    expect((get(STATUS) >>> 24) & 15).toBe(1);
    scheduler.runUntil(60_000);
    expect(sent).toEqual([[0x13, fifth, fifth + 6000]]);
    for (let i = 0; i < 4; i++) get(FIFO);
    scheduler.runUntil(70_000);
    expect(sent.length).toBe(1);
    get(FIFO);
    scheduler.runUntil(80_000);
    expect(sent[1]).toEqual([0x11, 70_002, 76_002]);
  });

  it('sends one character per SEND_XOFF, which reads 1 until then', () => {
    const { set, get, sent, scheduler } = start();
    set(FIFO, 1);
    set(FIFO, 2);
    set(FLOW_CONF, 1 << 5);
    expect(get(FLOW_CONF)).toBe(1 << 5);
    scheduler.runUntil(6000);
    expect(get(FLOW_CONF)).toBe(0);
    scheduler.runUntil(60_000);
    expect(sent.map(([value]) => value)).toEqual([1, 0x13, 2]);
  });
});

describe('RTS, CTS, DTR and DSR', () => {
  it('RTS follows RX_FLOW_THRHD at the byte', () => {
    const rts = new Signal('rts', 1);
    const { set, get, send, scheduler } = start({ rts });
    set(CONF1, 0x6060 | (2 << 16) | (1 << 23));
    expect(rts.level).toBe(0);
    send(1, 0);
    send(2, 6000);
    scheduler.runUntil(6000 + CHARACTER - 1);
    expect(rts.level).toBe(0);
    scheduler.runUntil(6000 + CHARACTER);
    expect(rts.level).toBe(1);
    get(FIFO);
    expect(rts.level).toBe(0);
  });

  it('raises CTS_CHG and DSR_CHG at each edge, also of looped back outputs', () => {
    const dsr = new Signal('dsr', 0);
    const { set, raw } = start({ dsr });
    dsr.set(1);
    expect(raw(CTS_CHG | DSR_CHG)).toBe(DSR_CHG);
    dsr.set(0);
    set(CONF0, CONF0_8N1 | (1 << 14));
    set(INT_CLR, -1);
    set(CONF0, CONF0_8N1 | (1 << 14) | (1 << 6));
    expect(raw(CTS_CHG | DSR_CHG)).toBe(CTS_CHG);
  });
});

describe('RS485', () => {
  const pins = () => ({
    tx: new Signal('tx', 1),
    rx: new Signal('rx', 1),
    dtr: new Signal('dtr', 1),
  });

  it('DTR is high from TX_DLY_NUM bits before the frame to the end of DL1', () => {
    const wires = pins();
    const { set, get, scheduler } = start(wires);
    const dtr = edgesOf(wires.dtr, () => scheduler.now);
    const tx = edgesOf(wires.tx, () => scheduler.now);
    set(RS485_CONF, 1 | (3 << 1) | (2 << 6));
    expect(dtr).toEqual([[0, 0]]);
    set(FIFO, 0xff);
    const frame = 2 * BIT;
    scheduler.runUntil(frame + 10 * BIT);
    expect((get(STATUS) >>> 24) & 15).toBe(13);
    scheduler.runUntil(frame + 11 * BIT);
    expect((get(STATUS) >>> 24) & 15).toBe(14);
    scheduler.runUntil(frame + 12 * BIT - 1);
    expect(dtr).toEqual([
      [0, 0],
      [0, 1],
    ]);
    scheduler.runUntil(50_000);
    expect(dtr.at(-1)).toEqual([frame + 12 * BIT, 0]);
    expect(tx).toEqual([
      [frame, 0],
      [frame + BIT, 1],
    ]);
  });

  it('does not hear its echo without TX_RX_EN, and hears itself with it', () => {
    const wires = pins();
    const { set, get, scheduler } = start(wires);
    wires.tx.connect((level) => wires.rx.set(level));
    set(RS485_CONF, 1);
    set(FIFO, 0x5a);
    scheduler.runUntil(20_000);
    expect(get(STATUS) & 0xff).toBe(0);
    set(RS485_CONF, 1 | (1 << 3));
    set(FIFO, 0x5a);
    scheduler.runUntil(40_000);
    expect([get(STATUS) & 0xff, get(FIFO)]).toEqual([1, 0x5a]);
    expect(get(INT_RAW) & (RS485_CLASH | RS485_FRM_ERR)).toBe(0);
  });

  it('finds a clash in the middle of the first bit that differs, and the errors it makes', () => {
    const wires = pins();
    const { set, scheduler, expectAt } = start(wires);
    let other: Level = 1;
    let own: Level = 1;
    wires.tx.connect((level) => wires.rx.set(((own = level) & other) as Level));
    set(CONF0, CONF0_8N1 | 2);
    set(RS485_CONF, 1 | (1 << 3) | (1 << 4));
    set(FIFO, 0xfe);
    scheduler.runUntil(4 * BIT);
    other = 0;
    wires.rx.set((own & other) as Level);
    expectAt(4.5 * BIT, RS485_CLASH);
    scheduler.runUntil(8 * BIT);
    other = 1;
    wires.rx.set(own);
    // Data bits 3 to 6 came as 0: still even, as is the parity bit of 0xfe, which has 7 ones.
    expectAt(10.5 * BIT, 0);
    other = 0;
    scheduler.runUntil(50_000);
  });

  it('raises its own parity and framing errors with the general ones', () => {
    const { set, uart, expectAt } = start(pins());
    set(CONF0, CONF0_8N1 | 2);
    set(RS485_CONF, 1);
    uart.receive({ value: 1, startTick: 0, bitTicks: BIT, parity: 'odd', noise: 1 << 10 });
    expectAt(10.5 * BIT, PARITY_ERR | RS485_PARITY_ERR | RS485_FRM_ERR);
  });

  it('waits while something comes in, unless RXBY_TX_EN is set', () => {
    for (const [conf, at] of [
      [1, CHARACTER],
      [1 | (1 << 4), 1200],
    ] as const) {
      const { set, send, sent, scheduler } = start(pins());
      set(RS485_CONF, conf);
      send(0x11, 0);
      scheduler.runUntil(1200);
      set(FIFO, 0x22);
      scheduler.runUntil(60_000);
      expect(sent).toEqual([[0x22, at, at + 6000]]);
    }
  });

  it('RX_DLY_NUM delays what is received by a bit', () => {
    const { set, get, send, scheduler } = start(pins());
    set(RS485_CONF, 1 | (1 << 5));
    send(0xa5, 0);
    scheduler.runUntil(CHARACTER + BIT - 1);
    expect(get(STATUS) & 0xff).toBe(0);
    scheduler.runUntil(CHARACTER + BIT);
    expect([get(STATUS) & 0xff, get(FIFO)]).toEqual([1, 0xa5]);
  });
});

describe('IrDA', () => {
  const EN = 1 << 16;
  const TX_EN = 1 << 10;

  it('sends a pulse of 3/16 bit for each 0, inverted by IRDA_TX_INV', () => {
    for (const invert of [0, 1] as const) {
      const tx = new Signal('tx', 1);
      const { set, scheduler } = start({ tx });
      // A bit of 100 5/16 cycles: sixteenths fall between cycles, edges on the cycle before.
      set(CLKDIV, 100 | (5 << 20));
      set(CONF0, CONF0_8N1 | EN | TX_EN | (invert << 12));
      expect(tx.level).toBe(invert);
      const edges = edgesOf(tx, () => scheduler.now);
      set(FIFO, 0xfb);
      scheduler.runUntil(50_000);
      const at = (bit: number, part: number): number =>
        6 * Math.floor(((bit * 16 + part) * (100 * 16 + 5)) / 256);
      expect(edges).toEqual([
        [at(0, 7), invert ^ 1],
        [at(0, 10), invert],
        [at(3, 7), invert ^ 1],
        [at(3, 10), invert],
      ]);
    }
  });

  it.each([0, 1] as const)('receives low pulses, high ones with IRDA_RX_INV (%i)', (invert) => {
    const rx = new Signal('rx', (1 ^ invert) as Level);
    const { set, get, scheduler } = start({ rx });
    set(CONF0, CONF0_8N1 | EN | (invert << 13));
    const bits = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1];
    bits.forEach((bit, i) => {
      if (bit === 1) return;
      scheduler.runUntil(6000 + i * BIT);
      rx.set(invert);
      scheduler.runUntil(6000 + i * BIT + 112);
      rx.set((invert ^ 1) as Level);
    });
    scheduler.runUntil(6000 + CHARACTER - 1);
    expect(get(STATUS) & 0xff).toBe(0);
    scheduler.runUntil(6000 + CHARACTER);
    expect([get(STATUS) & 0xff, get(FIFO)]).toEqual([1, 0b01001101]);
  });

  it('is half duplex, and hears itself with IRDA_DPLX', () => {
    for (const duplex of [0, 1]) {
      const wires = { tx: new Signal('tx', 1), rx: new Signal('rx', 1) };
      const { set, get, send, scheduler } = start(wires);
      set(CONF0, CONF0_8N1 | EN | TX_EN | (duplex << 9));
      send(0x33, 0);
      set(FIFO, 0x77);
      scheduler.runUntil(20_000);
      expect([get(STATUS) & 0xff, get(FIFO)]).toEqual(duplex === 1 ? [1, 0x77] : [0, 0]);
    }
  });
});

it('continues from a snapshot in any mode with the same result', () => {
  const run = (split: number): unknown => {
    const make = () =>
      start({ tx: new Signal('tx', 1), rx: new Signal('rx', 1), dtr: new Signal('dtr', 1) });
    let board = make();
    board.set(FLOW_CONF, 1);
    board.set(AT_CHAR, 0x2b | (1 << 8));
    board.set(AT_PRE, 0);
    board.set(AT_POST, 100);
    board.set(RS485_CONF, 1 | (1 << 4) | (2 << 6));
    board.set(FIFO, 0x12);
    board.set(FLOW_CONF, 1 | (1 << 5));
    board.send(0x2b, 1000);
    board.send(0x13, 9000);
    board.scheduler.runUntil(split);
    const saved = [
      structuredClone(board.scheduler.save()),
      structuredClone(board.uart.save()),
    ] as const;
    const before = board.sent;
    board = make();
    board.scheduler.restore(saved[0]);
    board.uart.restore(saved[1]);
    board.scheduler.runUntil(60_000);
    return [before.concat(board.sent), board.get(STATUS), board.get(INT_RAW), board.get(FLOW_CONF)];
  };
  const reference = run(0);
  expect((reference as [unknown[]])[0].length).toBe(2);
  for (const at of [1, 1200, 1300, 6700, 7000, 7301, 12_000, 15_000])
    expect(run(at)).toEqual(reference);
});

it('TX_DONE comes at the end of the stop bit whatever the mode', () => {
  const { set, expectAt } = start();
  set(FIFO, 0);
  expectAt(10 * BIT, TX_DONE);
});
