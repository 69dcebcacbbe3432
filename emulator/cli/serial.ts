/** Where UART0 goes on the host: the terminal, a file, a connection on loopback, a pseudo-terminal. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Esp32 } from '../esp32.ts';
import { InputError, printable } from '../loader/errors.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { SerialConsole } from '../serial-console.ts';
import { makeFolderFor } from './output-file.ts';
import type { Screen } from './screen.ts';
import { PtyPort } from './serial-pty.ts';
import { Rfc2217Port } from './serial-rfc2217.ts';

/** Ctrl-] ends an interactive run. */
const QUIT = 0x1d;
/** Input that the wire will take this long for is enough; the source waits. */
const MOST_BACKLOG = MASTER_HZ;
/** Output that a TCP client has not taken yet: above it the guest waits. */
const MOST_UNSENT = 1 << 20;
const SHORT_WAIT_MS = 20;

export interface SerialHost {
  /** The user asked to end the run. */
  readonly quit: boolean;
  /** A person types on a terminal. */
  readonly interactive?: boolean;
  /** The host holds the chip in reset: it must not run. */
  readonly held?: boolean;
  print(byte: number): void;
  /** Passes on what was printed. */
  flush(): void;
  /** Lets the host deliver input and take output. */
  turn(): Promise<void>;
  close(): void;
}

export interface SerialOptions {
  readonly target: string | undefined;
  readonly chip: Esp32;
  readonly screen: Screen;
  /** False when the guest reads stdin by semihosting. */
  readonly takesStdin: boolean;
  /** Whether to stop waiting for a TCP client. */
  readonly gaveUp: () => boolean;
}

export async function openSerial(options: SerialOptions): Promise<SerialHost> {
  const { target, screen, chip } = options;
  if (target === undefined || target === 'stdio') return new Stdio(options);
  if (target === 'pty') {
    const serial = new PtyPort(chip.uart0);
    screen.say(`UART0 on ${serial.path}`);
    return serial;
  }
  const [, kind, place] = /^(\w{2,}):(.*)$/.exec(target) ?? [];
  if (kind === undefined || place === undefined) return new SerialFile(target);
  if (kind !== 'tcp' && kind !== 'rfc2217')
    throw new InputError('--uart0', `'${printable(target, 32)}' is no target`, {
      expected: 'stdio, pty, tcp:PORT, rfc2217:PORT or a file (./ before a name with a colon)',
    });
  const server = await listen(parsePort(kind, place));
  const { port } = server.address() as AddressInfo;
  const url = kind === 'tcp' ? `tcp:${port}` : `rfc2217://localhost:${port}`;
  screen.say(`UART0 on ${url}, waiting for a connection`);
  const serial =
    kind === 'tcp' ? new Tcp(server, chip.uart0) : new Rfc2217Port(server, chip, screen);
  while (!serial.connected && !options.gaveUp()) await wait(SHORT_WAIT_MS);
  return serial;
}

function parsePort(kind: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new InputError('--uart0', `'${kind}:${printable(text, 32)}' names no port`, {
    expected: `${kind}:PORT with a port from 0 (any free one) to 65535`,
  });
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new InputError('--uart0', `cannot listen on port ${port}`, { hint: error.message })),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Output in pieces of some kilobytes instead of single bytes. */
class Pieces {
  private readonly pending = new Uint8Array(4096);
  private length = 0;
  private readonly write: (bytes: Uint8Array) => void;

  constructor(write: (bytes: Uint8Array) => void) {
    this.write = write;
  }

  add(byte: number): void {
    this.pending[this.length++] = byte;
    if (this.length === this.pending.length) this.flush();
  }

  flush(): void {
    if (this.length > 0) this.write(this.pending.slice(0, this.length));
    this.length = 0;
  }
}

class Stdio implements SerialHost {
  quit = false;
  private readonly uart: SerialConsole;
  private readonly pieces: Pieces;
  private readonly takesStdin: boolean;
  readonly interactive: boolean;
  private readonly onData = (data: Buffer): void => {
    const end = this.interactive ? data.indexOf(QUIT) : -1;
    if (end >= 0) this.quit = true;
    this.uart.send(end >= 0 ? data.subarray(0, end) : data);
    if (this.uart.backlog > MOST_BACKLOG) process.stdin.pause();
  };

  constructor({ chip, screen, takesStdin }: SerialOptions) {
    this.uart = chip.uart0;
    this.pieces = new Pieces((bytes) => screen.print(bytes));
    this.takesStdin = takesStdin;
    this.interactive = takesStdin && process.stdin.isTTY;
    if (!takesStdin) return;
    if (this.interactive) {
      process.stdin.setRawMode(true);
      screen.say('UART0 on this terminal; Ctrl-] ends the run');
    }
    process.stdin.on('data', this.onData);
    process.stdin.on('error', () => process.stdin.pause());
    process.stdin.unref?.();
  }

  print(byte: number): void {
    this.pieces.add(byte);
  }

  flush(): void {
    this.pieces.flush();
  }

  turn(): Promise<void> {
    this.flush();
    if (this.takesStdin && process.stdin.isPaused() && this.uart.backlog < MOST_BACKLOG)
      process.stdin.resume();
    return breathe();
  }

  close(): void {
    this.flush();
    if (!this.takesStdin) return;
    process.stdin.off('data', this.onData);
    if (this.interactive) process.stdin.setRawMode(false);
    process.stdin.pause();
  }
}

class SerialFile implements SerialHost {
  readonly quit = false;
  private readonly file: number;
  private readonly pieces: Pieces;

  constructor(path: string) {
    this.file = this.attempt(path, () => {
      makeFolderFor(path);
      return openSync(path, 'w');
    });
    this.pieces = new Pieces((bytes) => this.attempt(path, () => writeSync(this.file, bytes)));
  }

  print(byte: number): void {
    this.pieces.add(byte);
  }

  flush(): void {
    this.pieces.flush();
  }

  turn(): Promise<void> {
    this.flush();
    return breathe();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private attempt<T>(path: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      const hint = error instanceof Error ? error.message : String(error);
      throw new InputError(path, 'cannot be written', { hint });
    }
  }
}

/** One client at a time; a new one takes the place of the old. */
class Tcp implements SerialHost {
  readonly quit = false;
  private readonly server: Server;
  private readonly uart: SerialConsole;
  private readonly pieces = new Pieces((bytes) => void this.socket?.write(bytes));
  private socket: Socket | undefined;

  constructor(server: Server, uart: SerialConsole) {
    this.server = server;
    this.uart = uart;
    server.on('connection', (socket) => this.accept(socket));
  }

  get connected(): boolean {
    return this.socket !== undefined;
  }

  print(byte: number): void {
    this.pieces.add(byte);
  }

  flush(): void {
    this.pieces.flush();
  }

  turn(): Promise<void> {
    this.flush();
    const { socket } = this;
    if (socket?.isPaused() === true && this.uart.backlog < MOST_BACKLOG) socket.resume();
    return (socket?.writableLength ?? 0) > MOST_UNSENT ? wait(SHORT_WAIT_MS) : breathe();
  }

  close(): void {
    this.flush();
    this.server.close();
    // A client that does not read must not keep the process alive.
    this.socket?.end();
    this.socket?.unref();
  }

  private accept(socket: Socket): void {
    this.socket?.destroy();
    this.socket = socket;
    socket.on('data', (data) => {
      this.uart.send(data);
      if (this.uart.backlog > MOST_BACKLOG) socket.pause();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.socket === socket) this.socket = undefined;
    });
  }
}
