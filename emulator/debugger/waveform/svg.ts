/**
 * A recording drawn as an SVG picture: one lane per wire, time to the right. It has no script and
 * no outside resource, follows the reader's light or dark scheme, and stays small: edges closer
 * than a pixel are drawn as a filled band.
 */
import { MASTER_HZ } from '../../scheduler/clock.ts';
import type { Ticks } from '../../scheduler/clock.ts';
import type { WaveValue } from './probe.ts';
import type { Recording, Wave } from './recorder.ts';

export interface WaveformPicture {
  /** Part of the recording to draw; all of it by default. */
  readonly from?: Ticks;
  readonly to?: Ticks;
  /** Width of the time axis in pixels; 800 by default. */
  readonly width?: number;
}

/** Width of a character of the labels. */
const CHARACTER = 7.3;
const SHORTEST_LABEL = 60;
const LANE = 26;
const HIGH = 6;
const LOW = 20;
const AXIS = 22;
const LEVEL: Readonly<Record<WaveValue, number>> = {
  '1': HIGH,
  '0': LOW,
  z: (HIGH + LOW) / 2,
  x: (HIGH + LOW) / 2,
};
const STYLE = `
text { font: 12px ui-monospace, monospace; fill: #24292f; }
.wave { stroke: #0969da; fill: none; } .busy { fill: #0969da; opacity: 0.55; stroke: none; }
.z { stroke: #8c959f; stroke-dasharray: 3 2; } .x { stroke: #cf222e; }
.grid { stroke: #d0d7de; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .grid { stroke: #30363d; } .wave { stroke: #58a6ff; } .busy { fill: #58a6ff; }
}`;

export function formatSvg(recording: Recording, picture: WaveformPicture = {}): string {
  const { from = recording.start, to = recording.end, width = 800 } = picture;
  const span = Math.max(1, to - from);
  const longest = Math.max(0, ...recording.waves.map(({ name }) => name.length));
  const label = Math.ceil(Math.max(SHORTEST_LABEL, longest * CHARACTER + 12));
  const x = (tick: Ticks): number => label + ((tick - from) / span) * width;
  const height = recording.waves.length * LANE + AXIS;
  const lanes = recording.waves.map((wave, i) => {
    const text = `<text x="4" y="${LOW - 2}">${escape(wave.name)}</text>`;
    const line = lane(wave, { from, to, x, pixel: span / width });
    return `<g transform="translate(0 ${i * LANE})">${text}${line}</g>`;
  });
  // The last mark of the time axis is centred on its place.
  const whole = label + width + 24;
  const size = `width="${whole}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${whole} ${height}">`,
    `<style>${STYLE}</style>`,
    grid(from, span, x, recording.waves.length * LANE),
    ...lanes,
    '</svg>\n',
  ].join('\n');
}

interface Axis {
  readonly from: Ticks;
  readonly to: Ticks;
  readonly x: (tick: Ticks) => number;
  /** Ticks per pixel. */
  readonly pixel: number;
}

/** Pieces of one look: a level line, a z or x stretch, or a band of many edges. */
function lane(wave: Wave, axis: Axis): string {
  const pieces: string[] = [];
  let value = wave.initial;
  let start = axis.from;
  let path = '';
  let kind = styleOf(value);
  const place = (tick: Ticks): string => axis.x(tick).toFixed(1);
  const flush = (end: Ticks): void => {
    if (path !== '') pieces.push(`<path class="wave ${kind}" d="${path}H${place(end)}"/>`);
    path = '';
  };
  const begin = (tick: Ticks): void => {
    kind = styleOf(value);
    path = `M${place(tick)} ${LEVEL[value]}`;
  };
  const changes = wave.changes.filter(({ tick }) => tick <= axis.to);
  let i = 0;
  while (i < changes.length && changes[i]!.tick <= axis.from) value = changes[i++]!.value;
  begin(start);
  while (i < changes.length) {
    const burst = burstEnd(wave, changes.length, i, axis.pixel);
    if (burst - i > 2) {
      flush(changes[i]!.tick);
      pieces.push(band(axis.x(changes[i]!.tick), axis.x(changes[burst - 1]!.tick)));
      value = changes[burst - 1]!.value;
      start = changes[burst - 1]!.tick;
      begin(start);
      i = burst;
      continue;
    }
    const change = changes[i++]!;
    value = change.value;
    if (styleOf(value) === kind) path += `H${place(change.tick)}V${LEVEL[value]}`;
    else {
      flush(change.tick);
      begin(change.tick);
    }
  }
  flush(axis.to);
  return pieces.join('');
}

/** Index behind the changes from `i` on that follow each other within a pixel. */
function burstEnd(wave: Wave, count: number, i: number, pixel: number): number {
  let end = i + 1;
  while (end < count && wave.changes[end]!.tick - wave.changes[end - 1]!.tick < pixel) end++;
  return end;
}

function band(left: number, right: number): string {
  const width = Math.max(1, right - left).toFixed(1);
  return `<rect class="busy" x="${left.toFixed(1)}" y="${HIGH}" width="${width}" height="${LOW - HIGH}"/>`;
}

function styleOf(value: WaveValue): string {
  return value === 'z' || value === 'x' ? value : 'level';
}

/** Five to ten marks at round times. */
function grid(from: Ticks, span: Ticks, x: (tick: Ticks) => number, bottom: number): string {
  const seconds = span / MASTER_HZ;
  const power = 10 ** Math.floor(Math.log10(seconds / 5));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => seconds / s <= 10)!;
  const marks: string[] = [];
  const first = Math.ceil(from / MASTER_HZ / step - 1e-9);
  for (let n = first; n * step <= (from + span) / MASTER_HZ + step * 1e-9; n++) {
    const at = x(n * step * MASTER_HZ).toFixed(1);
    marks.push(`<path class="grid" d="M${at} 0V${bottom}"/>`);
    marks.push(
      `<text x="${at}" y="${bottom + 15}" text-anchor="middle">${timeText(n * step)}</text>`,
    );
  }
  return marks.join('');
}

function timeText(seconds: number): string {
  const units: [number, string][] = [[1, 's'], [1e-3, 'ms'], [1e-6, 'us'], [1e-9, 'ns']]; // prettier-ignore
  const [scale, unit] = units.find(([size]) => seconds >= size * 0.9999) ?? units[3]!;
  return `${Number((seconds / scale).toPrecision(6))} ${unit}`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
