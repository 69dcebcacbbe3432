/** Questions to a recorded wave: its edges, frequency and duty cycle. */
import { MASTER_HZ } from '../../scheduler/clock.ts';
import type { Ticks } from '../../scheduler/clock.ts';
import type { WaveValue } from './probe.ts';
import type { Change, Recording, Wave } from './recorder.ts';
import { InputError, printable } from '../../loader/errors.ts';

export type EdgeKind = 'rising' | 'falling';

export interface Edge {
  readonly tick: Ticks;
  readonly kind: EdgeKind;
}

/** The wave of this name. Throws InputError when it was not recorded. */
export function waveOf(recording: Recording, name: string): Wave {
  const wave = recording.waves.find((one) => one.name === name);
  if (wave !== undefined) return wave;
  const names = recording.waves.map((one) => one.name).join(', ');
  throw new InputError(`signal '${printable(name)}'`, 'it was not recorded', {
    expected: `one of ${printable(names, 200)}`,
  });
}

/** Edges between the levels 0 and 1; a floating or contended pin in between makes none. */
export function edgesOf(wave: Wave): Edge[] {
  const edges: Edge[] = [];
  let level: WaveValue = wave.initial;
  for (const { tick, value } of wave.changes) {
    if (value !== '0' && value !== '1') continue;
    if (level !== value && (level === '0' || level === '1'))
      edges.push({ tick, kind: value === '1' ? 'rising' : 'falling' });
    level = value;
  }
  return edges;
}

/** Value at `tick`: that of the last change at or before it. */
export function valueAt(wave: Wave, tick: Ticks): WaveValue {
  const after = firstAfter(wave.changes, tick);
  return after === 0 ? wave.initial : wave.changes[after - 1]!.value;
}

/** Hz, averaged over all whole periods between rising edges; undefined below two rising edges. */
export function frequencyOf(wave: Wave): number | undefined {
  const rising = edgesOf(wave).filter(({ kind }) => kind === 'rising');
  if (rising.length < 2) return undefined;
  const span = rising[rising.length - 1]!.tick - rising[0]!.tick;
  return ((rising.length - 1) * MASTER_HZ) / span;
}

/** Share of high time, 0..1, over the whole periods; undefined below two rising edges. */
export function dutyCycleOf(wave: Wave): number | undefined {
  const edges = edgesOf(wave);
  const first = edges.findIndex(({ kind }) => kind === 'rising');
  const last = edges.findLastIndex(({ kind }) => kind === 'rising');
  if (first === last) return undefined;
  let high = 0;
  for (let i = first; i < last; i++)
    if (edges[i]!.kind === 'rising') high += edges[i + 1]!.tick - edges[i]!.tick;
  return high / (edges[last]!.tick - edges[first]!.tick);
}

function firstAfter(changes: readonly Change[], tick: Ticks): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle]!.tick <= tick) low = middle + 1;
    else high = middle;
  }
  return low;
}
