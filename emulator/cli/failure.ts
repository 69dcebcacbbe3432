/** What a person sees when a run did not end well: why, where both cores are, and how they came there. */
import pc from 'picocolors';
import { backtrace } from '../debugger/backtrace.ts';
import type { Esp32 } from '../esp32.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Scenario } from './scenario.ts';
import type { Symbols } from './symbols.ts';

export function describeFailure(
  chip: Esp32,
  scenario: Scenario,
  symbols: Symbols,
  why: string,
  guestExitCode: number | undefined,
): string {
  const lines: string[] = [];
  const seconds = (chip.now / MASTER_HZ).toFixed(6);
  if (guestExitCode !== undefined) lines.push(`guest exit code ${guestExitCode} at ${seconds} s`);
  else lines.push(`${why} at ${seconds} s`);
  if (scenario.missing !== undefined && scenario.verdict === undefined) {
    lines.push(`waiting for ${scenario.missing}; UART0 last printed:`);
    lines.push(
      ...scenario.text
        .slice(-2000)
        .split('\n')
        .slice(-8)
        .map((line) => `  | ${line.trimEnd()}`),
    );
  }
  for (const { cpu } of chip.cores) {
    if (cpu.halted !== 0) {
      lines.push(`${cpu.name}: held in reset or stalled`);
      continue;
    }
    const state = cpu.waiting !== 0 ? ' (WAITI)' : '';
    lines.push(`${cpu.name}: cycle ${chip.cycles(cpu === chip.cores[0].cpu ? 0 : 1)}${state}`);
    for (const address of backtrace(cpu)) lines.push(`  ${symbols.describe(address)}`);
  }
  const [head, ...rest] = lines;
  return [`lockstep32: ${pc.isColorSupported ? pc.red(head!) : head}`, ...rest].join('\n');
}
