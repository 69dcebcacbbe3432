/** `--uart0 pty`: UART0 on a pseudo-terminal, for programs that open a device file. */
import { spawnSync } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { InputError } from '../loader/errors.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { SerialConsole } from '../serial-console.ts';
import type { SerialHost } from './serial.ts';

/** Output that nobody has read: above it the oldest is lost, as with a real port that nobody has open. */
const MOST_UNREAD = 1 << 16;
const MOST_BACKLOG = MASTER_HZ;
const CHUNK = 4096;

interface Pty {
  readonly master: number;
  readonly slave: number;
  readonly pty: string;
}

/** The one function of the native module that is used. */
interface PtyModule {
  open(columns: number, rows: number): Pty;
}

export class PtyPort implements SerialHost {
  readonly quit = false;
  readonly held = false;
  readonly path: string;
  private readonly pty: Pty;
  private readonly uart: SerialConsole;
  private readonly unread: number[] = [];
  private readonly buffer = new Uint8Array(CHUNK);

  constructor(uart: SerialConsole) {
    this.uart = uart;
    this.pty = openPty();
    this.path = this.pty.pty;
  }

  print(byte: number): void {
    this.unread.push(byte);
    if (this.unread.length > 2 * MOST_UNREAD)
      this.unread.splice(0, this.unread.length - MOST_UNREAD);
  }

  flush(): void {
    while (this.unread.length > 0) {
      const written = this.attempt((fd) =>
        writeSync(fd, Uint8Array.from(this.unread.slice(0, CHUNK))),
      );
      if (written === 0) return;
      this.unread.splice(0, written);
    }
  }

  turn(): Promise<void> {
    this.flush();
    if (this.uart.backlog < MOST_BACKLOG) {
      const length = this.attempt((fd) => readSync(fd, this.buffer));
      if (length > 0) this.uart.send(this.buffer.slice(0, length));
    }
    return new Promise((resolve) => setImmediate(resolve));
  }

  close(): void {
    this.flush();
    closeSync(this.pty.slave);
    closeSync(this.pty.master);
  }

  /** Bytes that went through; 0 when the terminal has no room or nothing to read. */
  private attempt(act: (fd: number) => number): number {
    try {
      return act(this.pty.master);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN' || code === 'EIO') return 0;
      throw new InputError('--uart0 pty', 'the pseudo-terminal failed', { hint: String(code) });
    }
  }
}

function openPty(): Pty {
  const name = `@lydell/node-pty-${process.platform}-${process.arch}/pty.node`;
  const require = createRequire(import.meta.url);
  let pty: Pty;
  try {
    const fromWrapper = createRequire(require.resolve('@lydell/node-pty'));
    pty = (fromWrapper(name) as PtyModule).open(80, 24);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new InputError('--uart0', `no pseudo-terminal can be opened here: ${why}`, {
      expected: 'Linux or macOS with the optional package @lydell/node-pty installed',
      hint: 'tcp:PORT and rfc2217:PORT work everywhere',
    });
  }
  // Bytes pass as they are; an echo would come back to the guest as its own input.
  const { status } = spawnSync('stty', ['raw', '-echo'], {
    stdio: [pty.slave, 'ignore', 'ignore'],
  });
  if (status === 0) return pty;
  closeSync(pty.slave);
  closeSync(pty.master);
  throw new InputError('--uart0', 'the pseudo-terminal cannot be made raw: stty failed', {
    hint: 'tcp:PORT and rfc2217:PORT work everywhere',
  });
}
