/** A board at a moment: the state of its machine and what it has printed until then. */
import type { State } from '../bus/state.ts';
import { InputError } from '../loader/errors.ts';
import type { Board } from './board.ts';
import type { CapturedHistory } from './captured-host.ts';
import type { Machine } from './machine.ts';
import type { UartHistory } from './uart-port.ts';

export interface BoardHistory {
  readonly uarts: readonly UartHistory[];
  readonly host: CapturedHistory;
}

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

  /** A new board in this state. */
  fork(): Board {
    const board = this.makeBoard();
    board.restore(this);
    return board;
  }

  /** Throws InputError unless the machine is the one of the snapshot. */
  checkFor(machine: Machine): void {
    if (machine.identity === this.machine.identity) return;
    throw new InputError('snapshot', 'it is of another machine', {
      expected: 'the same images, ROM, sizes and options as when it was made',
    });
  }
}
