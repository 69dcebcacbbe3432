import { describe, expect, it } from 'vitest';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog } from '../register-test.ts';
import { Rng } from './rng.ts';

const WDEV_RND = 0x144;
const PERIOD_TICKS = 16 * 6;

function words(seed: number, count: number): number[] {
  const scheduler = new Scheduler();
  const clocks = { apb: new Clock('APB_CLK', 80_000_000) };
  const rng = new Rng({ clocks, scheduler, log: new RecordingLog(), seed });
  return Array.from({ length: count }, (_, i) => {
    scheduler.runUntil(i * PERIOD_TICKS);
    return rng.read(WDEV_RND, 4) >>> 0;
  });
}

describe('RNG', () => {
  it('gives a fresh word every 16 APB cycles and no sooner', () => {
    const scheduler = new Scheduler();
    const clocks = { apb: new Clock('APB_CLK', 80_000_000) };
    const rng = new Rng({ clocks, scheduler, log: new RecordingLog(), seed: 1 });
    const first = rng.read(WDEV_RND, 4);
    scheduler.runUntil(PERIOD_TICKS - 1);
    expect(rng.read(WDEV_RND, 4)).toBe(first);
    scheduler.runUntil(PERIOD_TICKS);
    expect(rng.read(WDEV_RND, 4)).not.toBe(first);
  });

  it('repeats with the seed and differs with another', () => {
    expect(words(7, 100)).toEqual(words(7, 100));
    expect(words(7, 100)).not.toEqual(words(8, 100));
  });

  it('is balanced: every bit is set in half of 20000 words within 5 standard deviations', () => {
    const sample = words(0x1234, 20_000);
    expect(new Set(sample).size).toBeGreaterThan(19_990);
    for (let bit = 0; bit < 32; bit++) {
      const ones = sample.filter((word) => ((word >>> bit) & 1) === 1).length;
      expect(Math.abs(ones - 10_000), `bit ${bit}`).toBeLessThan(5 * Math.sqrt(20_000 / 4));
    }
  });

  it('reports other WDEV registers as unmodelled', () => {
    const log = new RecordingLog();
    const clocks = { apb: new Clock('APB_CLK', 80_000_000) };
    const rng = new Rng({ clocks, scheduler: new Scheduler(), log, seed: 1 });
    rng.write(0x10, 5, 4);
    expect(rng.read(0x10, 4)).toBe(5);
    expect(log.entries.map((entry) => [entry.device, entry.register])).toEqual([
      ['WDEV', '+0x010'],
      ['WDEV', '+0x010'],
    ]);
  });
});
