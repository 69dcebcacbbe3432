/** Spans of time as types: a number alone never stands for time in the library. */
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';

/** A span of guest time. */
export interface Time {
  readonly ticks: Ticks;
}

/** A span counted in CPU_CLK cycles of PRO_CPU, whatever its frequency is meanwhile. */
export interface CpuCycles {
  readonly cycles: number;
}

export type Span = Time | CpuCycles;

export function seconds(count: number): Time {
  return { ticks: Math.round(count * MASTER_HZ) };
}

export function ms(count: number): Time {
  return { ticks: Math.round((count * MASTER_HZ) / 1e3) };
}

export function us(count: number): Time {
  return { ticks: Math.round((count * MASTER_HZ) / 1e6) };
}

export function ns(count: number): Time {
  return { ticks: Math.round((count * MASTER_HZ) / 1e9) };
}

export function cycles(count: number): CpuCycles {
  return { cycles: Math.round(count) };
}

export function toMs(ticks: Ticks): number {
  return (ticks / MASTER_HZ) * 1e3;
}

/** A span in master ticks, cycles at the given frequency of CPU_CLK. */
export function spanTicks(span: Span, cpuHz: number): Ticks {
  return 'ticks' in span ? span.ticks : Math.round((span.cycles * MASTER_HZ) / cpuHz);
}

/** `12.345 ms`, `250 cycles`. */
export function spanText(span: Span): string {
  return 'ticks' in span ? timeText(span.ticks) : `${span.cycles} cycles`;
}

/** A tick as people read it: `0.412345 s`, or milliseconds and microseconds for short spans. */
export function timeText(ticks: Ticks): string {
  const inSeconds = ticks / MASTER_HZ;
  if (inSeconds >= 1) return `${trim(inSeconds.toFixed(6))} s`;
  if (inSeconds >= 1e-3) return `${trim((inSeconds * 1e3).toFixed(6))} ms`;
  return `${trim((inSeconds * 1e6).toFixed(3))} us`;
}

function trim(text: string): string {
  return text.replace(/\.?0+$/, '');
}
