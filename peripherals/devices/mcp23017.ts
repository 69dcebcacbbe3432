/**
 * MCP23017: 16-bit I/O expander on I2C (Microchip DS20001952). Its pins are used from a test or by
 * commands: `{ pin: 3, level: 0 }`, level 1 or 'z' to let go. INTA, INTB and RESET go to chip pins.
 *
 * **Not modelled:** see `mcp23x17.ts`.
 */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardWire,
} from '../../emulator/bus/board-device.ts';
import type { Drive } from '../../emulator/bus/pad.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { I2cTarget } from './i2c-target.ts';
import type { I2cTargetOptions } from './i2c-target.ts';
import { Mcp23x17 } from './mcp23x17.ts';
import type { McpRegister } from './mcp23x17.ts';

export interface Mcp23017Options extends I2cTargetOptions {
  readonly name?: string;
  /** 0x20 to 0x27 by the pins A2 to A0; 0x20 by default. */
  readonly address?: number;
  /** GPIO numbers of the chip that INTA and INTB drive. */
  readonly intA?: number;
  readonly intB?: number;
  /** GPIO number that drives RESET (active low). */
  readonly reset?: number;
}

const DEFAULT_ADDRESS = 0x20;

export class Mcp23017 implements BoardDevice {
  readonly name: string;
  private readonly options: Mcp23017Options;
  private readonly address: number;
  private readonly expander: Mcp23x17;
  private readonly target: I2cTarget;
  private readonly interrupts: (BoardWire | undefined)[] = [];
  private board!: Board;
  /** The byte after the address is the register's. */
  private pointerNext = false;

  constructor(options: Mcp23017Options) {
    this.options = options;
    this.address = options.address ?? DEFAULT_ADDRESS;
    this.name = options.name ?? `MCP23017 0x${this.address.toString(16)}`;
    this.expander = new Mcp23x17({
      onInterrupt: (port, level) => this.interrupts[port]?.drive(level),
      warn: (message) => this.board.warn(message),
    });
    this.target = new I2cTarget(options, {
      called: (address, read) => {
        if (address !== this.address) return false;
        this.pointerNext = !read;
        return true;
      },
      written: (value) => {
        if (this.pointerNext) this.expander.pointer = value;
        else this.expander.write(value);
        this.pointerNext = false;
        return true;
      },
      read: () => this.expander.read(),
    });
  }

  plug(board: Board): void {
    const { intA, intB, reset } = this.options;
    this.board = board;
    [intA, intB].forEach((gpio, port) => {
      if (gpio !== undefined) this.interrupts[port] = board.wire(gpio);
    });
    this.target.plug(board);
    if (reset !== undefined)
      board.wire(reset).onChange((level) => {
        if (level === 0) this.resetAll();
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
    const { pointerNext } = this;
    return { pointerNext, expander: this.expander.save(), target: this.target.save() };
  }

  restore(state: State): void {
    this.pointerNext = state['pointerNext'] as boolean;
    this.expander.restore(state['expander'] as State);
    this.target.restore(state['target'] as State);
  }

  private resetAll(): void {
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
