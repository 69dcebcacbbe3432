/** RTC_CNTL: software resets, stall, RTC timer, watchdog and timed wake-up. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Unmodelled } from '../../emulator/bus/device.ts';
import type { ResetRequest } from '../../emulator/bus/reset.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import { Clock, MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { testRegisters } from '../register-test.ts';
import { RTC_CNTL_REGISTERS } from './rtc_cntl.regs.ts';
import { RtcCntl } from './rtc_cntl.ts';

const offsets = new Map<string, number>(RTC_CNTL_REGISTERS.map((row) => [row.name, row.offset]));
const SLOW_TICKS = MASTER_HZ / 150_000; // 3200, exact
const BIT31 = 0x80000000;

let scheduler: Scheduler;
let slowClock: Clock;
let irq: Signal;
let stall: [Signal, Signal];
let resets: (ResetRequest & { at: number })[];
let sources: string[];
let reports: Unmodelled[];
let rtc: RtcCntl;

function make(flashBoot: boolean): void {
  scheduler = new Scheduler();
  slowClock = new Clock('RTC_SLOW', 150_000);
  irq = new Signal('RTC_CORE');
  stall = [new Signal('PRO_STALL'), new Signal('APP_STALL')];
  resets = [];
  sources = [];
  reports = [];
  rtc = new RtcCntl({
    slowClock,
    scheduler,
    irq,
    stall,
    requestReset: (request) => resets.push({ ...request, at: scheduler.now }),
    flashBoot: () => flashBoot,
    selectCpuClock: (source) => sources.push(source),
    readFastMemory: (index) => index * 0x01010101,
    log: { unmodelled: (entry) => reports.push(entry), warn: () => {} },
  });
}

beforeEach(() => make(false));

const write = (name: string, value: number): void => rtc.write(offsets.get(name)!, value, 4);
const read = (name: string): number => rtc.read(offsets.get(name)!, 4) >>> 0;

testRegisters(
  'RTC_CNTL',
  () => {
    make(false);
    return rtc;
  },
  RTC_CNTL_REGISTERS,
  { active: ['INT_ST', 'MEM_CONF'], readsAfterReset: { RESET_STATE: 0x3041 } },
);

it('resets both cores to the mask ROM', () => {
  expect([rtc.bootsFromRom(0), rtc.bootsFromRom(1)]).toEqual([true, true]);
});

describe('resets', () => {
  it('by software: digital core, PRO_CPU, APP_CPU', () => {
    const options = read('OPTIONS0');
    write('OPTIONS0', options | BIT31);
    write('OPTIONS0', options | (1 << 5));
    write('OPTIONS0', options | (1 << 4));
    expect(resets.map(({ level, cores, cause }) => [level, cores, cause])).toEqual([
      ['core', [0, 1], 3],
      ['cpu', [0], 12],
      ['cpu', [1], 12],
    ]);
    expect(read('OPTIONS0')).toBe(options);
  });

  it('show their causes; a core reset keeps the registers, a system reset does not', () => {
    write('STORE0', 0x1234);
    rtc.reset('core');
    rtc.setResetCause(0, 3);
    rtc.setResetCause(1, 14);
    expect(read('RESET_STATE') & 0xfff).toBe((14 << 6) | 3);
    expect(read('STORE0')).toBe(0x1234);
    rtc.reset('system');
    expect(read('STORE0')).toBe(0);
    expect(sources).toEqual(['XTAL']);
  });
});

it('stalls a core by the magic value only', () => {
  write('SW_CPU_STALL', 0x21 << 20);
  expect(stall[1].level).toBe(0);
  write('OPTIONS0', read('OPTIONS0') | 2);
  expect([stall[0].level, stall[1].level]).toEqual([0, 1]);
  write('SW_CPU_STALL', (0x21 << 26) | (0x20 << 20));
  write('OPTIONS0', (read('OPTIONS0') & ~3) | (2 << 2));
  expect([stall[0].level, stall[1].level]).toEqual([1, 0]);
});

describe('clocks', () => {
  it('tells the choice of the CPU clock once', () => {
    write('CLK_CONF', read('CLK_CONF') | (1 << 27));
    write('CLK_CONF', read('CLK_CONF') | (1 << 10));
    expect(sources).toEqual(['PLL']);
  });

  it('chooses the slow clock', () => {
    write('CLK_CONF', read('CLK_CONF') | (1 << 30));
    expect(slowClock.hz).toBe(32_768);
  });
});

describe('main timer', () => {
  it('is read through an update that becomes valid at the next slow clock edge', () => {
    scheduler.runUntil(10 * SLOW_TICKS + 1);
    write('TIME_UPDATE', BIT31);
    scheduler.runUntil(11 * SLOW_TICKS - 1);
    expect(read('TIME_UPDATE')).toBe(0);
    scheduler.runUntil(11 * SLOW_TICKS);
    expect(read('TIME_UPDATE')).toBe(1 << 30);
    expect(read('TIME0')).toBe(11);
    expect(read('INT_RAW')).toBe(1 << 4);
  });

  it('carries into the upper 16 bits', () => {
    scheduler.runUntil((2 ** 32 + 5) * SLOW_TICKS);
    write('TIME_UPDATE', BIT31);
    scheduler.runUntil(scheduler.now + SLOW_TICKS);
    expect([read('TIME1'), read('TIME0')]).toEqual([1, 6]);
  });

  it('alarms, and interrupts until cleared', () => {
    write('INT_ENA', 1 << 8);
    write('SLP_TIMER0', 1000);
    write('SLP_TIMER1', 1 << 16);
    scheduler.runUntil(1000 * SLOW_TICKS - 1);
    expect(irq.level).toBe(0);
    scheduler.runUntil(1000 * SLOW_TICKS);
    expect(irq.level).toBe(1);
    expect(read('INT_ST')).toBe(1 << 8);
    write('INT_CLR', 1 << 8);
    expect(irq.level).toBe(0);
  });
});

describe('sleep', () => {
  const sleep = (): void => {
    write('SLP_TIMER0', 500);
    write('SLP_TIMER1', 1 << 16);
    write('WAKEUP_STATE', 8 << 11);
    write('STATE0', read('STATE0') | BIT31);
  };

  it('light: cores stand still until the timer wakes them', () => {
    sleep();
    expect([stall[0].level, stall[1].level]).toEqual([1, 1]);
    scheduler.runUntil(500 * SLOW_TICKS);
    expect([stall[0].level, stall[1].level]).toEqual([0, 0]);
    expect(read('INT_RAW') & 1).toBe(1);
    expect(read('WAKEUP_STATE') & 0x7ff).toBe(8);
    expect(resets).toEqual([]);
  });

  it('deep: wakes by a reset of the digital core', () => {
    write('DIG_PWC', read('DIG_PWC') | BIT31);
    sleep();
    scheduler.runUntil(500 * SLOW_TICKS);
    expect(resets).toEqual([
      { level: 'core', cores: [0, 1], cause: 5, source: 'RTC_CNTL', at: 500 * SLOW_TICKS },
    ]);
  });

  it('reports wake-up sources that are not modelled', () => {
    write('WAKEUP_STATE', 1 << 11);
    write('STATE0', read('STATE0') | BIT31);
    expect(reports.map((entry) => entry.register)).toEqual(['WAKEUP_STATE']);
  });
});

describe('watchdog', () => {
  it('resets the RTC when flash boot hangs: 128000 slow cycles', () => {
    make(true);
    scheduler.runUntil(128_000 * SLOW_TICKS - 1);
    expect(resets).toEqual([]);
    scheduler.runUntil(128_000 * SLOW_TICKS);
    expect(resets.map(({ level, cause }) => [level, cause])).toEqual([['system', 16]]);
  });

  it('acts by stage: interrupt, chosen cores, digital core', () => {
    write('INT_ENA', 8);
    write('WDTCONFIG1', 10);
    write('WDTCONFIG2', 20);
    write('WDTCONFIG3', 30);
    write('WDTCONFIG0', BIT31 | (1 << 28) | (2 << 25) | (3 << 22) | (1 << 8));
    scheduler.runUntil(10 * SLOW_TICKS - 1);
    expect(irq.level).toBe(0);
    scheduler.runUntil(60 * SLOW_TICKS);
    expect(irq.level).toBe(1);
    expect(resets.map(({ cores, cause, at }) => [cores, cause, at / SLOW_TICKS])).toEqual([
      [[1], 13, 30],
      [[0, 1], 9, 60],
    ]);
  });

  it('is fed only with the key in place', () => {
    write('WDTCONFIG1', 100);
    write('WDTCONFIG0', BIT31 | (3 << 28));
    write('WDTWPROTECT', 0);
    scheduler.runUntil(60 * SLOW_TICKS);
    write('WDTFEED', BIT31);
    write('WDTWPROTECT', 0x50d83aa1);
    scheduler.runUntil(90 * SLOW_TICKS);
    write('WDTFEED', BIT31);
    scheduler.runUntil(190 * SLOW_TICKS - 1);
    expect(resets.length).toBe(0);
    scheduler.runUntil(190 * SLOW_TICKS);
    expect(resets.length).toBe(1);
  });
});

it('finishes the CRC of RTC fast memory, which depends on its content', () => {
  write('MEM_CONF', (1 << 8) | (3 << 9) | (7 << 20));
  expect(read('MEM_CONF') & BIT31).not.toBe(0);
  const first = read('MEM_CRC_RES');
  write('MEM_CONF', 0);
  write('MEM_CONF', (1 << 8) | (4 << 9) | (7 << 20));
  expect(read('MEM_CRC_RES')).not.toBe(first);
});

it('goes on identically after save and restore', () => {
  write('SLP_TIMER0', 50);
  write('SLP_TIMER1', 1 << 16);
  write('WDTCONFIG1', 70);
  write('WDTCONFIG0', BIT31 | (3 << 28));
  scheduler.runUntil(40 * SLOW_TICKS + 7);
  const state = rtc.save();
  const queue = scheduler.save();
  const outcome = (): unknown[] => {
    scheduler.runUntil(100 * SLOW_TICKS);
    return [read('INT_RAW'), resets.map((request) => request.at / SLOW_TICKS)];
  };
  expect(outcome()).toEqual([1 << 8, [70]]);
  resets.length = 0;
  rtc.restore(state);
  scheduler.restore(queue);
  expect(outcome()).toEqual([1 << 8, [70]]);
});
