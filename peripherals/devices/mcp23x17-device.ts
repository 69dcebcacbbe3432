/**
 * What MCP23017 and MCP23S17 share as devices on a board: the expander with INTA, INTB and RESET at
 * chip pins, its own pins for a test, and commands to them. The bus in front of it is the owner's.
 */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardWire,
} from '../../emulator/bus/board-device.ts';
import type { Drive } from '../../emulator/bus/pad.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import { Mcp23x17 } from './mcp23x17.ts';
import type { McpRegister } from './mcp23x17.ts';

export interface Mcp23x17Pins {
  /** GPIO numbers of the chip that INTA and INTB drive. */
  readonly intA?: number;
  readonly intB?: number;
  /** GPIO number that drives RESET (active low). */
  readonly reset?: number;
}

/** The bus at wire level. */
interface BusTarget extends Stateful {
  plug(board: Board): void;
  reset(): void;
}

export abstract class Mcp23x17Device implements BoardDevice {
  readonly name: string;
  protected readonly expander: Mcp23x17;
  protected abstract readonly target: BusTarget;
  private readonly wiring: Mcp23x17Pins;
  private readonly interrupts: (BoardWire | undefined)[] = [];
  private board!: Board;

  constructor(name: string, wiring: Mcp23x17Pins) {
    this.name = name;
    this.wiring = wiring;
    this.expander = new Mcp23x17({
      onInterrupt: (port, level) => this.interrupts[port]?.drive(level),
      warn: (message) => this.board.warn(message),
    });
  }

  plug(board: Board): void {
    const { intA, intB, reset } = this.wiring;
    this.board = board;
    [intA, intB].forEach((gpio, port) => {
      if (gpio !== undefined) this.interrupts[port] = board.wire(gpio);
    });
    this.target.plug(board);
    if (reset !== undefined)
      board.wire(reset).onChange((level) => {
        if (level === 0) this.reset();
      });
    this.expander.reset();
  }

  /** A register's content: `register('OLAT', 'A')`. Reading so has no side effects. */
  register(name: McpRegister, port: 'A' | 'B'): number {
    return this.expander.register(name, port);
  }

  /** Pins 0 to 7 are GPA0 to GPA7, 8 to 15 GPB0 to GPB7. */
  pinLevel(pin: number): Level {
    return this.expander.pinLevel(pin);
  }

  /** What the expander drives on the pin: 'z' for an input. */
  pinDrive(pin: number): Drive {
    return this.expander.pinDrive(pin);
  }

  setPin(pin: number, level: Drive): void {
    this.expander.setPin(pin, level);
  }

  command(command: BoardCommand): void {
    if (isPinCommand(command)) this.setPin(command.pin, command.level);
    else this.board.warn(`no such command: ${JSON.stringify(command)}`);
  }

  save(): State {
    return { expander: this.expander.save(), target: this.target.save() };
  }

  restore(state: State): void {
    this.expander.restore(state['expander'] as State);
    this.target.restore(state['target'] as State);
  }

  protected reset(): void {
    this.target.reset();
    this.expander.reset();
  }
}

function isPinCommand(
  command: BoardCommand,
): command is { readonly pin: number; readonly level: Drive } {
  if (typeof command !== 'object' || command === null) return false;
  if (!('pin' in command) || !('level' in command)) return false;
  const { pin, level } = command;
  return typeof pin === 'number' && (level === 0 || level === 1 || level === 'z');
}
