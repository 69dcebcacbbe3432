/**
 * A profile of a chip's run: for each core the cycles of every function and source line, split by
 * class, the cache's hits and misses, and the calling contexts. The run itself stays the same, cycle
 * by cycle; it is several times slower.
 */
import type { XtensaCore } from '../cpu/core.ts';
import { regionName } from './address-region.ts';
import type { CallTree, Inclusive, ProfiledFunction } from './call-tree.ts';
import { CLASSES } from './cycle-classes.ts';
import { CoreProfile } from './core-profile.ts';
import type { CacheUse, Place } from './core-profile.ts';
import type { FunctionSymbol } from './symbols.ts';

/** What is profiled: an `Esp32`. */
export interface ProfiledChip {
  readonly cores: readonly [XtensaCore, XtensaCore];
  cycles(core: 0 | 1): number;
  readonly external: {
    readonly use: readonly [CacheUse, CacheUse];
    readonly hits: number;
  };
}

/** Names for addresses, as far as they are known. */
export interface ProfileSymbols {
  functionAt(address: number): FunctionSymbol | undefined;
  lineAt(address: number): { readonly file: string; readonly line: number } | undefined;
}

/** Cycles and events of a function, a line or a core. */
export class Totals {
  /** By class, as in `CLASSES`. */
  readonly cycles = new Float64Array(CLASSES.length);
  instructions = 0;
  fetchHits = 0;
  fetchMisses = 0;
  fetchMissCycles = 0;
  dataHits = 0;
  dataMisses = 0;
  dataMissCycles = 0;

  /** Of all classes. */
  get total(): number {
    return this.cycles.reduce((sum, cycles) => sum + cycles, 0);
  }

  add(place: Place): void {
    for (let i = 0; i < CLASSES.length; i++) this.cycles[i] = this.cycles[i]! + place.cycles[i]!;
    this.instructions += place.retired;
    this.fetchHits += place.fetchHits;
    this.fetchMisses += place.fetchMisses;
    this.fetchMissCycles += place.fetchMissCycles;
    this.dataHits += place.dataHits;
    this.dataMisses += place.dataMisses;
    this.dataMissCycles += place.dataMissCycles;
  }
}

export interface FunctionRow extends FunctionSymbol {
  readonly self: Totals;
  /** From call to return, without the interrupts in between. */
  readonly inclusive: Inclusive;
}

export interface LineRow {
  readonly file: string;
  readonly line: number;
  /** Function of its first instruction seen. */
  readonly fn: string;
  readonly self: Totals;
}

export interface CoreReport {
  readonly name: string;
  readonly cycles: number;
  readonly total: Totals;
  /** Most cycles first. */
  readonly functions: readonly FunctionRow[];
  /** Most cycles first; empty without line tables. */
  readonly lines: readonly LineRow[];
  /** `[interrupt level n]` and `[exception]`: entries, and cycles until the return or task switch. */
  readonly traps: readonly ({ readonly name: string } & Inclusive)[];
  readonly tree: CallTree;
}

export class Profile {
  private readonly chip: ProfiledChip;
  private readonly symbols: ProfileSymbols;
  private readonly functions = new Map<string, ProfiledFunction>();
  private readonly running = new Map<XtensaCore, CoreProfile>();

  constructor(chip: ProfiledChip, symbols: ProfileSymbols) {
    this.chip = chip;
    this.symbols = symbols;
  }

  /** Begins; between runs of the chip only. */
  start(cores: readonly (0 | 1)[] = [0, 1]): void {
    const { chip } = this;
    for (const index of cores) {
      const core = chip.cores[index];
      const profile = new CoreProfile({
        cpu: core.cpu,
        now: () => chip.cycles(index),
        use: chip.external.use[index],
        cacheHits: () => chip.external.hits,
        functionAt: (pc) => this.functionAt(pc),
      });
      this.running.set(core, profile);
      core.runHook = profile;
    }
  }

  /** Ends; between runs of the chip only. */
  stop(): void {
    for (const [core, profile] of this.running) {
      profile.settle();
      if (core.runHook === profile) core.runHook = null;
    }
  }

  /** By core, in the order of `start`. */
  report(): CoreReport[] {
    return [...this.running.values()].map((profile) => {
      profile.settle();
      return this.coreReport(profile);
    });
  }

  private coreReport(profile: CoreProfile): CoreReport {
    const total = new Totals();
    const selfs = new Map<ProfiledFunction, Totals>();
    const lines = new Map<string, LineRow>();
    for (const place of profile.places.values()) {
      total.add(place);
      entryOf(selfs, place.fn, () => new Totals()).add(place);
      const line = place.pc < 0 ? undefined : this.symbols.lineAt(place.pc);
      if (line === undefined) continue;
      const key = `${line.file}:${line.line}`;
      const make = (): LineRow => ({ ...line, fn: place.fn.name, self: new Totals() });
      entryOf(lines, key, make).self.add(place);
    }
    const inclusive = profile.tree.inclusive();
    const functions = [...selfs]
      .map(([fn, self]) => ({
        ...fn,
        self,
        inclusive: inclusive.get(fn) ?? { cycles: self.total, calls: 0 },
      }))
      .filter(({ self }) => self.total > 0);
    const traps = [...inclusive]
      .filter(([fn]) => /^\[(interrupt|exception)/.test(fn.name))
      .map(([fn, sum]) => ({ name: fn.name, ...sum }))
      .sort((a, b) => compare(a.name, b.name));
    return {
      name: profile.cpu.name,
      cycles: profile.total,
      total,
      functions: functions.sort((a, b) => mostFirst(a, b) || compare(a.name, b.name)),
      lines: [...lines.values()].sort(
        (a, b) => mostFirst(a, b) || compare(a.file, b.file) || a.line - b.line,
      ),
      traps,
      tree: profile.tree,
    };
  }

  /** One object per function. Without a symbol the function is the 4 KiB page. */
  private functionAt(pc: number): ProfiledFunction {
    const address = pc >>> 0;
    const symbol = this.symbols.functionAt(address);
    const page = (address & ~0xfff) >>> 0;
    const key = symbol === undefined ? `page ${page}` : `${symbol.address} ${symbol.name}`;
    return entryOf(this.functions, key, () => symbol ?? pageFunction(page));
  }
}

function pageFunction(page: number): ProfiledFunction {
  const digits = (page >>> 12).toString(16);
  return { name: `${regionName(page)} 0x${digits}xxx`, address: page, size: 0 };
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function mostFirst(a: { readonly self: Totals }, b: { readonly self: Totals }): number {
  return b.self.total - a.self.total;
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
