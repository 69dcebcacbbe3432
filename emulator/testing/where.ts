/** Where both cores are and how they came there, in words. */
import { backtrace } from '../debugger/backtrace.ts';
import type { Symbols } from '../debugger/symbols.ts';
import type { Esp32 } from '../esp32.ts';

export function describeCores(chip: Esp32, symbols: Symbols): string[] {
  return ([0, 1] as const).flatMap((core) => describeCore(chip, core, symbols));
}

function describeCore(chip: Esp32, core: 0 | 1, symbols: Symbols): string[] {
  const { cpu } = chip.cores[core];
  if (cpu.halted !== 0) return [`${cpu.name}: held in reset or stalled`];
  const state = cpu.waiting !== 0 ? ' (WAITI)' : '';
  return [
    `${cpu.name}: cycle ${chip.cycles(core)}${state}`,
    ...backtrace(cpu).map((address) => `  ${symbols.describe(address)}`),
  ];
}
