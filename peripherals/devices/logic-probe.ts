/**
 * A logic probe on one pin: edge count, the latest edges with their ticks, and a pulse trap. Unlike
 * a waveform recording it is part of the machine: a snapshot holds what it has seen.
 *
 * Command: `'reset'` forgets what was seen.
 */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardWire,
} from '../../emulator/bus/board-device.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';

/** Edges kept. */
const DEPTH = 256;

export interface LogicProbeOptions {
  readonly name?: string;
  /** GPIO number. */
  readonly pin: number;
}

export interface ProbedEdge {
  readonly tick: Ticks;
  /** Level after the edge. */
  readonly level: Level;
}

export class LogicProbe implements BoardDevice {
  readonly name: string;
  private readonly pin: number;
  private board!: Board;
  private wire!: BoardWire;
  private count = 0;
  private seen: ProbedEdge[] = [];
  private narrowest: Ticks = Infinity;

  constructor({ name, pin }: LogicProbeOptions) {
    this.pin = pin;
    this.name = name ?? `probe GPIO${pin}`;
  }

  plug(board: Board): void {
    this.board = board;
    this.wire = board.wire(this.pin);
    this.wire.onChange((level, tick) => this.edge(level, tick));
  }

  get level(): Level {
    return this.wire.level;
  }

  /** Edges since it was attached or reset. */
  get edgeCount(): number {
    return this.count;
  }

  /** The latest edges, at most 256. */
  get edges(): readonly ProbedEdge[] {
    return this.seen;
  }

  /** Shortest time between two edges, in master ticks; Infinity below two edges. */
  get narrowestPulse(): Ticks {
    return this.narrowest;
  }

  command(command: BoardCommand): void {
    if (command !== 'reset') {
      this.board.warn(`no such command: ${JSON.stringify(command)}`);
      return;
    }
    this.count = 0;
    this.seen = [];
    this.narrowest = Infinity;
  }

  save(): State {
    const { count, narrowest } = this;
    return {
      count,
      narrowest,
      ticks: this.seen.map(({ tick }) => tick),
      levels: this.seen.map(({ level }) => level),
    };
  }

  restore(state: State): void {
    this.count = state['count'] as number;
    this.narrowest = state['narrowest'] as number;
    const levels = state['levels'] as Level[];
    this.seen = (state['ticks'] as number[]).map((tick, i) => ({ tick, level: levels[i]! }));
  }

  private edge(level: Level, tick: Ticks): void {
    const last = this.seen[this.seen.length - 1];
    if (last !== undefined) this.narrowest = Math.min(this.narrowest, tick - last.tick);
    this.count++;
    if (this.seen.length === DEPTH) this.seen.shift();
    this.seen.push({ tick, level });
  }
}
