/** Logging: silent into the ring, dumped later; compiled out it leaves no text in the image. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootImage, imageFile, passed, ROMS, verdict } from './board.fixtures.ts';

const TEXTS = ['an error with a number', 'a warning', 'both workers are done', ' logged'];

describe.each(ROMS)('logging on the %s', (_, rom) => {
  it('log: into the ring while UART0 is silent, dumped with time stamps', () => {
    const text = verdict(bootImage('log', rom));
    expect(passed(text)).toEqual(['workers joined']);
    const [, silent, dump] = /logging begins\n(.*)logging ended\n(.*)dump ended\n/s.exec(text)!;
    expect(silent).toBe('');
    const lines = dump!.trimEnd().split('\n');
    expect(lines).toHaveLength(9);
    const parts = lines.map((line) => /^\[ {4}(\d\.\d{6})\] ([EWID]) ([01]): (.*)$/.exec(line)!);
    expect(lines[0]).toMatch(/E 0: an error with a number: -7$/);
    expect(lines[1]).toMatch(/W 0: a warning$/);
    expect(lines.at(-1)).toMatch(/D 0: both workers are done$/);
    for (const core of [0, 1]) {
      const own = parts.filter(([line]) => line.includes(`I ${core}: worker ${core}: round`));
      expect(own.map(([line]) => /round (\d) logged$/.exec(line)![1])).toEqual(['1', '2', '3']);
      // They sleep for 2 ms, which end at a tick of 1 ms.
      const times = own.map(([, time]) => Number(time));
      for (const n of [1, 2]) expect(times[n]! - times[n - 1]!).toBeGreaterThan(0.0019);
      for (const n of [1, 2]) expect(times[n]! - times[n - 1]!).toBeLessThan(0.0032);
    }
  });

  it('log-both: to UART0 at once, without times, and into the ring', () => {
    const text = verdict(bootImage('log-both', rom));
    const [, live, dump] = /logging begins\n(.*)logging ended\n(.*)dump ended\n/s.exec(text)!;
    const lines = live!.trimEnd().split('\n');
    expect(lines).toHaveLength(9);
    expect(lines.slice(0, 2)).toEqual(['E 0: an error with a number: -7', 'W 0: a warning']);
    expect(lines.at(-1)).toBe('D 0: both workers are done');
    for (const core of [0, 1])
      for (const round of [1, 2, 3])
        expect(lines).toContain(`I ${core}: worker ${core}: round ${round} logged`);
    // Two cores that log at once may come to UART0 and to the ring in either order.
    expect(dump!.trimEnd().split('\n').sort()).toEqual(lines.sort());
  });

  it('log-off: the same program runs without a log', () => {
    const text = verdict(bootImage('log-off', rom));
    expect(passed(text)).toEqual(['workers joined']);
    expect(text).toContain('logging begins\nlogging ended\ndump ended\n');
  });
});

it('log-off: no text of the log is in the image', () => {
  for (const text of TEXTS) {
    expect(readFileSync(imageFile('log.bin')).includes(text)).toBe(true);
    expect(readFileSync(imageFile('log-off.bin')).includes(text)).toBe(false);
  }
});
