/**
 * The commands of the README and of docs/profile.md: every `$ ` line of its console blocks runs here, and the lines below it must
 * appear in this order (any may stand between). Colours, carriage returns, log stamps, cycles and
 * seconds do not count: the timing model moves them.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles } from '../emulator/loader/real.fixtures.ts';

interface Example {
  readonly command: string;
  readonly exitCode: number;
  readonly output: readonly string[];
}

const GAP = '…';

function examples(markdown: string): Example[] {
  const blocks = [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...lines] = text.trimEnd().split('\n');
        const exit = /^\[exit code (\d+)\]$/.exec(lines.at(-1) ?? '');
        return {
          command: command.replace(/^npm ci && /, ''),
          exitCode: exit === null ? 0 : Number(exit[1]),
          output: exit === null ? lines : lines.slice(0, -1),
        };
      }),
  );
}

function timeless(text: string): string {
  return text
    .replace(/\x1b\[[0-9;]*m|\r/g, '')
    .replace(/\b([IWE]) \(\d+\)|\bcycle \d+|\b\d+\.\d{6} s|\b\d+\.\d+ ms/g, '$1#');
}

/** Undefined when all lines were found in order, else the first that was not. */
function missingLine(output: string, wanted: readonly string[]): string | undefined {
  const lines = timeless(output).split('\n');
  let at = 0;
  for (const line of wanted) {
    if (line === GAP) continue;
    const found = lines.indexOf(timeless(line), at);
    if (found < 0) return line;
    at = found + 1;
  }
  return undefined;
}

const PAGES = ['README.md', 'docs/profile.md', 'docs/ci.md'];
const EXAMPLES = PAGES.flatMap((page) => examples(readFileSync(page, 'utf8')));
const real = haveRealFiles();

describe('README and docs', () => {
  beforeAll(() => rmSync('docs/examples/build', { recursive: true, force: true }));

  it('has examples', () => expect(EXAMPLES.length).toBeGreaterThan(5));

  for (const { command, exitCode, output } of EXAMPLES) {
    const needsReal = command.includes('../shared/real');
    it.skipIf(needsReal && !real)(command, () => {
      const run = spawnSync('bash', ['-c', `(${command}) 2>&1`], {
        encoding: 'utf8',
        timeout: 110_000,
      });
      expect(run.status, run.stdout).toBe(exitCode);
      expect(missingLine(run.stdout, output)).toBeUndefined();
    });
  }
});
