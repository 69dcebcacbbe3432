/**
 * A NOR flash on the board, on SPI2 or SPI3: the chip of `nor-flash.ts` on wires, in modes 0 and 3,
 * on one, two or four data lines. It samples at the rising edge and answers at the falling one.
 *
 * The chip decodes whole transfers. While one is under way it is asked what it would drive next, as
 * if the transfer were not going to end on a byte, which no command that changes something survives.
 *
 * **Not modelled:** output delays; WP and HOLD as inputs.
 */
import type { Board, BoardDevice, BoardWire } from '../../emulator/bus/board-device.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import { findFlashChip, flashSizeBytes } from './nor-flash-chips.ts';
import { NorFlash } from './nor-flash.ts';

export interface SpiFlashOptions {
  readonly name?: string;
  /** GPIO numbers; WP and HD (HOLD) are needed for four data lines. */
  readonly pins: {
    readonly cs: number;
    readonly clk: number;
    readonly mosi: number;
    readonly miso: number;
    readonly wp?: number;
    readonly hd?: number;
  };
  /** A name of `nor-flash-chips.ts`. */
  readonly chip?: string;
  /** Its cells, changed by programming and erasing; erased by default. */
  readonly content?: Uint8Array;
}

const DEFAULT_CHIP = 'GD25Q32C';
const RELEASED = 0xf;
/** Command, address, mode and dummy clocks of every command lie before this clock. */
const HEADER_CLOCKS = 72;

export class SpiFlash implements BoardDevice {
  readonly name: string;
  readonly flash: NorFlash;
  private readonly options: SpiFlashOptions;
  private readonly lines: (BoardWire | undefined)[] = [];
  private board!: Board;
  private selected = false;
  /** Nibbles sampled so far in this transfer. */
  private out = new Uint8Array(64);
  private clocks = 0;
  private start: Ticks = 0;
  private lastRise: Ticks = 0;
  private clockTicks: Ticks = 1;
  /** What the chip drives from clock `answerFrom` on: levels, and the lines it has. */
  private answer = { from: 0, levels: new Uint8Array(0), drives: new Uint8Array(0) };

  constructor(options: SpiFlashOptions) {
    const name = options.chip ?? DEFAULT_CHIP;
    const chip = findFlashChip(name);
    if (chip === undefined) throw new Error(`spi flash: no chip named ${name}`);
    this.options = options;
    this.name = options.name ?? `SPI flash ${name}`;
    const content = options.content ?? new Uint8Array(flashSizeBytes(chip)).fill(0xff);
    this.flash = new NorFlash({ chip, content });
  }

  plug(board: Board): void {
    const { cs, clk, mosi, miso, wp, hd } = this.options.pins;
    this.board = board;
    [mosi, miso, wp, hd].forEach((gpio, line) => {
      if (gpio !== undefined) this.lines[line] = board.wire(gpio);
    });
    const select = board.wire(cs);
    select.setPull(1);
    select.onChange((level) => (level === 0 ? this.select() : this.deselect()));
    board.wire(clk).onChange((level, tick) => {
      if (!this.selected) return;
      if (level === 1) this.sample(tick);
      else this.launch();
    });
  }

  private select(): void {
    this.selected = true;
    this.clocks = 0;
    this.start = this.board.now;
    this.answer = { from: 0, levels: new Uint8Array(0), drives: new Uint8Array(0) };
  }

  private deselect(): void {
    if (!this.selected) return;
    this.selected = false;
    for (const line of this.lines) line?.drive('z');
    this.transfer(this.out.slice(0, this.clocks));
  }

  private sample(tick: Ticks): void {
    if (this.clocks === 0) this.start = tick;
    else this.clockTicks = tick - this.lastRise;
    this.lastRise = tick;
    if (this.clocks === this.out.length) {
      const longer = new Uint8Array(2 * this.out.length);
      longer.set(this.out);
      this.out = longer;
    }
    let nibble = 0;
    for (let line = 0; line < 4; line++) nibble |= (this.lines[line]?.level ?? 1) << line;
    this.out[this.clocks++] = nibble;
  }

  private launch(): void {
    const index = this.clocks;
    if (index >= this.answer.from + this.answer.levels.length) this.predict(index);
    const at = index - this.answer.from;
    const levels = this.answer.levels[at] ?? RELEASED;
    const drives = this.answer.drives[at] ?? 0;
    this.lines.forEach((line, bit) =>
      line?.drive(((drives >> bit) & 1) === 1 ? (((levels >> bit) & 1) as Level) : 'z'),
    );
  }

  /** Asks the chip what it drives from clock `index` on. */
  private predict(index: number): void {
    const until = index < HEADER_CLOCKS ? index + 1 : 2 * index;
    // Not a whole number of bytes, so that nothing is carried out.
    const length = until % 8 === 0 ? until + 1 : until;
    const out = new Uint8Array(length).fill(RELEASED);
    out.set(this.out.subarray(0, Math.min(index, length)));
    const state = this.flash.save();
    const { levels, drives } = this.transfer(out);
    this.flash.restore(state);
    this.answer = {
      from: index,
      levels: levels.slice(index, until),
      drives: drives.slice(index, until),
    };
  }

  private transfer(out: Uint8Array): { levels: Uint8Array; drives: Uint8Array } {
    const levels = new Uint8Array(out.length).fill(RELEASED);
    const drives = new Uint8Array(out.length);
    const { start, clockTicks } = this;
    this.flash.transfer({ start, clockTicks, mode: 0, out, in: levels, drives, firstSample: 0 });
    return { levels, drives };
  }

  save(): State {
    const { selected, clocks, start, lastRise, clockTicks, answer } = this;
    return {
      ...{ selected, clocks, start, lastRise, clockTicks },
      out: this.out.slice(),
      answer: { from: answer.from, levels: answer.levels.slice(), drives: answer.drives.slice() },
      flash: this.flash.save(),
      content: this.flash.content.slice(),
    };
  }

  restore(state: State): void {
    this.selected = state['selected'] as boolean;
    this.clocks = state['clocks'] as number;
    this.start = state['start'] as number;
    this.lastRise = state['lastRise'] as number;
    this.clockTicks = state['clockTicks'] as number;
    this.out = new Uint8Array(state['out'] as Uint8Array);
    const answer = state['answer'] as State;
    this.answer = {
      from: answer['from'] as number,
      levels: new Uint8Array(answer['levels'] as Uint8Array),
      drives: new Uint8Array(answer['drives'] as Uint8Array),
    };
    this.flash.restore(state['flash'] as State);
    this.flash.content.set(state['content'] as Uint8Array);
  }
}
