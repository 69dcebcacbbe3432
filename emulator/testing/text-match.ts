/**
 * Patterns against what a UART printed. Output is kept as one character per byte (Latin-1), so that
 * any bytes can be matched; patterns are given as people write them, in Unicode.
 */

/** A match at the end of the text so far may still change with the next character. */
const ANY_NEXT = 'x';

export interface TextHit {
  readonly text: string;
  /** Groups of the regular expression. */
  readonly groups: readonly (string | undefined)[];
  readonly start: number;
  readonly end: number;
}

/** A string matches itself. In a regular expression `^` and `$` are line ends. */
export function compilePattern(pattern: string | RegExp): RegExp {
  if (typeof pattern === 'string')
    return new RegExp(toBytes(pattern).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'g');
  const flags = pattern.flags.replace(/[gyuvd]/g, '');
  return new RegExp(toBytes(pattern.source), `g${flags.includes('m') ? flags : `${flags}m`}`);
}

/** The first match at or after `from`; unless `ended`, one that more output cannot undo. */
export function searchText(
  pattern: RegExp,
  text: string,
  from: number,
  ended: boolean,
): TextHit | undefined {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const end = match.index + match[0].length;
  if (!ended && end === text.length) {
    pattern.lastIndex = match.index;
    const longer = pattern.exec(text + ANY_NEXT);
    if (longer === null || longer.index !== match.index) return undefined;
    if (longer[0].length > match[0].length) return undefined;
  }
  const groups = match.slice(1).map((group: string | undefined) => group && fromBytes(group));
  return { text: fromBytes(match[0]), groups, start: match.index, end };
}

/** The UTF-8 bytes of `text`, one character each. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Bytes, one character each, read as UTF-8. */
export function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
