/**
 * The seam between the bus and a peripheral. A device sees its own window of addresses, its
 * clocks, its wires and a log; never the chip, the cores or another device.
 */
import type { Stateful } from './state.ts';

export type AccessSize = 1 | 2 | 4;

/**
 * Who is being reset, after the TRM's chapter "Reset and Clock": `power` is chip power-on,
 * `system` resets the digital core and RTC registers, `core` leaves the RTC domain alone,
 * `peripheral` is one block's reset bit in DPORT.
 */
export type ResetDomain = 'power' | 'system' | 'core' | 'peripheral';

export interface Device extends Stateful {
  /** Block and instance name of the TRM, e.g. `UART0`. */
  readonly name: string;
  /** Reads `size` bytes at byte `offset` in the block; the value is an int32. */
  read(offset: number, size: AccessSize): number;
  write(offset: number, value: number, size: AccessSize): void;
  reset(domain: ResetDomain): void;
}

/** A firmware access that the model does not carry out; collected in the run report. */
export interface Unmodelled {
  readonly device: string;
  readonly register: string;
  readonly access: 'read' | 'write';
  readonly value: number;
}

/**
 * What a device may say: `unmodelled` reaches the run report, `warn` the user. `watchdogFed` counts
 * the firmware's feeds; a log that does not count them leaves it out.
 */
export interface DeviceLog {
  unmodelled(entry: Unmodelled): void;
  warn(device: string, message: string): void;
  watchdogFed?(device: string, ticksLeft: number): void;
}
