/** Controllers and a host on one SCL and one SDA with pull-ups: real scheduler and clock, wired AND. */
import { Signal } from '../../emulator/bus/signal.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog } from '../register-test.ts';
import { I2C_REGISTERS } from './i2c.regs.ts';
import { I2c } from './i2c.ts';
import type { I2cPin } from './i2c.ts';

export const TICKS_PER_CYCLE = 6;

/** `C` and `D` for SCL and SDA falling, `c` and `d` for rising, each with its APB_CLK cycle. */
export type Edge = [name: 'C' | 'c' | 'D' | 'd', cycle: number];

class BusLine {
  readonly level = new Signal('line', 1);
  host: Level = 1;
  readonly pins: I2cPin[] = [];

  pin(): I2cPin {
    const pin = { in: new Signal('in', 1), out: new Signal('out', 1), enable: new Signal('oe') };
    this.pins.push(pin);
    for (const signal of [pin.out, pin.enable]) signal.connect(() => this.resolve());
    return pin;
  }

  drive(level: Level): void {
    this.host = level;
    this.resolve();
  }

  private resolve(): void {
    const low = this.pins.some((pin) => pin.enable.level === 1 && pin.out.level === 0);
    this.level.set(low || this.host === 0 ? 0 : 1);
    for (const pin of this.pins) pin.in.set(this.level.level);
  }
}

export type RegisterName = (typeof I2C_REGISTERS)[number]['name'];

export function i2cBench() {
  const scheduler = new Scheduler();
  const clock = new Clock('APB_CLK', 80_000_000);
  const log = new RecordingLog();
  const scl = new BusLine();
  const sda = new BusLine();
  const edges: Edge[] = [];
  const record = (name: 'C' | 'D', line: BusLine): void =>
    line.level.connect((level) => {
      const shown = (level === 0 ? name : name.toLowerCase()) as Edge[0];
      edges.push([shown, scheduler.now / TICKS_PER_CYCLE]);
    });
  record('C', scl);
  record('D', sda);
  const controllers = ([0, 1] as const).map((index) => {
    const irq = new Signal(`irq${index}`);
    const pins = { scl: scl.pin(), sda: sda.pin() };
    return { irq, device: new I2c({ index, apbClock: clock, scheduler, irq, log, ...pins }) };
  });
  const block = (index: 0 | 1) => {
    const { device, irq } = controllers[index]!;
    return {
      device,
      irq,
      set: (name: RegisterName, value: number) => device.write(offsetOf(name), value, 4),
      get: (name: RegisterName) => device.read(offsetOf(name), 4) >>> 0,
      fifo: (...bytes: number[]) => bytes.forEach((byte) => device.write(0x1c, byte, 4)),
    };
  };
  const hostEvents: (() => void)[] = [];
  /** The host drives at a cycle. */
  const host = (cycle: number, line: 'scl' | 'sda', level: Level): void => {
    const event = scheduler.event(`host${hostEvents.length}`, () =>
      (line === 'scl' ? scl : sda).drive(level),
    );
    hostEvents.push(event.fire as () => void);
    scheduler.at(cycle * TICKS_PER_CYCLE, event);
  };
  const run = (cycle: number): void => scheduler.runUntil(cycle * TICKS_PER_CYCLE);
  return { scheduler, log, scl, sda, edges, i2c: [block(0), block(1)] as const, host, run };
}

export type I2cBlock = ReturnType<typeof i2cBench>['i2c'][number];

function offsetOf(name: RegisterName): number {
  return I2C_REGISTERS.find((row) => row.name === name)!.offset;
}

export const CTR_MASTER = 0x13;
export const CTR_START = 0x33;
export const CTR_SLAVE = 0x03;

export const COMMAND = {
  rstart: 0 << 11,
  /** With ACK check for 0. */
  write: (bytes: number) => (1 << 11) | (1 << 8) | bytes,
  /** Without. */
  writeUnchecked: (bytes: number) => (1 << 11) | bytes,
  read: (bytes: number, ack: 0 | 1) => (2 << 11) | (ack << 10) | bytes,
  stop: 3 << 11,
  end: 4 << 11,
} as const;

/** Times of the master in APB_CLK cycles, all different so that no two are mistaken. */
export const TIMES = {
  low: 100,
  high: 80,
  hold: 30,
  sample: 40,
  startHold: 60,
  restartSetup: 70,
  stopHold: 50,
  stopSetup: 55,
} as const;

export function configureMaster(block: I2cBlock, filter: number | undefined = undefined): void {
  block.set('SCL_LOW_PERIOD', TIMES.low);
  block.set('SCL_HIGH_PERIOD', TIMES.high);
  block.set('SDA_HOLD', TIMES.hold);
  block.set('SDA_SAMPLE', TIMES.sample);
  block.set('SCL_START_HOLD', TIMES.startHold);
  block.set('SCL_RSTART_SETUP', TIMES.restartSetup);
  block.set('SCL_STOP_HOLD', TIMES.stopHold);
  block.set('SCL_STOP_SETUP', TIMES.stopSetup);
  block.set('TO', 20_000);
  block.set('SCL_FILTER_CFG', filter === undefined ? 0 : 8 | filter);
  block.set('SDA_FILTER_CFG', filter === undefined ? 0 : 8 | filter);
  block.set('CTR', CTR_MASTER);
}

/** Writes the command list and starts it. */
export function execute(block: I2cBlock, ...commands: number[]): void {
  commands.forEach((command, n) => block.set(`COMD${n}` as RegisterName, command));
  block.set('CTR', CTR_START);
}
