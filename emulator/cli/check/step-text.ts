/** Steps in words, for summaries and reports. */
import { hex, printable } from '../../loader/errors.ts';
import { readableName } from '../../loader/readable-name.ts';
import { spanText } from '../../testing/units.ts';
import type { Span } from '../../testing/units.ts';
import type { Step } from './steps.ts';

export function stepText({ verb, of }: Step): string {
  switch (verb) {
    case 'expect':
      return `UART${of.uart ?? 0} prints ${shownPattern(of.expect)}${inTime(of.within)}`;
    case 'type':
      return `type ${printable(JSON.stringify(of.type), 60)} on UART${of.uart ?? 0}`;
    case 'wait':
      return `wait ${spanText(of.wait)}`;
    case 'pin':
      return `GPIO${of.pin} ${pinText(of)}`;
    case 'variable':
      return `${printable(of.variable.value)} ${comparedText(of)}`;
    case 'memory':
      return `memory ${placeText(of.memory.value)} ${comparedText(of)}`;
    case 'reached':
      return `${placeText(of.reached.value)} is reached${inTime(of.within)}`;
    case 'device':
      return `${printable(of.device.value)}: ${printable(JSON.stringify(of.command), 60)}`;
    case 'exit':
      return `the guest exits with ${of.exit}${inTime(of.within)}`;
    case 'reset':
      return of.reset === 'pin' ? 'reset by EN' : 'power cycle';
  }
}

export function shownPattern(pattern: string | RegExp): string {
  return printable(typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern), 80);
}

export function shownValue(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? String(item) : item,
  );
  return printable(text, 80);
}

export function placeText(place: string | number): string {
  return typeof place === 'number' ? hex(place, 8) : printable(readableName(place));
}

type PinStep = Extract<Step, { verb: 'pin' }>['of'];

function pinText(of: PinStep): string {
  if (of.drive !== undefined) return `is driven to ${of.drive}`;
  if (of.release !== undefined) return 'is released';
  if (of.pull !== undefined) return `is pulled to ${of.pull}`;
  if (of.pulse !== undefined) return `gets a pulse of ${of.pulse}`;
  if (of.is !== undefined) return `is ${of.is}${inTime(of.within)}`;
  if (of.edge !== undefined) return `has a ${of.edge} edge${inTime(of.within)}`;
  const rate = of.frequency === undefined ? [] : [`toggles at ${of.frequency} Hz`];
  const duty = of.duty === undefined ? [] : [`is high ${percent(of.duty)} of the time`];
  return `${[...rate, ...duty].join(' and ')} within ${percent(of.tolerance ?? 0.01)}`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

interface Compared {
  readonly is?: unknown;
  readonly between?: readonly number[];
  readonly set?: unknown;
  readonly within?: Span;
}

function comparedText({ is, between, set, within }: Compared): string {
  if (set !== undefined) return `is set to ${shownValue(set)}`;
  const wanted = between === undefined ? shownValue(is) : `${between[0]} to ${between[1]}`;
  return `is ${wanted}${inTime(within)}`;
}

function inTime(within: Span | undefined): string {
  return within === undefined ? '' : ` within ${spanText(within)}`;
}
