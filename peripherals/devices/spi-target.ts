/**
 * What every SPI device shares: chip select, clock, MOSI and MISO as wires of the board, in any of
 * the four modes, most significant bit first. The protocol above it sees bytes.
 *
 * MISO is driven while the chip is selected and the protocol has something to send, from the edge
 * that puts a bit out (with CPHA 0 the first one from the falling chip select), without delay.
 *
 * **Not modelled:** least significant bit first, more than one data line, output delays.
 */
import type { Board, BoardWire } from '../../emulator/bus/board-device.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';

/** GPIO numbers of the chip; a device without a data line leaves it out. */
export interface SpiTargetPins {
  readonly cs: number;
  readonly clk: number;
  readonly mosi?: number;
  readonly miso?: number;
}

export interface SpiProtocol {
  /** The chip select fell. */
  select(): void;
  /** The next byte to send, or undefined to leave MISO alone for its time. */
  send(): number | undefined;
  receive(byte: number): void;
  /** The chip select rose, after `bits` clocks. */
  deselect(bits: number): void;
}

export interface SpiTargetOptions {
  readonly pins: SpiTargetPins;
  /** CPOL * 2 + CPHA; 0 by default. */
  readonly mode?: 0 | 1 | 2 | 3;
  readonly protocol: SpiProtocol;
}

const BYTE_BITS = 8;

export class SpiTarget implements Stateful {
  private readonly options: SpiTargetOptions;
  private readonly samplesHigh: boolean;
  private readonly early: boolean;
  private mosi: BoardWire | undefined;
  private miso: BoardWire | undefined;
  private selected = false;
  private bits = 0;
  private shiftIn = 0;
  /** The byte being sent, or -1. */
  private shiftOut = -1;

  constructor(options: SpiTargetOptions) {
    this.options = options;
    const mode = options.mode ?? 0;
    this.samplesHigh = mode === 0 || mode === 3;
    this.early = (mode & 1) === 0;
  }

  plug(board: Board): void {
    const { cs, clk, mosi, miso } = this.options.pins;
    this.mosi = mosi === undefined ? undefined : board.wire(mosi);
    this.miso = miso === undefined ? undefined : board.wire(miso);
    const select = board.wire(cs);
    // A board pulls the chip select high, so that the device is silent until it is driven.
    select.setPull(1);
    select.onChange((level) => this.select(level));
    board.wire(clk).onChange((level) => this.clock(level));
  }

  /** Lets MISO go and forgets the transfer: the device's reset. */
  reset(): void {
    this.selected = false;
    this.miso?.drive('z');
  }

  private select(level: Level): void {
    if (level === 0) {
      this.selected = true;
      this.bits = 0;
      this.options.protocol.select();
      if (this.early) this.launch();
      return;
    }
    if (!this.selected) return;
    this.reset();
    this.options.protocol.deselect(this.bits);
  }

  private clock(level: Level): void {
    if (!this.selected) return;
    if ((level === 1) === this.samplesHigh) this.sample();
    else this.launch();
  }

  private sample(): void {
    this.shiftIn = ((this.shiftIn << 1) | (this.mosi?.level ?? 0)) & 0xff;
    this.bits++;
    if (this.bits % BYTE_BITS === 0) this.options.protocol.receive(this.shiftIn);
  }

  private launch(): void {
    const bit = this.bits % BYTE_BITS;
    if (bit === 0) this.shiftOut = this.options.protocol.send() ?? -1;
    this.miso?.drive(
      this.shiftOut < 0 ? 'z' : (((this.shiftOut >> (BYTE_BITS - 1 - bit)) & 1) as Level),
    );
  }

  save(): State {
    const { selected, bits, shiftIn, shiftOut } = this;
    return { selected, bits, shiftIn, shiftOut };
  }

  restore(state: State): void {
    this.selected = state['selected'] as boolean;
    this.bits = state['bits'] as number;
    this.shiftIn = state['shiftIn'] as number;
    this.shiftOut = state['shiftOut'] as number;
  }
}
