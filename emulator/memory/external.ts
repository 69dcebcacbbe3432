/**
 * Flash and PSRAM as the cores see them: per core a cache, an MMU and the enables of DPORT; one
 * SPI0 controller behind both, which serves one line at a time. SPI1 uses the same pins: a line waits
 * for its command to end, and the other way round. Unverified on silicon: first come, first served.
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
import { Mmu, WINDOW, WINDOW_SIZE, WINDOWS, windowOf } from './mmu.ts';
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
  /**
   * Puts the backing offsets of consecutive 4 KiB instruction pages (-1: none) into the core's
   * fetch table, from the page at address `base` on: `Bus.showCode`.
   */
  readonly showCode: (core: number, base: number, pages: Int32Array) => void;
}

/**
 * Line fill times in master ticks until SPI0 provides them. Flash: about 280 CPU cycles at
 * 240 MHz in QIO 80 MHz (derived from SPI clocks, confidence L). PSRAM: 266 +-9 cycles (derived
 * from a published bandwidth table, confidence M); write-back taken as a read (nothing published).
 */
const DEFAULT_LINE_TICKS: Readonly<Record<LineTransfer, number>> = {
  flash: 560,
  psram: 532,
  psramWriteBack: 532,
};

/** The cached windows lie in 0x3F400000..0x40BFFFFF; translations are kept for each 2 KiB of it. */
const FIRST = 0x3f400000;
const GRAIN_SHIFT = 11;
const GRAINS = 0x1800000 >> GRAIN_SHIFT;
const GRAIN_MASK = (1 << GRAIN_SHIFT) - 1;
const CODE_PAGES = (CACHED_CODE.end - CACHED_CODE.base) >> 12;
const CODE_WINDOWS = [WINDOW.IRAM0, WINDOW.IRAM1, WINDOW.IROM0] as const;
const SIDES = 2;

/** What the caches cost one core, whosever cache answered; since power-on. */
export class CacheUse {
  /** Fetches that entered another line than the fetch before, and found it. */
  fetchHits = 0;
  fetchMisses = 0;
  /** CPU cycles. */
  fetchMissCycles = 0;
  dataMisses = 0;
  dataMissCycles = 0;
}

export interface CacheCounters {
  readonly hits: number;
  readonly misses: number;
  readonly writeBacks: number;
}

class CoreSide {
  readonly cache = new CacheTags();
  readonly mmu = new Mmu();
  enabled = 0;
  /** DPORT_x_CACHE_CTRL1 bits 0..5: 1 masks a bus. */
  busMask = 0x3f;
  /** Bit n: the 4 MiB at FIRST + n * 4 MiB is enabled and not masked. */
  open = 0;
  /** Backing offset of each 2 KiB of the windows, or -1: no valid MMU entry or no chip. */
  readonly grains = new Int32Array(GRAINS).fill(-1);
  /** Backing offset of each 4 KiB page of CACHED_CODE by the MMU alone, or -1. */
  readonly codePages = new Int32Array(CODE_PAGES).fill(-1);
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
  /** Tick until which SPI1 has the pins that it shares with SPI0. Set by who builds the chip. */
  busTakenUntil: () => number = () => 0;
  /** Told every refused access; DPORT connects. */
  onIllegal: (core: number, window: WindowIndex, why: IllegalAccess) => void = () => {};
  /** Told when other flash lies behind instruction addresses of a core, whether its cache is on or off. */
  onCodeMapped: (core: number, base: number, size: number) => void = () => {};
  /** Told when instruction windows of a core are opened or shut; what lies behind them stays. */
  onSwitched: (core: number) => void = () => {};
  /** By core. */
  readonly use: readonly [CacheUse, CacheUse] = [new CacheUse(), new CacheUse()];
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
    for (let core = 0; core < SIDES; core++) this.translateAll(core);
  }

  // Control, from DPORT and the clock tree

  setCycleTicks(ticks: number): void {
    this.cycleTicks = ticks;
  }

  setEnabled(core: number, enabled: boolean): void {
    const side = this.sides[core]!;
    if (side.enabled === Number(enabled)) return;
    side.enabled = Number(enabled);
    this.openWindows(core);
  }

  /** Bits 0..5 of DPORT_x_CACHE_CTRL1. */
  setBusMask(core: number, mask: number): void {
    const side = this.sides[core]!;
    if (side.busMask === mask) return;
    side.busMask = mask;
    this.openWindows(core);
  }

  setPageModes(core: number, flashMode: number, sramMode: number): void {
    if (!this.sides[core]!.mmu.setPageModes(flashMode, sramMode)) return;
    this.translateAll(core);
    this.openWindows(core);
    this.onCodeMapped(core, CACHED_CODE.base, CACHED_CODE.end - CACHED_CODE.base);
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
    if (range === undefined) return;
    const [base, size] = range;
    this.translate(core, base, size);
    const start = Math.max(base, CACHED_CODE.base);
    if (start >= base + size) return;
    if (this.isOpen(side, base)) this.show(core, start, base + size);
    this.onCodeMapped(core, start, base + size - start);
  }

  /** Tick at which SPI0 has served all lines asked for so far: a command of SPI1 starts no earlier. */
  get busFree(): number {
    return this.spiFree;
  }

  /** Hits, misses and write-backs of a core's cache since power-on. */
  counters(core: number): CacheCounters {
    const { hits, misses, writeBacks } = this.sides[core]!.cache;
    return { hits, misses, writeBacks };
  }

  /** Hits of both caches. */
  get hits(): number {
    return this.sides[0]!.cache.hits + this.sides[1]!.cache.hits;
  }

  // Accesses, from the bus

  /**
   * Backing offset behind a data address, or -1. Leaves the wait states in `waitCycles`; `waited`
   * are CPU cycles that the instruction has waited already.
   */
  data(core: number, addr: number, write: boolean, waited = 0): number {
    this.waitCycles = 0;
    const line = addr >>> LINE_SHIFT;
    const side = this.sides[core]!;
    if (line === side.dataLine && (!write || side.dataWritten !== 0)) {
      side.cache.touch(side.dataSlot);
      return side.dataOffset + (addr & 31);
    }
    if (this.psramMode !== 'own' && windowOf(addr) === WINDOW.DRAM1)
      return this.sharedData(core, addr, write, waited);
    if (!this.isOpen(side, addr)) return this.refuse(core, core, addr);
    const grain = side.grains[(addr - FIRST) >> GRAIN_SHIFT]!;
    if (grain < 0) return this.refuse(core, core, addr);
    const offset = grain + (addr & GRAIN_MASK);
    if (!side.cache.lookup(line, write)) this.fillData(core, side, addr, write, waited);
    side.dataLine = line;
    side.dataOffset = offset - (addr & 31);
    side.dataWritten = write ? 1 : 0;
    side.dataSlot = side.cache.slotOf(line);
    return offset;
  }

  /** Backing offset behind an address in the cached windows by the MMU alone, or -1: a look from outside. */
  peek(core: number, addr: number): number {
    const grain = (addr - FIRST) >> GRAIN_SHIFT;
    if (addr < FIRST || grain >= GRAINS) return -1;
    const base = this.sides[core]!.grains[grain]!;
    return base < 0 ? -1 : base + (addr & GRAIN_MASK);
  }

  /** Backing offset behind an instruction address, or -1. No time passes. */
  code(core: number, addr: number): number {
    const side = this.sides[core]!;
    if (!this.isOpen(side, addr)) return -1;
    const page = side.codePages[(addr - CACHED_CODE.base) >> 12]!;
    return page < 0 ? -1 : page + (addr & 0xfff);
  }

  codeDenied(core: number, addr: number): void {
    this.refuse(core, core, addr);
  }

  /**
   * An instruction fetch enters the 32-byte line of `addr` in a cached window: returns the wait
   * states in CPU cycles, or -1 when the window is shut (a decoder may hold instructions of it
   * from before). One compare when the line is the one fetched last.
   */
  fetchLine(core: number, addr: number): number {
    const side = this.sides[core]!;
    const line = addr >>> LINE_SHIFT;
    if (line === side.fetchLine) return 0;
    if (!this.isOpen(side, addr)) return -1;
    const use = this.use[core === 0 ? 0 : 1];
    let wait = 0;
    if (side.cache.lookup(line, false)) {
      use.fetchHits++;
    } else {
      wait = this.fill(core, side, addr, false, 0);
      use.fetchMisses++;
      use.fetchMissCycles += wait;
    }
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
      use: this.use.map((use) => ({ ...use })),
    };
  }

  restore(state: State): void {
    this.cycleTicks = state['cycleTicks'] as number;
    this.psramMode = state['psramMode'] as PsramMode;
    this.spiFree = state['spiFree'] as number;
    (state['use'] as State[]).forEach((use, core) => Object.assign(this.use[core]!, use));
    const saved = state['sides'] as State[];
    for (let core = 0; core < SIDES; core++) {
      const side = this.sides[core]!;
      side.enabled = saved[core]!['enabled'] as number;
      side.busMask = saved[core]!['busMask'] as number;
      side.cache.restore(saved[core]!['cache'] as State);
      side.mmu.restore(saved[core]!['mmu'] as State);
      this.translateAll(core);
      this.openWindows(core);
    }
  }

  private isOpen(side: CoreSide, addr: number): boolean {
    return ((side.open >> ((addr - FIRST) >>> 22)) & 1) !== 0;
  }

  /** PSRAM shared by the caches: PRO_CPU's has the low half, or the even lines. */
  private sharedData(core: number, addr: number, write: boolean, waited: number): number {
    const bit = this.psramMode === 'lowHigh' ? 21 : LINE_SHIFT;
    const owner = (addr >>> bit) & 1;
    const side = this.sides[owner]!;
    const grain = side.grains[(addr - FIRST) >> GRAIN_SHIFT]!;
    if (grain < 0 || !this.isOpen(side, addr)) return this.refuse(core, owner, addr);
    if (!side.cache.lookup(addr >>> LINE_SHIFT, write))
      this.fillData(core, side, addr, write, waited);
    return grain + (addr & GRAIN_MASK);
  }

  /** Finds out why an access through `owner`'s cache is refused, and tells it. A missing chip is no reason. */
  private refuse(core: number, owner: number, addr: number): number {
    const window = windowOf(addr);
    const side = this.sides[owner]!;
    if (side.enabled === 0) this.onIllegal(core, window, owner === core ? 'disabled' : 'opposite');
    else if (!this.isOpen(side, addr)) this.onIllegal(core, window, 'masked');
    else if (side.mmu.translate(window, addr) < 0) this.onIllegal(core, window, 'invalid');
    return -1;
  }

  private fillData(
    core: number,
    side: CoreSide,
    addr: number,
    write: boolean,
    waited: number,
  ): void {
    const use = this.use[core === 0 ? 0 : 1];
    this.waitCycles = this.fill(core, side, addr, write, waited);
    use.dataMisses++;
    use.dataMissCycles += this.waitCycles;
  }

  /** Waits for SPI0 and for the line; returns CPU cycles, rounded up. */
  private fill(core: number, side: CoreSide, addr: number, write: boolean, waited: number): number {
    const writeBack = side.cache.fill(addr >>> LINE_SHIFT, write);
    side.forgetLast();
    const now = this.options.now(core) + waited * this.cycleTicks;
    let end = Math.max(now, this.spiFree, this.busTakenUntil());
    if (writeBack) end += this.lineTicks('psramWriteBack');
    end += this.lineTicks(WINDOWS[windowOf(addr)]!.kind);
    this.spiFree = end;
    return Math.ceil((end - now) / this.cycleTicks);
  }

  /** Computes `grains` and `codePages` of a range of one window. */
  private translate(core: number, base: number, size: number): void {
    const side = this.sides[core]!;
    const window = windowOf(base);
    const flash = WINDOWS[window]!.kind === 'flash';
    const chipStart = flash ? this.flashStart : this.psramStart;
    const chipSize = flash ? this.flashSize : this.psramSize;
    const page = side.mmu.pageSize(window);
    for (let start = base; start < base + size; start += page) {
      const physical = chipSize === 0 ? -1 : side.mmu.translate(window, start);
      for (let addr = start; addr < start + page; addr += 1 << GRAIN_SHIFT) {
        const offset = physical < 0 ? -1 : chipStart + ((physical + (addr - start)) % chipSize);
        side.grains[(addr - FIRST) >> GRAIN_SHIFT] = offset;
        if (addr >= CACHED_CODE.base && (addr & 0xfff) === 0)
          side.codePages[(addr - CACHED_CODE.base) >> 12] = offset;
      }
    }
  }

  private translateAll(core: number): void {
    for (const row of WINDOWS) this.translate(core, row.base, WINDOW_SIZE);
  }

  /** Follows the enables: which windows are open, and the instruction pages in the core's port. */
  private openWindows(core: number): void {
    const side = this.sides[core]!;
    side.forgetLast();
    side.open = 0;
    for (const row of WINDOWS) {
      const masked = ((side.busMask >> row.maskBit) & 1) !== 0;
      if (side.enabled !== 0 && !masked) side.open |= 1 << ((row.base - FIRST) >>> 22);
    }
    for (const window of CODE_WINDOWS) {
      const base = Math.max(WINDOWS[window]!.base, CACHED_CODE.base);
      this.show(core, base, WINDOWS[window]!.base + WINDOW_SIZE);
    }
    this.onSwitched(core);
  }

  private show(core: number, base: number, end: number): void {
    const side = this.sides[core]!;
    const first = (base - CACHED_CODE.base) >> 12;
    const source = this.isOpen(side, base) ? side.codePages : NO_PAGES;
    this.options.showCode(core, base, source.subarray(first, first + ((end - base) >> 12)));
  }
}

const NO_PAGES = new Int32Array(CODE_PAGES).fill(-1);
