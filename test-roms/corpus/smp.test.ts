/** Images whose tasks run on both cores. */
import { describe, expect, it } from 'vitest';
import { boot, noImages } from './corpus.fixtures.ts';

const TICK_US = 10_000;

describe.skipIf(noImages)('tasks on both cores', { timeout: 300_000 }, () => {
  it('real_time_stats: the shares of all tasks fill both cores, spin tasks get equal shares', () => {
    const session = boot('smp_real_time_stats-v5.1.2');
    session.expect(/^Getting real time stats over 100 ticks/m, 1000);
    const { match } = session.expect(
      /^\| Task \| Run Time \| Percentage\r?\n([^]*)^Real time stats obtained/m,
      2500,
    );
    const rows = [...match[1]!.matchAll(/^\| (\w+) \| (\d+) \| (\d+)%/gm)].map(
      ([, task, runTimeUs, percent]) => ({
        task: task!,
        runTimeUs: Number(runTimeUs),
        percent: Number(percent),
      }),
    );
    expect(rows.map(({ task }) => task).sort()).toEqual(
      [
        ...['IDLE', 'IDLE', 'esp_timer', 'ipc0', 'ipc1'],
        ...['spin0', 'spin1', 'spin2', 'spin3', 'spin4', 'spin5', 'stats'],
      ].sort(),
    );
    // The delay of 100 ticks begins somewhere inside a tick. Each core lives through all of it.
    const total = rows.reduce((sum, { runTimeUs }) => sum + runTimeUs, 0);
    expect(total).toBeGreaterThan(2 * 99 * TICK_US);
    expect(total).toBeLessThan(2 * 100 * TICK_US + 2000);
    // The image divides by the time passed on both cores and drops the fraction.
    for (const { runTimeUs, percent } of rows)
      expect(Math.abs((100 * runTimeUs) / total - percent - 0.5)).toBeLessThan(0.55);
    // A spin is 500,000 turns of nop.n, addi.n, l32r, bge: 1 + 1 + 4 + 4 cycles at 160 MHz.
    const spinUs = (500_000 * 10) / 160;
    const spins = rows
      .filter(({ task }) => task.startsWith('spin'))
      .map(({ runTimeUs }) => runTimeUs / spinUs);
    const whole = spins.map(Math.round);
    spins.forEach((n, i) => expect(Math.abs(n - whole[i]!)).toBeLessThan(0.05));
    expect(Math.max(...whole) - Math.min(...whole)).toBeLessThanOrEqual(1);
  });

  it('semaphore: two tasks change a value by turns', () => {
    const session = boot('smp_semaphore-v5.0');
    let value = 0;
    const tasks = new Set<string>();
    for (let n = 0; n < 5; n++) {
      const [, task, shown] = session.expect(/^ Task ([12]) sharedValue : (-?\d+)/m, 6000).match;
      value += task === '1' ? 5 : -3;
      expect(Number(shown)).toBe(value);
      tasks.add(task!);
    }
    expect(tasks.size).toBe(2);
    expect(session.text).not.toContain('Failed to take semaphore');
  });
});
