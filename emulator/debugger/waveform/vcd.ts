/**
 * Value Change Dump (IEEE 1364-2005, clause 18) of a recording. The time unit is 1 ns, which
 * viewers that resample take best. A master tick is 25/12 ns, so a time stamp is rounded to the
 * nanosecond and the tick is still known: round(ns * 12 / 25).
 */
import type { Ticks } from '../../scheduler/clock.ts';
import type { WaveValue } from './probe.ts';
import type { Recording, Wave } from './recorder.ts';

/** Identifier codes are made of the printable characters ! to ~. */
const FIRST_CODE = 33;
const CODES = 94;

export function formatVcd(recording: Recording): string {
  const { waves, start, end } = recording;
  const lines = ['$version Lockstep32 $end', '$timescale 1 ns $end'];
  if (recording.dropped > 0)
    lines.push(`$comment ${recording.dropped} older changes were not kept $end`);
  for (const [scope, members] of scopes(waves)) {
    lines.push(`$scope module ${scope} $end`);
    for (const i of members)
      lines.push(`$var wire 1 ${code(i)} ${identifier(waves[i]!.name)} $end`);
    lines.push('$upscope $end');
  }
  lines.push('$enddefinitions $end', `#${nanoseconds(start)}`, '$dumpvars');
  waves.forEach((wave, i) => lines.push(wave.initial + code(i)));
  lines.push('$end');
  let at = start;
  for (const { tick, index, value } of inOrder(waves)) {
    if (tick !== at) lines.push(`#${nanoseconds(tick)}`);
    at = tick;
    lines.push(value + code(index));
  }
  if (end !== at) lines.push(`#${nanoseconds(end)}`);
  return `${lines.join('\n')}\n`;
}

/** Time of a tick, rounded to the nanosecond: 12 ticks are 25 ns. */
export function nanoseconds(tick: Ticks): number {
  const periods = Math.floor(tick / 12);
  return periods * 25 + Math.round(((tick - periods * 12) * 25) / 12);
}

function scopes(waves: readonly Wave[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  waves.forEach(({ scope }, i) => {
    const list = members.get(scope);
    if (list === undefined) members.set(scope, [i]);
    else list.push(i);
  });
  return members;
}

interface Entry {
  readonly tick: Ticks;
  readonly index: number;
  readonly value: WaveValue;
}

function inOrder(waves: readonly Wave[]): Entry[] {
  const entries = waves.flatMap(({ changes }, index) =>
    changes.map(({ tick, value }) => ({ tick, index, value })),
  );
  return entries.sort((a, b) => a.tick - b.tick || a.index - b.index);
}

function code(index: number): string {
  const digit = String.fromCharCode(FIRST_CODE + (index % CODES));
  return index < CODES ? digit : code(Math.floor(index / CODES) - 1) + digit;
}

/** Viewers take no blanks in a name. */
function identifier(name: string): string {
  return name.replace(/\s/g, '_');
}
