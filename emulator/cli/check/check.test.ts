/** Gate files from the command line to the reports: what passes, and every way to fail. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folder, lockstep32 } from '../command.fixtures.ts';
import { gateFile, program } from './check.fixtures.ts';

beforeAll(() => void program());

interface JsonReport {
  readonly exitCode: number;
  readonly scenarios: readonly {
    readonly name: string;
    readonly status: string;
    readonly failure: { readonly message: string } | null;
    readonly limits: readonly { readonly name: string; readonly measured: string; readonly isKept: boolean }[]; // prettier-ignore
    readonly startUs: number;
    readonly steps: readonly { readonly text: string; readonly status: string; readonly found: string }[]; // prettier-ignore
    readonly uarts: readonly { readonly lines: readonly { readonly text: string }[] }[];
    readonly pins: readonly { readonly name: string; readonly edges: number }[];
    readonly cores: readonly { readonly shares: readonly { readonly label: string }[] }[];
  }[];
}

/** Statuses by name, and why. */
async function outcome(
  text: string,
): Promise<[code: number | null, report: JsonReport, stderr: string]> {
  // prettier-ignore
  gateFile('gate.yaml', text);
  const { code, stderr } = await lockstep32('check', 'gate.yaml', '--json', 'out.json');
  return [code, JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as JsonReport, stderr];
}

const why = ({ scenarios }: JsonReport): string[] =>
  scenarios.map(({ name, status, failure }) => `${name}: ${status}${failure === null ? '' : `: ${failure.message}`}`); // prettier-ignore

describe('check', { timeout: 120_000 }, () => {
  it('passes what is as the file says', async () => {
    const [code, report, stderr] = await outcome(`
devices:
  boot button: { type: button, pin: 0 }
  lamp: { type: led, pin: 2 }
stacks: { main: { low: stack, size: 64 } }
limits: { failOn: [panic], noReset: true, noWarnings: true, noUnmodelled: true, stackHeadroom: 48 }
scenarios:
  boots:
    limits: { time: 50ms, cycles: 4000000 }
    steps:
      - expect: /^bo+t$/
      - reached: turn
        within: 1ms
      - pin: 2
        edge: rising
        within: 1ms
  toggles:
    from: boots
    limits: { interruptsOff: 10us }
    steps:
      - pin: 2
        frequency: 3.9 kHz
        duty: 50%
        tolerance: 5%
        over: 5ms
      - { memory: count, is: 80, within: 2000000 cycles }
      - { memory: count, between: [80, 81] }
      - { memory: flag, size: 1, set: 3 }
      - { wait: 1ms }
      - { device: boot button, command: { press: 1000 } }
      - { wait: 500us }
      - { pin: 0, is: 0 }
      - { pin: 0, is: 1, within: 2ms }
      - { pin: 4, pulse: 1, length: 100us }
      - { wait: 50us }
      - { pin: 4, is: 1 }
  ends:
    from: toggles
    steps:
      - { memory: flag, set: 5 }
      - { exit: 7, within: 1ms }
`);
    // 3: interrupts masked for 1000 turns of a loop, at 40 MHz for at least 75 us.
    expect(why(report)).toEqual([
      'boots: passed',
      expect.stringMatching(/^toggles: failed: interruptsOff: (7[5-9]|[89]\d|1\d\d)[.\d]* us on PRO_CPU from 0x\w+ mask/), // prettier-ignore
      "ends: skipped: 'toggles', which it starts from, did not pass",
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const [boots, toggles] = report.scenarios;
    expect(boots!.uarts[0]!.lines.map(({ text }) => text)).toEqual(['boot']);
    expect(boots!.limits.map(({ name, measured }) => `${name} ${measured}`)).toContain('stackHeadroom 48 bytes in main'); // prettier-ignore
    expect(toggles!.steps.every(({ status }) => status === 'passed')).toBe(true);
    expect(toggles!.startUs).toBeGreaterThan(0);
    expect(toggles!.pins.map(({ name }) => name)).toEqual(['GPIO0', 'GPIO2', 'GPIO4']);
    expect(toggles!.pins[0]!.edges).toBe(2);
    expect(toggles!.cores.map(({ shares }) => shares[0]!.label)).toEqual(['running', 'held']);
  });

  it('a scenario goes on where another ended', async () => {
    const [code, report] = await outcome(`
scenarios:
  second: { from: first, steps: [{ memory: flag, set: 5 }, { exit: 7 }] }
  third: { from: first, steps: [{ memory: flag, is: 0 }, { wait: 1ms }, { memory: count, between: [10, 20] }] }
  first: { steps: [{ expect: boot }] }
`);
    expect(why(report)).toEqual(['second: passed', 'third: passed', 'first: passed']);
    expect(code).toBe(0);
  });

  it('each step and each limit can fail', async () => {
    const [code, report] = await outcome(`
within: 1ms
stacks: { main: { low: stack, size: 64 } }
scenarios:
  text: { steps: [{ expect: ready }] }
  uart: { steps: [{ expect: boot, uart: 1 }] }
  level: { steps: [{ pin: 2, is: 1 }] }
  level in time: { steps: [{ pin: 4, is: 1, within: 100us }] }
  edge: { steps: [{ pin: 4, edge: falling }] }
  frequency: { steps: [{ wait: 1ms }, { pin: 2, frequency: 2000 }] }
  duty: { steps: [{ wait: 1ms }, { pin: 2, duty: 25% }] }
  no period: { steps: [{ pin: 4, frequency: 1000, over: 1ms }] }
  memory: { steps: [{ memory: flag, is: 1 }] }
  memory in time: { steps: [{ memory: flag, is: 1, within: 100us }] }
  reached: { steps: [{ reached: cry }] }
  exit: { steps: [{ memory: flag, set: 5 }, { exit: 0 }] }
  no exit: { steps: [{ exit: 0, within: 1ms }] }
  unwanted exit: { steps: [{ memory: flag, set: 5 }, { wait: 2ms }] }
  failOn: { limits: { failOn: [/pan.c/] }, steps: [{ memory: flag, set: 4 }, { wait: 20ms }] }
  stack: { limits: { stackHeadroom: 49 }, steps: [{ wait: 1ms }] }
  heap: { limits: { heapMinimum: 1 }, steps: [] }
  watchdog: { limits: { watchdogMargin: 1us }, steps: [{ wait: 1ms }] }
  reset: { limits: { noReset: true }, steps: [{ memory: flag, set: 1 }, { wait: 1ms }] }
  unmodelled: { limits: { noUnmodelled: true }, steps: [{ memory: flag, set: 2 }, { wait: 1ms }] }
  allowed: { limits: { noUnmodelled: true, allowUnmodelled: ['EMAC*'] }, steps: [{ memory: flag, set: 2 }, { wait: 1ms }] }
  time: { limits: { time: 500us }, steps: [{ wait: 1ms }] }
  cycles: { limits: { cycles: 20000 }, steps: [{ wait: 1ms }] }
`);
    expect(code).toBe(1);
    const core = '(PRO|APP)_CPU';
    const texts = why(report).map((text) => text.replace(new RegExp(`${core}.*`), '$1'));
    expect(texts).toEqual([
      'text: failed: UART0 prints "ready": not within 1 ms; stopped at 1 ms of guest time',
      'uart: failed: UART1 prints "boot": not within 1 ms; stopped at 1 ms of guest time',
      'level: failed: GPIO2 is 1: it is 0',
      'level in time: failed: GPIO4 is 1 within 100 us: it is 0, not within 100 us; stopped at 100 us of guest time',
      'edge: failed: GPIO4 has a falling edge: not within 1 ms; stopped at 1 ms of guest time',
      expect.stringMatching(/^frequency: failed: .*: GPIO2 toggles at 39\d\d\.\d+ Hz, high/),
      expect.stringMatching(/^duty: failed: .* high (50|49\.\d+|50\.\d+)% of the time$/),
      'no period: failed: GPIO4 toggles at 1000 Hz within 1%: GPIO4 had 0 edges in 1 ms: no whole period to measure',
      'memory: failed: memory flag is 1: it is 0',
      'memory in time: failed: memory flag is 1 within 100 us: it is 0, not within 100 us; stopped at 100 us of guest time',
      'reached: failed: cry is reached: not within 1 ms; stopped at 1 ms of guest time',
      'exit: failed: the guest exits with 0: the guest exited with 7',
      'no exit: failed: the guest exits with 0 within 1 ms: the guest does not exit',
      'unwanted exit: failed: wait 2 ms: the guest exited with code 7',
      'failOn: failed: wait 20 ms: UART0 printed "panic", which failOn forbids',
      'stack: failed: stackHeadroom: 48 bytes in main; expected at least 49 bytes',
      'heap: failed: heapMinimum: no heap of ESP-IDF with debug information; expected at least 1 bytes',
      'watchdog: failed: watchdogMargin: no watchdog was fed; expected at least 1 us',
      expect.stringMatching(
        /^reset: failed: noReset: 1, last .* by RTC_CNTL at .*; expected none$/,
      ),
      expect.stringMatching(/^unmodelled: failed: noUnmodelled: EMAC\w*\.\w+; expected none$/),
      'allowed: passed',
      'time: limit: wait 1 ms: the time limit of the scenario is reached',
      'cycles: limit: wait 1 ms: the cycle limit of the scenario is reached',
    ]);
  });

  it('limits of time alone give 124', async () => {
    const [code, report] = await outcome(`
scenarios:
  slow: { limits: { time: 100us }, steps: [{ wait: 1ms }] }
  quick: { limits: { time: 2ms }, steps: [{ wait: 1ms }] }
`);
    expect(why(report).map((text) => text.slice(0, 13))).toEqual([
      'slow: limit: ',
      'quick: passed',
    ]);
    expect([code, report.exitCode]).toEqual([124, 124]);
  });

  it('the host limit gives 124', async () => {
    gateFile('gate.yaml', 'scenarios: { long: { steps: [{ wait: 10min }] } }');
    const { code, stdout } = await lockstep32('check', 'gate.yaml', '--wall-limit', '500ms');
    expect(code).toBe(124);
    expect(stdout).toContain('the host time limit (--wall-limit) is reached');
  });

  it('prints where and why, without colour in a pipe', async () => {
    gateFile('gate.yaml', 'scenarios:\n  a:\n    steps:\n      - wait: 1ms\n      - expect: ready\n        within: 1ms\n  b: { steps: [{ expect: boot }] }\n'); // prettier-ignore
    const { code, stdout } = await lockstep32('check', 'gate.yaml');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL a 2 ms\n {4}gate\.yaml:6:9: UART0 prints "ready" within 1 ms: not within 1 ms; stopped at 2 ms/); // prettier-ignore
    expect(stdout).toMatch(/UART0 since the last match:\n {6}\| boot\n {4}PRO_CPU: cycle \d+\n/);
    expect(stdout).toMatch(/\nok b [\d.]+ (us|ms)\n2 scenarios: 1 passed, 1 failed\n$/);
    const one = await lockstep32('check', 'gate.yaml', '--only', 'b');
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/^ok b .*\n1 scenario: 1 passed\n$/);
  });

  it('writes nothing when the input is wrong', async () => {
    gateFile(
      'gate.yaml',
      'scenarios: { a: { steps: [{ reached: trun }, { memory: cuont, is: 1 }] } }',
    );
    const { code, stdout, stderr } = await lockstep32('check', 'gate.yaml', '--html', 'never.html');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^lockstep32: gate\.yaml:2:38: symbol: there is none named 'trun' \(did you mean 'turn'/), // prettier-ignore
      expect.stringMatching(/^lockstep32: gate\.yaml:2:56: symbol: there is none named 'cuont' \(did you mean 'count'/), // prettier-ignore
    ]);
    expect(existsSync(join(folder, 'never.html'))).toBe(false);
    const missing = await lockstep32('check', 'none.yaml');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^lockstep32: none\.yaml: cannot be read; expected a gate file/);
    const folderless = await lockstep32('check', 'gate.yaml', '--json', 'gate.yaml/x.json');
    expect(folderless.stderr).toMatch(/^lockstep32: gate\.yaml\/x\.json: cannot be written/);
  });
});
