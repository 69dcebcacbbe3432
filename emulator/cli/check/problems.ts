/** Places in a gate file, and what is wrong there: one line each, all of a file at once. */
import type { LineCounter } from 'yaml';
import { printable } from '../../loader/errors.ts';

export interface Position {
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
}

const MOST_PROBLEMS = 20;

/** A gate file that cannot be used. Each line is `file:line:column: what; expected ...`. */
export class GateError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'GateError';
    this.lines = lines;
  }
}

export class Problems {
  readonly file: string;
  private readonly counter: LineCounter;
  private readonly found: { offset: number; text: string }[] = [];

  constructor(file: string, counter: LineCounter) {
    this.file = file;
    this.counter = counter;
  }

  at(offset: number): Position {
    const { line, col } = this.counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  add(offset: number, text: string): void {
    this.found.push({ offset, text });
  }

  /** Throws a GateError when there are any. */
  check(): void {
    if (this.found.length === 0) return;
    const inOrder = [...this.found].sort((a, b) => a.offset - b.offset);
    const lines = inOrder
      .slice(0, MOST_PROBLEMS)
      .map(({ offset, text }) => `${placeText(this.file, this.at(offset))}: ${text}`);
    const more = inOrder.length - lines.length;
    throw new GateError(more > 0 ? [...lines, `${this.file}: and ${more} more`] : lines);
  }
}

/** `gate.yaml:12:5`. */
export function placeText(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** `'text'` as a message quotes it. */
export function quoted(text: string): string {
  return `'${printable(text, 40)}'`;
}
