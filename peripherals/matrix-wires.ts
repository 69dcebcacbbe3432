/** The wires between blocks of one kind and the GPIO matrix. */
import type { OutputWire } from '../emulator/bus/pad.ts';
import type { Signal } from '../emulator/bus/signal.ts';
import type { State, Stateful } from '../emulator/bus/state.ts';

export abstract class MatrixWires implements Stateful {
  /** By signal number (TRM, peripheral signal list). */
  readonly outputs: (OutputWire | undefined)[] = [];
  readonly inputs: (Signal | undefined)[] = [];

  /** All of them, in the order of the saved levels. */
  abstract signals(): Signal[];

  save(): State {
    return { levels: this.signals().map((signal) => signal.save()) };
  }

  restore(state: State): void {
    const levels = state['levels'] as State[];
    this.signals().forEach((signal, i) => signal.restore(levels[i]!));
  }
}
