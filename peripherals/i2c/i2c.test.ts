/** The I2C controllers on a wired-AND bus: edges to the cycle, commands, slave, arbitration. */
import { describe, expect, it } from 'vitest';
import { testRegisters } from '../register-test.ts';
import {
  COMMAND,
  CTR_SLAVE,
  CTR_START,
  TIMES,
  configureMaster,
  execute,
  i2cBench,
} from './i2c.fixtures.ts';
import type { Edge, I2cBlock } from './i2c.fixtures.ts';
import { I2C_REGISTERS, INTERRUPT } from './i2c.regs.ts';

const COMMANDS = Array.from({ length: 16 }, (_, n) => `COMD${n}`);

testRegisters('I2C', () => i2cBench().i2c[0].device, I2C_REGISTERS, {
  // The empty TX FIFO is below its threshold; COMD's done bit and CTR's start have tests below.
  readsAfterReset: { INT_RAW: INTERRUPT.TXFIFO_EMPTY },
  active: ['INT_RAW', 'CTR'],
});

/** One byte as the master of TIMES sends it, from SCL's fall at `cycle`; the ACK is left to `ack`. */
function byteEdges(cycle: number, value: number, high: number, last: number, ack = 1): Edge[] {
  const edges: Edge[] = [];
  let sda = last;
  let fall = cycle;
  for (let bit = 0; bit < 9; bit++) {
    const level = bit === 8 ? ack : (value >> (7 - bit)) & 1;
    if (level !== sda) edges.push([level === 1 ? 'd' : 'D', fall + TIMES.hold]);
    sda = level;
    const rise = fall + TIMES.low + 1;
    fall = rise + high;
    edges.push(['c', rise], ['C', fall]);
  }
  return edges;
}

describe('master timing', () => {
  // TRM, "SCL frequency": SCL_HIGH_PERIOD + 7 without a filter, + 8 up to 2, 6 + THRES from 3 on.
  it.each([
    [undefined, 7],
    [0, 8],
    [2, 8],
    [3, 9],
    [7, 13],
  ])('every edge of START, a byte and STOP with filter %s', (filter, extra) => {
    const { i2c, edges, run } = i2cBench();
    configureMaster(i2c[0], filter);
    i2c[0].fifo(0xa6);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop);
    run(5000);
    const start = TIMES.restartSetup;
    const fall = start + TIMES.startHold;
    const high = TIMES.high + extra;
    const end = fall + 9 * (TIMES.low + 1 + high);
    const rise = end + TIMES.low + 1;
    expect(edges).toEqual([
      ['D', start],
      ['C', fall],
      ...byteEdges(fall, 0xa6, high, 0),
      ['D', end + TIMES.hold],
      ['c', rise],
      ['d', rise + TIMES.stopSetup],
    ]);
    const raised = INTERRUPT.TRANS_START | INTERRUPT.MASTER_TRAN_COMP | INTERRUPT.TRANS_COMPLETE;
    expect(i2c[0].get('INT_RAW')).toBe(raised | INTERRUPT.TXFIFO_EMPTY);
    expect(COMMANDS.map((name) => i2c[0].get(name as 'COMD0') >>> 31)).toEqual([
      ...[1, 1, 1],
      ...Array<number>(13).fill(0),
    ]);
    expect(i2c[0].get('SR') & 0x11).toBe(1);
  });

  it('TRANS_COMPLETE comes SCL_STOP_HOLD after the STOP', () => {
    const { i2c, edges, run } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].set('INT_ENA', INTERRUPT.TRANS_COMPLETE);
    execute(i2c[0], COMMAND.rstart, COMMAND.stop);
    run(1000);
    const stop = edges.at(-1)![1];
    const again = i2cBench();
    configureMaster(again.i2c[0]);
    again.i2c[0].set('INT_ENA', INTERRUPT.TRANS_COMPLETE);
    execute(again.i2c[0], COMMAND.rstart, COMMAND.stop);
    again.run(stop + TIMES.stopHold - 1);
    expect(again.i2c[0].irq.level).toBe(0);
    again.run(stop + TIMES.stopHold);
    expect(again.i2c[0].irq.level).toBe(1);
    again.i2c[0].set('INT_CLR', INTERRUPT.TRANS_COMPLETE);
    expect(again.i2c[0].irq.level).toBe(0);
  });

  it('a repeated START: SDA rises in SCL low, falls SCL_RSTART_SETUP after its rise', () => {
    const { i2c, edges, run } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].fifo(0x02);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.rstart, COMMAND.stop);
    run(5000);
    const fall = TIMES.restartSetup + TIMES.startHold;
    const end = fall + 9 * (TIMES.low + 1 + TIMES.high + 7);
    const rise = end + TIMES.low + 1;
    const again = rise + TIMES.restartSetup;
    expect(edges.slice(-6)).toEqual([
      ['C', end],
      ['c', rise],
      ['D', again],
      ['C', again + TIMES.startHold],
      ['c', again + TIMES.startHold + TIMES.low + 1],
      ['d', again + TIMES.startHold + TIMES.low + 1 + TIMES.stopSetup],
    ]);
  });

  it('END holds SCL low; the next list goes on from there', () => {
    const { i2c, edges, run, scl } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].fifo(0x02);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.end);
    run(5000);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.END_DETECT).toBe(INTERRUPT.END_DETECT);
    expect(scl.level.level).toBe(0);
    edges.length = 0;
    execute(i2c[0], COMMAND.stop);
    run(6000);
    const rise = 5000 + TIMES.low + 1;
    expect(edges).toEqual([
      ['D', 5000 + TIMES.hold],
      ['c', rise],
      ['d', rise + TIMES.stopSetup],
    ]);
  });

  it('a stretched clock: the high level counts from the real rise', () => {
    const { i2c, edges, run, host } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].fifo(0x02);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop);
    const fall = TIMES.restartSetup + TIMES.startHold;
    host(fall + 1, 'scl', 0);
    host(fall + 1500, 'scl', 1);
    run(6000);
    const clocks = edges.filter(([name]) => name.toLowerCase() === 'c').slice(0, 3);
    expect(clocks).toEqual([
      ['C', fall],
      ['c', fall + 1500],
      ['C', fall + 1500 + TIMES.high + 7],
    ]);
  });
});

describe('master', () => {
  it('a wrong ACK raises ACK_ERR and ends with a STOP of its own', () => {
    const { i2c, edges, run } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].fifo(0x42, 0x55);
    execute(i2c[0], COMMAND.rstart, COMMAND.write(2), COMMAND.stop);
    run(6000);
    const raw = i2c[0].get('INT_RAW');
    expect(raw & INTERRUPT.ACK_ERR).toBe(INTERRUPT.ACK_ERR);
    expect(raw & INTERRUPT.TRANS_COMPLETE).toBe(0);
    expect(edges.filter(([name]) => name === 'c').length).toBe(10);
    expect(edges.at(-1)![0]).toBe('d');
    expect((i2c[0].get('SR') >>> 18) & 0x3f).toBe(1);
    expect(i2c[0].get('COMD1') >>> 31).toBe(0);
    expect(i2c[0].get('SR') & 0x10).toBe(0);
  });

  it('SCL held low: TIME_OUT after TO cycles without an edge', () => {
    const { i2c, run, host, edges } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].set('TO', 3000);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop);
    const fall = TIMES.restartSetup + TIMES.startHold;
    host(fall + 1, 'scl', 0);
    // SCL's fall is seen one cycle later.
    run(fall + 1 + 2999);
    expect(i2c[0].get('SR') & 4).toBe(0);
    run(fall + 1 + 3000);
    expect(i2c[0].get('SR') & 4).toBe(4);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.TIME_OUT).toBe(INTERRUPT.TIME_OUT);
    i2c[0].device.reset('peripheral');
    expect(i2c[0].get('SR')).toBe(0);
    expect(edges.at(-1)).toEqual(['d', fall + 3001]);
  });

  it('sends and receives LSB first', () => {
    const { i2c, run } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].fifo(0x03);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.read(1, 1), COMMAND.stop);
    run(8000);
    expect(i2c[0].get('DATA')).toBe(0xff);
    const lsb = i2cBench();
    configureMaster(lsb.i2c[0]);
    lsb.i2c[0].fifo(0x01);
    for (const [n, command] of [COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop].entries())
      lsb.i2c[0].set(`COMD${n}` as 'COMD0', command);
    lsb.i2c[0].set('CTR', CTR_START | 0x40);
    lsb.run(5000);
    const fall = TIMES.restartSetup + TIMES.startHold;
    expect(lsb.edges[2]).toEqual(['d', fall + TIMES.hold]);
    expect(lsb.edges[5]).toEqual(['D', fall + TIMES.low + 1 + TIMES.high + 7 + TIMES.hold]);
  });

  it('takes bytes from the RAM with NONFIFO_EN and puts them there', () => {
    const { i2c, run } = i2cBench();
    configureMaster(i2c[0]);
    i2c[0].set('FIFO_CONF', 0x155408b | (1 << 10));
    i2c[0].device.write(0x100, 0x0f, 4);
    i2c[0].device.write(0x104, 0xf0, 4);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(2), COMMAND.read(1, 1), COMMAND.stop);
    run(9000);
    expect(i2c[0].device.read(0x100, 4)).toBe(0xff);
    expect(i2c[0].device.read(0x104, 4)).toBe(0xf0);
    expect((i2c[0].get('SR') >>> 8) & 0x3f).toBe(0);
  });

  it('survives save and restore in the middle of a byte', () => {
    const whole = i2cBench();
    const other = i2cBench();
    for (const { i2c } of [whole, other]) configureMaster(i2c[0]);
    whole.i2c[0].fifo(0x96);
    execute(whole.i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop);
    whole.run(777);
    const { scl, sda } = whole;
    const state = structuredClone({
      scheduler: whole.scheduler.save(),
      i2c: whole.i2c.map((block) => block.device.save()),
      pins: [scl, sda]
        .flatMap((line) => line.pins.flatMap((p) => [p.in, p.out, p.enable]))
        .map((s) => s.save()),
      lines: [scl.level.save(), sda.level.save()],
    });
    whole.edges.length = 0;
    whole.run(6000);
    other.i2c.forEach((block, n) => block.device.restore(state.i2c[n]!));
    [other.scl, other.sda]
      .flatMap((line) => line.pins.flatMap((p) => [p.in, p.out, p.enable]))
      .forEach((signal, n) => signal.restore(state.pins[n]!));
    other.scl.level.restore(state.lines[0]!);
    other.sda.level.restore(state.lines[1]!);
    other.scheduler.restore(state.scheduler);
    other.run(6000);
    expect(other.edges).toEqual(whole.edges);
    expect(whole.edges.length).toBeGreaterThan(10);
  });

  it('an idle block has no events', () => {
    const { scheduler, i2c, run } = i2cBench();
    configureMaster(i2c[0]);
    execute(i2c[0], COMMAND.rstart, COMMAND.stop);
    run(30_000);
    expect(scheduler.nextTick).toBe(Infinity);
  });
});

describe('arbitration', () => {
  it('the master that sends 1 while the other sends 0 lets go, the other finishes unharmed', () => {
    const { i2c, run, edges } = i2cBench();
    for (const block of i2c) configureMaster(block);
    i2c[0].fifo(0x50);
    i2c[1].fifo(0x40);
    for (const block of i2c)
      execute(block, COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop);
    run(6000);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.ARBITRATION_LOST).toBe(INTERRUPT.ARBITRATION_LOST);
    expect(i2c[0].get('SR') & 8).toBe(8);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.TRANS_COMPLETE).toBe(0);
    expect(i2c[1].get('INT_RAW') & INTERRUPT.TRANS_COMPLETE).toBe(INTERRUPT.TRANS_COMPLETE);
    expect(i2c[1].get('SR') & 8).toBe(0);
    const fall = TIMES.restartSetup + TIMES.startHold;
    const bits = edges.slice(2, -3);
    expect(bits).toEqual(byteEdges(fall, 0x40, TIMES.high + 7, 0));
  });

  it('a START waits until the other master has sent its STOP', () => {
    const { i2c, run, edges } = i2cBench();
    for (const block of i2c) configureMaster(block);
    i2c[0].fifo(0x02);
    execute(i2c[0], COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop);
    run(500);
    execute(i2c[1], COMMAND.rstart, COMMAND.stop);
    run(9000);
    const stop = edges.findIndex(([name], n) => name === 'd' && edges[n - 1]![0] === 'c');
    // The other controller sees the STOP one cycle after the wire.
    expect(edges[stop + 1]).toEqual(['D', edges[stop]![1] + 1 + TIMES.restartSetup]);
    expect(i2c[1].get('INT_RAW') & INTERRUPT.TRANS_COMPLETE).toBe(INTERRUPT.TRANS_COMPLETE);
  });

  it('clocks of two masters: the longest low, the shortest high', () => {
    const { i2c, run, edges } = i2cBench();
    for (const block of i2c) configureMaster(block);
    i2c[1].set('SCL_LOW_PERIOD', 150);
    i2c[1].set('SCL_HIGH_PERIOD', 120);
    for (const block of i2c) {
      block.fifo(0x02);
      execute(block, COMMAND.rstart, COMMAND.writeUnchecked(1), COMMAND.stop);
    }
    run(9000);
    const fall = TIMES.restartSetup + TIMES.startHold;
    const clocks = edges.filter(([name]) => name.toLowerCase() === 'c').slice(0, 3);
    expect(clocks).toEqual([
      ['C', fall],
      ['c', fall + 151],
      ['C', fall + 151 + TIMES.high + 7],
    ]);
  });
});

/** A master on the host's side: 1000 cycles per bit; returns the levels of SDA at each SCL high. */
function hostTransfer(bench: ReturnType<typeof i2cBench>, from: number, items: string) {
  const { host, scheduler, sda } = bench;
  const seen: number[] = [];
  let at = from;
  let names = 0;
  const look = (cycle: number): void => {
    const event = scheduler.event(`look${from}.${names++}`, () => seen.push(sda.level.level));
    scheduler.at(cycle * 6, event);
  };
  for (const item of items) {
    if (item === 'S') {
      host(at, 'sda', 1);
      host(at + 200, 'scl', 1);
      host(at + 500, 'sda', 0);
    } else if (item === 'P') {
      host(at, 'sda', 0);
      host(at + 200, 'scl', 1);
      host(at + 500, 'sda', 1);
      at += 1000;
      continue;
    } else {
      host(at, 'sda', item === '0' ? 0 : 1);
      host(at + 300, 'scl', 1);
      look(at + 600);
    }
    host(at + 900, 'scl', 0);
    at += 1000;
  }
  return { seen, end: at };
}

const bits = (value: number): string => value.toString(2).padStart(8, '0');
const asByte = (levels: number[]): number => parseInt(levels.join(''), 2);

function configureSlave(block: I2cBlock, address: number, extra = 0): void {
  block.set('SDA_HOLD', 20);
  block.set('SDA_SAMPLE', 20);
  block.set('SLAVE_ADDR', address);
  block.set('FIFO_CONF', 0x155408b | extra);
  block.set('CTR', CTR_SLAVE);
}

describe('slave', () => {
  it('receives bytes for its address and acknowledges them', () => {
    const bench = i2cBench();
    const { i2c, run } = bench;
    configureSlave(i2c[0], 0x2a);
    const { seen, end } = hostTransfer(bench, 10, `S${bits(0x54)}1${bits(0x37)}1P`);
    run(10 + 9999);
    expect(i2c[0].get('SR') & 0x30).toBe(0x30);
    run(end + 10);
    expect([seen[8], seen[17]]).toEqual([0, 0]);
    expect(i2c[0].get('SR') & 0x30).toBe(0);
    expect(i2c[0].get('DATA')).toBe(0x37);
    const done = INTERRUPT.SLAVE_TRAN_COMP | INTERRUPT.TRANS_COMPLETE;
    expect(i2c[0].get('INT_RAW')).toBe(done | INTERRUPT.TXFIFO_EMPTY);
  });

  it('leaves another address alone', () => {
    const bench = i2cBench();
    const { i2c, run } = bench;
    configureSlave(i2c[0], 0x2a);
    const { seen, end } = hostTransfer(bench, 10, `S${bits(0x56)}1${bits(0x00)}1P`);
    run(end + 10);
    expect([seen[8], seen[17]]).toEqual([1, 1]);
    expect(i2c[0].get('INT_RAW')).toBe(INTERRUPT.TXFIFO_EMPTY);
    expect((i2c[0].get('SR') >>> 8) & 0x3f).toBe(0);
  });

  it('sends from its TX FIFO until the master does not acknowledge; SDA changes SDA_HOLD after the fall', () => {
    const bench = i2cBench();
    const { i2c, run, edges } = bench;
    configureSlave(i2c[0], 0x2a);
    i2c[0].fifo(0xc3, 0x5a);
    const { seen, end } = hostTransfer(
      bench,
      10,
      `S${bits(0x55)}1${'1'.repeat(8)}0${'1'.repeat(8)}1P`,
    );
    run(end + 10);
    expect(seen[8]).toBe(0);
    expect(asByte(seen.slice(9, 17))).toBe(0xc3);
    expect(asByte(seen.slice(18, 26))).toBe(0x5a);
    expect((i2c[0].get('SR') >>> 18) & 0x3f).toBe(0);
    // The ACK of the address: the eighth bit's SCL fall is at 10 + 8 x 1000 + 900.
    const fall = 10 + 8900;
    expect(edges.find(([name, cycle]) => name === 'D' && cycle > fall)).toEqual(['D', fall + 20]);
  });

  it('a 10-bit address takes two bytes; a read follows a repeated START', () => {
    const bench = i2cBench();
    const { i2c, run } = bench;
    // ESP-IDF's layout: bits 14..7 the low byte, 6..0 the prefix 11110 and the two high bits.
    configureSlave(i2c[0], 0x80000000 | (0x34 << 7) | 0x78 | 2);
    i2c[0].fifo(0x99);
    const { seen, end } = hostTransfer(
      bench,
      10,
      `S${bits(0xf4)}1${bits(0x34)}1${bits(0x11)}1S${bits(0xf5)}1${'1'.repeat(8)}1P`,
    );
    run(end + 10);
    expect([seen[8], seen[17], seen[26], seen[35]]).toEqual([0, 0, 0, 0]);
    expect(i2c[0].get('DATA')).toBe(0x11);
    expect(asByte(seen.slice(36, 44))).toBe(0x99);
    const other = i2cBench();
    configureSlave(other.i2c[0], 0x80000000 | (0x34 << 7) | 0x78 | 2);
    const wrong = hostTransfer(other, 10, `S${bits(0xf4)}1${bits(0x35)}1P`);
    other.run(wrong.end + 10);
    expect([wrong.seen[8], wrong.seen[17]]).toEqual([0, 1]);
  });

  it('FIFO_ADDR_CFG_EN: the byte after the address is an offset in the RAM', () => {
    const bench = i2cBench();
    const { i2c, run } = bench;
    configureSlave(i2c[0], 0x2a, (1 << 10) | (1 << 11));
    i2c[0].device.write(0x100 + 4 * 6, 0x77, 4);
    const { seen, end } = hostTransfer(
      bench,
      10,
      `S${bits(0x54)}1${bits(5)}1${bits(0xab)}1PS${bits(0x54)}1${bits(5)}1S${bits(0x55)}1${'1'.repeat(8)}0${'1'.repeat(8)}1P`,
    );
    run(end + 10);
    expect(i2c[0].device.read(0x100 + 4 * 5, 4)).toBe(0xab);
    expect(asByte(seen.slice(54, 62))).toBe(0xab);
    expect(asByte(seen.slice(63, 71))).toBe(0x77);
  });

  it('a full RX FIFO raises RXFIFO_OVF and keeps its bytes; thresholds are levels', () => {
    const bench = i2cBench();
    const { i2c, run } = bench;
    configureSlave(i2c[0], 0x2a);
    i2c[0].set('FIFO_CONF', (0x155408b & ~0x1f) | 3);
    const bytes = Array.from({ length: 33 }, (_, n) => `${bits(n)}1`).join('');
    const { end } = hostTransfer(bench, 10, `S${bits(0x54)}1${bytes}P`);
    run(end + 10);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.RXFIFO_OVF).toBe(INTERRUPT.RXFIFO_OVF);
    expect((i2c[0].get('SR') >>> 8) & 0x3f).toBe(32);
    for (let n = 0; n < 29; n++) {
      i2c[0].set('INT_CLR', INTERRUPT.RXFIFO_FULL);
      expect(i2c[0].get('INT_RAW') & INTERRUPT.RXFIFO_FULL, `${32 - n}`).toBe(
        INTERRUPT.RXFIFO_FULL,
      );
      expect(i2c[0].get('DATA')).toBe(n);
    }
    i2c[0].set('INT_CLR', INTERRUPT.RXFIFO_FULL);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.RXFIFO_FULL).toBe(0);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.RX_REC_FULL).toBe(INTERRUPT.RX_REC_FULL);
  });

  it('a pulse shorter than the filter is not a START', () => {
    const { i2c, run, host } = i2cBench();
    configureSlave(i2c[0], 0x2a);
    i2c[0].set('SDA_FILTER_CFG', 8 | 7);
    host(100, 'sda', 0);
    host(106, 'sda', 1);
    run(200);
    expect(i2c[0].get('SR') & 0x10).toBe(0);
    host(300, 'sda', 0);
    host(308, 'sda', 1);
    run(307);
    expect(i2c[0].get('SR') & 0x10).toBe(0x10);
    run(400);
    expect(i2c[0].get('SR') & 0x10).toBe(0);
  });

  it('a controller talks to the other one', () => {
    const { i2c, run } = i2cBench();
    configureMaster(i2c[0]);
    configureSlave(i2c[1], 0x11);
    i2c[1].fifo(0xde, 0xad);
    i2c[0].fifo(0x22, 0x01, 0x02, 0x23);
    execute(
      i2c[0],
      COMMAND.rstart,
      COMMAND.write(3),
      COMMAND.rstart,
      COMMAND.write(1),
      COMMAND.read(1, 0),
      COMMAND.read(1, 1),
      COMMAND.stop,
    );
    run(20_000);
    expect([i2c[1].get('DATA'), i2c[1].get('DATA')]).toEqual([1, 2]);
    expect([i2c[0].get('DATA'), i2c[0].get('DATA')]).toEqual([0xde, 0xad]);
    expect(i2c[0].get('INT_RAW') & (INTERRUPT.ACK_ERR | INTERRUPT.ARBITRATION_LOST)).toBe(0);
    expect(i2c[0].get('INT_RAW') & INTERRUPT.TRANS_COMPLETE).toBe(INTERRUPT.TRANS_COMPLETE);
  });
});
