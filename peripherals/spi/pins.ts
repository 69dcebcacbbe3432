/** The pins of SPI2 or SPI3 as signals; data lines in the order of a nibble: D, Q, WP, HD. */
import type { Signal } from '../../emulator/bus/signal.ts';

export interface SpiPin {
  readonly input: Signal;
  readonly output: Signal;
  readonly enable: Signal;
}

export interface SpiPins {
  readonly clk: SpiPin;
  readonly cs: readonly [SpiPin, SpiPin, SpiPin];
  readonly data: readonly [SpiPin, SpiPin, SpiPin, SpiPin];
  /**
   * True when somebody hears an edge on the outputs: a listener outside, another block, an interrupt
   * of a pin. What the bus itself samples counts when it comes from another of its own outputs.
   */
  readonly observed: () => boolean;
}
