/** Timers against the per-cycle definition: a counter that is compared in every single cycle. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { fireTimers, readCcount, writeCcompare, writeCcount } from './ccount.ts';
import { TIMER_INTERRUPT } from './config.ts';
import { writeIntclear } from './interrupts.ts';
import type { Cpu } from './state.ts';
import { RUNS, makeCpu } from './rig.fixtures.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
});

/** What the manual describes: CCOUNT moves every cycle, a match latches the interrupt. */
class Reference {
  ccount = 0;
  readonly ccompare = [0, 0, 0];
  pending = 0;

  /** The end of one cycle in which nothing was written after `compare`. */
  tick(): void {
    this.ccount = (this.ccount + 1) >>> 0;
    this.compare();
  }

  compare(): void {
    this.ccompare.forEach((match, n) => {
      if (match === this.ccount) this.pending |= 1 << TIMER_INTERRUPT[n]!;
    });
  }
}

const operation = fc.oneof(
  fc.record({ kind: fc.constant('run' as const), cycles: fc.integer({ min: 1, max: 60 }) }),
  fc.record({
    kind: fc.constant('compare' as const),
    timer: fc.integer({ min: 0, max: 2 }),
    ahead: fc.integer({ min: -3, max: 50 }),
  }),
  fc.record({
    kind: fc.constant('count' as const),
    value: fc.constantFrom(0, 40, -20, 0x7ffffff0),
  }),
);

describe('timers', () => {
  it('match as if compared in every cycle', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(operation, { maxLength: 30 }), (origin, operations) => {
        cpu.cycle = origin;
        cpu.timerBase = origin;
        cpu.ccountOffset = -origin | 0;
        cpu.ccompare.fill(-1);
        cpu.interrupt = 0;
        const reference = new Reference();
        reference.ccompare.fill(0xffffffff);
        for (const step of operations) {
          if (step.kind === 'run') {
            for (let i = 0; i < step.cycles; i++) {
              reference.tick();
              cpu.cycle = (cpu.cycle + 1) | 0;
              if (((cpu.cycle - cpu.nextTimer) | 0) >= 0) fireTimers(cpu);
              expect(cpu.interrupt).toBe(reference.pending);
            }
          } else if (step.kind === 'compare') {
            const value = (reference.ccount + step.ahead) >>> 0;
            reference.ccompare[step.timer] = value;
            reference.pending &= ~(1 << TIMER_INTERRUPT[step.timer]!);
            writeCcompare(cpu, step.timer, value | 0);
            expect(((cpu.nextTimer - cpu.limit) | 0) >= 0).toBe(true);
          } else {
            reference.ccount = step.value >>> 0;
            reference.compare();
            writeCcount(cpu, step.value);
          }
          expect(readCcount(cpu) >>> 0).toBe(reference.ccount);
          fireTimers(cpu);
          expect(cpu.interrupt).toBe(reference.pending);
        }
      }),
      { ...RUNS, numRuns: 1000 },
    );
  });

  it('a match is found after a long run without asking', () => {
    cpu.cycle = 100;
    cpu.ccompare.fill(-1);
    writeCcount(cpu, 0);
    writeCcompare(cpu, 1, 1000);
    cpu.cycle = 100 + 999;
    fireTimers(cpu);
    expect(cpu.interrupt).toBe(0);
    cpu.cycle = 100 + 5000;
    fireTimers(cpu);
    expect(cpu.interrupt).toBe(1 << 15);
  });

  it('comes round again after 2^32 cycles', () => {
    writeCcount(cpu, 0);
    writeCcompare(cpu, 0, 10);
    writeCcompare(cpu, 1, 10);
    writeCcompare(cpu, 2, 10);
    let fired = 0;
    const start = cpu.cycle;
    for (let total = 0; total < 2 ** 32 + 20;) {
      const next = cpu.nextTimer;
      total += (next - cpu.cycle) >>> 0;
      cpu.cycle = next;
      cpu.interrupt = 0;
      fireTimers(cpu);
      if (cpu.interrupt !== 0) {
        fired++;
        expect((cpu.cycle - start) | 0).toBe(10);
      }
    }
    expect(fired).toBe(2);
  });

  it('a write of CCOMPARE clears its interrupt, INTCLEAR does not', () => {
    writeCcount(cpu, 0);
    writeCcompare(cpu, 0, 5);
    cpu.cycle = (cpu.cycle + 20) | 0;
    fireTimers(cpu);
    expect(cpu.interrupt & (1 << 6)).toBe(1 << 6);
    writeIntclear(cpu, -1);
    expect(cpu.interrupt & (1 << 6)).toBe(1 << 6);
    writeCcompare(cpu, 0, 5);
    expect(cpu.interrupt & (1 << 6)).toBe(0);
  });
});
