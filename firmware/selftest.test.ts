/**
 * The self-test images: what the demos meet by chance or not at all. The expected names are the checks that each
 * program of firmware/apps makes; a program that ends early or leaves one out fails.
 */
import { describe, expect, it } from 'vitest';
import { MASTER_HZ, ms, seconds } from '../emulator/index.ts';
import { ROMS, bootImage, passed, verdict } from './board.fixtures.ts';

const SOURCES = [
  'callbacks of two sources',
  'a detached source is silent, the other is not',
  'CPU interrupts are given out until none is left',
  'then attach says so',
  'a detached interrupt is given out again',
];
const ROUNDS = ['deletion in every state', 'a mutex never has two owners'];
const DELETE = [
  ...ROUNDS,
  ...ROUNDS,
  'an owner has stopped when its mutex is free',
  'the unit of a deleted task goes on',
  'the item of a deleted task goes on',
  'the room of a deleted task goes on',
  'a unit that nobody waits for is kept',
  'a deleted task lends nothing',
  'the exit code waits for who joined',
  'deletion of an ended task changes nothing',
  'FPU registers of a new task are clear',
  'stacks come back',
  'places come back',
];

const CHECKS: Readonly<Record<string, readonly string[]>> = {
  selftest: [
    "MOVSP with the caller's window in memory",
    'f0..f15, FCR and FSR of three tasks',
    'f0..f15, FCR and FSR of three tasks',
    'level-2 interrupt by its callback',
    'level-3 interrupt by its callback',
    'level-4 interrupt by its assembly routine',
  ],
  isr: [
    ...SOURCES,
    ...SOURCES,
    'a spinlock between callback and other core',
    'nobody saw a change half done',
    'semaphore, queue and mailbox from a callback',
    'FPU registers across interrupts',
    'waits in vain end at the tick behind their time',
    'what a full queue refused is not in it',
    'no time-out comes late',
  ],
  balance: [
    'no task is lost',
    'no step is lost',
    'no task runs on two cores at once',
    'each core does a third of the work or more',
    'tasks move',
    'no task is taken while it is switched',
    'the idle core takes over',
    'FPU registers of tasks that moved',
    'FPU users on both cores',
  ],
  delete: DELETE,
  'delete-cooperative': DELETE,
};

describe.each(ROMS)('self-tests on the %s', { timeout: 240_000 }, (_, rom) => {
  it.each(Object.keys(CHECKS))('%s', (image) => {
    expect(passed(verdict(bootImage(image, rom), seconds(3)))).toEqual(CHECKS[image]);
  });
});

/** What apps/input.rs expects at each place of a burst. */
const burst = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, n) => n * 7 + (n >> 8));

describe.each(ROMS)('%s', { timeout: 240_000 }, (_, rom) => {
  it('watchdog: fed, starved and with halted cores, over three boots', () => {
    const board = bootImage('watchdog', rom);
    const text = verdict(board, seconds(3));
    expect(passed(text)).toEqual([
      'reset cause after power-on',
      'a fed watchdog does not bite',
      'a starved watchdog resets the chip',
      'a halted system is reset',
      'a stopped watchdog does not bite',
    ]);
    const banners = [...text.matchAll(/rst:0x(\w+) \((\w+)\)/g)].map(([, code, name]) => [
      code,
      name,
    ]);
    const bite = ['7', 'TG0WDT_SYS_RESET'];
    expect(banners).toEqual([['1', 'POWERON_RESET'], bite, bite]);
    // It bites 20 ms after the last time it was fed; a line takes 2 ms.
    const starved = [...text.matchAll(/^starved for (\d+) us/gm)].map((match) => Number(match[1]));
    expect(starved.at(-1)).toBeGreaterThan(15_000);
    expect(starved.at(-1)).toBeLessThan(20_000);
    expect(text).toContain(
      "FAULT in an interrupt of core 1 (task 'floats' interrupted): Coprocessor0Disabled: FPU in an interrupt callback (cause 32)",
    );
    expect(text).toMatch(/^Backtrace: 0x400d\w+:0x3fff\w+ 0x4008/m);
    expect(text).not.toContain('the callback has computed');
  });

  it('tick-ccompare: 1 kHz by the board, not only by the kernel', () => {
    const board = bootImage('tick-ccompare', rom);
    const pin = board.pin(18);
    expect(passed(verdict(board, seconds(3)))).toEqual([
      'ticks do not drift',
      'ticks go on after a long mask',
      'and keep their rate',
      'sleep and software timers',
    ]);
    const ticks = pin.edges().slice(0, 300);
    const period = (ticks.at(-1)!.tick - ticks[0]!.tick) / (ticks.length - 1);
    expect(period / MASTER_HZ).toBeCloseTo(0.001, 7);
  });

  it('input: edited lines, a burst, overflows', () => {
    const board = bootImage('input', rom);
    const uart = board.uart();
    const told = (text: string): void => {
      uart.expect(`${text}\r\n`, seconds(1));
      board.runFor(ms(2));
    };
    told('edit lines, then: done');
    uart.send(
      'plain\rlx\x08ine\rcrlf\r\n\rlf\nab\x7f\x7f\x7fc\r\x01\x02ctl\r0123456789abcdefXYZ\x08Z\rdone\r',
    );
    uart.expect('got <done>\r\n', seconds(1));
    const lines = [...uart.text.matchAll(/got <(.*)>/g)].map((match) => match[1]);
    expect(lines).toEqual([
      'plain',
      'line',
      'crlf',
      '',
      'lf',
      'c',
      'ctl',
      '0123456789abcdeZ',
      'done',
    ]);
    expect(uart.text).toContain('lx\b \bine\r\n');
    told('send 2000 bytes');
    uart.send(burst(2000));
    uart.expect('send 200 bytes\r\n', seconds(1));
    uart.send(burst(200));
    told('edit lines, then: done');
    uart.send('alive\rdone\r');
    uart.expect('got <alive>', seconds(1));
    uart.expect('send 400 bytes\r\n', seconds(1));
    uart.send(burst(400));
    told('edit lines, then: done');
    uart.send('alive\rdone\r');
    uart.expect('got <alive>', seconds(1));
    expect(passed(verdict(board, seconds(1)))).toEqual([
      'a burst without loss',
      'what the FIFO held is kept',
      'what the buffer held is kept',
    ]);
  });
});
