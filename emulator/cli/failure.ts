/** What a person sees when a run did not end well: why, where both cores are, and how they came there. */
import type { Esp32 } from '../esp32.ts';
import { printable } from '../loader/errors.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import { describeCores } from '../testing/where.ts';
import type { Outcome } from './outcome.ts';
import type { Scenario } from './scenario.ts';
import type { Symbols } from '../debugger/symbols.ts';

const LAST_LINES = 8;

/** The first line says why; the others give the output waited for and the place of each core. */
export function describeFailure(
  chip: Esp32,
  scenario: Scenario,
  symbols: Symbols,
  outcome: Outcome,
): string[] {
  const seconds = (chip.now / MASTER_HZ).toFixed(6);
  return [
    `${outcome.why} at ${seconds} s of guest time`,
    ...waitingLines(scenario),
    ...describeCores(chip, symbols),
  ];
}

function waitingLines({ missing, verdict, tail }: Scenario): string[] {
  if (missing === undefined || verdict !== undefined) return [];
  const text = Buffer.from(tail.slice(-2000), 'latin1').toString('utf8');
  const lines = text.trimEnd().split('\n').slice(-LAST_LINES);
  if (text.trim() === '') return [`waiting for ${missing}; the guest has printed nothing`];
  return [
    `waiting for ${missing}; the guest last printed:`,
    ...lines.map((line) => `  | ${printable(line.trimEnd(), 200)}`),
  ];
}
