/** `lockstep32 check`: the scenarios of a gate file, as a CI runs them before firmware is flashed. */
import type { Command } from 'commander';
import { InputError } from '../../loader/errors.ts';
import { nearestNames } from '../../loader/symbols.ts';
import { MASTER_HZ } from '../../scheduler/clock.ts';
import { EXIT } from '../exit.ts';
import { checkWritable, writeOutput } from '../output-file.ts';
import { parseTime } from '../values.ts';
import { exitCodeOf } from './exit-code.ts';
import { gateSchema, readGate } from './gate-file.ts';
import type { Gate } from './gate-file.ts';
import { formatHtml } from './html.ts';
import { formatJson } from './json.ts';
import { formatJunit } from './junit.ts';
import { GateError } from './problems.ts';
import type { CheckResult } from './result.ts';
import { gateBoard, machineOptions, runGate } from './run-gate.ts';
import { Summary } from './summary.ts';

interface CheckOptions {
  readonly html?: string;
  readonly junit?: string;
  readonly json?: string;
  readonly only?: readonly string[];
  readonly wallLimit?: string;
  readonly schema?: boolean;
}

const FORMATS = { html: formatHtml, junit: formatJunit, json: formatJson } as const;

const CHECK_HELP = `
The gate file says which firmware to boot, what is on the board, what to expect and which limits to
keep; docs/ci.md describes it. A scenario may start from another one's end.

Exit codes: 0 all scenarios passed; 1 one failed; 2 usage or bad input; 3 emulator fault;
124 only limits of time or cycles were reached.`;

export function addCheck(program: Command, version: string): void {
  program
    .command('check')
    .description('run the scenarios of a gate file and report')
    .argument('[gate]', 'gate file (YAML)')
    .option('--html <file>', 'write a report as one HTML file')
    .option('--junit <file>', 'write JUnit XML')
    .option('--json <file>', 'write JSON')
    .option(
      '--only <name>',
      'this scenario, and those that it starts from; repeatable',
      (name, names: readonly string[]) => [...names, name],
      [],
    ) // prettier-ignore
    .option('--wall-limit <time>', 'host time limit (exit code 124)')
    .option('--schema', 'print the JSON Schema of gate files and end')
    .addHelpText('after', CHECK_HELP)
    .action(async (file: string | undefined, options: CheckOptions) => {
      process.exitCode = await checkReported(file, options, version);
    });
}

async function checkReported(
  file: string | undefined,
  options: CheckOptions,
  version: string,
): Promise<number> {
  // prettier-ignore
  try {
    if (options.schema !== true) return await check(file, options, version);
    process.stdout.write(`${JSON.stringify(gateSchema(), null, 2)}\n`);
    return EXIT.met;
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    for (const line of error.lines) console.error(`lockstep32: ${line}`);
    return EXIT.usage;
  }
}

async function check(
  file: string | undefined,
  options: CheckOptions,
  version: string,
): Promise<number> {
  // prettier-ignore
  if (file === undefined) throw new InputError('check', 'no gate file', { expected: 'a YAML file' });
  const wallLimitMs = wallLimit(options.wallLimit);
  const gate = chosen(readGate(file), options.only ?? []);
  const outputs = Object.entries(FORMATS).flatMap(([name, format]) => {
    const path = options[name as keyof typeof FORMATS];
    return path === undefined ? [] : [{ path, format }];
  });
  for (const { path } of outputs) checkWritable(path);
  const summary = new Summary(process.stdout, process.stderr, process.env);
  const board = gateBoard(gate);
  const { notes, warnings } = board.machine;
  for (const note of notes) summary.note(note);
  for (const warning of warnings) summary.note(`warning: ${warning}`);
  const startedMs = Date.now();
  const wallMs = (): number => Date.now() - startedMs;
  const scenarios = await runGate(gate, board, {
    wallMs,
    onStart: (scenario) => summary.started(scenario),
    onTurn: (fork, step) => {
      summary.progress(fork, step, wallMs());
      return wallMs() > wallLimitMs ? 'the host time limit (--wall-limit) is reached' : undefined;
    },
    onEnd: (result) => summary.ended(file, result),
  });
  const { firmware } = machineOptions(gate);
  const result: CheckResult = {
    ...{ file, version, scenarios },
    firmware: typeof firmware === 'string' ? firmware : firmware.join(' '),
    notes: [...notes, ...warnings],
  };
  for (const { path, format } of outputs) writeOutput(path, format(result));
  summary.concluded(result);
  return exitCodeOf(scenarios);
}

function wallLimit(text: string | undefined): number {
  return text === undefined ? Infinity : (parseTime(text, '--wall-limit') / MASTER_HZ) * 1000;
}

/** The scenarios named and those they start from. */
function chosen(gate: Gate, only: readonly string[]): Gate {
  if (only.length === 0) return gate;
  const names = gate.scenarios.map(({ name }) => name);
  const wanted = new Set<string>();
  const want = (name: string | undefined): void => {
    if (name === undefined) return;
    wanted.add(name);
    want(gate.scenarios.find((one) => one.name === name)?.value.from?.value);
  };
  for (const name of only) {
    if (!names.includes(name)) {
      const near = nearestNames(name, names).slice(0, 1);
      throw new InputError('--only', `there is no scenario '${name}'`, {
        expected: `one of ${names.join(', ')}`,
        ...(near.length === 0 ? {} : { hint: `did you mean '${near[0]}'?` }),
      });
    }
    want(name);
  }
  const scenarios = gate.scenarios.filter(({ name }) => wanted.has(name));
  return { ...gate, scenarios };
}
