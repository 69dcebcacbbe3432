/** The published JSON Schema against the reader, with a validator of its own: they agree on every file. */
import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { SEED } from '../../loader/synthetic.fixtures.ts';
import { parseGate } from './gate-file.ts';
import { GateError } from './problems.ts';

const schema = JSON.parse(readFileSync('schema/gate.schema.json', 'utf8')) as object;
const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
const validate = ajv.compile(schema);

/** What no schema can say: names of other parts of the file, regular expressions, deep commands. */
const BEYOND_SCHEMA = /: there is no (scenario|device) '|would start from its own end|expected a text, or a regular expression/; // prettier-ignore

function schemaErrors(value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors as ErrorObject[]).map(
    (one) => `${one.instancePath} ${one.message ?? ''}`,
  );
}

function readerErrors(source: string): readonly string[] {
  try {
    parseGate('g.yaml', source);
    return [];
  } catch (error) {
    if (error instanceof GateError) return error.lines;
    throw error;
  }
}

/** Gate files of the project: examples and what its tests and documents have. */
function examples(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /gate\.yaml$|fails\.yaml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
}

const ALL = `
machine: { firmware: [0x1000, boot.bin, 0x10000, app.bin], rom: auto, elf: [a.elf], flashSize: 4MB, psram: 4MB, strapping: 19, seed: 7, timing: on, sramArbiter: off }
devices:
  b: { type: button, pin: 0, pressedLevel: 0, pulled: true, bounceUs: 10.5, seed: 3 }
  l: { type: led, pin: 2 }
  p: { type: probe, pin: 39 }
  e: { type: 24lc256, sda: 21, scl: 22, pullUps: true, address: 0x50, content: a.bin, writeProtect: 5 }
  x: { type: mcp23017, sda: 21, scl: 22, address: 0x27, intA: 4, intB: 5, reset: 12 }
  o: { type: ssd1306, sda: 21, scl: 22, height: 64 }
  t: { type: bmp280, sda: 21, scl: 22, celsius: -40, pascal: 100000 }
  s: { type: mcp23s17, pins: { cs: 5, clk: 18, mosi: 23, miso: 19 }, address: 7, mode: 3 }
  d: { type: st7789, pins: { cs: 5, clk: 18, mosi: 23, dc: 4, reset: 12 }, width: 240, height: 240, left: 0, top: 0, ips: true }
  r: { type: encoder, pinA: 25, pinB: 26 }
  c: { type: terminal, txPin: 1, rxPin: 3, baudHz: 9600 }
stacks: { main: { low: stack, size: 64, fill: 0xa5 }, irq: { low: 0x3ffb0000, size: 1024 } }
within: 5s
limits: { time: 1.5s, cycles: 100000, failOn: [panic, /Guru/i], stackHeadroom: 100, heapMinimum: 1000, interruptsOff: 20us, watchdogMargin: 1ms, noReset: true, noWarnings: false, noUnmodelled: true, allowUnmodelled: ['EMAC*'] }
scenarios:
  one:
    steps:
      - { expect: /ready/, uart: 1, within: 100ms }
      - { type: "help\\r", uart: 0, baud: 115200 }
      - { wait: 240 cycles }
      - { pin: 2, drive: 1 }
      - { pin: 2, release: true }
      - { pin: 2, pull: z }
      - { pin: 2, pulse: 0, length: 10us }
      - { pin: 2, is: 1, within: 1ms }
      - { pin: 2, edge: rising }
      - { pin: 2, frequency: 1 kHz, duty: 50%, tolerance: 0.05, over: 20ms }
      - { variable: 'state.queue[3].len', is: { a: [1, two, true, null] }, within: 1s }
      - { variable: x, between: [-5, 5] }
      - { variable: x, set: 12 }
      - { memory: counter, size: 2, is: -1 }
      - { memory: 0x3ffb0000, between: [0, 10] }
      - { reached: app_main, within: 1min }
      - { device: b, command: press }
      - { reset: power }
      - { exit: 0 }
  two: { from: one, limits: { time: 1s }, steps: [] }
`;

describe('the schema of gate files', () => {
  it('is a JSON Schema', () => {
    expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
  });

  it('takes every example', () => {
    const files = ['docs', 'test-roms', 'firmware'].flatMap(examples);
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) expect(schemaErrors(parse(readFileSync(file, 'utf8'))), file).toEqual([]); // prettier-ignore
    expect(schemaErrors(parse(ALL))).toEqual([]);
    expect(readerErrors(ALL)).toEqual([]);
  });

  const oneStep = (step: string): string => `machine: { firmware: a }\nscenarios: { a: { steps: [${step}] } }`; // prettier-ignore
  const oneLimit = (limit: string): string => `machine: { firmware: a }\nlimits: { ${limit} }\nscenarios: { a: { steps: [] } }`; // prettier-ignore
  const oneDevice = (device: string): string => `machine: { firmware: a }\ndevices: { d: ${device} }\nscenarios: { a: { steps: [] } }`; // prettier-ignore
  // prettier-ignore
  const wrong = [
    '',
    '[]',
    'machine: {}',
    'machine: { firmware: a }',
    'machine: { firmware: a }\nscenarios: {}',
    'machine: { firmware: [] }\nscenarios: { a: { steps: [] } }',
    'machine: { firmware: [-1, a] }\nscenarios: { a: { steps: [] } }',
    'machine: { firmware: "" }\nscenarios: { a: { steps: [] } }',
    'machine: { firmware: a, psram: 16MB }\nscenarios: { a: { steps: [] } }',
    'machine: { firmware: a, strapping: 64 }\nscenarios: { a: { steps: [] } }',
    'machine: { firmware: a }\nscenarios: { a: {} }',
    'machine: { firmware: a }\nscenario: { a: { steps: [] } }',
    'machine: { firmware: a }\nwithin: 5\nscenarios: { a: { steps: [] } }',
    'machine: { firmware: a }\nstacks: { m: { low: a, size: 3 } }\nscenarios: { a: { steps: [] } }',
    ...['7', '{}', '{ expect: "" }', '{ expect: a, wait: 1s }', '{ expect: a, uart: 3 }'].map(oneStep),
    ...['{ type: 5 }', '{ type: a, baud: 10 }', '{ wait: 1 }', '{ wait: 1h }', '{ wait: 1.5 cycles }'].map(oneStep),
    ...['{ pin: 2 }', '{ pin: 28, drive: 1 }', '{ pin: 31, is: 1 }', '{ pin: 40, is: 1 }', '{ pin: 2, drive: 2 }'].map(oneStep),
    ...['{ pin: 2, drive: 1, is: 1 }', '{ pin: 2, release: false }', '{ pin: 2, pull: up }', '{ pin: 2, edge: up }'].map(oneStep),
    ...['{ pin: 2, frequency: 0 }', '{ pin: 2, frequency: 0 Hz }', '{ pin: 2, duty: 101% }', '{ pin: 2, duty: 2 }'].map(oneStep),
    ...['{ variable: x }', '{ variable: x, is: 1, set: 2 }', '{ variable: x, between: [1] }', '{ variable: x, between: [1, b] }'].map(oneStep),
    ...['{ memory: x, is: a }', '{ memory: -1, is: 1 }', '{ memory: x, size: 3, is: 1 }', '{ memory: 4294967296, is: 1 }'].map(oneStep),
    ...['{ reached: "" }', '{ reached: 1.5 }', '{ device: d }', '{ reset: soft }', '{ exit: 256 }', '{ exit: -1 }'].map(oneStep),
    ...['time: 5', 'time: 240 cycles', 'cycles: 0', 'failOn: x', 'stackHeadroom: -1', 'noReset: 1', 'unknown: 1'].map(oneLimit),
    ...['{ pin: 2 }', '{ type: lmp, pin: 2 }', '{ type: led }', '{ type: led, pin: 2, colour: red }', '{ type: bmp280, sda: 21, scl: 22, celsius: 100 }'].map(oneDevice),
    ...['{ type: mcp23s17 }', '{ type: mcp23s17, pins: { cs: 5 } }', '{ type: encoder, pinA: 30, pinB: 2 }', '{ type: 24lc256, sda: 1, scl: 2, address: 0x60 }'].map(oneDevice),
  ];
  it.each(wrong)('and the reader refuse %j', (source) => {
    expect(readerErrors(source)).not.toEqual([]);
    expect(schemaErrors(parse(source))).not.toEqual([]);
  });

  it('agrees with the reader on damaged files', { timeout: 60_000 }, () => {
    const paths = pathsOf(parse(ALL));
    const scalar = fc.constantFrom(null, true, false, -1, 0, 1, 2, 28, 40, 0.5, 1e10, '', 'z', '1s', '2 ms', '10 cycles', '0.5 cycles', '50%', '250%', '1 kHz', '0Hz', 'press', [], {}, ['a'], [1, 2], { pin: 2 }); // prettier-ignore
    const damage = fc.record({ path: fc.constantFrom(...paths), value: scalar, kind: fc.constantFrom('set', 'set', 'set', 'delete', 'add') }); // prettier-ignore
    const disagreements: string[] = [];
    let refused = 0;
    for (const one of fc.sample(damage, { seed: SEED, numRuns: 500 })) {
      const gate = parse(ALL) as Json;
      apply(gate, one.path, one.kind, one.value);
      const reader = readerErrors(stringify(gate));
      const bySchema = schemaErrors(gate);
      if (reader.length > 0) refused++;
      const isBeyond = bySchema.length === 0 && reader.every((line) => BEYOND_SCHEMA.test(line));
      if ((reader.length === 0) !== (bySchema.length === 0) && !isBeyond)
        disagreements.push(`${one.kind} ${one.path.join('/')} ${JSON.stringify(one.value)}: ${reader[0] ?? 'fits'}; schema: ${bySchema[0] ?? 'fits'}`); // prettier-ignore
    }
    expect(refused).toBeGreaterThan(200);
    expect([...new Set(disagreements)]).toEqual([]);
  });
});

interface Json {
  [key: string]: Json;
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const inner = Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]));
  return path.length === 0 ? inner : [[...path], ...inner];
}

function apply(root: Json, path: readonly string[], kind: string, value: unknown): void {
  const place = path.slice(0, -1).reduce<Json>((at, key) => at[key]!, root);
  const last = path.at(-1)!;
  if (kind === 'delete' && !Array.isArray(place)) delete place[last];
  else if (kind === 'add' && !Array.isArray(place)) place[`${last}x`] = value as unknown as Json;
  else place[last] = value as unknown as Json;
}
