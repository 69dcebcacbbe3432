import { describe, expect, it } from 'vitest';
import type { DeviceLog } from './device.ts';
import { createPads, Pad } from './pad.ts';

function make(options: Partial<{ rtc: boolean; inputOnly: boolean }> = {}) {
  const warnings: string[] = [];
  const log: DeviceLog = {
    unmodelled: () => {},
    warn: (device, message) => warnings.push(`${device}: ${message}`),
  };
  const pad = new Pad({ number: 4, log, rtc: false, inputOnly: false, ...options });
  return { pad, warnings };
}

describe('Pad', () => {
  it('resolves chip drive, pulls and an outside driver', () => {
    const { pad } = make();
    const button = pad.attach('button');
    expect([pad.wire.level, pad.condition]).toEqual([0, 'floating']);
    pad.setPulls(true, false);
    expect([pad.wire.level, pad.condition]).toEqual([1, 'pulled']);
    button.drive(0);
    expect([pad.wire.level, pad.condition]).toEqual([0, 'driven']);
    button.drive('z');
    expect([pad.wire.level, pad.condition]).toEqual([1, 'pulled']);
    button.setPull(0);
    expect([pad.wire.level, pad.condition]).toEqual([0, 'pulled']);
    pad.drive('matrix', 1);
    expect([pad.wire.level, pad.condition]).toEqual([1, 'driven']);
    pad.drive('matrix', 'z');
    button.setPull('z');
    pad.setPulls(true, true);
    expect([pad.wire.level, pad.condition]).toEqual([1, 'floating']);
  });

  it('reports the start of each contention once and reads 0', () => {
    const { pad, warnings } = make();
    const other = pad.attach('other chip');
    pad.drive('matrix', 1);
    other.drive(0);
    other.drive(0);
    expect([pad.wire.level, pad.condition]).toEqual([0, 'contention']);
    expect(warnings).toEqual(['GPIO4: two drivers pull the wire to different levels; it reads 0']);
    other.drive(1);
    other.drive(0);
    expect(warnings.length).toBe(2);
  });

  it('lets an open-drain 1 go', () => {
    const { pad } = make();
    const other = pad.attach('bus');
    pad.setOpenDrain(true);
    pad.setPulls(true, false);
    pad.drive('matrix', 1);
    expect(pad.condition).toBe('pulled');
    other.drive(0);
    expect([pad.wire.level, pad.condition]).toEqual([0, 'driven']);
    other.drive('z');
    pad.drive('matrix', 0);
    expect(pad.wire.level).toBe(0);
  });

  it('gives the input only where it is enabled and the pad is selected', () => {
    const { pad } = make({ rtc: true });
    pad.drive('matrix', 1);
    expect(pad.digitalInput.level).toBe(0);
    pad.setInputEnable('digital', true);
    expect(pad.digitalInput.level).toBe(1);
    pad.drive('rtc', 1);
    pad.select('rtc');
    expect([pad.digitalInput.level, pad.rtcInput.level]).toEqual([0, 0]);
    pad.setInputEnable('rtc', true);
    expect(pad.rtcInput.level).toBe(1);
  });

  it('holds output and pulls, then takes what was asked for meanwhile', () => {
    const { pad } = make();
    pad.drive('matrix', 1);
    pad.setHold(true);
    pad.drive('matrix', 0);
    pad.select('iomux');
    expect(pad.wire.level).toBe(1);
    pad.select('matrix');
    pad.setHold(false);
    expect(pad.wire.level).toBe(0);
  });

  it('never drives or pulls an input-only pad', () => {
    const { pad } = make({ inputOnly: true });
    pad.drive('matrix', 1);
    pad.setPulls(true, false);
    expect([pad.wire.level, pad.condition]).toEqual([0, 'floating']);
  });

  it('restores itself and its drivers', () => {
    const { pad } = make();
    const driver = pad.attach('a');
    pad.setInputEnable('digital', true);
    driver.drive(1);
    const other = make().pad;
    other.attach('a');
    other.restore(structuredClone(pad.save()));
    expect([other.wire.level, other.digitalInput.level, other.condition]).toEqual([1, 1, 'driven']);
    other.setPulls(false, true);
    expect(other.wire.level).toBe(1);
  });

  it('makes the pads of the chip', () => {
    const pads = createPads({ unmodelled: () => {}, warn: () => {} });
    const numbers = pads.filter((pad) => pad !== undefined).map((pad) => pad.number);
    expect(numbers.length).toBe(36);
    expect(pads.filter((pad) => pad?.inputOnly).length).toBe(6);
    expect(pads.filter((pad) => pad?.rtc).length).toBe(18);
    expect(pads[28]).toBeUndefined();
  });
});
