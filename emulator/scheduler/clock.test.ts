import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock, MASTER_HZ } from './clock.ts';

const SEED = 0x636c6b;
const HZ = [
  240_000_000, 160_000_000, 80_000_000, 40_000_000, 26_000_000, 8_500_000, 1_000_000, 150_000,
  32_768, 33_203,
];

describe('Clock', () => {
  it.each(HZ)('%i Hz: cycle n ends at ceil(n * 480 MHz / f), by exact arithmetic', (hz) => {
    const clock = new Clock('X', hz);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (cycle) => {
        if (cycle * (MASTER_HZ / hz) > 2 ** 50) return;
        const numerator = BigInt(cycle) * BigInt(MASTER_HZ);
        const exact = (numerator + BigInt(hz) - 1n) / BigInt(hz);
        expect(BigInt(clock.tickOf(cycle))).toBe(exact);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it.each(HZ)('%i Hz: cyclesAt is the floor of tick * f / 480 MHz', (hz) => {
    const clock = new Clock('X', hz);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 }), (tick) => {
        expect(BigInt(clock.cyclesAt(tick))).toBe((BigInt(tick) * BigInt(hz)) / BigInt(MASTER_HZ));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('cycleFrom is the first cycle that starts at or after a tick', () => {
    const clock = new Clock('APB', 80_000_000);
    expect([0, 1, 5, 6, 7, 12].map((tick) => clock.cycleFrom(tick))).toEqual([0, 1, 1, 1, 2, 2]);
  });

  it('a change of frequency keeps the cycles counted and starts the new period at once', () => {
    const clock = new Clock('CPU', 40_000_000);
    const told: number[] = [];
    clock.onChange((changed, now) => told.push(changed.hz, now));
    clock.setFrequency(240_000_000, 120);
    expect(told).toEqual([240_000_000, 120]);
    expect(clock.cyclesAt(119 + 1)).toBe(10);
    expect(clock.tickOf(11)).toBe(122);
    clock.setFrequency(80_000_000, 123);
    expect(clock.cyclesAt(123)).toBe(11);
    expect(clock.tickOf(12)).toBe(129);
  });

  it('is restored in the middle of a period', () => {
    const clock = new Clock('X', 32_768);
    clock.setFrequency(150_000, 1_000_001);
    const other = new Clock('X', 32_768);
    other.restore(clock.save());
    for (const tick of [1_000_001, 1_003_200, 1_003_201, 999_999_937])
      expect(other.cyclesAt(tick)).toBe(clock.cyclesAt(tick));
  });
});
