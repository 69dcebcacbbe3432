/** The lanes of both cores as an SVG picture: what ran when, one colour for each task. */
import { MASTER_HZ } from '../../scheduler/clock.ts';
import type { Ticks } from '../../scheduler/clock.ts';
import { xml } from './junit.ts';
import type { CoreLane } from './result.ts';
import type { Segment } from './timeline.ts';

const LABEL = 76;
const WIDTH = 800;
const LANE = 30;
const BAR = 20;
const AXIS = 24;
/** Hues that stay apart in light and dark; further tasks repeat them. */
const HUES = [212, 28, 140, 330, 265, 52, 180, 0, 95, 300];
/** FreeRTOS calls its idle tasks so. */
const IDLE = /^IDLE/i;
/** Makes short work visible between long waits. */
const CALM_WEIGHT = 1e-6;
const CALM: Readonly<Record<string, string>> = { idle: 'idle', held: 'held' };

/** A class for each label, the same in every picture of a report. */
export class Palette {
  private readonly classes = new Map<string, string>();

  classOf(label: string): string {
    const known = CALM[label] ?? (IDLE.test(label) ? 'idle' : this.classes.get(label));
    if (known !== undefined) return known;
    const made = `task${this.classes.size % HUES.length}`;
    this.classes.set(label, made);
    return made;
  }

  static readonly style = [
    ...HUES.map(
      (hue, i) => `.task${i} { fill: hsl(${hue} 70% 48%); background: hsl(${hue} 70% 48%); }`,
    ),
    '.idle { fill: var(--calm); background: var(--calm); }',
    '.held { fill: none; stroke: var(--calm); background: transparent; outline: 1px solid var(--calm); outline-offset: -1px; }',
  ].join('\n');
}

export function formatTimeline(
  lanes: readonly CoreLane[],
  from: Ticks,
  to: Ticks,
  palette: Palette,
): string {
  // prettier-ignore
  const height = lanes.length * LANE + AXIS;
  const span = Math.max(1, to - from);
  const x = (tick: Ticks): number => LABEL + ((tick - from) / span) * WIDTH;
  const rows = lanes.map(({ name, segments }, i) => {
    const bars = columns(segments, from, to).map(({ start, end, label }) => {
      const width = Math.max(0.5, x(end) - x(start)).toFixed(1);
      return `<rect class="${palette.classOf(label)}" x="${x(start).toFixed(1)}" y="4" width="${width}" height="${BAR}"><title>${xml(label)}</title></rect>`; // prettier-ignore
    });
    return `<g transform="translate(0 ${i * LANE})"><text x="4" y="18">${xml(name)}</text>${bars.join('')}</g>`; // prettier-ignore
  });
  const size = `viewBox="0 0 ${LABEL + WIDTH + 10} ${height}" width="${LABEL + WIDTH + 10}" height="${height}"`; // prettier-ignore
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="what ran on both cores" ${size}>${axis(from, to, x, lanes.length * LANE)}${rows.join('')}</svg>`; // prettier-ignore
}

/** At most one piece for each half pixel: what ran longest in it, but any task rather than none. */
function columns(segments: readonly Segment[], from: Ticks, to: Ticks): Segment[] {
  const count = WIDTH * 2;
  const step = Math.max(1, (to - from) / count);
  const pieces: Segment[] = [];
  let i = 0;
  for (let n = 0; n < count; n++) {
    const start = from + n * step;
    const end = Math.min(to, start + step);
    if (start >= to) break;
    while (i < segments.length && segments[i]!.end <= start) i++;
    const label = longest(segments, i, start, end);
    const last = pieces[pieces.length - 1];
    if (label === undefined) continue;
    if (last?.label === label && end - last.end < 1.5 * step)
      pieces[pieces.length - 1] = { ...last, end };
    else pieces.push({ start, end, label });
  }
  return pieces;
}

function longest(
  segments: readonly Segment[],
  first: number,
  start: Ticks,
  end: Ticks,
): string | undefined {
  // prettier-ignore
  const totals = new Map<string, number>();
  for (let i = first; i < segments.length && segments[i]!.start < end; i++) {
    const { start: begins, end: ends, label } = segments[i]!;
    const weight = label in CALM || IDLE.test(label) ? CALM_WEIGHT : 1;
    const part = (Math.min(end, ends) - Math.max(start, begins)) * weight;
    totals.set(label, (totals.get(label) ?? 0) + part);
  }
  let best: string | undefined;
  let most = -1;
  for (const [label, part] of totals) if (part > most) [best, most] = [label, part];
  return best;
}

/** Five to ten marks at round times. */
function axis(from: Ticks, to: Ticks, x: (tick: Ticks) => number, bottom: number): string {
  const span = Math.max(1, to - from) / MASTER_HZ;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map((n) => n * power).find((one) => span / one <= 10)!;
  const marks: string[] = [];
  for (
    let n = Math.ceil(from / MASTER_HZ / step - 1e-9);
    n * step <= to / MASTER_HZ + step * 1e-9;
    n++
  ) {
    // prettier-ignore
    const at = x(n * step * MASTER_HZ).toFixed(1);
    marks.push(`<path class="grid" d="M${at} 0V${bottom}"/><text x="${at}" y="${bottom + 16}" text-anchor="middle">${secondsText(n * step)}</text>`); // prettier-ignore
  }
  return marks.join('');
}

function secondsText(value: number): string {
  const units: readonly (readonly [number, string])[] = [[1, 's'], [1e-3, 'ms'], [1e-6, 'us']]; // prettier-ignore
  const [scale, unit] = units.find(([size]) => value >= size * 0.9999) ?? units[2]!;
  return `${Number((value / scale).toPrecision(6))} ${unit}`;
}
