/** Button, rotary encoder and logic probe on real pads. */
import { expect, it } from 'vitest';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { testBoard } from './bench.fixtures.ts';
import { Button } from './button.ts';
import { LogicProbe } from './logic-probe.ts';
import { RotaryEncoder } from './rotary-encoder.ts';

const MS = MASTER_HZ / 1000;

it('a button pulls its pin down while pressed, for the time asked', () => {
  const button = new Button({ pin: 0 });
  const { scheduler, pad } = testBoard(button);
  expect([pad(0).wire.level, pad(0).condition]).toEqual([1, 'pulled']);
  button.command({ press: 5000 });
  expect([pad(0).wire.level, pad(0).condition]).toEqual([0, 'driven']);
  scheduler.runUntil(5 * MS - 1);
  expect(pad(0).wire.level).toBe(0);
  scheduler.runUntil(5 * MS);
  expect(pad(0).wire.level).toBe(1);
});

it('a bouncing button makes seven edges within its bounce time and ends pressed, alike for one seed', () => {
  const edges = [1, 1, 2].map((seed) => {
    const button = new Button({ pin: 4, pressedLevel: 1, bounceUs: 1000, seed });
    const probe = new LogicProbe({ pin: 4 });
    const { scheduler, pad } = testBoard(button, probe);
    button.command('press');
    scheduler.runUntil(MS);
    expect(pad(4).wire.level).toBe(1);
    scheduler.runUntil(10 * MS);
    expect(probe.edgeCount).toBe(7);
    expect(probe.edges.at(-1)!.tick).toBeLessThanOrEqual(MS);
    return probe.edges.map(({ tick }) => tick);
  });
  expect(edges[1]).toEqual(edges[0]);
  expect(edges[2]).not.toEqual(edges[0]);
});

it('an encoder turned clockwise closes A before B, and the other way round', () => {
  const encoder = new RotaryEncoder({ pinA: 25, pinB: 26 });
  const { scheduler, pad } = testBoard(encoder);
  const levels = (): string => `${pad(25).wire.level}${pad(26).wire.level}`;
  const quarters = (count: number): string[] =>
    Array.from({ length: count }, () => {
      scheduler.runUntil(scheduler.now + MS);
      return levels();
    });
  expect(levels()).toBe('11');
  encoder.command({ turn: 1, detentUs: 4000 });
  expect(quarters(4)).toEqual(['01', '00', '10', '11']);
  encoder.command({ turn: -1, detentUs: 4000 });
  expect(quarters(4)).toEqual(['10', '00', '01', '11']);
  encoder.command({ turn: 5, detentUs: 4000 });
  scheduler.runUntil(scheduler.now + 100 * MS);
  expect(encoder.detents).toBe(5);
});

it('a turn goes on after a snapshot', () => {
  const make = () => new RotaryEncoder({ pinA: 25, pinB: 26 });
  const [first, second] = [make(), make()];
  const [one, other] = [testBoard(first), testBoard(second)];
  first.command({ turn: 3 });
  one.scheduler.runUntil(7 * MS);
  other.restore(one.save());
  one.scheduler.runUntil(100 * MS);
  other.scheduler.runUntil(100 * MS);
  expect(second.detents).toBe(3);
  expect(other.save()).toEqual(one.save());
});

it('a probe keeps the narrowest pulse', () => {
  const probe = new LogicProbe({ pin: 2 });
  const { scheduler, pad } = testBoard(probe);
  const driver = pad(2).attach('test');
  for (const [tick, level] of [[100, 1], [200, 0], [230, 1], [400, 0]] as const) {
    scheduler.runUntil(tick);
    driver.drive(level);
  } // prettier-ignore
  expect([probe.edgeCount, probe.narrowestPulse]).toEqual([4, 30]);
  probe.command('reset');
  expect([probe.edgeCount, probe.narrowestPulse]).toEqual([0, Infinity]);
});

it('commands that a device has not are reported', () => {
  const devices = [new Button({ pin: 4 }), new RotaryEncoder({ pinA: 5, pinB: 18 }), new LogicProbe({ pin: 19 })]; // prettier-ignore
  const { log } = testBoard(...devices);
  for (const device of devices) device.command({ turn: 'left' });
  expect(log.warnings).toEqual(Array(3).fill('no such command: {"turn":"left"}'));
});
