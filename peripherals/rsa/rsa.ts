/**
 * RSA accelerator (TRM chapter "RSA Accelerator"): Montgomery arithmetic on operands of N bits,
 * N = 512 x (mode + 1), in four memories of 4096 bits, least significant word first.
 * - MULT_START, MULT_MODE 0-7: Z = X x RB x 2^-N mod M (one Montgomery product; firmware does two).
 * - MULT_START, MULT_MODE 8-15: Z = X x Y of N / 2 bits each, N = 512 x (mode - 7); Y is in Z's upper half.
 * - MODEXP_START: Z = X^Y mod M; RB holds 2^2N mod M.
 *
 * Clock domain: APB_CLK. Interrupt source: ETS_RSA_INTR_SOURCE, a level while INTERRUPT is set.
 * CLEAN reads 0 for 100 cycles after a reset (ESP-IDF measured 1.3 us with its own overhead).
 * Unverified on silicon: a product takes (N / 32)^2 / 2 cycles, an exponentiation two
 * products per bit of N, after the orders of magnitude that ESP-IDF's RSA benchmarks show.
 *
 * **Not modelled:** M_PRIME: it is taken as right for M. An even M, which has no Montgomery form,
 * gives 0. A result is always below M.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { exponentiate, fromWords, montgomeryProduct, toWords } from './montgomery.ts';
import { RSA_REGISTERS } from './rsa.regs.ts';

export interface RsaOptions {
  readonly clocks: { readonly apb: Clock };
  readonly scheduler: Scheduler;
  readonly irq: Signal;
  readonly log: DeviceLog;
}

const MEMORY_BYTES = 0x800;
const BLOCK_WORDS = 128;
const M = 0;
const Z = 1;
const Y = 2;
const X = 3;
const WORDS_PER_UNIT = 16;
const CLEAN_CYCLES = 100;

export class Rsa implements Device {
  readonly name = 'RSA';
  private readonly bank: RegisterBank<typeof RSA_REGISTERS>;
  private readonly apb: Clock;
  private readonly scheduler: Scheduler;
  private readonly irq: Signal;
  private readonly memory = new Uint32Array(MEMORY_BYTES / 4);
  private readonly done: SchedulerEvent;
  /** Z as it will be when the operation ends. */
  private result: Uint32Array = new Uint32Array(0);
  private cleanFrom: Ticks = 0;

  constructor(options: RsaOptions) {
    this.apb = options.clocks.apb;
    this.scheduler = options.scheduler;
    this.irq = options.irq;
    this.bank = new RegisterBank(this.name, RSA_REGISTERS, options.log);
    this.done = options.scheduler.event('RSA.done', () => this.finish());
    this.bank.onWrite('MODEXP_START', () => this.modularExponentiation());
    this.bank.onWrite('MULT_START', () => this.multiplication());
    this.bank.onWrite('INTERRUPT', () => this.updateIrq());
    this.bank.onRead('CLEAN', () => (this.scheduler.now >= this.cleanFrom ? 1 : 0));
  }

  read(offset: number, size: AccessSize): number {
    if (offset >= MEMORY_BYTES) return this.bank.read(offset, size);
    const word = this.memory[offset >> 2]! | 0;
    if (size === 4) return word;
    return (word >>> ((offset & 3) * 8)) & (size === 1 ? 0xff : 0xffff);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (offset >= MEMORY_BYTES) {
      this.bank.write(offset, value, size);
      return;
    }
    const shift = (offset & 3) * 8;
    const lanes = size === 4 ? -1 : (size === 1 ? 0xff : 0xffff) << shift;
    const index = offset >> 2;
    this.memory[index] = (this.memory[index]! & ~lanes) | ((value << shift) & lanes);
  }

  reset(domain: ResetDomain): void {
    this.bank.reset();
    this.memory.fill(0);
    this.scheduler.cancel(this.done);
    const now = this.scheduler.now;
    this.cleanFrom = domain === 'power' ? now : this.apb.after(now, CLEAN_CYCLES);
    this.updateIrq();
  }

  save(): State {
    return {
      bank: this.bank.save(),
      memory: this.memory.slice(),
      result: this.result.slice(),
      cleanFrom: this.cleanFrom,
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.memory.set(state['memory'] as Uint32Array);
    this.result = (state['result'] as Uint32Array).slice();
    this.cleanFrom = state['cleanFrom'] as number;
  }

  private block(index: number, words: number, offset = 0): bigint {
    const start = index * BLOCK_WORDS + offset;
    return fromWords(this.memory.subarray(start, start + words));
  }

  private modularExponentiation(): void {
    const words = WORDS_PER_UNIT * (this.bank.getField('MODEXP_MODE', 'MODEXP_MODE') + 1);
    const modulus = this.block(M, words);
    const operands = { base: this.block(X, words), exponent: this.block(Y, words) };
    const z = exponentiate({ ...operands, modulus, rb: this.block(Z, words) }, 32 * words);
    this.begin(z, words, 64 * words * productCycles(words));
  }

  private multiplication(): void {
    const mode = this.bank.getField('MULT_MODE', 'MULT_MODE');
    if (mode < 8) {
      const words = WORDS_PER_UNIT * (mode + 1);
      const modulus = this.block(M, words);
      const x = this.block(X, words);
      const z = montgomeryProduct(x, this.block(Z, words), modulus, 32 * words);
      this.begin(z, words, productCycles(words));
      return;
    }
    const half = (WORDS_PER_UNIT * (mode - 7)) / 2;
    const product = this.block(X, half) * this.block(Z, half, half);
    this.begin(product, 2 * half, productCycles(half));
  }

  private begin(z: bigint, words: number, cycles: number): void {
    if (this.done.at >= 0) return;
    this.result = toWords(z, words);
    this.scheduler.at(this.apb.after(this.scheduler.now, cycles), this.done);
  }

  private finish(): void {
    this.memory.set(this.result, Z * BLOCK_WORDS);
    this.bank.set('INTERRUPT', 1);
    this.updateIrq();
  }

  private updateIrq(): void {
    this.irq.set(this.bank.get('INTERRUPT') === 0 ? 0 : 1);
  }
}

function productCycles(words: number): number {
  return Math.max(Math.floor((words * words) / 2), 1);
}
