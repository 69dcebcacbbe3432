/**
 * 24LC256: 32 KiB EEPROM on I2C (Microchip DS20001203). Pages of 64 bytes: a write wraps in its page
 * and begins with the STOP; for 5 ms (t_WC) the chip then acknowledges nothing. Reads run through
 * the whole array and wrap.
 *
 * **Not modelled:** write endurance, a write cut off by the supply.
 */
import type { Board, BoardDevice, BoardEvent, BoardWire } from '../../emulator/bus/board-device.ts';
import type { State } from '../../emulator/bus/state.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { I2cTarget } from './i2c-target.ts';
import type { I2cTargetOptions } from './i2c-target.ts';

const SIZE = 32 * 1024;
const PAGE = 64;
const WRITE_CYCLE_TICKS = (5 * MASTER_HZ) / 1000;
const DEFAULT_ADDRESS = 0x50;

export interface Eeprom24Lc256Options extends I2cTargetOptions {
  readonly name?: string;
  /** 0x50 to 0x57 by the pins A2 to A0; 0x50 by default. */
  readonly address?: number;
  /** Content from address 0 on; erased (0xff) beyond it. */
  readonly content?: Uint8Array;
  /** GPIO number that drives WP; writes are refused while it is high. */
  readonly writeProtect?: number;
}

export class Eeprom24Lc256 implements BoardDevice {
  readonly name: string;
  /** The cells. */
  readonly content = new Uint8Array(SIZE).fill(0xff);
  private readonly options: Eeprom24Lc256Options;
  private readonly address: number;
  private readonly target: I2cTarget;
  private readonly page = new Uint8Array(PAGE);
  private readonly pageUsed = new Uint8Array(PAGE);
  private writeEnd!: BoardEvent;
  private board!: Board;
  private protect: BoardWire | undefined;
  private busy = false;
  private pointer = 0;
  /** Bytes of this write: two of the address, then data. */
  private received = 0;

  constructor(options: Eeprom24Lc256Options) {
    this.options = options;
    this.address = options.address ?? DEFAULT_ADDRESS;
    this.name = options.name ?? `24LC256 0x${this.address.toString(16)}`;
    const initial = options.content ?? new Uint8Array(0);
    if (initial.length > SIZE)
      throw new Error(`${this.name}: content of ${initial.length} bytes; expected at most ${SIZE}`);
    this.content.set(initial);
    this.target = new I2cTarget(options, {
      called: (called, read) => this.called(called, read),
      written: (value) => this.written(value),
      read: () => {
        const value = this.content[this.pointer]!;
        this.pointer = (this.pointer + 1) % SIZE;
        return value;
      },
      ended: (stop) => this.ended(stop),
    });
  }

  plug(board: Board): void {
    this.board = board;
    const { writeProtect } = this.options;
    if (writeProtect !== undefined) this.protect = board.wire(writeProtect);
    this.writeEnd = board.event('write', () => (this.busy = false));
    this.target.plug(board);
  }

  save(): State {
    const { busy, pointer, received } = this;
    return {
      ...{ busy, pointer, received },
      content: this.content.slice(),
      page: this.page.slice(),
      pageUsed: this.pageUsed.slice(),
      target: this.target.save(),
    };
  }

  restore(state: State): void {
    this.busy = state['busy'] as boolean;
    this.pointer = state['pointer'] as number;
    this.received = state['received'] as number;
    this.content.set(state['content'] as Uint8Array);
    this.page.set(state['page'] as Uint8Array);
    this.pageUsed.set(state['pageUsed'] as Uint8Array);
    this.target.restore(state['target'] as State);
  }

  private called(address: number, read: boolean): boolean {
    if (address !== this.address || this.busy) return false;
    this.received = read ? -1 : 0;
    this.pageUsed.fill(0);
    return true;
  }

  private written(value: number): boolean {
    if (this.received === 0) this.pointer = (value << 8) % SIZE;
    else if (this.received === 1) this.pointer |= value;
    else if (this.protect?.level === 1) return false;
    else {
      const column = this.pointer % PAGE;
      this.page[column] = value;
      this.pageUsed[column] = 1;
      this.pointer = this.pointer - column + ((column + 1) % PAGE);
    }
    this.received++;
    return true;
  }

  /** Only a STOP begins the write; a START instead drops the bytes. */
  private ended(stop: boolean): void {
    if (!stop || this.received <= 2) return;
    const base = this.pointer - (this.pointer % PAGE);
    this.page.forEach((value, column) => {
      if (this.pageUsed[column] === 1) this.content[base + column] = value;
    });
    this.busy = true;
    this.writeEnd.at(this.board.now + WRITE_CYCLE_TICKS);
  }
}
