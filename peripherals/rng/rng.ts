/**
 * The random number generator (TRM chapter "Random Number Generator"): WDEV_RND, the word at offset
 * 0x144 of the WDEV block (0x3FF75000). Clock domain: APB_CLK. A fresh word is ready every 16 APB
 * cycles, the shortest read distance that the TRM recommends; faster reads see the same word.
 *
 * The words come from a seed and the number of the 16-cycle period, so that a run is repeatable.
 *
 * **Not modelled:** how much entropy the RF or the SAR ADC would add; the rest of WDEV (WiFi MAC).
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { UnmodelledBlock } from '../unmodelled-block.ts';

export interface RngOptions {
  readonly clocks: { readonly apb: Clock };
  readonly scheduler: Scheduler;
  readonly log: DeviceLog;
  /** Any 32-bit number; equal seeds give equal words at equal times. */
  readonly seed: number;
}

const WDEV_RND = 0x144;
const APB_CYCLES_PER_WORD = 16;

export class Rng implements Device {
  readonly name = 'RNG';
  private readonly apb: Clock;
  private readonly scheduler: Scheduler;
  private readonly seed: number;
  private readonly others: UnmodelledBlock;

  constructor(options: RngOptions) {
    this.apb = options.clocks.apb;
    this.scheduler = options.scheduler;
    this.seed = options.seed | 0;
    this.others = new UnmodelledBlock({ name: 'WDEV', sizeBytes: 0x1000, log: options.log });
  }

  read(offset: number, size: AccessSize): number {
    if ((offset & ~3) !== WDEV_RND) return this.others.read(offset, size);
    const cycles = this.apb.cyclesAt(this.scheduler.now);
    const word = randomWord(this.seed, Math.floor(cycles / APB_CYCLES_PER_WORD));
    if (size === 4) return word;
    return (word >>> ((offset & 3) * 8)) & (size === 1 ? 0xff : 0xffff);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if ((offset & ~3) !== WDEV_RND) this.others.write(offset, value, size);
  }

  reset(domain: ResetDomain): void {
    this.others.reset(domain);
  }

  save(): State {
    return { others: this.others.save() };
  }

  restore(state: State): void {
    this.others.restore(state['others'] as State);
  }
}

/** Two rounds of a 32-bit mixing function over the seed and both halves of the period's number. */
function randomWord(seed: number, period: number): number {
  const low = period | 0;
  const high = Math.floor(period / 0x1_0000_0000) | 0;
  return mix(mix(seed ^ Math.imul(high, 0x9e3779b9)) ^ Math.imul(low, 0x85ebca6b));
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}
