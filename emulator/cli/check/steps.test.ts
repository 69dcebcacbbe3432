/** Steps that act on the chip, each with what it does and what its failure says; limits of real firmware. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles, realPath } from '../../loader/real.fixtures.ts';
import { elf, file, folder, lockstep32 } from '../command.fixtures.ts';

/** Copies the level of GPIO4 to `level`, and each byte from UART0 to `got`, without end. */
const PROGRAM = `
        movi  a2, 0x3ff49048    // IO_MUX of GPIO4: FUN_IE
        movi  a3, 0x2200
        s32i  a3, a2, 0
        movi  a2, 0x3ff49084    // of GPIO3, U0RXD: FUN_IE
        movi  a3, 0x200
        s32i  a3, a2, 0
        movi  a8, 0x3ff44000
        movi  a9, 0x3ff40000
        movi  a10, level
turn:   l32i  a3, a8, 0x3c      // GPIO_IN
        extui a3, a3, 4, 1
        s32i  a3, a10, 0
        l32i  a3, a9, 0x1c      // UART_STATUS: RXFIFO_CNT
        extui a3, a3, 0, 8
        beqz  a3, turn
        l32i  a3, a9, 0
        s32i  a3, a10, 4
        j     turn
        .data
        .align 4
level:  .word 0
got:    .word 0`;

interface Report {
  readonly scenarios: readonly {
    readonly name: string;
    readonly status: string;
    readonly failure: { readonly message: string } | null;
    readonly limits: readonly { readonly name: string; readonly measured: string }[];
    readonly uarts: readonly { readonly lines: readonly { readonly text: string }[] }[];
  }[];
}

async function report(text: string): Promise<Report> {
  file('gate.yaml', text);
  const { stderr } = await lockstep32('check', 'gate.yaml', '--json', 'out.json');
  expect(stderr).toBe('');
  return JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Report;
}

const why = ({ scenarios }: Report): string[] =>
  scenarios.map(({ name, failure }) => `${name}: ${failure?.message ?? 'passed'}`);

describe('steps that act', { timeout: 120_000 }, () => {
  beforeAll(() => void elf('pins.elf', PROGRAM));

  it('drive, pull, release: the guest sees the level', async () => {
    const seen = (bit: 0 | 1): string => `{ memory: level, is: ${bit}, within: 100us }`;
    expect(
      why(
        await report(`
machine: { firmware: pins.elf }
scenarios:
  driven: { steps: [{ pin: 4, drive: 1 }, { pin: 4, is: 1 }, ${seen(1)}, { pin: 4, drive: 0 }, ${seen(0)}] }
  pulled: { steps: [{ pin: 4, pull: 1 }, ${seen(1)}, { pin: 4, pull: 0 }, ${seen(0)}] }
  driver wins: { steps: [{ pin: 4, pull: 1 }, { pin: 4, drive: 0 }, ${seen(0)}, { pin: 4, release: true }, ${seen(1)}] }
  not driven: { steps: [{ pin: 4, drive: 0 }, { pin: 4, is: 1 }] }
  not pulled: { steps: [{ pin: 4, pull: 0 }, { pin: 4, is: 1, within: 50us }] }
  not seen: { steps: [{ pin: 4, drive: 0 }, ${seen(1)}] }
`),
      ),
    ).toEqual([
      'driven: passed',
      'pulled: passed',
      'driver wins: passed',
      'not driven: GPIO4 is 1: it is 0',
      'not pulled: GPIO4 is 1 within 50 us: it is 0, not within 50 us; stopped at 50 us of guest time',
      'not seen: memory level is 1 within 100 us: it is 0, not within 100 us; stopped at 100 us of guest time',
    ]);
  });

  it('type: bytes at the baud rate', async () => {
    const result = await report(`
machine: { firmware: pins.elf }
scenarios:
  typed: { steps: [{ wait: 100us }, { type: "xy", baud: 57600 }, { memory: got, is: 0x78, within: 1ms }, { memory: got, is: 0x79, within: 1ms }] }
  not yet: { steps: [{ wait: 100us }, { type: "x", baud: 57600 }, { memory: got, is: 0x78, within: 100us }] }
  other rate: { steps: [{ wait: 100us }, { type: "x", baud: 9600 }, { memory: got, is: 0x78, within: 2ms }] }
  other uart: { steps: [{ wait: 100us }, { type: "x", uart: 1, baud: 57600 }, { memory: got, is: 0x78, within: 1ms }] }
`);
    expect(why(result)).toEqual([
      'typed: passed',
      'not yet: memory got is 120 within 100 us: it is 0, not within 100 us; stopped at 200 us of guest time',
      expect.stringMatching(/^other rate: memory got is 120 within 2 ms: it is \d+, not within 2 ms; stopped at 2\.1 ms of guest time$/), // prettier-ignore
      'other uart: memory got is 120 within 1 ms: it is 0, not within 1 ms; stopped at 1.1 ms of guest time',
    ]);
  });

  it('type and reset on the firmware: by EN and by the supply; wanted resets break no limit', async () => {
    const image = (name: string): string => resolve('firmware/images', name);
    const result = await report(`
machine: { firmware: [0x1000, ${image('bootloader.bin')}, 0x10000, ${image('shell.bin')}], rom: ${image('open-rom.elf')} }
limits: { noReset: true }
within: 300ms
scenarios:
  prompt: { steps: [{ expect: "lockstep32> " }] }
  types: { from: prompt, steps: [{ type: "help\\r" }, { expect: this list }] }
  types nothing: { from: prompt, steps: [{ expect: this list, within: 5ms }] }
  pin: { from: prompt, steps: [{ reset: pin }, { expect: POWERON_RESET }, { expect: "lockstep32> " }] }
  power: { from: prompt, steps: [{ reset: power }, { expect: POWERON_RESET }, { expect: "lockstep32> " }] }
  no reset: { from: prompt, steps: [{ expect: POWERON_RESET, within: 5ms }] }
`);
    const ended = /stopped at [\d.]+ ms/;
    expect(why(result).map((text) => text.replace(ended, 'stopped'))).toEqual([
      'prompt: passed',
      'types: passed',
      'types nothing: UART0 prints "this list" within 5 ms: not within 5 ms; stopped of guest time',
      'pin: passed',
      'power: passed',
      'no reset: UART0 prints "POWERON_RESET" within 5 ms: not within 5 ms; stopped of guest time',
    ]);
  });
});

describe.skipIf(!haveRealFiles())('limits of real firmware', { timeout: 300_000 }, () => {
  it('heap and stacks, by what the firmware says itself', async () => {
    const app = realPath('fw', 'idf_hello_world-v5.1.2-erisdar', 'app.bin');
    const limits = (heap: number, stack: number): string => `limits: { heapMinimum: ${heap}, stackHeadroom: ${stack} }`; // prettier-ignore
    const result = await report(`
machine: { firmware: ${app}, rom: ${realPath('rom', 'esp32_rev300_rom.elf')} }
scenarios:
  boots: { steps: [{ expect: '/heap size: \\d+ bytes/', within: 1s }, { wait: 1ms }] }
  kept: { from: boots, ${limits(100_000, 100)}, steps: [] }
  heap: { from: boots, ${limits(10_000_000, 100)}, steps: [] }
  stack: { from: boots, ${limits(100_000, 1_000_000)}, steps: [] }
`);
    const text = result.scenarios[0]!.uarts[0]!.lines.map((line) => line.text).join('\n');
    const free = /Minimum free heap size: (\d+) bytes/.exec(text)![1]!;
    expect(why(result)).toEqual([
      'boots: passed',
      'kept: passed',
      `heap: heapMinimum: ${free} bytes; expected at least 10000000 bytes`,
      expect.stringMatching(/^stack: stackHeadroom: \d{3,4} bytes in \w+; expected at least 1000000 bytes$/), // prettier-ignore
    ]);
    const kept = result.scenarios[1]!.limits.map(({ name, measured }) => `${name} ${measured}`);
    expect(kept).toContain(`heapMinimum ${free} bytes`);
  });
});
