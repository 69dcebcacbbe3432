/**
 * The GPIO matrix: FUNCn_OUT_SEL_CFG gives each pad a peripheral output (or GPIO_OUT, signal 256),
 * FUNCn_IN_SEL_CFG gives each peripheral input a pad, a constant, or its direct IO_MUX path.
 */
import type { DeviceLog } from '../../emulator/bus/device.ts';
import type { OutputWire, Pad } from '../../emulator/bus/pad.ts';
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';

export interface GpioMatrixOptions {
  readonly pads: readonly (Pad | undefined)[];
  readonly outputs: readonly (OutputWire | undefined)[];
  readonly inputs: readonly (Signal | undefined)[];
  readonly log: DeviceLog;
  /** FUNCn_OUT_SEL_CFG and FUNCn_IN_SEL_CFG, read when they change. */
  readonly outSelect: (pad: number) => number;
  readonly inSelect: (signal: number) => number;
  /** GPIO_OUT and GPIO_ENABLE, two words each, kept up to date by their owner. */
  readonly out: Int32Array;
  readonly enable: Int32Array;
}

const SIGNALS = 256;
const OUT_SEL_MASK = 0x1ff;
const OUT_INV_SEL = 1 << 9;
const OEN_SEL = 1 << 10;
const OEN_INV_SEL = 1 << 11;
const SIG_GPIO_OUT = 256;
const IN_SEL_MASK = 0x3f;
const IN_INV_SEL = 1 << 6;
const IN_SEL_MATRIX = 1 << 7;
/** IN_SEL values that are not pads: 0x38 is a constant 1; every other reads 0 (0x30 officially). */
const CONSTANT_ONE = 0x38;

export class GpioMatrix implements Stateful {
  private readonly options: GpioMatrixOptions;
  /** Copies of the select registers, so that a pin change looks nothing up by name. */
  private readonly outSelect: Uint16Array;
  private readonly inSelect = new Uint8Array(SIGNALS);
  /** Levels that IO_MUX functions give; 2 where no pad has the function selected. */
  private readonly direct = new Uint8Array(SIGNALS).fill(2);
  /** Inputs that have a listener. */
  private readonly connected: readonly number[];
  /** Connected inputs that the matrix takes from each pad (or constant), by IN_SEL. */
  private readonly fed: number[][] = Array.from({ length: IN_SEL_MASK + 1 }, () => []);

  constructor(options: GpioMatrixOptions) {
    this.options = options;
    this.outSelect = new Uint16Array(options.pads.length);
    const all = Array.from({ length: SIGNALS }, (_, signal) => signal);
    this.connected = all.filter((signal) => options.inputs[signal] !== undefined);
    options.outputs.forEach((wire, signal) => {
      wire?.level.connect(() => this.outputChanged(signal));
      wire?.enable?.connect(() => this.outputChanged(signal));
    });
  }

  /** FUNCn_OUT_SEL_CFG was written. */
  selectOutput(pad: number): void {
    const value = this.options.outSelect(pad);
    this.outSelect[pad] = value;
    const signal = value & OUT_SEL_MASK;
    if (signal < SIG_GPIO_OUT && this.options.outputs[signal] === undefined) {
      const register = `FUNC${pad}_OUT_SEL_CFG`;
      this.options.log.unmodelled({ device: 'GPIO', register, access: 'write', value });
    }
    this.drivePad(pad);
  }

  /** FUNCn_IN_SEL_CFG was written. */
  selectInput(signal: number): void {
    this.inSelect[signal] = this.options.inSelect(signal);
    this.listFed();
    this.driveInput(signal);
  }

  drivePad(number: number): void {
    const { pads, outputs } = this.options;
    const pad = pads[number];
    if (pad === undefined) return;
    const select = this.outSelect[number]!;
    const signal = select & OUT_SEL_MASK;
    let level = bitOf(this.options.out, number);
    let enable = bitOf(this.options.enable, number);
    if (signal < SIG_GPIO_OUT) {
      level = outputs[signal]?.level.level ?? 0;
      if ((select & OEN_SEL) === 0) enable = outputs[signal]?.enable?.level ?? 1;
    }
    if ((select & OUT_INV_SEL) !== 0) level ^= 1;
    if ((select & OEN_INV_SEL) !== 0) enable ^= 1;
    pad.drive('matrix', enable === 1 ? (level as Level) : 'z');
  }

  /** Pads whose output select names `signal`. */
  outputPads(signal: number): number[] {
    const pads = [...this.outSelect.keys()];
    return pads.filter((pad) => (this.outSelect[pad]! & OUT_SEL_MASK) === signal);
  }

  /** Peripheral inputs that the matrix takes from `pad`. */
  inputsFrom(pad: number): readonly number[] {
    return this.fed[pad]!;
  }

  padChanged(pad: number): void {
    for (const signal of this.fed[pad]!) this.driveInput(signal);
  }

  setDirectInput(signal: number, level: Level): void {
    this.direct[signal] = level;
    this.driveInput(signal);
  }

  /** After a reset: everything follows the registers again. */
  refresh(): void {
    this.loadSelects();
    this.options.pads.forEach((_, number) => this.drivePad(number));
    for (const signal of this.connected) this.driveInput(signal);
  }

  save(): State {
    return { direct: this.direct.slice() };
  }

  restore(state: State): void {
    this.direct.set(state['direct'] as Uint8Array);
    this.loadSelects();
  }

  private loadSelects(): void {
    this.outSelect.forEach((_, pad) => (this.outSelect[pad] = this.options.outSelect(pad)));
    this.inSelect.forEach((_, signal) => (this.inSelect[signal] = this.options.inSelect(signal)));
    this.listFed();
  }

  private listFed(): void {
    for (const signals of this.fed) signals.length = 0;
    for (const signal of this.connected) {
      const select = this.inSelect[signal]!;
      if ((select & IN_SEL_MATRIX) !== 0) this.fed[select & IN_SEL_MASK]!.push(signal);
    }
  }

  private outputChanged(signal: number): void {
    this.options.pads.forEach((_, number) => {
      if ((this.outSelect[number]! & OUT_SEL_MASK) === signal) this.drivePad(number);
    });
  }

  private driveInput(signal: number): void {
    const input = this.options.inputs[signal];
    if (input === undefined) return;
    const select = this.inSelect[signal]!;
    if ((select & IN_SEL_MATRIX) === 0) {
      const direct = this.direct[signal]!;
      if (direct < 2) input.set(direct as Level);
      return;
    }
    const source = select & IN_SEL_MASK;
    const pad = this.options.pads[source];
    const level = pad?.digitalInput.level ?? (source === CONSTANT_ONE ? 1 : 0);
    input.set((level ^ ((select & IN_INV_SEL) !== 0 ? 1 : 0)) as Level);
  }
}

function bitOf(words: Int32Array, pad: number): number {
  return (words[pad >> 5]! >>> (pad & 31)) & 1;
}
