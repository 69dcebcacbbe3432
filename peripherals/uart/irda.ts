/**
 * IrDA SIR coding of a UART's wire (TRM "UART Controllers", IrDA): a bit 0 is a pulse of 3/16 bit, a
 * bit 1 none. TXD rests low and pulses high, RXD rests high and pulses low; IRDA_TX_INV and
 * IRDA_RX_INV turn that over. The link is half duplex: IRDA_TX_EN sends, else the UART receives.
 *
 * Unverified on silicon: the pulse lies in the sixteenths 7 to 9 of its bit; the decoder's bit lasts
 * one bit time from the beginning of a pulse.
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';

/** Begin and end of a pulse in half bits. */
const PULSE_BEGIN = 7 / 8;
const PULSE_END = 10 / 8;

export interface PulseShape {
  /** Level of bit `bit` of what is being sent. */
  bitLevel(bit: number): number;
  /** Tick of a point in time in half bits. */
  tickAt(halfBits: number): Ticks;
  readonly bits: number;
}

/** The encoder's output at `now`, and when it changes next (-1: not any more). */
export function pulseAt(
  shape: PulseShape,
  from: number,
  now: Ticks,
): { level: Level; next: Ticks } {
  for (let bit = Math.max(from, 0); bit < shape.bits; bit++) {
    if (shape.bitLevel(bit) !== 0) continue;
    const begin = shape.tickAt(2 * bit + PULSE_BEGIN);
    if (now < begin) return { level: 0, next: begin };
    const end = shape.tickAt(2 * bit + PULSE_END);
    if (now < end) return { level: 1, next: end };
  }
  return { level: 0, next: -1 };
}

/** Makes a bit's length of low level of each pulse. */
export class PulseDecoder {
  private readonly scheduler: Scheduler;
  private readonly release: SchedulerEvent;
  private readonly bitEnd: (now: Ticks) => Ticks;
  private readonly drive: (level: Level, now: Ticks) => void;

  constructor(
    name: string,
    scheduler: Scheduler,
    bitEnd: (now: Ticks) => Ticks,
    drive: (level: Level, now: Ticks) => void,
  ) {
    this.scheduler = scheduler;
    this.bitEnd = bitEnd;
    this.drive = drive;
    this.release = scheduler.event(`${name}.irda`, (now) => drive(1, now));
  }

  /** The input went to `level`, where 0 is light. */
  input(level: Level, now: Ticks): void {
    if (level === 1) return;
    this.drive(0, now);
    this.scheduler.at(this.bitEnd(now), this.release);
  }

  reset(): void {
    this.scheduler.cancel(this.release);
  }
}
