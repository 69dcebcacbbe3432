/** `lockstep32 disasm`: the code sections of an ELF as text, one instruction per line. */
import type { Command } from 'commander';
import { listing } from '../debugger/listing.ts';
import { parseElfLayout } from '../loader/elf.ts';
import { hostFiles, readInput } from '../loader/files.ts';
import { SymbolTable } from '../loader/symbols.ts';
import { EXIT } from './exit.ts';

interface DisasmOptions {
  readonly llvm?: true;
  readonly symbols?: true;
}

/** Lines per write. */
const CHUNK = 4096;

export function addDisasm(program: Command): void {
  program
    .command('disasm')
    .description('disassemble the code sections of an ELF, in the line shape of llvm-objdump -d')
    .argument('<file>', 'the ELF')
    .option('--symbols', 'name the targets of branches and literals')
    .option('--llvm', 'print what llvm lacks as <unknown>, to compare with llvm-objdump')
    .action((file: string, options: DisasmOptions) => disassembleFile(file, options));
}

function disassembleFile(file: string, options: DisasmOptions): void {
  const elf = parseElfLayout(readInput(hostFiles, file), file);
  const table = options.symbols === true ? SymbolTable.fromElf(elf) : undefined;
  // A reader such as `head` may close the pipe: what it did not want is not an error.
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.met);
    throw error;
  });
  const lines = listing(elf, {
    onlyLlvm: options.llvm === true,
    ...(table === undefined ? {} : { symbol: (address: number) => nameOf(table, address) }),
  });
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length === CHUNK) {
      process.stdout.write(`${chunk.join('\n')}\n`);
      chunk = [];
    }
  }
  if (chunk.length > 0) process.stdout.write(`${chunk.join('\n')}\n`);
}

function nameOf(table: SymbolTable, address: number): string | undefined {
  const hit = table.lookup(address);
  if (hit === undefined) return undefined;
  return hit.offset === 0 ? hit.symbol.name : `${hit.symbol.name}+0x${hit.offset.toString(16)}`;
}
