/** A serial port at UART0 as a person sees it: bytes out, bytes in at a fixed baud rate. */
import type { Uart } from '../peripherals/uart/uart.ts';
import { MASTER_HZ } from './scheduler/clock.ts';
import type { Ticks } from './scheduler/clock.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

export class SerialConsole {
  /** Rate at which the host sends; what it receives has the chip's own timing. */
  baud = 115_200;
  private readonly uart: Uart;
  private readonly scheduler: Scheduler;

  constructor(uart: Uart, scheduler: Scheduler) {
    this.uart = uart;
    this.scheduler = scheduler;
  }

  /** `listener` hears each byte at the end of its stop bit. */
  onByte(listener: (value: number, endTick: Ticks) => void): void {
    this.uart.listen({ onByte: (value, _startTick, endTick) => listener(value, endTick) });
  }

  /** Puts bytes on the wire one after another, from now on: 8 data bits, no parity, 1 stop bit. */
  send(bytes: Uint8Array): void {
    const bitTicks = Math.round(MASTER_HZ / this.baud);
    for (const value of bytes)
      this.uart.receive({ value, startTick: this.scheduler.now, bitTicks });
  }
}
