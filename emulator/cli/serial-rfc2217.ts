/** `--uart0 rfc2217:PORT`: UART0 with DTR and RTS over Telnet, one client at a time. */
import type { Server, Socket } from 'node:net';
import type { Esp32 } from '../esp32.ts';
import { HostLine } from '../serial/line.ts';
import { Rfc2217 } from '../serial/rfc2217.ts';
import type { Screen } from './screen.ts';
import type { SerialHost } from './serial.ts';

/** Bytes that a client has not taken yet: above it the guest waits. */
const MOST_UNSENT = 1 << 20;
/** Bytes that wait for the wire: above it the client waits. */
const MOST_QUEUED = 1 << 14;
/**
 * Clients set DTR and RTS one after the other and wait for each answer, pyserial at least 50 ms. EN
 * must not rise between the two: a large capacitor at EN, as people solder it for such hosts.
 */
const EN_RISE_MS = 300;
const SHORT_WAIT_MS = 5;

export class Rfc2217Port implements SerialHost {
  readonly quit = false;
  private readonly server: Server;
  private readonly line: HostLine;
  private readonly screen: Screen;
  private readonly printed: number[] = [];
  private client: { readonly socket: Socket; readonly protocol: Rfc2217 } | undefined;

  constructor(server: Server, chip: Esp32, screen: Screen) {
    this.server = server;
    this.screen = screen;
    this.line = new HostLine(chip, {
      uart: 0,
      onByte: (value) => this.printed.push(value),
      enRiseMs: EN_RISE_MS,
    });
    server.on('connection', (socket) => this.accept(socket));
  }

  get connected(): boolean {
    return this.client !== undefined;
  }

  get held(): boolean {
    return this.line.held;
  }

  /** The line hears the chip by itself, at the client's rate. */
  print(_byte: number): void {}

  flush(): void {
    const bytes = Uint8Array.from(this.printed.splice(0));
    if (bytes.length > 0 && this.client !== undefined)
      this.client.socket.write(this.client.protocol.encode(bytes));
  }

  async turn(): Promise<void> {
    this.flush();
    this.client?.protocol.poll();
    const { socket } = this.client ?? {};
    if (socket?.isPaused() === true && this.line.unsent < MOST_QUEUED) socket.resume();
    const waits = this.line.held || (socket?.writableLength ?? 0) > MOST_UNSENT;
    await new Promise((resolve) =>
      waits ? setTimeout(resolve, SHORT_WAIT_MS) : setImmediate(resolve),
    );
    this.line.feed();
  }

  close(): void {
    this.flush();
    this.line.dispose();
    this.server.close();
    // A client that does not read must not keep the process alive.
    this.client?.socket.end();
    this.client?.socket.unref();
  }

  private accept(socket: Socket): void {
    this.client?.socket.destroy();
    socket.setNoDelay(true);
    const protocol = new Rfc2217(this.line, (bytes) => void socket.write(bytes));
    this.client = { socket, protocol };
    socket.on('data', (data) => {
      protocol.receive(data);
      if (this.line.unsent > MOST_QUEUED) socket.pause();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.client?.socket !== socket) return;
      this.client = undefined;
      this.line.release();
      this.screen.say('UART0: the client disconnected; the run goes on');
    });
  }
}
