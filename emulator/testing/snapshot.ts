/** A board at a moment: the state of its machine and what it has printed until then. */
import { createRequire } from 'node:module';
import type { State, StateValue } from '../bus/state.ts';
import { InputError } from '../loader/errors.ts';
import type { Board } from './board.ts';
import type { CapturedHistory } from './captured-host.ts';
import type { Machine } from './machine.ts';
import { differenceOf } from './machine-identity.ts';
import type { MachineIdentity } from './machine-identity.ts';
import { decodeStateFile, encodeStateFile } from './state-file.ts';
import type { UartHistory } from './uart-port.ts';

export interface BoardHistory {
  readonly uarts: readonly UartHistory[];
  readonly host: CapturedHistory;
}

interface SavedSnapshot {
  readonly version: string;
  readonly identity: MachineIdentity;
  readonly state: State;
  readonly history: {
    readonly uarts: readonly UartHistory[];
    readonly text: string;
    readonly exitCode: number | null;
  };
}

const { version: VERSION } = createRequire(import.meta.url)('lockstep32/package.json') as {
  readonly version: string;
};

export interface SnapshotParts {
  readonly machine: Machine;
  readonly state: State;
  readonly history: BoardHistory;
  /** A board like the one of the snapshot, at power-on. */
  readonly makeBoard: () => Board;
}

export class Snapshot {
  readonly machine: Machine;
  readonly state: State;
  readonly history: BoardHistory;
  private readonly makeBoard: () => Board;

  constructor({ machine, state, history, makeBoard }: SnapshotParts) {
    this.machine = machine;
    this.state = state;
    this.history = history;
    this.makeBoard = makeBoard;
  }

  /** For a file: compressed, and only good for this version of lockstep32. */
  encode(): Uint8Array {
    const { identity } = this.machine;
    const { uarts, host } = this.history;
    const history = { uarts, text: host.text, exitCode: host.exitCode ?? null };
    const value = { version: VERSION, identity, state: this.state, history };
    return encodeStateFile('snapshot', value as unknown as StateValue);
  }

  /** Throws InputError for another version, another machine, or a damaged file. */
  static decode(
    bytes: Uint8Array,
    file: string,
    machine: Machine,
    makeBoard: () => Board,
  ): Snapshot {
    const saved = decodeStateFile('snapshot', bytes, file) as unknown as SavedSnapshot;
    if (saved.version !== VERSION)
      throw new InputError(file, `made by lockstep32 ${String(saved.version)}`, {
        expected: `a snapshot of this version, ${VERSION}`,
      });
    const difference = differenceOf(saved.identity, machine.identity);
    if (difference !== undefined)
      throw new InputError(file, `it is of another machine: ${difference}`, {
        expected: 'the same images, ROM, sizes and options as when it was made',
      });
    const { uarts, text, exitCode } = saved.history;
    const history = { uarts, host: { text, exitCode: exitCode ?? undefined } };
    return new Snapshot({ machine, state: saved.state, history, makeBoard });
  }

  /** A new board in this state. */
  fork(): Board {
    const board = this.makeBoard();
    board.restore(this);
    return board;
  }

  /** Throws InputError unless the machine is the one of the snapshot. */
  checkFor(machine: Machine): void {
    const difference = differenceOf(this.machine.identity, machine.identity);
    if (difference === undefined) return;
    throw new InputError('snapshot', `it is of another machine: ${difference}`, {
      expected: 'the same images, ROM, sizes and options as when it was made',
    });
  }
}
