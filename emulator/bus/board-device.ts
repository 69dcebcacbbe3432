/**
 * The seam of everything outside the chip: a device on the board gets wires at the chip's pins, the
 * time, and events of its own; it never sees the chip. The project's devices in
 * `peripherals/devices/` and a user's own are attached the same way: `chip.attach(device)`.
 */
import type { Ticks } from '../scheduler/clock.ts';
import type { Drive } from './pad.ts';
import type { Level } from './signal.ts';
import type { Stateful } from './state.ts';

/** A wire of the board as one party on it sees it. */
export interface BoardWire {
  /** The pin's name, e.g. `GPIO21`. */
  readonly name: string;
  readonly level: Level;
  /** What everybody else makes of the wire. */
  readonly others: Drive;
  /** Told every change of the level with its master tick. */
  onChange(listener: (level: Level, tick: Ticks) => void): void;
  /** Drives the wire strongly, or lets it go with 'z'. */
  drive(level: Drive): void;
  /** Connects a pull resistor, or none with 'z'. */
  setPull(level: Drive): void;
}

/** A device's own event in the one queue: `at` moves it, `cancel` takes it back. */
export interface BoardEvent {
  at(tick: Ticks): void;
  cancel(): void;
}

/** What a device gets when it is attached. */
export interface Board {
  /** Master ticks (480 MHz) since power-on. */
  readonly now: Ticks;
  /** The wire at pin `gpio`; throws InputError when the chip has no such pin. */
  wire(gpio: number): BoardWire;
  /** An event made once while plugging in; `name` is unique in the device. */
  event(name: string, fire: (now: Ticks) => void): BoardEvent;
  /** Reports a misuse by the guest once per message. */
  warn(message: string): void;
}

/** A plain value that tells a device what happens to it: a button pressed, a temperature. */
export type BoardCommand =
  | number
  | string
  | boolean
  | null
  | readonly BoardCommand[]
  | { readonly [key: string]: BoardCommand };

/** A device on the board. Its state, with the wires it drives, is part of the machine's. */
export interface BoardDevice extends Stateful {
  /** Unique on the board; it names the device in reports and snapshots. */
  readonly name: string;
  /** Called once, when the device is attached. */
  plug(board: Board): void;
  /** Takes a command of the user at its tick; a device without it takes none. */
  command?(command: BoardCommand): void;
}
