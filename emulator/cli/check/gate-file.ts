/** The gate file as a whole: its shape, its JSON Schema, and how it is read. */
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { InputError } from '../../loader/errors.ts';
import { nearestNames } from '../../loader/symbols.ts';
import { device } from './devices.ts';
import type { DeviceRow } from './devices.ts';
import { Problems, quoted } from './problems.ts';
import { either, list, located, named, object } from './shape.ts';
import type { JsonSchema, Named, ValueOf } from './shape.ts';
import { limits, step } from './steps.ts';
import type { Step } from './steps.ts';
import { choice, fileName, integer, place, span, text } from './values.ts';

const offset = integer(0, 0xffff_ffff, 'an offset in flash');

const machine = object(
  {
    firmware: {
      shape: either(fileName, list(either(offset, fileName), 1)),
      help: 'ELF, flash image, application image, build folder, or a list of OFFSET, FILE, OFFSET, FILE', // prettier-ignore
      required: true,
    },
    rom: { shape: text, help: 'mask ROM file, open or auto' },
    flashSize: { shape: text, help: 'size of the flash chip: 2MB, 4MB, 8MB, 16MB' },
    flashHeader: { shape: text, help: 'flash size to write into the bootloader header' },
    psram: { shape: choice(['4MB', '8MB']), help: 'PSRAM chip' },
    elf: {
      shape: either(fileName, list(fileName)),
      help: 'application ELFs: symbols, lines, types',
    },
    strapping: { shape: integer(0, 0x3f), help: 'GPIO_STRAP at power-on; 0x13 boots from flash' },
    seed: { shape: integer(0, 0xffff_ffff), help: 'seed of the random number generator' },
    timing: { shape: choice(['on', 'off']), help: 'the timing model; on by default' },
    sramArbiter: {
      shape: choice(['on', 'off']),
      help: 'cores wait for SRAM banks; off by default',
    },
  },
  { name: 'a machine' },
);

const stack = object(
  {
    low: { shape: located(place), help: 'lowest address: a symbol or a number', required: true },
    size: { shape: integer(4, 2 ** 24), help: 'bytes', required: true },
    fill: { shape: integer(0, 255), help: 'byte with which unused stack is filled; 0xa5 by default' }, // prettier-ignore
  },
  { name: 'a stack' },
);

const scenario = object(
  {
    from: { shape: located(text), help: 'scenario whose end this one starts from; power-on by default' }, // prettier-ignore
    steps: { shape: list(step), help: 'what is done and expected, in order', required: true },
    limits: { shape: limits, help: 'limits of this scenario, over those of the file' },
  },
  { name: 'a scenario' },
);

const gate = object(
  {
    machine: { shape: machine, help: 'the board: firmware, ROM, sizes', required: true },
    devices: { shape: named(device, 'a map of device names'), help: 'devices on the board, by name' }, // prettier-ignore
    stacks: { shape: named(stack, 'a map of stack names'), help: 'stacks to watch besides those of FreeRTOS tasks' }, // prettier-ignore
    within: { shape: span, help: 'how long steps wait when they do not say; 10s by default' },
    limits: { shape: limits, help: 'limits of every scenario' },
    scenarios: { shape: named(scenario, 'a map of scenario names', 1), help: 'scenarios by name', required: true }, // prettier-ignore
  },
  { name: 'a gate file' },
);

export type Scenario = ValueOf<typeof scenario>;
export type Stack = ValueOf<typeof stack>;
export type GateTable = ValueOf<typeof gate>;

export interface Gate {
  readonly file: string;
  readonly table: GateTable;
  /** In an order in which each comes behind the one that it starts from. */
  readonly scenarios: readonly Named<Scenario>[];
  readonly devices: readonly Named<DeviceRow>[];
  /** For what shows when the machine is there; throw through its `check`. */
  readonly problems: Problems;
}

/** JSON Schema of gate files, for editors. */
export function gateSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Gate file of lockstep32 check',
    ...gate.schema,
  };
}

/** Reads and checks a file; throws GateError with all its problems, or InputError. */
export function readGate(file: string): Gate {
  return parseGate(file, readText(file));
}

export function parseGate(file: string, source: string): Gate {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter, prettyErrors: false });
  const problems = new Problems(file, counter);
  for (const { pos, message } of document.errors)
    problems.add(pos[0], `not YAML: ${message.split('\n')[0]!}`);
  problems.check();
  const table = gate.read(document.contents, 0, { document, problems });
  problems.check();
  const gateTable = table!;
  const scenarios = inOrder(gateTable.scenarios, problems);
  const devices = gateTable.devices ?? [];
  for (const { value } of scenarios)
    for (const one of value.steps) checkDevice(one, devices, problems);
  if (scenarios.length === 0) problems.add(0, 'no scenario; expected at least one');
  problems.check();
  return { file, table: gateTable, scenarios, devices, problems };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const hint = error instanceof Error ? error.message : String(error);
    throw new InputError(file, 'cannot be read', { expected: 'a gate file in YAML', hint });
  }
}

/** Bases first, otherwise as in the file. */
function inOrder(all: readonly Named<Scenario>[], problems: Problems): Named<Scenario>[] {
  const done: Named<Scenario>[] = [];
  const names = all.map(({ name }) => name);
  const visit = (one: Named<Scenario>, path: readonly string[]): void => {
    if (done.includes(one)) return;
    const { from } = one.value;
    const base = all.find(({ name }) => name === from?.value);
    if (from !== undefined && base === undefined) {
      const near = nearestNames(from.value, names).slice(0, 1);
      const hint = near.length === 0 ? '' : ` (did you mean '${near[0]}'?)`;
      problems.add(from.offset, `there is no scenario ${quoted(from.value)}; expected one of ${names.join(', ')}${hint}`); // prettier-ignore
    } else if (base !== undefined && [...path, one.name].includes(base.name)) {
      problems.add(from!.offset, `${quoted(one.name)} would start from its own end; expected a scenario that does not start from it`); // prettier-ignore
    } else if (base !== undefined) visit(base, [...path, one.name]);
    if (!done.includes(one)) done.push(one);
  };
  for (const one of all) visit(one, []);
  return done;
}

function checkDevice(one: Step, devices: readonly Named<DeviceRow>[], problems: Problems): void {
  if (one.verb !== 'device') return;
  const { value, offset: at } = one.of.device;
  const names = devices.map(({ name }) => name);
  if (names.includes(value)) return;
  const near = nearestNames(value, names).slice(0, 1);
  const hint = near.length === 0 ? '' : ` (did you mean '${near[0]}'?)`;
  const expected = names.length === 0 ? 'one of `devices`, which are none' : `one of ${names.join(', ')}`; // prettier-ignore
  problems.add(at, `there is no device ${quoted(value)}; expected ${expected}${hint}`);
}
