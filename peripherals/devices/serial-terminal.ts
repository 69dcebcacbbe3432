/**
 * A serial terminal wired to two pins, as a second board would be: it samples the wire in the middle
 * of each bit and drives frames of its own, 8 data bits, no parity, one stop bit.
 *
 * Command: a string, which it sends (Latin-1).
 *
 * **Not modelled:** parity, hardware flow control. A frame without stop bit counts as an error and
 * is dropped.
 */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardEvent,
  BoardWire,
} from '../../emulator/bus/board-device.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';

/** Start, 8 data, stop. */
const FRAME_BITS = 10;
const STOP = FRAME_BITS - 1;
/** Characters kept of what the chip sent. */
const MOST_TEXT = 1 << 16;
const MOST_WAITING = 1 << 16;

export interface SerialTerminalOptions {
  readonly name?: string;
  /** GPIO on which the chip sends. */
  readonly txPin: number;
  /** GPIO on which the chip receives. */
  readonly rxPin: number;
  /** 115200 by default. */
  readonly baudHz?: number;
}

export class SerialTerminal implements BoardDevice {
  readonly name: string;
  private readonly options: SerialTerminalOptions;
  private readonly bitTicks: number;
  private board!: Board;
  private tx!: BoardWire;
  private rx!: BoardWire;
  private sample!: BoardEvent;
  private drive!: BoardEvent;
  private heard = '';
  private errors = 0;
  /** Frame being heard: begin, next bit (-1: none), bits so far. */
  private heardFrom: Ticks = 0;
  private heardBit = -1;
  private heardBits = 0;
  /** Frame being sent: begin and next bit (-1: none), and the text that waits. */
  private sentFrom: Ticks = 0;
  private sentBit = -1;
  private waiting = '';

  constructor(options: SerialTerminalOptions) {
    this.options = options;
    this.name = options.name ?? `terminal GPIO${options.txPin}/${options.rxPin}`;
    this.bitTicks = MASTER_HZ / (options.baudHz ?? 115_200);
  }

  plug(board: Board): void {
    this.board = board;
    this.tx = board.wire(this.options.txPin);
    this.rx = board.wire(this.options.rxPin);
    this.sample = board.event('sample', () => this.hearBit());
    this.drive = board.event('drive', () => this.sendBit());
    this.tx.onChange((level, tick) => this.hearEdge(level, tick));
    this.rx.drive(1);
  }

  /** What the chip has sent, the latest 65536 characters. */
  get text(): string {
    return this.heard;
  }

  /** Frames without a stop bit. */
  get framingErrors(): number {
    return this.errors;
  }

  command(command: BoardCommand): void {
    if (typeof command !== 'string' || this.waiting.length + command.length > MOST_WAITING) {
      this.board.warn('takes a string of at most 65536 characters');
      return;
    }
    this.waiting += command;
    if (this.sentBit < 0) this.nextFrame(this.board.now);
  }

  save(): State {
    const { heard, errors, heardFrom, heardBit, heardBits, sentFrom, sentBit, waiting } = this;
    return { heard, errors, heardFrom, heardBit, heardBits, sentFrom, sentBit, waiting };
  }

  restore(state: State): void {
    this.heard = state['heard'] as string;
    this.errors = state['errors'] as number;
    this.heardFrom = state['heardFrom'] as number;
    this.heardBit = state['heardBit'] as number;
    this.heardBits = state['heardBits'] as number;
    this.sentFrom = state['sentFrom'] as number;
    this.sentBit = state['sentBit'] as number;
    this.waiting = state['waiting'] as string;
  }

  private hearEdge(level: Level, tick: Ticks): void {
    if (level === 1 || this.heardBit >= 0) return;
    this.heardFrom = tick;
    this.heardBit = 0;
    this.heardBits = 0;
    this.sample.at(this.middleOf(0));
  }

  private hearBit(): void {
    const { level } = this.tx;
    if (this.heardBit === 0 && level === 1) {
      // The line was low for less than half a bit: no start bit.
      this.heardBit = -1;
      return;
    }
    this.heardBits |= level << this.heardBit;
    if (this.heardBit++ < STOP) {
      this.sample.at(this.middleOf(this.heardBit));
      return;
    }
    this.heardBit = -1;
    if (level === 0) this.errors++;
    else {
      const text = this.heard + String.fromCharCode((this.heardBits >> 1) & 0xff);
      this.heard = text.slice(-MOST_TEXT);
    }
  }

  private middleOf(bit: number): Ticks {
    return Math.floor(this.heardFrom + (bit + 0.5) * this.bitTicks);
  }

  private nextFrame(now: Ticks): void {
    this.sentBit = this.waiting === '' ? -1 : 0;
    this.sentFrom = now;
    if (this.sentBit === 0) this.sendBit();
  }

  private sendBit(): void {
    const bit = this.sentBit++;
    const end = Math.round(this.sentFrom + (bit + 1) * this.bitTicks);
    if (bit === FRAME_BITS) {
      this.waiting = this.waiting.slice(1);
      this.nextFrame(this.board.now);
      return;
    }
    const frame = (this.waiting.charCodeAt(0) & 0xff) << 1;
    this.rx.drive(bit === STOP || ((frame >> bit) & 1) === 1 ? 1 : 0);
    this.drive.at(end);
  }
}
