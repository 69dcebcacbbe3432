/**
 * A run as a log: the machine it needs, every input with its tick, hashes of the state on the way,
 * and the state at its end. That is all a replay needs to do the same again, bit for bit.
 */
import type { StateValue } from '../bus/state.ts';
import type { InputRecord } from '../inputs.ts';
import { InputError } from '../loader/errors.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';
import type { Esp32 } from '../esp32.ts';
import type { HostAnswer } from './recorded-host.ts';
import type { Machine } from './machine.ts';
import type { MachineIdentity } from './machine-identity.ts';
import { differenceOf } from './machine-identity.ts';
import { decodeStateFile, encodeStateFile } from './state-file.ts';

export interface Checkpoint {
  readonly tick: Ticks;
  /** Inputs that had taken effect. */
  readonly inputs: number;
  readonly hash: string;
}

export interface RunLog {
  readonly identity: MachineIdentity;
  /** How the command line was told to make the machine; empty for a run of the library. */
  readonly options: Readonly<Record<string, string | readonly string[]>>;
  readonly devices: readonly string[];
  readonly semihosting: boolean;
  readonly inputs: readonly InputRecord[];
  /** What the host answered to SIMCALL, in order. */
  readonly answers: readonly HostAnswer[];
  readonly checkpoints: readonly Checkpoint[];
  readonly end: Checkpoint;
}

/** A hash each 100 ms of guest time. */
const CHECKPOINT: Ticks = MASTER_HZ / 10;

export interface RecorderOptions {
  readonly chip: Esp32;
  readonly machine: Machine;
  readonly options?: Readonly<Record<string, string | readonly string[]>>;
  readonly semihosting?: boolean;
  readonly answers?: readonly HostAnswer[];
}

export class Recorder {
  private readonly settings: RecorderOptions;
  private readonly inputs: InputRecord[] = [];
  private readonly checkpoints: Checkpoint[] = [];

  /** Throws InputError unless the chip is at power-on and has had no input. */
  constructor(settings: RecorderOptions) {
    const { chip } = settings;
    if (chip.now !== 0 || chip.inputs.waiting.length > 0)
      throw new InputError('recording', 'the run has begun', { expected: 'a chip at power-on' });
    this.settings = settings;
    chip.inputs.onApplied = (record) => this.inputs.push(record);
  }

  /** Use instead of the chip's own: the run pauses for checkpoints, which changes nothing. */
  runUntil(end: Ticks): void {
    const { chip } = this.settings;
    for (;;) {
      const next = (Math.floor(chip.now / CHECKPOINT) + 1) * CHECKPOINT;
      const stop = Math.min(end, next);
      chip.runUntil(stop);
      if (!chip.isAtRest || chip.now < stop) return;
      if (stop === next) this.checkpoints.push(this.checkpoint());
      if (stop === end) return;
    }
  }

  /** The run so far, to the end of the present tick. */
  log(): RunLog {
    const { chip, machine, options = {}, semihosting = false, answers = [] } = this.settings;
    while (!chip.isAtRest) chip.runUntil(chip.now + 1);
    return {
      identity: machine.identity,
      ...{ options, semihosting, answers: [...answers] },
      devices: chip.devices.names,
      inputs: [...this.inputs],
      checkpoints: [...this.checkpoints],
      end: this.checkpoint(),
    };
  }

  private checkpoint(): Checkpoint {
    const { chip } = this.settings;
    return { tick: chip.now, inputs: this.inputs.length, hash: chip.stateHash() };
  }
}

export interface ReplayResult {
  readonly isSame: boolean;
  /** One sentence for people. */
  readonly why: string;
  readonly tick: Ticks;
}

/**
 * Does a recorded run again on a chip at power-on; stops where it begins to differ. Throws
 * InputError for another machine.
 */
export function replayOn(
  chip: Esp32,
  machine: Machine,
  log: RunLog,
  file = 'run log',
): ReplayResult {
  checkMachine(machine, log, file);
  const names = [...chip.devices.names].sort().join(', ');
  const wanted = [...log.devices].sort().join(', ');
  if (names !== wanted)
    throw new InputError(file, `it was recorded with the devices [${wanted}]`, {
      expected: `the devices attached now, [${names}]`,
    });
  let done = 0;
  let before: Ticks = 0;
  for (const { tick, inputs, hash } of [...log.checkpoints, log.end]) {
    for (; done < Math.min(inputs, log.inputs.length); done++)
      chip.inputs.at(log.inputs[done]!.tick, log.inputs[done]!.event);
    chip.runUntil(tick);
    while (!chip.isAtRest) chip.runUntil(tick);
    if (chip.stateHash() !== hash) {
      const from = (before / MASTER_HZ).toFixed(6);
      const why = `the run differs from the recording between ${from} s and ${(tick / MASTER_HZ).toFixed(6)} s`;
      return { isSame: false, why, tick };
    }
    before = tick;
  }
  const seconds = (log.end.tick / MASTER_HZ).toFixed(6);
  const why = `${seconds} s replayed, the same in every bit (state ${log.end.hash.slice(0, 16)})`;
  return { isSame: true, why, tick: log.end.tick };
}

function checkMachine(machine: Machine, log: RunLog, file: string): void {
  const difference = differenceOf(log.identity, machine.identity);
  if (difference === undefined) return;
  throw new InputError(file, `recorded on another machine: ${difference}`, {
    expected: 'the images, the ROM and the options of the recording',
  });
}

export function encodeRunLog(log: RunLog): Uint8Array {
  return encodeStateFile('run', log as unknown as StateValue);
}

/** Throws InputError for what is not a run log of this version. */
export function decodeRunLog(bytes: Uint8Array, file: string): RunLog {
  const log = decodeStateFile('run', bytes, file) as unknown as Partial<RunLog> | null;
  const isWhole =
    typeof log?.identity === 'object' &&
    Array.isArray(log.inputs) &&
    Array.isArray(log.checkpoints) &&
    Array.isArray(log.answers) &&
    Array.isArray(log.devices) &&
    typeof log.end?.tick === 'number';
  if (!isWhole) throw new InputError(file, 'not a whole run log');
  return log as RunLog;
}
