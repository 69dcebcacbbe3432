import { describe, expect, it } from 'vitest';
import { InputError } from '../loader/errors.ts';
import { parsePattern, parseSwitch, parseTime, parseTypeRule } from './values.ts';

describe('times', () => {
  it.each([
    ['500ms', 240_000_000],
    ['2s', 960_000_000],
    ['2', 960_000_000],
    ['1500us', 720_000],
    ['0.5min', 14_400_000_000],
    ['0s', 0],
  ])('%s is %d ticks of 480 MHz', (text, ticks) => {
    expect(parseTime(text, '--max-time')).toBe(ticks);
  });

  it.each(['', 'soon', '5 parsecs', '-1s', '1e3s', '9999999999999s', '1h'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseTime(text, '--max-time')).toThrow(InputError);
      expect(() => parseTime(text, '--max-time')).toThrow(
        /^--max-time: .* is not a time; expected/,
      );
    },
  );
});

describe('patterns', () => {
  it('match line by line, and bytes beyond ASCII as UTF-8', () => {
    const printed = Buffer.from('a\n25 °C\nb').toString('latin1');
    expect(parsePattern('^25 °C$', '--expect').test(printed)).toBe(true);
  });

  it('that are none are refused with the option and the reason, in one line', () => {
    expect(() => parsePattern('(', '--until')).toThrow(
      /^--until: '\(' is not a regular expression \(.*Unterminated group.*\)$/,
    );
  });
});

describe('text to type', () => {
  it.each([
    [`'help\\n'@'esp32> '`, 'help\n', 'esp32> '],
    [`help\\r\\n@esp32> `, 'help\r\n', 'esp32> '],
    [`'a@b'@'c@d'`, 'a@b', 'c@d'],
    [`a@b@c`, 'a@b', 'c'],
    [`a@'b@c'`, 'a', 'b@c'],
    [`'a'@b@c`, 'a', 'b@c'],
    [`'it\\'s'@'x'`, "it's", 'x'],
    [`'\\x03\\x04\\t\\0\\\\'@'>>> '`, '\x03\x04\t\0\\', '>>> '],
    [`'é'@'x'`, '\xc3\xa9', 'x'],
    [`''@'x'`, '', 'x'],
  ])('%s', (value, text, pattern) => {
    const rule = parseTypeRule(value);
    expect(rule.text).toBe(text);
    expect(rule.after.source).toBe(pattern);
  });

  it('needs a pattern', () => {
    expect(() => parseTypeRule('help')).toThrow(/^--type: 'help' has no @; expected/);
    expect(() => parseTypeRule("'a'@'('")).toThrow(/^--type: '\(' is not a regular expression/);
  });
});

it('switches are on or off', () => {
  expect([parseSwitch('on', '--timing'), parseSwitch('off', '--timing')]).toEqual(['on', 'off']);
  expect(() => parseSwitch('fast', '--timing')).toThrow("--timing: 'fast'; expected on or off");
});
