/** What a check has found: plain values from which every report is made. */
import type { Esp32 } from '../../esp32.ts';
import type { Recording } from '../../debugger/waveform/recorder.ts';
import type { Cycles, Ticks } from '../../scheduler/clock.ts';
import type { UartLine } from '../../testing/uart-port.ts';
import type { Position } from './problems.ts';
import type { Segment } from './timeline.ts';

type RunLog = Esp32['log'];
type MapValue<M> = M extends ReadonlyMap<unknown, infer V> ? V : never;

/** `limit`: the scenario's time or cycles, or the host's time, were over. */
export type Status = 'passed' | 'failed' | 'limit' | 'skipped';

export interface StepResult {
  readonly at: Position;
  /** The step in words. */
  readonly text: string;
  readonly status: Status;
  readonly start: Ticks;
  readonly end: Ticks;
  /** What was found, or why it failed. */
  readonly found: string;
}

/** A limit and what was measured against it. */
export interface LimitResult {
  readonly name: string;
  readonly limit: string;
  readonly measured: string;
  readonly isKept: boolean;
}

export interface Failure {
  /** One line. */
  readonly message: string;
  readonly at: Position;
  /** What was seen, where both cores are. */
  readonly detail: readonly string[];
}

export interface CoreLane {
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly shares: readonly (readonly [label: string, ticks: Ticks])[];
}

export interface ScenarioResult {
  readonly name: string;
  readonly at: Position;
  readonly from: string | undefined;
  readonly status: Status;
  readonly failure: Failure | undefined;
  readonly steps: readonly StepResult[];
  readonly limits: readonly LimitResult[];
  readonly start: Ticks;
  readonly end: Ticks;
  /** Of PRO_CPU in this scenario. */
  readonly cycles: Cycles;
  readonly wallMs: number;
  readonly uarts: readonly { readonly index: number; readonly lines: readonly UartLine[] }[];
  /** Pins that changed. */
  readonly pins: Recording;
  readonly cores: readonly CoreLane[];
  /** The lanes show tasks of an RTOS, not only running, idle and held. */
  readonly hasTasks: boolean;
  readonly warnings: readonly { readonly message: string; readonly count: number }[];
  readonly resets: RunLog['resets'];
  readonly unmodelled: readonly MapValue<RunLog['unmodelledEntries']>[];
  /** Last instructions of a failed scenario. */
  readonly trace: readonly string[];
}

export interface CheckResult {
  readonly file: string;
  readonly version: string;
  readonly firmware: string;
  readonly notes: readonly string[];
  readonly scenarios: readonly ScenarioResult[];
}

export function countOf(
  scenarios: readonly ScenarioResult[],
  ...statuses: readonly Status[]
): number {
  // prettier-ignore
  return scenarios.filter(({ status }) => statuses.includes(status)).length;
}
