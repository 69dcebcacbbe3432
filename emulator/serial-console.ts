/**
 * A serial port at UART0 as a person sees it: bytes out, bytes in. It sends at the rate of the byte
 * it received last, as a person sets the terminal's rate; 115200 baud before the first one.
 */
import type { Uart } from '../peripherals/uart/uart.ts';
import { MASTER_HZ } from './scheduler/clock.ts';
import type { Ticks } from './scheduler/clock.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

/** Bits of a frame: start, 8 data, stop; no parity. */
const FRAME_BITS = 10;

export class SerialConsole {
  private bitTicks: Ticks = Math.round(MASTER_HZ / 115_200);
  /** When the last byte sent has left. */
  private busyUntil: Ticks = 0;
  private readonly uart: Uart;
  private readonly scheduler: Scheduler;

  constructor(uart: Uart, scheduler: Scheduler) {
    this.uart = uart;
    this.scheduler = scheduler;
    uart.listen({
      onByte: (_value, startTick, endTick) => {
        this.bitTicks = Math.max(1, Math.round((endTick - startTick) / FRAME_BITS));
      },
    });
  }

  /** Time that the bytes sent so far still take on the wire. */
  get backlog(): Ticks {
    return Math.max(0, this.busyUntil - this.scheduler.now);
  }

  /** `listener` hears each byte at the end of its stop bit. */
  onByte(listener: (value: number, endTick: Ticks) => void): void {
    this.uart.listen({ onByte: (value, _startTick, endTick) => listener(value, endTick) });
  }

  /** Puts bytes on the wire one after another, from now on or behind those before. */
  send(bytes: Uint8Array): void {
    const { now } = this.scheduler;
    const { bitTicks } = this;
    for (const value of bytes) this.uart.receive({ value, startTick: now, bitTicks });
    this.busyUntil = Math.max(this.busyUntil, now) + bytes.length * FRAME_BITS * bitTicks;
  }
}
