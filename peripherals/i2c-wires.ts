/** The wires between the I2C controllers and the GPIO matrix, by signal number (TRM, peripheral signal list). */
import { Signal } from '../emulator/bus/signal.ts';
import { MatrixWires } from './matrix-wires.ts';
import type { I2cPin } from './i2c/i2c.ts';

/** I2CEXTn_SCL and I2CEXTn_SDA, the same numbers for input and output. */
const SIGNALS = [
  { scl: 29, sda: 30 },
  { scl: 95, sda: 96 },
] as const;

export class I2cWires extends MatrixWires {
  readonly pins: readonly { readonly scl: I2cPin; readonly sda: I2cPin }[];

  constructor() {
    super();
    // Unverified on silicon: an input that no pad is connected to reads 1, an idle bus.
    const pin = (name: string): I2cPin => ({
      in: new Signal(`${name}_in`, 1),
      out: new Signal(`${name}_out`, 1),
      enable: new Signal(`${name}_oe`),
    });
    this.pins = SIGNALS.map((_, n) => ({ scl: pin(`I2CEXT${n}_SCL`), sda: pin(`I2CEXT${n}_SDA`) }));
    this.pins.forEach(({ scl, sda }, n) => {
      const numbers = SIGNALS[n]!;
      this.outputs[numbers.scl] = { level: scl.out, enable: scl.enable };
      this.outputs[numbers.sda] = { level: sda.out, enable: sda.enable };
      this.inputs[numbers.scl] = scl.in;
      this.inputs[numbers.sda] = sda.in;
    });
  }

  signals(): Signal[] {
    return this.pins
      .flatMap(({ scl, sda }) => [scl, sda])
      .flatMap((pin) => [pin.in, pin.out, pin.enable]);
  }
}
