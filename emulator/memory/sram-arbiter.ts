/**
 * Contention for the banks of internal SRAM, off unless asked for (`Esp32Options.sramArbiter`).
 *
 * Banks: the pools of 32 KiB that the memory tables of ESP-IDF's heap name in their comments: 0..5
 * SRAM0, 6..9 SRAM1 from its end, 10..15 SRAM2 behind its first 8 KiB, which are pool 16.
 * Rule (a choice; nothing is published): a bank serves one data access in a CPU cycle. Of two cores
 * that want it in the same cycle, the one that comes second in the reference order waits a cycle. A
 * word of DMA takes a bank for one CPU cycle of each AHB cycle, from the tick of the copy on, and a
 * core waits for it at most one cycle.
 *
 * **Not modelled:** contention of instruction fetches. Two cores that run CoreMark from the same
 * IRAM reach 994.26 against 504.85 of one (ESP32 datasheet), 98.5 % of twice as much, and 999.2
 * against 494.6 (ochrin/coremark): fetches of two cores do not cost what one port per bank would.
 */
import type { State } from '../bus/state.ts';

export const SRAM_BANKS = 17;
const BANK_SHIFT = 15;
const FIRST_BLOCK_SIZE = 0x2000;
const LAST_BANK = 16;
/** Pools in the order of data addresses from 0x3FFB0000 on. */
const DATA_BANKS = [15, 14, 10, 11, 12, 13, 9, 8, 7, 6] as const;

export class SramArbiter {
  private readonly sram0: number;
  private readonly sram2: number;
  /** Cycle of the last access by bank * 2 + core. */
  private readonly last = new Float64Array(SRAM_BANKS * 2).fill(-1);
  /** First cycle, end, and cycles per word of the last DMA copy, by bank. */
  private readonly dmaStart = new Float64Array(SRAM_BANKS);
  private readonly dmaEnd = new Float64Array(SRAM_BANKS);
  private readonly dmaStep = new Float64Array(SRAM_BANKS).fill(1);

  /** Offsets of SRAM0 and SRAM2 in the backing store; SRAM1 follows SRAM2. */
  constructor(sram0: number, sram2: number) {
    this.sram0 = sram0;
    this.sram2 = sram2;
  }

  /** The bank behind an offset of the backing store that lies in SRAM. */
  bankOf(offset: number): number {
    if (offset < this.sram2) return (offset - this.sram0) >> BANK_SHIFT;
    const behindFirst = offset - this.sram2 - FIRST_BLOCK_SIZE;
    return behindFirst < 0 ? LAST_BANK : DATA_BANKS[behindFirst >> BANK_SHIFT]!;
  }

  /** `core` accesses `offset` in `cycle`: the cycles that it waits, 0 to 2. */
  access(core: number, offset: number, cycle: number): number {
    const bank = this.bankOf(offset);
    const { last } = this;
    let at = cycle;
    if (last[bank * 2 + (core ^ 1)] === at) at++;
    if (this.dmaTakes(bank, at)) at++;
    last[bank * 2 + core] = at;
    return at - cycle;
  }

  /** DMA has copied `length` bytes at `offset` in `cycle`; AHB runs at a `step`th of CPU_CLK. */
  dma(offset: number, length: number, cycle: number, step: number): void {
    let at = cycle;
    for (let from = offset; from < offset + length;) {
      const bank = this.bankOf(from);
      let end = from;
      while (end < offset + length && this.bankOf(end) === bank) end += 4;
      const start = Math.max(at, this.dmaEnd[bank]!);
      this.dmaStart[bank] = start;
      this.dmaStep[bank] = step;
      at = start + ((end - from) >> 2) * step;
      this.dmaEnd[bank] = at;
      from = end;
    }
  }

  private dmaTakes(bank: number, cycle: number): boolean {
    const start = this.dmaStart[bank]!;
    if (cycle < start || cycle >= this.dmaEnd[bank]!) return false;
    return (cycle - start) % this.dmaStep[bank]! === 0;
  }

  save(): State {
    return {
      last: this.last.slice(),
      dmaStart: this.dmaStart.slice(),
      dmaEnd: this.dmaEnd.slice(),
      dmaStep: this.dmaStep.slice(),
    };
  }

  restore(state: State): void {
    this.last.set(state['last'] as Float64Array);
    this.dmaStart.set(state['dmaStart'] as Float64Array);
    this.dmaEnd.set(state['dmaEnd'] as Float64Array);
    this.dmaStep.set(state['dmaStep'] as Float64Array);
  }
}
