/**
 * ELF32 little-endian executables for Xtensa: headers, loadable segments, sections and symbols.
 * Field names and constants: System V ABI, "Object Files"; EM_XTENSA is 94.
 *
 * **Not modelled:** relocatable objects, dynamic linking, compressed sections.
 */
import { ByteView } from './bytes.ts';
import { hex, hexRange, InputError } from './errors.ts';

export const EM_XTENSA = 94;

const ELF_HEADER_SIZE = 52;
const PROGRAM_HEADER_SIZE = 32;
const SECTION_HEADER_SIZE = 40;
const SYMBOL_SIZE = 16;
/** The mask ROM ELFs, the largest in use, have 39. */
const MAX_SEGMENTS = 1024;
const PT_LOAD = 1;
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const STT_TLS = 6;
const SHF_ALLOC = 2;
const SHF_COMPRESSED = 0x800;

const FILE_TYPES: Readonly<Record<number, string>> = {
  0: 'a file without a type',
  1: 'a relocatable object',
  3: 'a shared object',
  4: 'a core dump',
};

const MACHINES: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'MIPS',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
};

export interface ElfSegment {
  readonly vaddr: number;
  /** Load address (LMA), where ROM images keep initialised data. */
  readonly paddr: number;
  readonly offset: number;
  readonly memSize: number;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  /** The file's part; the rest up to `memSize` is zero. */
  readonly bytes: Uint8Array;
}

export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly entrySize: number;
  readonly allocated: boolean;
  /** Empty for NOBITS sections. */
  readonly bytes: Uint8Array;
}

export interface Elf {
  readonly file: string;
  readonly entry: number;
  readonly flags: number;
  /** PT_LOAD segments with a size, in file order. */
  readonly segments: readonly ElfSegment[];
  /** In index order; empty in a file stripped of its section headers. */
  readonly sections: readonly ElfSection[];
}

export type ElfSymbolType = 'none' | 'object' | 'function' | 'section' | 'file' | 'tls' | 'other';

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly type: ElfSymbolType;
  readonly binding: 'local' | 'global' | 'weak';
  /** SHN_ABS: a number given by the linker script, perhaps not an address. */
  readonly absolute: boolean;
  /** Half-open end address of the section that holds it; 0 when there is none. */
  readonly sectionEnd: number;
}

export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/** An executable whose segments do not overlap, ready to be copied to memory. */
export function parseElf(bytes: Uint8Array, file: string): Elf {
  const elf = parseElfLayout(bytes, file);
  checkOverlap(elf.segments, file);
  return elf;
}

/** An executable whose segments may share run addresses, as in the mask ROM ELFs. */
export function parseElfLayout(bytes: Uint8Array, file: string): Elf {
  const view = new ByteView(bytes, file);
  checkIdentity(view);
  const sections = readSections(view);
  const segments = readSegments(view, sections);
  return { file, entry: view.u32(24), flags: view.u32(36), segments, sections };
}

export function sectionNamed(elf: Elf, name: string): ElfSection | undefined {
  return elf.sections.find((section) => section.name === name);
}

/** Throws for the first segment byte range that `inMemory` (start, size) does not accept. */
export function checkAddresses(elf: Elf, inMemory: (start: number, size: number) => boolean): void {
  for (const segment of elf.segments) {
    if (inMemory(segment.vaddr, segment.memSize)) continue;
    throw new InputError(
      elf.file,
      `segment ${hexRange(segment.vaddr, segment.memSize)} is outside memory`,
      {
        offset: segment.offset,
        expected: 'internal RAM (0x3ffae000..0x3fffffff, 0x40070000..0x4009ffff, RTC memories)',
      },
    );
  }
}

/** The symbol table; empty when the file is stripped. */
export function readSymbols(elf: Elf): ElfSymbol[] {
  const table = elf.sections.find((section) => section.type === SHT_SYMTAB);
  if (table === undefined) return [];
  const strings = elf.sections[table.link];
  if (strings === undefined) {
    throw new InputError(elf.file, `symbol table names string section ${table.link}`, {
      offset: table.offset,
      expected: `a section index below ${elf.sections.length}`,
    });
  }
  const view = new ByteView(table.bytes, elf.file);
  const names = new ByteView(strings.bytes, elf.file);
  const symbols: ElfSymbol[] = [];
  let budget = 16 * names.length + 0x1_0000;
  for (let at = SYMBOL_SIZE; at + SYMBOL_SIZE <= view.length; at += SYMBOL_SIZE) {
    const info = view.u8(at + 12);
    const index = view.u16(at + 14);
    if (index === 0) continue;
    const section = elf.sections[index];
    const name = names.cString(view.u32(at));
    budget -= name.length;
    if (budget < 0) {
      throw new InputError(elf.file, 'symbol names overlap endlessly', {
        offset: table.offset,
        expected: 'a symbol table that fits its string table',
      });
    }
    symbols.push({
      name,
      address: view.u32(at + 4),
      size: view.u32(at + 8),
      type: symbolType(info & 0xf),
      binding: symbolBinding(info >>> 4),
      absolute: index === 0xfff1,
      sectionEnd: section === undefined ? 0 : section.address + section.size,
    });
  }
  return symbols;
}

function checkIdentity(view: ByteView): void {
  if (!isElf(view.bytes)) {
    throw new InputError(view.file, 'not an ELF file', { offset: 0, expected: '7f 45 4c 46' });
  }
  const elfClass = view.u8(4, 'ELF class');
  if (elfClass !== 1) {
    const found = elfClass === 2 ? 'a 64-bit ELF file' : `ELF class ${elfClass}`;
    throw new InputError(view.file, found, { offset: 4, expected: 'class 1 (32-bit)' });
  }
  const data = view.u8(5, 'ELF data encoding');
  if (data !== 1) {
    const found = data === 2 ? 'a big-endian ELF file' : `ELF data encoding ${data}`;
    throw new InputError(view.file, found, { offset: 5, expected: 'encoding 1 (little-endian)' });
  }
  view.need(0, ELF_HEADER_SIZE, 'ELF header');
  const machine = view.u16(18);
  if (machine !== EM_XTENSA) {
    const name = MACHINES[machine];
    throw new InputError(view.file, `machine ${machine}${name ? ` (${name})` : ''}`, {
      offset: 18,
      expected: `machine ${EM_XTENSA} (Xtensa)`,
    });
  }
  const type = view.u16(16);
  if (type !== 2) {
    throw new InputError(view.file, FILE_TYPES[type] ?? `ELF type ${type}`, {
      offset: 16,
      expected: 'type 2 (an executable)',
    });
  }
}

function readSections(view: ByteView): ElfSection[] {
  const start = view.u32(32);
  const count = view.u16(48);
  if (start === 0 || count === 0) return [];
  checkEntrySize(view, 46, SECTION_HEADER_SIZE, 'section header');
  view.need(start, count * SECTION_HEADER_SIZE, 'section header table');
  const sections: ElfSection[] = [];
  for (let index = 0; index < count; index++) {
    sections.push(readSection(view, start + index * SECTION_HEADER_SIZE, index));
  }
  return nameSections(view, start, sections);
}

function readSection(view: ByteView, at: number, index: number): ElfSection {
  const type = view.u32(at + 4);
  const flags = view.u32(at + 8);
  const offset = view.u32(at + 16);
  const size = view.u32(at + 20);
  const hasBytes = type !== 0 && type !== SHT_NOBITS && (flags & SHF_COMPRESSED) === 0;
  return {
    name: '',
    type,
    flags,
    address: view.u32(at + 12),
    offset,
    size,
    link: view.u32(at + 24),
    entrySize: view.u32(at + 36),
    allocated: (flags & SHF_ALLOC) !== 0,
    bytes: hasBytes ? view.slice(offset, size, `section ${index}`) : new Uint8Array(0),
  };
}

function nameSections(view: ByteView, start: number, sections: ElfSection[]): ElfSection[] {
  const strings = sections[view.u16(50)];
  if (strings === undefined) {
    throw new InputError(view.file, `section name table index ${view.u16(50)}`, {
      offset: 50,
      expected: `an index below ${sections.length}`,
    });
  }
  const names = new ByteView(strings.bytes, view.file);
  return sections.map((section, index) => ({
    ...section,
    name: names.cString(view.u32(start + index * SECTION_HEADER_SIZE)),
  }));
}

function readSegments(view: ByteView, sections: readonly ElfSection[]): ElfSegment[] {
  const start = view.u32(28);
  const count = view.u16(44);
  if (count === 0) {
    throw new InputError(view.file, 'no program headers', {
      offset: 44,
      expected: 'an executable with loadable segments',
    });
  }
  if (count > MAX_SEGMENTS) {
    throw new InputError(view.file, `${count} program headers`, {
      offset: 44,
      expected: `at most ${MAX_SEGMENTS}`,
    });
  }
  checkEntrySize(view, 42, PROGRAM_HEADER_SIZE, 'program header');
  view.need(start, count * PROGRAM_HEADER_SIZE, 'program header table');
  const segments: ElfSegment[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * PROGRAM_HEADER_SIZE;
    if (view.u32(at) !== PT_LOAD) continue;
    const segment = withoutHeaders(readSegment(view, at, index), sections);
    if (segment.memSize > 0) segments.push(segment);
  }
  return segments;
}

function readSegment(view: ByteView, at: number, index: number): ElfSegment {
  const offset = view.u32(at + 4);
  const vaddr = view.u32(at + 8);
  const fileSize = view.u32(at + 16);
  const memSize = view.u32(at + 20);
  if (fileSize > memSize) {
    throw new InputError(
      view.file,
      `segment ${index} has ${hex(fileSize)} file bytes for ${hex(memSize)} bytes of memory`,
      { offset: at + 16, expected: 'p_filesz not above p_memsz' },
    );
  }
  if (vaddr + memSize > 0x1_0000_0000) {
    throw new InputError(view.file, `segment ${index} ${hexRange(vaddr, memSize)}`, {
      offset: at + 8,
      expected: 'an end below 0x100000000',
    });
  }
  if (offset + fileSize > view.length) {
    throw new InputError(
      view.file,
      `truncated: segment ${index} lies at file ${hexRange(offset, fileSize)}`,
      { offset: at + 4, expected: `an end within the file's ${hex(view.length)} bytes` },
    );
  }
  const bytes = view.bytes.subarray(offset, offset + fileSize);
  return { vaddr, paddr: view.u32(at + 12), offset, memSize, flags: view.u32(at + 24), bytes };
}

/**
 * A linker may put the ELF header itself into the first segment, at an address below the first
 * section and perhaps outside memory (ESP-IDF 3.0 applications: 0x3f3fff40; the mask ROM ELFs:
 * 0x3ffadb5c). Only what the segment's sections cover is loaded.
 */
function withoutHeaders(segment: ElfSegment, sections: readonly ElfSection[]): ElfSegment {
  if (segment.offset >= ELF_HEADER_SIZE || sections.length === 0) return segment;
  const end = segment.vaddr + segment.memSize;
  const first = sections
    .filter((s) => s.allocated && s.size > 0 && s.address >= segment.vaddr && s.address < end)
    .reduce((low, section) => Math.min(low, section.address), end);
  const skipped = first - segment.vaddr;
  return {
    ...segment,
    vaddr: first,
    paddr: (segment.paddr + skipped) >>> 0,
    offset: segment.offset + skipped,
    memSize: segment.memSize - skipped,
    bytes: segment.bytes.subarray(Math.min(skipped, segment.bytes.length)),
  };
}

function checkOverlap(segments: readonly ElfSegment[], file: string): void {
  const sorted = [...segments].sort((a, b) => a.vaddr - b.vaddr);
  for (let index = 1; index < sorted.length; index++) {
    const [low, high] = [sorted[index - 1], sorted[index]];
    if (low.vaddr + low.memSize <= high.vaddr) continue;
    const [a, b] = [hexRange(low.vaddr, low.memSize), hexRange(high.vaddr, high.memSize)];
    throw new InputError(file, `segments ${a} and ${b} overlap`, {
      offset: high.offset,
      expected: 'segments apart from each other',
    });
  }
}

function checkEntrySize(view: ByteView, at: number, size: number, what: string): void {
  const found = view.u16(at);
  if (found === size) return;
  throw new InputError(view.file, `${what} size ${found}`, { offset: at, expected: `${size}` });
}

function symbolType(type: number): ElfSymbolType {
  const names: readonly ElfSymbolType[] = ['none', 'object', 'function', 'section', 'file'];
  if (type === STT_TLS) return 'tls';
  return names[type] ?? 'other';
}

function symbolBinding(binding: number): 'local' | 'global' | 'weak' {
  if (binding === 0) return 'local';
  return binding === 2 ? 'weak' : 'global';
}
