/**
 * Interrupt half of GPIO: the status bit of each pad, its type, and who is told.
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { GpioIrqs } from './gpio.ts';

/** Register name stems in the order of INT_ENA's bits. */
export const INTERRUPT_TARGETS = ['ACPU', 'ACPU_NMI', 'PCPU', 'PCPU_NMI', 'CPUSDIO'] as const;

const TYPE = { RISING: 1, FALLING: 2, ANY: 3, LOW: 4, HIGH: 5 } as const;
const PADS = 40;

export class GpioInterrupts implements Stateful {
  private readonly irqs: GpioIrqs;
  private readonly level: (pad: number) => Level;
  private readonly statusWords = new Int32Array(2);
  private readonly types = new Uint8Array(PADS);
  /** Pads enabled for each target, two words each. */
  private readonly enabled = new Int32Array(2 * INTERRUPT_TARGETS.length);
  /** Pads whose type is a level. */
  private readonly levelPads = new Int32Array(2);

  constructor(irqs: GpioIrqs, level: (pad: number) => Level) {
    this.irqs = irqs;
    this.level = level;
  }

  configure(pad: number, type: number, enables: number): void {
    this.types[pad] = type;
    const word = pad >> 5;
    const bit = 1 << (pad & 31);
    const isLevel = type === TYPE.LOW || type === TYPE.HIGH;
    this.levelPads[word] = isLevel ? this.levelPads[word]! | bit : this.levelPads[word]! & ~bit;
    INTERRUPT_TARGETS.forEach((_, target) => {
      const index = 2 * target + word;
      const on = ((enables >>> target) & 1) === 1;
      this.enabled[index] = on ? this.enabled[index]! | bit : this.enabled[index]! & ~bit;
    });
    this.update();
  }

  /** Whether edges or levels of the pad set its status. */
  armed(pad: number): boolean {
    return this.types[pad] !== 0;
  }

  /** The pad's input went to `level`. */
  edge(pad: number, level: Level): void {
    const type = this.types[pad]!;
    if (type === 0) return;
    const hit = type === TYPE.ANY || type === (level === 1 ? TYPE.RISING : TYPE.FALLING);
    if (hit) this.statusWords[pad >> 5] = this.statusWords[pad >> 5]! | (1 << (pad & 31));
    this.update();
  }

  status(word: number): number {
    return this.statusWords[word]!;
  }

  setStatus(word: number, value: number): void {
    this.statusWords[word] = word === 0 ? value : value & 0xff;
    this.update();
  }

  pending(target: number, word: number): number {
    return this.statusWords[word]! & this.enabled[2 * target + word]!;
  }

  reset(): void {
    this.statusWords.fill(0);
    this.types.fill(0);
    this.enabled.fill(0);
    this.levelPads.fill(0);
    this.update();
  }

  save(): State {
    return {
      status: this.statusWords.slice(),
      types: this.types.slice(),
      enabled: this.enabled.slice(),
      levelPads: this.levelPads.slice(),
    };
  }

  restore(state: State): void {
    this.statusWords.set(state['status'] as Int32Array);
    this.types.set(state['types'] as Uint8Array);
    this.enabled.set(state['enabled'] as Int32Array);
    this.levelPads.set(state['levelPads'] as Int32Array);
  }

  private update(): void {
    for (let word = 0; word < 2; word++) {
      for (let rest = this.levelPads[word]!; rest !== 0; rest &= rest - 1) {
        const bit = rest & -rest;
        const pad = 32 * word + 31 - Math.clz32(bit);
        const active = this.types[pad] === TYPE.HIGH ? 1 : 0;
        if (this.level(pad) === active) this.statusWords[word] = this.statusWords[word]! | bit;
      }
    }
    const { app, appNmi, pro, proNmi } = this.irqs;
    [app, appNmi, pro, proNmi].forEach((irq, target) =>
      irq.set((this.pending(target, 0) | this.pending(target, 1)) === 0 ? 0 : 1),
    );
  }
}
