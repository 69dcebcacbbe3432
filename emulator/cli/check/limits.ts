/** What was measured in a scenario against its limits. What cannot be measured is not kept. */
import type { Board } from '../../testing/board.ts';
import { timeText } from '../../testing/units.ts';
import type { Named } from './shape.ts';
import { minimumFreeHeap, unusedBytes } from '../../testing/freertos.ts';
import type { StackUse } from '../../testing/freertos.ts';
import type { Stack } from './gate-file.ts';
import type { Monitors } from './monitors.ts';
import type { LimitResult } from './result.ts';
import type { Limits } from './steps.ts';

const DEFAULT_FILL = 0xa5;
const MOST_NAMED = 3;

export interface Measured {
  readonly board: Board;
  readonly monitors: Monitors;
  readonly limits: Limits;
  readonly stacks: readonly Named<Stack>[];
  readonly elapsed: { readonly ticks: number; readonly cycles: number };
  /** Resets that steps asked for. */
  readonly wantedResets: number;
}

export function measureLimits(measured: Measured): LimitResult[] {
  const { board, monitors, limits, elapsed, wantedResets } = measured;
  const { log } = board.chip;
  const results: LimitResult[] = [];
  const add = (name: string, limit: string, found: string, isKept: boolean): void =>
    void results.push({ name, limit, measured: found, isKept });
  const { time, cycles, stackHeadroom, heapMinimum, interruptsOff, watchdogMargin } = limits;
  if (time !== undefined)
    add('time', `at most ${timeText(time.ticks)}`, timeText(elapsed.ticks), elapsed.ticks <= time.ticks); // prettier-ignore
  if (cycles !== undefined)
    add('cycles', `at most ${cycles}`, String(elapsed.cycles), elapsed.cycles <= cycles);
  if (limits.failOn !== undefined) {
    const violation = monitors.violation();
    add('failOn', `${limits.failOn.length} patterns`, violation ?? 'none printed', violation === undefined); // prettier-ignore
  }
  if (stackHeadroom !== undefined) {
    const least = leastStack(measured);
    const found = least === undefined ? 'no FreeRTOS task and no `stacks` to measure' : `${least.headroom} bytes in ${least.name}`; // prettier-ignore
    add('stackHeadroom', `at least ${stackHeadroom} bytes`, found, (least?.headroom ?? -1) >= stackHeadroom); // prettier-ignore
  }
  if (heapMinimum !== undefined) {
    const free = minimumFreeHeap(board);
    const found = free === undefined ? 'no heap of ESP-IDF with debug information' : `${free} bytes`; // prettier-ignore
    add('heapMinimum', `at least ${heapMinimum} bytes`, found, (free ?? -1) >= heapMinimum);
  }
  if (interruptsOff !== undefined) {
    const longest = monitors.cores.longestMasked();
    const found = longest === undefined ? 'never masked' : `${timeText(longest.ticks)} on ${board.chip.cores[longest.core].cpu.name} from ${board.symbols.describe(longest.pc)}`; // prettier-ignore
    add('interruptsOff', `at most ${timeText(interruptsOff.ticks)}`, found, (longest?.ticks ?? 0) <= interruptsOff.ticks); // prettier-ignore
  }
  if (watchdogMargin !== undefined) {
    const margins = [...log.watchdogMargins].sort((a, b) => a[1] - b[1]);
    const found = margins.length === 0 ? 'no watchdog was fed' : margins.map(([name, ticks]) => `${name} ${timeText(ticks)}`).join(', '); // prettier-ignore
    const isKept = margins.length > 0 && margins[0]![1] >= watchdogMargin.ticks;
    add('watchdogMargin', `at least ${timeText(watchdogMargin.ticks)}`, found, isKept);
  }
  if (limits.noReset === true) {
    const count = log.resets.length + log.droppedResets - wantedResets;
    const last = log.resets.at(-1);
    const found = count <= 0 ? 'none' : `${count}, last ${last!.cause} by ${last!.source} at ${board.symbols.describe(last!.pc)}`; // prettier-ignore
    add('noReset', 'none', found, count <= 0);
  }
  if (limits.noWarnings === true) {
    const warnings = [...log.warnings.keys()];
    add('noWarnings', 'none', some(warnings), warnings.length === 0);
  }
  if (limits.noUnmodelled === true) {
    const allowed = (limits.allowUnmodelled ?? []).map(globPattern);
    const touched = [...log.unmodelledEntries.values()]
      .map(({ device, register }) => `${device}.${register}`)
      .filter((name) => !allowed.some((glob) => glob.test(name)));
    const names = [...new Set(touched)];
    add('noUnmodelled', 'none', some(names), names.length === 0 && log.droppedEntries === 0);
  }
  return results;
}

function leastStack({ board, monitors, stacks }: Measured): StackUse | undefined {
  const own = stacks.map(({ name, value: { low, size, fill = DEFAULT_FILL } }) => {
    const address = typeof low.value === 'number' ? low.value : board.symbols.address(low.value);
    return { name, headroom: unusedBytes(board, address, size, fill) };
  });
  const all = [...own, ...(monitors.tasks?.stacks() ?? [])];
  return all.sort((a, b) => a.headroom - b.headroom)[0];
}

function some(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function globPattern(glob: string): RegExp {
  const source = [...glob].map((c) => (c === '*' ? '.*' : c.replace(/[\\^$.|?+()[\]{}]/, '\\$&')));
  return new RegExp(`^${source.join('')}$`);
}
