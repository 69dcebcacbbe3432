/**
 * The entries of .debug_info (DWARF 4 and 5, 32-bit format): units, abbreviations with their tags,
 * and single entries with the attributes that types and variables need.
 */
import {
  DW_FORM,
  DwarfReader,
  readForm,
  type DwarfStrings,
  type FormValue,
} from './dwarf-reader.ts';
import { dwarfSection, dwarfStrings } from './dwarf-unit.ts';
import type { Elf } from './elf.ts';
import type { ByteView } from './bytes.ts';
import { InputError } from './errors.ts';

export const DW_TAG = {
  array_type: 0x01,
  class_type: 0x02,
  enumeration_type: 0x04,
  lexical_block: 0x0b,
  member: 0x0d,
  pointer_type: 0x0f,
  reference_type: 0x10,
  compile_unit: 0x11,
  structure_type: 0x13,
  subroutine_type: 0x15,
  typedef: 0x16,
  union_type: 0x17,
  variant: 0x19,
  inheritance: 0x1c,
  ptr_to_member_type: 0x1f,
  subrange_type: 0x21,
  base_type: 0x24,
  const_type: 0x26,
  enumerator: 0x28,
  subprogram: 0x2e,
  variable: 0x34,
  variant_part: 0x33,
  volatile_type: 0x35,
  restrict_type: 0x37,
  namespace: 0x39,
  unspecified_type: 0x3b,
  rvalue_reference_type: 0x42,
  atomic_type: 0x47,
} as const;

export const DW_AT = {
  sibling: 0x01,
  location: 0x02,
  name: 0x03,
  byte_size: 0x0b,
  bit_offset: 0x0c,
  bit_size: 0x0d,
  discr: 0x15,
  discr_value: 0x16,
  const_value: 0x1c,
  upper_bound: 0x2f,
  abstract_origin: 0x31,
  lower_bound: 0x22,
  count: 0x37,
  data_member_location: 0x38,
  declaration: 0x3c,
  encoding: 0x3e,
  external: 0x3f,
  specification: 0x47,
  type: 0x49,
  signature: 0x69,
  data_bit_offset: 0x6b,
  linkage_name: 0x6e,
  str_offsets_base: 0x72,
  addr_base: 0x73,
} as const;

const WANTED: ReadonlySet<number> = new Set(Object.values(DW_AT));
const DATA_FORMS: ReadonlySet<number> = new Set([
  DW_FORM.data1,
  DW_FORM.data2,
  DW_FORM.data4,
  DW_FORM.data8,
]);
const DW_UT_COMPILE = 1;
const DW_UT_PARTIAL = 3;
const DW_UT_SKELETON = 4;
/** Values read for each byte of .debug_info and .debug_abbrev: hostile ones overlap without end. Real firmware needs 0.5. */
const MOST_VALUES = 8;
/** Characters of names for each byte: names may share their text. Real firmware needs 0.5. */
const MOST_TEXT = 32;
const MOST_INDIRECT = 4;

/** In place of an offset: the type is in a type unit (DW_FORM_ref_sig8). */
export const SIGNATURE = -1;

export interface Unit {
  readonly start: number;
  /** Offset of the first entry, and the end of the unit. */
  readonly first: number;
  readonly end: number;
  readonly version: number;
  readonly abbreviations: ReadonlyMap<number, Abbreviation>;
  /** Bases of the unit's part of .debug_str_offsets and .debug_addr. */
  strOffsetsBase: number;
  addrBase: number;
}

interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly { attribute: number; form: number; constant: number }[];
}

export interface Entry {
  readonly unit: Unit;
  readonly offset: number;
  readonly tag: number;
  readonly hasChildren: boolean;
  /** Offset of what follows: the first child, or the next sibling of an entry without children. */
  readonly next: number;
  /** Values by DW_AT; references are offsets in .debug_info, strings are text. */
  readonly values: ReadonlyMap<number, FormValue>;
}

export class DwarfEntries {
  readonly units: readonly Unit[];
  readonly file: string;
  private readonly info: ByteView;
  private readonly abbrev: ByteView;
  private readonly strings: DwarfStrings;
  private readonly strOffsets: ByteView;
  private readonly addresses: ByteView;
  private readonly tables = new Map<number, Map<number, Abbreviation>>();
  private splitUnits = 0;
  private valuesLeft: number;
  private textLeft: number;

  constructor(elf: Elf) {
    this.file = elf.file;
    this.info = dwarfSection(elf, '.debug_info');
    this.abbrev = dwarfSection(elf, '.debug_abbrev');
    this.strings = dwarfStrings(elf);
    this.strOffsets = dwarfSection(elf, '.debug_str_offsets');
    this.addresses = dwarfSection(elf, '.debug_addr');
    this.valuesLeft = MOST_VALUES * (this.info.length + this.abbrev.length);
    this.textLeft = MOST_TEXT * (this.info.length + this.strings.str.length) + 0x1_0000;
    this.units = this.readUnits();
  }

  /** The entry at `offset`, or undefined for the null entry that ends a list of siblings. */
  read(unit: Unit, offset: number): Entry | undefined {
    this.spend();
    const reader = new DwarfReader(this.info.upTo(unit.end), offset);
    const code = reader.uleb();
    if (code === 0) return undefined;
    const abbreviation = unit.abbreviations.get(code);
    if (abbreviation === undefined)
      throw new InputError(`${this.file} (.debug_info)`, `abbreviation ${code} is not defined`, {
        offset,
      });
    const values = new Map<number, FormValue>();
    for (const { attribute, form, constant } of abbreviation.attributes) {
      this.spend();
      const start = reader.offset;
      const value = this.value(reader, unit, form, constant);
      // Its sign is that of another entry's type: the bytes are kept.
      const isBare = attribute === DW_AT.discr_value && DATA_FORMS.has(form);
      if (isBare) values.set(attribute, this.info.bytes.slice(start, reader.offset));
      else if (WANTED.has(attribute)) values.set(attribute, value);
      if (typeof value === 'string') this.spendText(value);
    }
    const { tag, hasChildren } = abbreviation;
    return { unit, offset, tag, hasChildren, next: reader.offset, values };
  }

  /** The children of an entry, one after another; `into` of what they contain is up to the caller. */
  *children(entry: Entry): Generator<Entry> {
    if (!entry.hasChildren) return;
    let at = entry.next;
    while (at < entry.unit.end) {
      const child = this.read(entry.unit, at);
      if (child === undefined) return;
      yield child;
      at = this.behind(child);
    }
  }

  /** Offset behind an entry and all that it contains. */
  behind(entry: Entry): number {
    if (!entry.hasChildren) return entry.next;
    const sibling = entry.values.get(DW_AT.sibling);
    if (typeof sibling === 'number' && sibling > entry.offset && sibling <= entry.unit.end)
      return sibling;
    let at = entry.next;
    for (let depth = 1; depth > 0 && at < entry.unit.end;) {
      const inner = this.read(entry.unit, at);
      if (inner === undefined) {
        depth--;
        at++;
        continue;
      }
      const jump = inner.values.get(DW_AT.sibling);
      if (typeof jump === 'number' && jump > inner.offset && jump <= inner.unit.end) at = jump;
      else {
        at = inner.next;
        if (inner.hasChildren) depth++;
      }
    }
    return at;
  }

  /** The entry at an offset of .debug_info, in whichever unit it is. */
  at(offset: number): Entry | undefined {
    let low = 0;
    let high = this.units.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.units[middle]!.start <= offset) low = middle + 1;
      else high = middle;
    }
    const unit = this.units[low - 1];
    if (unit === undefined || offset < unit.first || offset >= unit.end) return undefined;
    return this.read(unit, offset);
  }

  /** Entry `index` of the unit's addresses in .debug_addr. */
  address(unit: Unit, index: number): number {
    return new DwarfReader(this.addresses, unit.addrBase + 4 * index).u32();
  }

  /** Whether debug information was put into files of its own. */
  get hasSplitUnits(): boolean {
    return this.splitUnits > 0;
  }

  private spend(cost = 1): void {
    this.valuesLeft -= cost;
    if (this.valuesLeft >= 0) return;
    throw new InputError(`${this.file} (.debug_info)`, 'its entries overlap endlessly', {
      expected: 'debug information that a compiler made',
    });
  }

  private spendText(text: string): void {
    this.textLeft -= text.length;
    if (this.textLeft < 0) this.spend(Infinity);
  }

  private value(reader: DwarfReader, unit: Unit, coded: number, constant: number): FormValue {
    let form = coded;
    for (let i = 0; form === DW_FORM.indirect && i < MOST_INDIRECT; i++) form = reader.uleb();
    if (form === DW_FORM.ref_sig8) reader.skip(8);
    if (form === DW_FORM.ref_sig8) return SIGNATURE;
    if (form === DW_FORM.implicit_const) return constant;
    if (form === DW_FORM.string || form === DW_FORM.strp || form === DW_FORM.line_strp)
      return readForm(reader, form, this.strings);
    const value = readForm(reader, form, this.strings);
    switch (form) {
      case DW_FORM.ref1:
      case DW_FORM.ref2:
      case DW_FORM.ref4:
      case DW_FORM.ref_udata:
        return unit.start + (value as number);
      case DW_FORM.strx:
      case DW_FORM.strx1:
      case DW_FORM.strx2:
      case DW_FORM.strx3:
      case DW_FORM.strx4:
        return this.indexedString(unit, value as number);
      default:
        return value;
    }
  }

  private indexedString(unit: Unit, index: number): string {
    if (this.strOffsets.length === 0 || unit.strOffsetsBase === 0) return '';
    const offset = new DwarfReader(this.strOffsets, unit.strOffsetsBase + 4 * index).u32();
    return this.strings.str.cString(offset);
  }

  /** Units that can be read; a malformed header ends the list. */
  private readUnits(): Unit[] {
    const units: Unit[] = [];
    for (let at = 0; at < this.info.length;) {
      const reader = new DwarfReader(this.info, at);
      const length = reader.unitLength();
      const end = Math.min(reader.offset + length, this.info.length);
      if (end <= at) break;
      const unit = this.readUnit(reader, at, end);
      if (unit !== undefined) units.push(unit);
      at = end;
    }
    return units;
  }

  private readUnit(reader: DwarfReader, start: number, end: number): Unit | undefined {
    const version = reader.u16();
    if (version < 2 || version > 5) return undefined;
    const kind = version >= 5 ? reader.u8() : DW_UT_COMPILE;
    if (kind === DW_UT_SKELETON) this.splitUnits++;
    if (kind !== DW_UT_COMPILE && kind !== DW_UT_PARTIAL) return undefined;
    if (version >= 5) reader.skip(1);
    const abbreviations = this.table(reader.u32());
    if (version < 5) reader.skip(1);
    const first = reader.offset;
    // Behind the section's header, where LLVM puts the first contribution.
    const unit = { start, first, end, version, abbreviations, strOffsetsBase: 8, addrBase: 8 };
    const root = this.read(unit, first);
    unit.strOffsetsBase = numberOf(root?.values.get(DW_AT.str_offsets_base)) ?? 8;
    unit.addrBase = numberOf(root?.values.get(DW_AT.addr_base)) ?? 8;
    return unit;
  }

  private table(offset: number): Map<number, Abbreviation> {
    let table = this.tables.get(offset);
    if (table === undefined) {
      table = this.readTable(new DwarfReader(this.abbrev, offset));
      this.tables.set(offset, table);
    }
    return table;
  }

  private readTable(reader: DwarfReader): Map<number, Abbreviation> {
    const table = new Map<number, Abbreviation>();
    for (let code = reader.uleb(); code !== 0; code = reader.uleb()) {
      const tag = reader.uleb();
      const hasChildren = reader.u8() !== 0;
      const attributes: { attribute: number; form: number; constant: number }[] = [];
      for (;;) {
        this.spend();
        const attribute = reader.uleb();
        const form = reader.uleb();
        const constant = form === DW_FORM.implicit_const ? reader.sleb() : 0;
        if (attribute === 0 && form === 0) break;
        attributes.push({ attribute, form, constant });
      }
      table.set(code, { tag, hasChildren, attributes });
    }
    return table;
  }
}

/** A constant attribute as a number; 8-byte data is read as unsigned, exact below 2^53. */
export function numberOf(value: FormValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (!(value instanceof Uint8Array) || value.length > 8) return undefined;
  return value.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

export function textOf(value: FormValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
