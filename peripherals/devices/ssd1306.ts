/**
 * SSD1306: 128x64 or 128x32 OLED display on I2C (Solomon Systech, Rev 1.1). The picture is as seen on
 * the common modules, where segment remap (A1) and reversed COM scan (C8) give it upright. The RAM is
 * 0 at power-on; on silicon it holds anything.
 *
 * Unverified on silicon: in page addressing mode the column wraps to 0. Unverified on silicon: entire
 * display on (A5) is not inverted by A7.
 *
 * **Not modelled:** scrolling (26 to 2F, A3), brightness, COM pin layouts other than the module's, the
 * frame's scanning in time, reading the RAM, SPI.
 */
import type { Board, BoardDevice } from '../../emulator/bus/board-device.ts';
import type { State } from '../../emulator/bus/state.ts';
import { I2cTarget } from './i2c-target.ts';
import type { I2cTargetOptions } from './i2c-target.ts';
import { encodePng } from './png.ts';
import type { Picture } from './png.ts';

export const SSD1306_WIDTH = 128;
const PAGES = 8;
const LINES = 64;
const DEFAULT_ADDRESS = 0x3c;
/** Control byte: more control bytes follow; the byte is data. */
const CO = 0x80;
const DATA = 0x40;
const STATUS_OFF = 0x40;

/** Bytes behind a command byte. */
const ARGUMENTS: Readonly<Record<number, number>> = {
  ...{ 0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2a: 5, 0x81: 1, 0x8d: 1 },
  ...{ 0xa3: 2, 0xa8: 1, 0xd3: 1, 0xd5: 1, 0xd9: 1, 0xda: 1, 0xdb: 1 },
};
/** Commands whose value changes nothing here: contrast, charge pump, clock, pre-charge, COM pins, VCOMH, NOP. */
const WITHOUT_EFFECT = [0x81, 0x8d, 0xd5, 0xd9, 0xda, 0xdb, 0xe3, 0x2e];

const HORIZONTAL = 0;
const VERTICAL = 1;
const PAGE_MODE = 2;

interface Ssd1306State {
  [key: string]: number | boolean;
  mode: number;
  column: number;
  columnStart: number;
  columnEnd: number;
  page: number;
  pageStart: number;
  pageEnd: number;
  startLine: number;
  offset: number;
  multiplex: number;
  remap: boolean;
  reversed: boolean;
  inverse: boolean;
  allOn: boolean;
  on: boolean;
}

export interface Ssd1306Options extends I2cTargetOptions {
  readonly name?: string;
  /** 0x3c (the default) or 0x3d. */
  readonly address?: number;
  /** Lines of the glass: 64 (the default) or 32. */
  readonly height?: 32 | 64;
  /** GPIO number that drives RES (active low). */
  readonly reset?: number;
}

export class Ssd1306 implements BoardDevice {
  readonly name: string;
  readonly height: 32 | 64;
  /** GDDRAM: 8 pages of 128 columns; bit 0 is the top line of its page. */
  readonly ram = new Uint8Array(PAGES * SSD1306_WIDTH);
  private readonly options: Ssd1306Options;
  private readonly address: number;
  private readonly target: I2cTarget;
  private board!: Board;
  private at: Ssd1306State;
  /** Control byte in force; -1: the next byte is one. */
  private control = -1;
  private opcode = 0;
  private missing = 0;
  private readonly given: number[] = [];

  constructor(options: Ssd1306Options) {
    this.options = options;
    this.address = options.address ?? DEFAULT_ADDRESS;
    this.height = options.height ?? 64;
    this.name = options.name ?? `SSD1306 0x${this.address.toString(16)}`;
    this.at = afterReset();
    this.target = new I2cTarget(options, {
      called: (called) => {
        this.control = -1;
        return called === this.address;
      },
      written: (value) => this.written(value),
      read: () => (this.at.on ? 0 : STATUS_OFF),
    });
  }

  plug(board: Board): void {
    this.board = board;
    this.target.plug(board);
    if (this.options.reset !== undefined)
      board.wire(this.options.reset).onChange((level) => {
        if (level === 0) this.reset();
      });
  }

  /** Whether the pixel is lit, counted from the top left. */
  pixel(x: number, y: number): boolean {
    const { at } = this;
    if (!at.on) return false;
    // The module's first line is the last COM, its first column the last segment.
    const com = this.height - 1 - y;
    if (com > at.multiplex) return false;
    if (at.allOn) return true;
    const scan = at.reversed ? at.multiplex - com : com;
    const line = (scan + at.offset + at.startLine) % LINES;
    const column = at.remap ? x : SSD1306_WIDTH - 1 - x;
    const bit = (this.ram[(line >> 3) * SSD1306_WIDTH + column]! >> (line & 7)) & 1;
    return (bit === 1) !== at.inverse;
  }

  /** The picture on the glass: white on black. */
  picture(): Picture {
    const rgb = new Uint8Array(3 * SSD1306_WIDTH * this.height);
    for (let y = 0; y < this.height; y++)
      for (let x = 0; x < SSD1306_WIDTH; x++)
        if (this.pixel(x, y))
          rgb.fill(0xff, 3 * (y * SSD1306_WIDTH + x), 3 * (y * SSD1306_WIDTH + x + 1));
    return { width: SSD1306_WIDTH, height: this.height, rgb };
  }

  /** The bytes of a PNG file of the picture. */
  png(): Uint8Array {
    return encodePng(this.picture());
  }

  /** The picture as text, two lines of pixels in one of text. */
  text(): string {
    const lines: string[] = [];
    for (let y = 0; y < this.height; y += 2) {
      let line = '';
      for (let x = 0; x < SSD1306_WIDTH; x++)
        line += ' ▀▄█'[Number(this.pixel(x, y)) + 2 * Number(this.pixel(x, y + 1))];
      lines.push(line.trimEnd());
    }
    return lines.join('\n').trimEnd();
  }

  save(): State {
    const { control, opcode, missing } = this;
    return {
      ...{ control, opcode, missing },
      at: { ...this.at },
      given: [...this.given],
      ram: this.ram.slice(),
      target: this.target.save(),
    };
  }

  restore(state: State): void {
    this.control = state['control'] as number;
    this.opcode = state['opcode'] as number;
    this.missing = state['missing'] as number;
    this.at = { ...(state['at'] as Ssd1306State) };
    this.given.splice(0, this.given.length, ...(state['given'] as number[]));
    this.ram.set(state['ram'] as Uint8Array);
    this.target.restore(state['target'] as State);
  }

  private reset(): void {
    this.at = afterReset();
    this.missing = 0;
  }

  private written(value: number): boolean {
    if (this.control < 0) {
      this.control = value;
      return true;
    }
    if ((this.control & DATA) !== 0) this.store(value);
    else this.take(value);
    if ((this.control & CO) !== 0) this.control = -1;
    return true;
  }

  /** A byte of a command; arguments may come in other transfers. */
  private take(value: number): void {
    if (this.missing === 0) {
      this.opcode = value;
      this.given.length = 0;
      this.missing = ARGUMENTS[value] ?? 0;
    } else {
      this.given.push(value);
      this.missing--;
    }
    if (this.missing === 0) this.execute(this.opcode, this.given[0] ?? 0, this.given[1] ?? 0);
  }

  private execute(command: number, first: number, second: number): void {
    const { at } = this;
    if (command <= 0x0f) at.column = (at.column & 0x70) | command;
    else if (command <= 0x1f) at.column = ((command & 7) << 4) | (at.column & 0x0f);
    else if (command === 0x20) at.mode = first & 3;
    else if (command === 0x21) {
      at.columnStart = first & 0x7f;
      at.columnEnd = second & 0x7f;
      at.column = at.columnStart;
    } else if (command === 0x22) {
      at.pageStart = first & 7;
      at.pageEnd = second & 7;
      at.page = at.pageStart;
    } else if (command >= 0x40 && command <= 0x7f) at.startLine = command & 0x3f;
    else if (command === 0xa0 || command === 0xa1) at.remap = command === 0xa1;
    else if (command === 0xa4 || command === 0xa5) at.allOn = command === 0xa5;
    else if (command === 0xa6 || command === 0xa7) at.inverse = command === 0xa7;
    else if (command === 0xa8) at.multiplex = Math.max(first & 0x3f, 15);
    else if (command === 0xae || command === 0xaf) at.on = command === 0xaf;
    else if (command >= 0xb0 && command <= 0xb7) at.page = command & 7;
    else if (command === 0xc0 || command === 0xc8) at.reversed = command === 0xc8;
    else if (command === 0xd3) at.offset = first & 0x3f;
    else if (!WITHOUT_EFFECT.includes(command))
      this.board.warn(`command 0x${command.toString(16).padStart(2, '0')} is not modelled`);
  }

  private store(value: number): void {
    const { at } = this;
    this.ram[at.page * SSD1306_WIDTH + at.column] = value;
    if (at.mode === VERTICAL) {
      if (this.nextPage()) this.nextColumn();
    } else if (at.mode === HORIZONTAL) {
      if (this.nextColumn()) this.nextPage();
    } else at.column = (at.column + 1) % SSD1306_WIDTH;
  }

  /** True when it wrapped to its start. */
  private nextColumn(): boolean {
    const { at } = this;
    const wraps = at.column === at.columnEnd;
    at.column = wraps ? at.columnStart : (at.column + 1) % SSD1306_WIDTH;
    return wraps;
  }

  private nextPage(): boolean {
    const { at } = this;
    const wraps = at.page === at.pageEnd;
    at.page = wraps ? at.pageStart : (at.page + 1) % PAGES;
    return wraps;
  }
}

function afterReset(): Ssd1306State {
  return {
    ...{ mode: PAGE_MODE, column: 0, columnStart: 0, columnEnd: SSD1306_WIDTH - 1 },
    ...{ page: 0, pageStart: 0, pageEnd: PAGES - 1, startLine: 0, offset: 0, multiplex: LINES - 1 },
    ...{ remap: false, reversed: false, inverse: false, allOn: false, on: false },
  };
}
