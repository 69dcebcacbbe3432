/** `lockstep32 profile`: a run that says where the cycles went. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { freeIram } from '../debugger/iram-advice.ts';
import { Profile } from '../debugger/profile.ts';
import { speedscope } from '../debugger/speedscope.ts';
import { InputError, printable } from '../loader/errors.ts';
import { EXIT } from './exit.ts';
import { addRunOptions } from './options.ts';
import type { RunOptions } from './options.ts';
import { checkWritable, writeOutput } from './output-file.ts';
import { readPlan } from './plan.ts';
import { profileText } from './profile-text.ts';
import { carryOut } from './run.ts';
import { Scenario } from './scenario.ts';
import { Screen } from './screen.ts';
import type { Watcher } from './session.ts';
import { parsePattern } from './values.ts';

interface ProfileOptions extends RunOptions {
  readonly top: number;
  readonly out?: string;
  readonly core: string;
  readonly from?: string;
  readonly lines?: boolean;
}

const CORES: Readonly<Record<string, readonly (0 | 1)[]>> = { pro: [0], app: [1], both: [0, 1] };

export function addProfile(program: Command): void {
  const command = program
    .command('profile')
    .description(
      'run firmware and show, by function and source line, what its cycles were spent on',
    )
    .argument('<input...>', 'as for `run`')
    .option('--top <n>', 'rows of each table', parseTop, 20)
    .option('--lines', 'a table of source lines as well')
    .option('--out <file>', 'write the call trees for speedscope.app')
    .option('--core <name>', 'pro, app or both', 'both')
    .option('--from <regex>', 'count from when the guest printed this (default: from power-on)')
    .action(async (inputs: string[], options: ProfileOptions) => {
      process.exitCode = await profileRun(inputs, options);
    });
  addRunOptions(command);
}

function parseTop(text: string): number {
  const rows = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (rows === 0) throw new InvalidArgumentError('expected a number of rows from 1 on');
  return rows;
}

async function profileRun(inputs: readonly string[], options: ProfileOptions): Promise<number> {
  const cores = Object.hasOwn(CORES, options.core) ? CORES[options.core] : undefined;
  if (cores === undefined) {
    const what = `there is no core '${printable(options.core, 32)}'`;
    throw new InputError('--core', what, { expected: 'pro, app or both' });
  }
  const from = options.from === undefined ? undefined : parsePattern(options.from, '--from');
  if (options.out !== undefined) checkWritable(options.out);
  const plan = readPlan(inputs, options);
  const { chip, symbols } = plan;
  const screen = new Screen();
  const profile = new Profile(chip, symbols);
  const start = new StartAt(
    from,
    () => chip.requestStop(),
    () => profile.start(cores),
  );
  start.turn();
  const { exitCode } = await carryOut(plan, options, screen, start);
  profile.stop();
  if (!start.started) {
    screen.say(`--from ${String(from)} was never printed: nothing was counted`);
    return exitCode === EXIT.met ? EXIT.guestFailed : exitCode;
  }
  const reports = profile.report();
  if (options.out !== undefined) {
    const file = speedscope(inputs.join(' '), reports, symbols);
    writeOutput(options.out, `${JSON.stringify(file)}\n`);
  }
  const text = profileText(reports, {
    top: options.top,
    lines: options.lines === true,
    freeBytes: freeIram(symbols.elfs.flatMap((elf) => elf.sections)),
    colour: screen.hasColour('stdout'),
  });
  screen.print(Buffer.from(text));
  return exitCode;
}

/** Begins when the pattern was printed, at once without one. */
class StartAt implements Watcher {
  started = false;
  private readonly scenario: Scenario | undefined;
  private readonly stop: () => void;
  private readonly begin: () => void;

  constructor(pattern: RegExp | undefined, stop: () => void, begin: () => void) {
    const options = { until: pattern, expect: [], failOn: [], type: [] };
    this.scenario = pattern === undefined ? undefined : new Scenario(options, () => {});
    this.stop = stop;
    this.begin = begin;
  }

  print(text: string): void {
    if (this.started) return;
    this.scenario?.print(text);
    if (this.due) this.stop();
  }

  settle(): void {
    if (!this.started) this.scenario?.settle();
  }

  turn(): void {
    if (this.started || !this.due) return;
    this.started = true;
    this.begin();
  }

  private get due(): boolean {
    return this.scenario === undefined || this.scenario.verdict !== undefined;
  }
}
