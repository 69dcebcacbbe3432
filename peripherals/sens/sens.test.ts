import { describe, expect, it } from 'vitest';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { SENS_REGISTERS } from './sens.regs.ts';
import { Sens } from './sens.ts';

const SAR_READ_CTRL = 0x00;
const SAR_START_FORCE = 0x2c;
const SAR_ATTEN1 = 0x34;
const SAR_SLAVE_ADDR3 = 0x44;
const SAR_TSENS_CTRL = 0x4c;
const SAR_MEAS_START1 = 0x54;
const DONE = 1 << 16;
const START = 1 << 17;
const FORCE = 1 << 18;

function bench(millivolts: (adc: 1 | 2, channel: number) => number = () => 0) {
  const scheduler = new Scheduler();
  const clocks = { rtcFast: new Clock('RTC_FAST_CLK', 8_000_000) };
  const log = new RecordingLog();
  const sens = new Sens({ clocks, scheduler, log, millivolts });
  return { scheduler, sens, log };
}

testRegisters('SENS', () => bench().sens, SENS_REGISTERS, {
  readsAfterReset: { SAR_TOUCH_CTRL2: 0x00400c00 },
});

describe('SENS', () => {
  // Reset: SAMPLE_CYCLE 9, CLK_DIV 2; 23 x 2 cycles of 60 ticks.
  const CONVERSION_TICKS = (9 + 12 + 2) * 2 * 60;

  it('ends a conversion after its cycles, with the channel, attenuation and width asked for', () => {
    const { scheduler, sens } = bench((adc, channel) => (adc === 1 && channel === 6 ? 550 : 0));
    sens.write(SAR_READ_CTRL, 0x00070902 | (1 << 28), 4);
    sens.write(SAR_ATTEN1, 0, 4);
    const pad = FORCE | (1 << (19 + 6)) | (1 << 31);
    sens.write(SAR_MEAS_START1, pad | 0, 4);
    sens.write(SAR_MEAS_START1, pad | START, 4);
    scheduler.runUntil(CONVERSION_TICKS - 1);
    expect(sens.read(SAR_MEAS_START1, 4) & (DONE | 0xffff)).toBe(0);
    scheduler.runUntil(CONVERSION_TICKS);
    // 550 of 1100 mV is half of 4095.
    expect(sens.read(SAR_MEAS_START1, 4) & (DONE | 0xffff)).toBe(DONE | 2047);
    sens.write(SAR_START_FORCE, 0xc, 4);
    sens.write(SAR_MEAS_START1, pad | 0, 4);
    sens.write(SAR_MEAS_START1, pad | START, 4);
    scheduler.runUntil(3 * CONVERSION_TICKS);
    expect(sens.read(SAR_MEAS_START1, 4) & 0xffff).toBe(2047 >> 3);
  });

  it('converts again on the next rising start only', () => {
    const { scheduler, sens } = bench();
    sens.write(SAR_MEAS_START1, FORCE | START, 4);
    scheduler.runUntil(CONVERSION_TICKS);
    sens.write(SAR_MEAS_START1, FORCE | START, 4);
    expect(sens.read(SAR_MEAS_START1, 4) & DONE).toBe(DONE);
    sens.write(SAR_MEAS_START1, FORCE, 4);
    sens.write(SAR_MEAS_START1, FORCE | START, 4);
    expect(sens.read(SAR_MEAS_START1, 4) & DONE).toBe(0);
  });

  it('reports ULP starts, and has a temperature once the sensor has power', () => {
    const { sens, log } = bench();
    sens.write(SAR_START_FORCE, 0xf | (1 << 9), 4);
    expect(log.entries.map((entry) => entry.register)).toEqual(['SAR_START_FORCE']);
    expect(sens.read(SAR_SLAVE_ADDR3, 4) >>> 30).toBe(0);
    sens.write(SAR_TSENS_CTRL, 0x66002 | (1 << 24), 4);
    expect((sens.read(SAR_SLAVE_ADDR3, 4) >>> 30) & 1).toBe(1);
  });

  it('stays as it is over a core reset', () => {
    const { sens } = bench();
    sens.write(SAR_ATTEN1, 5, 4);
    sens.reset('core');
    expect(sens.read(SAR_ATTEN1, 4)).toBe(5);
    sens.reset('system');
    expect(sens.read(SAR_ATTEN1, 4)).toBe(-1);
  });
});
