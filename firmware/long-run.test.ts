/**
 * Scheduler invariants over 60 guest seconds of the demo image: no task starves, every tick is counted, equal tasks
 * get equal turns, stacks and heap do not move.
 */
import { expect, it } from 'vitest';
import { MASTER_HZ, seconds } from '../emulator/index.ts';
import { bootImage, imageFile } from './board.fixtures.ts';

const PROMPT = 'lockstep32> ';
const WINDOWS = 6;
const WINDOW_SECONDS = 10;

it('60 guest seconds of both cores', { timeout: 600_000 }, () => {
  const board = bootImage('shell', imageFile('open-rom.elf'));
  board.uart().expect(PROMPT);
  const ask = (line: string): string => {
    board.uart().skip();
    const from = board.uart().text.length;
    board.uart().ask(line, PROMPT);
    return board.uart().text.slice(from).replaceAll('\r', '');
  };
  const numbers = (text: string, pattern: RegExp): number[] =>
    pattern.exec(text)!.slice(1).map(Number);
  const look = () => ({
    at: board.now / MASTER_HZ,
    uptime: numbers(
      ask('uptime'),
      /up (\d+\.\d+) s, (\d+) calls of the timer, context switches (\d+) and (\d+)/,
    ),
    memory: /^heap .*$/m.exec(ask('mem'))![0],
    tasks: [...ask('tasks').matchAll(/^(\w+) +\w+ +[01] +\d+ +(\d+)\/\d+ +[\d.]+%$/gm)].map(
      ([, name, left]) => ({ name: name!, stackLeft: Number(left) }),
    ),
  });
  look();
  let before = look();
  const first = before;
  const turns: number[][] = [[], []];
  for (let window = 0; window < WINDOWS; window++) {
    board.runFor(seconds(WINDOW_SECONDS));
    const now = look();
    const [time, calls, ...switches] = now.uptime.map((value, n) => value - before.uptime[n]!);
    // The kernel's clock is the board's, to the time of one command.
    expect(Math.abs(time! - (now.at - before.at))).toBeLessThan(0.001);
    // A software timer of 100 ms: none lost, none twice.
    expect(Math.abs(calls! - time! * 10)).toBeLessThanOrEqual(1);
    switches.forEach((count, core) => turns[core]!.push(count));
    before = now;
  }
  expect(Math.abs(before.uptime[0]! - first.uptime[0]! - (before.at - first.at))).toBeLessThan(
    0.001,
  );
  for (const counts of turns) {
    // The same work in every window makes about as many switches.
    expect(Math.min(...counts)).toBeGreaterThan(WINDOW_SECONDS);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(Math.min(...counts) * 0.6);
  }
  expect(before.memory).toBe(first.memory);
  // An interrupt at a deeper point may use a little more of a stack, no more than its frames.
  for (const [n, { name, stackLeft }] of before.tasks.entries()) {
    expect(name).toBe(first.tasks[n]!.name);
    expect(first.tasks[n]!.stackLeft - stackLeft).toBeLessThan(512);
    expect(stackLeft).toBeGreaterThan(256);
  }
  expect(before.tasks).toHaveLength(8);
});
