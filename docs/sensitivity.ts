/**
 * `npm run docs:sensitivity` measures every program anew with each uncertain constant changed and
 * writes `docs/sensitivity.json`; `npm run docs` makes the page of it. It takes minutes.
 */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { ARBITER, UNCERTAIN } from './sensitivity-constants.ts';

export interface Sensitivity {
  /** Results with the constants as they are, by program. */
  readonly base: Readonly<Record<string, number>>;
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly name: string;
  /** What the constant is, and what was tried instead. */
  readonly value: number;
  readonly tried: number;
  /** The results that differ, by program. */
  readonly moved: Readonly<Record<string, number>>;
}

export const FILE = 'docs/sensitivity.json';

/** Results of all programs with one constant changed, measured in a child process. */
export async function measure(args: readonly string[]): Promise<Record<string, number>> {
  const script = new URL('./sensitivity-run.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`sensitivity-run ${args.join(' ')} failed`);
  return JSON.parse(text) as Record<string, number>;
}

export function moved(
  base: Readonly<Record<string, number>>,
  results: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(results).filter(([name, v]) => base[name] !== v));
}

async function main(): Promise<void> {
  const boots = existsSync('../shared/real/fw') ? ['--boot'] : [];
  const base = await measure(boots);
  const wanted = [
    ...UNCERTAIN.flatMap(({ name, value, tried }) =>
      tried.map((instead) => ({ name, value, tried: instead })),
    ),
    { name: ARBITER, value: 0, tried: 1 },
  ];
  const variants: Variant[] = [];
  for (const { name, value, tried } of wanted) {
    const results = await measure([...boots, name, String(tried)]);
    variants.push({ name, value, tried, moved: moved(base, results) });
    console.log(`${name} ${tried}: ${Object.keys(variants.at(-1)!.moved).length} moved`);
  }
  const written: Sensitivity = { base, variants };
  writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) await main();
