/**
 * A push button between a pin and a rail, with contacts that bounce: each press and release begins
 * with a burst of edges within the bounce time, the same in every run of one seed.
 *
 * Commands: `'press'`, `'release'`, or `{ press: microseconds }` for a press of that length.
 *
 * **Not modelled:** contact resistance.
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

const TICKS_PER_US = MASTER_HZ / 1_000_000;
/** Changes of the contact in one burst, the last of which stays. */
const BURST = 7;

export interface ButtonOptions {
  readonly name?: string;
  /** GPIO number. */
  readonly pin: number;
  /** Level of the pin while pressed: 0 (to ground) by default. */
  readonly pressedLevel?: Level;
  /** Whether the board has a resistor to the other rail; true by default. */
  readonly pulled?: boolean;
  /** Length of the bounce in microseconds; 0 by default. */
  readonly bounceUs?: number;
  /** Chooses the pattern of the bounces. */
  readonly seed?: number;
}

export class Button implements BoardDevice {
  readonly name: string;
  private readonly options: Required<Omit<ButtonOptions, 'name'>>;
  private wire!: BoardWire;
  private contact!: BoardEvent;
  private release!: BoardEvent;
  private board!: Board;
  /** Where the contact ends up, and the changes still to come. */
  private pressed = false;
  private remaining = 0;
  private closed = false;
  private random: number;

  constructor(options: ButtonOptions) {
    this.options = { pressedLevel: 0, pulled: true, bounceUs: 0, seed: 1, ...options };
    this.name = options.name ?? `button GPIO${options.pin}`;
    this.random = this.options.seed >>> 0;
  }

  plug(board: Board): void {
    const { pin, pulled, pressedLevel } = this.options;
    this.board = board;
    this.wire = board.wire(pin);
    if (pulled) this.wire.setPull(pressedLevel === 0 ? 1 : 0);
    this.contact = board.event('contact', (now) => this.bounce(now));
    this.release = board.event('release', () => this.move(false));
  }

  command(command: BoardCommand): void {
    if (command === 'press') this.move(true);
    else if (command === 'release') this.move(false);
    else if (isTimedPress(command)) {
      this.move(true);
      this.release.at(this.board.now + Math.round(command.press * TICKS_PER_US));
    } else this.board.warn(`no such command: ${JSON.stringify(command)}`);
  }

  get isPressed(): boolean {
    return this.pressed;
  }

  save(): State {
    const { pressed, remaining, closed, random } = this;
    return { pressed, remaining, closed, random };
  }

  restore(state: State): void {
    this.pressed = state['pressed'] as boolean;
    this.remaining = state['remaining'] as number;
    this.closed = state['closed'] as boolean;
    this.random = state['random'] as number;
  }

  private move(pressed: boolean): void {
    this.release.cancel();
    if (pressed === this.pressed) return;
    this.pressed = pressed;
    this.remaining = this.options.bounceUs > 0 ? BURST : 1;
    this.bounce(this.board.now);
  }

  /** An odd number of changes ends in the new position. */
  private bounce(now: Ticks): void {
    this.remaining--;
    this.closed = this.remaining % 2 === 0 ? this.pressed : !this.pressed;
    this.wire.drive(this.closed ? this.options.pressedLevel : 'z');
    if (this.remaining === 0) return;
    const longest = (this.options.bounceUs * TICKS_PER_US) / (BURST - 1);
    this.contact.at(now + Math.max(1, Math.floor((longest * this.nextRandom()) / 0x1_0000)));
  }

  /** 1..0xffff, of a linear congruential generator (constants of Numerical Recipes). */
  private nextRandom(): number {
    this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
    return (this.random >>> 16) | 1;
  }
}

function isTimedPress(command: BoardCommand): command is { readonly press: number } {
  if (typeof command !== 'object' || command === null || !('press' in command)) return false;
  return typeof command.press === 'number' && command.press >= 0 && Number.isFinite(command.press);
}
