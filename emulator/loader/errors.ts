/** Where a malformed input went wrong, and what was expected there. */
export interface InputErrorDetail {
  /** Byte offset in the file. */
  readonly offset?: number;
  /** Completes the sentence "expected ...". */
  readonly expected?: string;
  /** What the user can do about it, as a sentence. */
  readonly hint?: string;
}

/**
 * A file, option or argument the user gave is not usable. The message is one line that names the
 * file, the offset, what was found and what was expected; the command line exits with code 2.
 */
export class InputError extends Error {
  readonly file: string;
  readonly offset: number | undefined;
  readonly expected: string | undefined;
  readonly hint: string | undefined;

  constructor(file: string, problem: string, detail: InputErrorDetail = {}) {
    super(oneLine(file, problem, detail));
    this.name = 'InputError';
    this.file = file;
    this.offset = detail.offset;
    this.expected = detail.expected;
    this.hint = detail.hint;
  }
}

/** A number as the project prints addresses and offsets: `0x1000`. */
export function hex(value: number, digits = 0): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}

/** A half-open range as `0x3ffb0000..0x3ffb2000`. */
export function hexRange(start: number, size: number): string {
  return `0x${start.toString(16)}..0x${(start + size).toString(16)}`;
}

/** Text found in an input file, made safe to print: one line, printable ASCII, bounded length. */
export function printable(text: string, limit = 64): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  return clean.length > limit ? `${clean.slice(0, limit)}...` : clean;
}

function oneLine(file: string, problem: string, detail: InputErrorDetail): string {
  const where = detail.offset === undefined ? '' : ` at offset 0x${detail.offset.toString(16)}`;
  const expected = detail.expected === undefined ? '' : `; expected ${detail.expected}`;
  const hint = detail.hint === undefined ? '' : ` (${detail.hint})`;
  return `${file}${where}: ${problem}${expected}${hint}`.replace(/\s*[\r\n]+\s*/g, ' ');
}
