/**
 * Names for addresses and addresses for names, for traces, backtraces and break points.
 *
 * An address belongs to the innermost sized symbol that covers it, else to the closest unsized
 * label before it in the same section, if that label is in no sized symbol. Absolute symbols (SHN_ABS: ROM entry points given by
 * linker scripts, but also plain numbers) name exactly their own address.
 *
 * Mangled names are shown as the source has them, and found by either form. Several symbols may share
 * a readable name: generic functions, closures, the same path in two crates.
 */
import type { Elf, ElfSymbol, ElfSymbolType } from './elf.ts';
import { readSymbols } from './elf.ts';
import { hex } from './errors.ts';
import { readableName } from './readable-name.ts';

export interface SymbolHit {
  /** As the ELF has it. */
  readonly symbol: ElfSymbol;
  /** The symbol's name to be read by people. */
  readonly name: string;
  readonly offset: number;
}

/** Types that name no address: a thread-local symbol's value is an offset. */
const UNNAMED: ReadonlySet<ElfSymbolType> = new Set(['section', 'file', 'tls']);

export class SymbolTable {
  /** One symbol per address, the most telling one, in address order. */
  readonly #sorted: readonly ElfSymbol[];
  /** Highest end of the symbols 0..i, to stop the search for a covering symbol. */
  readonly #reach: Float64Array;
  /** The most telling ones of a name, one for each address: local functions may share a name. */
  readonly #byName = new Map<string, ElfSymbol[]>();
  readonly #readable = new Map<string, string>();
  /** Symbols by a readable name that is not theirs in the ELF; made when first asked for. */
  #byReadable: Map<string, ElfSymbol[]> | undefined;

  constructor(symbols: readonly ElfSymbol[]) {
    const named = symbols.filter((s) => s.name !== '' && !UNNAMED.has(s.type));
    for (const symbol of named) {
      const known = this.#byName.get(symbol.name);
      const difference = known === undefined ? 1 : rank(symbol) - rank(known[0]!);
      if (difference > 0) this.#byName.set(symbol.name, [symbol]);
      else if (difference === 0) addPlace(known!, symbol);
    }
    this.#sorted = onePerAddress(named);
    this.#reach = new Float64Array(this.#sorted.length);
    let reach = 0;
    this.#sorted.forEach((symbol, index) => {
      reach = Math.max(reach, symbol.address + symbol.size);
      this.#reach[index] = reach;
    });
  }

  static fromElf(elf: Elf): SymbolTable {
    return new SymbolTable(readSymbols(elf));
  }

  get size(): number {
    return this.#byName.size;
  }

  lookup(address: number): SymbolHit | undefined {
    const wanted = address >>> 0;
    const last = this.#lastAtOrBefore(wanted);
    for (let index = last; index >= 0 && this.#reach[index] > wanted; index--) {
      const symbol = this.#sorted[index];
      if (symbol.address + symbol.size > wanted) return this.#hit(symbol, wanted);
    }
    if (last >= 0 && this.#sorted[last].address === wanted) {
      return this.#hit(this.#sorted[last], wanted);
    }
    let index = last;
    while (index > 0 && this.#sorted[index].absolute) index--;
    const label = this.#sorted[index];
    if (label === undefined || label.absolute || label.size > 0) return undefined;
    const isInside = this.#reach[index] > label.address;
    if (isInside || wanted >= label.sectionEnd) return undefined;
    return this.#hit(label, wanted);
  }

  /** `app_main+0x12`, `app_main`, or undefined when nothing is known of the address. */
  name(address: number): string | undefined {
    const hit = this.lookup(address);
    if (hit === undefined) return undefined;
    return hit.offset === 0 ? hit.name : `${hit.name}+${hex(hit.offset)}`;
  }

  /** Symbols of a name: those that the ELF has so, else those that read so; one for each address. */
  named(name: string): readonly ElfSymbol[] {
    return this.#byName.get(name) ?? this.#readableIndex().get(name) ?? [];
  }

  /** Of the symbol, unless there are several of that name. */
  address(name: string): number | undefined {
    const found = this.named(name);
    return found.length === 1 ? found[0]!.address : undefined;
  }

  /** Names closest to a mistyped one, best first; readable ones unless a mangled one was meant. */
  suggest(name: string, count = 3): string[] {
    const names = this.#byName.keys();
    if (/^_[RZ]/.test(name)) return nearestNames(name, names, count);
    return nearestNames(name, new Set([...names].map((one) => this.#read(one))), count);
  }

  #hit(symbol: ElfSymbol, address: number): SymbolHit {
    return { symbol, name: this.#read(symbol.name), offset: address - symbol.address };
  }

  #read(name: string): string {
    let readable = this.#readable.get(name);
    if (readable === undefined) {
      // A name goes to terminals and reports, on one line.
      readable = readableName(name).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
      this.#readable.set(name, readable);
    }
    return readable;
  }

  #readableIndex(): ReadonlyMap<string, ElfSymbol[]> {
    if (this.#byReadable !== undefined) return this.#byReadable;
    this.#byReadable = new Map();
    for (const [name, symbols] of this.#byName) {
      const readable = this.#read(name);
      if (readable === name) continue;
      const same = this.#byReadable.get(readable);
      if (same === undefined) this.#byReadable.set(readable, [...symbols]);
      else for (const symbol of symbols) addPlace(same, symbol);
    }
    return this.#byReadable;
  }

  #lastAtOrBefore(address: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle].address <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Names closest to a mistyped one, best first. */
export function nearestNames(name: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = name.toLowerCase().slice(0, 128);
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const candidate of candidates) {
    const score = closeness(wanted, candidate.toLowerCase(), limit);
    if (score <= limit) scored.push({ name: candidate, score });
  }
  const stretch = (one: string): number => Math.abs(one.length - wanted.length);
  scored.sort(
    (a, b) => a.score - b.score || stretch(a.name) - stretch(b.name) || (a.name < b.name ? -1 : 1),
  );
  return scored.slice(0, count).map((entry) => entry.name);
}

/** Most places of one name that are told apart. */
const MOST_PLACES = 16;

function addPlace(places: ElfSymbol[], symbol: ElfSymbol): void {
  const isNew = places.every(({ address }) => address !== symbol.address);
  if (isNew && places.length < MOST_PLACES) places.push(symbol);
}

function onePerAddress(symbols: readonly ElfSymbol[]): ElfSymbol[] {
  const best = new Map<number, ElfSymbol>();
  for (const symbol of symbols) {
    const known = best.get(symbol.address);
    if (known === undefined || isBetter(symbol, known)) best.set(symbol.address, symbol);
  }
  return [...best.values()].sort((a, b) => a.address - b.address);
}

function isBetter(a: ElfSymbol, b: ElfSymbol): boolean {
  const difference = rank(a) - rank(b);
  return difference > 0 || (difference === 0 && a.name < b.name);
}

/** Functions before objects before labels; sized, global and hand-given names first. */
function rank(symbol: ElfSymbol): number {
  let score = 0;
  if (symbol.type === 'function') score += 64;
  else if (symbol.type === 'object') score += 32;
  if (symbol.size > 0) score += 16;
  if (!symbol.absolute) score += 8;
  if (!symbol.name.startsWith('.') && !symbol.name.startsWith('$')) score += 4;
  if (symbol.binding === 'global') score += 2;
  else if (symbol.binding === 'weak') score += 1;
  return score;
}

/** Edit distance, or 1 when one name contains the other; above `limit` when too far apart. */
function closeness(wanted: string, candidate: string, limit: number): number {
  if (wanted === candidate) return 0;
  if (wanted.length >= 4 && candidate.includes(wanted)) return 1;
  if (Math.abs(wanted.length - candidate.length) > limit) return limit + 1;
  let previous = Array.from({ length: candidate.length + 1 }, (_, index) => index);
  for (let row = 1; row <= wanted.length; row++) {
    const current = [row];
    for (let column = 1; column <= candidate.length; column++) {
      const change = wanted[row - 1] === candidate[column - 1] ? 0 : 1;
      const replaced = previous[column - 1] + change;
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[candidate.length];
}
