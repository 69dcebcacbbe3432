/**
 * A UART of the board as a test sees it: the text it printed, with times, and the keyboard. `expect`
 * goes on behind the last match, so that a dialogue reads from top to bottom.
 */
import type { SerialConsole } from '../serial-console.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';
import type { InputEvent, UartInput } from '../inputs.ts';
import type { Condition } from './conditions.ts';
import { compilePattern, fromBytes, searchText } from './text-match.ts';
import type { TextHit } from './text-match.ts';
import type { Span } from './units.ts';

/** Characters kept; older ones are forgotten. */
const MOST_TEXT = 1 << 20;
const MOST_LINES = 1 << 16;
/** A guest that printed nothing for this long has ended its line: 10 ms. */
const SILENCE: Ticks = MASTER_HZ / 100;

export interface UartLine {
  /** When its first character was complete. */
  readonly tick: Ticks;
  readonly text: string;
}

export interface SendOptions {
  /** Bits per second; by default the rate at which the chip sent last. */
  readonly baudHz?: number;
  readonly parity?: 'even' | 'odd';
  /** Bits of each frame that arrive inverted: bit 0 is the start bit, 9 the stop bit of 8 data bits. */
  readonly noise?: number;
}

/** What the port needs of the board. */
export interface UartPortOptions {
  readonly index: 0 | 1 | 2;
  readonly console: SerialConsole;
  readonly now: () => Ticks;
  readonly input: (event: InputEvent) => void;
  /** Runs until the condition is met, else throws what `Board.expect` throws. */
  readonly expect: (condition: Condition<TextHit>, within: Span | undefined) => TextHit;
}

/** The part of a port that a fork takes over. */
export interface UartHistory {
  readonly bytes: string;
  readonly cursor: number;
  readonly dropped: number;
  readonly lines: readonly { tick: Ticks; from: number }[];
  readonly printedAt: Ticks;
}

export class UartPort {
  readonly index: 0 | 1 | 2;
  private readonly options: UartPortOptions;
  private bytes = '';
  /** Where the next match is looked for. */
  private cursor = 0;
  /** Characters forgotten before `bytes`. */
  private dropped = 0;
  private lines: { tick: Ticks; from: number }[] = [];
  private printedAt: Ticks = 0;
  private readonly watchers = new Set<() => void>();

  constructor(options: UartPortOptions) {
    this.index = options.index;
    this.options = options;
    options.console.onByte((value, tick) => this.hear(value, tick));
  }

  /** Everything printed so far (the last megabyte). */
  get text(): string {
    return fromBytes(this.bytes);
  }

  /** What was printed since the last match. */
  get rest(): string {
    return fromBytes(this.bytes.slice(this.cursor));
  }

  /** The lines printed so far with their times. */
  get log(): readonly UartLine[] {
    return this.lines.map(({ tick, from }, i) => {
      const to = this.lines[i + 1]?.from ?? this.dropped + this.bytes.length;
      const text = this.bytes.slice(Math.max(0, from - this.dropped), to - this.dropped);
      return { tick, text: fromBytes(text).replace(/\r?\n$/, '') };
    });
  }

  /** Types text, or sends bytes, as fast as the wire takes them. */
  send(data: string | Uint8Array, options: SendOptions = {}): void {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
    if (bytes.length === 0) return;
    const { baudHz, parity, noise } = options;
    const event: UartInput = {
      ...{ kind: 'uart', uart: this.index, bytes: [...bytes] },
      ...(baudHz === undefined ? {} : { bitTicks: Math.max(1, Math.round(MASTER_HZ / baudHz)) }),
      ...(parity === undefined ? {} : { parity }),
      ...(noise === undefined ? {} : { noise }),
    };
    this.options.input(event);
  }

  /** Runs until the text is printed and returns it; throws an `ExpectationError` when it is not. */
  expect(pattern: string | RegExp, within?: Span): TextHit {
    return this.options.expect(this.prints(pattern), within);
  }

  /** Sends a line and runs until the answer is printed. */
  ask(line: string, answer: string | RegExp, within?: Span): TextHit {
    this.send(`${line}\n`);
    return this.expect(answer, within);
  }

  /** The condition that the text is printed, counted from the last match on. */
  prints(pattern: string | RegExp): Condition<TextHit> {
    const compiled = compilePattern(pattern);
    return {
      name: `UART${this.index} prints ${typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern)}`,
      uart: this.index,
      watch: (_board, met) => {
        let done = false;
        const look = (ended: boolean): void => {
          if (done) return;
          const hit = searchText(compiled, this.bytes, this.cursor, ended);
          if (hit === undefined) return;
          done = true;
          this.cursor = hit.end;
          met(hit);
        };
        const onByte = (): void => look(false);
        this.watchers.add(onByte);
        look(this.isSilent);
        return {
          end: () => this.watchers.delete(onByte),
          settle: () => this.isSilent && look(true),
        };
      },
    };
  }

  /** Forgets what was printed so far: the next match is looked for in what comes. */
  skip(): void {
    this.cursor = this.bytes.length;
  }

  history(): UartHistory {
    const { bytes, cursor, dropped, printedAt } = this;
    return { bytes, cursor, dropped, printedAt, lines: [...this.lines] };
  }

  adopt(history: UartHistory): void {
    this.bytes = history.bytes;
    this.cursor = history.cursor;
    this.dropped = history.dropped;
    this.printedAt = history.printedAt;
    this.lines = [...history.lines];
  }

  private get isSilent(): boolean {
    return this.options.now() - this.printedAt >= SILENCE;
  }

  private hear(value: number, tick: Ticks): void {
    if (this.bytes === '' || this.bytes.endsWith('\n')) {
      this.lines.push({ tick, from: this.dropped + this.bytes.length });
      if (this.lines.length > MOST_LINES) this.lines.splice(0, MOST_LINES / 2);
    }
    this.bytes += String.fromCharCode(value);
    this.printedAt = tick;
    if (this.bytes.length > MOST_TEXT) this.forget(MOST_TEXT / 2);
    for (const watcher of [...this.watchers]) watcher();
  }

  private forget(length: number): void {
    this.bytes = this.bytes.slice(length);
    this.cursor = Math.max(0, this.cursor - length);
    this.dropped += length;
    while (this.lines.length > 1 && this.lines[1]!.from <= this.dropped) this.lines.shift();
  }
}
