/**
 * An I2C target (slave) at wire level for devices on the board (NXP UM10204): starts, stops, bits,
 * acknowledges and clock stretching on two wires. The device behind it sees bytes.
 *
 * Time passes on the master's clock; SDA changes `holdTicks` after SCL's fall. An idle bus has no
 * events. Two devices that acknowledge one address are reported.
 *
 * **Not modelled:** 10-bit addresses, high-speed mode, spike suppression.
 */
import type { Board, BoardEvent, BoardWire } from '../../emulator/bus/board-device.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';

/** The device behind the wires. */
export interface I2cTargetDevice {
  /** A 7-bit address was called; true acknowledges it. */
  called(address: number, read: boolean): boolean;
  /** A byte came; true acknowledges it. */
  written(value: number): boolean;
  /** The next byte for the master. */
  read(): number;
  /** STOP, or the START of the next call; `stop` tells which. Only after a call that was acknowledged. */
  ended?(stop: boolean): void;
}

export interface I2cTargetOptions {
  /** GPIO numbers. */
  readonly sda: number;
  readonly scl: number;
  /** From SCL's fall to SDA's change; 250 ns by default. */
  readonly holdTicks?: Ticks;
  /** Whether the board has pull-up resistors here; true by default, as on breakout boards. */
  readonly pullUps?: boolean;
}

type Phase = 'idle' | 'address' | 'write' | 'read' | 'ignore';

const DEFAULT_HOLD: Ticks = 120;
const ACK_BIT = 8;

export class I2cTarget implements Stateful {
  private readonly options: I2cTargetOptions;
  private readonly device: I2cTargetDevice;
  private board!: Board;
  private sda!: BoardWire;
  private scl!: BoardWire;
  private sdaChange!: BoardEvent;
  private stretchEnd!: BoardEvent;
  private phase: Phase = 'idle';
  /** 0 to 7 data bits, 8 the acknowledge, -1 before SCL's first fall. */
  private bit = -1;
  private shift = 0;
  private sampled: Level = 1;
  private nextSda: 0 | 'z' = 'z';
  private drivenSda: 0 | 'z' = 'z';
  /** An address was acknowledged and neither STOP nor START has come since. */
  private open = false;
  private reading = false;
  private address = 0;

  constructor(options: I2cTargetOptions, device: I2cTargetDevice) {
    this.options = options;
    this.device = device;
  }

  plug(board: Board): void {
    this.board = board;
    this.sda = board.wire(this.options.sda);
    this.scl = board.wire(this.options.scl);
    this.sdaChange = board.event('sda', () => this.driveSda(this.nextSda));
    this.stretchEnd = board.event('stretch', () => this.scl.drive('z'));
    if (this.options.pullUps !== false) for (const wire of [this.sda, this.scl]) wire.setPull(1);
    this.sda.onChange((level) => this.onSda(level));
    this.scl.onChange((level, tick) => (level === 1 ? this.risen() : this.fallen(tick)));
  }

  /** Holds SCL low for so long from now on; called from `called`, `written` or `read`. */
  stretch(ticks: Ticks): void {
    this.scl.drive(0);
    this.stretchEnd.at(this.board.now + ticks);
  }

  /** The device lost its supply: it lets go of the bus and forgets the transfer. */
  reset(): void {
    this.sdaChange.cancel();
    this.stretchEnd.cancel();
    this.scl.drive('z');
    this.driveSda('z');
    this.phase = 'idle';
    this.open = false;
  }

  save(): State {
    const { phase, bit, shift, sampled, nextSda, drivenSda, open, reading, address } = this;
    return { phase, bit, shift, sampled, nextSda, drivenSda, open, reading, address };
  }

  restore(state: State): void {
    this.phase = state['phase'] as Phase;
    this.bit = state['bit'] as number;
    this.shift = state['shift'] as number;
    this.sampled = state['sampled'] as Level;
    this.nextSda = state['nextSda'] as 0 | 'z';
    this.drivenSda = state['drivenSda'] as 0 | 'z';
    this.open = state['open'] as boolean;
    this.reading = state['reading'] as boolean;
    this.address = state['address'] as number;
  }

  private onSda(level: Level): void {
    // The target's own changes come while SCL is low.
    if (this.scl.level === 0) return;
    const wasOpen = this.open;
    this.open = false;
    this.sdaChange.cancel();
    this.driveSda('z');
    this.phase = level === 0 ? 'address' : 'idle';
    this.bit = -1;
    if (wasOpen) this.device.ended?.(level === 1);
  }

  private risen(): void {
    this.sampled = this.sda.level;
    if (this.phase !== 'address' || this.bit !== ACK_BIT || this.drivenSda !== 0) return;
    if (this.sda.others === 0)
      this.board.warn(
        `another device acknowledges I2C address 0x${this.address.toString(16)} as well`,
      );
  }

  private fallen(tick: Ticks): void {
    if (this.phase === 'idle' || this.phase === 'ignore') return;
    if (this.phase !== 'read' && this.bit >= 0 && this.bit < ACK_BIT)
      this.shift = (this.shift << 1) | this.sampled;
    this.bit++;
    if (this.bit === ACK_BIT) this.beginAck(tick);
    else if (this.bit > ACK_BIT) this.endAck(tick);
    else if (this.phase === 'read') this.setSda(tick, this.dataBit());
  }

  private beginAck(tick: Ticks): void {
    if (this.phase === 'read') return this.setSda(tick, 'z');
    const value = this.shift & 0xff;
    let acknowledged: boolean;
    if (this.phase === 'address') {
      this.address = value >> 1;
      this.reading = (value & 1) === 1;
      acknowledged = this.device.called(this.address, this.reading);
      this.open = acknowledged;
    } else acknowledged = this.device.written(value);
    if (acknowledged) this.setSda(tick, 0);
    else this.phase = 'ignore';
  }

  private endAck(tick: Ticks): void {
    this.bit = 0;
    this.shift = 0;
    if (this.phase === 'address') this.phase = this.reading ? 'read' : 'write';
    else if (this.phase === 'read' && this.sampled === 1) this.phase = 'ignore';
    if (this.phase === 'read') {
      this.shift = this.device.read() & 0xff;
      this.setSda(tick, this.dataBit());
    } else this.setSda(tick, 'z');
  }

  private dataBit(): 0 | 'z' {
    return ((this.shift >>> (7 - this.bit)) & 1) === 1 ? 'z' : 0;
  }

  private setSda(tick: Ticks, level: 0 | 'z'): void {
    this.nextSda = level;
    this.sdaChange.at(tick + (this.options.holdTicks ?? DEFAULT_HOLD));
  }

  private driveSda(level: 0 | 'z'): void {
    this.drivenSda = level;
    this.sda.drive(level);
  }
}
