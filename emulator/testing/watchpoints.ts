/**
 * Writes to memory, told as they happen: by cores, DMA and the test itself, at any of the addresses
 * behind which the bytes lie.
 */
import type { Esp32 } from '../esp32.ts';
import { hex, InputError } from '../loader/errors.ts';
import type { Ticks } from '../scheduler/clock.ts';

export interface MemoryWrite {
  readonly tick: Ticks;
  /** The core that wrote, or -1 for DMA and the test. */
  readonly core: number;
  /** The instruction that wrote. */
  readonly pc: number;
}

interface Watch {
  readonly offset: number;
  readonly end: number;
  readonly listener: (write: MemoryWrite) => void;
}

export class Watchpoints {
  private readonly chip: Esp32;
  private watches: Watch[] = [];

  constructor(chip: Esp32) {
    this.chip = chip;
    chip.bus.onObservedWrite((offset, size) => this.written(offset, size));
  }

  /** `listener` is told after every write into the range. Returns the end of it. */
  add(address: number, length: number, listener: (write: MemoryWrite) => void): () => void {
    const { chip } = this;
    const offset = chip.backingOf(address >>> 0);
    if (offset < 0 || chip.backingOf((address + length - 1) >>> 0) !== offset + length - 1)
      throw new InputError(`address ${hex(address, 8)}`, 'there is no memory to watch');
    const watch = { offset, end: offset + length, listener };
    this.watches.push(watch);
    chip.bus.observe(offset, length);
    return () => this.remove(watch);
  }

  private remove(watch: Watch): void {
    this.watches = this.watches.filter((other) => other !== watch);
    for (let page = watch.offset >>> 12; page <= (watch.end - 1) >>> 12; page++)
      this.chip.bus.forgetObserved(page);
    for (const { offset, end } of this.watches) this.chip.bus.observe(offset, end - offset);
  }

  private written(offset: number, size: number): void {
    const { chip } = this;
    const hit = this.watches.filter((watch) => offset < watch.end && offset + size > watch.offset);
    if (hit.length === 0) return;
    const core = chip.multicore.running;
    if (core >= 0) chip.multicore.syncTime(core);
    const pc = core < 0 ? 0 : chip.cores[core === 0 ? 0 : 1].cpu.pc >>> 0;
    for (const { listener } of hit) listener({ tick: chip.scheduler.now, core, pc });
  }
}
