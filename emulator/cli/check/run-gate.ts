/** All scenarios of a gate: the board is read once, and forked where a scenario ends for those that go on there. */
import { dirname, isAbsolute, join } from 'node:path';
import { InputError } from '../../loader/errors.ts';
import { createBoard } from '../../testing/board.ts';
import type { Board } from '../../testing/board.ts';
import type { MachineOptions } from '../../testing/machine.ts';
import { locate } from '../../testing/variable.ts';
import type { Snapshot } from '../../testing/snapshot.ts';
import { deviceMaker } from './devices.ts';
import type { Gate } from './gate-file.ts';
import { playScenario, skipScenario } from './play-scenario.ts';
import type { ScenarioResult } from './result.ts';
import type { Located } from './shape.ts';

export interface RunHost {
  readonly wallMs: () => number;
  readonly onStart: (scenario: string, steps: number) => void;
  readonly onTurn: (board: Board, step: number) => string | undefined;
  readonly onEnd: (result: ScenarioResult) => void;
}

/** The board of a gate at power-on, with all names of the gate checked on it. */
export function gateBoard(gate: Gate): Board {
  const find = (path: string): string => inFolder(gate, path);
  const board = createBoard({
    ...machineOptions(gate),
    devices: gate.devices.map(({ name, value }) => deviceMaker(name, value, find)),
  });
  checkNames(gate, board);
  return board;
}

/** In the order of the file. */
export async function runGate(gate: Gate, board: Board, host: RunHost): Promise<ScenarioResult[]> {
  const results = new Map<string, ScenarioResult>();
  const ends = new Map<string, Snapshot>();
  const powerOn = board.snapshot();
  for (const scenario of gate.scenarios) {
    const { name, value } = scenario;
    const base = value.from?.value;
    let result: ScenarioResult;
    if (base !== undefined && results.get(base)!.status !== 'passed') {
      result = skipScenario(gate, scenario);
    } else {
      host.onStart(name, value.steps.length);
      const from = base === undefined ? powerOn : ends.get(base)!;
      const fork = from.fork();
      const onTurn = (step: number): string | undefined => host.onTurn(fork, step);
      result = playScenario({
        gate,
        board: fork,
        base: from,
        scenario,
        wallMs: host.wallMs,
        onTurn,
      });
      if (isBase(gate, name) && result.status === 'passed') ends.set(name, fork.snapshot());
    }
    results.set(name, result);
    host.onEnd(result);
    // The process hears signals and writes its output between scenarios.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return gate.table.scenarios.flatMap(({ name }) => results.get(name) ?? []);
}

/** Files are relative to the gate file. */
export function machineOptions({ table, file }: Gate): MachineOptions {
  const { firmware, rom, elf, ...rest } = table.machine;
  const find = (path: string): string => inFolder({ file }, path);
  const inputs = typeof firmware === 'string' ? [find(firmware)] : firmware.map((one) => (typeof one === 'number' ? `0x${one.toString(16)}` : /^0x[0-9a-f]+$/i.test(one) ? one : find(one))); // prettier-ignore
  return {
    ...rest,
    firmware: inputs,
    ...(rom === undefined ? {} : { rom: rom === 'auto' || rom === 'open' ? rom : find(rom) }),
    ...(elf === undefined ? {} : { elf: (typeof elf === 'string' ? [elf] : elf).map(find) }),
  };
}

function inFolder({ file }: Pick<Gate, 'file'>, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

function isBase(gate: Gate, name: string): boolean {
  return gate.scenarios.some(({ value }) => value.from?.value === name);
}

/** Symbols, variables and addresses that steps name must be there before anything runs. */
function checkNames(gate: Gate, board: Board): void {
  const { problems } = gate;
  const attempt = (offset: number, use: () => unknown): void => {
    try {
      use();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.add(offset, error.message);
    }
  };
  const symbol = ({ value, offset }: Located<string | number>): void =>
    attempt(offset, () => typeof value === 'string' && board.symbols.address(value));
  for (const { value } of gate.table.stacks ?? []) symbol(value.low);
  for (const { value } of gate.table.scenarios)
    for (const { verb, of } of value.steps) {
      if (verb === 'reached') symbol(of.reached);
      if (verb === 'memory') symbol(of.memory);
      // The name only: a path may lead through pointers that are not set yet.
      if (verb === 'variable')
        attempt(of.variable.offset, () => locate(of.variable.value, board.symbols.types));
    }
  problems.check();
}
