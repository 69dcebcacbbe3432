import { beforeEach, describe, expect, it } from 'vitest';
import { Screen } from './screen.ts';

let printed = '';
let fail: ((error: NodeJS.ErrnoException) => void) | undefined;

beforeEach(() => {
  printed = '';
});

function stream(isTTY: boolean) {
  return {
    isTTY,
    write(data: string | Uint8Array) {
      printed += typeof data === 'string' ? data : Buffer.from(data).toString();
      return true;
    },
    on(_event: string, listener: (error: NodeJS.ErrnoException) => void) {
      fail ??= listener;
      return this;
    },
  } as never;
}

function screen(stdout: boolean, stderr: boolean): Screen {
  fail = undefined;
  return new Screen({ stdout: stream(stdout), stderr: stream(stderr) });
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('progress line', () => {
  it('stays away when stderr is no terminal', () => {
    screen(true, false).progress(480_000_000, 500);
    expect(printed).toBe('');
  });

  it('tells guest time and speed, four times a second at most, and gives way to output', () => {
    const s = screen(true, true);
    s.progress(480_000_000, 500);
    s.progress(480_000_000, 600);
    expect(printed).toBe('\r\x1b[Kguest 1.000 s, 2.00 x real time\r');
    printed = '';
    s.print(bytes('hello\n'));
    expect(printed).toBe('\r\x1b[Khello\n');
  });

  it('does not overwrite a prompt', () => {
    const s = screen(true, true);
    s.print(bytes('>>> '));
    s.progress(480_000_000, 500);
    expect(printed).toBe('>>> ');
  });
});

describe('messages', () => {
  it('start a line of their own on a terminal', () => {
    const s = screen(true, true);
    s.print(bytes('>>> '));
    s.say('done');
    expect(printed).toBe('>>> \nlockstep32: done\n');
  });

  it('are red on terminals only', () => {
    expect(screen(true, false).alarm('bad')).toBe('bad');
    expect(screen(false, true).alarm('bad')).toBe(
      process.env['NO_COLOR'] || process.env['TERM'] === 'dumb' ? 'bad' : '\x1b[31mbad\x1b[39m',
    );
  });
});

it('a closed pipe ends the output quietly', () => {
  const s = screen(false, false);
  fail!(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  s.print(bytes('more'));
  expect([s.closed, printed]).toEqual([true, '']);
});
