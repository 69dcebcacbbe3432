/**
 * Assembler for GNU-syntax Xtensa source, as a library: tests and users write guest code inline.
 *
 *     const program = asm`
 *         movi  a2, table        # through a literal
 *         l32i  a3, a2, 4
 *     loop:
 *         addi.n a3, a3, -1
 *         bnez  a3, loop
 *         .data
 *     table: .word 1, 2`;
 *
 * Instructions become what is written: 16-bit forms are not chosen and branches are not relaxed; the
 * one exception is MOVI of a symbol or of a constant that does not fit, which becomes L32R of a
 * literal. Literals go to `.literal` (`.literal.x` for `.text.x`, else `x.literal`), or to the last
 * `.literal_position` of the section. Everything is placed at once: there is no linking.
 */
import { emit, layout, Symbols } from './assembler/layout.ts';
import { Parser } from './assembler/parser.ts';
import { PRIVATE, type SectionFlags } from './assembler/section.ts';

export { AssembleError } from './assembler/error.ts';
export { DEFAULT_ORIGIN } from './assembler/layout.ts';

export interface AssembleOptions {
  /** Name of the source in error messages. */
  readonly file?: string;
  /** Start addresses by section name. Others follow DEFAULT_ORIGIN in the order of the source. */
  readonly origins?: Readonly<Record<string, number>>;
  /** Symbols that the source uses and does not define, such as ROM functions. */
  readonly symbols?: Readonly<Record<string, number>>;
}

export interface AssembledSection {
  readonly name: string;
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly alignment: number;
  readonly flags: SectionFlags;
}

export interface AssembledSymbol {
  readonly name: string;
  readonly address: number;
  /** Name of its section; undefined for an absolute symbol. */
  readonly section: string | undefined;
  readonly global: boolean;
}

export class Program {
  /** Sections that have a size, literals first. */
  readonly sections: readonly AssembledSection[];
  readonly symbols: readonly AssembledSymbol[];

  constructor(sections: readonly AssembledSection[], symbols: readonly AssembledSymbol[]) {
    this.sections = sections;
    this.symbols = symbols;
  }

  /** Bytes of a section; throws when there is none of that name. */
  bytes(name = '.text'): Uint8Array {
    const section = this.sections.find((candidate) => candidate.name === name);
    if (section === undefined) throw new Error(`the program has no section ${name}`);
    return section.bytes;
  }

  /** Address of a symbol; throws when it is not defined. */
  address(name: string): number {
    const symbol = this.symbols.find((candidate) => candidate.name === name);
    if (symbol === undefined) throw new Error(`the program has no symbol ${name}`);
    return symbol.address;
  }

  /** Address of `_start`, or of the first code section without it. */
  get entry(): number {
    const start = this.symbols.find((symbol) => symbol.name === '_start');
    if (start !== undefined) return start.address;
    const code = this.sections.filter(
      ({ name, flags }) => flags.execute && !/(^|\.)literal/.test(name),
    );
    return (code.find((section) => section.name === '.text') ?? code[0])?.address ?? 0;
  }
}

/** Assembles `source`. Throws AssembleError with one line; nothing is ever half-made. */
export function assemble(source: string, options: AssembleOptions = {}): Program {
  const { file = 'asm', origins = {}, symbols: outside = {} } = options;
  const parser = new Parser(source, file);
  const symbols = new Symbols(parser.assigned, outside);
  const used = [...parser.sections.values()].filter((section) => section.items.length > 0);
  const laidOut = layout(used, origins, symbols);
  const sections = laidOut
    .map((placed) => ({
      name: placed.section.name,
      address: placed.address,
      bytes: emit(placed, symbols),
      alignment: placed.section.alignment,
      flags: placed.section.flags,
    }))
    .filter((section) => section.bytes.length > 0);
  return new Program(sections, symbolTable(parser, symbols));
}

function symbolTable(parser: Parser, symbols: Symbols): AssembledSymbol[] {
  const table: AssembledSymbol[] = [];
  for (const [name, { address, section }] of symbols.labels) {
    if (name.startsWith(PRIVATE)) continue;
    table.push({ name, address, section: section.name, global: parser.globals.has(name) });
  }
  for (const [name, { value, place }] of parser.assigned) {
    const address = Number(BigInt.asUintN(32, symbols.value(value, undefined, place)));
    table.push({ name, address, section: undefined, global: parser.globals.has(name) });
  }
  return table;
}

/** `assemble` as a template tag. Values that are put in are written as text. */
export function asm(strings: TemplateStringsArray, ...values: readonly unknown[]): Program {
  return assemble(String.raw(strings, ...values));
}
