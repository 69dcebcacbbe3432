/**
 * The first entry of each compilation unit in .debug_info: which line table it owns and the
 * directory its relative paths start from. The seam for a fuller .debug_info reader.
 */
import { ByteView } from './bytes.ts';
import { DW_FORM, DwarfReader, readForm, type DwarfStrings } from './dwarf-reader.ts';
import { sectionNamed, type Elf } from './elf.ts';
import { InputError } from './errors.ts';

const DW_AT_NAME = 0x03;
const DW_AT_STMT_LIST = 0x10;
const DW_AT_COMP_DIR = 0x1b;
const DW_UT_COMPILE = 1;
const DW_UT_PARTIAL = 3;

/** For each byte of .debug_abbrev, of which a table takes two for each. */
const MOST_ATTRIBUTES = 16;

export interface DwarfUnit {
  /** Offset of the unit's header in .debug_info. */
  readonly offset: number;
  readonly version: number;
  readonly name: string;
  readonly compilationDirectory: string;
  /** Offset of its line table in .debug_line. */
  readonly lineTable: number | undefined;
}

export function dwarfSection(elf: Elf, name: string): ByteView {
  return new ByteView(sectionNamed(elf, name)?.bytes ?? new Uint8Array(0), `${elf.file} (${name})`);
}

export function dwarfStrings(elf: Elf): DwarfStrings {
  return { str: dwarfSection(elf, '.debug_str'), lineStr: dwarfSection(elf, '.debug_line_str') };
}

/** The units that can be read; a malformed unit is left out and its error is put in `problems`. */
export function readUnits(elf: Elf, problems: InputError[]): DwarfUnit[] {
  const info = dwarfSection(elf, '.debug_info');
  const abbreviations = new Abbreviations(dwarfSection(elf, '.debug_abbrev'));
  const strings = dwarfStrings(elf);
  const units: DwarfUnit[] = [];
  for (let at = 0; at < info.length;) {
    try {
      const reader = new DwarfReader(info, at);
      const length = reader.unitLength();
      const start = at;
      at = reader.offset + length;
      const body = new DwarfReader(info.upTo(at), reader.offset);
      const unit = readUnit(body, start, abbreviations, strings);
      if (unit !== undefined) units.push(unit);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
      if (problems.length > 16) return units;
    }
  }
  return units;
}

function readUnit(
  reader: DwarfReader,
  offset: number,
  abbreviations: Abbreviations,
  strings: DwarfStrings,
): DwarfUnit | undefined {
  const version = reader.u16();
  if (version < 2 || version > 5) return undefined;
  const kind = version >= 5 ? reader.u8() : DW_UT_COMPILE;
  if (kind !== DW_UT_COMPILE && kind !== DW_UT_PARTIAL) return undefined;
  if (version >= 5) reader.skip(1);
  const abbreviationOffset = reader.u32();
  if (version < 5) reader.skip(1);
  const unit = { offset, version, name: '', compilationDirectory: '', lineTable: undefined };
  const found: { -readonly [K in keyof DwarfUnit]: DwarfUnit[K] } = unit;
  const code = reader.uleb();
  for (const { attribute, form } of abbreviations.attributes(abbreviationOffset, code)) {
    const value = readForm(reader, form === DW_FORM.indirect ? reader.uleb() : form, strings);
    if (attribute === DW_AT_NAME && typeof value === 'string') found.name = value;
    if (attribute === DW_AT_COMP_DIR && typeof value === 'string') {
      found.compilationDirectory = value;
    }
    if (attribute === DW_AT_STMT_LIST && typeof value === 'number') found.lineTable = value;
  }
  return found;
}

interface Attribute {
  readonly attribute: number;
  readonly form: number;
}

/** Abbreviation tables by their offset in .debug_abbrev, each read once. */
class Abbreviations {
  readonly #view: ByteView;
  readonly #tables = new Map<number, Map<number, Attribute[]>>();
  /** Bounds the work on hostile tables that overlap each other. */
  #budget: number;

  constructor(view: ByteView) {
    this.#view = view;
    this.#budget = MOST_ATTRIBUTES * view.length;
  }

  attributes(offset: number, code: number): readonly Attribute[] {
    let table = this.#tables.get(offset);
    if (table === undefined) {
      table = this.#read(new DwarfReader(this.#view, offset));
      this.#tables.set(offset, table);
    }
    return table.get(code) ?? [];
  }

  #read(reader: DwarfReader): Map<number, Attribute[]> {
    const table = new Map<number, Attribute[]>();
    for (let code = reader.uleb(); code !== 0; code = reader.uleb()) {
      reader.uleb();
      reader.skip(1);
      const attributes: Attribute[] = [];
      for (;;) {
        if (this.#budget-- <= 0) return table;
        const attribute = reader.uleb();
        const form = reader.uleb();
        if (form === DW_FORM.implicit_const) reader.sleb();
        if (attribute === 0 && form === 0) break;
        attributes.push({ attribute, form });
      }
      table.set(code, attributes);
    }
    return table;
  }
}
