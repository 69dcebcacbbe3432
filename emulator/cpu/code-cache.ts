/**
 * Decoded instructions of one core. A straight-line run is decoded at once and linked, so that the
 * interpreter steps from one instruction to the next by a reference. A two-level table leads from a
 * PC to its instruction; `END` means not decoded yet.
 */
import type { Port } from '../bus/port.ts';
import { decode } from './decode.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import { FACTS } from './op-facts.ts';
import { CHECK_ENTERED_LINE, CHECK_NEXT_LINE, END, Op } from './op.ts';

/** Longest run decoded at once, in instructions. */
const RUN = 64;
/** Everything is forgotten at so many instructions (about 60 MiB) or pages (64 MiB): guest code cannot grow the host. */
const OPS_LIMIT = 1 << 19;
const SLOTS_LIMIT = 1 << 11;
const ILLEGAL = INSTRUCTIONS.findIndex((row) => row.mnemonic === 'ill');

/** Told about every stretch of backing memory that holds decoded code. */
export type WatchCode = (backing: number, length: number) => void;

export class CodeCache {
  /** Virtual page -> its index in `slots`. */
  private readonly slotOfPage: Int32Array;
  /** The instructions of a page by the low twelve bits of their PC; slot 0 is always empty. */
  private readonly slots: Op[][] = [new Array<Op>(4096).fill(END)];
  /** Pages that have a slot. */
  private readonly pages: number[] = [];
  private used = 0;
  /** Pages that were decoded, by backing page, to find them again when memory changes. */
  private readonly pagesByBacking = new Map<number, Set<number>>();
  /** PCs that are decoded anew each time, so that `onReached` hears of them; all else runs as ever. */
  private readonly hooked = new Set<number>();
  /** Told before the instruction at a hooked PC runs. It may be told again when the run loop looked away. */
  onReached: (op: Op) => void = () => {};
  private readonly port: Port;
  private readonly watchCode: WatchCode;
  private readonly isCached: (pc: number) => boolean;
  private readonly timed: boolean;

  /** Unless `timed`, no result is ever late. */
  constructor(
    port: Port,
    watchCode: WatchCode,
    isCached: (pc: number) => boolean,
    timed: boolean = true,
  ) {
    this.port = port;
    this.slotOfPage = port.tables.words();
    this.watchCode = watchCode;
    this.isCached = isCached;
    this.timed = timed;
  }

  /** The instruction at `pc`, or `END`. */
  lookup(pc: number): Op {
    return this.slots[this.slotOfPage[pc >>> 12]!]![pc & 0xfff]!;
  }

  /** The instruction at `pc`, decoding a run when needed; `END`, with `port.fault` set, when it cannot be fetched. */
  resolve(pc: number): Op {
    const op = this.lookup(pc);
    return op !== END ? op : this.decodeRun(pc >>> 0);
  }

  /** Asks to be told when the instruction at `pc` is about to run. */
  hook(pc: number): void {
    this.hooked.add(pc >>> 0);
    this.dropPage(pc >>> 12);
  }

  unhook(pc: number): void {
    this.hooked.delete(pc >>> 0);
  }

  /** Forgets all decoded code, e.g. when an MMU entry or a whole memory changed. */
  clear(): void {
    for (const page of this.pages) this.slotOfPage[page] = 0;
    this.pages.length = 0;
    this.pagesByBacking.clear();
    this.slots.length = 1;
    this.used = 0;
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
    if (page > 0) this.wipe(page - 1);
  }

  private wipe(page: number): void {
    const slot = this.slotOfPage[page]!;
    if (slot !== 0) this.slots[slot]!.fill(END);
  }

  private decodeRun(start: number): Op {
    const { port, hooked } = this;
    if (port.codeOffset(start) < 0) return this.decodeOne(start);
    if (hooked.size > 0 && hooked.has(start)) return this.reach(start);
    if (this.used + RUN > OPS_LIMIT || this.slots.length >= SLOTS_LIMIT) this.clear();
    let first = END;
    let last = END;
    let pc = start;
    for (let n = 0; n < RUN; n++) {
      if (hooked.size > 0 && hooked.has(pc)) break;
      const known = this.lookup(pc);
      if (known !== END) {
        last.next = known;
        break;
      }
      const op = this.decodeOne(pc);
      if (op === END || port.codeOffset((op.nextPc - 1) >>> 0) < 0) break;
      this.remember(op);
      if (first === END) first = op;
      else last.next = op;
      last = op;
      pc = op.nextPc >>> 0;
      if (FACTS[op.opcode]!.endsRun || (pc ^ start) >>> 12 !== 0) break;
    }
    port.fault = -1;
    return first === END ? this.decodeOne(start) : first;
  }

  private reach(pc: number): Op {
    const op = this.decodeOne(pc);
    if (op !== END) this.onReached(op);
    return op;
  }

  /** Decodes one instruction, which is not kept; `END`, with `port.fault` set, when it cannot be fetched. */
  private decodeOne(pc: number): Op {
    const word = this.port.fetch(pc);
    if (this.port.fault >= 0) return END;
    const op = new Op(END);
    const decoded = decode(word, pc);
    op.opcode = (decoded === undefined ? ILLEGAL : decoded.index) + 1;
    op.pc = pc | 0;
    op.nextPc = (pc + ((word & 0xf) >= 8 ? 2 : 3)) | 0;
    if (this.isCached(pc)) {
      op.checks = CHECK_ENTERED_LINE;
      if ((op.nextPc - 1) >>> 5 !== (pc - 1) >>> 5) op.checks |= CHECK_NEXT_LINE;
    }
    if (decoded !== undefined) {
      op.r = decoded.r;
      op.s = decoded.s;
      op.t = decoded.t;
      op.imm = decoded.imm;
      FACTS[op.opcode]!.fill(op, decoded);
      if (!this.timed) op.latency = 0;
    }
    return op;
  }

  private remember(op: Op): void {
    const pc = op.pc >>> 0;
    const length = (op.nextPc - op.pc) | 0;
    const page = pc >>> 12;
    if (this.slotOfPage[page] === 0) {
      this.slotOfPage[page] = this.slots.length;
      this.pages.push(page);
      this.slots.push(new Array<Op>(4096).fill(END));
    }
    this.slots[this.slotOfPage[page]!]![pc & 0xfff] = op;
    op.kept = 1;
    this.used++;
    for (let i = 0; i < length; i++) {
      const addr = (pc + i) >>> 0;
      const backing = this.port.codeOffset(addr);
      let pages = this.pagesByBacking.get(backing >>> 12);
      if (pages === undefined) this.pagesByBacking.set(backing >>> 12, (pages = new Set()));
      pages.add(addr >>> 12);
      pages.add(page);
      this.watchCode(backing, 1);
    }
  }
}
