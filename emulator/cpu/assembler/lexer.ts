/**
 * Splits GNU-syntax source into statements. Comments are `# ...`, `// ...` and `/* ... *\/`; a
 * semicolon or a line end separates statements, as in GNU as for Xtensa.
 */
import { AssembleError, type Place } from './error.ts';

export type Statement =
  | { readonly kind: 'label'; readonly place: Place; readonly name: string }
  | {
      readonly kind: 'assignment';
      readonly place: Place;
      readonly name: string;
      readonly text: string;
    }
  | {
      readonly kind: 'operation';
      readonly place: Place;
      /** Mnemonic or directive, in lower case. */
      readonly name: string;
      readonly operands: readonly string[];
    };

const SYMBOL = /^[A-Za-z_.$][\w.$]*/;
const LABEL = /^([A-Za-z_.$][\w.$]*|\d+)\s*:/;
const ASSIGNMENT = /^([A-Za-z_.$][\w.$]*)\s*=(?!=)\s*(.*)$/;

export function parseStatements(source: string, file: string): Statement[] {
  const statements: Statement[] = [];
  for (const { text, line } of splitLines(source, file))
    parseStatement(text, { file, line }, statements);
  return statements;
}

function parseStatement(source: string, place: Place, into: Statement[]): void {
  let text = source.trim();
  for (;;) {
    const label = LABEL.exec(text);
    if (label === null) break;
    into.push({ kind: 'label', place, name: label[1]! });
    text = text.slice(label[0].length).trim();
  }
  if (text === '') return;
  const assignment = ASSIGNMENT.exec(text);
  if (assignment !== null) {
    into.push({ kind: 'assignment', place, name: assignment[1]!, text: assignment[2]! });
    return;
  }
  const name = SYMBOL.exec(text);
  if (name === null) {
    throw new AssembleError(
      place,
      `unexpected "${text}", expected a label, an instruction or a directive`,
    );
  }
  into.push({
    kind: 'operation',
    place,
    name: name[0].toLowerCase(),
    operands: splitOperands(text.slice(name[0].length).trim(), place),
  });
}

/** Operands between commas; commas in parentheses or quotes do not count. */
function splitOperands(text: string, place: Place): string[] {
  if (text === '') return [];
  const operands: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"' || c === "'") i = skipQuoted(text, i, place) - 1;
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) {
      operands.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  operands.push(text.slice(start).trim());
  if (operands.includes('')) throw new AssembleError(place, `empty operand in "${text}"`);
  return operands;
}

/** Position after the string or character constant that starts at `start`. */
function skipQuoted(text: string, start: number, place: Place): number {
  const quote = text[start]!;
  if (quote === "'") {
    if (/^'\\?(\n|$)/.test(text.slice(start, start + 3))) {
      throw new AssembleError(place, "character expected after '");
    }
    const length = text[start + 1] === '\\' ? 3 : 2;
    return text[start + length] === "'" ? start + length + 1 : start + length;
  }
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n') break;
  }
  throw new AssembleError(place, 'string without end, expected "');
}

/** Statements as text, with the line they start at and without comments. */
function splitLines(source: string, file: string): { text: string; line: number }[] {
  const lines: { text: string; line: number }[] = [];
  let line = 1;
  let text = '';
  let startLine = 1;
  const flush = (): void => {
    if (text.trim() !== '') lines.push({ text, line: startLine });
    text = '';
    startLine = line;
  };
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === '\n') {
      line++;
      flush();
    } else if (c === ';') flush();
    else if (c === '"' || c === "'") {
      const end = skipQuoted(source, i, { file, line });
      text += source.slice(i, end);
      i = end - 1;
    } else if (c === '#' || source.startsWith('//', i)) {
      const end = source.indexOf('\n', i);
      i = (end < 0 ? source.length : end) - 1;
    } else if (source.startsWith('/*', i)) {
      const end = source.indexOf('*/', i + 2);
      if (end < 0) throw new AssembleError({ file, line }, 'comment without end, expected */');
      line += source.slice(i, end).split('\n').length - 1;
      text += ' ';
      i = end + 1;
    } else text += c;
  }
  line++;
  flush();
  return lines;
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  b: 8,
  f: 12,
  '"': 34,
  "'": 39,
  '\\': 92,
};

/** Bytes of a quoted string, UTF-8. */
export function stringBytes(text: string, place: Place): number[] {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) {
    throw new AssembleError(place, `${text} is not a string, expected "..."`);
  }
  const bytes: number[] = [];
  const body = text.slice(1, -1);
  for (let i = 0; i < body.length;) {
    if (body[i] !== '\\') {
      const character = String.fromCodePoint(body.codePointAt(i)!);
      bytes.push(...new TextEncoder().encode(character));
      i += character.length;
      continue;
    }
    const { value, length } = escape(body, i, place);
    bytes.push(value);
    i += length;
  }
  return bytes;
}

/** The escape sequence at `start` of `text`: its byte and how many characters it takes. */
export function escape(
  text: string,
  start: number,
  place: Place,
): { readonly value: number; readonly length: number } {
  const octal = /^\\([0-7]{1,3})/.exec(text.slice(start));
  if (octal !== null) return { value: parseInt(octal[1]!, 8) & 0xff, length: octal[0].length };
  const hex = /^\\x([0-9a-fA-F]{1,2})/.exec(text.slice(start));
  if (hex !== null) return { value: parseInt(hex[1]!, 16), length: hex[0].length };
  const value = ESCAPES[text[start + 1] ?? ''];
  if (value === undefined) {
    throw new AssembleError(place, `unknown escape ${text.slice(start, start + 2)} in a string`);
  }
  return { value, length: 2 };
}
