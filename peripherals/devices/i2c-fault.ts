/**
 * A fault between an I2C device and the bus: the device stays silent (its master sees NACK and ones), or
 * holds SCL low after each of its falls (clock stretching). Around any device of the bus.
 *
 * Command: `{ nack: true }` or `{ nack: false }`, `{ stretchUs: microseconds }` (0 ends it); other
 * commands go to the device.
 *
 * **Not modelled:** a NACK of single bytes.
 */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardEvent,
  BoardWire,
} from '../../emulator/bus/board-device.ts';
import type { Drive } from '../../emulator/bus/pad.ts';
import type { State } from '../../emulator/bus/state.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';

const TICKS_PER_US = MASTER_HZ / 1_000_000;
const LONGEST_STRETCH_US = 1_000_000;

export interface I2cFaultOptions {
  /** GPIO numbers of the bus. */
  readonly sda: number;
  readonly scl: number;
}

export class I2cFault implements BoardDevice {
  readonly name: string;
  private readonly device: BoardDevice;
  private readonly options: I2cFaultOptions;
  private board!: Board;
  private scl!: BoardWire;
  private release!: BoardEvent;
  private nack = false;
  private stretchTicks: Ticks = 0;
  /** What the device would put on SDA. */
  private wanted: Drive = 'z';
  private sda: BoardWire | undefined;

  constructor(device: BoardDevice, options: I2cFaultOptions) {
    this.device = device;
    this.options = options;
    this.name = `faulty ${device.name}`;
  }

  plug(board: Board): void {
    this.board = board;
    this.scl = board.wire(this.options.scl);
    this.release = board.event('release SCL', () => this.scl.drive('z'));
    this.scl.onChange((level, tick) => {
      if (level === 1 || this.stretchTicks === 0) return;
      this.scl.drive(0);
      this.release.at(tick + this.stretchTicks);
    });
    this.device.plug({
      get now() {
        return board.now;
      },
      wire: (gpio) =>
        gpio === this.options.sda ? this.guarded(board.wire(gpio)) : board.wire(gpio),
      event: (name, fire) => board.event(`device ${name}`, fire),
      warn: (message) => board.warn(message),
    });
  }

  command(command: BoardCommand): void {
    const { nack, stretchUs } = (
      typeof command === 'object' && command !== null ? command : {}
    ) as {
      nack?: unknown;
      stretchUs?: unknown;
    };
    if (typeof nack === 'boolean') {
      this.nack = nack;
      this.sda?.drive(nack ? 'z' : this.wanted);
    } else if (typeof stretchUs === 'number' && stretchUs >= 0 && stretchUs <= LONGEST_STRETCH_US) {
      this.stretchTicks = Math.round(stretchUs * TICKS_PER_US);
    } else if (this.device.command !== undefined) this.device.command(command);
    else this.board.warn(`no such command: ${JSON.stringify(command)}`);
  }

  save(): State {
    const { nack, stretchTicks, wanted } = this;
    return { nack, stretchTicks, wanted, device: this.device.save() };
  }

  restore(state: State): void {
    this.nack = state['nack'] as boolean;
    this.stretchTicks = state['stretchTicks'] as number;
    this.wanted = state['wanted'] as Drive;
    this.device.restore(state['device'] as State);
  }

  /** The device's SDA, which it drives in vain while it must stay silent. */
  private guarded(wire: BoardWire): BoardWire {
    this.sda = wire;
    return {
      name: wire.name,
      get level() {
        return wire.level;
      },
      get others() {
        return wire.others;
      },
      onChange: (listener) => wire.onChange(listener),
      setPull: (level) => wire.setPull(level),
      drive: (level) => {
        this.wanted = level;
        wire.drive(this.nack ? 'z' : level);
      },
    };
  }
}
