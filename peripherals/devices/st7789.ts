/**
 * ST7789V display controller on a 4-wire serial bus with its panel (Sitronix ST7789V data sheet):
 * 240 x 320 pixels of frame memory, of which the panel shows a part, and its picture as PNG.
 *
 * The D/C pin is read with the last bit of each byte: low is a command, high its data. Pixels come
 * as 12, 16 or 18 bits (COLMOD), in the order of MADCTL.
 *
 * **Not modelled:** reading (RDDID and the like, RAMRD), scrolling (VSCRDEF), partial and idle mode,
 * tearing effect, gamma and voltage commands: they are taken with their data and change nothing;
 * the times that SWRESET and SLPOUT need.
 */
import type { Board, BoardDevice, BoardWire } from '../../emulator/bus/board-device.ts';
import type { State } from '../../emulator/bus/state.ts';
import { encodePng } from './png.ts';
import type { Picture } from './png.ts';
import { SpiTarget } from './spi-target.ts';
import type { SpiTargetPins } from './spi-target.ts';

export interface St7789Options {
  readonly name?: string;
  readonly pins: SpiTargetPins & { readonly dc: number; readonly reset?: number };
  readonly mode?: 0 | 3;
  /** Pixels of the panel (240 x 320) and the place of its first one in the frame memory. */
  readonly width?: number;
  readonly height?: number;
  readonly left?: number;
  readonly top?: number;
  /** An IPS panel shows the right colours with INVON, as most modules are made; true by default. */
  readonly ips?: boolean;
}

const COLUMNS = 240;
const ROWS = 320;
const CHANNELS = 3;

// prettier-ignore
const COMMAND = {
  SWRESET: 0x01, SLPIN: 0x10, SLPOUT: 0x11, INVOFF: 0x20, INVON: 0x21, DISPOFF: 0x28, DISPON: 0x29,
  CASET: 0x2a, RASET: 0x2b, RAMWR: 0x2c, MADCTL: 0x36, COLMOD: 0x3a, RAMWRC: 0x3c,
} as const;

/** MADCTL. */
const MY = 0x80;
const MX = 0x40;
const MV = 0x20;
const BGR = 0x08;

/** Registers as a reset leaves them. */
const RESET = {
  ...{ asleep: true, on: false, inverted: false, madctl: 0, colmod: 0x66 },
  ...{ columnStart: 0, columnEnd: COLUMNS - 1, rowStart: 0, rowEnd: ROWS - 1 },
  ...{ column: 0, row: 0 },
};

export class St7789 implements BoardDevice {
  readonly name: string;
  private readonly options: St7789Options;
  private readonly target: SpiTarget;
  private readonly frame = new Uint8Array(COLUMNS * ROWS * CHANNELS);
  private dc!: BoardWire;
  private registers = { ...RESET };
  private instruction = 0;
  /** Data bytes of the command so far; of a pixel while the frame memory is written. */
  private data: number[] = [];

  constructor(options: St7789Options) {
    this.options = options;
    this.name = options.name ?? 'ST7789';
    this.target = new SpiTarget({
      pins: options.pins,
      mode: options.mode ?? 0,
      protocol: {
        select: () => {},
        send: () => undefined,
        receive: (byte) => (this.dc.level === 0 ? this.begin(byte) : this.take(byte)),
        deselect: () => {},
      },
    });
  }

  plug(board: Board): void {
    const { dc, reset } = this.options.pins;
    this.dc = board.wire(dc);
    this.target.plug(board);
    if (reset === undefined) return;
    board.wire(reset).onChange((level) => {
      if (level === 1) return;
      this.target.reset();
      this.resetRegisters();
    });
  }

  /** What the panel shows: black while it is off or asleep. */
  picture(): Picture {
    const { width = COLUMNS, height = ROWS, left = 0, top = 0, ips = true } = this.options;
    const rgb = new Uint8Array(width * height * CHANNELS);
    const { on, asleep, inverted } = this.registers;
    if (!on || asleep) return { width, height, rgb };
    const flip = inverted === ips ? 0 : 0xff;
    for (let y = 0; y < height; y++)
      for (let i = 0; i < width * CHANNELS; i++)
        rgb[y * width * CHANNELS + i] =
          (this.frame[((top + y) * COLUMNS + left) * CHANNELS + i] ?? 0) ^ flip;
    return { width, height, rgb };
  }

  png(): Uint8Array {
    return encodePng(this.picture());
  }

  save(): State {
    return {
      frame: this.frame.slice(),
      registers: { ...this.registers },
      instruction: this.instruction,
      data: this.data.slice(),
      target: this.target.save(),
    };
  }

  restore(state: State): void {
    this.frame.set(state['frame'] as Uint8Array);
    this.registers = { ...(state['registers'] as unknown as typeof RESET) };
    this.instruction = state['instruction'] as number;
    this.data = (state['data'] as number[]).slice();
    this.target.restore(state['target'] as State);
  }

  private resetRegisters(): void {
    this.registers = { ...RESET };
    this.instruction = 0;
    this.data = [];
  }

  private begin(command: number): void {
    this.instruction = command;
    this.data = [];
    const { registers } = this;
    if (command === COMMAND.SWRESET) this.resetRegisters();
    else if (command === COMMAND.SLPIN) registers.asleep = true;
    else if (command === COMMAND.SLPOUT) registers.asleep = false;
    else if (command === COMMAND.INVOFF) registers.inverted = false;
    else if (command === COMMAND.INVON) registers.inverted = true;
    else if (command === COMMAND.DISPOFF) registers.on = false;
    else if (command === COMMAND.DISPON) registers.on = true;
    else if (command === COMMAND.RAMWR) {
      registers.column = registers.columnStart;
      registers.row = registers.rowStart;
    }
  }

  private take(byte: number): void {
    const { registers, data, instruction: command } = this;
    data.push(byte);
    if (command === COMMAND.RAMWR || command === COMMAND.RAMWRC) this.pixelByte();
    else if (command === COMMAND.MADCTL && data.length === 1) registers.madctl = byte;
    else if (command === COMMAND.COLMOD && data.length === 1) registers.colmod = byte;
    else if (command === COMMAND.CASET && data.length === 4) {
      registers.columnStart = (data[0]! << 8) | data[1]!;
      registers.columnEnd = (data[2]! << 8) | byte;
    } else if (command === COMMAND.RASET && data.length === 4) {
      registers.rowStart = (data[0]! << 8) | data[1]!;
      registers.rowEnd = (data[2]! << 8) | byte;
    }
    if (data.length > 4) data.length = 4;
  }

  /** Writes the pixels that the bytes so far complete: 4-4-4 in pairs, 5-6-5, or 6-6-6 in three bytes. */
  private pixelByte(): void {
    const [a = 0, b = 0, c = 0] = this.data;
    const format = this.registers.colmod & 7;
    if (format === 3 && this.data.length === 3) {
      this.put(wide(a >> 4, 4), wide(a & 15, 4), wide(b >> 4, 4));
      this.put(wide(b & 15, 4), wide(c >> 4, 4), wide(c & 15, 4));
    } else if (format === 5 && this.data.length === 2)
      this.put(wide(a >> 3, 5), wide(((a & 7) << 3) | (b >> 5), 6), wide(b & 31, 5));
    else if (format === 6 && this.data.length === 3)
      this.put(wide(a >> 2, 6), wide(b >> 2, 6), wide(c >> 2, 6));
    else if (this.data.length < 3) return;
    this.data.length = 0;
  }

  private put(red: number, green: number, blue: number): void {
    const { registers } = this;
    const { madctl, column, row } = registers;
    let [x, y] = (madctl & MV) !== 0 ? [row, column] : [column, row];
    if ((madctl & MX) !== 0) x = COLUMNS - 1 - x;
    if ((madctl & MY) !== 0) y = ROWS - 1 - y;
    if (x >= 0 && x < COLUMNS && y >= 0 && y < ROWS) {
      const bgr = (madctl & BGR) !== 0;
      this.frame.set(bgr ? [blue, green, red] : [red, green, blue], (y * COLUMNS + x) * CHANNELS);
    }
    registers.column++;
    if (registers.column <= registers.columnEnd) return;
    registers.column = registers.columnStart;
    registers.row = registers.row >= registers.rowEnd ? registers.rowStart : registers.row + 1;
  }
}

/** A channel of `bits` bits as 8 bits: white stays white. */
function wide(value: number, bits: number): number {
  return Math.round((value * 255) / ((1 << bits) - 1));
}
