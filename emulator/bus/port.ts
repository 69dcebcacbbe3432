/**
 * One core's view of memory. A page table of 4 KiB entries leads to the backing store (RAM, ROM)
 * or, through the slow path, to devices, cached external memory and faults.
 *
 * Every access that is not a plain aligned RAM access goes to the `SlowPath`, which may add wait
 * states to the core (`waitCycles`) and may refuse (`fault`).
 */
import { PageTables } from './page-tables.ts';

export interface SlowPath {
  read(port: Port, addr: number, size: 1 | 2 | 4): number;
  write(port: Port, addr: number, value: number, size: 1 | 2 | 4): void;
  /** The three bytes at `addr` as an instruction fetch sees them, or a fault. */
  fetch(port: Port, addr: number): number;
  /** Wait states of a fetch that enters the 32-byte cache line of `addr`, in CPU cycles; -1: refused. */
  fetchLine(port: Port, addr: number): number;
  /** Backing offset of internal RAM that is kept from the fast path, or -1. */
  ramAt?(addr: number): number;
  /** Backing offset of an instruction byte in the reversed alias of SRAM1, or -1. */
  reversedCodeAt?(port: Port, addr: number): number;
}

/** Flag in a page entry: only aligned 32-bit accesses take the fast path (SRAM on the instruction bus). */
export const WORD_ONLY = 1;
/** A byte or half-word access takes the fast path when these bits of the page entry are 0. */
const NARROW_SLOW = 0x80000000 | WORD_ONLY;

export class Port {
  readonly core: number;
  /**
   * Complement of each page's byte offset in the backing store, perhaps with WORD_ONLY; 0, the
   * complement of -1: slow path. So a new table is all zeros, which cost no memory until written.
   */
  readonly readPage: Int32Array;
  readonly writePage: Int32Array;
  /** The same for instruction fetch; 0: `fetch` must be called (reversed alias, disabled cache, fault). */
  readonly fetchPage: Int32Array;
  /** Where the tables come from; the decoder takes one of its own. */
  readonly tables: PageTables;
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
  readonly words: Int32Array;
  /** EXCCAUSE of the access that just failed, or -1. The exec function raises it and clears it. */
  fault = -1;
  /** Address of the access that failed. */
  faultAddr = 0;
  /** Wait states of the access that just ended, in CPU cycles; the caller adds them and clears it. */
  waitCycles = 0;
  /**
   * CPU cycles until the store that just ended has left the write buffer (MEMW waits for it), or 0
   * for internal SRAM, whose drain time is the core's own; the caller takes it and clears it.
   */
  drainCycles = 0;
  private readonly slow: SlowPath;

  constructor(core: number, backing: ArrayBuffer, slow: SlowPath, tables = new PageTables()) {
    this.core = core;
    this.tables = tables;
    this.readPage = tables.words();
    this.writePage = tables.words();
    this.fetchPage = tables.words();
    this.bytes = new Uint8Array(backing);
    this.halves = new Uint16Array(backing);
    this.words = new Int32Array(backing);
    this.slow = slow;
  }

  /**
   * The instruction bytes at `addr`, 24 bits little-endian. An instruction without a `codeOffset`
   * may not be kept by the decoder.
   */
  fetch(addr: number): number {
    const page = ~this.fetchPage[addr >>> 12]!;
    if (page >= 0 && (addr & 0xfff) <= 0xffd) {
      const i = page + (addr & 0xfff);
      return this.bytes[i]! | (this.bytes[i + 1]! << 8) | (this.bytes[i + 2]! << 16);
    }
    return this.slow.fetch(this, addr >>> 0);
  }

  /** Backing offset of the instruction byte at `addr`, which need not lie beside its neighbours, or -1. */
  codeOffset(addr: number): number {
    const page = ~this.fetchPage[addr >>> 12]!;
    if (page >= 0) return page + (addr & 0xfff);
    return this.slow.reversedCodeAt?.(this, addr >>> 0) ?? -1;
  }

  /** Backing offset of the memory behind a data address, or -1 where reading it may change something. */
  plainOffset(addr: number): number {
    const page = ~this.readPage[addr >>> 12]!;
    if (page >= 0) return (page & ~WORD_ONLY) + (addr & 0xfff);
    return this.slow.ramAt?.(addr >>> 0) ?? -1;
  }

  /**
   * To be called when the program counter enters another 32-byte line of the cached windows
   * (0x400C2000 up to 0x40C00000): the wait states in CPU cycles, or -1 when the cache is off for
   * the address: the instruction must be fetched again with `fetch`, which gives what silicon reads.
   */
  fetchLine(addr: number): number {
    return this.slow.fetchLine(this, addr >>> 0);
  }

  /** The 32 bits at `addr`. An unaligned address is done by the hardware (slow path). */
  read32(addr: number): number {
    const page = ~this.readPage[addr >>> 12]!;
    if (page >= 0 && (addr & 3) === 0) return this.words[(page + (addr & 0xfff)) >> 2]!;
    return this.slow.read(this, addr >>> 0, 4);
  }

  /** The 16 bits at `addr`, zero-extended. */
  read16(addr: number): number {
    const page = ~this.readPage[addr >>> 12]!;
    if ((page & NARROW_SLOW) === 0 && (addr & 1) === 0)
      return this.halves[(page + (addr & 0xfff)) >> 1]!;
    return this.slow.read(this, addr >>> 0, 2);
  }

  /** The byte at `addr`, zero-extended. */
  read8(addr: number): number {
    const page = ~this.readPage[addr >>> 12]!;
    if ((page & NARROW_SLOW) === 0) return this.bytes[page + (addr & 0xfff)]!;
    return this.slow.read(this, addr >>> 0, 1);
  }

  write32(addr: number, value: number): void {
    const page = ~this.writePage[addr >>> 12]!;
    if (page >= 0 && (addr & 3) === 0) this.words[(page + (addr & 0xfff)) >> 2] = value;
    else this.slow.write(this, addr >>> 0, value, 4);
  }

  write16(addr: number, value: number): void {
    const page = ~this.writePage[addr >>> 12]!;
    if ((page & NARROW_SLOW) === 0 && (addr & 1) === 0)
      this.halves[(page + (addr & 0xfff)) >> 1] = value;
    else this.slow.write(this, addr >>> 0, value & 0xffff, 2);
  }

  write8(addr: number, value: number): void {
    const page = ~this.writePage[addr >>> 12]!;
    if ((page & NARROW_SLOW) === 0) this.bytes[page + (addr & 0xfff)] = value;
    else this.slow.write(this, addr >>> 0, value & 0xff, 1);
  }
}
