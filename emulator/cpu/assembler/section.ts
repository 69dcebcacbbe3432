/** Sections of the assembler: lists of items, and the rules where a section goes. */
import { AssembleError, type Place } from './error.ts';
import type { Expression } from './expression.ts';
import type { Instruction } from './instruction.ts';

/** Starts names of labels that the source cannot spell. */
export const PRIVATE = '\u0000';

export type Item =
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | {
      readonly kind: 'data';
      readonly size: 1 | 2 | 4;
      readonly value: Expression;
      readonly place: Place;
    }
  | { readonly kind: 'instruction'; readonly instruction: Instruction }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'align'; readonly bytes: number; readonly fill: number | undefined }
  | {
      readonly kind: 'fill';
      readonly count: Expression;
      readonly size: number;
      readonly value: number;
      readonly place: Place;
    }
  | { readonly kind: 'pool'; readonly pool: LiteralPool };

export interface LiteralPool {
  readonly literals: {
    readonly labels: string[];
    readonly value: Expression;
    readonly place: Place;
  }[];
  /** Label of the literal with that expression, so that equal literals are stored once. */
  readonly byKey: Map<string, string>;
}

export interface SectionFlags {
  readonly alloc: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** Occupies memory but no file: zero at the start. */
  readonly nobits: boolean;
}

export class SectionBuilder {
  readonly name: string;
  readonly flags: SectionFlags;
  readonly place: Place;
  readonly items: Item[] = [];
  alignment = 1;
  /** Where automatic literals go: a pool in this section, or the section's literal section. */
  pool: LiteralPool | undefined;

  constructor(name: string, flags: SectionFlags, place: Place) {
    this.name = name;
    this.flags = flags;
    this.place = place;
    if (flags.execute) this.alignment = 4;
  }

  align(bytes: number, fill?: number): void {
    this.alignment = Math.max(this.alignment, bytes);
    this.items.push({ kind: 'align', bytes, fill });
  }

  /** Starts a literal pool here. */
  addPool(): LiteralPool {
    const pool: LiteralPool = { literals: [], byKey: new Map() };
    this.align(4, 0);
    this.items.push({ kind: 'pool', pool });
    this.pool = pool;
    return pool;
  }
}

/** Name of the section that holds the literals of `section`, as GNU as names it. */
export function literalSectionName(section: string): string {
  if (section === '.text') return '.literal';
  if (section.startsWith('.text.')) return `.literal${section.slice('.text'.length)}`;
  return `${section}.literal`;
}

export function isLiteralSection(name: string): boolean {
  return name === '.literal' || name.startsWith('.literal.') || name.endsWith('.literal');
}

const KNOWN_FLAGS: readonly (readonly [prefix: RegExp, flags: string])[] = [
  [/^\.(text|literal|iram|init|fini|vectors?)\b/, 'ax'],
  [/\.literal$/, 'ax'],
  [/^\.(rodata|srodata)\b/, 'a'],
  [/^\.(bss|sbss|noinit)\b/, 'wa@nobits'],
  [/^\.(data|sdata|dram)\b/, 'wa'],
];

/** Flags of a section by its name, or from `.section name, "flags", @type`. */
export function sectionFlags(
  name: string,
  flags: string | undefined,
  type: string | undefined,
  place: Place,
): SectionFlags {
  const known = flags ?? KNOWN_FLAGS.find(([prefix]) => prefix.test(name))?.[1];
  if (known === undefined) {
    throw new AssembleError(place, `section ${name} needs flags, such as .section ${name}, "ax"`);
  }
  const letters = known.replace('@nobits', '');
  if (!/^[awxMSG]*$/.test(letters)) {
    throw new AssembleError(place, `section flags "${known}", expected letters of a, w and x`);
  }
  return {
    alloc: letters.includes('a'),
    write: letters.includes('w'),
    execute: letters.includes('x'),
    nobits: known.includes('@nobits') || /^[@%]nobits$/.test(type ?? ''),
  };
}
