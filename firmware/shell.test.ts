/** The shell of the demo image: a dialogue on UART0, on a board with devices. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Eeprom24Lc256 } from '../peripherals/devices/eeprom-24lc256.ts';
import { ms, seconds } from '../emulator/index.ts';
import type { Board, Snapshot } from '../emulator/index.ts';
import { bootImage, ROMS } from './board.fixtures.ts';

const PROMPT = 'lockstep32> ';

describe.each(ROMS)('the shell on the %s', { timeout: 120_000 }, (_, rom) => {
  let prompt: Snapshot;

  beforeAll(() => {
    const board = bootImage('shell', rom, [() => new Eeprom24Lc256({ sda: 21, scl: 22 })]);
    board.uart().expect(PROMPT);
    prompt = board.snapshot();
  }, 120_000);

  /** Types one line; what is printed until the next prompt, without the echo. */
  function ask(board: Board, line: string): string {
    board.uart().skip();
    const { text } = board.uart();
    board.uart().ask(line, PROMPT, seconds(2));
    const answer = board.uart().text.slice(text.length).replaceAll('\r', '');
    return answer.slice(answer.indexOf('\n') + 1, -PROMPT.length);
  }

  it('comes up with both cores at work', () => {
    const { text } = prompt.fork().uart();
    expect(text).toContain('Lockstep32 RTOS on 2 cores\r\n');
    for (const core of [0, 1])
      for (const round of [1, 2, 3])
        expect(text).toMatch(
          new RegExp(`\\[ +0\\.\\d{6}\\] I ${core}: heartbeat ${round} of core ${core}\\r\\n`),
        );
  });

  it('help lists the commands, and others are refused', () => {
    const board = prompt.fork();
    const help = ask(board, 'help');
    for (const name of ['help', 'tasks', 'mem', 'gpio', 'i2c', 'mbox', 'uptime', 'crash', 'log'])
      expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(ask(board, 'reboot now')).toBe('reboot: no such command; help lists them\n');
    expect(ask(board, '')).toBe('');
    expect(ask(board, 'gpio 4 high')).toBe('usage: gpio <pin> in|out|0|1|read\n');
    expect(ask(board, 'mbox 0')).toBe('usage: mbox [1..10000]\n');
    expect(ask(board, 'uptime now')).toBe('usage: uptime\n');
    expect(ask(board, 'i2c scan abc def')).toBe('usage: i2c scan [sda scl]\n');
    expect(ask(board, 'i2c scan 21 21')).toBe('usage: i2c scan [sda scl]\n');
    expect(ask(board, 'gpio 24 1')).toContain('GPIO24: no such pin');
  });

  it('tasks shows every task with its core, priority, stack and share', () => {
    const board = prompt.fork();
    board.runFor(ms(500));
    const [head, ...rows] = ask(board, 'tasks').trimEnd().split('\n');
    expect(head).toMatch(/^task +state +core +priority +stack left +cpu$/);
    const row = /^(\w+) +(ready|running|blocked) +([01]) +(\d+)  +(\d+)\/(\d+) +(\d+\.\d)%$/;
    const tasks = rows.map((line) => row.exec(line)!.slice(1));
    const byName = new Map(tasks.map(([name, ...rest]) => [name, rest]));
    expect(byName.get('shell')!.slice(0, 3)).toEqual(['running', '0', '10']);
    expect(byName.get('echo')!.slice(0, 3)).toEqual(['blocked', '1', '12']);
    expect(byName.get('heart0')![1]).toBe('0');
    expect(byName.get('heart1')![1]).toBe('1');
    for (const [, , , , left, size] of tasks) {
      expect(Number(left)).toBeGreaterThan(256);
      expect(Number(left)).toBeLessThan(Number(size));
    }
    for (const core of ['0', '1']) {
      const shares = tasks.filter(([, , on]) => on === core).map((task) => Number(task[6]));
      const sum = shares.reduce((a, b) => a + b);
      expect(sum).toBeGreaterThan(93);
      expect(sum).toBeLessThan(101);
    }
  });

  it('uptime agrees with the time of the board', () => {
    const board = prompt.fork();
    const read = (): number[] =>
      /up (\d+\.\d+) s, (\d+) calls of the timer, context switches (\d+) and (\d+)/
        .exec(ask(board, 'uptime'))!
        .slice(1)
        .map(Number);
    const [before, from] = [read(), board.now];
    board.runFor(seconds(1));
    const [after, to] = [read(), board.now];
    expect(after[0]! - before[0]!).toBeCloseTo((to - from) / 480e6, 2);
    expect(after[1]! - before[1]!).toBe(10);
    // Each heartbeat wakes 100 times a second; a task that sleeps on an idle core keeps it: no switch to and fro.
    for (const core of [2, 3]) expect(after[core]! - before[core]!).toBeLessThan(198);
  });

  it('gpio drives and reads pins', () => {
    const board = prompt.fork();
    expect(ask(board, 'gpio 4 1')).toBe('GPIO4 is 1\n');
    expect(board.pin(4).level).toBe(1);
    expect(ask(board, 'gpio 4 0')).toBe('GPIO4 is 0\n');
    expect(board.pin(4).level).toBe(0);
    board.pin(36).drive(1);
    expect(ask(board, 'gpio 36 in')).toBe('GPIO36 is 1\n');
    board.pin(36).drive(0);
    expect(ask(board, 'gpio 36 read')).toBe('GPIO36 is 0\n');
    for (const line of ['gpio 34 out', 'gpio 40 read', 'gpio 28 in'])
      expect(ask(board, line)).toMatch(/^GPIO\d+: no such pin, or it cannot be an output\n$/);
    expect(ask(board, 'gpio 6 out')).toBe('GPIO6 belongs to the flash\n');
  });

  it('i2c scan finds the EEPROM and reports a dead bus', () => {
    const board = prompt.fork();
    expect(ask(board, 'i2c scan')).toBe('0x50 answers\n1 devices on SDA 21, SCL 22\n');
    expect(ask(board, 'i2c scan 18 19')).toBe('0 devices on SDA 18, SCL 19\n');
    board.pin(22).stick(0);
    expect(ask(board, 'i2c scan')).toBe('I2C0: TimeOut\n');
    board.pin(22).stick('z');
    expect(ask(board, 'i2c scan')).toContain('0x50 answers\n');
  });

  it('mbox sends to APP_CPU and back', () => {
    const board = prompt.fork();
    const [count, least, most, mean] = /^(\d+) round trips: (\d+) to (\d+) cycles, (\d+) on average/
      .exec(ask(board, 'mbox 50'))!
      .slice(1)
      .map(Number);
    expect(count).toBe(50);
    expect(least).toBeLessThanOrEqual(mean!);
    expect(mean).toBeLessThanOrEqual(most!);
    expect(most).toBeLessThan(24_000);
  });

  it('log shows the lines since the last time', () => {
    const board = prompt.fork();
    const lines = ask(board, 'log').trimEnd().split('\n');
    expect(lines).toHaveLength(8);
    expect(ask(board, 'log')).toBe('');
  });

  it('crash prints registers and a backtrace with names, and the system goes on', () => {
    const board = prompt.fork();
    const text = ask(board, 'crash');
    expect(text).toContain("FAULT core 1 task 'crasher': StoreProhibited (cause 29) pc 0x400d");
    expect(text).toMatch(/^A0 {2}[0-9a-f]{8} A1 {2}3ff[0-9a-f]{5} A2 /m);
    const [, frames] = /^Backtrace: (.*)$/m.exec(text)!;
    const names = frames!.split(' ').map((frame) => board.symbols.describe(parseInt(frame, 16)));
    expect(names[0]).toContain('store_nowhere');
    expect(names[1]).toContain('crasher');
    expect(names.at(-1)).toContain('task_start');
    expect(text).toContain("Task 'crasher' ended\nThe shell and the other tasks go on.\n");
    expect(ask(board, 'crash')).toContain("Task 'crasher' ended\n");
    expect(ask(board, 'tasks')).toContain('heart1');
  });

  it('crash panic halts both cores with the message', () => {
    const board = prompt.fork();
    board
      .uart()
      .ask('crash panic', /PANIC core 0 task 'shell': panicked at firmware\/apps\/shell\/crash.rs/);
    board.uart().expect(/Backtrace: .*\r\n/);
    board.runFor(ms(20));
    const { text } = board.uart();
    board.runFor(ms(200));
    expect(board.uart().text).toBe(text);
    const pcs = board.chip.cores.map(({ cpu }) => board.symbols.describe(cpu.pc));
    for (const place of pcs) expect(place).toContain('arch_halt');
  });

  it('lines are edited', () => {
    const board = prompt.fork();
    expect(ask(board, 'mex\x7fm')).toMatch(/^heap \d+ bytes, \d+ free/);
    expect(ask(board, '\x1b[A')).toMatch(/^heap \d+ bytes/);
    expect(ask(board, 'nonsense\x15uptime')).toMatch(/^up /);
    expect(ask(board, '\x1b[C\x1b[1;5Dlog\x08\x08\x08mem')).toMatch(/^heap /);
    board.uart().send('half a li\x03');
    board.uart().expect(`^C\r\n${PROMPT}`);
    // Longer than the line can be: the end is cut, nothing breaks.
    expect(ask(board, 'x'.repeat(300))).toMatch(/^x{80}: no such command/);
  });

  it('the same keys give the same state, in one run or from a snapshot on', () => {
    const hash = (board: Board): string => {
      board.uart().send('mbox 20\ntasks\n');
      board.runFor(ms(300));
      return board.stateHash();
    };
    const whole = prompt.fork();
    const half = prompt.fork();
    half.uart().send('mbox 20\ntasks\n');
    half.runFor(ms(123));
    const rest = half.snapshot().fork();
    rest.runFor(ms(177));
    expect(hash(whole)).toBe(hash(prompt.fork()));
    expect(rest.stateHash()).toBe(whole.stateHash());
  });
});
