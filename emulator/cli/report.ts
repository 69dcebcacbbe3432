/** The JSON report of a run. */
import type { Esp32 } from '../esp32.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Outcome } from './outcome.ts';
import type { Symbols } from '../debugger/symbols.ts';

export function makeReport(
  chip: Esp32,
  symbols: Symbols,
  outcome: Outcome,
  backtraces: readonly (readonly string[])[],
): object {
  const { log } = chip;
  const withPlace = <T extends { readonly pc: number }>(entry: T): object => ({
    ...entry,
    pc: symbols.describe(entry.pc),
  });
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
      cache: cacheReport(chip, index === 0 ? 0 : 1),
    })),
    resets: log.resets.map(withPlace),
    resetsNotListed: log.droppedResets,
    watchdogFeeds: [...log.watchdogFeeds.values()].reduce((sum, feeds) => sum + feeds, 0),
    watchdogFeedsBy: Object.fromEntries(log.watchdogFeeds),
    backtraces,
    unmodelled: [...log.unmodelledEntries.values()].map(withPlace),
    unmodelledNotListed: log.droppedEntries,
    warnings: [...log.warnings].map(([message, entry]) => ({ message, ...withPlace(entry) })),
  };
}

/** The core's own cache, and what the core waited for lines, in CPU cycles. */
function cacheReport(chip: Esp32, core: 0 | 1): object {
  const { hits, misses, writeBacks } = chip.external.counters(core);
  const { fetchHits, fetchMisses, fetchMissCycles, dataMisses, dataMissCycles } =
    chip.external.use[core];
  const waited = { fetchHits, fetchMisses, fetchMissCycles, dataMisses, dataMissCycles };
  return { hits, misses, writeBacks, ...waited };
}
