/**
 * A rotary encoder: two contacts to ground in quadrature, one full cycle per detent. Turned
 * clockwise, A closes before B.
 *
 * Command: `{ turn: detents, detentUs: microseconds }`; negative detents turn counter-clockwise.
 *
 * **Not modelled:** bounce, the push switch of the shaft (use a Button).
 */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardEvent,
  BoardWire,
} from '../../emulator/bus/board-device.ts';
import type { State } from '../../emulator/bus/state.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';

const TICKS_PER_US = MASTER_HZ / 1_000_000;
const DEFAULT_DETENT_US = 10_000;
const MOST_DETENTS = 1_000_000;
/** Contacts (A, B) closed in the four quarters of a clockwise cycle; at rest both are open. */
const QUARTERS = [
  [false, false],
  [true, false],
  [true, true],
  [false, true],
] as const;

export interface RotaryEncoderOptions {
  readonly name?: string;
  /** GPIO numbers of the two contacts. */
  readonly pinA: number;
  readonly pinB: number;
}

export class RotaryEncoder implements BoardDevice {
  readonly name: string;
  private readonly pins: readonly [number, number];
  private board!: Board;
  private wires!: readonly [BoardWire, BoardWire];
  private event!: BoardEvent;
  /** In quarters of a detent. */
  private position = 0;
  private target = 0;
  private quarterTicks: Ticks = 1;

  constructor({ name, pinA, pinB }: RotaryEncoderOptions) {
    this.name = name ?? `encoder GPIO${pinA}/${pinB}`;
    this.pins = [pinA, pinB];
  }

  plug(board: Board): void {
    this.board = board;
    this.wires = [board.wire(this.pins[0]), board.wire(this.pins[1])];
    for (const wire of this.wires) wire.setPull(1);
    this.event = board.event('quarter', (now) => this.step(now));
  }

  /** Turned detents since power-on, clockwise positive. */
  get detents(): number {
    return this.position / 4;
  }

  command(command: BoardCommand): void {
    const { turn, detentUs = DEFAULT_DETENT_US } = (
      typeof command === 'object' && command !== null ? command : {}
    ) as { turn?: unknown; detentUs?: unknown };
    const isTurn = Number.isInteger(turn) && Math.abs(turn as number) <= MOST_DETENTS;
    if (!isTurn || typeof detentUs !== 'number' || !(detentUs > 0)) {
      this.board.warn(`no such command: ${JSON.stringify(command)}`);
      return;
    }
    this.target += 4 * (turn as number);
    this.quarterTicks = Math.max(1, Math.round((detentUs * TICKS_PER_US) / 4));
    this.event.at(this.board.now + this.quarterTicks);
  }

  save(): State {
    const { position, target, quarterTicks } = this;
    return { position, target, quarterTicks };
  }

  restore(state: State): void {
    this.position = state['position'] as number;
    this.target = state['target'] as number;
    this.quarterTicks = state['quarterTicks'] as number;
  }

  private step(now: Ticks): void {
    if (this.position === this.target) return;
    this.position += Math.sign(this.target - this.position);
    const closed = QUARTERS[this.position & 3]!;
    this.wires.forEach((wire, i) => wire.drive(closed[i]! ? 0 : 'z'));
    if (this.position !== this.target) this.event.at(now + this.quarterTicks);
  }
}
