import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elf, file, folder, lockstep32 } from './command.fixtures.ts';

/** Prints `ready`, then counts to 100 in `busy`, and ends with code 0. */
const program = elf(
  'busy.elf',
  `
        movi  a2, 4
        movi  a3, 1
        movi  a4, text
        movi  a5, 6
        simcall
        call0 busy
        movi  a2, 1
        movi  a3, 0
        simcall
        .align 4
busy:   movi  a6, 100
1:      addi  a6, a6, -1
        bnez  a6, 1b
        ret
text:   .ascii "ready\\n"`,
);

/** The row of `name` in the first table that has one: cells, then the name. */
function row(text: string, name: string): string[] {
  const line = text.split('\n').find((candidate) => candidate.endsWith(` ${name}`));
  return (line ?? '').trim().split(/\s+/);
}

describe('lockstep32 profile', () => {
  it('prints a table per core after the guest’s output, without colours in a pipe', async () => {
    const { code, stdout, stderr } = await lockstep32('profile', program, '--core', 'pro');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.startsWith('ready\n')).toBe(true);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toContain('PRO_CPU: ');
    expect(stdout).not.toContain('APP_CPU: ');
    // MOVI, 100 pairs, RET: 202 issues; 99 taken branches and the return cost 3 each.
    const [cycles, , , issue, operand, branch] = row(stdout, 'busy');
    expect(cycles).toBe('502');
    expect([issue, operand, branch]).toEqual([
      ((100 * 202) / 502).toFixed(1),
      '.',
      ((100 * 300) / 502).toFixed(1),
    ]);
  });

  it('counts from a text on, and writes the call trees', async () => {
    const out = join(folder, 'busy.speedscope.json');
    const args = ['profile', program, '--core', 'pro', '--from', '^ready', '--out', out, '--lines'];
    const { code, stdout } = await lockstep32(...args);
    expect(code).toBe(0);
    expect(stdout).toContain('No source lines: no ELF with debug information.');
    const all = await lockstep32('profile', program, '--core', 'pro');
    const total = (text: string): number => Number(/PRO_CPU: (\d+) cycles/.exec(text)![1]);
    expect(total(all.stdout) - total(stdout)).toBeGreaterThan(3);
    const written = JSON.parse(readFileSync(out, 'utf8')) as {
      readonly shared: { readonly frames: readonly { readonly name: string }[] };
      readonly profiles: readonly {
        readonly endValue: number;
        readonly samples: readonly (readonly number[])[];
        readonly weights: readonly number[];
      }[];
    };
    const [core] = written.profiles;
    expect(core!.endValue).toBe(total(stdout));
    const names = core!.samples.map((stack) => stack.map((i) => written.shared.frames[i]!.name));
    const busy = names.findIndex((stack) => stack.at(-1) === 'busy');
    expect(names[busy]).toEqual(['_start', 'busy']);
    expect(core!.weights[busy]).toBe(502);
  });

  it('a text that never comes fails, and nothing is printed as a profile', async () => {
    const { code, stdout, stderr } = await lockstep32('profile', program, '--from', 'never');
    expect(code).toBe(1);
    expect(stdout).toBe('ready\n');
    expect(stderr).toContain('--from /never/m was never printed: nothing was counted');
  });

  it('--report has the counters of the caches', async () => {
    const report = join(folder, 'report.json');
    await lockstep32('profile', program, '--report', report);
    const { cores } = JSON.parse(readFileSync(report, 'utf8')) as { cores: { cache: object }[] };
    expect(cores.map(({ cache }) => cache)).toEqual(
      [0, 1].map(() => ({
        ...{ hits: 0, misses: 0, writeBacks: 0, fetchHits: 0, fetchMisses: 0 },
        ...{ fetchMissCycles: 0, dataMisses: 0, dataMissCycles: 0 },
      })),
    );
  });

  it.each([
    [['--top', '0'], /--top <n>.*'0' is invalid.*number of rows/],
    [['--top', 'many'], /'many' is invalid/],
    [['--core', 'gpu'], /--core: there is no core 'gpu'.*pro, app or both/],
    [['--core', 'constructor'], /there is no core 'constructor'/],
    [['--from', '('], /--from: '\(' is not a regular expression/],
    [['--out', join(program, 'x.json')], /x\.json: cannot be written/],
    [['--out', folder], /cannot be written/],
    [['--frob'], /unknown option '--frob'/],
  ])('%j ends with one line and code 2', async (args, message) => {
    const { code, stdout, stderr } = await lockstep32('profile', program, ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^lockstep32: [^\n]*\n$/);
    expect(stderr).toMatch(message);
  });

  it.each([
    ['no input', []],
    ['no file', ['nowhere.elf']],
  ])('%s: code 2', async (_, args) => {
    const { code, stderr } = await lockstep32('profile', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^lockstep32: [^\n]*\n$/);
  });

  it('a file that is no firmware: code 2', async () => {
    const text = file('notes.txt', 'not a program');
    const { code, stderr } = await lockstep32('profile', text);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^lockstep32: [^\n]*notes\.txt[^\n]*\n$/);
  });
});
