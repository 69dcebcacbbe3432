/**
 * A chip's UART0 with the shape of a Web Serial `SerialPort`, for tools written for browsers, such
 * as esptool-js. It is opened, reopened and closed like one; baud rates change on the open port.
 */
import type { Esp32 } from '../esp32.ts';
import { SerialBinding } from './binding.ts';
import type { SerialBindingOptions, SerialBindingPort } from './binding.ts';

export interface WebSerialOptions {
  readonly baudRate: number;
  readonly dataBits?: number | undefined;
  readonly stopBits?: number | undefined;
  readonly parity?: string | undefined;
}

export interface WebSerialSignals {
  readonly dataTerminalReady?: boolean;
  readonly requestToSend?: boolean;
}

const CHUNK = 4096;

export class WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  private readonly binding: SerialBinding;
  private port: SerialBindingPort | undefined;

  constructor(chip: Esp32, options: SerialBindingOptions = {}) {
    this.binding = new SerialBinding(chip, options);
  }

  async open(options: WebSerialOptions): Promise<void> {
    const { baudRate, dataBits, stopBits, parity } = options;
    const port = await this.binding.open({
      path: 'uart0',
      baudRate,
      // A browser leaves DTR and RTS as they are when it closes a port.
      hupcl: false,
      ...(dataBits === 7 || dataBits === 8 ? { dataBits } : {}),
      ...(stopBits === 1 || stopBits === 2 ? { stopBits } : {}),
      ...(parity === undefined ? {} : { parity }),
    });
    this.port = port;
    this.readable = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { buffer, bytesRead } = await port.read(Buffer.alloc(CHUNK), 0, CHUNK);
          controller.enqueue(new Uint8Array(buffer.subarray(0, bytesRead)));
        } catch (error) {
          if (port.isOpen) controller.error(error);
          else controller.close();
        }
      },
    });
    this.writable = new WritableStream<Uint8Array>({
      write: (bytes) => port.write(Buffer.from(bytes)),
    });
  }

  async close(): Promise<void> {
    const { port } = this;
    this.port = undefined;
    this.readable = null;
    this.writable = null;
    await port?.close();
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.opened().update({ baudRate });
  }

  /** Signals that are left out keep their level. */
  async setSignals({ dataTerminalReady, requestToSend }: WebSerialSignals): Promise<void> {
    await this.opened().set({
      ...(dataTerminalReady === undefined ? {} : { dtr: dataTerminalReady }),
      ...(requestToSend === undefined ? {} : { rts: requestToSend }),
    });
  }

  async getSignals(): Promise<{
    clearToSend: boolean;
    dataSetReady: boolean;
    dataCarrierDetect: boolean;
    ringIndicator: boolean;
  }> {
    const { cts, dsr, dcd } = await this.opened().get();
    return { clearToSend: cts, dataSetReady: dsr, dataCarrierDetect: dcd, ringIndicator: false };
  }

  /** No USB identity. */
  getInfo(): Record<string, never> {
    return {};
  }

  private opened(): SerialBindingPort {
    if (this.port === undefined) throw new Error('the port is not open');
    return this.port;
  }
}
