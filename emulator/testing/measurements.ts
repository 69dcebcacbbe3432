/**
 * What a firmware uses of its reserves: stack, heap, time with interrupts off, time before a watchdog
 * strikes. Looking takes no time and changes nothing in the guest.
 */
import { InputError } from '../loader/errors.ts';
import type { Board } from './board.ts';
import { CoreWatch } from './core-watch.ts';
import type { MaskedSpan } from './core-watch.ts';
import { FreeRtos, minimumFreeHeap, unusedBytes } from './freertos.ts';
import type { StackUse } from './freertos.ts';
import type { Time } from './units.ts';

export interface StackRegion {
  readonly name?: string;
  /** Lowest address of the stack, or the symbol there. */
  readonly low: string | number;
  /** Bytes, or the symbol at the end. */
  readonly size: string | number;
  /** What the stack was filled with before its use: 0xa5 by default. */
  readonly fill?: number;
}

export interface WatchdogMargin {
  /** The block, such as `TIMG0`. */
  readonly name: string;
  readonly feeds: number;
  /** The least time that was left of a stage at a feed. */
  readonly margin: Time;
}

const DEFAULT_FILL = 0xa5;
const NO_DEBUG = 'firmware with these and its ELF with debug information';

export class Measurements {
  private readonly board: Board;
  private readonly cores: CoreWatch;

  constructor(board: Board) {
    this.board = board;
    this.cores = new CoreWatch(board.chip, () => {});
  }

  /** Every task of FreeRTOS with the bytes of its stack that were never used. Throws InputError without FreeRTOS. */
  stacks(): StackUse[] {
    const tasks = FreeRtos.find(this.board)?.stacks();
    if (tasks !== undefined) return tasks;
    throw new InputError('tasks', 'FreeRTOS is not found', { expected: NO_DEBUG });
  }

  /** The bytes at the low end of a stack that still hold the fill; for programs without FreeRTOS. */
  stack({ name, low, size, fill = DEFAULT_FILL }: StackRegion): StackUse {
    const { symbols } = this.board;
    const start = typeof low === 'number' ? low : symbols.address(low);
    const length = typeof size === 'number' ? size : symbols.address(size) - start;
    if (!(length > 0) || !this.board.memory.isMemory(start))
      throw new InputError('stack', 'there is no memory in this range', {
        expected: 'the lowest address, and a size or the end above it',
      });
    const headroom = unusedBytes(this.board, start, length, fill);
    return { name: name ?? symbols.describe(start), headroom };
  }

  /** The fewest bytes of ESP-IDF's heap that were ever free. Throws InputError without that heap. */
  heapLeft(): number {
    const free = minimumFreeHeap(this.board);
    if (free !== undefined) return free;
    throw new InputError('heap', 'no heap of ESP-IDF is found', { expected: NO_DEBUG });
  }

  /**
   * The longest time that a core kept interrupts masked since the first use of `board.measure`, in
   * handlers too; undefined when neither did. What lies between a reset and the first unmasking is
   * not counted.
   */
  interruptsOff(): MaskedSpan | undefined {
    return this.cores.longestMasked();
  }

  /** Watchdogs that were fed, the narrowest first. */
  watchdogs(): WatchdogMargin[] {
    const { watchdogMargins, watchdogFeeds } = this.board.chip.log;
    return [...watchdogMargins]
      .map(([name, ticks]) => ({ name, feeds: watchdogFeeds.get(name) ?? 0, margin: { ticks } }))
      .sort((a, b) => a.margin.ticks - b.margin.ticks);
  }

  /** Begins anew, after a jump to another state. */
  restart(): void {
    this.cores.restart();
  }
}
