/** `lockstep32 run`: boots a chip from an ELF or flash images and watches what it prints. */
import type { Command } from 'commander';
import { encodeRunLog } from '../testing/run-log.ts';
import { InputError } from '../loader/errors.ts';
import { EXIT } from './exit.ts';
import { describeFailure } from './failure.ts';
import { addRunOptions } from './options.ts';
import type { RunOptions } from './options.ts';
import type { Outcome } from './outcome.ts';
import { writeOutput } from './output-file.ts';
import { readPlan } from './plan.ts';
import type { RunPlan } from './plan.ts';
import { makeReport } from './report.ts';
import { Screen } from './screen.ts';
import { Session } from './session.ts';
import type { Watcher } from './session.ts';
import { Signals } from './signals.ts';
import { TraceOutput } from './trace-output.ts';
import { WaveformFile } from './waveform-file.ts';

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description(
      'boot firmware: an ELF, a flash image, OFFSET FILE pairs, or an ESP-IDF build folder',
    )
    .argument(
      '<input...>',
      'FILE, FOLDER, or 0x1000 bootloader.bin 0x8000 partition-table.bin 0x10000 app.bin',
    )
    .action(async (inputs: string[], options: RunOptions) => {
      process.exitCode = await run(inputs, options);
    });
  addRunOptions(command);
}

async function run(inputs: readonly string[], options: RunOptions): Promise<number> {
  const { exitCode } = await carryOut(readPlan(inputs, options), options, new Screen());
  return exitCode;
}

/** The whole run with its messages and files; `watcher` follows it. */
export async function carryOut(
  plan: RunPlan,
  options: RunOptions,
  screen: Screen,
  watcher?: Watcher,
): Promise<Outcome> {
  for (const note of plan.notes) screen.say(note);
  for (const warning of plan.warnings) screen.say(`warning: ${warning}`);
  const signals = new Signals();
  const waveforms = WaveformFile.open(plan.chip, options);
  const trace = TraceOutput.open(plan.chip, plan.symbols, options);
  if (trace !== undefined && watcher !== undefined)
    throw new InputError('--trace', 'a profile watches the instructions already', {
      expected: '`lockstep32 run` for a trace',
    });
  const session = new Session(plan, screen, signals, watcher);
  try {
    const outcome = await watch(session, options.uart0);
    waveforms?.write();
    if (plan.recorder !== undefined)
      writeOutput(options.record!, encodeRunLog(plan.recorder.log()));
    const last = trace?.end(outcome.exitCode !== EXIT.met) ?? [];
    conclude(plan, session, screen, outcome, options.report);
    if (last.length > 0) screen.say(last.join('\n'));
    return outcome;
  } finally {
    signals.ignore();
  }
}

/** Runs to the end; the terminal and the host's files are given back in any case. */
async function watch(session: Session, uart0: string | undefined): Promise<Outcome> {
  try {
    await session.open(uart0);
    return await session.run();
  } finally {
    session.close();
  }
}

function conclude(
  { chip, symbols }: RunPlan,
  session: Session,
  screen: Screen,
  outcome: Outcome,
  reportFile: string | undefined,
): void {
  const { scenario, panics } = session;
  if (outcome.exitCode !== EXIT.met) {
    const [why, ...where] = describeFailure(chip, scenario, symbols, outcome);
    screen.say([screen.alarm(why!), ...where].join('\n'));
  }
  if (reportFile === undefined) return;
  const report = makeReport(chip, symbols, outcome, panics.backtraces);
  writeOutput(reportFile, `${JSON.stringify(report, null, 2)}\n`);
}
