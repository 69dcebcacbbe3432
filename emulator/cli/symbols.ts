/** Names and source lines for addresses, from the ELFs the user gave or that lie beside the image. */
import { parseElf } from '../loader/elf.ts';
import type { Elf } from '../loader/elf.ts';
import { LineTable } from '../loader/dwarf-line.ts';
import { hex } from '../loader/errors.ts';
import { hostFiles, readInput } from '../loader/files.ts';
import type { RunInput } from '../loader/inputs.ts';
import { SymbolTable } from '../loader/symbols.ts';

export class Symbols {
  private readonly tables: readonly SymbolTable[];
  private readonly lines: readonly LineTable[];

  constructor(files: readonly string[], input: RunInput) {
    const elfs: Elf[] = files.map((file) => parseElf(readInput(hostFiles, file), file));
    if (input.kind === 'elf') elfs.push(input.elf);
    else if (files.length === 0 && input.elfFile !== undefined) {
      elfs.push(parseElf(readInput(hostFiles, input.elfFile), input.elfFile));
    }
    this.tables = elfs.map((elf) => SymbolTable.fromElf(elf));
    this.lines = elfs.map((elf) => new LineTable(elf));
  }

  /** `0x400d1234 app_main+12 (main.c:34)`, as much of it as is known. */
  describe(address: number): string {
    let text = hex(address, 8);
    for (const table of this.tables) {
      const hit = table.lookup(address);
      if (hit === undefined) continue;
      text += ` ${hit.name}+${hit.offset}`;
      break;
    }
    for (const table of this.lines) {
      const line = table.lookup(address);
      if (line === undefined) continue;
      text += ` (${line.file}:${line.line})`;
      break;
    }
    return text;
  }
}
