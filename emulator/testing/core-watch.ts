/**
 * What both cores are doing, heard where they mask interrupts, wait or go on: no cycle of the guest
 * differs by it. Masked means that a level-1 interrupt would not be taken: PS.INTLEVEL or PS.EXCM,
 * in handlers too. What a core masks between its reset and its first unmasking is not counted; on a
 * forked board a span begins at the fork.
 */
import { currentLevel } from '../cpu/exceptions.ts';
import type { Cpu } from '../cpu/state.ts';
import type { Esp32 } from '../esp32.ts';
import type { Ticks } from '../scheduler/clock.ts';

export type CoreState = 'running' | 'idle' | 'held';

export interface MaskedSpan {
  readonly core: 0 | 1;
  readonly ticks: Ticks;
  /** Where the core was when it masked interrupts. */
  readonly pc: number;
  readonly start: Ticks;
}

interface CoreMask {
  since: Ticks | undefined;
  pc: number;
  /** Interrupts were unmasked since the last reset. */
  isCounted: boolean;
}

export class CoreWatch {
  private readonly chip: Esp32;
  private readonly onState: (core: 0 | 1, tick: Ticks, state: CoreState) => void;
  private masks: readonly [CoreMask, CoreMask];
  private longest: MaskedSpan | undefined;
  private resets: number;

  constructor(chip: Esp32, onState: (core: 0 | 1, tick: Ticks, state: CoreState) => void) {
    this.chip = chip;
    this.onState = onState;
    this.resets = chip.log.resets.length;
    this.masks = [this.begin(0), this.begin(1)];
    for (const core of [0, 1] as const) {
      const { cpu } = chip.cores[core];
      const other = cpu.onMask;
      cpu.onMask = (which) => {
        other?.(which);
        this.changed(core, which);
      };
    }
  }

  /** Looks at what nobody tells: cores that are held or released. */
  look(): void {
    for (const core of [0, 1] as const) this.tellState(core, this.chip.now);
  }

  /** The longest span until now, one that is still open included. */
  longestMasked(): MaskedSpan | undefined {
    for (const core of [0, 1] as const) this.close(core, this.chip.now, false);
    return this.longest;
  }

  /** Begins anew, after a jump to another state. */
  restart(): void {
    this.longest = undefined;
    this.resets = this.chip.log.resets.length;
    this.masks = [this.begin(0), this.begin(1)];
  }

  private begin(core: 0 | 1): CoreMask {
    const { chip } = this;
    const { cpu } = chip.cores[core];
    const begun = chip.now > 0;
    const isMasked = begun && cpu.halted === 0 && currentLevel(cpu) > 0;
    return { since: isMasked ? chip.now : undefined, pc: cpu.pc >>> 0, isCounted: begun };
  }

  private changed(core: 0 | 1, cpu: Cpu): void {
    const { chip } = this;
    const tick = chip.clocks.cpu.tickOf(chip.cycles(core));
    const mask = this.masks[core];
    if (chip.log.resets.length !== this.resets) this.forget();
    if (currentLevel(cpu) === 0) {
      this.close(core, tick, true);
      mask.isCounted = true;
    } else if (mask.since === undefined && mask.isCounted) {
      mask.since = tick;
      mask.pc = cpu.pc >>> 0;
    }
    this.tellState(core, tick);
  }

  private close(core: 0 | 1, tick: Ticks, isOver: boolean): void {
    const mask = this.masks[core];
    if (mask.since === undefined) return;
    const ticks = tick - mask.since;
    if (ticks > (this.longest?.ticks ?? -1))
      this.longest = { core, ticks, pc: mask.pc, start: mask.since };
    if (isOver) mask.since = undefined;
  }

  private forget(): void {
    this.resets = this.chip.log.resets.length;
    for (const mask of this.masks) {
      mask.since = undefined;
      mask.isCounted = false;
    }
  }

  private tellState(core: 0 | 1, tick: Ticks): void {
    const { cpu } = this.chip.cores[core];
    this.onState(core, tick, cpu.halted !== 0 ? 'held' : cpu.waiting !== 0 ? 'idle' : 'running');
  }
}
