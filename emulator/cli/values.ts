/** How the values of options are read: times, patterns, text to type. */
import { InputError, printable } from '../loader/errors.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';
import type { TypeRule } from './scenario.ts';

const UNIT_TICKS: Readonly<Record<string, Ticks>> = {
  us: MASTER_HZ / 1_000_000,
  ms: MASTER_HZ / 1000,
  s: MASTER_HZ,
  min: 60 * MASTER_HZ,
};

/** `500ms`, `2s`, `1500us`, `3min`, or a plain number of seconds. */
export function parseTime(text: string, option: string): Ticks {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|min)?$/.exec(text.trim());
  const ticks = Math.round(Number(match?.[1]) * UNIT_TICKS[match?.[2] ?? 's']!);
  if (match !== null && Number.isSafeInteger(ticks)) return ticks;
  throw new InputError(option, `'${printable(text, 32)}' is not a time`, {
    expected: 'for example 500ms, 2s or 3min',
  });
}

/** Matched against bytes: characters beyond ASCII stand for their UTF-8 bytes. `^` and `$` are line ends. */
export function parsePattern(text: string, option: string): RegExp {
  try {
    return new RegExp(asBytes(text), 'm');
  } catch (error) {
    throw new InputError(option, `'${printable(text)}' is not a regular expression`, {
      hint: error instanceof Error ? error.message : String(error),
    });
  }
}

/**
 * `'TEXT'@'REGEX'`, where a shell may have taken quotes away. Without quotes the last @ divides.
 * `\n`, `\r`, `\t`, `\0` and `\xNN` in TEXT are replaced; TEXT comes out as one character per byte.
 */
export function parseTypeRule(value: string): TypeRule {
  const quoted = /^'((?:[^'\\]|\\.)*)'@(.*)$/s.exec(value);
  const at = value.includes("@'") ? value.lastIndexOf("@'") : value.lastIndexOf('@');
  if (quoted === null && at < 0) {
    throw new InputError('--type', `'${printable(value)}' has no @`, {
      expected: "'TEXT'@'REGEX', such as 'help\\n'@'esp32> '",
    });
  }
  const text = quoted?.[1] ?? value.slice(0, at);
  const pattern = quoted?.[2] ?? value.slice(at + 1);
  const bare = /^'(.*)'$/s.exec(pattern)?.[1] ?? pattern;
  return { text: unescape(asBytes(text)), after: parsePattern(bare, '--type') };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function unescape(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|(.))/gs,
    (_all, hex: string | undefined, char: string) =>
      hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The UTF-8 bytes of `text`, one character each, as UART0's output is kept. */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** `on` or `off`. */
export function parseSwitch(text: string, option: string): 'on' | 'off' {
  if (text === 'on' || text === 'off') return text;
  throw new InputError(option, `'${printable(text, 32)}'`, { expected: 'on or off' });
}
