/**
 * Standard input for a guest that reads it by semihosting. The guest's time stands still until bytes
 * are there, so what it reads does not depend on when they come.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';

const STDIN = 0;
const POLL_MS = 10;

/** What the run does about a read that has to wait: no signal handler runs meanwhile. */
export interface StdinWaiter {
  readonly beforeWait: () => void;
  readonly afterWait: () => void;
  /** True when waiting has no point any more: the guest sees the end of its input. */
  readonly gaveUp: () => boolean;
}

export class StdinReader {
  private readonly waiter: StdinWaiter;
  private file: number | undefined;
  private readonly pause = new Int32Array(new SharedArrayBuffer(4));

  constructor(waiter: StdinWaiter) {
    this.waiter = waiter;
  }

  /** At most `length` bytes, at least one unless the input has ended. */
  read(length: number): Uint8Array {
    const buffer = new Uint8Array(length);
    let count = this.attempt(buffer);
    if (count !== undefined) return buffer.subarray(0, count);
    this.waiter.beforeWait();
    while (count === undefined && !this.waiter.gaveUp()) {
      Atomics.wait(this.pause, 0, 0, POLL_MS);
      count = this.attempt(buffer);
    }
    this.waiter.afterWait();
    return buffer.subarray(0, count ?? 0);
  }

  close(): void {
    if (this.file !== undefined && this.file !== STDIN) closeSync(this.file);
    this.file = undefined;
  }

  /** The count read, 0 at the end, or undefined when nothing is there yet. */
  private attempt(buffer: Uint8Array): number | undefined {
    this.file ??= openStdin();
    try {
      return readSync(this.file, buffer, 0, buffer.length, null);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? undefined : 0;
    }
  }
}

/**
 * A descriptor that does not block, so that limits hold. A socket cannot be opened anew: there the
 * stream that Node makes of stdin sets its own descriptor to non-blocking.
 */
function openStdin(): number {
  try {
    return openSync('/dev/stdin', constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    process.stdin.pause();
    return STDIN;
  }
}
