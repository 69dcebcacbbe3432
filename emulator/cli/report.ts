/** The JSON report of a run. */
import type { Esp32 } from '../esp32.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Symbols } from './symbols.ts';

interface Outcome {
  readonly exitCode: number;
  readonly why: string;
  readonly guestExitCode: number | undefined;
}

export function makeReport(chip: Esp32, symbols: Symbols, outcome: Outcome): object {
  const { log } = chip;
  return {
    exitCode: outcome.exitCode,
    reason: outcome.why,
    guestExitCode: outcome.guestExitCode ?? null,
    stateHash: chip.stateHash(),
    guestTicks: chip.now,
    guestSeconds: chip.now / MASTER_HZ,
    cores: chip.cores.map(({ cpu }, index) => ({
      name: cpu.name,
      cycles: chip.cycles(index === 0 ? 0 : 1),
      instructions: cpu.instructions,
      pc: symbols.describe(cpu.pc >>> 0),
    })),
    resets: log.resets.map((entry) => ({ ...entry, pc: symbols.describe(entry.pc) })),
    resetsNotListed: log.droppedResets,
    watchdogFeeds: [...log.watchdogFeeds.values()].reduce((sum, feeds) => sum + feeds, 0),
    watchdogFeedsBy: Object.fromEntries(log.watchdogFeeds),
    unmodelled: [...log.unmodelledEntries.values()].map((entry) => ({
      ...entry,
      pc: symbols.describe(entry.pc),
    })),
    unmodelledNotListed: log.droppedEntries,
    warnings: [...log.warnings].map(([message, count]) => ({ message, count })),
  };
}
