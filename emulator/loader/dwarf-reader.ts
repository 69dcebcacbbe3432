/** Cursor over a DWARF section: fixed-size and LEB128 numbers, strings, and attribute forms. */
import { ByteView } from './bytes.ts';
import { InputError } from './errors.ts';

/** The string sections that line tables and units refer to. */
export interface DwarfStrings {
  readonly str: ByteView;
  readonly lineStr: ByteView;
}

/** A number of 128 bits takes 19 bytes; some tools pad. */
const LONGEST_LEB = 24;

export type FormValue = number | string | Uint8Array;

export class DwarfReader {
  readonly view: ByteView;
  offset: number;

  constructor(view: ByteView, offset = 0) {
    this.view = view;
    this.offset = offset;
  }

  u8(): number {
    return this.view.u8(this.#advance(1));
  }

  u16(): number {
    return this.view.u16(this.#advance(2));
  }

  u32(): number {
    return this.view.u32(this.#advance(4));
  }

  /** Length of a unit. The 64-bit DWARF format does not occur in ELF32 files. */
  unitLength(): number {
    const at = this.offset;
    const length = this.u32();
    if (length < 0xffff_fff0) return length;
    throw new InputError(this.view.file, 'a 64-bit DWARF unit', {
      offset: at,
      expected: 'the 32-bit DWARF format',
    });
  }

  /** Unsigned LEB128; bits beyond 2^53 are lost. */
  uleb(): number {
    return this.#leb().value;
  }

  sleb(): number {
    const { value, scale, last } = this.#leb();
    return (last & 0x40) !== 0 ? value - scale : value;
  }

  cString(): string {
    const start = this.offset;
    const text = this.view.cString(start);
    const { bytes } = this.view;
    let end = start;
    while (end < bytes.length && bytes[end] !== 0) end++;
    this.view.need(end, 1, 'end of string');
    this.offset = end + 1;
    return text;
  }

  block(size: number): Uint8Array {
    return this.view.slice(this.#advance(size), size, 'block');
  }

  skip(size: number): void {
    this.view.need(this.#advance(size), size, 'skipped bytes');
  }

  #leb(): { readonly value: number; readonly scale: number; readonly last: number } {
    const start = this.offset;
    let value = 0;
    let scale = 1;
    while (this.offset - start < LONGEST_LEB) {
      const byte = this.u8();
      if (scale < 2 ** 53) value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return { value, scale, last: byte };
    }
    throw new InputError(this.view.file, 'a LEB128 number without an end', {
      offset: start,
      expected: `at most ${LONGEST_LEB} bytes`,
    });
  }

  #advance(size: number): number {
    const at = this.offset;
    this.offset = at + size;
    return at;
  }
}

export const DW_FORM = {
  addr: 0x01,
  block2: 0x03,
  block4: 0x04,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  block: 0x09,
  block1: 0x0a,
  data1: 0x0b,
  flag: 0x0c,
  sdata: 0x0d,
  strp: 0x0e,
  udata: 0x0f,
  ref_addr: 0x10,
  ref1: 0x11,
  ref2: 0x12,
  ref4: 0x13,
  ref8: 0x14,
  ref_udata: 0x15,
  indirect: 0x16,
  sec_offset: 0x17,
  exprloc: 0x18,
  flag_present: 0x19,
  strx: 0x1a,
  addrx: 0x1b,
  ref_sup4: 0x1c,
  strp_sup: 0x1d,
  data16: 0x1e,
  line_strp: 0x1f,
  ref_sig8: 0x20,
  implicit_const: 0x21,
  loclistx: 0x22,
  rnglistx: 0x23,
  strx1: 0x25,
  strx2: 0x26,
  strx3: 0x27,
  strx4: 0x28,
  addrx1: 0x29,
  addrx2: 0x2a,
  addrx3: 0x2b,
  addrx4: 0x2c,
} as const;

/** Reads one attribute value (DWARF 5, 7.5.5). DWARF 2 gives `ref_addr` the size of an address. */
export function readForm(reader: DwarfReader, form: number, strings: DwarfStrings): FormValue {
  switch (form) {
    case DW_FORM.data1:
    case DW_FORM.flag:
    case DW_FORM.ref1:
    case DW_FORM.strx1:
    case DW_FORM.addrx1:
      return reader.u8();
    case DW_FORM.data2:
    case DW_FORM.ref2:
    case DW_FORM.strx2:
    case DW_FORM.addrx2:
      return reader.u16();
    case DW_FORM.strx3:
    case DW_FORM.addrx3:
      return reader.u16() + reader.u8() * 0x10000;
    case DW_FORM.addr:
    case DW_FORM.data4:
    case DW_FORM.ref4:
    case DW_FORM.ref_addr:
    case DW_FORM.sec_offset:
    case DW_FORM.strx4:
    case DW_FORM.addrx4:
    case DW_FORM.ref_sup4:
    case DW_FORM.strp_sup:
      return reader.u32();
    case DW_FORM.data8:
    case DW_FORM.ref8:
    case DW_FORM.ref_sig8:
      return reader.block(8);
    case DW_FORM.data16:
      return reader.block(16);
    case DW_FORM.udata:
    case DW_FORM.ref_udata:
    case DW_FORM.strx:
    case DW_FORM.addrx:
    case DW_FORM.loclistx:
    case DW_FORM.rnglistx:
      return reader.uleb();
    case DW_FORM.sdata:
      return reader.sleb();
    case DW_FORM.flag_present:
    case DW_FORM.implicit_const:
      return 1;
    default:
      return readVariable(reader, form, strings);
  }
}

function readVariable(reader: DwarfReader, form: number, strings: DwarfStrings): FormValue {
  switch (form) {
    case DW_FORM.string:
      return reader.cString();
    case DW_FORM.strp:
      return strings.str.cString(reader.u32());
    case DW_FORM.line_strp:
      return strings.lineStr.cString(reader.u32());
    case DW_FORM.block1:
      return reader.block(reader.u8());
    case DW_FORM.block2:
      return reader.block(reader.u16());
    case DW_FORM.block4:
      return reader.block(reader.u32());
    case DW_FORM.block:
    case DW_FORM.exprloc:
      return reader.block(reader.uleb());
    default:
      throw new InputError(reader.view.file, `DWARF form 0x${form.toString(16)}`, {
        offset: reader.offset,
        expected: 'a form of DWARF 2 to 5',
      });
  }
}
