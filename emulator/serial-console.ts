/**
 * A serial port at a UART as a person sees it: bytes out, bytes in. It sends at the rate of the byte
 * it received last, as a person sets the terminal's rate; 115200 baud before the first one.
 */
import type { State, Stateful } from './bus/state.ts';
import type { Inputs, UartInput } from './inputs.ts';
import type { Uart } from '../peripherals/uart/uart.ts';
import { MASTER_HZ } from './scheduler/clock.ts';
import type { Ticks } from './scheduler/clock.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

/** Bits of a frame: start, 8 data, stop; no parity. */
const FRAME_BITS = 10;

export interface SerialConsoleOptions {
  readonly uart: Uart;
  readonly index: 0 | 1 | 2;
  readonly scheduler: Scheduler;
  readonly inputs: Inputs;
}

export class SerialConsole implements Stateful {
  private bitTicks: Ticks = Math.round(MASTER_HZ / 115_200);
  /** When the last byte sent has left. */
  private busyUntil: Ticks = 0;
  /** The chip's crystal is fast by so many parts per million. */
  private crystalPpm = 0;
  private readonly options: SerialConsoleOptions;

  constructor(options: SerialConsoleOptions) {
    this.options = options;
    options.uart.listen({
      onByte: (_value, startTick, endTick) => {
        this.bitTicks = Math.max(1, Math.round((endTick - startTick) / FRAME_BITS));
      },
    });
  }

  /** Time that the bytes sent so far still take on the wire. */
  get backlog(): Ticks {
    const { inputs, scheduler, index } = this.options;
    let waiting = 0;
    for (const { event } of inputs.waiting)
      if (event.kind === 'uart' && event.uart === index) waiting += event.bytes.length;
    const onTheWire = Math.max(0, this.busyUntil - scheduler.now);
    return onTheWire + waiting * FRAME_BITS * this.bitTicks;
  }

  /** `listener` hears each byte at the end of its stop bit. */
  onByte(listener: (value: number, endTick: Ticks) => void): void {
    this.options.uart.listen({
      onByte: (value, _startTick, endTick) => listener(value, endTick),
    });
  }

  /** Puts bytes on the wire one after another, as soon as the machine runs on. */
  send(bytes: Uint8Array): void {
    const { inputs, index } = this.options;
    if (bytes.length > 0) inputs.now({ kind: 'uart', uart: index, bytes: [...bytes] });
  }

  /** Carries out `send`: the frames begin now, or behind those before. */
  receive(input: UartInput): void {
    const { uart, scheduler } = this.options;
    const { now } = scheduler;
    const { bytes, dataBits, parity, stopBits, noise } = input;
    const bit = (input.bitTicks ?? this.bitTicks) * (1 + this.crystalPpm / 1e6);
    const bitTicks = Math.max(1, Math.round(bit));
    const format = {
      ...(dataBits === undefined ? {} : { dataBits }),
      ...(parity === undefined ? {} : { parity }),
      ...(stopBits === undefined ? {} : { stopBits }),
      ...(noise === undefined ? {} : { noise }),
    };
    for (const value of bytes) uart.receive({ value, startTick: now, bitTicks, ...format });
    const frameBits = 1 + (dataBits ?? 8) + (parity === undefined ? 0 : 1) + (stopBits ?? 1);
    this.busyUntil = Math.max(this.busyUntil, now) + bytes.length * frameBits * bitTicks;
  }

  setCrystal(ppm: number): void {
    this.crystalPpm = ppm;
  }

  save(): State {
    const { bitTicks, busyUntil, crystalPpm } = this;
    return { bitTicks, busyUntil, crystalPpm };
  }

  restore(state: State): void {
    this.bitTicks = state['bitTicks'] as number;
    this.busyUntil = state['busyUntil'] as number;
    this.crystalPpm = state['crystalPpm'] as number;
  }
}
