/**
 * Global variables and their types from .debug_info, for C and Rust. Names are those of the source;
 * a Rust path or a C++ namespace is joined with `::`, and the last part alone is found as well.
 *
 * Types are made when they are asked for, so that recursive ones are no trouble.
 */
import { DwarfReader } from './dwarf-reader.ts';
import { DW_AT, DW_TAG, DwarfEntries, numberOf, textOf, type Entry } from './dwarf-entries.ts';
import type { Elf } from './elf.ts';
import { ByteView } from './bytes.ts';
import { InputError } from './errors.ts';

export interface Field {
  readonly name: string;
  readonly offset: number;
  /** Bits of a bit field: lowest bit in the `size`-byte word at `offset`, and count. */
  readonly bits?: { readonly low: number; readonly count: number; readonly size: number };
  readonly type: () => GuestType;
}

export interface Variant {
  /** Value of the discriminant; undefined: any other. */
  readonly value: number | undefined;
  readonly field: Field;
}

export type GuestType =
  | {
      readonly kind: 'integer';
      readonly name: string;
      readonly size: number;
      readonly signed: boolean;
    }
  | {
      readonly kind: 'character';
      readonly name: string;
      readonly size: number;
      readonly signed: boolean;
    }
  | { readonly kind: 'boolean'; readonly name: string; readonly size: number }
  | { readonly kind: 'float'; readonly name: string; readonly size: number }
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly size: number;
      readonly names: ReadonlyMap<number, string>;
    }
  | {
      readonly kind: 'pointer';
      readonly name: string;
      readonly size: number;
      readonly target: () => GuestType;
    }
  | {
      readonly kind: 'array';
      readonly name: string;
      readonly size: number;
      readonly element: GuestType;
      readonly count: number;
    }
  | {
      readonly kind: 'struct' | 'union';
      readonly name: string;
      readonly size: number;
      readonly fields: readonly Field[];
    }
  | {
      readonly kind: 'variants';
      readonly name: string;
      readonly size: number;
      readonly discriminant: Field | undefined;
      readonly variants: readonly Variant[];
    }
  | { readonly kind: 'opaque'; readonly name: string; readonly size: 0 };

export interface GuestVariable {
  readonly name: string;
  readonly address: number;
  readonly type: () => GuestType;
}

const DW_OP_ADDR = 0x03;
const DW_OP_PLUS_UCONST = 0x23;
const DW_OP_ADDRX = 0xa1;
const ENCODING = {
  boolean: 2,
  float: 4,
  signed: 5,
  signedChar: 6,
  unsigned: 7,
  unsignedChar: 8,
  utf: 16,
};
const DEEPEST = 64;
/** Larger than any memory of the chip. */
const LARGEST = 1 << 26;

const VOID: GuestType = { kind: 'opaque', name: 'void', size: 0 };

export class DebugTypes {
  private readonly entries: DwarfEntries;
  private readonly variables = new Map<string, GuestVariable>();
  private readonly types = new Map<number, GuestType>();
  /** Complete structures by name, for those that are only declared where they are used. */
  private readonly complete = new Map<string, number>();

  constructor(elf: Elf) {
    this.entries = new DwarfEntries(elf);
    for (const unit of this.entries.units) {
      const root = this.entries.read(unit, unit.first);
      if (root !== undefined) this.collect(root, '', 0);
    }
  }

  variable(name: string): GuestVariable | undefined {
    return this.variables.get(name);
  }

  get names(): readonly string[] {
    return [...this.variables.keys()];
  }

  /** A structure, union or enumeration by its name, such as `tskTaskControlBlock`. */
  typeNamed(name: string): GuestType | undefined {
    const offset = this.complete.get(name);
    return offset === undefined ? undefined : this.typeAt(offset, 0);
  }

  private collect(parent: Entry, path: string, depth: number): void {
    if (depth > DEEPEST) return;
    for (const entry of this.entries.children(parent)) {
      const name = textOf(entry.values.get(DW_AT.name));
      switch (entry.tag) {
        case DW_TAG.namespace:
          this.collect(entry, `${path}${name ?? '{}'}::`, depth + 1);
          break;
        case DW_TAG.subprogram:
        case DW_TAG.lexical_block:
          this.collect(entry, path, depth + 1);
          break;
        case DW_TAG.variable:
          this.addVariable(entry, path);
          break;
        case DW_TAG.structure_type:
        case DW_TAG.class_type:
        case DW_TAG.union_type:
        case DW_TAG.enumeration_type:
        case DW_TAG.typedef:
          if (
            name !== undefined &&
            !entry.values.has(DW_AT.declaration) &&
            !this.complete.has(name)
          )
            this.complete.set(name, entry.offset);
          break;
        default:
      }
    }
  }

  private addVariable(entry: Entry, path: string): void {
    const address = this.addressOf(entry);
    if (address === undefined) return;
    const specified = numberOf(entry.values.get(DW_AT.specification));
    const source = specified === undefined ? entry : (this.entries.at(specified) ?? entry);
    const name = textOf(source.values.get(DW_AT.name)) ?? textOf(entry.values.get(DW_AT.name));
    if (name === undefined) return;
    const typeOffset = numberOf(source.values.get(DW_AT.type) ?? entry.values.get(DW_AT.type));
    const full = path + name;
    const variable = { name: full, address, type: () => this.typeAt(typeOffset, 0) };
    if (!this.variables.has(full)) this.variables.set(full, variable);
    if (full !== name && !this.variables.has(name)) this.variables.set(name, variable);
  }

  /** The fixed address of a variable that has one. */
  private addressOf(entry: Entry): number | undefined {
    const location = entry.values.get(DW_AT.location);
    if (!(location instanceof Uint8Array) || location.length < 2) return undefined;
    const view = new ByteView(location, this.entries.file);
    const reader = new DwarfReader(view);
    const op = reader.u8();
    if (op === DW_OP_ADDR && location.length === 5) return reader.u32();
    if (op === DW_OP_ADDRX) return this.entries.address(entry.unit, reader.uleb());
    return undefined;
  }

  private typeAt(offset: number | undefined, depth: number): GuestType {
    if (offset === undefined) return VOID;
    let type = this.types.get(offset);
    if (type === undefined) {
      if (depth > DEEPEST) throw this.malformed('types nested too deep', offset);
      const entry = this.entries.at(offset);
      type = entry === undefined ? VOID : this.makeType(entry, depth + 1);
      if (type.size > LARGEST) throw this.malformed(`a type of ${type.size} bytes`, offset);
      this.types.set(offset, type);
    }
    return type;
  }

  private makeType(entry: Entry, depth: number): GuestType {
    const { values } = entry;
    const name = textOf(values.get(DW_AT.name)) ?? '';
    const size = numberOf(values.get(DW_AT.byte_size)) ?? 0;
    const inner = numberOf(values.get(DW_AT.type));
    switch (entry.tag) {
      case DW_TAG.base_type:
        return baseType(name, size, numberOf(values.get(DW_AT.encoding)) ?? 0);
      case DW_TAG.pointer_type:
        return { kind: 'pointer', name, size: 4, target: () => this.typeAt(inner, 0) };
      case DW_TAG.enumeration_type:
        return this.enumeration(entry, name, size);
      case DW_TAG.array_type:
        return this.array(entry, this.typeAt(inner, depth), name);
      case DW_TAG.structure_type:
      case DW_TAG.class_type:
      case DW_TAG.union_type:
        return this.structure(entry, name, size, depth);
      case DW_TAG.typedef:
      case DW_TAG.const_type:
      case DW_TAG.volatile_type:
      case DW_TAG.restrict_type:
      case DW_TAG.atomic_type:
        return this.typeAt(inner, depth);
      default:
        return { kind: 'opaque', name: name || 'function', size: 0 };
    }
  }

  private enumeration(entry: Entry, name: string, size: number): GuestType {
    const names = new Map<number, string>();
    for (const child of this.entries.children(entry)) {
      const value = numberOf(child.values.get(DW_AT.const_value));
      const label = textOf(child.values.get(DW_AT.name));
      if (child.tag === DW_TAG.enumerator && value !== undefined && label !== undefined)
        names.set(value, label);
    }
    return { kind: 'enum', name, size, names };
  }

  /** Dimensions from the last to the first, each an array of the ones behind it. */
  private array(entry: Entry, element: GuestType, name: string): GuestType {
    const counts: number[] = [];
    for (const child of this.entries.children(entry)) {
      if (child.tag !== DW_TAG.subrange_type) continue;
      const count = numberOf(child.values.get(DW_AT.count));
      const upper = numberOf(child.values.get(DW_AT.upper_bound));
      const lower = numberOf(child.values.get(DW_AT.lower_bound)) ?? 0;
      const isEmpty = upper === undefined || upper === 0xffff_ffff;
      counts.push(count ?? (isEmpty ? 0 : upper - lower + 1));
    }
    let type = element;
    for (const count of counts.reverse()) {
      const size = type.size * count;
      if (!(count >= 0 && count <= LARGEST && size <= LARGEST))
        throw this.malformed(`an array of ${count} elements`, entry.offset);
      type = { kind: 'array', name, size, element: type, count };
    }
    return type;
  }

  private structure(entry: Entry, name: string, size: number, depth: number): GuestType {
    if (entry.values.has(DW_AT.declaration)) {
      const complete = this.complete.get(name);
      if (complete === undefined || complete === entry.offset)
        return { kind: 'opaque', name, size: 0 };
      return this.typeAt(complete, depth);
    }
    const fields: Field[] = [];
    for (const child of this.entries.children(entry)) {
      if (child.tag === DW_TAG.variant_part) return this.variants(child, name, size);
      const field = child.tag === DW_TAG.member ? this.field(child) : undefined;
      if (field !== undefined) fields.push(field);
    }
    const kind = entry.tag === DW_TAG.union_type ? 'union' : 'struct';
    return { kind, name, size, fields };
  }

  /** A Rust enum: which variant is there depends on a discriminant, unless there is one only. */
  private variants(part: Entry, name: string, size: number): GuestType {
    const discr = numberOf(part.values.get(DW_AT.discr));
    const at = discr === undefined ? undefined : this.entries.at(discr);
    const variants: Variant[] = [];
    for (const child of this.entries.children(part)) {
      if (child.tag !== DW_TAG.variant) continue;
      const value = numberOf(child.values.get(DW_AT.discr_value));
      for (const member of this.entries.children(child)) {
        const field = member.tag === DW_TAG.member ? this.field(member) : undefined;
        if (field !== undefined) variants.push({ value, field });
      }
    }
    const discriminant = at === undefined ? undefined : this.field(at, 'discriminant');
    return { kind: 'variants', name, size, discriminant, variants };
  }

  private field(entry: Entry, fallbackName = ''): Field | undefined {
    const { values } = entry;
    const offset = this.memberOffset(entry);
    const typeOffset = numberOf(values.get(DW_AT.type));
    const type = (): GuestType => this.typeAt(typeOffset, 0);
    const name = textOf(values.get(DW_AT.name)) ?? fallbackName;
    const count = numberOf(values.get(DW_AT.bit_size));
    if (count === undefined) return { name, offset, type };
    const size = numberOf(values.get(DW_AT.byte_size)) ?? type().size;
    const dataBit = numberOf(values.get(DW_AT.data_bit_offset));
    if (count < 1 || count > 32 || size < 1 || size > 8) return undefined;
    if (dataBit !== undefined) {
      const word = Math.floor(dataBit / 8) & ~(size - 1);
      return { name, type, offset: word, bits: { low: dataBit - word * 8, count, size } };
    }
    // DWARF 3 counts from the most significant bit of the storage unit.
    const low = size * 8 - (numberOf(values.get(DW_AT.bit_offset)) ?? 0) - count;
    return { name, type, offset, bits: { low, count, size } };
  }

  private memberOffset(entry: Entry): number {
    const location = entry.values.get(DW_AT.data_member_location);
    if (!(location instanceof Uint8Array) || location[0] !== DW_OP_PLUS_UCONST)
      return numberOf(location) ?? 0;
    return new DwarfReader(new ByteView(location, this.entries.file), 1).uleb();
  }

  private malformed(problem: string, offset: number): InputError {
    return new InputError(`${this.entries.file} (.debug_info)`, problem, { offset });
  }
}

function baseType(name: string, size: number, encoding: number): GuestType {
  if (encoding === ENCODING.boolean) return { kind: 'boolean', name, size };
  if (encoding === ENCODING.float) return { kind: 'float', name, size };
  const signed = encoding === ENCODING.signed || encoding === ENCODING.signedChar;
  const isCharacter = name === 'char' || encoding === ENCODING.utf;
  return { kind: isCharacter ? 'character' : 'integer', name, size, signed };
}
