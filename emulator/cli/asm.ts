/** `lockstep32 asm`: GNU-syntax assembly to an executable ELF. */
import type { Command } from 'commander';
import { assemble, AssembleError, DEFAULT_ORIGIN, type Program } from '../cpu/assemble.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { InputError } from '../loader/errors.ts';
import { hostFiles, readInput } from '../loader/files.ts';
import { writeOutput } from './output-file.ts';

interface AsmOptions {
  readonly output: string;
  readonly section?: readonly string[];
  readonly symbol?: readonly string[];
  readonly entry: string;
}

const hex = (address: number): string => `0x${address.toString(16)}`;
const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

export function addAsm(program: Command): void {
  program
    .command('asm')
    .description('assemble one file of GNU-syntax Xtensa source to an executable ELF')
    .argument('<file>', 'the source, such as main.S')
    .requiredOption('-o, --output <file>', 'the ELF to write')
    .option(
      '--section <name=address>',
      `where a section starts; code goes to ${hex(DEFAULT_ORIGIN.code)} and data to ${hex(DEFAULT_ORIGIN.data)} otherwise`,
      collect,
    )
    .option('--symbol <name=value>', 'a symbol the source does not define', collect)
    .option('--entry <symbol>', 'where the program starts', '_start')
    .action((file: string, options: AsmOptions) => assembleFile(file, options));
}

function assembleFile(file: string, options: AsmOptions): void {
  const source = new TextDecoder().decode(readInput(hostFiles, file));
  const program = assembleSource(source, file, options);
  const entry = program.symbols.find((symbol) => symbol.name === options.entry);
  if (entry === undefined) {
    throw new InputError(file, `no symbol ${options.entry} to start at`, {
      expected: `a label ${options.entry}:`,
      hint: 'or name another with --entry',
    });
  }
  const { sections, symbols } = program;
  const elf = writeElf({ entry: entry.address, sections, symbols });
  writeOutput(options.output, elf, 0o777);
}

function assembleSource(source: string, file: string, options: AsmOptions): Program {
  try {
    return assemble(source, {
      file,
      origins: assignments('--section', options.section),
      symbols: assignments('--symbol', options.symbol),
    });
  } catch (error) {
    if (!(error instanceof AssembleError)) throw error;
    const place = `${error.file}:${error.line}`;
    throw new InputError(place, error.message.slice(place.length + 2));
  }
}

/** `name=number` options as a record. */
function assignments(option: string, values: readonly string[] = []): Record<string, number> {
  return Object.fromEntries(
    values.map((text) => {
      const match = /^([^=]+)=(0[xX][0-9a-fA-F]{1,8}|\d+)$/.exec(text);
      const value = Number(match?.[2]);
      if (match === null || value > 0xffffffff) {
        throw new InputError(option, `"${text}"`, { expected: 'such as .text=0x40080000' });
      }
      return [match[1]!, value];
    }),
  );
}
