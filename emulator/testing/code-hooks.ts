/**
 * Hooks at instructions: told before an instruction of either core runs, without a cycle of
 * difference. Several may stand at one place; the cores are asked once.
 */
import type { Cpu } from '../cpu/state.ts';
import type { Esp32 } from '../esp32.ts';
import type { Cycles, Ticks } from '../scheduler/clock.ts';

/** A place that was reached. */
export interface Reach {
  readonly core: 0 | 1;
  readonly cpu: Cpu;
  readonly pc: number;
  /** Start of the instruction. */
  readonly cycle: Cycles;
  readonly tick: Ticks;
}

export type ReachListener = (reach: Reach) => void;

export class CodeHooks {
  private readonly chip: Esp32;
  private readonly listeners = new Map<number, Set<ReachListener>>();

  constructor(chip: Esp32) {
    this.chip = chip;
    for (const core of [0, 1] as const)
      chip.cores[core].onReached = (cpu) => this.reached(core, cpu);
  }

  /** Returns the end of it. */
  add(pc: number, listener: ReachListener): () => void {
    const at = pc >>> 0;
    let here = this.listeners.get(at);
    if (here === undefined) {
      this.listeners.set(at, (here = new Set()));
      for (const core of this.chip.cores) core.hook(at);
    }
    here.add(listener);
    return () => this.remove(at, listener);
  }

  private remove(at: number, listener: ReachListener): void {
    const here = this.listeners.get(at);
    if (here === undefined || !here.delete(listener) || here.size > 0) return;
    this.listeners.delete(at);
    for (const core of this.chip.cores) core.unhook(at);
  }

  private reached(core: 0 | 1, cpu: Cpu): void {
    const { chip } = this;
    const pc = cpu.pc >>> 0;
    const here = this.listeners.get(pc);
    if (here === undefined) return;
    chip.multicore.syncTime(core);
    const reach = { core, cpu, pc, cycle: chip.cycles(core), tick: chip.scheduler.now };
    for (const listener of [...here]) listener(reach);
  }
}
