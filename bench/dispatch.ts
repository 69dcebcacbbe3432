/**
 * Guards the interpreter's two large functions against V8's limit: a function of more than 61,440
 * bytes of bytecode is never optimised (--max-optimized-bytecode-size), which costs a factor of ten.
 */
import { spawnSync } from 'node:child_process';
import { report } from './report.ts';
import type { Figure } from './report.ts';

const LIMIT = 61_440;
/** From here on it is time to move instructions out of the function. */
const WARNING = 45_000;

/** Bytes of bytecode of the function `name`, as Node prints them while it runs a short program. */
function bytecodeOf(name: string): number {
  const child = spawnSync(
    process.execPath,
    [
      ...['--import', 'tsx', '--print-bytecode', `--print-bytecode-filter=${name}`],
      new URL('./short.ts', import.meta.url).pathname,
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const lengths = [...child.stdout.matchAll(/Bytecode length: (\d+)/g)].map((m) => Number(m[1]));
  if (lengths.length === 0) throw new Error(`dispatch: Node printed no bytecode of ${name}`);
  return Math.max(...lengths);
}

const figures: Figure[] = ['interpret', 'dispatch'].map((name) => {
  const value = bytecodeOf(name);
  if (value > WARNING) process.exitCode = 1;
  return {
    name: `${name}()`,
    value,
    unit: 'bytes of bytecode',
    note: `${Math.round((100 * value) / LIMIT)} % of V8's limit`,
  };
});
report('dispatch', figures);
