import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from './clock.ts';
import { Multicore } from './multicore.ts';
import type { RunnableCore } from './multicore.ts';
import { Scheduler } from './scheduler.ts';

const SEED = 0x6d756c;
const TICKS_PER_CYCLE = 2;

/** A core whose instructions take the given cycles; it tells the start of each. */
class ScriptedCore implements RunnableCore {
  cycle = 0;
  private at = 0;
  running = false;
  private leave = false;
  private readonly lengths: readonly number[];
  private readonly started: (cycle: number) => void;

  constructor(lengths: readonly number[], started: (cycle: number) => void) {
    this.lengths = lengths;
    this.started = started;
  }

  nextStart(limit: number): number {
    return this.at < this.lengths.length ? this.cycle : limit;
  }

  run(until: number): void {
    this.leave = false;
    this.running = true;
    while (!this.leave && this.at < this.lengths.length && this.cycle < until) {
      this.started(this.cycle);
      this.cycle += this.lengths[this.at++]!;
    }
    this.running = false;
  }

  runBoth(): void {}

  idleUntil(limit: number): void {
    if (this.at >= this.lengths.length && limit > this.cycle) this.cycle = limit;
  }

  yieldNow(): void {
    this.leave = true;
  }

  forgetPast(): void {}
}

/** Every start and event as the definition orders them: (tick, devices < PRO < APP). */
function reference(
  pro: readonly number[],
  app: readonly number[],
  events: readonly number[],
): string[] {
  const rows: { tick: number; rank: number; text: string }[] = [];
  [pro, app].forEach((lengths, core) => {
    let cycle = 0;
    for (const length of lengths) {
      rows.push({ tick: cycle * TICKS_PER_CYCLE, rank: core + 1, text: `core${core}@${cycle}` });
      cycle += length;
    }
  });
  for (const tick of events) rows.push({ tick, rank: 0, text: `event@${tick}` });
  rows.sort((a, b) => a.tick - b.tick || a.rank - b.rank);
  return rows.map((row) => row.text);
}

function simulate(pro: number[], app: number[], events: number[], stops: number[]): string[] {
  const log: string[] = [];
  const scheduler = new Scheduler();
  const cores = [pro, app].map(
    (lengths, core) => new ScriptedCore(lengths, (cycle) => log.push(`core${core}@${cycle}`)),
  );
  const multicore = new Multicore(scheduler, new Clock('CPU', 240_000_000), cores);
  events.forEach((tick, i) => {
    scheduler.at(
      tick,
      scheduler.event(`e${i}`, (now) => log.push(`event@${now}`)),
    );
  });
  for (const stop of [...stops].sort((a, b) => a - b)) multicore.runUntil(stop);
  multicore.runUntil(10_000);
  return log;
}

const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 });
const ticks = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 });

describe('Multicore', () => {
  it(`orders instructions and events by (start tick, rank), wherever the run is split (seed ${SEED})`, () => {
    fc.assert(
      fc.property(lengths, lengths, ticks, ticks, (pro, app, events, stops) => {
        expect(simulate(pro, app, events, stops)).toEqual(reference(pro, app, events));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('an event that an instruction queues for its own tick fires before any later instruction', () => {
    const log: string[] = [];
    const scheduler = new Scheduler();
    const event = scheduler.event('irq', (now) => log.push(`event@${now}`));
    const pro = new ScriptedCore([3, 3, 3], (cycle) => {
      log.push(`pro@${cycle}`);
      if (cycle !== 3) return;
      multicore.syncTime(0);
      scheduler.at(scheduler.now + 1, event);
    });
    const app = new ScriptedCore([4, 4], (cycle) => log.push(`app@${cycle}`));
    const multicore = new Multicore(scheduler, new Clock('CPU', 240_000_000), [pro, app]);
    multicore.runUntil(100);
    expect(log).toEqual(['pro@0', 'app@0', 'pro@3', 'event@7', 'app@4', 'pro@6']);
  });

  it('a change of CPU_CLK counts from the tick of the write', () => {
    const scheduler = new Scheduler();
    const clock = new Clock('CPU', 40_000_000);
    const starts: number[] = [];
    const pro = new ScriptedCore([1, 1, 1, 1], (cycle) => {
      multicore.syncTime(0);
      starts.push(scheduler.now);
      if (cycle === 1) clock.setFrequency(240_000_000, scheduler.now);
    });
    const multicore = new Multicore(scheduler, clock, [pro, new ScriptedCore([], () => {})]);
    multicore.runUntil(1000);
    expect(starts).toEqual([0, 12, 14, 16]);
  });
});
