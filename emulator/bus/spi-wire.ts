/**
 * The seam between an SPI master and the chips on its wires: one transfer is one low phase of a
 * chip select, given clock by clock, so that a chip decodes it with the line counts that it
 * believes in, not with those of the master.
 *
 * The four data lines are bits of a nibble: D0 = D (MOSI), D1 = Q (MISO), D2 = WP, D3 = HD (HOLD).
 * A line that nobody drives reads 1.
 */
import type { Ticks } from '../scheduler/clock.ts';
import type { Stateful } from './state.ts';

export type SpiLines = 1 | 2 | 4;

export interface SpiTransfer {
  /** Tick of the first SPI clock. */
  readonly start: Ticks;
  /** Master ticks of one SPI clock. */
  readonly clockTicks: Ticks;
  /** SPI mode 0..3 (CPOL * 2 + CPHA). */
  readonly mode: number;
  /** Levels of the data lines in each clock as the master drives them. */
  readonly out: Uint8Array;
  /** Levels that the chip drives in each clock; all 0xf at first, the chip writes here. */
  readonly in: Uint8Array;
  /** Lines that the chip drives in each clock, for those who ask by giving an array of zeros. */
  readonly drives?: Uint8Array;
  /** Clock in which the master samples its first bit; `in.length` when it samples nothing. */
  readonly firstSample: number;
}

/** A chip on the wires. The master calls it once per transfer, at the tick when CS rises. */
export interface SpiDevice extends Stateful {
  readonly name: string;
  transfer(transfer: SpiTransfer): void;
  /** Power-on: volatile state is lost. */
  powerOn(): void;
}

/** `bits` (at most 32, unsigned) driven by the master from `clock` on, most significant bit first. */
export function readBits(
  transfer: SpiTransfer,
  clock: number,
  bits: number,
  lines: SpiLines,
): number {
  const mask = (1 << lines) - 1;
  let value = 0;
  for (let taken = 0; taken < bits; taken += lines) {
    const level = transfer.out[clock++] ?? 0xf;
    value = value * (mask + 1) + (level & mask);
  }
  return value;
}

/** Drives one byte from `clock` on: on Q when `lines` is 1, else on D0 and up. Returns the next clock. */
export function driveByte(
  transfer: SpiTransfer,
  clock: number,
  byte: number,
  lines: SpiLines,
): number {
  const wires = transfer.in;
  const mask = (1 << lines) - 1;
  for (let shift = 8 - lines; shift >= 0 && clock < wires.length; shift -= lines) {
    const level = (byte >> shift) & mask;
    if (clock >= 0) {
      wires[clock] = lines === 1 ? 0xd | (level << 1) : (0xf & ~mask) | level;
      if (transfer.drives !== undefined) transfer.drives[clock] = lines === 1 ? 2 : mask;
    }
    clock++;
  }
  return clock;
}
