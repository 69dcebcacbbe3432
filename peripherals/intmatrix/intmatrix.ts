/**
 * The interrupt matrix (TRM, "Interrupt Matrix"): 69 peripheral interrupt sources, each mapped for
 * each core to one of its 32 CPU interrupts. A CPU interrupt line is the OR of the sources mapped
 * to it; edge-triggered and level-triggered CPU interrupts are told apart in the core.
 *
 * GPIO has an interrupt and an NMI wire for each core; the names with `_APP` are APP_CPU's.
 *
 * CPU interrupts 6, 7, 11, 15, 16 and 29 are made inside the core (timers, software, profiling):
 * a source mapped there reaches nothing. The status words show the sources as they stand.
 *
 * Clock domain: none, the matrix is combinational here.
 * **Not modelled:** the clock cycles between a source and the core.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { INTMATRIX_REGISTERS, MAP_OFFSET, MAP_RESET, STATUS_OFFSET } from './intmatrix.regs.ts';
import { APP_ONLY_SOURCES, INTERRUPT_SOURCES } from './sources.ts';
import type { InterruptSource } from './sources.ts';

/** CPU interrupts that come from inside the core. */
const INTERNAL = (1 << 6) | (1 << 7) | (1 << 11) | (1 << 15) | (1 << 16) | (1 << 29);
const SOURCES = INTERRUPT_SOURCES.length;
const CORES = [0, 1] as const;

export interface IntMatrixOptions {
  readonly log: DeviceLog;
  /** Told every change of a core's CPU interrupt line 0..31. */
  readonly onLine: (core: number, cpuInterrupt: number, level: Level) => void;
}

export class IntMatrix implements Device {
  readonly name = 'INTMATRIX';
  private readonly bank: RegisterBank<typeof INTMATRIX_REGISTERS>;
  private readonly wires = new Map<InterruptSource, Signal>();
  /** The wire at each place of each core's half, by core * SOURCES + source. */
  private readonly inputs: Signal[] = [];
  private readonly onLine: IntMatrixOptions['onLine'];
  /** CPU interrupt of each source, by core * SOURCES + source. */
  private readonly target = new Uint8Array(2 * SOURCES).fill(MAP_RESET);
  /** Number of asserted sources of each CPU interrupt, by core * 32 + interrupt. */
  private readonly asserted = new Uint8Array(2 * 32);
  private readonly present = new Int32Array(2);

  constructor(options: IntMatrixOptions) {
    this.onLine = options.onLine;
    this.bank = new RegisterBank(this.name, INTMATRIX_REGISTERS, options.log);
    for (const [name] of [...INTERRUPT_SOURCES, ...APP_ONLY_SOURCES])
      this.wires.set(name, new Signal(`ETS_${name}_SOURCE`));
    for (const core of CORES) {
      INTERRUPT_SOURCES.forEach(([name], source) => {
        const own = core === 1 ? APP_ONLY_SOURCES.find(([, shared]) => shared === name) : undefined;
        const wire = this.source(own === undefined ? name : own[0]);
        this.inputs.push(wire);
        wire.connect((level) => this.sourceChanged(core, source, level));
      });
      for (let n = 0; n < 3; n++) {
        const row = this.rowAt(STATUS_OFFSET[core] + 4 * n);
        this.bank.onRead(row, () => this.statusWord(core, n));
      }
      for (let source = 0; source < SOURCES; source++) {
        const row = this.rowAt(MAP_OFFSET[core] + 4 * source);
        this.bank.onWrite(row, () => this.remap(core, source, this.bank.get(row)));
      }
    }
  }

  /** The wire of a peripheral interrupt source. */
  source(name: InterruptSource): Signal {
    return this.wires.get(name)!;
  }

  /** The wires of all sources. */
  get sources(): readonly Signal[] {
    return [...this.wires.values()];
  }

  /** The core's interrupt lines as they stand: bit n is CPU interrupt n. */
  lines(core: number): number {
    return this.present[core]!;
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  /** All sources to CPU interrupt 16. The sources keep their levels. */
  reset(_domain: ResetDomain): void {
    this.bank.reset();
    for (const core of CORES)
      for (let source = 0; source < SOURCES; source++) this.remap(core, source, MAP_RESET);
  }

  save(): State {
    return {
      bank: this.bank.save(),
      levels: Uint8Array.from(this.wires.values(), (wire) => wire.level),
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    const levels = state['levels'] as Uint8Array;
    [...this.wires.values()].forEach((wire, i) => {
      wire.level = levels[i] as Level;
    });
    this.asserted.fill(0);
    for (const core of CORES) {
      for (let source = 0; source < SOURCES; source++) {
        const line = this.bank.get(this.rowAt(MAP_OFFSET[core] + 4 * source));
        this.target[core * SOURCES + source] = line;
        if (this.inputs[core * SOURCES + source]!.level !== 0) this.asserted[core * 32 + line]!++;
      }
      this.present[core] = 0;
      for (let line = 0; line < 32; line++)
        if (this.asserted[core * 32 + line]! > 0) this.present[core]! |= (1 << line) & ~INTERNAL;
    }
  }

  private rowAt(offset: number): string {
    return INTMATRIX_REGISTERS.find((row) => row.offset === offset)!.name;
  }

  private statusWord(core: number, n: number): number {
    let word = 0;
    for (let bit = 0; bit < 32 && n * 32 + bit < SOURCES; bit++)
      word |= this.inputs[core * SOURCES + n * 32 + bit]!.level << bit;
    return word;
  }

  private sourceChanged(core: number, source: number, level: Level): void {
    this.count(core, this.target[core * SOURCES + source]!, level === 1 ? 1 : -1);
  }

  private remap(core: number, source: number, line: number): void {
    const before = this.target[core * SOURCES + source]!;
    if (before === line) return;
    this.target[core * SOURCES + source] = line;
    if (this.inputs[core * SOURCES + source]!.level === 0) return;
    this.count(core, before, -1);
    this.count(core, line, 1);
  }

  private count(core: number, line: number, change: 1 | -1): void {
    const index = core * 32 + line;
    this.asserted[index]! += change;
    const bit = (1 << line) & ~INTERNAL;
    const lines =
      this.asserted[index]! > 0 ? this.present[core]! | bit : this.present[core]! & ~bit;
    if (lines === this.present[core]) return;
    this.present[core] = lines;
    this.onLine(core, line, this.asserted[index]! > 0 ? 1 : 0);
  }
}
