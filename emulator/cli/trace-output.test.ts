/** `--trace` as a user types it. Cycles after the constants of docs/timing.md, added up by hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { elf, folder, lockstep32 } from './command.fixtures.ts';

/** A store, a load, its use after 3 cycles, a call8 with its window, and exit 3. */
const PROGRAM = `
        movi a2, 0x3ffb0000
        movi a3, 7
        s32i a3, a2, 4
        l32i a4, a2, 4
        addi a4, a4, 1
        movi a2, 1
        movi a3, 3
        simcall
        j .
`;

const LINES = [
  [0, '_start', 'l32r a2, 0x40080400', 'a2=3ffb0000 load32 [40080400]'],
  [1, '_start+0x3', 'movi a3, 7', 'a3=00000007'],
  [2, '_start+0x6', 's32i a3, a2, 4', 'store32 [3ffb0004] 3 cycles'],
  [5, '_start+0x9', 'l32i a4, a2, 4', 'a4=00000007 load32 [3ffb0004]'],
  [6, '_start+0xc', 'addi a4, a4, 1', 'a4=00000008 3 cycles'],
] as const;

const squeezed = (text: string): string[] =>
  text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());

it('a run that fails shows its last instructions', async () => {
  const program = elf('traced.elf', PROGRAM);
  const [plain, traced] = await Promise.all([
    lockstep32('run', program, '--report', join(folder, 'plain.json')),
    lockstep32('run', program, '--trace', '--report', join(folder, 'traced.json')),
  ]);
  expect([plain.code, traced.code]).toEqual([1, 1]);
  const lines = squeezed(traced.stderr);
  const first = lines.indexOf('lockstep32: last instructions:') + 1;
  expect(first).toBeGreaterThan(0);
  LINES.forEach(([cycle, name, text, notes], i) =>
    expect(lines[first + i]).toMatch(
      new RegExp(`^${cycle} PRO [0-9a-f]{8} ${escape(`${name} ${text} ${notes}`)}$`),
    ),
  );
  const hash = (name: string): string =>
    (JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { stateHash: string })
      .stateHash;
  expect(hash('traced')).toBe(hash('plain'));
});

it('a file gets every instruction, or the last ones; a run that succeeds prints none', async () => {
  const program = elf('traced2.elf', PROGRAM.replace('movi a3, 3', 'movi a3, 0'));
  const [whole, last] = ['whole.trace', 'last.trace'].map((name) => join(folder, name));
  const [one, two, three] = await Promise.all([
    lockstep32('run', program, '--trace-file', whole!),
    lockstep32('run', program, '--trace-file', last!, '--trace-depth', '2'),
    lockstep32('run', program, '--trace'),
  ]);
  expect([one, two, three].map(({ code, stderr }) => [code, stderr])).toEqual(
    Array(3).fill([0, '']),
  );
  const lines = squeezed(readFileSync(whole!, 'utf8').trimEnd());
  expect(lines).toHaveLength(8);
  expect(squeezed(readFileSync(last!, 'utf8').trimEnd())).toEqual(lines.slice(-2));
  expect(existsSync(`${whole}.part`)).toBe(false);
});

it('says what is wrong with its options', async () => {
  const program = elf('traced3.elf', PROGRAM);
  const cases: [string[], RegExp][] = [
    [['--trace', '--trace-depth', '0'], /^lockstep32: --trace-depth: '0' is not a number of instr[^\n]*\n$/],
    [['--trace-depth', '5'], /^lockstep32: --trace-depth: nothing is traced; expected --trace [^\n]*\n$/],
    [['--trace-file', folder], /^lockstep32: .*cannot be written[^\n]*\n$/],
  ]; // prettier-ignore
  for (const [options, message] of cases) {
    const { code, stderr } = await lockstep32('run', program, ...options);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  }
});

function escape(text: string): string {
  return text.replace(/[[\]+.]/g, '\\$&');
}
