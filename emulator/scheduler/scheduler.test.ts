import { describe, expect, it } from 'vitest';
import { Scheduler } from './scheduler.ts';

describe('Scheduler', () => {
  it('fires in the order (tick, priority, creation)', () => {
    const scheduler = new Scheduler();
    const fired: string[] = [];
    const make = (name: string, priority = 0) =>
      scheduler.event(name, (now) => fired.push(`${name}@${now}`), priority);
    const [a, b, c, d] = [make('a'), make('b'), make('c', -1), make('d')];
    scheduler.at(20, b);
    scheduler.at(20, a);
    scheduler.at(20, c);
    scheduler.at(10, d);
    scheduler.runUntil(19);
    expect(fired).toEqual(['d@10']);
    scheduler.runUntil(20);
    expect(fired).toEqual(['d@10', 'c@20', 'a@20', 'b@20']);
    expect(scheduler.now).toBe(20);
  });

  it('moves, cancels and reuses events; an event queued by an event of the same tick still fires', () => {
    const scheduler = new Scheduler();
    const fired: number[] = [];
    const late = scheduler.event('late', (now) => fired.push(now));
    const early = scheduler.event('early', (now) => scheduler.at(now, late));
    scheduler.at(5, late);
    scheduler.at(9, late);
    scheduler.at(7, early);
    scheduler.cancel(late);
    expect(scheduler.nextTick).toBe(7);
    scheduler.runUntil(7);
    expect(fired).toEqual([7]);
    scheduler.at(8, late);
    scheduler.runUntil(100);
    expect(fired).toEqual([7, 8]);
    expect(scheduler.nextTick).toBe(Infinity);
  });

  it('tells when an event becomes the earliest', () => {
    const scheduler = new Scheduler();
    const told: number[] = [];
    scheduler.onEarlier = (tick) => told.push(tick);
    const [a, b] = [scheduler.event('a', () => {}), scheduler.event('b', () => {})];
    scheduler.at(50, a);
    scheduler.at(60, b);
    scheduler.at(40, b);
    expect(told).toEqual([50, 40]);
  });

  it("restores its queue by the events' names and refuses a foreign one", () => {
    const fired: string[] = [];
    const build = () => {
      const scheduler = new Scheduler();
      const a = scheduler.event('a', () => fired.push('a'));
      const b = scheduler.event('b', () => fired.push('b'));
      return { scheduler, a, b };
    };
    const first = build();
    first.scheduler.at(30, first.a);
    first.scheduler.at(30, first.b);
    const second = build();
    second.scheduler.at(1, second.a);
    second.scheduler.restore(first.scheduler.save());
    second.scheduler.runUntil(29);
    expect(fired).toEqual([]);
    second.scheduler.runUntil(30);
    expect(fired).toEqual(['a', 'b']);
    expect(() => new Scheduler().restore(first.scheduler.save())).toThrow(/unknown event/);
  });

  it('refuses two events of one name', () => {
    const scheduler = new Scheduler();
    scheduler.event('a', () => {});
    expect(() => scheduler.event('a', () => {})).toThrow(/exists already/);
  });
});
