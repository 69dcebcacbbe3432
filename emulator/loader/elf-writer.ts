/**
 * Writes an ELF32 little-endian executable for Xtensa: one PT_LOAD segment per allocated section, a
 * symbol table and section names. Field names and constants: System V ABI, "Object Files".
 *
 * **Not modelled:** relocations, debug sections, several sections in one segment.
 */
import { EM_XTENSA } from './elf.ts';

export interface ElfOutputSection {
  readonly name: string;
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly alignment: number;
  readonly flags: {
    readonly alloc: boolean;
    readonly write: boolean;
    readonly execute: boolean;
    readonly nobits: boolean;
  };
}

export interface ElfOutputSymbol {
  readonly name: string;
  readonly address: number;
  /** Name of its section; undefined for an absolute symbol. */
  readonly section: string | undefined;
  readonly global: boolean;
}

export interface ElfOutput {
  readonly entry: number;
  readonly sections: readonly ElfOutputSection[];
  readonly symbols: readonly ElfOutputSymbol[];
}

const HEADER_SIZE = 52;
const PROGRAM_HEADER_SIZE = 32;
const SECTION_HEADER_SIZE = 40;
const SYMBOL_SIZE = 16;

const ET_EXEC = 2;
/** E_XTENSA_XT_INSN | E_XTENSA_XT_LIT, as the GNU linker sets them. */
const E_FLAGS = 0x300;
const PT_LOAD = 1;
/** File offsets equal addresses modulo this, so that loaders that map files take the program. */
const PAGE_SIZE = 4096;
const SHT = { PROGBITS: 1, SYMTAB: 2, STRTAB: 3, NOBITS: 8 } as const;
const SHF = { WRITE: 1, ALLOC: 2, EXECINSTR: 4 } as const;
const PF = { X: 1, W: 2, R: 4 } as const;
const SHN_ABS = 0xfff1;
const STB_GLOBAL = 1;

interface SectionHeader {
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

class Strings {
  #text = '\0';

  add(name: string): number {
    const offset = this.#text.length;
    this.#text += `${name}\0`;
    return offset;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#text, (c) => c.charCodeAt(0));
  }
}

/** A file image that grows. */
class Image {
  #bytes = new Uint8Array(1024);
  length = 0;

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  /** Appends at a file offset that is congruent to `address` modulo `alignment`. */
  append(bytes: Uint8Array, alignment: number, address = 0): number {
    const gap = (((address - this.length) % alignment) + alignment) % alignment;
    const offset = this.length + gap;
    this.#grow(offset + bytes.length);
    this.#bytes.set(bytes, offset);
    return offset;
  }

  /** Writes little-endian 32-bit words. */
  words(offset: number, ...words: readonly number[]): void {
    this.#grow(offset + 4 * words.length);
    const view = new DataView(this.#bytes.buffer);
    words.forEach((word, index) => view.setUint32(offset + 4 * index, word, true));
  }

  #grow(length: number): void {
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.length = Math.max(this.length, length);
  }
}

const pair = (low: number, high: number): number => low | (high << 16);

export function writeElf({ entry, sections: unordered, symbols }: ElfOutput): Uint8Array {
  // Segments ascend by address, as the ABI demands.
  const sections = [...unordered].sort(
    (a, b) => Number(b.flags.alloc) - Number(a.flags.alloc) || a.address - b.address,
  );
  const image = new Image();
  const names = new Strings();
  const loaded = sections.filter((section) => section.flags.alloc);
  image.words(0, 0x464c457f, pair(0x0101, 1), 0, 0, pair(ET_EXEC, EM_XTENSA), 1, entry);
  image.words(HEADER_SIZE, ...new Array<number>(8 * loaded.length).fill(0));

  const headers: SectionHeader[] = [nullHeader()];
  for (const section of sections) headers.push(contents(image, section, names));
  const tables = symbolTable(symbols, sections);
  const symbolsOffset = image.append(tables.symbols, 4);
  headers.push({
    ...nullHeader(),
    name: names.add('.symtab'),
    type: SHT.SYMTAB,
    offset: symbolsOffset,
    size: tables.symbols.length,
    link: headers.length + 1,
    info: tables.firstGlobal,
    alignment: 4,
    entrySize: SYMBOL_SIZE,
  });
  headers.push(stringHeader(image, names.add('.strtab'), tables.names));
  const shstrtab = names.add('.shstrtab');
  headers.push(stringHeader(image, shstrtab, names.bytes()));

  const sectionTable = image.append(new Uint8Array(SECTION_HEADER_SIZE * headers.length), 4);
  headers.forEach((header, index) => {
    const { name, type, flags, address, offset, size } = header;
    const { link, info, alignment, entrySize } = header;
    image.words(sectionTable + index * SECTION_HEADER_SIZE, name, type, flags, address, offset);
    image.words(
      sectionTable + index * SECTION_HEADER_SIZE + 20,
      size,
      link,
      info,
      alignment,
      entrySize,
    );
  });
  loaded.forEach((section, index) => {
    const header = headers[1 + sections.indexOf(section)]!;
    programHeader(image, HEADER_SIZE + index * PROGRAM_HEADER_SIZE, section, header);
  });
  image.words(28, loaded.length === 0 ? 0 : HEADER_SIZE, sectionTable, E_FLAGS);
  image.words(40, pair(HEADER_SIZE, PROGRAM_HEADER_SIZE), pair(loaded.length, SECTION_HEADER_SIZE));
  image.words(48, pair(headers.length, headers.length - 1));
  return image.bytes;
}

function nullHeader(): SectionHeader {
  return {
    name: 0,
    type: 0,
    flags: 0,
    address: 0,
    offset: 0,
    size: 0,
    link: 0,
    info: 0,
    alignment: 0,
    entrySize: 0,
  };
}

function contents(image: Image, section: ElfOutputSection, names: Strings): SectionHeader {
  const { name, address, bytes, alignment, flags } = section;
  const stored = flags.nobits ? new Uint8Array(0) : bytes;
  return {
    ...nullHeader(),
    name: names.add(name),
    type: flags.nobits ? SHT.NOBITS : SHT.PROGBITS,
    flags:
      (flags.write ? SHF.WRITE : 0) |
      (flags.alloc ? SHF.ALLOC : 0) |
      (flags.execute ? SHF.EXECINSTR : 0),
    address,
    offset: image.append(stored, flags.alloc ? PAGE_SIZE : alignment, address),
    size: bytes.length,
    alignment,
  };
}

function stringHeader(image: Image, name: number, bytes: Uint8Array): SectionHeader {
  const offset = image.append(bytes, 1);
  return { ...nullHeader(), name, type: SHT.STRTAB, offset, size: bytes.length, alignment: 1 };
}

function programHeader(
  image: Image,
  at: number,
  section: ElfOutputSection,
  header: SectionHeader,
): void {
  const { flags, address } = section;
  const fileSize = flags.nobits ? 0 : header.size;
  const access = PF.R | (flags.write ? PF.W : 0) | (flags.execute ? PF.X : 0);
  image.words(at, PT_LOAD, header.offset, address, address, fileSize, header.size, access);
  image.words(at + 28, PAGE_SIZE);
}

function symbolTable(
  symbols: readonly ElfOutputSymbol[],
  sections: readonly ElfOutputSection[],
): { readonly symbols: Uint8Array; readonly names: Uint8Array; readonly firstGlobal: number } {
  // Local symbols come first, as the ABI demands.
  const ordered = [...symbols.filter((s) => !s.global), ...symbols.filter((s) => s.global)];
  const names = new Strings();
  const image = new Image();
  image.words(0, 0, 0, 0, 0);
  ordered.forEach((symbol, index) => {
    const section = sections.findIndex(({ name }) => name === symbol.section);
    const shndx = section < 0 ? SHN_ABS : section + 1;
    const info = symbol.global ? STB_GLOBAL << 4 : 0;
    const at = SYMBOL_SIZE * (index + 1);
    image.words(at, names.add(symbol.name), symbol.address, 0, pair(info, shndx));
  });
  const firstGlobal = 1 + symbols.filter((symbol) => !symbol.global).length;
  return { symbols: image.bytes, names: names.bytes(), firstGlobal };
}
