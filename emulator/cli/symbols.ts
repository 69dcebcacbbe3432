/** Names and source lines for addresses, from the ELFs the user gave or that lie beside the image. */
import { parseElf } from '../loader/elf.ts';
import type { Elf } from '../loader/elf.ts';
import { LineTable } from '../loader/dwarf-line.ts';
import { hex } from '../loader/errors.ts';
import { hostFiles, readInput } from '../loader/files.ts';
import type { RunInput } from '../loader/inputs.ts';
import { SymbolTable } from '../loader/symbols.ts';

export class Symbols {
  /** Whether the application's symbols are known. */
  readonly hasApplication: boolean;
  private readonly tables: SymbolTable[];
  private readonly lines: readonly LineTable[];

  constructor(elfs: readonly Elf[]) {
    this.hasApplication = elfs.length > 0;
    this.tables = elfs.map((elf) => SymbolTable.fromElf(elf));
    this.lines = elfs.map((elf) => new LineTable(elf));
  }

  /** From the ELFs named by the user; without any, the one that is or came with the input. */
  static read(files: readonly string[], input: RunInput): Symbols {
    const elfs = files.map((file) => parseElf(readInput(hostFiles, file), file));
    if (input.kind === 'elf') elfs.push(input.elf);
    else if (files.length === 0 && input.elfFile !== undefined) {
      elfs.push(parseElf(readInput(hostFiles, input.elfFile), input.elfFile));
    }
    return new Symbols(elfs);
  }

  /** Names that the ELFs lack: the mask ROM's. */
  add(table: SymbolTable | undefined): void {
    if (table !== undefined) this.tables.push(table);
  }

  /** `0x400d1234 app_main+0x12 (main.c:34)`, as much of it as is known. */
  describe(address: number): string {
    const name = first(this.tables, (table) => table.name(address));
    const line = first(this.lines, (table) => table.text(address));
    return [hex(address, 8), name, line === undefined ? undefined : `(${line})`]
      .filter((part) => part !== undefined)
      .join(' ');
  }
}

function first<T>(tables: readonly T[], get: (table: T) => string | undefined): string | undefined {
  for (const table of tables) {
    const found = get(table);
    if (found !== undefined) return found;
  }
  return undefined;
}
