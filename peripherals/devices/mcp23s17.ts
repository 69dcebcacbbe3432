/**
 * MCP23S17: 16-bit I/O expander on SPI, modes 0 and 3 (Microchip DS20001952). Each transfer is an
 * opcode 0100 A2 A1 A0 R/W, a register address and data. Until IOCON.HAEN is set the chip answers to
 * address 0 whatever its pins are. Its pins are used from a test or by commands:
 * `{ pin: 3, level: 0 }`, level 1 or 'z' to let go. INTA, INTB and RESET go to chip pins.
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
import { HAEN, Mcp23x17 } from './mcp23x17.ts';
import type { McpRegister } from './mcp23x17.ts';
import { SpiTarget } from './spi-target.ts';
import type { SpiTargetPins } from './spi-target.ts';

export interface Mcp23s17Options {
  readonly name?: string;
  readonly pins: SpiTargetPins;
  /** 0 to 7 by the pins A2 to A0; 0 by default. */
  readonly address?: number;
  readonly mode?: 0 | 3;
  /** GPIO numbers of the chip that INTA and INTB drive. */
  readonly intA?: number;
  readonly intB?: number;
  /** GPIO number that drives RESET (active low). */
  readonly reset?: number;
}

const OPCODE = 0x40;
const READ = 1;

/** What the next byte of a transfer is. */
type Phase = 'opcode' | 'register' | 'write' | 'read' | 'other';

export class Mcp23s17 implements BoardDevice {
  readonly name: string;
  private readonly options: Mcp23s17Options;
  private readonly address: number;
  private readonly expander: Mcp23x17;
  private readonly target: SpiTarget;
  private readonly interrupts: (BoardWire | undefined)[] = [];
  private board!: Board;
  private phase: Phase = 'other';
  private reading = false;

  constructor(options: Mcp23s17Options) {
    this.options = options;
    this.address = options.address ?? 0;
    this.name = options.name ?? `MCP23S17 ${this.address}`;
    this.expander = new Mcp23x17({
      onInterrupt: (port, level) => this.interrupts[port]?.drive(level),
      warn: (message) => this.board.warn(message),
    });
    this.target = new SpiTarget({
      pins: options.pins,
      mode: options.mode ?? 0,
      protocol: {
        select: () => (this.phase = 'opcode'),
        send: () => (this.phase === 'read' ? this.expander.read() : undefined),
        receive: (byte) => this.receive(byte),
        deselect: () => (this.phase = 'other'),
      },
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
    const { phase, reading } = this;
    return { phase, reading, expander: this.expander.save(), target: this.target.save() };
  }

  restore(state: State): void {
    this.phase = state['phase'] as Phase;
    this.reading = state['reading'] as boolean;
    this.expander.restore(state['expander'] as State);
    this.target.restore(state['target'] as State);
  }

  private receive(byte: number): void {
    if (this.phase === 'opcode') {
      const address = (this.expander.iocon & HAEN) !== 0 ? this.address : 0;
      this.phase = (byte & ~READ) === (OPCODE | (address << 1)) ? 'register' : 'other';
      this.reading = (byte & READ) === READ;
    } else if (this.phase === 'register') {
      this.expander.pointer = byte;
      this.phase = this.reading ? 'read' : 'write';
    } else if (this.phase === 'write') this.expander.write(byte);
  }

  private resetAll(): void {
    this.target.reset();
    this.phase = 'other';
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
