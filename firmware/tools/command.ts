/** What the build commands of the firmware have in common: their flags, and how they say what does not build. */
import { parseArgs } from 'node:util';
import { ToolError } from '../../test-roms/tools/toolchain.ts';

export interface BuildArguments {
  readonly check: boolean;
  readonly names: readonly string[];
}

/** The arguments of a build command, or its exit code after the usage was printed. */
export function buildArguments(args: readonly string[], usage: string): BuildArguments | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: usage.includes('[image...]'),
    });
    if (values.help !== true) return { check: values.check === true, names: positionals };
    console.log(usage);
    return 0;
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    return 2;
  }
}

/** Prints what the tool said and one line of what does not build; returns the exit code. */
export function doesNotBuild(name: string, error: unknown): number {
  if (error instanceof ToolError) {
    console.error(error.text.trimEnd());
    console.error(`${name}: does not build: ${stepOf(error)}`);
    return 1;
  }
  if (!(error instanceof Error) || error.constructor !== Error) throw error;
  console.error(`${name}: does not build: ${error.message}`);
  return 1;
}

function stepOf({ step, text }: ToolError): string {
  if (!step.startsWith('xtensa-lx106-elf-ld')) return `${step} failed`;
  const [, region, bytes] = /region .(\w+). overflowed by (\d+) bytes?/.exec(text) ?? [];
  if (region !== undefined) return `the linker has ${bytes} bytes too many for region ${region}`;
  const [, symbol] = /undefined reference to .(\w+)/.exec(text) ?? [];
  return symbol === undefined ? 'the linker failed' : `the linker finds no ${symbol}`;
}
