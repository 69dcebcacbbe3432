/** The wires between the UARTs and the GPIO matrix, by signal number (TRM, peripheral signal list). */
import type { OutputWire } from '../emulator/bus/pad.ts';
import { Signal } from '../emulator/bus/signal.ts';
import type { State, Stateful } from '../emulator/bus/state.ts';
import type { UartPins } from './uart/uart.ts';

/** UnRXD_IN and UnTXD_OUT share a number, as UnCTS_IN and UnRTS_OUT do. */
const SIGNALS = [
  { data: 14, handshake: 15 },
  { data: 17, handshake: 18 },
  { data: 198, handshake: 199 },
] as const;

export class UartWires implements Stateful {
  readonly pins: readonly Required<Pick<UartPins, 'tx' | 'rx' | 'rts' | 'cts'>>[];
  readonly outputs: (OutputWire | undefined)[] = [];
  readonly inputs: (Signal | undefined)[] = [];

  constructor() {
    // Unverified on silicon: RXD that no pad is connected to reads idle, CTS reads 0.
    this.pins = SIGNALS.map((_, n) => ({
      tx: new Signal(`U${n}TXD`, 1),
      rx: new Signal(`U${n}RXD`, 1),
      rts: new Signal(`U${n}RTS`, 1),
      cts: new Signal(`U${n}CTS`),
    }));
    this.pins.forEach(({ tx, rx, rts, cts }, n) => {
      const { data, handshake } = SIGNALS[n]!;
      this.outputs[data] = { level: tx };
      this.outputs[handshake] = { level: rts };
      this.inputs[data] = rx;
      this.inputs[handshake] = cts;
    });
  }

  save(): State {
    return { levels: this.signals().map((signal) => signal.save()) };
  }

  restore(state: State): void {
    const levels = state['levels'] as State[];
    this.signals().forEach((signal, i) => signal.restore(levels[i]!));
  }

  signals(): Signal[] {
    return this.pins.flatMap(({ tx, rx, rts, cts }) => [tx, rx, rts, cts]);
  }
}
