/** The failure of an expectation, written for people. */
import { printable } from '../loader/errors.ts';
import { timeText } from './units.ts';
import type { Ticks } from '../scheduler/clock.ts';

const LAST_LINES = 8;

export interface ExpectationDetail {
  readonly expected: string;
  /** How the wait ended: `not within 500 ms`. */
  readonly ended: string;
  readonly tick: Ticks;
  /** The UART that matters, and its text since the last match and before it. */
  readonly uart: { readonly name: string; readonly rest: string; readonly before: string };
  readonly cores: readonly string[];
}

export class ExpectationError extends Error {
  readonly detail: ExpectationDetail;

  constructor(detail: ExpectationDetail) {
    super(message(detail));
    this.name = 'ExpectationError';
    this.detail = detail;
  }
}

function message({ expected, ended, tick, uart, cores }: ExpectationDetail): string {
  return [
    `expected: ${expected}`,
    `${ended}; stopped at ${timeText(tick)} of guest time`,
    ...seen(uart),
    ...cores,
  ].join('\n');
}

function seen({ name, rest, before }: ExpectationDetail['uart']): string[] {
  if (rest.trim() !== '') return [`${name} since the last match:`, ...lastLines(rest)];
  if (before.trim() === '') return [`${name} has printed nothing`];
  return [`${name} has printed nothing since the last match; before it:`, ...lastLines(before)];
}

function lastLines(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .slice(-LAST_LINES)
    .map((line) => `  | ${printable(line.trimEnd(), 200)}`);
}
