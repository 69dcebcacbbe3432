/** The header of one line-number program: DWARF 2 to 4, section 6.2.4, and DWARF 5, 6.2.4.1. */
import type { DwarfReader, DwarfStrings, FormValue } from './dwarf-reader.ts';
import { readForm } from './dwarf-reader.ts';
import { InputError } from './errors.ts';

const DW_LNCT_PATH = 1;
const DW_LNCT_DIRECTORY_INDEX = 2;

export interface LineFile {
  readonly path: string;
  /** Index into the directories of the same header. */
  readonly directory: number;
}

export interface LineHeader {
  /** Offset of the unit in .debug_line: what DW_AT_stmt_list of a compilation unit names. */
  readonly offset: number;
  readonly version: number;
  readonly minInstructionLength: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly opcodeLengths: readonly number[];
  /** Entry 0 is the compilation directory; before DWARF 5 the table does not hold it ('' here). */
  readonly directories: readonly string[];
  /** File 1 is the first one before DWARF 5; index 0 is then unused. */
  readonly files: LineFile[];
  readonly programStart: number;
  readonly end: number;
}

/** Reads the header at the reader's position; `unitEnd` tells where the next unit starts. */
export function readLineHeader(reader: DwarfReader, strings: DwarfStrings): LineHeader {
  const offset = reader.offset;
  const length = reader.unitLength();
  const end = reader.offset + length;
  reader.view.need(reader.offset, length, 'line-number program');
  const version = reader.u16();
  if (version < 2 || version > 5) {
    throw new InputError(reader.view.file, `line table version ${version}`, {
      offset: offset + 4,
      expected: 'DWARF 2 to 5',
    });
  }
  if (version >= 5) reader.skip(2);
  const headerLength = reader.u32();
  const programStart = reader.offset + headerLength;
  if (programStart > end) {
    throw new InputError(reader.view.file, 'line table header is longer than its unit', {
      offset,
      expected: 'header_length within unit_length',
    });
  }
  const minInstructionLength = reader.u8();
  if (version >= 4) reader.skip(1);
  reader.skip(1);
  const lineBase = (reader.u8() << 24) >> 24;
  const lineRange = Math.max(1, reader.u8());
  const opcodeBase = Math.max(1, reader.u8());
  const opcodeLengths = [0];
  for (let opcode = 1; opcode < opcodeBase; opcode++) opcodeLengths.push(reader.u8());
  const tables = version >= 5 ? readTables5(reader, strings, end) : readTables2(reader);
  const fixed = { offset, version, minInstructionLength, lineBase, lineRange, opcodeBase };
  return { ...fixed, opcodeLengths, ...tables, programStart, end };
}

interface Tables {
  directories: string[];
  files: LineFile[];
}

function readTables2(reader: DwarfReader): Tables {
  const directories = [''];
  for (let path = reader.cString(); path !== ''; path = reader.cString()) directories.push(path);
  const files: LineFile[] = [{ path: '', directory: 0 }];
  for (let path = reader.cString(); path !== ''; path = reader.cString()) {
    files.push(readFileEntry(reader, path));
  }
  return { directories, files };
}

/** What follows the path in a file entry of DWARF 2 to 4 and in DW_LNE_define_file. */
export function readFileEntry(reader: DwarfReader, path: string): LineFile {
  const directory = reader.uleb();
  reader.uleb();
  reader.uleb();
  return { path, directory };
}

function readTables5(reader: DwarfReader, strings: DwarfStrings, end: number): Tables {
  const directories = readEntries(reader, strings, end).map((entry) => entry.path);
  return { directories, files: readEntries(reader, strings, end) };
}

function readEntries(reader: DwarfReader, strings: DwarfStrings, end: number): LineFile[] {
  const format: { content: number; form: number }[] = [];
  for (let left = reader.u8(); left > 0; left--) {
    format.push({ content: reader.uleb(), form: reader.uleb() });
  }
  const count = reader.uleb();
  if (count * Math.max(1, format.length) > end - reader.offset) {
    throw new InputError(reader.view.file, `${count} entries in a line table header`, {
      offset: reader.offset,
      expected: 'entries that fit into the unit',
    });
  }
  const entries: LineFile[] = [];
  for (let index = 0; index < count; index++) {
    const entry = { path: '', directory: 0 };
    for (const { content, form } of format) {
      const value: FormValue = readForm(reader, form, strings);
      if (content === DW_LNCT_PATH && typeof value === 'string') entry.path = value;
      if (content === DW_LNCT_DIRECTORY_INDEX && typeof value === 'number') entry.directory = value;
    }
    entries.push(entry);
  }
  return entries;
}
