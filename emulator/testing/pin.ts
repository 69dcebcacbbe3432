/**
 * A pin of the chip as a test bench has it: one party that drives, pulls or lets go, and a probe
 * that notes edges from the moment the pin was first asked for.
 */
import type { Drive, Pad, PadCondition } from '../bus/pad.ts';
import type { Level } from '../bus/signal.ts';
import { dutyCycleOf, edgesOf, frequencyOf } from '../debugger/waveform/wave.ts';
import type { Edge } from '../debugger/waveform/wave.ts';
import type { Change, Wave } from '../debugger/waveform/recorder.ts';
import type { InputEvent } from '../inputs.ts';
import type { Ticks } from '../scheduler/clock.ts';
import type { Condition } from './conditions.ts';
import type { Span, Time } from './units.ts';

const MOST_CHANGES = 1 << 20;

export interface PinOptions {
  readonly pad: Pad;
  /** Name of the party that drives the pin. */
  readonly party: string;
  readonly now: () => Ticks;
  readonly input: (event: InputEvent, tick?: Ticks) => void;
  readonly expect: (condition: Condition<Edge>, within: Span | undefined) => Edge;
}

export class Pin {
  readonly gpio: number;
  private readonly options: PinOptions;
  private initial: Level;
  private changes: Change[] = [];
  private readonly watchers = new Set<(edge: Edge) => void>();

  constructor(options: PinOptions) {
    const { pad } = options;
    this.options = options;
    this.gpio = pad.number;
    this.initial = pad.wire.level;
    pad.wire.connect((level) => this.changed(level));
  }

  get level(): Level {
    return this.options.pad.wire.level;
  }

  /** Driven, pulled, floating, or in contention. */
  get condition(): PadCondition {
    return this.options.pad.condition;
  }

  /** Drives the wire strongly. */
  drive(level: Level): void {
    this.input({ drive: level });
  }

  /** Drives no more; a pull stays. */
  release(): void {
    this.input({ drive: 'z' });
  }

  /** Connects a resistor to a rail, or none with 'z'. */
  pull(level: Drive): void {
    this.input({ pull: level });
  }

  /** Drives for so long, then lets go. */
  pulse(level: Level, length: Time): void {
    const { input, now, party } = this.options;
    this.drive(level);
    input({ kind: 'pin', gpio: this.gpio, party, drive: 'z' }, now() + length.ticks);
  }

  /** The wire is stuck at a level whoever drives it; 'z' frees it. */
  stick(level: Drive): void {
    this.input({ stuck: level });
  }

  /** Edges since the probe was put on, or since `clear`. */
  edges(kind?: Edge['kind']): Edge[] {
    return edgesOf(this.wave).filter((edge) => kind === undefined || edge.kind === kind);
  }

  clear(): void {
    this.initial = this.level;
    this.changes = [];
  }

  /** Hz over all whole periods between rising edges; undefined below two of them. */
  frequency(): number | undefined {
    return frequencyOf(this.wave);
  }

  /** Share of high time, 0 to 1, over all whole periods; undefined below two rising edges. */
  dutyCycle(): number | undefined {
    return dutyCycleOf(this.wave);
  }

  /** The recorded wave, as waveforms and reports take it. */
  get wave(): Wave {
    const { initial, changes } = this;
    return { name: `GPIO${this.gpio}`, scope: 'pins', initial: initial === 1 ? '1' : '0', changes };
  }

  rises(): Condition<Edge> {
    return this.edgeCondition('rising');
  }

  falls(): Condition<Edge> {
    return this.edgeCondition('falling');
  }

  /** The next edge of either kind. */
  toggles(): Condition<Edge> {
    return this.edgeCondition(undefined);
  }

  /** The level is so, now or later. */
  is(level: Level): Condition<Level> {
    return {
      name: `GPIO${this.gpio} is ${level}`,
      watch: (_board, met) => {
        if (this.level === level) {
          met(level);
          return { end: () => {} };
        }
        return this.edgeCondition(level === 1 ? 'rising' : 'falling').watch(_board, () =>
          met(level),
        );
      },
    };
  }

  /** Runs until the next such edge; throws an `ExpectationError` when there is none in time. */
  waitFor(kind: Edge['kind'], within?: Span): Edge {
    return this.options.expect(this.edgeCondition(kind), within);
  }

  private edgeCondition(kind: Edge['kind'] | undefined): Condition<Edge> {
    const verb = kind === undefined ? 'toggles' : kind === 'rising' ? 'rises' : 'falls';
    return {
      name: `GPIO${this.gpio} ${verb}`,
      watch: (_board, met) => {
        const watcher = (edge: Edge): void => {
          if (kind !== undefined && edge.kind !== kind) return;
          this.watchers.delete(watcher);
          met(edge);
        };
        this.watchers.add(watcher);
        return { end: () => this.watchers.delete(watcher) };
      },
    };
  }

  private input(what: { drive?: Drive; pull?: Drive; stuck?: Drive }): void {
    const { input, party } = this.options;
    input({ kind: 'pin', gpio: this.gpio, party, ...what });
  }

  private changed(level: Level): void {
    const tick = this.options.now();
    if (this.changes.length >= MOST_CHANGES) {
      const gone = this.changes.splice(0, MOST_CHANGES / 2);
      this.initial = gone[gone.length - 1]!.value === '1' ? 1 : 0;
    }
    this.changes.push({ tick, value: level === 1 ? '1' : '0' });
    const edge: Edge = { tick, kind: level === 1 ? 'rising' : 'falling' };
    for (const watcher of [...this.watchers]) watcher(edge);
  }
}
