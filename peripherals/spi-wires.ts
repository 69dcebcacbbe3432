/**
 * The wires between SPI2 (HSPI), SPI3 (VSPI) and the pads, by signal number (TRM, peripheral signal
 * list), and whether anybody hears them.
 */
import type { Pad } from '../emulator/bus/pad.ts';
import { Signal } from '../emulator/bus/signal.ts';
import type { State } from '../emulator/bus/state.ts';
import { MatrixWires } from './matrix-wires.ts';
import type { SpiPin, SpiPins } from './spi/pins.ts';

/** Data lines in the order D, Q, WP, HD. */
// prettier-ignore
const SIGNALS = [
  { name: 'HSPI', clk: 8,  data: [10, 9, 13, 12],   cs: [11, 61, 62] },
  { name: 'VSPI', clk: 63, data: [65, 64, 67, 66],  cs: [68, 69, 70] },
] as const;
const LINES = ['D', 'Q', 'WP', 'HD'] as const;

/** How the pads are connected, as GPIO matrix and IO_MUX have it at the moment. */
export interface SpiRouting {
  readonly pads: readonly (Pad | undefined)[];
  /** Pads that carry the output `signal`. */
  readonly outputPads: (signal: number) => readonly number[];
  /** Peripheral inputs fed by `pad`, and whether its edges interrupt. */
  readonly listenersOf: (pad: number) => { inputs: readonly number[]; interrupt: boolean };
}

interface Bus {
  readonly pins: SpiPins;
  /** Signal numbers of the data inputs. */
  readonly data: readonly number[];
  /** All signal numbers of the bus. */
  readonly numbers: readonly number[];
  /** Outputs with the listeners they have from the chip itself. */
  readonly outputs: { signal: Signal; listeners: number }[];
  /** Pads that carry an output; undefined when the routing has changed. */
  pads: Pad[] | undefined;
  /** A block or an interrupt inside the chip hears one of them. */
  heardInside: boolean;
}

export class SpiWires extends MatrixWires {
  readonly pins: readonly SpiPins[];
  private readonly buses: readonly Bus[];
  private routing: SpiRouting | undefined;

  constructor() {
    super();
    this.buses = SIGNALS.map((row) => this.makeBus(row));
    this.pins = this.buses.map(({ pins }) => pins);
  }

  /** Called once when GPIO matrix and IO_MUX stand and listen. */
  connect(routing: SpiRouting): void {
    this.routing = routing;
    for (const bus of this.buses)
      for (const output of bus.outputs) output.listeners = output.signal.listenerCount;
  }

  /** GPIO matrix, IO_MUX or a pin's interrupt were changed. */
  routingChanged(): void {
    for (const bus of this.buses) bus.pads = undefined;
  }

  override restore(state: State): void {
    super.restore(state);
    this.routingChanged();
  }

  signals(): Signal[] {
    return this.buses.flatMap(({ pins: { clk, data, cs } }) =>
      [clk, ...data, ...cs].flatMap(({ input, output, enable }) => [input, output, enable]),
    );
  }

  private makeBus({ name, clk, data, cs }: (typeof SIGNALS)[number]): Bus {
    const pin = (line: string, number: number, idle: 0 | 1): SpiPin => {
      // Unverified on silicon: an input that no pad is connected to reads 1.
      const input = new Signal(`${name}${line}_in`, 1);
      const output = new Signal(`${name}${line}`, idle);
      const enable = new Signal(`${name}${line}_oe`, line === 'Q' ? 0 : 1);
      this.inputs[number] = input;
      this.outputs[number] = { level: output, enable };
      return { input, output, enable };
    };
    const [d, q, wp, hd] = data.map((number, i) => pin(LINES[i]!, number, i < 2 ? 0 : 1));
    const [cs0, cs1, cs2] = cs.map((number, i) => pin(`CS${i}`, number, 1));
    const pins: SpiPins = {
      clk: pin('CLK', clk, 0),
      data: [d!, q!, wp!, hd!],
      cs: [cs0!, cs1!, cs2!],
      observed: () => this.observed(bus),
    };
    const outputs = [pins.clk, ...pins.data, ...pins.cs].map(({ output }) => output);
    const bus: Bus = {
      pins,
      data,
      numbers: [clk, ...data, ...cs],
      outputs: outputs.map((signal) => ({ signal, listeners: 0 })),
      pads: undefined,
      heardInside: false,
    };
    return bus;
  }

  private observed(bus: Bus): boolean {
    const pads = bus.pads ?? this.trace(bus);
    return (
      bus.heardInside ||
      pads.some((pad) => pad.watched) ||
      bus.outputs.some(({ signal, listeners }) => signal.listenerCount > listeners)
    );
  }

  private trace(bus: Bus): Pad[] {
    const { routing } = this;
    const carrying: Pad[] = [];
    bus.heardInside = false;
    for (const number of bus.numbers)
      for (const gpio of routing?.outputPads(number) ?? []) {
        const pad = routing?.pads[gpio];
        if (routing === undefined || pad === undefined) continue;
        carrying.push(pad);
        const { inputs, interrupt } = routing.listenersOf(gpio);
        const heard = inputs.some((input) => hears(bus, number, input));
        bus.heardInside = bus.heardInside || interrupt || heard;
      }
    return (bus.pads = carrying);
  }
}

/**
 * Whether `input`, fed by a pad that carries output `number` of the bus, takes part: as a master the
 * bus does not hear its own clock and selects, nor a data line while it drives that line itself.
 */
function hears(bus: Bus, number: number, input: number): boolean {
  if (!bus.numbers.includes(input)) return true;
  return bus.data.includes(input) && input !== number;
}
