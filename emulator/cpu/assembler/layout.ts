/** Second half of the assembler: gives every item its address, then makes the bytes. */
import { AssembleError, type Place } from './error.ts';
import { evaluate, firstUndefined, type EvaluateScope, type Expression } from './expression.ts';
import { encodeInstruction } from './instruction.ts';
import { isLiteralSection, type Item, type SectionBuilder } from './section.ts';

/** Where sections without an origin go: code into SRAM0 after the vectors, data into SRAM2. */
export const DEFAULT_ORIGIN = { code: 0x40080400, data: 0x3ffb0000 } as const;

/** Largest section, so that `.space` of a wrong number cannot exhaust the host. */
const MAX_SECTION_BYTES = 16 * 1024 * 1024;

/** A value that the record itself has: names come from the source and may be `constructor`. */
function own(record: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export interface LaidOut {
  readonly section: SectionBuilder;
  readonly address: number;
  readonly size: number;
}

export class Symbols {
  readonly labels = new Map<
    string,
    { readonly address: number; readonly section: SectionBuilder }
  >();
  readonly #expressions: ReadonlyMap<string, { readonly value: Expression; readonly place: Place }>;
  readonly #outside: Readonly<Record<string, number>>;

  constructor(
    expressions: ReadonlyMap<string, { readonly value: Expression; readonly place: Place }>,
    outside: Readonly<Record<string, number>>,
  ) {
    this.#expressions = expressions;
    this.#outside = outside;
  }

  /** Scope of an expression at address `here`. */
  scope(here: number | undefined): EvaluateScope {
    const active = new Set<string>();
    const symbol = (name: string): bigint | undefined => {
      const label = this.labels.get(name);
      if (label !== undefined) return BigInt(label.address >>> 0);
      const assigned = this.#expressions.get(name);
      if (assigned === undefined) {
        const value = own(this.#outside, name);
        return value === undefined ? undefined : BigInt(value);
      }
      if (active.has(name)) {
        throw new AssembleError(assigned.place, `symbol "${name}" is defined by itself`);
      }
      active.add(name);
      const value = evaluate(assigned.value, scope, assigned.place);
      active.delete(name);
      return value;
    };
    const scope: EvaluateScope = {
      symbol,
      here: here === undefined ? undefined : BigInt(here >>> 0),
    };
    return scope;
  }

  value(expression: Expression, here: number | undefined, place: Place): bigint {
    const scope = this.scope(here);
    const value = evaluate(expression, scope, place);
    if (value === undefined) {
      throw new AssembleError(place, `undefined symbol "${firstUndefined(expression, scope)}"`);
    }
    return value;
  }
}

/** Assigns addresses: named origins first, literal sections just before or ahead of their code. */
export function layout(
  sections: readonly SectionBuilder[],
  origins: Readonly<Record<string, number>>,
  symbols: Symbols,
): LaidOut[] {
  const next = { code: DEFAULT_ORIGIN.code as number, data: DEFAULT_ORIGIN.data as number };
  const laidOut: LaidOut[] = [];
  const ordered = [
    ...sections.filter((section) => isLiteralSection(section.name)),
    ...sections.filter((section) => !isLiteralSection(section.name)),
  ];
  for (const section of ordered) {
    const bank = section.flags.execute ? 'code' : 'data';
    const given = own(origins, section.name) ?? literalOrigin(section, sections, origins, symbols);
    if (given !== undefined && given % section.alignment !== 0) {
      throw new AssembleError(
        section.place,
        `origin 0x${given.toString(16)} of ${section.name}, expected a multiple of ${section.alignment}`,
      );
    }
    const address = !section.flags.alloc ? 0 : (given ?? alignUp(next[bank], section.alignment));
    const size = measure(section, address, symbols);
    if (section.flags.alloc && given === undefined) next[bank] = address + size;
    laidOut.push({ section, address, size });
  }
  checkOverlap(laidOut);
  return laidOut;
}

/** Literals of a code section with a given origin end where that section starts. */
function literalOrigin(
  section: SectionBuilder,
  sections: readonly SectionBuilder[],
  origins: Readonly<Record<string, number>>,
  symbols: Symbols,
): number | undefined {
  if (!isLiteralSection(section.name)) return undefined;
  const { name } = section;
  const user = name.startsWith('.literal')
    ? `.text${name.slice('.literal'.length)}`
    : name.slice(0, -'.literal'.length);
  const origin = own(origins, user);
  if (origin === undefined || !sections.some((other) => other.name === user)) return undefined;
  return (origin - measure(section, 0, symbols)) & -section.alignment;
}

function checkOverlap(laidOut: readonly LaidOut[]): void {
  const used = laidOut
    .filter(({ section, size }) => section.flags.alloc && size > 0)
    .sort((a, b) => a.address - b.address);
  for (let i = 1; i < used.length; i++) {
    const [a, b] = [used[i - 1]!, used[i]!];
    if (a.address + a.size > b.address) {
      throw new AssembleError(
        b.section.place,
        `section ${b.section.name} at 0x${b.address.toString(16)} overlaps ${a.section.name}` +
          ` that ends at 0x${(a.address + a.size).toString(16)}`,
      );
    }
  }
}

const alignUp = (address: number, bytes: number): number => Math.ceil(address / bytes) * bytes;

/** Size of the section at `start`; sets its labels. */
function measure(section: SectionBuilder, start: number, symbols: Symbols): number {
  let address = start;
  for (const item of section.items) {
    if (item.kind === 'label') symbols.labels.set(item.name, { address, section });
    else if (item.kind === 'pool') {
      for (const literal of item.pool.literals) {
        for (const name of literal.labels) symbols.labels.set(name, { address, section });
        address += 4;
      }
    } else address += itemSize(item, address, symbols);
    if (address - start > MAX_SECTION_BYTES) {
      throw new AssembleError(
        item.kind === 'fill' ? item.place : section.place,
        `section ${section.name} is larger than ${MAX_SECTION_BYTES} bytes`,
      );
    }
  }
  return address - start;
}

function itemSize(
  item: Exclude<Item, { kind: 'label' | 'pool' }>,
  address: number,
  symbols: Symbols,
): number {
  switch (item.kind) {
    case 'bytes':
      return item.bytes.length;
    case 'data':
      return item.size;
    case 'instruction':
      return item.instruction.length;
    case 'align':
      return alignUp(address, item.bytes) - address;
    case 'fill': {
      const count = symbols.value(item.count, address, item.place);
      if (count < 0n) throw new AssembleError(item.place, `count ${count}, expected 0 or more`);
      return Math.min(Number(count), MAX_SECTION_BYTES + 1) * item.size;
    }
  }
}

/** The bytes of a section; nothing for one without file contents. */
export function emit({ section, address, size }: LaidOut, symbols: Symbols): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  const put = (value: bigint, width: number): void => {
    for (let i = 0; i < width; i++) bytes[offset++] = Number((value >> BigInt(8 * i)) & 0xffn);
  };
  for (const item of section.items) {
    const here = address + offset;
    switch (item.kind) {
      case 'label':
        break;
      case 'bytes':
        bytes.set(item.bytes, offset);
        offset += item.bytes.length;
        break;
      case 'data':
        put(dataValue(item.value, item.size, here, item.place, symbols), item.size);
        break;
      case 'instruction': {
        const { instruction } = item;
        put(
          BigInt(encodeInstruction(instruction, here, symbols.scope(here)) >>> 0),
          instruction.length,
        );
        break;
      }
      case 'align': {
        const count = alignUp(here, item.bytes) - here;
        if (item.fill === undefined && section.flags.execute) fillNops(bytes, offset, count);
        else bytes.fill(item.fill ?? 0, offset, offset + count);
        offset += count;
        break;
      }
      case 'fill': {
        const end = offset + itemSize(item, here, symbols);
        while (offset < end) put(BigInt(item.value), item.size);
        break;
      }
      case 'pool':
        for (const literal of item.pool.literals) {
          put(dataValue(literal.value, 4, address + offset, literal.place, symbols), 4);
        }
        break;
    }
  }
  return bytes;
}

/** NOP and NOP.N; one byte alone cannot be an instruction and stays zero. */
function fillNops(bytes: Uint8Array, start: number, count: number): void {
  let offset = start;
  let left = count;
  while (left === 3 || left >= 5) {
    bytes.set([0xf0, 0x20, 0x00], offset);
    offset += 3;
    left -= 3;
  }
  while (left >= 2) {
    bytes.set([0x3d, 0xf0], offset);
    offset += 2;
    left -= 2;
  }
}

function dataValue(
  expression: Expression,
  size: number,
  here: number,
  place: Place,
  symbols: Symbols,
): bigint {
  const value = symbols.value(expression, here, place);
  const limit = 1n << BigInt(8 * size);
  if (value >= limit || value < -(limit >> 1n)) {
    throw new AssembleError(
      place,
      `value ${value} does not fit, expected ${-(limit >> 1n)}..${limit - 1n} (${size} bytes)`,
    );
  }
  return BigInt.asUintN(8 * size, value);
}
