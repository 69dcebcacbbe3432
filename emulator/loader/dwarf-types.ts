/**
 * Types of .debug_info, for C, C++ and Rust. They are made when they are asked for, so that recursive
 * ones are no trouble. Members of anonymous members and of base classes are members of the whole.
 *
 * **Not modelled:** types by signature (type units), arrays whose size is computed, complex numbers,
 * pointers to members; values of enumerators beyond 2^53 are not exact.
 */
import { DwarfReader } from './dwarf-reader.ts';
import { DW_AT, DW_TAG, numberOf, SIGNATURE, textOf } from './dwarf-entries.ts';
import type { DwarfEntries, Entry } from './dwarf-entries.ts';
import type { FormValue } from './dwarf-reader.ts';
import { ByteView } from './bytes.ts';
import { InputError } from './errors.ts';

export interface Field {
  readonly name: string;
  readonly offset: number;
  /** Bits of a bit field: lowest bit in the `size` bytes at `offset`, little-endian, and count. */
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

const DW_OP_PLUS_UCONST = 0x23;
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

const MOST_INTEGER_BYTES = 16;
const MOST_FIELDS = 1 << 16;

/** What an unnamed type without a form of its own is called in messages. */
const UNNAMED: Readonly<Record<number, string>> = {
  [DW_TAG.subroutine_type]: 'function',
  [DW_TAG.unspecified_type]: 'nullptr_t',
  [DW_TAG.ptr_to_member_type]: 'pointer to member',
};

const VOID: GuestType = { kind: 'opaque', name: 'void', size: 0 };

export class TypeReader {
  private readonly entries: DwarfEntries;
  private readonly types = new Map<number, GuestType>();
  /** Complete structures by name, for those that are only declared where they are used. */
  private readonly completeTypes = new Map<string, number>();

  constructor(entries: DwarfEntries) {
    this.entries = entries;
  }

  /** The type at an offset of .debug_info; none is `void`. */
  at(offset: number | undefined): GuestType {
    return this.typeAt(offset, 0);
  }

  named(name: string): GuestType | undefined {
    const offset = this.completeTypes.get(name);
    return offset === undefined ? undefined : this.typeAt(offset, 0);
  }

  /** Notes a type that was met, unless it is a mere declaration. */
  complete(entry: Entry, name: string | undefined): void {
    if (name === undefined || entry.values.has(DW_AT.declaration)) return;
    if (!this.completeTypes.has(name)) this.completeTypes.set(name, entry.offset);
  }

  private typeAt(offset: number | undefined, depth: number): GuestType {
    if (offset === undefined) return VOID;
    if (offset === SIGNATURE) throw this.inTypeUnit();
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
      case DW_TAG.reference_type:
      case DW_TAG.rvalue_reference_type:
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
        return { kind: 'opaque', name: name || UNNAMED[entry.tag] || 'unknown', size: 0 };
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
    if (entry.values.has(DW_AT.signature)) throw this.inTypeUnit();
    if (entry.values.has(DW_AT.declaration)) {
      const complete = this.completeTypes.get(name);
      if (complete === undefined || complete === entry.offset)
        return { kind: 'opaque', name, size: 0 };
      return this.typeAt(complete, depth);
    }
    const fields: Field[] = [];
    for (const child of this.entries.children(entry)) {
      if (child.tag === DW_TAG.variant_part) return this.variants(child, name, size);
      const isBase = child.tag === DW_TAG.inheritance;
      // A static member of C++ is declared here and lies elsewhere.
      if ((child.tag !== DW_TAG.member && !isBase) || child.values.has(DW_AT.declaration)) continue;
      if (isBase || !child.values.has(DW_AT.name)) fields.push(...this.inner(child, depth));
      else fields.push(this.field(child));
      if (fields.length > MOST_FIELDS)
        throw this.malformed('a type with too many fields', entry.offset);
    }
    const kind = entry.tag === DW_TAG.union_type ? 'union' : 'struct';
    return { kind, name, size, fields };
  }

  /** A Rust enum: which variant is there depends on a discriminant, unless there is one only. */
  private variants(part: Entry, name: string, size: number): GuestType {
    const discr = numberOf(part.values.get(DW_AT.discr));
    const at = discr === undefined ? undefined : this.entries.at(discr);
    const discriminant = at === undefined ? undefined : this.field(at, 'discriminant');
    const chosenBy = discriminant?.type();
    const isSigned = chosenBy?.kind === 'integer' && chosenBy.signed;
    const variants: Variant[] = [];
    for (const child of this.entries.children(part)) {
      if (child.tag !== DW_TAG.variant) continue;
      const value = signedOf(child.values.get(DW_AT.discr_value), isSigned);
      for (const member of this.entries.children(child)) {
        if (member.tag === DW_TAG.member) variants.push({ value, field: this.field(member) });
      }
    }
    return { kind: 'variants', name, size, discriminant, variants };
  }

  /** Fields of an anonymous member or a base class, as fields of the whole; padding has none. */
  private inner(entry: Entry, depth: number): Field[] {
    const type = this.typeAt(numberOf(entry.values.get(DW_AT.type)), depth);
    if (type.kind !== 'struct' && type.kind !== 'union') return [];
    const start = this.memberOffset(entry);
    return type.fields.map((field) => ({ ...field, offset: field.offset + start }));
  }

  private field(entry: Entry, fallbackName = ''): Field {
    const { values } = entry;
    const offset = this.memberOffset(entry);
    const typeOffset = numberOf(values.get(DW_AT.type));
    const type = (): GuestType => this.typeAt(typeOffset, 0);
    const name = textOf(values.get(DW_AT.name)) ?? fallbackName;
    const count = numberOf(values.get(DW_AT.bit_size));
    if (count === undefined) return { name, offset, type };
    // DWARF 3 counts from the most significant bit of the storage unit.
    const storage = numberOf(values.get(DW_AT.byte_size)) ?? type().size;
    const fromTop = numberOf(values.get(DW_AT.bit_offset));
    const start =
      numberOf(values.get(DW_AT.data_bit_offset)) ??
      offset * 8 + (fromTop === undefined ? 0 : storage * 8 - fromTop - count);
    if (!(count >= 1 && count <= 64 && start >= 0 && start < LARGEST * 8))
      throw this.malformed(`a bit field of ${count} bits at bit ${start}`, entry.offset);
    const low = start % 8;
    const size = Math.ceil((low + count) / 8);
    return { name, type, offset: (start - low) / 8, bits: { low, count, size } };
  }

  private memberOffset(entry: Entry): number {
    const location = entry.values.get(DW_AT.data_member_location);
    if (!(location instanceof Uint8Array) || location[0] !== DW_OP_PLUS_UCONST)
      return numberOf(location) ?? 0;
    return new DwarfReader(new ByteView(location, this.entries.file), 1).uleb();
  }

  private inTypeUnit(): InputError {
    return new InputError(this.entries.file, 'a type is in a type unit', {
      hint: 'compile without -fdebug-types-section',
    });
  }

  private malformed(problem: string, offset: number): InputError {
    return new InputError(`${this.entries.file} (.debug_info)`, problem, { offset });
  }
}

/** A constant of a form without a sign, by the type that it is for. */
function signedOf(value: FormValue | undefined, isSigned: boolean): number | undefined {
  const number = numberOf(value);
  if (!(value instanceof Uint8Array) || number === undefined || !isSigned) return number;
  const top = 2 ** (8 * value.length);
  return number >= top / 2 ? number - top : number;
}

function baseType(name: string, size: number, encoding: number): GuestType {
  const isFloat = encoding === ENCODING.float;
  const isKnown = Object.values(ENCODING).includes(encoding) && size <= MOST_INTEGER_BYTES;
  if (!isKnown || (isFloat && size !== 4 && size !== 8)) return { kind: 'opaque', name, size: 0 };
  if (encoding === ENCODING.boolean) return { kind: 'boolean', name, size };
  if (isFloat) return { kind: 'float', name, size };
  const signed = encoding === ENCODING.signed || encoding === ENCODING.signedChar;
  const isCharacter = name === 'char' || encoding === ENCODING.utf;
  return { kind: isCharacter ? 'character' : 'integer', name, size, signed };
}
