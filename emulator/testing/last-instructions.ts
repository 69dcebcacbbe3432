/**
 * The last instructions of a run that failed. They are had by running its board once more from where
 * it was forked, with the same inputs: no run pays for a trace unless it fails.
 */
import { Trace } from '../debugger/trace.ts';
import { TraceText } from '../debugger/trace-text.ts';
import type { InputRecord } from '../inputs.ts';
import type { Ticks } from '../scheduler/clock.ts';
import type { Board } from './board.ts';
import type { Snapshot } from './snapshot.ts';
import { ms } from './units.ts';

/** Guest time before the end that is traced; more when both cores were idle then. */
const WINDOWS = [ms(1), ms(100), { ticks: Infinity }] as const;

export interface EndedRun {
  /** The board where it stopped. */
  readonly board: Board;
  /** What it was forked from. */
  readonly start: Snapshot;
  /** What took effect since then, as `chip.inputs.onApplied` tells it. */
  readonly inputs: readonly InputRecord[];
}

/** Of both cores, in lines. */
export function lastInstructions(run: EndedRun): string[] {
  const { board } = run;
  const text = new TraceText(board.symbols);
  for (const window of WINDOWS) {
    const { trace, again } = runAgain(run, window.ticks);
    const entries = trace.entries();
    if (entries.length === 0) continue;
    const isSame = ([0, 1] as const).every((core) => again.cycles(core) === board.cycles(core));
    const note = isSame ? [] : ['(the test changed the machine past its inputs: this is close, not the same run)']; // prettier-ignore
    return [...note, ...entries.flatMap((entry) => text.format(entry))];
  }
  return ['no instruction was executed in this test'];
}

/** The run once more, its last `window` ticks traced. */
function runAgain(run: EndedRun, window: Ticks): { trace: Trace; again: Board } {
  const { board, start, inputs } = run;
  const again = start.fork();
  const { chip } = again;
  const end = board.now;
  for (const { tick, event } of inputs) again.input(event, tick);
  const trace = new Trace({
    cores: chip.cores,
    fullCycle: (cycle) => chip.multicore.fullCycle(cycle),
  });
  if (end - window > chip.now) chip.runUntil(end - window);
  trace.start();
  if (end > chip.now) chip.runUntil(end);
  trace.stop();
  return { trace, again };
}
