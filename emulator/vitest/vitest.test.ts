/** The integration as a user's project has it: Vitest run in a folder of its own, passing and failing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asm } from '../cpu/assemble.ts';
import { writeElf } from '../loader/elf-writer.ts';

/** Prints `boot`, then toggles GPIO2 with a half period of 5000 cycles and some at 40 MHz. */
const PROGRAM = `
_start: movi  a2, 4
        movi  a3, 1
        movi  a4, text
        movi  a5, 5
        simcall
        movi  a8, 0x3ff44000
        movi  a9, 4
        s32i  a9, a8, 0x20      // GPIO_ENABLE: GPIO2
toggle: l32i  a6, a8, 4
        xor   a6, a6, a9
        s32i  a6, a8, 4
        movi  a7, 1000
wait:   addi  a7, a7, -1
        bnez  a7, wait
        j     toggle
        .data
text:   .ascii "boot\\n"`;

const SPEC = `
import { expect } from 'vitest';
import { firmwareTest } from '${resolve('emulator/vitest/index.ts')}';
import { ms, us } from '${resolve('emulator/index.ts')}';

let boots = 0;
const test = firmwareTest({ firmware: 'program.elf', boot: (board) => { boots++; board.pin(2).waitFor('rising'); } });

test('toggles', ({ board }) => {
  const pin = board.pin(2);
  board.runFor(ms(5));
  expect(pin).toToggleAt(3990, { dutyCycle: 0.5 });
  expect(pin).not.toToggleAt(1000);
});
test('starts where the boot ended, once', ({ board }) => {
  expect(boots).toBe(1);
  expect(board.ms).toBeLessThan(1);
  expect(board.pin(2).level).toBe(1);
});
test('finishes', ({ board }) => {
  expect(board).toFinishWithin(us(200), board.pin(2).falls());
  expect(board).not.toFinishWithin(us(200));
  expect(board.output).toBe('boot\\n');
});
test('reaches, levels, interrupts', ({ board }) => {
  expect(board).toKeepInterruptsOnWithin(us(1));
  expect(board).toReach('toggle', us(200));
  board.pin(2).drive(1);
  expect(board.pin(2)).toHaveLevel(1);
  expect(board.pin(2)).not.toHaveLevel(0);
  expect(board).not.toReach(0x40000000, us(10));
});
test('does not reach', ({ board }) => {
  expect(board).toReach('_start', us(10));
});
test('has no FreeRTOS', ({ board }) => {
  expect(board).toHaveStackHeadroom(1);
});
test('fails/with evidence', ({ board }) => {
  expect(board).toPrint('ready', ms(1));
});
test('fails plainly', ({ board }) => {
  board.runFor(us(300));
  expect(board.output).toBe('other');
});
test('never measured', ({ board }) => {
  expect(board.pin(2)).toToggleAt(4000);
});
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep32-vitest-'));
  const { entry, sections, symbols } = asm`${PROGRAM}`;
  writeFileSync(join(folder, 'program.elf'), writeElf({ entry, sections, symbols }));
  writeFileSync(join(folder, 'spec.test.ts'), SPEC);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('node_modules/vitest'), join(folder, 'node_modules/vitest'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('tests of a user', () => {
  it('fork a booted board, and leave evidence when they fail', () => {
    const vitest = resolve('node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--reporter=json', '--outputFile=out.json'];
    const env = { ...process.env, CI: 'true', VITEST: undefined };
    const { stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
    const report = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
      testResults: {
        assertionResults: { title: string; status: string; failureMessages: string[] }[];
      }[];
    };
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    expect(
      results.map(({ title, status }) => `${title}: ${status}`),
      stderr,
    ).toEqual([
      'toggles: passed',
      'starts where the boot ended, once: passed',
      'finishes: passed',
      'reaches, levels, interrupts: passed',
      'does not reach: failed',
      'has no FreeRTOS: failed',
      'fails/with evidence: failed',
      'fails plainly: failed',
      'never measured: failed',
    ]);
    const messages = results.map(({ failureMessages }) => failureMessages.join('\n'));
    expect(messages[4]).toMatch(/expected: _start is reached\nnot within 10 us/);
    expect(messages[5]).toContain('tasks: FreeRTOS is not found');
    expect(messages[6]).toContain('expected: UART0 prints "ready"\nnot within 1 ms; stopped at');
    expect(messages[6]).toMatch(/PRO_CPU: cycle \d+\n {2}0x400804.. (wait|toggle)/);
    expect(messages[7]).toMatch(/stopped at .* of guest time\nPRO_CPU: cycle/);
    expect(messages[8]).toContain('GPIO2 has no whole period to measure (0 edges seen)');
    const vcd = join(folder, 'lockstep32-failures', 'spec.test.ts-fails-plainly', 'pins.vcd');
    expect(messages[7]).toContain(join('spec.test.ts-fails-plainly', 'pins.vcd'));
    // 300 us at two edges per 250 us: the wave goes on after the fork.
    expect(readFileSync(vcd, 'utf8').match(/^#/gm)!.length).toBeGreaterThanOrEqual(3);
    const trace = readFileSync(vcd.replace('pins.vcd', 'last-instructions.txt'), 'utf8').split(
      '\n',
    );
    // 300 us at 40 MHz: cycles of the test's end, in the loop of ADDI and BNEZ.
    expect(trace).toHaveLength(201);
    expect(trace.at(-2)).toMatch(
      /^ +\d+ PRO 400804.. wait(\+0x3)? +(addi a7, a7, -1|bnez a7, 0x400804..)/,
    );
  });
});
