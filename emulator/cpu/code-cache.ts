/**
 * Decoded instructions of one core. Each instruction becomes eight int32 in an arena; the ones of a
 * straight-line run lie side by side, so that the interpreter steps from one to the next by adding
 * `STRIDE`. A two-level table leads from a PC to its place in the arena; 0 means not decoded yet.
 */
import type { Port } from '../bus/port.ts';
import { PAGES } from '../bus/port.ts';
import { decode } from './decode.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import { FACTS } from './op-facts.ts';

/** Words of the arena per instruction. */
export const STRIDE = 8;
/** Word offsets in an entry. OPCODE 0 is the end of a run: look the next PC up. */
export const OPCODE = 0;
export const R = 1;
export const S = 2;
export const T = 3;
export const IMM = 4;
/** Four scoreboard sources, a byte each (see op-facts.ts). */
export const USES = 5;
/** Window check, result, latency, length and flags (see op-facts.ts). */
export const META = 6;

/** Longest run decoded at once, in instructions. */
const RUN = 64;
/** Place of an instruction that may not be kept (reversed alias, disabled cache); an end of run follows. */
export const SCRATCH = STRIDE;
const FIRST_PLACE = 3 * STRIDE;
/** The arena starts afresh when it holds this many words (64 MiB): guest code cannot grow the host. */
const ARENA_LIMIT = 1 << 24;
const ILLEGAL = INSTRUCTIONS.findIndex((row) => row.mnemonic === 'ill');

/** Told about every stretch of backing memory that holds decoded code. */
export type WatchCode = (backing: number, length: number) => void;

export class CodeCache {
  ops = new Int32Array(1 << 16);
  /** Virtual page -> slot of 4096 entries in `places`; slot 0 is always empty. */
  private readonly slotOfPage = new Int32Array(PAGES);
  private places = new Int32Array(4096 * 8);
  private slots = 1;
  private used = FIRST_PLACE;
  /** Pages that were decoded, by backing page, to find them again when memory changes. */
  private readonly pagesByBacking = new Map<number, Set<number>>();
  private readonly port: Port;
  private readonly watchCode: WatchCode;
  private readonly isCached: (pc: number) => boolean;

  constructor(port: Port, watchCode: WatchCode, isCached: (pc: number) => boolean) {
    this.port = port;
    this.watchCode = watchCode;
    this.isCached = isCached;
  }

  /** Place of the instruction at `pc`, or 0. */
  lookup(pc: number): number {
    return this.places[(this.slotOfPage[pc >>> 12]! << 12) + (pc & 0xfff)]!;
  }

  /** Place of the instruction at `pc`, decoding a run when needed; 0 when it cannot be fetched. */
  resolve(pc: number): number {
    const place = this.lookup(pc);
    return place !== 0 ? place : this.decodeRun(pc >>> 0);
  }

  /** Forgets all decoded code, e.g. when an MMU entry or a whole memory changed. */
  clear(): void {
    this.slotOfPage.fill(0);
    this.pagesByBacking.clear();
    this.places.fill(0);
    this.slots = 1;
    this.used = FIRST_PLACE;
  }

  /** Forgets what was decoded from the backing bytes `backing`..`backing+size-1`. */
  invalidate(backing: number, size: number): void {
    const last = (backing + size - 1) >>> 12;
    for (let page = backing >>> 12; page <= last; page++) {
      for (const virtual of this.pagesByBacking.get(page) ?? []) this.dropPage(virtual);
      this.pagesByBacking.delete(page);
    }
  }

  /** Forgets what was decoded at virtual page `page` (4 KiB), e.g. when its mapping changed. */
  dropPage(page: number): void {
    this.wipe(page);
    // The last instruction of the page before may reach into this one.
    const before = this.slotOfPage[page - 1];
    if (before !== undefined && before !== 0) {
      this.places[(before << 12) + 0xffe] = 0;
      this.places[(before << 12) + 0xfff] = 0;
      this.wipe(page - 1);
    }
  }

  private wipe(page: number): void {
    const slot = this.slotOfPage[page]!;
    if (slot !== 0) this.places.fill(0, slot << 12, (slot + 1) << 12);
  }

  private decodeRun(start: number): number {
    if (this.port.fetchPage[start >>> 12]! < 0) return this.decodeScratch(start);
    if (this.used + (RUN + 1) * STRIDE > ARENA_LIMIT) this.clear();
    this.reserve((RUN + 1) * STRIDE);
    const first = this.used;
    let pc = start;
    for (let n = 0; n < RUN; n++) {
      if (n > 0 && this.lookup(pc) !== 0) break;
      const word = this.port.fetch(pc);
      if (this.port.fault >= 0) break;
      const length = this.place(pc, word, this.used);
      const end = (pc + length - 1) >>> 0;
      if (this.port.fetchPage[end >>> 12]! < 0) break;
      this.remember(pc, this.used, length);
      this.used += STRIDE;
      pc = (pc + length) >>> 0;
      if (FACTS[this.ops[this.used - STRIDE]!]!.endsRun || (pc ^ start) >>> 12 !== 0) break;
    }
    if (this.used === first) {
      this.port.fault = -1;
      return this.decodeScratch(start);
    }
    this.port.fault = -1;
    this.ops.fill(0, this.used, this.used + STRIDE);
    this.used += STRIDE;
    return first;
  }

  /** Decodes one instruction for one execution; 0, with `port.fault` set, when it cannot be fetched. */
  private decodeScratch(pc: number): number {
    const word = this.port.fetch(pc);
    if (this.port.fault >= 0) return 0;
    this.place(pc, word, SCRATCH);
    return SCRATCH;
  }

  /** Fills the entry at `at`; the instruction's length in bytes. */
  private place(pc: number, word: number, at: number): number {
    const length = (word & 0xf) >= 8 ? 2 : 3;
    const { ops } = this;
    const decoded = decode(length === 2 ? word & 0xffff : word, pc);
    const opcode = (decoded === undefined ? ILLEGAL : decoded.index) + 1;
    const facts = FACTS[opcode]!;
    ops[at + OPCODE] = opcode;
    ops[at + R] = decoded?.r ?? 0;
    ops[at + S] = decoded?.s ?? 0;
    ops[at + T] = decoded?.t ?? 0;
    ops[at + IMM] = decoded?.imm ?? 0;
    ops[at + USES] = decoded === undefined ? -1 : facts.uses(decoded);
    ops[at + META] = facts.meta(decoded, length, this.isCached(pc));
    return length;
  }

  private remember(pc: number, place: number, length: number): void {
    const page = pc >>> 12;
    if (this.slotOfPage[page] === 0) this.slotOfPage[page] = this.newSlot();
    this.places[(this.slotOfPage[page]! << 12) + (pc & 0xfff)] = place;
    for (const addr of [pc, (pc + length - 1) >>> 0]) {
      const backing = this.port.fetchPage[addr >>> 12]! >>> 12;
      let pages = this.pagesByBacking.get(backing);
      if (pages === undefined) this.pagesByBacking.set(backing, (pages = new Set()));
      pages.add(addr >>> 12);
      pages.add(page);
    }
    const backing = this.port.fetchPage[page]! + (pc & 0xfff);
    const inPage = Math.min(length, 4096 - (pc & 0xfff));
    this.watchCode(backing, inPage);
    if (inPage < length) this.watchCode(this.port.fetchPage[page + 1]!, length - inPage);
  }

  private newSlot(): number {
    const slot = this.slots++;
    if (this.slots << 12 > this.places.length) {
      const bigger = new Int32Array(this.places.length * 2);
      bigger.set(this.places);
      this.places = bigger;
    }
    return slot;
  }

  private reserve(words: number): void {
    if (this.used + words <= this.ops.length) return;
    const bigger = new Int32Array(this.ops.length * 2);
    bigger.set(this.ops);
    this.ops = bigger;
  }
}
