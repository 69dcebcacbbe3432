/** Directives of the assembler. */
import { AssembleError, type Place } from './error.ts';
import { stringBytes } from './lexer.ts';
import type { Parser } from './parser.ts';
import { PRIVATE } from './section.ts';

type Directive = (parser: Parser, operands: readonly string[], place: Place) => void;

const MAX_ALIGNMENT = 0x10000;

/** Facts for linkers and debuggers, which make no bytes. */
export const IGNORED_DIRECTIVES: ReadonlySet<string> = new Set([
  '.type',
  '.size',
  '.file',
  '.ident',
  '.local',
  '.hidden',
  '.begin',
  '.end',
]);

function count(operands: readonly string[], least: number, most: number, place: Place): void {
  if (operands.length >= least && operands.length <= most) return;
  const expected = least === most ? `${least}` : `${least}..${most}`;
  throw new AssembleError(place, `${operands.length} operands, expected ${expected}`);
}

function section(name: string): Directive {
  return (parser, operands, place) => {
    count(operands, 0, 0, place);
    parser.enter(name, undefined, undefined, place);
  };
}

const namedSection: Directive = (parser, operands, place) => {
  count(operands, 1, 5, place);
  const [name, flags, type] = operands;
  const letters =
    flags === undefined ? undefined : String.fromCharCode(...stringBytes(flags, place));
  parser.enter(name!.replace(/^"(.*)"$/, '$1'), letters, type, place);
};

const previous: Directive = (parser, operands, place) => {
  count(operands, 0, 0, place);
  parser.enterPrevious();
};

/** `.align` counts bytes on Xtensa, as `.balign` does; `.p2align` counts bits. */
function align(bytesOf: (operand: number) => number): Directive {
  return (parser, operands, place) => {
    count(operands, 1, 2, place);
    const bytes = bytesOf(parser.number(operands[0]!, place));
    if (!Number.isInteger(Math.log2(bytes)) || bytes > MAX_ALIGNMENT) {
      throw new AssembleError(
        place,
        `alignment to ${bytes} bytes, expected a power of two up to ${MAX_ALIGNMENT}`,
      );
    }
    parser.section.align(
      bytes,
      operands[1] === undefined ? undefined : parser.number(operands[1], place),
    );
  };
}

function data(size: 1 | 2 | 4): Directive {
  return (parser, operands, place) => {
    count(operands, 1, Infinity, place);
    needFile(parser, place);
    for (const operand of operands) {
      const value = parser.expression(operand, place);
      parser.section.items.push({ kind: 'data', size, value, place });
    }
  };
}

function text(terminator: readonly number[]): Directive {
  return (parser, operands, place) => {
    count(operands, 1, Infinity, place);
    needFile(parser, place);
    for (const operand of operands) {
      const bytes = [...stringBytes(operand, place), ...terminator];
      parser.section.items.push({ kind: 'bytes', bytes });
    }
  };
}

function needFile(parser: Parser, place: Place): void {
  if (!parser.section.flags.nobits) return;
  throw new AssembleError(
    place,
    `data in ${parser.section.name}, expected .space: it has no contents`,
  );
}

const space: Directive = (parser, operands, place) => {
  count(operands, 1, 2, place);
  fill(parser, operands[0]!, 1, operands[1], place);
};

const fillDirective: Directive = (parser, operands, place) => {
  count(operands, 1, 3, place);
  const size = operands[1] === undefined ? 1 : parser.number(operands[1], place);
  if (size < 1 || size > 4) throw new AssembleError(place, `fill of ${size} bytes, expected 1..4`);
  fill(parser, operands[0]!, size, operands[2], place);
};

function fill(
  parser: Parser,
  repeat: string,
  size: number,
  valueText: string | undefined,
  place: Place,
): void {
  const value = valueText === undefined ? 0 : parser.number(valueText, place);
  if (value !== 0) needFile(parser, place);
  parser.section.items.push({
    kind: 'fill',
    count: parser.expression(repeat, place),
    size,
    value,
    place,
  });
}

const global: Directive = (parser, operands, place) => {
  count(operands, 1, Infinity, place);
  for (const name of operands) parser.globals.set(name, place);
};

const set: Directive = (parser, operands, place) => {
  count(operands, 2, 2, place);
  parser.assign(operands[0]!, operands[1]!, place);
};

const literal: Directive = (parser, operands, place) => {
  count(operands, 2, Infinity, place);
  const [name, ...values] = operands;
  values.forEach((text, index) => {
    const label = index === 0 ? name! : `${PRIVATE}${name!}+${index}`;
    parser.literal(label, parser.expression(text, place), place);
  });
};

const literalPosition: Directive = (parser, operands, place) => {
  count(operands, 0, 0, place);
  parser.section.addPool();
};

export const DIRECTIVES: Readonly<Record<string, Directive>> = {
  '.section': namedSection,
  '.text': section('.text'),
  '.data': section('.data'),
  '.rodata': section('.rodata'),
  '.bss': section('.bss'),
  '.previous': previous,
  '.align': align((bytes) => bytes),
  '.balign': align((bytes) => bytes),
  '.p2align': align((bits) => 2 ** bits),
  '.byte': data(1),
  '.short': data(2),
  '.half': data(2),
  '.hword': data(2),
  '.2byte': data(2),
  '.word': data(4),
  '.long': data(4),
  '.int': data(4),
  '.4byte': data(4),
  '.ascii': text([]),
  '.asciz': text([0]),
  '.string': text([0]),
  '.space': space,
  '.skip': space,
  '.zero': space,
  '.fill': fillDirective,
  '.global': global,
  '.globl': global,
  '.weak': global,
  '.set': set,
  '.equ': set,
  '.literal': literal,
  '.literal_position': literalPosition,
};
