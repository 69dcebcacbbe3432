/** Everything that a run is to do, read from the command line and checked before anything starts. */
import type { Symbols } from '../debugger/symbols.ts';
import type { Esp32 } from '../esp32.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';
import { readMachine } from '../testing/machine.ts';
import type { Machine } from '../testing/machine.ts';
import { Recorder } from '../testing/run-log.ts';
import type { RunLog } from '../testing/run-log.ts';
import type { HostAnswer } from '../testing/recorded-host.ts';
import type { RunOptions } from './options.ts';
import { checkWritable } from './output-file.ts';
import type { ScenarioOptions } from './scenario.ts';
import { parsePattern, parseSwitch, parseTime, parseTypeRule } from './values.ts';

type RecordedOptions = RunLog['options'];

export interface RunPlan {
  readonly machine: Machine;
  readonly chip: Esp32;
  readonly symbols: Symbols;
  readonly semihosting: boolean;
  readonly recorder: Recorder | undefined;
  /** What the host answered to SIMCALL, noted for the recorder. */
  readonly answers: HostAnswer[];
  readonly scenario: ScenarioOptions;
  /** Infinity when there is no limit. */
  readonly guestLimit: Ticks;
  readonly wallLimitMs: number;
  /** Said on stderr before the run, as are the warnings. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

export function readPlan(inputs: readonly string[], options: RunOptions): RunPlan {
  const scenario = readScenario(options);
  const guestLimit = readLimit(options.maxTime, '--max-time');
  const wallLimit = readLimit(options.wallLimit, '--wall-limit');
  const machineOptions = {
    firmware: inputs,
    rom: options.rom,
    flashSize: options.flashSize,
    flashHeader: options.flashHeader,
    psram: options.psram,
    elf: options.elf,
    timing: parseSwitch(options.timing ?? 'on', '--timing'),
    sramArbiter: parseSwitch(options.sramArbiter ?? 'off', '--sram-arbiter'),
  };
  for (const file of [options.report, options.record]) if (file !== undefined) checkWritable(file);
  const machine = readMachine(machineOptions);
  const chip = machine.make();
  const semihosting = options.semihosting === true || machine.isBareElf;
  const answers: HostAnswer[] = [];
  const given = Object.entries(machineOptions).filter(([, value]) => value !== undefined);
  const settings = { chip, machine, semihosting, answers };
  return {
    machine,
    chip,
    symbols: machine.symbols,
    semihosting,
    answers,
    recorder:
      options.record === undefined
        ? undefined
        : new Recorder({ ...settings, options: Object.fromEntries(given) as RecordedOptions }),
    scenario,
    guestLimit,
    wallLimitMs: (wallLimit / MASTER_HZ) * 1000,
    notes: machine.notes,
    warnings: machine.warnings,
  };
}

function readScenario(options: RunOptions): ScenarioOptions {
  return {
    until: options.until === undefined ? undefined : parsePattern(options.until, '--until'),
    expect: options.expect.map((text) => parsePattern(text, '--expect')),
    failOn: options.failOn.map((text) => parsePattern(text, '--fail-on')),
    type: options.type.map(parseTypeRule),
  };
}

function readLimit(text: string | undefined, option: string): Ticks {
  return text === undefined ? Infinity : parseTime(text, option);
}
