/** Results as JSON, for programs. Times are guest microseconds since power-on. */
import { MASTER_HZ } from '../../scheduler/clock.ts';
import { edgesOf } from '../../debugger/waveform/wave.ts';
import { exitCodeOf } from './exit-code.ts';
import type { CheckResult, ScenarioResult } from './result.ts';

export function formatJson(result: CheckResult): string {
  const { file, version, firmware, notes, scenarios } = result;
  const value = {
    ...{ file, version, firmware, notes, exitCode: exitCodeOf(scenarios) },
    scenarios: scenarios.map(scenarioValue),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function scenarioValue(scenario: ScenarioResult): object {
  const { name, from, status, at, failure, cycles, limits, warnings } = scenario;
  return {
    ...{ name, from: from ?? null, status, line: at.line },
    failure: failure ?? null,
    ...{ startUs: us(scenario.start), endUs: us(scenario.end), cycles, limits },
    steps: scenario.steps.map(({ text, status: how, at: { line }, start, end, found }) => ({
      ...{ text, status: how, line, startUs: us(start), endUs: us(end), found },
    })),
    uarts: scenario.uarts.map(({ index, lines }) => ({
      index,
      lines: lines.map(({ tick, text }) => ({ us: us(tick), text })),
    })),
    pins: scenario.pins.waves.map((wave) => ({ name: wave.name, edges: edgesOf(wave).length })),
    cores: scenario.cores.map(({ name: core, shares }) => ({
      name: core,
      shares: shares.map(([label, ticks]) => ({ label, us: us(ticks) })),
    })),
    warnings,
    resets: scenario.resets.map(({ tick, cause, source, core }) => ({ us: us(tick), cause, source, core })), // prettier-ignore
    unmodelled: scenario.unmodelled,
    trace: scenario.trace,
  };
}

function us(ticks: number): number {
  return Number(((ticks / MASTER_HZ) * 1e6).toFixed(3));
}
