/** What a gate file may not say, each with its place; and the published schema. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gateSchema, parseGate } from './gate-file.ts';
import { GateError } from './problems.ts';

function problems(source: string): readonly string[] {
  try {
    parseGate('g.yaml', source);
  } catch (error) {
    if (error instanceof GateError) return error.lines;
    throw error;
  }
  return [];
}

const START = 'machine: { firmware: a.elf }\n';
const oneStep = (step: string): readonly string[] =>
  problems(`${START}scenarios:\n  a:\n    steps:\n      - ${step}\n`);

describe('gate files', () => {
  it('are taken when they are right', () => {
    expect(problems(`${START}scenarios: { a: { steps: [] } }`)).toEqual([]);
    const all = parseGate('g.yaml', `${START}devices: { d: { type: bmp280, sda: 21, scl: 22, celsius: 20 } }
scenarios:
  b: { from: a, steps: [{ device: d, command: { celsius: 30 } }] }
  a: { steps: [&s { expect: /x/i, within: 240 cycles }, *s] }`); // prettier-ignore
    expect(all.scenarios.map(({ name, at }) => `${name} ${at.line}:${at.column}`)).toEqual(['a 5:3', 'b 4:3']); // prettier-ignore
    expect(all.scenarios[0]!.value.steps[1]!.of).toEqual({ expect: /x/i, within: { cycles: 240 } });
    expect(all.devices[0]!.value).toEqual({ type: 'bmp280', options: { sda: 21, scl: 22, celsius: 20 } }); // prettier-ignore
  });

  it('are not YAML', () => {
    expect(problems('machine: [')[0]).toMatch(/^g\.yaml:1:11: not YAML: /);
    expect(problems(`${START}${START}`)[0]).toMatch(
      /^g\.yaml:2:1: not YAML: Map keys must be unique/,
    );
    expect(problems('')).toEqual(['g.yaml:1:1: nothing; expected a gate file (machine, devices, stacks, within, limits, scenarios)']); // prettier-ignore
    expect(problems('- a')[0]).toMatch(/^g\.yaml:1:1: a list; expected a gate file/);
  });

  it('have other keys, with the nearest one offered', () => {
    expect(problems('machine: { firmwear: a.elf }\nscenarios: {}')).toEqual([
      'g.yaml:1:10: a machine without `firmware`; expected a file or folder, relative to the gate file, or a list of an offset in flash, or a file or folder, relative to the gate file',
      expect.stringMatching(/^g\.yaml:1:12: unknown key 'firmwear' in a machine; expected one of firmware, rom, .*\(did you mean 'firmware'\?\)$/), // prettier-ignore
    ]);
    expect(problems(`${START}scenarios: {}`)).toEqual(['g.yaml:1:1: no scenario; expected at least one']); // prettier-ignore
    expect(oneStep('expct: x')).toEqual(["g.yaml:5:9: a step with 'expct'; expected one of expect, type, wait, pin, variable, memory, reached, device, exit, reset (did you mean 'expect'?)"]); // prettier-ignore
    expect(oneStep('{ expect: x, witin: 1s }')).toEqual(["g.yaml:5:22: unknown key 'witin' in an `expect` step; expected one of expect, within, uart (did you mean 'within'?)"]); // prettier-ignore
    expect(oneStep('{ expect: x, wait: 1s }')[0]).toBe("g.yaml:5:9: a step with 'expect' and 'wait'; expected one of expect, type, wait, pin, variable, memory, reached, device, exit, reset"); // prettier-ignore
  });

  it('have values that do not fit, all of them told', () => {
    expect(problems(`${START}limits: { time: 5, stackHeadroom: -1, failOn: x }\nscenarios: { a: { steps: [{ wait: soon }, 7] } }`)).toEqual([
      "g.yaml:2:17: number '5'; expected a time such as 500ms, 2s or 20us",
      "g.yaml:2:35: number '-1'; expected a whole number from 0 to 2147483648",
      "g.yaml:2:47: 'x'; expected a list of a text, or a regular expression between slashes such as /ready: \\d+/",
      "g.yaml:3:35: 'soon'; expected a time such as 500ms, 2s, 20us or 240 cycles",
      "g.yaml:3:43: number '7'; expected a step: one of expect, type, wait, pin, variable, memory, reached, device, exit, reset",
    ]); // prettier-ignore
    expect(oneStep('{ pin: 28, drive: 1 }')).toEqual(["g.yaml:5:16: number '28'; expected a GPIO number: 0 to 27 or 32 to 39"]); // prettier-ignore
    expect(oneStep('{ pin: 2 }')[0]).toBe('g.yaml:5:9: a `pin` step with nothing to do; expected exactly one of drive, release, pull, pulse, is, edge, frequency, duty'); // prettier-ignore
    expect(oneStep('{ pin: 2, drive: 1, is: 1 }')[0]).toMatch(/^g\.yaml:5:9: a `pin` step with drive and is; expected exactly one of/); // prettier-ignore
    expect(oneStep('{ pin: 2, frequency: 1 kHz, duty: 50% }')).toEqual([]);
    expect(oneStep('{ expect: /(/ }')[0]).toMatch(/^g\.yaml:5:19: '\/\(\/'; expected a text, or a regular/); // prettier-ignore
    expect(oneStep('{ memory: 4294967296, is: 1 }')[0]).toMatch(/^g\.yaml:5:19: .* expected a symbol or an address/); // prettier-ignore
  });

  it('name what is not there', () => {
    const from = `${START}scenarios:\n  boots: { steps: [] }\n  b: { from: bots, steps: [] }`;
    expect(problems(from)).toEqual(["g.yaml:4:14: there is no scenario 'bots'; expected one of boots, b (did you mean 'boots'?)"]); // prettier-ignore
    const circle = `${START}scenarios:\n  a: { from: b, steps: [] }\n  b: { from: a, steps: [] }`;
    expect(problems(circle)).toEqual(["g.yaml:4:14: 'b' would start from its own end; expected a scenario that does not start from it"]); // prettier-ignore
    const device = `${START}devices: { lamp: { type: lmp, pin: 2 } }\nscenarios: { a: { steps: [] } }`;
    expect(problems(device)[0]).toMatch(/^g\.yaml:2:26: unknown type 'lmp'; expected one of button, led, probe, 24lc256, .*/); // prettier-ignore
    const button = `${START}devices: { boot: { type: button, pin: 0, bounce: 3 } }\nscenarios: { a: { steps: [{ device: bot, command: press }] } }`;
    expect(problems(button)[0]).toMatch(/^g\.yaml:2:42: unknown key 'bounce' in a device of this type; .*\(did you mean 'bounceUs'\?\)$/); // prettier-ignore
    const command = `${START}devices: { boot: { type: button, pin: 0 } }\nscenarios: { a: { steps: [{ device: bot, command: press }] } }`;
    expect(problems(command)).toEqual(["g.yaml:3:37: there is no device 'bot'; expected one of boot (did you mean 'boot'?)"]); // prettier-ignore
  });

  it('of any content end in lines, not in a fault', () => {
    for (const source of [
      '&a [*a]',
      'a: &a\n  - *b',
      'machine: &m { firmware: *m }',
      '? [1]\n: 2',
      '!!binary x',
      'machine: !x {}\nscenarios: !y []',
      '\u0000',
      '--- a\n--- b',
      'machine: {firmware: a}\ndevices: {b: {type: encoder}}\nscenarios: {1: {steps: [null, [], {type: 1}]}}',
    ])
      // prettier-ignore
      expect(problems(source), source).not.toEqual([]);
  });

  it('have a schema that is published, and not stale', () => {
    const published: unknown = JSON.parse(readFileSync('schema/gate.schema.json', 'utf8'));
    expect(published, 'stale: npm run schema').toEqual(JSON.parse(JSON.stringify(gateSchema())));
  });
});

describe('the examples of docs/ci', () => {
  for (const file of [
    'hello/gate.yaml',
    'hello/fails.yaml',
    'esp-idf/gate.yaml',
    'platformio/gate.yaml',
  ])
    it(`${file} is right`, () => {
      const path = `docs/ci/${file}`;
      expect(parseGate(path, readFileSync(path, 'utf8')).scenarios.length).toBeGreaterThan(0);
    });
});
