/** Names and source lines for addresses, from the ELFs the user gave or that lie beside the image. */
import { parseElf } from '../loader/elf.ts';
import type { Elf } from '../loader/elf.ts';
import { LineTable } from '../loader/dwarf-line.ts';
import type { SourceLine } from '../loader/dwarf-line.ts';
import { DebugTypes } from '../loader/dwarf-variables.ts';
import { hex, InputError, printable } from '../loader/errors.ts';
import { hostFiles, readInput } from '../loader/files.ts';
import type { RunInput } from '../loader/inputs.ts';
import { SymbolTable } from '../loader/symbols.ts';

/** Mangled names in a message. */
const MOST_OFFERED = 4;

export interface FunctionSymbol {
  readonly name: string;
  readonly address: number;
  readonly size: number;
}

export class Symbols {
  readonly elfs: readonly Elf[];
  private readonly tables: SymbolTable[];
  private debugTypes: readonly DebugTypes[] | undefined;
  private readonly lines: readonly LineTable[];

  constructor(elfs: readonly Elf[]) {
    this.elfs = elfs;
    this.tables = elfs.map((elf) => SymbolTable.fromElf(elf));
    this.lines = elfs.map((elf) => new LineTable(elf));
  }

  /** Variables and types of each ELF; read when first asked for. */
  get types(): readonly DebugTypes[] {
    return (this.debugTypes ??= this.elfs.map((elf) => new DebugTypes(elf)));
  }

  /** Whether the application's symbols are known. */
  get hasApplication(): boolean {
    return this.elfs.length > 0;
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
    const line = this.line(address);
    return [hex(address, 8), this.name(address), line === undefined ? undefined : `(${line})`]
      .filter((part) => part !== undefined)
      .join(' ');
  }

  /** `app_main+0x12`. */
  name(address: number): string | undefined {
    return first(this.tables, (table) => table.name(address));
  }

  /** The function or label that an address lies in, by its readable name. */
  functionAt(address: number): FunctionSymbol | undefined {
    const hit = first(this.tables, (table) => table.lookup(address));
    if (hit === undefined) return undefined;
    return { name: hit.name, address: hit.symbol.address, size: hit.symbol.size };
  }

  lineAt(address: number): SourceLine | undefined {
    return first(this.lines, (table) => table.lookup(address));
  }

  /** `main.c:34`. */
  line(address: number): string | undefined {
    return first(this.lines, (table) => table.text(address));
  }

  /**
   * Address of a symbol by its name, mangled or readable; throws InputError with the nearest names when
   * there is none, and with mangled names or addresses when several have this name.
   */
  address(name: string): number {
    const found = first(this.tables, (table) => {
      const symbols = table.named(name);
      return symbols.length === 0 ? undefined : symbols;
    });
    if (found?.length === 1) return found[0]!.address;
    if (found !== undefined) {
      const names = new Set(found.map((one) => one.name));
      const isTold = names.size === found.length && !names.has(name);
      const places = found.map((one) => (isTold ? one.name : hex(one.address, 8)));
      throw new InputError('symbol', `several are named '${printable(name)}'`, {
        expected: `one of ${places.slice(0, MOST_OFFERED).join(', ')}${places.length > MOST_OFFERED ? ', ...' : ''}`,
      });
    }
    throw new InputError('symbol', `there is none named '${printable(name)}'`, {
      ...(this.tables.length === 0 ? { hint: 'no ELF with symbols was given' } : {}),
      ...nearest(this.suggest(name)),
    });
  }

  suggest(name: string): string[] {
    return this.tables.flatMap((table) => table.suggest(name)).slice(0, 3);
  }
}

/** The part of an InputError that offers names. */
export function nearest(names: readonly string[]): { readonly hint?: string } {
  if (names.length === 0) return {};
  return { hint: `did you mean ${names.map((name) => `'${printable(name)}'`).join(', ')}?` };
}

function first<T, R>(tables: readonly T[], get: (table: T) => R | undefined): R | undefined {
  for (const table of tables) {
    const found = get(table);
    if (found !== undefined) return found;
  }
  return undefined;
}
