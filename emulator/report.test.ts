import { describe, expect, it } from 'vitest';
import { RunLog } from './report.ts';

const entry = { device: 'SENS', register: 'SAR_READ_CTRL', access: 'write', value: 1 } as const;

describe('run log', () => {
  it('keeps the place of the first access and counts the others', () => {
    const log = new RunLog();
    let pc = 0x400d0000;
    log.where = () => ({ core: 'APP_CPU', pc: pc++ });
    log.unmodelled(entry);
    log.unmodelled({ ...entry, value: 2 });
    log.unmodelled({ ...entry, access: 'read' });
    expect([...log.unmodelledEntries.values()]).toEqual([
      { ...entry, core: 'APP_CPU', pc: 0x400d0000, count: 2 },
      { ...entry, access: 'read', core: 'APP_CPU', pc: 0x400d0001, count: 1 },
    ]);
  });

  it('tells each warning once, with the place of the first time', () => {
    const log = new RunLog();
    const told: string[] = [];
    log.onWarning = (message) => told.push(message);
    let [pc, tick] = [0x400d0000, 7];
    log.where = () => ({ core: 'APP_CPU', pc: pc++ });
    log.when = () => ({ tick: tick++, cycle: 3 });
    log.warn('RTC_CNTL', 'asleep');
    log.warn('RTC_CNTL', 'asleep');
    expect(told).toEqual(['RTC_CNTL: asleep']);
    const entry = { core: 'APP_CPU', pc: 0x400d0000, tick: 7, cycle: 3, count: 2 };
    expect([...log.warnings]).toEqual([['RTC_CNTL: asleep', entry]]);
  });

  it('counts watchdog feeds per block and keeps the least time left', () => {
    const log = new RunLog();
    log.watchdogFed('TIMG0', 700);
    log.watchdogFed('RTC_CNTL', Infinity);
    log.watchdogFed('TIMG0', 300);
    expect(Object.fromEntries(log.watchdogFeeds)).toEqual({ TIMG0: 2, RTC_CNTL: 1 });
    expect(Object.fromEntries(log.watchdogMargins)).toEqual({ TIMG0: 300 });
  });

  it('does not grow without bound', () => {
    const log = new RunLog();
    for (let i = 0; i < 5000; i++) {
      log.unmodelled({ ...entry, register: `R${i}` });
      log.warn('X', `${i}`);
      log.reset({ tick: i, core: 'PRO_CPU', cause: 'SW_CPU', source: 'RTC_CNTL', pc: 0 });
    }
    expect([log.unmodelledEntries.size, log.warnings.size, log.resets.length]).toEqual([
      1000, 1000, 1000,
    ]);
    expect([log.droppedEntries, log.droppedResets]).toEqual([4000, 4000]);
  });
});
