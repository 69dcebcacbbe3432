/** A stripped-down ELF executable of the ROM: one segment and section a chunk, and its symbols. */
const EM_XTENSA = 94;
const HEADER = 52;
const PROGRAM_HEADER = 32;
const SECTION_HEADER = 40;
const SYMBOL = 16;
const SHN_ABS = 0xfff1;
const STT_FUNC_GLOBAL = 0x12;

export interface Chunk {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface RomSymbol {
  readonly name: string;
  readonly address: number;
}

class Strings {
  private text = '\0';
  add(name: string): number {
    const at = this.text.length;
    this.text += `${name}\0`;
    return at;
  }
  get bytes(): Buffer {
    return Buffer.from(this.text, 'latin1');
  }
}

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32LE(value >>> 0, i * 4));
  return bytes;
};

const pad4 = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

export function writeElf(
  entry: number,
  chunks: readonly Chunk[],
  symbols: readonly RomSymbol[],
): Buffer {
  const strings = new Strings();
  const sectionNames = new Strings();
  const symbolTable = Buffer.concat([
    Buffer.alloc(SYMBOL),
    ...symbols.map(({ name, address }) => {
      const section = chunks.findIndex(
        (chunk) => address >= chunk.address && address < chunk.address + chunk.bytes.length,
      );
      const row = words(strings.add(name), address, 0, STT_FUNC_GLOBAL);
      row.writeUInt16LE(section < 0 ? SHN_ABS : section + 1, 14);
      return row;
    }),
  ]);
  const body: Buffer[] = [];
  let offset = HEADER + chunks.length * PROGRAM_HEADER;
  const put = (bytes: Uint8Array): number => {
    const at = offset;
    const padded = pad4(Buffer.from(bytes));
    body.push(padded);
    offset += padded.length;
    return at;
  };
  const programs: Buffer[] = [];
  const sections: Buffer[] = [Buffer.alloc(SECTION_HEADER)];
  for (const { address, bytes } of chunks) {
    const at = put(bytes);
    programs.push(words(1, at, address, address, bytes.length, bytes.length, 5, 4));
    const name = sectionNames.add(`.rom.${address.toString(16)}`);
    sections.push(words(name, 1, 6, address, at, bytes.length, 0, 0, 4, 0));
  }
  const link = chunks.length + 2;
  const symbolsAt = put(symbolTable);
  sections.push(
    words(sectionNames.add('.symtab'), 2, 0, 0, symbolsAt, symbolTable.length, link, 1, 4, SYMBOL),
  );
  const stringsAt = put(strings.bytes);
  sections.push(
    words(sectionNames.add('.strtab'), 3, 0, 0, stringsAt, strings.bytes.length, 0, 0, 1, 0),
  );
  const nameOfNames = sectionNames.add('.shstrtab');
  const namesAt = put(sectionNames.bytes);
  sections.push(words(nameOfNames, 3, 0, 0, namesAt, sectionNames.bytes.length, 0, 0, 1, 0));
  const header = Buffer.alloc(HEADER);
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(EM_XTENSA, 18);
  words(1, entry, HEADER, offset, 0x300).copy(header, 20);
  [
    HEADER,
    PROGRAM_HEADER,
    chunks.length,
    SECTION_HEADER,
    sections.length,
    sections.length - 1,
  ].forEach((value, i) => header.writeUInt16LE(value, 40 + i * 2));
  return Buffer.concat([header, ...programs, ...body, ...sections]);
}
