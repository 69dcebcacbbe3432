/** The wires between the UARTs and the GPIO matrix, by signal number (TRM, peripheral signal list). */
import { Signal } from '../emulator/bus/signal.ts';
import { MatrixWires } from './matrix-wires.ts';
import type { UartPins } from './uart/uart.ts';

/** UnRXD_IN and UnTXD_OUT share a number, as UnCTS_IN and UnRTS_OUT, U0DSR_IN and U0DTR_OUT do. */
const SIGNALS = [
  { data: 14, handshake: 15, ready: 16 },
  { data: 17, handshake: 18, ready: undefined },
  { data: 198, handshake: 199, ready: undefined },
] as const;

export class UartWires extends MatrixWires {
  readonly pins: readonly Required<UartPins>[];

  constructor() {
    super();
    // Unverified on silicon: RXD that no pad is connected to reads idle, CTS and DSR read 0.
    this.pins = SIGNALS.map((_, n) => ({
      tx: new Signal(`U${n}TXD`, 1),
      rx: new Signal(`U${n}RXD`, 1),
      rts: new Signal(`U${n}RTS`, 1),
      cts: new Signal(`U${n}CTS`),
      dtr: new Signal(`U${n}DTR`, 1),
      dsr: new Signal(`U${n}DSR`),
    }));
    this.pins.forEach(({ tx, rx, rts, cts, dtr, dsr }, n) => {
      const { data, handshake, ready } = SIGNALS[n]!;
      this.outputs[data] = { level: tx };
      this.outputs[handshake] = { level: rts };
      this.inputs[data] = rx;
      this.inputs[handshake] = cts;
      if (ready === undefined) return;
      this.outputs[ready] = { level: dtr };
      this.inputs[ready] = dsr;
    });
  }

  signals(): Signal[] {
    return this.pins.flatMap(({ tx, rx, rts, cts, dtr, dsr }) => [tx, rx, rts, cts, dtr, dsr]);
  }
}
