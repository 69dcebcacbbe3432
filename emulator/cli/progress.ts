/** One line on stderr with guest time and speed, shown only on a terminal. */
import type { WriteStream } from 'node:tty';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';

const REFRESH_MS = 250;

export class ProgressLine {
  private readonly stream: WriteStream;
  private shownAt = 0;
  private visible = false;

  constructor(stream: WriteStream) {
    this.stream = stream;
  }

  show(now: Ticks, wallMs: number): void {
    if (!this.stream.isTTY || process.stdout.isTTY || wallMs - this.shownAt < REFRESH_MS) return;
    this.shownAt = wallMs;
    const guest = now / MASTER_HZ;
    const speed = wallMs === 0 ? 0 : (guest * 1000) / wallMs;
    this.stream.write(`\r\x1b[Kguest ${guest.toFixed(3)} s, ${speed.toFixed(2)} x real time`);
    this.visible = true;
  }

  clear(): void {
    if (this.visible) this.stream.write('\r\x1b[K');
    this.visible = false;
  }

  /** A message of its own line. */
  say(text: string): void {
    this.clear();
    this.stream.write(`lockstep32: ${text}\n`);
  }
}
