/** Two terminals wired crosswise talk to each other: one plays the chip. */
import { expect, it } from 'vitest';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { testBoard } from './bench.fixtures.ts';
import { LogicProbe } from './logic-probe.ts';
import { SerialTerminal } from './serial-terminal.ts';

const MS = MASTER_HZ / 1000;
const pair = (baudHz: number, otherBaudHz = baudHz) => {
  const near = new SerialTerminal({ name: 'near', txPin: 1, rxPin: 3, baudHz });
  const far = new SerialTerminal({ name: 'far', txPin: 3, rxPin: 1, baudHz: otherBaudHz });
  return { near, far };
};

it('text goes both ways at once, back to back', () => {
  const { near, far } = pair(115_200);
  const { scheduler } = testBoard(near, far);
  const text = 'The quick brown fox\xff\x00\x55';
  near.command(text);
  far.command('reply');
  // 22 frames of 10 bits at 115200 baud are 1.91 ms.
  scheduler.runUntil(2 * MS);
  expect(far.text).toBe(text);
  expect(near.text).toBe('reply');
});

it('edges come at the bit borders: 115200 baud is 4166.7 ticks', () => {
  const { near, far } = pair(115_200);
  const probe = new LogicProbe({ pin: 3 });
  const { scheduler } = testBoard(near, far, probe);
  near.command('U');
  scheduler.runUntil(MS);
  expect(probe.edges.map(({ tick }) => tick)).toEqual(
    Array.from({ length: 10 }, (_, bit) => Math.round((bit * MASTER_HZ) / 115_200)),
  );
});

it('a wrong rate shows as framing errors', () => {
  const { near, far } = pair(9600, 14_400);
  const { scheduler } = testBoard(near, far);
  near.command('\x00\x00');
  scheduler.runUntil(10 * MS);
  expect(far.framingErrors).toBeGreaterThan(0);
});

it('a byte on the wire survives a snapshot', () => {
  const [one, other] = [pair(9600), pair(9600)];
  const [first, second] = [testBoard(one.near, one.far), testBoard(other.near, other.far)];
  one.near.command('hello');
  first.scheduler.runUntil(2.3 * MS);
  second.restore(first.save());
  second.scheduler.runUntil(10 * MS);
  expect(other.far.text).toBe('hello');
});

it('refuses what is no text', () => {
  const { near, far } = pair(9600);
  const { log } = testBoard(near, far);
  near.command(7);
  expect(log.warnings).toEqual(['takes a string of at most 65536 characters']);
});
