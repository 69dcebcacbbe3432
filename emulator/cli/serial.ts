/** Where UART0 goes on the host: the terminal, a file, or a TCP connection on loopback. */
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { InputError } from '../loader/errors.ts';
import type { Esp32 } from '../esp32.ts';
import { checkWritable } from './writable.ts';

/** Ctrl-] ends an interactive run. */
const QUIT = 0x1d;
const LINE_FEED = 0x0a;

export interface SerialHost {
  print(byte: number): void;
  /** The user asked to end the run. */
  readonly quit: boolean;
  /** The terminal's cursor stands behind guest text that has no line end. */
  readonly midLine: boolean;
  /** Lets the host deliver input and write output. */
  turn(): Promise<void>;
  close(): void;
}

export async function openSerial(target: string | undefined, chip: Esp32): Promise<SerialHost> {
  if (target === undefined || target === 'stdio') return new Stdio(chip);
  const tcp = /^tcp:(\d+)$/.exec(target);
  if (tcp !== null) return Tcp.listen(Number(tcp[1]), chip);
  checkWritable(target);
  const file = createWriteStream(target);
  return {
    quit: false,
    midLine: false,
    print: (byte) => void file.write(Buffer.from([byte])),
    turn: breathe,
    close: () => void file.end(),
  };
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

class Stdio implements SerialHost {
  quit = false;
  midLine = false;
  private pending: number[] = [];
  private readonly onData: (data: Buffer) => void;

  constructor(chip: Esp32) {
    this.onData = (data) => {
      const end = process.stdin.isTTY ? data.indexOf(QUIT) : -1;
      if (end >= 0) this.quit = true;
      else chip.uart0.send(data);
    };
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    process.stdin.on('data', this.onData);
    process.stdin.unref?.();
  }

  print(byte: number): void {
    this.pending.push(byte);
    this.midLine = byte !== LINE_FEED;
    if (this.pending.length > 4096) this.flush();
  }

  turn(): Promise<void> {
    this.flush();
    return breathe();
  }

  close(): void {
    this.flush();
    process.stdin.off('data', this.onData);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdin.pause();
  }

  private flush(): void {
    if (this.pending.length > 0) process.stdout.write(Buffer.from(this.pending));
    this.pending = [];
  }
}

class Tcp implements SerialHost {
  readonly quit = false;
  readonly midLine = false;
  private socket: Socket | undefined;
  private readonly server = createServer();

  static async listen(port: number, chip: Esp32): Promise<Tcp> {
    const tcp = new Tcp();
    tcp.server.on('connection', (socket) => {
      tcp.socket?.destroy();
      tcp.socket = socket;
      socket.on('data', (data) => chip.uart0.send(data));
      socket.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      tcp.server.once('error', (error) =>
        reject(new InputError('--uart0', `cannot listen on port ${port}`, { hint: error.message })),
      );
      tcp.server.listen(port, '127.0.0.1', resolve);
    });
    console.error(`lockstep32: UART0 on tcp:${port}, waiting for a connection`);
    await new Promise((resolve) => tcp.server.once('connection', resolve));
    return tcp;
  }

  print(byte: number): void {
    this.socket?.write(Buffer.from([byte]));
  }

  turn(): Promise<void> {
    return breathe();
  }

  close(): void {
    this.socket?.end();
    this.server.close();
  }
}
