/** The scalars of a gate file: spans of time, patterns, numbers with units. */
import { MASTER_HZ } from '../../scheduler/clock.ts';
import type { Span } from '../../testing/units.ts';
import { scalar } from './shape.ts';
import type { Shape } from './shape.ts';

const TIME = /^(\d+(?:\.\d+)?)\s*(ns|us|ms|s|min)$/;
const CYCLES = /^(\d+)\s*cycles$/;
const UNIT_SECONDS = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, min: 60 } as const;
const RATE = /^(?=.*[1-9])(\d+(?:\.\d+)?)\s*(Hz|kHz|MHz)$/;
const SHARE = /^(100|\d{1,2}(?:\.\d+)?)\s*%$/;
const RATE_UNITS = { Hz: 1, kHz: 1e3, MHz: 1e6 } as const;

function parseSpan(value: unknown): Span | undefined {
  if (typeof value !== 'string') return undefined;
  const cycles = Number(CYCLES.exec(value)?.[1]);
  if (Number.isSafeInteger(cycles)) return { cycles };
  const match = TIME.exec(value);
  if (match === null) return undefined;
  const ticks = Math.round(Number(match[1]) * UNIT_SECONDS[match[2] as 's'] * MASTER_HZ);
  return Number.isSafeInteger(ticks) ? { ticks } : undefined;
}

export const span: Shape<Span> = scalar(
  'a time such as 500ms, 2s, 20us or 240 cycles',
  { type: 'string', pattern: `${TIME.source}|${CYCLES.source}`, examples: ['500ms', '2s', '20us'] },
  parseSpan,
);

export const time: Shape<{ readonly ticks: number }> = scalar(
  'a time such as 500ms, 2s or 20us',
  { type: 'string', pattern: TIME.source, examples: ['500ms', '2s'] },
  (value) => {
    const found = parseSpan(value);
    return found !== undefined && 'ticks' in found ? found : undefined;
  },
);

export const text: Shape<string> = scalar('a text', { type: 'string' }, (value) =>
  typeof value === 'string' ? value : undefined,
);

export const fileName: Shape<string> = scalar(
  'a file or folder, relative to the gate file',
  { type: 'string', minLength: 1 },
  (value) => (typeof value === 'string' && value !== '' ? value : undefined),
);

export const flag: Shape<boolean> = scalar('true or false', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? value : undefined,
);

export const yes: Shape<true> = scalar('true', { const: true }, (value) =>
  value === true ? true : undefined,
);

/** Plain text matches itself; between slashes it is a regular expression, with i, s or u behind it. */
export const pattern: Shape<string | RegExp> = scalar(
  'a text, or a regular expression between slashes such as /ready: \\d+/',
  { type: 'string', minLength: 1 },
  (value) => {
    if (typeof value !== 'string' || value === '') return undefined;
    const match = /^\/(.+)\/([isu]*)$/s.exec(value);
    if (match === null) return value;
    try {
      return new RegExp(match[1]!, match[2]);
    } catch {
      return undefined;
    }
  },
);

export function number(least: number, most: number, unit = ''): Shape<number> {
  const expected = `a number from ${least} to ${most}${unit}`;
  return scalar(expected, { type: 'number', minimum: least, maximum: most }, (value) =>
    typeof value === 'number' && value >= least && value <= most ? value : undefined,
  );
}

export function integer(least: number, most: number, expected?: string): Shape<number> {
  const schema = { type: 'integer', minimum: least, maximum: most };
  return scalar(expected ?? `a whole number from ${least} to ${most}`, schema, (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : undefined,
  );
}

export function choice<const T extends readonly (string | number)[]>(values: T): Shape<T[number]> {
  return scalar(`one of ${values.join(', ')}`, { enum: values }, (value) =>
    values.find((one) => one === value),
  );
}

export const gpio: Shape<number> = scalar(
  'a GPIO number: 0 to 27 or 32 to 39',
  { type: 'integer', minimum: 0, maximum: 39, not: { minimum: 28, maximum: 31 } },
  (value) => {
    if (!Number.isInteger(value)) return undefined;
    const pin = value as number;
    return (pin >= 0 && pin <= 27) || (pin >= 32 && pin <= 39) ? pin : undefined;
  },
);

export const hertz: Shape<number> = scalar(
  'a frequency such as 1000, 1 kHz or 4 MHz',
  {
    anyOf: [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'string', pattern: RATE.source },
    ],
  },
  (value) => {
    if (typeof value === 'number') return value > 0 ? value : undefined;
    const match = typeof value === 'string' ? RATE.exec(value) : null;
    return match === null ? undefined : Number(match[1]) * RATE_UNITS[match[2] as 'Hz'];
  },
);

/** `5%` or `0.05`, as a share. */
export const share: Shape<number> = scalar(
  'a share such as 50% or 0.5',
  {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', pattern: SHARE.source },
    ],
  },
  (value) => {
    const match = typeof value === 'string' ? SHARE.exec(value) : null;
    const found = match === null ? value : Number(match[1]) / 100;
    return typeof found === 'number' && found >= 0 && found <= 1 ? found : undefined;
  },
);

/** An address, or the name of a symbol. */
export const place: Shape<string | number> = scalar(
  'a symbol or an address such as 0x400d1234',
  {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'integer', minimum: 0, maximum: 0xffff_ffff },
    ],
  },
  (value) => {
    if (typeof value === 'string' && value !== '') return value;
    const isAddress =
      Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
    return isAddress ? (value as number) : undefined;
  },
);
