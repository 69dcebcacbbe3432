/**
 * The wires of an SPI master. The outputs follow `timing.ts`; the input is taken from the wires at
 * each sampling tick. When somebody hears the outputs, each change is an event at its tick; when
 * nobody does, the wires are brought up to date when they are looked at and when the transfer ends.
 * Both give the same samples: a change of an input takes the samples up to its tick before it counts.
 *
 * Unverified on silicon: D, WP and HD are driven between transfers (D as it was last, WP as CTRL.WP,
 * HD high), Q is not; lines released for an input phase stay so until the next transfer.
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import type { SpiPins } from './pins.ts';
import { bitAt, clockLevel, nextChange, sampleTick } from './timing.ts';
import type { TransferTiming } from './timing.ts';

/** One transfer as the wires carry it. */
export interface WireTransfer {
  readonly timing: TransferTiming;
  /** Levels and output enables of the data lines in each clock, as nibbles. */
  readonly levels: Uint8Array;
  readonly enables: Uint8Array;
  readonly firstSample: number;
  readonly sampleClocks: number;
  /** Chip selects that take part, bits 0..2. */
  readonly selects: number;
  /** CLK stays idle (CK_DIS). */
  readonly clockOff: boolean;
}

/** Levels between transfers. */
export interface IdleLevels {
  readonly cpol: number;
  /** Chip select lines that are active high, bits 0..2. */
  readonly csPolarity: number;
  /** Chip selects that stay active. */
  readonly kept: number;
  readonly wp: number;
}

const HD = 8;
const WP = 4;
const LINE_BITS = [0, 1, 2, 3] as const;
const SELECT_BITS = [0, 1, 2] as const;

export class MasterWires implements Stateful {
  private readonly pins: SpiPins;
  private readonly scheduler: Scheduler;
  private readonly edge: SchedulerEvent;
  private transfer: WireTransfer | undefined;
  private idleLevels: IdleLevels = { cpol: 0, csPolarity: 0, kept: 0, wp: 1 };
  private driving = true;
  private received = new Uint8Array(0);
  private sampled = 0;
  /** The data inputs as a nibble, as they were before a change that is being told. */
  private inputs = 0xf;

  constructor(name: string, pins: SpiPins, scheduler: Scheduler) {
    this.pins = pins;
    this.scheduler = scheduler;
    // Samples at a tick come before what other events of the tick do to the wires.
    this.edge = scheduler.event(`${name}.edge`, (now) => this.onEdge(now), -1);
    for (const pin of pins.data) pin.input.connect(() => this.inputChanged());
    this.inputChanged();
  }

  /** Drives the outputs as a master between transfers, or lets them go as a slave. */
  idle(levels: IdleLevels, driving: boolean): void {
    this.idleLevels = levels;
    this.driving = driving;
    if (this.transfer !== undefined) return;
    const { pins } = this;
    pins.clk.output.set(level(levels.cpol));
    pins.clk.enable.set(driving ? 1 : 0);
    this.select(levels.kept);
    for (const pin of pins.cs) pin.enable.set(driving ? 1 : 0);
    pins.data[2].output.set(level(levels.wp));
    pins.data[3].output.set(1);
    if (driving) pins.data[1].enable.set(0);
    else for (const pin of pins.data) pin.enable.set(0);
  }

  /** A reset: D is driven low again. */
  release(): void {
    this.stop();
    this.pins.data[0].output.set(0);
    for (const bit of LINE_BITS) this.pins.data[bit].enable.set(bit === 1 ? 0 : 1);
  }

  begin(transfer: WireTransfer): void {
    this.transfer = transfer;
    this.received = new Uint8Array(transfer.sampleClocks);
    this.sampled = 0;
    this.settle();
    this.watch();
  }

  /** Ends the transfer at its end and returns what was sampled, a nibble per clock. */
  finish(): Uint8Array {
    this.settle();
    this.stop();
    return this.received;
  }

  /** Gives the transfer up where it is. */
  stop(): void {
    this.transfer = undefined;
    this.scheduler.cancel(this.edge);
  }

  /** The wires up to now: samples, then levels. */
  settle(): void {
    const { transfer } = this;
    if (transfer === undefined) return;
    const { now } = this.scheduler;
    this.sample(now);
    const { timing } = transfer;
    if (now < timing.csBegin) return;
    if (now < timing.end) this.select(transfer.selects);
    const bit = bitAt(timing, now);
    if (bit >= 0) this.drive(transfer.levels[bit]!, transfer.enables[bit]!);
    const clk = transfer.clockOff ? timing.cpol : clockLevel(timing, now);
    this.pins.clk.output.set(level(clk));
    if (now >= timing.end) this.select(this.idleLevels.kept);
  }

  /** Somebody may listen now who did not, or no longer does. */
  watch(): void {
    const { transfer, edge, scheduler } = this;
    if (transfer === undefined) return;
    const next = this.pins.observed() ? nextChange(transfer.timing, scheduler.now) : Infinity;
    if (next === Infinity) scheduler.cancel(edge);
    else scheduler.at(next, edge);
  }

  private onEdge(now: Ticks): void {
    this.settle();
    const next = this.transfer === undefined ? Infinity : nextChange(this.transfer.timing, now);
    if (next !== Infinity) this.scheduler.at(next, this.edge);
  }

  private sample(now: Ticks): void {
    const { transfer } = this;
    if (transfer === undefined) return;
    const { timing, firstSample, sampleClocks } = transfer;
    while (this.sampled < sampleClocks && sampleTick(timing, firstSample + this.sampled) <= now)
      this.received[this.sampled++] = this.inputs;
  }

  private inputChanged(): void {
    this.sample(this.scheduler.now);
    let nibble = 0;
    for (const bit of LINE_BITS) nibble |= this.pins.data[bit].input.level << bit;
    this.inputs = nibble;
  }

  /** A chip select is active low unless MASTER_CS_POL says otherwise. */
  private select(active: number): void {
    for (const bit of SELECT_BITS) {
      const inactive = ((this.idleLevels.csPolarity >> bit) & 1) ^ 1;
      this.pins.cs[bit].output.set(level(inactive ^ ((active >> bit) & 1)));
    }
  }

  /** The enables first where a line is let go, last where it is taken. */
  private drive(levels: number, enables: number): void {
    for (const bit of LINE_BITS) {
      const pin = this.pins.data[bit];
      const on = level(enables >> bit);
      if (on === 0) pin.enable.set(0);
      else pin.output.set(level(levels >> bit));
      pin.enable.set(on);
    }
  }

  save(): State {
    const { transfer, sampled, inputs, driving } = this;
    return {
      ...{ sampled, inputs, driving },
      received: this.received.slice(),
      idleLevels: { ...this.idleLevels },
      transfer: transfer === undefined ? null : saveTransfer(transfer),
    };
  }

  restore(state: State): void {
    this.sampled = state['sampled'] as number;
    this.inputs = state['inputs'] as number;
    this.driving = state['driving'] as boolean;
    this.received = (state['received'] as Uint8Array).slice();
    this.idleLevels = { ...(state['idleLevels'] as unknown as IdleLevels) };
    const transfer = state['transfer'] as State | null;
    this.transfer = transfer === null ? undefined : restoreTransfer(transfer);
  }
}

/**
 * Levels and enables of the data lines in each clock from what the master sends: `out` as nibbles
 * with lines it does not use at 1, `lines` the lines that carry bits (0: none), and from
 * `releaseFrom` on the lines `released`.
 */
export function lineLevels(
  out: Uint8Array,
  lines: Uint8Array,
  options: { d: number; wp: number; releaseFrom: number; released: number },
): { levels: Uint8Array; enables: Uint8Array } {
  const levels = new Uint8Array(out.length);
  const enables = new Uint8Array(out.length);
  const steady = HD | (options.wp === 1 ? WP : 0);
  let { d } = options;
  for (let clock = 0; clock < out.length; clock++) {
    const carried = (1 << lines[clock]!) - 1;
    if (carried !== 0) d = out[clock]! & 1;
    const idle = (steady & ~carried) | (carried === 0 ? d : 0);
    levels[clock] = (out[clock]! & carried) | idle;
    const released = clock >= options.releaseFrom ? options.released : 0;
    enables[clock] = (0xd | carried) & ~released;
  }
  return { levels, enables };
}

function level(bits: number): Level {
  return (bits & 1) as Level;
}

function saveTransfer(transfer: WireTransfer): State {
  const { timing, levels, enables, ...rest } = transfer;
  return { ...rest, timing: { ...timing }, levels: levels.slice(), enables: enables.slice() };
}

function restoreTransfer(state: State): WireTransfer {
  const saved = state as unknown as WireTransfer;
  return { ...saved, levels: saved.levels.slice(), enables: saved.enables.slice() };
}
