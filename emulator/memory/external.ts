/**
 * Flash and PSRAM as the cores see them: per core a cache, an MMU and the enables of DPORT; one
 * SPI0 controller behind both, which serves one line at a time.
 *
 * An access is illegal when the cache is disabled, when its bus is masked
 * (DPORT_x_CACHE_CTRL1), or when the MMU entry is invalid. It is not an exception: the core reads
 * 0xBAD00BAD and goes on (memory dumps of ESP-IDF panics show that value), a store is lost, and
 * the owner (DPORT) is told, which raises the CACHE_IA interrupt source.
 *
 * Addresses beyond the chip wrap as the chip's address decoder does. With DRAM_HL or DRAM_SPLIT
 * set, the two caches share the PSRAM by address (ESP-IDF: low/high and even/odd modes).
 *
 * **Not modelled:** stale lines (see `cache.ts`), SPI0's own enable of cache requests, flash
 * encryption, critical-word-first (the core waits for the whole line).
 */
import type { State, Stateful } from '../bus/state.ts';
import { CacheTags, LINE_SHIFT } from './cache.ts';
import { CACHED_CODE } from './map.ts';
import type { Memory } from './memory.ts';
import { Mmu, WINDOW, WINDOWS, windowOf } from './mmu.ts';
import type { WindowIndex } from './mmu.ts';

/** What SPI0 transfers for a line of 32 bytes. */
export type LineTransfer = 'flash' | 'psram' | 'psramWriteBack';

/** Why an access was refused. `opposite`: the PSRAM half belongs to the other core's disabled cache. */
export type IllegalAccess = 'disabled' | 'opposite' | 'masked' | 'invalid';

/** How PSRAM is divided between the caches. */
export type PsramMode = 'own' | 'lowHigh' | 'evenOdd';

export interface ExternalMemoryOptions {
  readonly memory: Memory;
  /** Tick of the core's running access. */
  readonly now: (core: number) => number;
  /** Maps a range of a cached window again in the core's port. */
  readonly remap: (core: number, base: number, size: number) => void;
  /** Takes all cached instruction pages of a range out of the core's port. */
  readonly unmap: (core: number, base: number, size: number) => void;
}

/**
 * Line fill times in master ticks until SPI0 provides them. Flash: about 280 CPU cycles at
 * 240 MHz in QIO 80 MHz (derived from SPI clocks, confidence L). PSRAM: 266 +-9 cycles (derived
 * from a published bandwidth table, confidence M); write-back taken as a read (nothing published).
 */
export const DEFAULT_LINE_TICKS: Readonly<Record<LineTransfer, number>> = {
  flash: 560,
  psram: 532,
  psramWriteBack: 532,
};

const SIDES = 2;

class CoreSide {
  readonly cache = new CacheTags();
  readonly mmu = new Mmu();
  enabled = 0;
  /** DPORT_x_CACHE_CTRL1 bits 0..5: 1 masks a bus. */
  busMask = 0x3f;
  /** The line looked up last by data accesses and by fetches, or -1; nothing was filled since. */
  dataLine = -1;
  dataOffset = 0;
  dataWritten = 0;
  dataSlot = 0;
  fetchLine = -1;

  forgetLast(): void {
    this.dataLine = -1;
    this.fetchLine = -1;
  }
}

export class ExternalMemory implements Stateful {
  waitCycles = 0;
  /** Time of a line transfer in master ticks; SPI0 replaces it. */
  lineTicks: (transfer: LineTransfer) => number = (transfer) => DEFAULT_LINE_TICKS[transfer];
  /** Told every refused access; DPORT connects. */
  onIllegal: (core: number, window: WindowIndex, why: IllegalAccess) => void = () => {};
  private readonly sides = [new CoreSide(), new CoreSide()];
  private readonly options: ExternalMemoryOptions;
  private readonly flashStart: number;
  private readonly flashSize: number;
  private readonly psramStart: number;
  private readonly psramSize: number;
  /** Master ticks per CPU cycle. */
  private cycleTicks = 2;
  private psramMode: PsramMode = 'own';
  /** Tick at which SPI0 has served all line transfers. */
  private spiFree = 0;

  constructor(options: ExternalMemoryOptions) {
    this.options = options;
    const memory = options.memory;
    this.flashStart = memory.blockStart('FLASH');
    this.flashSize = memory.blockSize('FLASH');
    this.psramStart = memory.blockStart('PSRAM');
    this.psramSize = memory.blockSize('PSRAM');
  }

  // Control, from DPORT and the clock tree

  setCycleTicks(ticks: number): void {
    this.cycleTicks = ticks;
  }

  setEnabled(core: number, enabled: boolean): void {
    const side = this.sides[core]!;
    if (side.enabled === Number(enabled)) return;
    side.enabled = Number(enabled);
    side.forgetLast();
    this.remapCode(core);
  }

  /** Bits 0..5 of DPORT_x_CACHE_CTRL1. */
  setBusMask(core: number, mask: number): void {
    const side = this.sides[core]!;
    if (side.busMask === mask) return;
    side.busMask = mask;
    side.forgetLast();
    this.remapCode(core);
  }

  setPageModes(core: number, flashMode: number, sramMode: number): void {
    const side = this.sides[core]!;
    if (!side.mmu.setPageModes(flashMode, sramMode)) return;
    side.forgetLast();
    this.remapCode(core);
  }

  setPsramMode(mode: PsramMode): void {
    if (mode === this.psramMode) return;
    this.psramMode = mode;
    for (const side of this.sides) side.forgetLast();
  }

  /** Invalidates the core's cache; returns the number of dirty lines that were in it. */
  flush(core: number): number {
    const side = this.sides[core]!;
    side.forgetLast();
    return side.cache.flush();
  }

  readMmu(core: number, index: number): number {
    return this.sides[core]!.mmu.read(index);
  }

  writeMmu(core: number, index: number, value: number): void {
    const side = this.sides[core]!;
    if (!side.mmu.write(index, value)) return;
    side.forgetLast();
    const range = side.mmu.rangeOf(index);
    if (range !== undefined && side.enabled !== 0) this.options.remap(core, range[0], range[1]);
  }

  /** Hits, misses and write-backs of a core's cache since power-on. */
  counters(core: number): { hits: number; misses: number; writeBacks: number } {
    const { hits, misses, writeBacks } = this.sides[core]!.cache;
    return { hits, misses, writeBacks };
  }

  // Accesses, from the bus

  /** Backing offset behind a data address, or -1. Leaves the wait states in `waitCycles`. */
  data(core: number, addr: number, write: boolean): number {
    this.waitCycles = 0;
    const line = addr >>> LINE_SHIFT;
    const side = this.sides[core]!;
    if (line === side.dataLine && (!write || side.dataWritten !== 0)) {
      side.cache.touch(side.dataSlot);
      return side.dataOffset + (addr & 31);
    }
    const window = windowOf(addr);
    const owner = window === WINDOW.DRAM1 ? this.psramOwner(core, addr) : core;
    const offset = this.locate(core, owner, window, addr);
    if (offset < 0) return -1;
    const cached = this.sides[owner]!;
    if (!cached.cache.lookup(line, write))
      this.waitCycles = this.fill(core, cached, window, line, write);
    if (owner === core) {
      side.dataLine = line;
      side.dataOffset = offset - (addr & 31);
      side.dataWritten = Number(write);
      side.dataSlot = cached.cache.slotOf(line);
    }
    return offset;
  }

  /** Backing offset behind an instruction address, or -1. No time passes. */
  code(core: number, addr: number): number {
    const side = this.sides[core]!;
    const window = windowOf(addr);
    if (side.enabled === 0 || this.masked(side, window)) return -1;
    const physical = side.mmu.translate(window, addr);
    return physical < 0 || this.flashSize === 0
      ? -1
      : this.flashStart + (physical % this.flashSize);
  }

  codeDenied(core: number, addr: number): void {
    const window = windowOf(addr);
    this.locate(core, core, window, addr);
  }

  /**
   * An instruction fetch enters the 32-byte line of `addr` in a cached window: returns the wait
   * states in CPU cycles. One compare when the line is the one fetched last.
   */
  fetchLine(core: number, addr: number): number {
    const side = this.sides[core]!;
    const line = addr >>> LINE_SHIFT;
    if (line === side.fetchLine) return 0;
    let wait = 0;
    if (!side.cache.lookup(line, false)) wait = this.fill(core, side, windowOf(addr), line, false);
    side.fetchLine = line;
    return wait;
  }

  save(): State {
    return {
      cycleTicks: this.cycleTicks,
      psramMode: this.psramMode,
      spiFree: this.spiFree,
      sides: this.sides.map((side) => ({
        enabled: side.enabled,
        busMask: side.busMask,
        cache: side.cache.save(),
        mmu: side.mmu.save(),
      })),
    };
  }

  restore(state: State): void {
    this.cycleTicks = state['cycleTicks'] as number;
    this.psramMode = state['psramMode'] as PsramMode;
    this.spiFree = state['spiFree'] as number;
    const saved = state['sides'] as State[];
    for (let core = 0; core < SIDES; core++) {
      const side = this.sides[core]!;
      side.enabled = saved[core]!['enabled'] as number;
      side.busMask = saved[core]!['busMask'] as number;
      side.cache.restore(saved[core]!['cache'] as State);
      side.mmu.restore(saved[core]!['mmu'] as State);
      side.forgetLast();
      this.remapCode(core);
    }
  }

  /** Checks an access through `owner`'s cache and translates it; reports a refusal. */
  private locate(core: number, owner: number, window: WindowIndex, addr: number): number {
    const side = this.sides[owner]!;
    if (side.enabled === 0)
      return this.refuse(core, window, owner === core ? 'disabled' : 'opposite');
    if (this.masked(side, window)) return this.refuse(core, window, 'masked');
    const physical = side.mmu.translate(window, addr);
    if (physical < 0) return this.refuse(core, window, 'invalid');
    if (WINDOWS[window]!.kind === 'flash')
      return this.flashSize === 0 ? -1 : this.flashStart + (physical % this.flashSize);
    return this.psramSize === 0 ? -1 : this.psramStart + (physical % this.psramSize);
  }

  private refuse(core: number, window: WindowIndex, why: IllegalAccess): number {
    this.onIllegal(core, window, why);
    return -1;
  }

  private masked(side: CoreSide, window: WindowIndex): boolean {
    return ((side.busMask >> WINDOWS[window]!.maskBit) & 1) !== 0;
  }

  /** Whose cache holds a PSRAM address: PRO_CPU has the low half, or the even lines. */
  private psramOwner(core: number, addr: number): number {
    if (this.psramMode === 'lowHigh') return (addr >>> 21) & 1;
    if (this.psramMode === 'evenOdd') return (addr >>> LINE_SHIFT) & 1;
    return core;
  }

  /** Waits for SPI0 and for the line; returns CPU cycles, rounded up. */
  private fill(
    core: number,
    side: CoreSide,
    window: WindowIndex,
    line: number,
    write: boolean,
  ): number {
    const writeBack = side.cache.fill(line, write);
    side.forgetLast();
    const now = this.options.now(core);
    let end = Math.max(now, this.spiFree);
    if (writeBack) end += this.lineTicks('psramWriteBack');
    end += this.lineTicks(WINDOWS[window]!.kind);
    this.spiFree = end;
    return Math.ceil((end - now) / this.cycleTicks);
  }

  /** Puts the valid pages of the enabled instruction windows into the core's port, and no others. */
  private remapCode(core: number): void {
    const side = this.sides[core]!;
    this.options.unmap(core, CACHED_CODE.base, CACHED_CODE.end - CACHED_CODE.base);
    if (side.enabled === 0) return;
    for (const window of [WINDOW.IRAM0, WINDOW.IRAM1, WINDOW.IROM0]) {
      if (this.masked(side, window)) continue;
      for (const index of side.mmu.validEntries(window)) {
        const [base, size] = side.mmu.rangeOf(index)!;
        this.options.remap(core, base, size);
      }
    }
  }
}
