/** Timer groups: every edge is checked one tick before and at the tick that the TRM's formulas give. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ResetRequest } from '../../emulator/bus/reset.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import { Clock, MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { addU64, distanceU64, prescale } from './counter.ts';
import { TIMG_REGISTERS } from './timg.regs.ts';
import { Timg } from './timg.ts';

const log = new RecordingLog();
const offsets = new Map<string, number>(TIMG_REGISTERS.map((row) => [row.name, row.offset]));
const APB_TICKS = 6; // 80 MHz
const EN = 0x80000000;
const INCREASE = 1 << 30;
const AUTORELOAD = 1 << 29;
const divider = (value: number): number => value << 13;
const LEVEL = 1 << 11;
const EDGE = 1 << 12;
const ALARM_EN = 1 << 10;
const KEY = 0x50d83aa1;

let scheduler: Scheduler;
let apbClock: Clock;
let timg: Timg;
let level: Record<'T0' | 'T1' | 'WDT' | 'LACT', Signal>;
let edge: Record<'T0' | 'T1' | 'WDT' | 'LACT', Signal>;
let resets: (ResetRequest & { at: number })[];

const signals = (kind: string): Record<'T0' | 'T1' | 'WDT' | 'LACT', Signal> => ({
  T0: new Signal(`T0_${kind}`),
  T1: new Signal(`T1_${kind}`),
  WDT: new Signal(`WDT_${kind}`),
  LACT: new Signal(`LACT_${kind}`),
});

function make(index: 0 | 1, flashBoot: boolean): void {
  scheduler = new Scheduler();
  apbClock = new Clock('APB', 80_000_000);
  level = signals('LEVEL');
  edge = signals('EDGE');
  resets = [];
  timg = new Timg({
    index,
    apbClock,
    xtalClock: new Clock('XTAL', 40_000_000),
    calibrationClocks: [
      new Clock('RTC_SLOW', 150_000),
      new Clock('RC_FAST_D256', 33_203),
      undefined,
    ],
    scheduler,
    level,
    edge,
    requestReset: (request) => resets.push({ ...request, at: scheduler.now }),
    flashBoot: () => flashBoot,
    log,
  });
}

const write = (name: string, value: number): void => timg.write(offsets.get(name)!, value, 4);
const read = (name: string): number => timg.read(offsets.get(name)!, 4) >>> 0;
const count = (timer: string): number => {
  write(`${timer}UPDATE`, 1);
  return read(`${timer}HI`) * 2 ** 32 + read(`${timer}LO`);
};

beforeEach(() => make(0, false));

testRegisters(
  'TIMG1',
  () => {
    make(1, false);
    return timg;
  },
  TIMG_REGISTERS,
  { active: ['INT_ST_TIMERS'] },
);

describe('64-bit arithmetic', () => {
  it('wraps at both ends', () => {
    expect(addU64({ hi: 0xffffffff, lo: 0xffffffff }, 1)).toEqual({ hi: 0, lo: 0 });
    expect(addU64({ hi: 0, lo: 0 }, -1)).toEqual({ hi: 0xffffffff, lo: 0xffffffff });
    expect(addU64({ hi: 1, lo: 5 }, -6)).toEqual({ hi: 0, lo: 0xffffffff });
    expect(addU64({ hi: 0, lo: 0xfffffff0 }, 2 ** 33 + 0x20)).toEqual({ hi: 3, lo: 0x10 });
    expect(distanceU64({ hi: 2, lo: 0 }, { hi: 1, lo: 1 })).toBe(0xffffffff);
    expect(distanceU64({ hi: 0, lo: 0 }, { hi: 0, lo: 1 })).toBe(2 ** 64);
  });

  it('divides by 65536 for 0 and by 2 for 1', () => {
    expect([0, 1, 2, 3, 65535].map(prescale)).toEqual([65536, 2, 2, 3, 65535]);
  });
});

describe.each(['T0', 'T1', 'LACT'] as const)('%s', (timer) => {
  const config = `${timer}CONFIG`;
  const bit = { T0: 1, T1: 2, LACT: 8 }[timer];

  it('counts APB cycles through the prescaler', () => {
    write(config, EN | INCREASE | divider(10));
    scheduler.runUntil(10 * APB_TICKS * 7 - 1);
    expect(count(timer)).toBe(6);
    scheduler.runUntil(10 * APB_TICKS * 7);
    expect(count(timer)).toBe(7);
    write(config, INCREASE | divider(10));
    scheduler.runUntil(1e6);
    expect(count(timer)).toBe(7);
  });

  it('counts down through zero', () => {
    write(config, EN | divider(2));
    scheduler.runUntil(2 * APB_TICKS * 3);
    write(`${timer}UPDATE`, 1);
    expect(read(`${timer}LO`)).toBe(0xfffffffd);
    expect(read(`${timer}HI`)).toBe(0xffffffff);
  });

  it('alarms at the tick, clears ALARM_EN, and keeps the level until cleared', () => {
    write('INT_ENA_TIMERS', bit);
    write(`${timer}ALARMLO`, 100);
    write(config, EN | INCREASE | divider(80) | LEVEL | ALARM_EN);
    scheduler.runUntil(100 * 80 * APB_TICKS - 1);
    expect(level[timer].level).toBe(0);
    scheduler.runUntil(100 * 80 * APB_TICKS);
    expect(level[timer].level).toBe(1);
    expect(read('INT_ST_TIMERS')).toBe(bit);
    expect(read(config) & ALARM_EN).toBe(0);
    write('INT_CLR_TIMERS', bit);
    expect(level[timer].level).toBe(0);
    scheduler.runUntil(200 * 80 * APB_TICKS);
    expect(count(timer)).toBe(200);
    expect(read('INT_RAW_TIMERS')).toBe(0);
  });

  it('reloads at the alarm and goes on from there', () => {
    write(`${timer}ALARMLO`, 50);
    write(`${timer}LOADLO`, 20);
    write(config, EN | INCREASE | AUTORELOAD | divider(4) | LEVEL | ALARM_EN);
    scheduler.runUntil(50 * 4 * APB_TICKS + 3 * 4 * APB_TICKS);
    expect(count(timer)).toBe(23);
    expect(read('INT_RAW_TIMERS')).toBe(bit);
  });

  it('pulses the edge source once, when enabled', () => {
    const edges: number[] = [];
    edge[timer].connect((value) => edges.push(value));
    write('INT_ENA_TIMERS', bit);
    write(`${timer}ALARMLO`, 5);
    write(config, EN | INCREASE | divider(2) | EDGE | ALARM_EN);
    scheduler.runUntil(1000);
    expect(edges).toEqual([1, 0]);
    expect(level[timer].level).toBe(0);
  });

  it('alarms at once when the count is past the alarm', () => {
    write(`${timer}LOADLO`, 1000);
    write(`${timer}LOAD`, 1);
    write(`${timer}ALARMLO`, 999);
    write(config, EN | INCREASE | divider(2) | LEVEL | ALARM_EN);
    scheduler.runUntil(0);
    expect(read('INT_RAW_TIMERS')).toBe(bit);
  });

  it('keeps its count and moves its alarm when APB_CLK changes', () => {
    write(`${timer}ALARMLO`, 100);
    write(config, EN | INCREASE | divider(8) | LEVEL | ALARM_EN);
    scheduler.runUntil(50 * 8 * 6);
    apbClock.setFrequency(40_000_000, scheduler.now);
    const end = 50 * 8 * 6 + 50 * 8 * 12;
    scheduler.runUntil(end - 1);
    expect(count(timer)).toBe(99);
    expect(read('INT_RAW_TIMERS')).toBe(0);
    scheduler.runUntil(end);
    expect(read('INT_RAW_TIMERS')).toBe(bit);
  });
});

describe('main watchdog', () => {
  const stage = (number: number, action: number): number => action << (29 - 2 * number);

  it('runs through its stages: interrupt, CPU reset, system reset', () => {
    write('INT_ENA_TIMERS', 4);
    write('WDTCONFIG1', 100 << 16);
    write('WDTCONFIG2', 10);
    write('WDTCONFIG3', 20);
    write('WDTCONFIG4', 30);
    write('WDTCONFIG0', EN | stage(0, 1) | stage(1, 2) | stage(2, 3) | (1 << 21));
    const unit = 100 * APB_TICKS;
    scheduler.runUntil(10 * unit - 1);
    expect(level.WDT.level).toBe(0);
    scheduler.runUntil(10 * unit);
    expect(level.WDT.level).toBe(1);
    scheduler.runUntil(30 * unit - 1);
    expect(resets).toEqual([]);
    scheduler.runUntil(60 * unit);
    expect(resets).toEqual([
      { level: 'cpu', cores: [0], cause: 11, source: 'TIMG0.MWDT', at: 30 * unit },
      { level: 'core', cores: [0, 1], cause: 7, source: 'TIMG0.MWDT', at: 60 * unit },
    ]);
  });

  it('starts anew when fed, and heeds no write without the key', () => {
    write('WDTCONFIG1', 1 << 16);
    write('WDTCONFIG2', 1000);
    write('WDTCONFIG0', EN | stage(0, 3));
    scheduler.runUntil(999 * APB_TICKS);
    log.feeds.length = 0;
    write('WDTFEED', 1);
    write('WDTWPROTECT', 0);
    scheduler.runUntil(1500 * APB_TICKS);
    write('WDTFEED', 1);
    expect(log.feeds).toEqual(['TIMG0']);
    write('WDTCONFIG0', 0);
    expect(read('WDTCONFIG0')).toBe((EN | stage(0, 3)) >>> 0);
    scheduler.runUntil(1999 * APB_TICKS - 1);
    expect(resets.length).toBe(0);
    scheduler.runUntil(1999 * APB_TICKS);
    expect(resets.length).toBe(1);
    write('WDTWPROTECT', KEY);
    write('WDTCONFIG0', 0);
    scheduler.runUntil(1e9);
    expect(resets.length).toBe(1);
  });

  it('guards flash boot from reset on, in TIMG0 only', () => {
    make(1, true);
    scheduler.runUntil(MASTER_HZ);
    expect(resets).toEqual([]);
    make(0, true);
    scheduler.runUntil(26_000_000 * APB_TICKS - 1);
    expect(resets).toEqual([]);
    scheduler.runUntil(26_000_000 * APB_TICKS);
    expect(resets.map((request) => request.cause)).toEqual([7]);
    make(0, true);
    write('WDTCONFIG0', 0);
    scheduler.runUntil(MASTER_HZ);
    expect(resets).toEqual([]);
  });
});

describe('slow clock calibration', () => {
  const START = 0x80000000;

  it('counts XTAL cycles and takes its time', () => {
    write('RTCCALICFG', 1024 << 16);
    write('RTCCALICFG', START | (1024 << 16));
    // 1024 cycles of 150 kHz = 3 276 800 ticks; XTAL has 12 ticks.
    const end = (1024 * MASTER_HZ) / 150_000;
    scheduler.runUntil(end - 1);
    expect(read('RTCCALICFG') & (1 << 15)).toBe(0);
    scheduler.runUntil(end);
    expect(read('RTCCALICFG') & (1 << 15)).toBe(1 << 15);
    expect(read('RTCCALICFG1') >>> 7).toBe(Math.floor(end / 12));
    write('RTCCALICFG', 0);
    write('RTCCALICFG', START | (1 << 13) | (100 << 16));
    expect(read('RTCCALICFG') & (1 << 15)).toBe(0);
    scheduler.runUntil(end * 2);
    const measured = read('RTCCALICFG1') >>> 7;
    expect(Math.abs(measured - (100 * 40_000_000) / 33_203)).toBeLessThan(2);
  });

  it('measures RC_FAST / 256 from reset on, as the mask ROM expects', () => {
    expect(read('RTCCALICFG1')).toBe(0);
    scheduler.runUntil(MASTER_HZ / 1000);
    const measured = read('RTCCALICFG1') >>> 7;
    expect(Math.abs(measured - 40_000_000 / 33_203)).toBeLessThan(2);
  });

  it('never ends for a crystal that is not fitted', () => {
    write('RTCCALICFG', 0);
    write('RTCCALICFG', START | (2 << 13) | (1 << 16));
    scheduler.runUntil(MASTER_HZ);
    expect(read('RTCCALICFG') & (1 << 15)).toBe(0);
  });
});

it('goes on identically after save and restore', () => {
  write('T0ALARMLO', 1000);
  write('T0CONFIG', EN | INCREASE | divider(3) | LEVEL | ALARM_EN);
  write('WDTCONFIG2', 5000);
  write('WDTCONFIG0', EN | (3 << 29));
  scheduler.runUntil(1234);
  const state = timg.save();
  const queue = scheduler.save();
  const outcome = (): unknown[] => {
    scheduler.runUntil(40_000);
    return [count('T0'), read('INT_RAW_TIMERS'), resets.map((request) => request.at)];
  };
  const first = outcome();
  resets.length = 0;
  timg.restore(state);
  scheduler.restore(queue);
  expect(outcome()).toEqual(first);
  expect(first[1]).toBe(1);
});
