/** One scenario from its start to its end, on a board of its own. */
import type { InputRecord } from '../../inputs.ts';
import { InputError } from '../../loader/errors.ts';
import type { Board } from '../../testing/board.ts';
import { lastInstructions } from '../../testing/last-instructions.ts';
import type { Snapshot } from '../../testing/snapshot.ts';
import { seconds } from '../../testing/units.ts';
import type { Span } from '../../testing/units.ts';
import type { Gate, Scenario } from './gate-file.ts';
import { measureLimits } from './limits.ts';
import { Monitors } from './monitors.ts';
import { Player, StepFailure } from './player.ts';
import { GateError, placeText } from './problems.ts';
import type { Failure, LimitResult, ScenarioResult, Status, StepResult } from './result.ts';
import type { Named } from './shape.ts';
import { stepText } from './step-text.ts';
import type { Limits, Step } from './steps.ts';

const DEFAULT_WITHIN = seconds(10);

export interface Stage {
  readonly gate: Gate;
  /** Just forked from `base`. */
  readonly board: Board;
  readonly base: Snapshot;
  readonly scenario: Named<Scenario>;
  /** Host milliseconds, for what people want to know. */
  readonly wallMs: () => number;
  /** Told of progress every 10 ms of guest time; a text ends the scenario by the host's limit. */
  readonly onTurn: (step: number) => string | undefined;
}

export function playScenario(stage: Stage): ScenarioResult {
  const { gate, board, base, scenario } = stage;
  const { table, problems } = gate;
  const limits: Limits = { ...table.limits, ...scenario.value.limits };
  const start = board.now;
  const startCycle = board.cycles(0);
  const startMs = stage.wallMs();
  const monitors = new Monitors(board, limits.failOn ?? []);
  const inputs: InputRecord[] = [];
  board.chip.inputs.onApplied = (record) => inputs.push(record);
  const steps: StepResult[] = [];
  let failure: Failure | undefined;
  let status: Status = 'passed';
  let hostLimit: string | undefined;
  const player = new Player({
    board,
    within: (table.within as Span | undefined) ?? DEFAULT_WITHIN,
    endTick: limits.time === undefined ? Infinity : start + limits.time.ticks,
    endCycle: limits.cycles === undefined ? Infinity : startCycle + limits.cycles,
    violation: () => monitors.violation(),
    onTurn: () => {
      monitors.cores.look();
      hostLimit = stage.onTurn(steps.length);
      return hostLimit;
    },
  });
  const play = (step: Step): void => {
    const begin = board.now;
    const at = problems.at(step.offset);
    const text = stepText(step);
    try {
      const found = player.play(step);
      steps.push({ at, text, status: 'passed', start: begin, end: board.now, found });
    } catch (error) {
      if (error instanceof InputError)
        throw new GateError([`${placeText(gate.file, at)}: ${error.message}`]);
      if (!(error instanceof StepFailure)) throw error;
      status = error.isLimit ? 'limit' : 'failed';
      const message = `${text}: ${error.message}`;
      failure = { at, message, detail: error.detail };
      steps.push({ at, text, status, start: begin, end: board.now, found: error.message });
    }
  };
  for (const step of scenario.value.steps) {
    if (failure === undefined) play(step);
    else steps.push(notPlayed(gate, step, board.now));
  }
  monitors.settle();
  const results = measureLimits({
    ...{ board, monitors, limits, stacks: table.stacks ?? [] },
    elapsed: { ticks: board.now - start, cycles: board.cycles(0) - startCycle },
    wantedResets: steps.filter((step, i) => step.status === 'passed' && scenario.value.steps[i]!.verb === 'reset').length, // prettier-ignore
  });
  const broken = results.find(({ isKept }) => !isKept);
  if (broken !== undefined && failure === undefined) {
    status = broken.name === 'time' || broken.name === 'cycles' ? 'limit' : 'failed';
    failure = { at: scenario.at, message: limitText(broken), detail: board.where() };
  }
  const { log } = board.chip;
  return {
    ...{ name: scenario.name, at: scenario.at, from: scenario.value.from?.value },
    ...{ status, failure, steps, limits: results, start, end: board.now },
    cycles: board.cycles(0) - startCycle,
    wallMs: stage.wallMs() - startMs,
    uarts: monitors.uarts(),
    pins: monitors.pins(),
    cores: monitors.coreLanes(),
    hasTasks: monitors.tasks !== undefined,
    warnings: [...log.warnings].map(([message, { count }]) => ({ message, count })),
    resets: log.resets,
    unmodelled: [...log.unmodelledEntries.values()],
    // After the host's limit the run is not repeated.
    trace:
      failure === undefined || hostLimit !== undefined
        ? []
        : lastInstructions({ board, start: base, inputs }),
  };
}

/** The result of a scenario whose start was never reached. */
export function skipScenario(gate: Gate, scenario: Named<Scenario>): ScenarioResult {
  const base = scenario.value.from!.value;
  return {
    ...{ name: scenario.name, at: scenario.at, from: base, status: 'skipped' },
    failure: { at: scenario.at, message: `'${base}', which it starts from, did not pass`, detail: [] }, // prettier-ignore
    steps: scenario.value.steps.map((step) => notPlayed(gate, step, 0)),
    ...{ limits: [], start: 0, end: 0, cycles: 0, wallMs: 0, uarts: [] },
    pins: { start: 0, end: 0, dropped: 0, waves: [] },
    ...{ cores: [], hasTasks: false, warnings: [], resets: [], unmodelled: [], trace: [] },
  };
}

export function limitText({ name, limit, measured }: LimitResult): string {
  return `${name}: ${measured}; expected ${limit}`;
}

function notPlayed({ problems }: Gate, step: Step, tick: number): StepResult {
  const at = problems.at(step.offset);
  return { at, text: stepText(step), status: 'skipped', start: tick, end: tick, found: '' };
}
