/** The steps of a scenario, as a table: what a gate file may say in each. */
import { byVerb, json, list, located, object } from './shape.ts';
import type { ValueOf } from './shape.ts';
import { choice, flag, gpio, hertz, integer, pattern, place, share, span, text, time, yes } from './values.ts'; // prettier-ignore

const within = { shape: span, help: 'how long to wait for it' } as const;
const uart = { shape: choice([0, 1, 2]), help: 'number of the UART; 0 by default' } as const;
const level = choice([0, 1]);
const pull = choice([0, 1, 'z']);
const value = json('a value');
const range = list(integer(-(2 ** 53) + 1, 2 ** 53 - 1), 2);
const ANY_INTEGER = integer(-(2 ** 31), 2 ** 32 - 1, 'a 32-bit number');

const expect = object(
  {
    expect: { shape: pattern, help: 'text, or /regular expression/, that the chip prints', required: true }, // prettier-ignore
    within,
    uart,
  },
  { name: 'an `expect` step' },
);

const type = object(
  {
    type: { shape: text, help: 'text to send; write "\\r" in double quotes for a line end', required: true }, // prettier-ignore
    uart,
    baud: { shape: integer(50, 5_000_000), help: 'bits per second; as the chip sent last by default' }, // prettier-ignore
  },
  { name: 'a `type` step' },
);

const wait = object(
  { wait: { shape: span, help: 'guest time to let pass', required: true } },
  { name: 'a `wait` step' },
);

const pin = object(
  {
    pin: { shape: gpio, help: 'GPIO number', required: true },
    drive: { shape: level, help: 'drive the pin from outside' },
    release: { shape: yes, help: 'drive it no more' },
    pull: { shape: pull, help: 'connect a resistor to a rail, or none with z' },
    pulse: { shape: level, help: 'drive it so for the time of `length`, then let go' },
    length: { shape: time, help: 'length of the pulse; 1ms by default' },
    is: { shape: level, help: 'the level it has now, or reaches `within` a time' },
    edge: { shape: choice(['rising', 'falling']), help: 'wait for the next such edge' },
    frequency: { shape: hertz, help: 'frequency that it toggles at while `over` passes' },
    duty: { shape: share, help: 'share of high time while `over` passes' },
    tolerance: { shape: share, help: 'how far off frequency (relative) and duty (absolute) may be; 1% by default' }, // prettier-ignore
    over: { shape: span, help: 'how long frequency and duty are measured; 10ms by default' },
    within,
  },
  {
    name: 'a `pin` step',
    exactlyOne: ['drive', 'release', 'pull', 'pulse', 'is', 'edge', ['frequency', 'duty']],
  },
);

const compared = {
  is: { shape: value, help: 'the value it has now, or reaches `within` a time' },
  between: { shape: range, help: 'least and greatest value' },
  set: { shape: value, help: 'write this value' },
  within,
} as const;

const variable = object(
  {
    variable: { shape: located(text), help: 'path of a variable: state.queue[3].len', required: true }, // prettier-ignore
    ...compared,
  },
  { name: 'a `variable` step', exactlyOne: ['is', 'between', 'set'] },
);

const memory = object(
  {
    memory: { shape: located(place), help: 'symbol or address', required: true },
    size: { shape: choice([1, 2, 4]), help: 'bytes; 4 by default' },
    ...compared,
    is: { shape: ANY_INTEGER, help: compared.is.help },
    set: { shape: ANY_INTEGER, help: compared.set.help },
  },
  { name: 'a `memory` step', exactlyOne: ['is', 'between', 'set'] },
);

const reached = object(
  {
    reached: { shape: located(place), help: 'symbol or address that a core is to run', required: true }, // prettier-ignore
    within,
  },
  { name: 'a `reached` step' },
);

const device = object(
  {
    device: { shape: located(text), help: 'name of a device of `devices`', required: true },
    command: { shape: json('a command of the device'), help: 'press, { celsius: 30 }, ...', required: true }, // prettier-ignore
  },
  { name: 'a `device` step' },
);

const exit = object(
  {
    exit: { shape: integer(0, 255), help: 'code with which the guest exits by semihosting', required: true }, // prettier-ignore
    within,
  },
  { name: 'an `exit` step' },
);

const reset = object(
  { reset: { shape: choice(['pin', 'power']), help: 'a pulse on EN, or the supply fails and comes back', required: true } }, // prettier-ignore
  { name: 'a `reset` step' },
);

export const step = byVerb(
  { expect, type, wait, pin, variable, memory, reached, device, exit, reset },
  'a step',
);
export type Step = ValueOf<typeof step>;

const patterns = list(pattern);

/** Limits of a scenario; those at the top of the file are for every scenario. */
export const LIMITS = {
  time: { shape: time, help: 'guest time of the scenario (exit code 124)' },
  cycles: { shape: integer(1, 2 ** 53 - 1), help: 'CPU cycles of PRO_CPU in the scenario (exit code 124)' }, // prettier-ignore
  failOn: { shape: patterns, help: 'texts that none of the UARTs may print' },
  stackHeadroom: { shape: integer(0, 2 ** 31), help: 'bytes that no stack may ever have had less of: FreeRTOS tasks and `stacks`' }, // prettier-ignore
  heapMinimum: { shape: integer(0, 2 ** 31), help: 'bytes of ESP-IDF heap that were free at any time' }, // prettier-ignore
  interruptsOff: { shape: time, help: 'longest time that a core may mask interrupts of level 1' },
  watchdogMargin: { shape: time, help: 'least time left of a watchdog when it is fed' },
  noReset: { shape: flag, help: 'the chip is not reset but by steps' },
  noWarnings: { shape: flag, help: 'the emulator has nothing to warn of' },
  noUnmodelled: { shape: flag, help: 'nothing is touched that is not modelled' },
  allowUnmodelled: { shape: list(text), help: 'exceptions to noUnmodelled: globs of BLOCK.REGISTER' }, // prettier-ignore
} as const;

export const limits = object(LIMITS, { name: 'limits' });
export type Limits = ValueOf<typeof limits>;
