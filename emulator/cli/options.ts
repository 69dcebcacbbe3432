/** The options of `lockstep32 run`, in one typed table, and how their values are read. */
import type { Command } from 'commander';
import { InputError } from '../loader/errors.ts';
import type { TypeRule } from './scenario.ts';

interface OptionRow {
  readonly flags: string;
  readonly help: string;
  readonly repeat?: true;
}

// prettier-ignore
const RUN_OPTIONS = {
  rom:         { flags: '--rom <file>', help: 'mask ROM, ELF or raw binary, or `auto` to find an installed one (default: auto)' },
  flashSize:   { flags: '--flash-size <size>', help: 'size of the flash chip: 2MB, 4MB, 8MB, 16MB (default: from the image)' },
  psram:       { flags: '--psram <size>', help: 'PSRAM chip: 4MB or 8MB (default: none)' },
  elf:         { flags: '--elf <file>', help: 'application ELF: symbols and lines for reports and backtraces', repeat: true },
  until:       { flags: '--until <regex>', help: 'end with success when UART0 printed this (after every --expect)' },
  expect:      { flags: '--expect <regex>', help: 'UART0 must print this; repeat for several, in order', repeat: true },
  failOn:      { flags: '--fail-on <regex>', help: 'end with failure when UART0 prints this', repeat: true },
  type:        { flags: "--type <'TEXT'@'REGEX'>", help: 'send TEXT on UART0 once REGEX was printed (\\n, \\r, \\xNN work)', repeat: true },
  maxTime:     { flags: '--max-time <time>', help: 'guest time limit: 500ms, 2s, 1500us (exit code 124)' },
  wallLimit:   { flags: '--wall-limit <time>', help: 'host time limit (exit code 124)' },
  uart0:       { flags: '--uart0 <target>', help: 'UART0 output to a file, or tcp:PORT on loopback (default: stdio)' },
  report:      { flags: '--report <file>', help: 'write a JSON report of the run' },
  semihosting: { flags: '--semihosting', help: 'carry out SIMCALL as the QEMU simulator does (on for a bare ELF)' },
  exactInterpreter: { flags: '--exact-interpreter', help: 'use the reference interpreter (the only execution mode so far)' },
} as const satisfies Record<string, OptionRow>;

type Row<K extends keyof typeof RUN_OPTIONS> = (typeof RUN_OPTIONS)[K];
type ValueOf<R extends OptionRow> = R extends { repeat: true }
  ? string[]
  : R['flags'] extends `${string}<${string}`
    ? string | undefined
    : boolean | undefined;

export type RunOptions = { [K in keyof typeof RUN_OPTIONS]: ValueOf<Row<K>> };

export function addRunOptions(command: Command): void {
  for (const row of Object.values(RUN_OPTIONS) as OptionRow[]) {
    if (row.repeat === undefined) command.option(row.flags, row.help);
    else command.option(row.flags, row.help, (value, list: string[]) => [...list, value], []);
  }
}

const TIME_UNITS: Record<string, number> = {
  us: 480,
  ms: 480_000,
  s: 480_000_000,
  min: 28_800_000_000,
};

/** `500ms`, `2s`, `1500us`, `3min` as master ticks (480 per microsecond). */
export function parseTime(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|min)$/.exec(text.trim());
  if (match === null) {
    throw new InputError(option, `'${text.slice(0, 32)}' is not a time`, {
      expected: 'for example 500ms, 2s or 3min',
    });
  }
  return Math.round(Number(match[1]) * TIME_UNITS[match[2]!]!);
}

export function parsePattern(text: string, option: string): RegExp {
  try {
    return new RegExp(text, 'm');
  } catch (error) {
    throw new InputError(option, `'${text}' is not a regular expression`, {
      hint: error instanceof Error ? error.message : String(error),
    });
  }
}

/** `'TEXT'@'REGEX'`; the quotes may be left out when the shell took them. */
export function parseTypeRule(value: string): TypeRule {
  const quoted = /^'((?:[^'\\]|\\.)*)'@'(.*)'$/s.exec(value);
  const at = value.lastIndexOf('@');
  if (quoted === null && at < 0) {
    throw new InputError('--type', `'${value}' has no @`, { expected: "'TEXT'@'REGEX'" });
  }
  const text = quoted?.[1] ?? value.slice(0, at);
  const pattern = quoted?.[2] ?? value.slice(at + 1);
  return { text: unescape(text), after: parsePattern(pattern, '--type') };
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function unescape(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|(.))/gs,
    (_all, hex: string | undefined, char: string) =>
      hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
