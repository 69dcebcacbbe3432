/**
 * What apps/misuse.rs does wrong, one case for each boot: the line that says so, and that nothing else is blamed. The
 * names are the functions that the program calls in a callback; stack sizes and task names are its own.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../emulator/index.ts';
import { ROMS, bootImage, passed, verdict } from './board.fixtures.ts';

const CALLS = [
  'Mutex::lock',
  'Semaphore::take',
  'Queue::send',
  'Queue::receive',
  'task::sleep_ms',
  'task::sleep_us',
  'task::sleep_until',
  'mailbox::send',
  'mailbox::receive',
  'mailbox::receive_blocking',
  'task::join',
  'task::yield_now',
];
const OVERFLOW = "\nstack of task 'deep' overflowed (2048 bytes)\n";
/** Cases behind CALLS and the fault in a callback. */
const NOTICED = ['when it sleeps', 'when it yields', 'when it ends', 'when its time is over'];
const FIRST_OVERFLOW = CALLS.length + 1;

describe.each(ROMS)('misuse on the %s', { timeout: 240_000 }, (_, rom) => {
  let text = '';
  let cases: string[] = [];
  beforeAll(() => {
    text = verdict(bootImage('misuse', rom), seconds(6));
    cases = text.split(/^Case \d+\n/m).slice(1);
  }, 240_000);

  it.each(CALLS.map((name, number) => [name, number] as const))(
    '%s in an interrupt callback',
    (name, number) => {
      expect(cases[number]).toContain(
        "PANIC in an interrupt of core 0 (task 'main' interrupted): panicked at ",
      );
      expect(cases[number]).toContain(
        `\n${name} must not be called in an interrupt callback\nPC  `,
      );
      expect(cases[number]).not.toMatch(/FAULT|came back|noticed/);
    },
  );

  it('a fault in a callback is not the fault of the task', () => {
    expect(cases[CALLS.length]).toContain(
      "FAULT in an interrupt of core 0 (task 'main' interrupted): LoadProhibited (cause 28)",
    );
  });

  it.each(NOTICED.map((when, number) => [when, number] as const))(
    'the overflow of a stack is noticed %s',
    (_when, number) => {
      expect(cases[FIRST_OVERFLOW + number]).toContain(OVERFLOW);
      expect(cases[FIRST_OVERFLOW + number]).not.toMatch(/FAULT|PANIC|noticed/);
    },
  );

  it.each([
    ['its own task', "core 1 task 'deep'", 4],
    ['another task on the other core', "core 0 task 'main'", 5],
  ])('a fault of %s names the stack that overflowed', (_whose, place, number) => {
    const told = cases[FIRST_OVERFLOW + number]!;
    expect(told).toContain(`FAULT ${place}: LoadProhibited (cause 28)`);
    expect(told).toMatch(/^Backtrace: .*\nstack of task 'deep' overflowed \(2048 bytes\)\n/m);
    expect(told.match(/^stack of task/gm)).toHaveLength(1);
  });

  it('errors, what a callback may call, and stacks that are large enough', () => {
    expect(passed(cases.at(-1)!)).toEqual([
      'there is no core 2',
      'a task cannot join itself',
      'what a callback may call',
      'a stack that is large enough',
    ]);
    expect(cases).toHaveLength(FIRST_OVERFLOW + 7);
  });
});
