/**
 * The tables of firmware/README.md that are made from the sources: public functions with what their doc comments say
 * (drivers name the registers that they touch), and the register addresses of arch/regs.h.
 *
 *   tsx firmware/tools/functions.ts     rewrites the README between its markers
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';

const ROOT = dirname(import.meta.dirname);
export const README = join(ROOT, 'README.md');

interface PublicFunction {
  readonly name: string;
  readonly text: string;
}

/** Public free functions of a Rust source, each with its doc comment as one line. */
export function publicFunctions(source: string): PublicFunction[] {
  const rows: PublicFunction[] = [];
  let comment: string[] = [];
  for (const line of source.split('\n')) {
    const doc = /^\/\/\/ ?(.*)$/.exec(line);
    if (doc !== null) comment.push(doc[1]!);
    else if (!line.startsWith('#[')) {
      const name = /^pub (?:unsafe )?(?:extern "C" )?fn (\w+)/.exec(line)?.[1];
      if (name !== undefined) rows.push({ name, text: comment.join(' ') });
      comment = [];
    }
  }
  return rows;
}

function functionTable(folder: string, skip: readonly string[]): string {
  const files = readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.rs'));
  const rows = files
    .filter((file) => !skip.includes(file))
    .sort()
    .flatMap((file) =>
      publicFunctions(readFileSync(join(ROOT, folder, file), 'utf8')).map(
        ({ name, text }) =>
          `| \`${file.slice(0, -3)}::${name}\` | ${text.replaceAll('|', '\\|')} |`,
      ),
    );
  return ['| function | what it does, and the registers it touches |', '| - | - |', ...rows].join(
    '\n',
  );
}

function registerTable(): string {
  const text = readFileSync(join(ROOT, 'arch', 'regs.h'), 'utf8');
  const rows = [...text.matchAll(/^#define ([A-Z]\w+) (0x[36][0-9a-f]{7})$/gm)];
  const lines = rows.map(([, name, address]) => `| \`${name!}\` | \`${address!}\` |`);
  return ['| register | address |', '| - | - |', ...lines].join('\n');
}

const TABLES: Readonly<Record<string, () => string>> = {
  drivers: () => functionTable('drivers', ['mod.rs', 'spi_clock.rs']),
  kernel: () => functionTable('kernel', ['c_api.rs', 'lib.rs', 'ready.rs', 'state.rs', 'sched.rs']),
  registers: registerTable,
};

/** The README with its tables made anew. */
export async function currentReadme(): Promise<string> {
  let text = readFileSync(README, 'utf8');
  for (const [name, table] of Object.entries(TABLES)) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${README}: no ${begin} … ${end}`);
    text = `${text.slice(0, from + begin.length)}\n\n${table()}\n\n${text.slice(to)}`;
  }
  return format(text, { parser: 'markdown', printWidth: 100 });
}

if (process.argv[1] === import.meta.filename) writeFileSync(README, await currentReadme());
