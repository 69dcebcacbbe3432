/**
 * The command's own streams: guest output on stdout, messages and the progress line on stderr, so
 * that they do not run into each other when both are one terminal.
 */
import type { WriteStream } from 'node:tty';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';

const REFRESH_MS = 250;
const NEWLINE = 10;
const ERASE_LINE = '\r\x1b[K';

export interface ScreenStreams {
  readonly stdout: Pick<WriteStream, 'write' | 'isTTY' | 'on'>;
  readonly stderr: Pick<WriteStream, 'write' | 'isTTY' | 'on'>;
}

export class Screen {
  /** Nobody reads stdout any more, as after `| head`. */
  closed = false;
  private readonly streams: ScreenStreams;
  private shownAt = 0;
  private hasProgress = false;
  private atLineStart = true;

  constructor(streams: ScreenStreams = process) {
    this.streams = streams;
    streams.stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.closed = true;
      if (error.code !== 'EPIPE') this.say(`standard output: ${error.message}`);
    });
    streams.stderr.on('error', () => {});
  }

  /** Guest output. */
  print(bytes: Uint8Array, stream: 'stdout' | 'stderr' = 'stdout'): void {
    if (bytes.length === 0 || (stream === 'stdout' && this.closed)) return;
    this.clearProgress();
    this.streams[stream].write(bytes);
    this.atLineStart = bytes[bytes.length - 1] === NEWLINE;
  }

  /** A message of its own line or lines. */
  say(text: string): void {
    this.clearProgress();
    if (!this.atLineStart) this.streams.stderr.write('\n');
    this.atLineStart = true;
    this.streams.stderr.write(`lockstep32: ${text}\n`);
  }

  /** Guest time and speed; only on a terminal, and not beside a line that the guest has begun. */
  progress(now: Ticks, wallMs: number): void {
    if (!this.streams.stderr.isTTY || !this.atLineStart) return;
    if (wallMs - this.shownAt < REFRESH_MS) return;
    this.shownAt = wallMs;
    const guest = now / MASTER_HZ;
    const speed = ((guest * 1000) / wallMs).toFixed(2);
    this.streams.stderr.write(`${ERASE_LINE}guest ${guest.toFixed(3)} s, ${speed} x real time\r`);
    this.hasProgress = true;
  }

  clearProgress(): void {
    if (this.hasProgress) this.streams.stderr.write(ERASE_LINE);
    this.hasProgress = false;
  }

  /** Ends a begun line of guest output on the terminal, so that the shell's prompt starts its own. */
  endLine(): void {
    if (this.atLineStart || !this.streams.stdout.isTTY) return;
    this.streams.stderr.write('\n');
    this.atLineStart = true;
  }

  /** Red on a terminal, unless NO_COLOR is set. */
  alarm(text: string): string {
    return this.hasColour('stderr') ? `\x1b[31m${text}\x1b[39m` : text;
  }

  /** On a terminal, unless NO_COLOR is set. */
  hasColour(stream: 'stdout' | 'stderr'): boolean {
    const { NO_COLOR, TERM } = process.env;
    const isTerminal = this.streams[stream].isTTY === true;
    return isTerminal && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
  }
}
