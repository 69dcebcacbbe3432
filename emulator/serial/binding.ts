/**
 * The chip's UARTs as serial ports of Node programs: a binding for `SerialPortStream` of the
 * serialport packages. The chip runs while one of its ports is open.
 */
import type {
  BindingInterface,
  BindingPortInterface,
  OpenOptions,
  PortInfo,
  PortStatus,
  SetOptions,
  UpdateOptions,
} from '@serialport/bindings-interface' with { 'resolution-mode': 'require' };
import type { Esp32 } from '../esp32.ts';
import { Driver } from './driver.ts';
import type { DriverParty, Pace } from './driver.ts';
import { HostLine } from './line.ts';
import type { LineFormat } from './line.ts';

export interface SerialBindingOptions {
  /** How guest time passes; `fast` when absent. */
  readonly pace?: Pace;
  /** Pins of the chip that are wired to CTS and DSR of UART0's port. */
  readonly cts?: number;
  readonly dsr?: number;
}

const PATHS = ['uart0', 'uart1', 'uart2'] as const;
const UARTS = [0, 1, 2] as const;
/** A write is done when fewer bytes than this wait for the wire. */
const WRITE_BUFFER = 4096;
/** Bytes that the host has not read: above it the guest waits. */
const MOST_UNREAD = 1 << 20;

/** An operation that was under way when its port was closed or flushed. */
class CanceledError extends Error {
  readonly canceled = true;
}

export class SerialBinding implements BindingInterface<SerialBindingPort> {
  private readonly chip: Esp32;
  private readonly driver: Driver;
  private readonly options: SerialBindingOptions;
  private readonly opened = new Map<number, SerialBindingPort>();
  private readonly hooks = new Map<number, LineHook>();

  constructor(chip: Esp32, options: SerialBindingOptions = {}) {
    this.chip = chip;
    this.options = options;
    this.driver = new Driver(chip, options.pace ?? 'fast');
  }

  list(): Promise<PortInfo[]> {
    const none = {
      serialNumber: undefined,
      pnpId: undefined,
      locationId: undefined,
      productId: undefined,
      vendorId: undefined,
    };
    return Promise.resolve(PATHS.map((path) => ({ path, manufacturer: 'Lockstep32', ...none })));
  }

  /** Opens `uart0`, `uart1` or `uart2`, with DTR and RTS asserted as operating systems do. */
  async open(options: OpenOptions): Promise<SerialBindingPort> {
    const index = UARTS.find((uart) => PATHS[uart] === options.path);
    if (index === undefined)
      throw new Error(`no serial port '${options.path}'; expected one of ${PATHS.join(', ')}`);
    if (this.opened.has(index)) throw new Error(`serial port '${options.path}' is already open`);
    const format = readFormat(options);
    const hook = this.hook(index);
    if (!hook.line.configure(format))
      throw new Error(`baud rate ${options.baudRate}; expected 1 to 5000000`);
    const port = new SerialBindingPort(complete(options), hook, () => {
      this.opened.delete(index);
      this.driver.remove(port);
    });
    this.opened.set(index, port);
    hook.line.setLines(true, true);
    this.driver.add(port);
    return port;
  }

  /** A UART is listened to once, whoever has its port open. */
  private hook(index: 0 | 1 | 2): LineHook {
    let hook = this.hooks.get(index);
    if (hook !== undefined) return hook;
    const { cts, dsr } = this.options;
    const pins = {
      ...(cts === undefined || index !== 0 ? {} : { cts }),
      ...(dsr === undefined || index !== 0 ? {} : { dsr }),
    };
    const created: LineHook = {
      line: new HostLine(this.chip, { uart: index, onByte: (v) => created.onByte?.(v), ...pins }),
      onByte: undefined,
    };
    this.hooks.set(index, (hook = created));
    return hook;
  }
}

interface LineHook {
  readonly line: HostLine;
  onByte: ((value: number) => void) | undefined;
}

interface Waiting {
  readonly done: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class SerialBindingPort implements BindingPortInterface, DriverParty {
  readonly openOptions: Required<OpenOptions>;
  isOpen = true;
  private readonly hook: LineHook;
  private readonly line: HostLine;
  private readonly onClose: () => void;
  private readonly received: number[] = [];
  private waiting: Waiting[] = [];
  private failure: Error | undefined;

  constructor(openOptions: Required<OpenOptions>, hook: LineHook, onClose: () => void) {
    this.openOptions = openOptions;
    this.hook = hook;
    this.line = hook.line;
    this.onClose = onClose;
    hook.onByte = (value) => this.received.push(value);
  }

  get held(): boolean {
    return this.line.held || this.received.length > MOST_UNREAD;
  }

  get busy(): boolean {
    return !this.line.drained || this.received.length > 0;
  }

  before(): void {
    this.line.feed();
  }

  after(): void {
    const ready = this.waiting.filter(({ done }) => done());
    if (ready.length === 0) return;
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }

  fail(error: Error): void {
    this.failure = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  async close(): Promise<void> {
    this.checkOpen('close');
    this.isOpen = false;
    this.cancel('the port was closed');
    this.hook.onByte = undefined;
    if (this.openOptions.hupcl) this.line.setLines(false, false);
    this.line.purge();
    this.onClose();
  }

  async read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{ buffer: Buffer; bytesRead: number }> {
    this.checkOpen('read');
    await this.until(() => this.received.length > 0);
    const bytes = this.received.splice(0, length);
    buffer.set(bytes, offset);
    return { buffer, bytesRead: bytes.length };
  }

  async write(buffer: Buffer): Promise<void> {
    this.checkOpen('write');
    this.line.send(Uint8Array.from(buffer));
    await this.until(() => this.line.unsent < WRITE_BUFFER);
  }

  async update({ baudRate }: UpdateOptions): Promise<void> {
    this.checkOpen('update');
    if (!this.line.configure({ baudRate }))
      throw new Error(`baud rate ${baudRate}; expected 1 to 5000000`);
    this.openOptions.baudRate = baudRate;
  }

  /**
   * Flags that are left out keep their level; CTS and DSR are the chip's to set. A change that lets
   * EN rise is done when the ROM has booted.
   */
  async set({ dtr, rts }: SetOptions): Promise<void> {
    this.checkOpen('set');
    const { line } = this;
    const wasHeld = line.held;
    line.setLines(dtr ?? line.dtr, rts ?? line.rts);
    if (wasHeld && !line.held) await this.until(() => !line.booting);
  }

  async get(): Promise<PortStatus> {
    this.checkOpen('get');
    return { cts: this.line.cts, dsr: this.line.dsr, dcd: false };
  }

  async getBaudRate(): Promise<{ baudRate: number }> {
    this.checkOpen('getBaudRate');
    return { baudRate: this.line.settings.baudRate };
  }

  async flush(): Promise<void> {
    this.checkOpen('flush');
    this.received.length = 0;
    this.line.purge();
  }

  async drain(): Promise<void> {
    this.checkOpen('drain');
    await this.until(() => this.line.drained);
  }

  private until(done: () => boolean): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (done()) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiting.push({ done, resolve, reject }));
  }

  private cancel(why: string): void {
    for (const { reject } of this.waiting.splice(0)) reject(new CanceledError(why));
  }

  private checkOpen(what: string): void {
    if (!this.isOpen) throw new CanceledError(`${what}: the port is not open`);
  }
}

function readFormat(options: OpenOptions): LineFormat {
  const { baudRate, dataBits = 8, parity = 'none', stopBits = 1 } = options;
  if (parity !== 'none' && parity !== 'even' && parity !== 'odd')
    throw new Error(`parity '${parity}'; expected none, even or odd`);
  if (stopBits !== 1 && stopBits !== 2) throw new Error(`${stopBits} stop bits; expected 1 or 2`);
  return { baudRate, dataBits, parity, stopBits };
}

function complete(options: OpenOptions): Required<OpenOptions> {
  return {
    dataBits: 8,
    lock: true,
    stopBits: 1,
    parity: 'none',
    rtscts: false,
    xon: false,
    xoff: false,
    xany: false,
    hupcl: true,
    ...options,
  };
}
