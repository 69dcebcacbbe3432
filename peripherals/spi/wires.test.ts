/**
 * SPI2 and SPI3 on the pads of a whole chip: edges at the ticks of the manual's formulas, samples from
 * the wire, and the same outcome whether or not somebody listens.
 */
import { describe, expect, it } from 'vitest';
import type { Board, BoardDevice, BoardWire } from '../../emulator/bus/board-device.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { Esp32 } from '../../emulator/esp32.ts';
import { SPI_REGISTERS } from './spi.regs.ts';

const APB = 6;
const USR = 1 << 18;
const offsets = new Map<string, number>(SPI_REGISTERS.map((row) => [row.name, row.offset]));
/** CLK, Q, D, CS0, HD, WP: pads of HSPI by IO_MUX function 1. */
const HSPI = { clk: 14, q: 12, d: 13, cs: 15, hd: 4, wp: 2 } as const;
const IO_MUX_OFFSET: Record<number, number> = {
  2: 0x40,
  4: 0x48,
  12: 0x34,
  13: 0x38,
  14: 0x30,
  15: 0x3c,
};

type Edge = [tick: number, wire: keyof typeof HSPI, level: Level];

/** Hears every wire of HSPI and drives Q as `answer` says: at each tick a level. */
class Listener implements BoardDevice {
  readonly name = 'listener';
  readonly edges: Edge[] = [];
  wires!: Record<keyof typeof HSPI, BoardWire>;
  plug(board: Board): void {
    const wires = Object.entries(HSPI).map(([line, gpio]) => [line, board.wire(gpio)] as const);
    this.wires = Object.fromEntries(wires) as Record<keyof typeof HSPI, BoardWire>;
    for (const [line, wire] of wires)
      wire.onChange((level, tick) => this.edges.push([tick, line as keyof typeof HSPI, level]));
  }
  save(): State {
    return {};
  }
  restore(): void {}
  of(line: keyof typeof HSPI): [number, Level][] {
    return this.edges.filter(([, wire]) => wire === line).map(([tick, , level]) => [tick, level]);
  }
}

/** Changes Q at given ticks and hears nothing. */
class Source implements BoardDevice {
  readonly name = 'source';
  private readonly changes: readonly (readonly [number, Level])[];
  constructor(changes: readonly (readonly [number, Level])[]) {
    this.changes = changes;
  }
  plug(board: Board): void {
    const wire = board.wire(HSPI.q);
    this.changes.forEach(([tick, level], i) =>
      board.event(`q${i}`, () => wire.drive(level)).at(tick),
    );
  }
  save(): State {
    return {};
  }
  restore(): void {}
}

function machine(...devices: BoardDevice[]) {
  const chip = new Esp32();
  chip.clocks.apb.setFrequency(80_000_000, 0);
  for (const device of devices) chip.attach(device);
  const { scheduler, peripherals } = chip;
  const device = (name: string) => peripherals.rows.find((row) => row.device.name === name)!.device;
  const iomux = device('IO_MUX');
  const gpio = device('GPIO');
  // Function 1, input enabled, on the six pads.
  for (const pad of Object.values(HSPI)) iomux.write(IO_MUX_OFFSET[pad]!, (1 << 12) | (1 << 9), 4);
  const spi = (index: 2 | 3) => ({
    write: (name: string, value: number) =>
      peripherals.spi[index]!.write(offsets.get(name)!, value, 4),
    read: (name: string) => peripherals.spi[index]!.read(offsets.get(name)!, 4) >>> 0,
  });
  const run = (tick: number): void => scheduler.runUntil(tick);
  return { chip, scheduler, gpio, iomux, ...spi(2), spi3: spi(3), run };
}

/** MSB-first bits of bytes. */
const bitsOf = (bytes: readonly number[]): Level[] =>
  bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((byte >> bit) & 1) as Level));

/** Changes of a line that stands at `from` and carries `bits`, one every `period` from `start`. */
function changes(
  from: Level,
  bits: readonly Level[],
  start: number,
  period: number,
): [number, Level][] {
  let level = from;
  return bits.flatMap((bit, i): [number, Level][] => {
    if (bit === level) return [];
    level = bit;
    return [[start + i * period, bit]];
  });
}

const clock = (pre: number, n: number, h: number): number => (pre << 18) | (n << 12) | (h << 6) | n;

describe('a transfer of two bytes', () => {
  // mode, PRE, N, H, then by the manual: period (PRE+1)(N+1) APB cycles, of them (PRE+1)(H+1) high.
  const rows = [0, 1, 2, 3].flatMap((mode) =>
    [
      { pre: 0, n: 1, h: 0 },
      { pre: 0, n: 3, h: 1 },
      { pre: 4, n: 4, h: 1 },
      { pre: 9, n: 63, h: 31 },
    ].map((divider) => ({ mode, ...divider })),
  );
  it.each(rows)(
    'mode $mode, PRE $pre, N $n, H $h: every edge at its tick',
    ({ mode, pre, n, h }) => {
      const listener = new Listener();
      const { write, run } = machine(listener);
      const cpol = (mode >> 1) as Level;
      const cpha = mode & 1;
      write('PIN', (cpol << 29) | 6);
      write('CLOCK', clock(pre, n, h));
      write('USER', (1 << 27) | (1 << 5) | (1 << 4) | ((cpha ^ cpol) << 7));
      write('CTRL2', (2 << 4) | 1);
      write('MOSI_DLEN', 15);
      write('W0', 0x3ca5);
      run(1000);
      listener.edges.length = 0;
      write('CMD', USR);
      const begin = 1002;
      const period = (pre + 1) * (n + 1) * APB;
      const high = (pre + 1) * (h + 1) * APB;
      const start = begin + 2 * period;
      const stop = start + 16 * period;
      const end = stop + 2 * period;
      run(end + 10 * period);
      expect(listener.of('cs')).toEqual([
        [begin, 0],
        [end, 1],
      ]);
      const active = (cpol ^ 1) as Level;
      // Where the active half lies: behind the idle half with CPHA 0, before it with CPHA 1.
      const activeTicks = active === 1 ? high : period - high;
      const first = cpha === 1 ? 0 : period - activeTicks;
      const expected: [number, Level][] = [];
      for (let bit = 0; bit < 16; bit++) {
        const leading = start + bit * period + first;
        expected.push([leading, active], [leading + activeTicks, cpol]);
      }
      expect(listener.of('clk')).toEqual(expected);
      expect(listener.of('d')).toEqual(changes(0, bitsOf([0xa5, 0x3c]), start, period));
      expect(listener.of('q')).toEqual([]);
    },
  );

  it('at the undivided APB clock toggles CLK every 3 ticks, at other clocks than 80 MHz every half', () => {
    const listener = new Listener();
    const { write, run } = machine(listener);
    write('CLOCK', 0x80000000);
    write('USER', 1 << 27);
    write('MOSI_DLEN', 3);
    run(600);
    listener.edges.length = 0;
    write('CMD', USR);
    run(1000);
    expect(listener.of('clk').map(([tick]) => tick)).toEqual([
      603, 606, 609, 612, 615, 618, 621, 624,
    ]);
    expect(listener.of('cs')).toEqual([
      [600, 0],
      [624, 1],
    ]);
  });

  it('with the least significant bit first, and a delay of MOSI', () => {
    const listener = new Listener();
    const { write, run } = machine(listener);
    write('CLOCK', clock(0, 3, 1));
    write('USER', 1 << 27);
    write('CTRL', 1 << 26);
    // Half a clock (mode 2 with CK_OUT_EDGE 0) and one APB cycle.
    write('CTRL2', (2 << 21) | (1 << 23));
    write('MOSI_DLEN', 7);
    write('W0', 0x35);
    run(600);
    listener.edges.length = 0;
    write('CMD', USR);
    run(2000);
    const lsbFirst = [...bitsOf([0x35])].reverse();
    expect(listener.of('d')).toEqual(changes(0, lsbFirst, 600 + 12 + 6, 24));
  });
});

describe('what is sampled', () => {
  const T = 48;
  /** Bits as they stand on Q around the middle of each clock. */
  const centred = (bits: readonly Level[], start: number): [number, Level][] =>
    bits.map((level, i) => [start + i * T + 5, level]);

  function receive(listen: boolean, delay: number, source: readonly (readonly [number, Level])[]) {
    const listener = new Listener();
    const devices: BoardDevice[] = listen ? [new Source(source), listener] : [new Source(source)];
    const made = machine(...devices);
    const { write, run, read } = made;
    write('CLOCK', clock(0, 7, 3));
    write('USER', (1 << 27) | (1 << 28) | 1);
    write('CTRL2', delay);
    write('MOSI_DLEN', 15);
    write('MISO_DLEN', 15);
    write('W0', 0xffff);
    run(600);
    write('CMD', USR);
    run(600 + 16 * T - 1);
    expect(read('CMD')).toBe(USR);
    run(600 + 16 * T);
    expect(read('CMD')).toBe(0);
    return { ...made, value: read('W0') & 0xffff };
  }

  it('is the level of the wire, heard or not', () => {
    const bits = bitsOf([0x96, 0x1f]);
    for (const listen of [false, true])
      expect(receive(listen, 0, centred(bits, 600)).value).toBe(0x1f96);
  });

  it('is taken at the end of each clock, before what happens at that tick; MISO_DELAY moves it back', () => {
    // High only in one window; each bit shows whether its sampling tick lies in the window.
    const window = (from: number, to: number) =>
      [
        [1, 0],
        [from, 1],
        [to, 0],
      ] as const;
    const sampleAt = 600 + 3 * T;
    const bitOfThird = 0x20;
    for (const listen of [false, true]) {
      const value = (delay: number, from: number, to: number): number =>
        receive(listen, delay, window(from, to)).value;
      expect(value(0, sampleAt - 1, sampleAt + 1)).toBe(bitOfThird);
      expect(value(0, sampleAt - 1, sampleAt)).toBe(bitOfThird);
      expect(value(0, sampleAt, sampleAt + 1)).toBe(0);
      // Half a clock, and two APB cycles more.
      const half = 2 << 16;
      expect(value(half, sampleAt - T / 2 - 1, sampleAt - T / 2)).toBe(bitOfThird);
      expect(value(half | (2 << 18), sampleAt - T / 2 - 13, sampleAt - T / 2 - 12)).toBe(
        bitOfThird,
      );
    }
  });

  it('leaves the same state of the chip, heard or not', () => {
    const bits = centred(bitsOf([0x5a, 0xc3]), 600);
    const state = (listen: boolean) => {
      const { chip, run } = receive(listen, 0, bits);
      run(5000);
      const rest: State = { ...chip.save(), devices: {} };
      const peripherals = rest['peripherals'] as State;
      // The listener is one more party on each wire.
      const pads = (peripherals['pads'] as (State | null)[]).map((pad) =>
        pad === null ? null : { ...pad, drivers: [] },
      );
      return { ...rest, peripherals: { ...peripherals, pads } };
    };
    expect(state(true)).toEqual(state(false));
  });

  it('costs no event per edge when nobody hears, and GPIO_IN still sees the level of the tick', () => {
    const seen = (listen: boolean): number[] => {
      const { write, run, gpio, scheduler } = machine(...(listen ? [new Listener()] : []));
      write('CLOCK', clock(0, 7, 3));
      write('USER', 1 << 27);
      write('MOSI_DLEN', 15);
      write('W0', 0xffff);
      run(600);
      write('CMD', USR);
      if (!listen) expect(scheduler.nextTick).toBe(600 + 16 * T);
      return Array.from({ length: 30 }, (_, i) => {
        run(600 + 13 * i);
        return gpio.read(0x3c, 4);
      });
    };
    const alone = seen(false);
    expect(alone).toEqual(seen(true));
    const clk = alone.map((word) => (word >> HSPI.clk) & 1);
    expect(clk).toEqual(Array.from({ length: 30 }, (_, i) => ((13 * i) % T < T / 2 ? 0 : 1)));
  });

  it('hears its own MOSI where both lines meet at one pad', () => {
    const { write, read, run, gpio, iomux } = machine();
    // GPIO13: D out and Q in through the matrix.
    iomux.write(0x38, (2 << 12) | (1 << 9), 4);
    gpio.write(0x530 + 4 * 13, 10, 4);
    gpio.write(0x130 + 4 * 9, 0x80 | 13, 4);
    write('CLOCK', clock(0, 7, 3));
    write('USER', (1 << 27) | (1 << 28) | 1);
    write('MOSI_DLEN', 31);
    write('MISO_DLEN', 31);
    write('W0', 0xdeadbeef);
    write('CMD', USR);
    run(100_000);
    expect(read('W0')).toBe(0xdeadbeef);
  });
});

describe('lines and chip selects', () => {
  it('quad output drives four lines, quad input lets them go', () => {
    const listener = new Listener();
    const { write, read, run } = machine(listener);
    write('CLOCK', clock(0, 7, 3));
    write('CTRL', (1 << 21) | (1 << 13) | (1 << 20));
    write('USER', (1 << 27) | (1 << 28) | (1 << 13));
    write('MOSI_DLEN', 7);
    write('MISO_DLEN', 7);
    write('W0', 0x3a);
    run(600);
    write('CMD', USR);
    const nibble = () =>
      (['d', 'q', 'wp', 'hd'] as const).reduce(
        (n, line, i) => n | (listener.wires[line].level << i),
        0,
      );
    run(624);
    expect(nibble()).toBe(0x3);
    run(600 + 48 + 24);
    expect(nibble()).toBe(0xa);
    // Clocks 2 and 3 are input: what the board drives is read without contention.
    run(600 + 96);
    const answer = (value: number) =>
      (['d', 'q', 'wp', 'hd'] as const).forEach((line, i) =>
        listener.wires[line].drive(((value >> i) & 1) as Level),
      );
    answer(0x6);
    run(600 + 144);
    answer(0x9);
    run(600 + 192);
    expect(read('CMD')).toBe(0);
    expect(read('W0') & 0xff).toBe(0x69);
  });

  it('3-wire mode reads from D', () => {
    const listener = new Listener();
    const { write, read, run } = machine(listener);
    write('CLOCK', clock(0, 7, 3));
    write('USER', (1 << 27) | (1 << 28) | (1 << 16));
    write('MOSI_DLEN', 7);
    write('MISO_DLEN', 7);
    write('W0', 0xf0);
    run(600);
    write('CMD', USR);
    run(600 + 8 * 48);
    bitsOf([0x4d]).forEach((bit, i) => {
      run(600 + (8 + i) * 48 + 1);
      listener.wires.d.drive(bit);
    });
    run(600 + 16 * 48);
    expect(read('W0') & 0xff).toBe(0x4d);
  });

  it('polarity, keep-active, a disabled clock and the second chip select by the matrix', () => {
    const listener = new Listener();
    const { write, run, gpio, chip } = machine(listener);
    // CS1 of HSPI is signal 61; GPIO26 is enabled by the peripheral.
    gpio.write(0x530 + 4 * 26, 61, 4);
    const cs1: [number, Level][] = [];
    chip.peripherals.pads[26]!.wire.connect((level) => cs1.push([chip.scheduler.now, level]));
    write('CLOCK', clock(0, 7, 3));
    write('USER', 1 << 27);
    write('MOSI_DLEN', 7);
    // CS1 active high, selected together with CS0, kept; CK_DIS.
    write('PIN', (1 << 30) | (1 << 7) | (1 << 5) | 4);
    run(600);
    listener.edges.length = 0;
    cs1.length = 0;
    write('CMD', USR);
    run(2000);
    expect(listener.of('clk')).toEqual([]);
    expect(listener.of('cs')).toEqual([[600, 0]]);
    expect(cs1).toEqual([[600, 1]]);
    write('PIN', (1 << 7) | 4);
    expect(listener.of('cs')).toEqual([
      [600, 0],
      [2000, 1],
    ]);
    expect(cs1).toEqual([
      [600, 1],
      [2000, 0],
    ]);
  });

  it('survives a save in the middle of a heard transfer', () => {
    const setUp = () => {
      const listener = new Listener();
      const made = machine(listener);
      return { listener, ...made };
    };
    const first = setUp();
    first.write('CLOCK', clock(0, 7, 3));
    first.write('USER', (1 << 27) | (1 << 28) | 1);
    first.write('MOSI_DLEN', 63);
    first.write('W0', 0x12345678);
    first.write('CMD', USR);
    first.run(1000);
    const state = first.chip.save();
    const second = setUp();
    second.chip.restore(state);
    first.listener.edges.length = 0;
    second.listener.edges.length = 0;
    first.run(10_000);
    second.run(10_000);
    expect(first.listener.edges.length).toBeGreaterThan(80);
    expect(second.listener.edges).toEqual(first.listener.edges);
    expect(second.chip.stateHash()).toBe(first.chip.stateHash());
  });
});
