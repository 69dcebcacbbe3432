/**
 * SHA accelerator (TRM chapter "SHA Accelerator"): takes one block from TEXT into a digest state
 * on START (from the initial state) or CONTINUE, and puts the state into TEXT on LOAD. TEXT words
 * are big-endian numbers; 64-bit words have their high half first. SHA-1, SHA-256 and
 * SHA-384/512 have a state each, so that three digests can be interleaved.
 *
 * Clock domain: APB_CLK. The TRM gives 60-100 cycles for a block and 8-20 for LOAD. Unverified on
 * silicon: a block takes one cycle per round (80, 64, 80), LOAD one per word but at least 8.
 *
 * **Not modelled:** writes to TEXT while a block is being read in.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { compress, INITIAL_STATE, type ShaAlgorithm } from './digest.ts';
import { SHA_REGISTERS } from './sha.regs.ts';

export interface ShaOptions {
  readonly clocks: { readonly apb: Clock };
  readonly scheduler: Scheduler;
  readonly log: DeviceLog;
}

interface Engine {
  readonly blockWords: number;
  readonly digestWords: number;
  readonly blockCycles: number;
  /** Which of the three states it uses. */
  readonly state: number;
}

// prettier-ignore
const ENGINES: Readonly<Record<ShaAlgorithm, Engine>> = {
  SHA1: { blockWords: 16, digestWords: 5, blockCycles: 80, state: 0 },
  SHA256: { blockWords: 16, digestWords: 8, blockCycles: 64, state: 1 },
  SHA384: { blockWords: 32, digestWords: 12, blockCycles: 80, state: 2 },
  SHA512: { blockWords: 32, digestWords: 16, blockCycles: 80, state: 2 },
};
const ALGORITHMS = ['SHA1', 'SHA256', 'SHA384', 'SHA512'] as const;
const TEXT_WORDS = 32;
const LOAD_CYCLES_MIN = 8;

export class Sha implements Device {
  readonly name = 'SHA';
  private readonly bank: RegisterBank<typeof SHA_REGISTERS>;
  private readonly apb: Clock;
  private readonly scheduler: Scheduler;
  private readonly states = [new Int32Array(16), new Int32Array(16), new Int32Array(16)];
  private busyUntil: Ticks = 0;
  /** The state to be put into TEXT when the present LOAD ends, and its length; -1 for none. */
  private loading = -1;
  private loadWords = 0;

  constructor(options: ShaOptions) {
    this.apb = options.clocks.apb;
    this.scheduler = options.scheduler;
    this.bank = new RegisterBank(this.name, SHA_REGISTERS, options.log);
    for (const algorithm of ALGORITHMS) {
      this.bank.onWrite(`${algorithm}_START`, () => this.start(algorithm, true));
      this.bank.onWrite(`${algorithm}_CONTINUE`, () => this.start(algorithm, false));
      this.bank.onWrite(`${algorithm}_LOAD`, () => this.load(algorithm));
      this.bank.onRead(`${algorithm}_BUSY`, () => (this.busy() ? 1 : 0));
    }
  }

  read(offset: number, size: AccessSize): number {
    this.settle();
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.settle();
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    for (const state of this.states) state.fill(0);
    this.busyUntil = 0;
    this.loading = -1;
  }

  save(): State {
    const { busyUntil, loading, loadWords } = this;
    return {
      ...{ busyUntil, loading, loadWords },
      bank: this.bank.save(),
      states: this.states.map((state) => state.slice()),
    };
  }

  restore(state: State): void {
    this.busyUntil = state['busyUntil'] as number;
    this.loading = state['loading'] as number;
    this.loadWords = state['loadWords'] as number;
    this.bank.restore(state['bank'] as State);
    (state['states'] as Int32Array[]).forEach((saved, i) => this.states[i]!.set(saved));
  }

  private busy(): boolean {
    return this.scheduler.now < this.busyUntil;
  }

  /** A LOAD that has ended shows in TEXT. */
  private settle(): void {
    if (this.loading < 0 || this.busy()) return;
    const state = this.states[this.loading]!;
    for (let i = 0; i < this.loadWords; i++) this.bank.set(`TEXT${i}`, state[i]! >>> 0);
    this.loading = -1;
  }

  private start(algorithm: ShaAlgorithm, first: boolean): void {
    if (this.busy()) return;
    const engine = ENGINES[algorithm];
    const state = this.states[engine.state]!;
    if (first) state.set(INITIAL_STATE[algorithm]);
    const block = new Int32Array(TEXT_WORDS);
    for (let i = 0; i < engine.blockWords; i++) block[i] = this.bank.get(`TEXT${i}`);
    compress(algorithm, state, block);
    this.busyUntil = this.apb.after(this.scheduler.now, engine.blockCycles);
  }

  private load(algorithm: ShaAlgorithm): void {
    if (this.busy()) return;
    const engine = ENGINES[algorithm];
    this.loading = engine.state;
    this.loadWords = engine.digestWords;
    const cycles = Math.max(engine.digestWords, LOAD_CYCLES_MIN);
    this.busyUntil = this.apb.after(this.scheduler.now, cycles);
  }
}
