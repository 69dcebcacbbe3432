/** The real command in a process of its own: bare ELFs, hostile ones too, and bad input. */
import { connect } from 'node:net';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { InputError } from '../loader/errors.ts';
import { elf, file, folder, lockstep32, start } from './command.fixtures.ts';
import { addRun } from './run.ts';

const exit = (code: number): string => `movi a2, 1\n movi a3, ${code}\n simcall\n j .\n`;

/** UART0's FIFO through the AHB window; at reset it sends with 115200 baud of a 40 MHz crystal or so. */
const UART_FLOOD = `
        movi a2, 0x3ff40000
        movi a3, 'x'
1:      s32i a3, a2, 0
        j 1b
`;

const PRINT = (text: string, after: string): string => `
        movi a2, 4
        movi a3, 1
        movi a4, text
        movi a5, ${text.length}
        simcall
        ${after}
        .data
text:   .ascii "${text}"
`;

describe('a bare ELF', () => {
  it('reports its 32-bit exit code, time, cycles and instructions', async () => {
    const program = elf('exit.elf', exit(-2));
    const report = join(folder, 'report.json');
    const { code, stderr } = await lockstep32('run', program, '--report', report);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^lockstep32: the guest exited with code 4294967294 at 0\.\d{6} s/);
    expect(stderr).not.toContain('\x1b');
    const read = JSON.parse(readFileSync(report, 'utf8'));
    expect(read).toMatchObject({ exitCode: 1, guestExitCode: 0xfffffffe, watchdogFeeds: 0 });
    expect(read.stateHash).toMatch(/^[0-9a-f]{64}$/);
    expect(read.guestSeconds).toBe(read.guestTicks / 480e6);
    const [pro, app] = read.cores;
    // MOVI of -2 and 1, SIMCALL: the third instruction ends the run.
    expect(pro).toMatchObject({ name: 'PRO_CPU', instructions: 3 });
    expect(pro.cycles).toBeGreaterThanOrEqual(3);
    expect(app).toMatchObject({ name: 'APP_CPU', instructions: 0 });
  });

  it('ends with 0 when it exits with 0, and with 1 before its pattern was printed', async () => {
    const program = elf('print.elf', PRINT('hello', exit(0)));
    const [plain, met, unmet, failed] = await Promise.all([
      lockstep32('run', program),
      lockstep32('run', program, '--expect', 'hel', '--expect', 'lo'),
      lockstep32('run', program, '--expect', 'lo', '--expect', 'hel'),
      lockstep32('run', program, '--fail-on', 'l{2}'),
    ]);
    expect([plain.code, plain.stdout, plain.stderr]).toEqual([0, 'hello', '']);
    expect([met.code, met.stderr]).toEqual([0, '']);
    expect(unmet.code).toBe(1);
    expect(unmet.stderr).toMatch(
      /exited with code 0, before \/hel\/m was printed at .*\nwaiting for/,
    );
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('--fail-on /l{2}/m matched "ll"');
  });

  it('echoes stdin through semihosting, waiting for it, and sees its end', async () => {
    const program = elf(
      'echo.elf',
      `
1:      movi a2, 3
        movi a3, 0
        movi a4, buffer
        movi a5, 16
        simcall
        beqz a2, 2f
        mov  a5, a2
        movi a2, 4
        movi a3, 1
        movi a4, buffer
        simcall
        j 1b
2:      ${exit(0)}
        .data
buffer: .word 0, 0, 0, 0
`,
    );
    const { process: child, ended } = start(['run', program, '--wall-limit', '20s']);
    child.stdin!.write('first ');
    setTimeout(() => child.stdin!.end('second'), 1500);
    expect(await ended).toMatchObject({ code: 0, stdout: 'first second' });
  });
});

describe('a hostile guest ends with a code and bounded memory', () => {
  const cases: [string, string, string[], number, RegExp][] = [
    ['jumps to nowhere', 'movi a2, 0x20000000\n jx a2', [], 124, /PRO_CPU: cycle/],
    ['takes exceptions for ever', '.word 0', [], 124, /PRO_CPU: cycle/],
    ['waits for ever', 'waiti 0\n j .', [], 124, /PRO_CPU: cycle \d+ \(WAITI\)/],
    [
      'rewrites its own code',
      'movi a2, _start\n l32i a3, a2, 0\n1: s32i a3, a2, 0\n isync\n j 1b',
      [], 124, /PRO_CPU: cycle/,
    ],
    ['floods UART0', UART_FLOOD, ['--expect', 'never', '--fail-on', '^never$'], 124, /waiting for \/never/],
    [
      'floods the console',
      `1: movi a2, 4\n movi a3, 1\n movi a4, 0x3ffb0000\n movi a5, 512\n simcall\n j 1b`,
      ['--expect', 'never'], 124, /waiting for \/never/,
    ],
    [
      'calls with wild lengths and descriptors',
      `movi a3, -1
       movi a6, 0xffffffff
1:     movi a2, 3
       mov a4, a6
       mov a5, a6
       simcall
       movi a2, 4
       movi a3, 1
       movi a4, 0x3ffffff0
       mov a5, a6
       simcall
       movi a2, 1004
       movi a3, 0x3ffb0000
       mov a5, a6
       simcall
       movi a2, 5
       mov a3, a6
       simcall
       addi a6, a6, -77
       j 1b`,
      [], 124, /PRO_CPU: cycle/,
    ],
    [
      'opens what is not its own',
      `movi a2, 5
       movi a3, path
       movi a4, 0x42
       movi a5, 0x1ff
       simcall
       mov a6, a3
       movi a2, 1
       mov a3, a6
       simcall
       j .
       .data
path:  .ascii "../escaped\\0"`,
      [], 1, /exited with code 13 /,
    ],
  ]; // prettier-ignore

  it.each(cases)('%s', async (name, source, options, code, message) => {
    const program = elf(`${name.replaceAll(' ', '-')}.elf`, source);
    const ended = await lockstep32('run', program, '--max-time', '40ms', ...options);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    expect(ended.rssMegabytes).toBeLessThan(400);
    expect(existsSync(join(folder, '..', 'escaped'))).toBe(false);
  });
});

describe('limits and ends from outside', () => {
  const forever = (): string => elf('forever.elf', 'j .');

  it('--wall-limit ends a run', async () => {
    const { code, stderr } = await lockstep32('run', forever(), '--wall-limit', '300ms');
    expect([code, stderr.split('\n')[0]]).toEqual([
      124,
      expect.stringContaining('host time limit (--wall-limit) reached'),
    ]);
  });

  it('--wall-limit ends a guest that waits for stdin', async () => {
    const program = elf(
      'wait.elf',
      'movi a2, 3\n movi a3, 0\n movi a4, 0x3ffb0000\n movi a5, 1\n simcall\n j .',
    );
    const { process: child, ended } = start(['run', program, '--wall-limit', '300ms'], {});
    const { code } = await ended;
    child.stdin!.destroy();
    expect(code).toBe(124);
  });

  it('Ctrl-C ends it with 130, and the report is written', async () => {
    const report = join(folder, 'interrupted.json');
    const program = elf('running.elf', PRINT('running', 'j .'));
    const { process: child, ended } = start(['run', program, '--report', report]);
    child.stdout!.once('data', () => child.kill('SIGINT'));
    const { code, stderr } = await ended;
    expect(stderr).toContain('interrupted by SIGINT');
    expect(code).toBe(130);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ exitCode: 130 });
  });

  it('a closed pipe ends it quietly', async () => {
    const program = elf('yes.elf', PRINT('y', 'j _start'));
    const { process: child, ended } = start(['run', program]);
    child.stdout!.once('data', () => child.stdout!.destroy());
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('UART0 goes to a file, or to a TCP client for whom it waits', async () => {
    const output = join(folder, 'uart.txt');
    const program = elf('uart.elf', UART_FLOOD);
    const toFile = await lockstep32('run', program, '--uart0', output, '--until', 'xxx');
    expect([toFile.code, toFile.stdout]).toEqual([0, '']);
    expect(readFileSync(output, 'utf8')).toBe('xxx');
    const { process: child, ended } = start(['run', program, '--uart0', 'tcp:0', '--until', 'xxx']);
    let heard = '';
    child.stderr!.on('data', (data: Buffer) => {
      const port = /tcp:(\d+), waiting/.exec(data.toString())?.[1];
      if (port !== undefined)
        connect(Number(port), '127.0.0.1').on('data', (bytes) => (heard += bytes.toString()));
    });
    expect((await ended).code).toBe(0);
    expect(heard).toBe('xxx');
  });
});

describe('bad input: one line, code 2, nothing written', () => {
  const good = (): string => elf('good.elf', exit(0));
  const changed = (name: string, change: (bytes: Uint8Array) => Uint8Array | void): string => {
    const bytes = new Uint8Array(readFileSync(good()));
    return file(name, change(bytes) ?? bytes);
  };
  const set =
    (offset: number, ...values: number[]) =>
    (bytes: Uint8Array) =>
      void bytes.set(values, offset);
  const cases: [string, () => string[], RegExp][] = [
    ['truncated ELF', () => [changed('t.elf', (b) => b.slice(0, 60))], /t\.elf at offset 0x/],
    ['big-endian ELF', () => [changed('b.elf', set(5, 2))], /b\.elf at offset 0x5: a big-endian ELF/],
    ['foreign ELF', () => [changed('a.elf', set(18, 243))], /offset 0x12: machine 243 \(RISC-V\); expected machine 94/],
    ['segment outside memory', () => [changed('o.elf', set(60, 0, 0, 0, 0x60))], /o\.elf at offset 0x[0-9a-f]+: segment 0x60000000\..* is outside memory/],
    ['not an image', () => [file('x.bin', 'hello')], /x\.bin.*unknown file cannot be run; expected an ELF/],
    ['no such file', () => ['none.bin'], /none\.bin: no such file/],
    ['folder without a build', () => [folder], /not a build folder; expected flasher_args\.json/],
    ['odd pairs', () => ['0x1000', good(), '0x8000'], /argument 3: offset 0x8000 without a file/],
    ['offset that is no number', () => ['boot', good()], /argument 1: flash offset 'boot'; expected a number/],
    ['folder in a pair', () => ['0x1000', folder], /is a directory; expected a readable file/],
    ['flash size', () => [good(), '--flash-size', '3MB'], /--flash-size: flash size '3MB'; expected/],
    ['PSRAM size', () => [good(), '--psram', '2MB'], /--psram: PSRAM size '2MB'; expected 4MB or 8MB/],
    ['time', () => [good(), '--max-time', 'soon'], /--max-time: 'soon' is not a time/],
    ['pattern', () => [good(), '--until', '['], /--until: '\[' is not a regular expression/],
    ['reply', () => [good(), '--type', 'x'], /--type: 'x' has no @/],
    ['port', () => [good(), '--uart0', 'tcp:99999'], /--uart0: 'tcp:99999' names no port/],
    ['UART0 file', () => [good(), '--uart0', `${good()}/x`], /\/x: cannot be written/],
    ['report that is a folder', () => [good(), '--report', folder], /cannot be written \(it is a dir/],
    ['symbols', () => [good(), '--elf', file('s.elf', 'x')], /s\.elf at offset 0x0: not an ELF file/],
    ['ROM', () => [good(), '--rom', file('r.bin', 'x')], /r\.bin: a ROM image of 0x1 bytes; expected/],
  ]; // prettier-ignore

  it.each(cases)('%s', async (_name, args, message) => {
    const report = join(folder, 'bad-report.json');
    const program = new Command('lockstep32').exitOverride();
    addRun(program);
    const words = ['run', '--report', report, ...args()];
    const error: unknown = await program.parseAsync(words, { from: 'user' }).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
    expect(readdirSync(folder).filter((name) => name.includes('bad-report'))).toEqual([]);
  });

  it('code and shape of the message', async () => {
    const commands: [string[], RegExp][] = [
      [['none.bin'], /none\.bin: no such file/],
      [[good(), '--unti', 'x'], /unknown option '--unti' \(Did you mean --until\?\)/],
      [[], /missing required argument 'input'/],
    ];
    for (const [args, message] of commands) {
      const { code, stderr, stdout } = await lockstep32('run', ...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^lockstep32: [^\n]*\n$/);
    }
  });

  it('an image without a mask ROM boots with the open ROM and says so', async () => {
    const image = new Uint8Array(0x10_0000).fill(0xff);
    const args = [file('flash.bin', image), '--until', 'invalid header: 0xffffffff'];
    const { code, stderr, stdout } = await lockstep32('run', ...args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^lockstep32: boot ROM: open ROM \(no mask ROM .*--rom FILE .*\)\n/);
    expect(stdout).toMatch(/^Lockstep32 open ROM \d+\.\d+\r\n\r\nrst:0x1 \(POWERON_RESET\)/);
  });

  it('folders on the way to an output are made', async () => {
    const outputs = ['report', 'vcd', 'record', 'trace-file', 'uart0'].map((option) => ({
      option: `--${option}`,
      path: join(folder, 'made', option, 'by', 'run'),
    }));
    const options = outputs.flatMap(({ option, path }) => [option, path]);
    const { code, stderr } = await lockstep32('run', elf('made.elf', exit(0)), ...options);
    expect([code, stderr]).toEqual([0, '']);
    for (const { path } of outputs) expect(existsSync(path), path).toBe(true);
  });

  it('a reader that closes its end of the help is no fault', async () => {
    const running = start(['run', '--help']);
    running.process.stdout!.destroy();
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, '']);
  });

  it('asm names the line and leaves the old output alone', async () => {
    const source = file('bad.S', '_start:\n addi a2, a3, 500\n');
    const output = file('kept.elf', 'old');
    const { code, stderr } = await lockstep32('asm', source, '-o', output);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^lockstep32: \S*bad\.S:2: addi: 500 is out of range[^\n]*\n$/);
    expect(readFileSync(output, 'utf8')).toBe('old');
    mkdirSync(join(folder, 'dir'));
    writeFileSync(source, '_start: nop');
    const dir = await lockstep32('asm', source, '-o', join(folder, 'dir'));
    expect([dir.code, dir.stderr]).toEqual([2, expect.stringContaining('cannot be written')]);
  });
});
