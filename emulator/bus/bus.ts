/**
 * The bus: both cores' ports, the slow path behind them, and the devices.
 *
 * A port does aligned accesses to SRAM and ROM by itself. Everything else comes here: memories
 * with wait states, unaligned accesses, the reversed alias of SRAM1, watched code pages, devices,
 * cached external memory, and addresses where nothing answers.
 *
 * The core's LX6 configuration does unaligned loads and stores in hardware, as two accesses when
 * they cross a word. On the instruction bus only aligned words pass: 8- and 16-bit accesses raise
 * LoadStoreError (ESP-IDF, "Fatal Errors"), unaligned ones LoadStoreAlignment (ESP-IDF has
 * handlers for both causes there).
 *
 * **Not modelled:** contention of SRAM banks, unless `arbiter` is given; alignment of an access to
 * the APB clock edge; the 4-entry write buffer (`drainCycles` lets the core model it). A store
 * to a device takes effect at its issue.
 * The core's PIF has no write responses (XCHAL_HAVE_PIF_WR_RESP 0): a store that nobody takes is
 * lost without an exception. The root frame of the mask ROM relies on it: its spill goes to 0xffffffe0.
 * Unverified on silicon: reading a hole among the local memories gives 0 and writing it does
 * nothing; unaligned accesses to devices raise LoadStoreAlignment; reserved PIF addresses raise
 * LoadStorePIFAddrError and InstrPIFAddrError.
 */
import type { Memory } from '../memory/memory.ts';
import type { SramArbiter } from '../memory/sram-arbiter.ts';
import {
  CACHE_DISABLED_VALUE,
  DMA_RANGE,
  LOCAL_MEMORY,
  UNALIGNED,
  WAIT_CLASS,
} from '../memory/map.ts';
import { CodeWatch } from './code-watch.ts';
import type { CodeListener } from './code-watch.ts';
import { CoreView, ROWS } from './core-view.ts';
import { DeviceMap } from './device-map.ts';
import type { Device, DeviceLog } from './device.ts';
import { FAULT } from './fault.ts';
import { PageTables } from './page-tables.ts';
import { Port } from './port.ts';
import type { SlowPath } from './port.ts';
import type { State, Stateful } from './state.ts';

type Size = 1 | 2 | 4;

/** What the bus needs of the external memory: `emulator/memory/external.ts`. */
export interface ExternalAccess {
  /** Wait states of the last `data` call, in CPU cycles. */
  waitCycles: number;
  /**
   * Backing offset behind a data address in a cached window, or -1: disabled, or no valid MMU
   * entry. `waited`: CPU cycles that the instruction has waited already.
   */
  data(core: number, addr: number, write: boolean, waited: number): number;
  /** Backing offset behind an instruction address in a cached window, or -1. */
  code(core: number, addr: number): number;
  /** An instruction fetch that `code` refused. */
  codeDenied(core: number, addr: number): void;
  /** Wait states, in CPU cycles, of a fetch that enters the cache line of `addr`; -1: the window is shut. */
  fetchLine(core: number, addr: number): number;
}

const NO_EXTERNAL: ExternalAccess = {
  waitCycles: 0,
  data: () => -1,
  code: () => -1,
  codeDenied: () => {},
  fetchLine: () => 0,
};

/** The access was measured as a pair, MEMW and L32I, of one issue cycle each. */
const MEMW_AND_LOAD = 2;

/** Kinds of the rows as small numbers, for the slow path's switch. */
const RAM = 0;
const REVERSED = 1;
const DEVICE = 2;
const EXTERNAL = 3;
const KIND = Uint8Array.from(ROWS, (row) => {
  if (row.kind === 'device') return DEVICE;
  if (row.kind === 'flash' || row.kind === 'psram') return EXTERNAL;
  return row.order === 'reversed' ? REVERSED : RAM;
});
const IS_SRAM = ROWS.map((row) => row.block?.startsWith('SRAM') === true);
const WRITABLE = ROWS.map((row) => row.access.includes('w'));
const BASE = Int32Array.from(ROWS, (row) => row.base);
const SIZE = Int32Array.from(ROWS, (row) => row.size);

export class Bus implements SlowPath, Stateful {
  readonly memory: Memory;
  readonly ports: readonly [Port, Port];
  readonly devices = new DeviceMap();
  /** Set by the run loop: brings scheduler.now to the tick of the core's running instruction. */
  syncTime: (core: number) => void = () => {};
  /** Set by the run loop: CPU_CLK cycle of the core's running instruction, or (-1) of the present. */
  cycleOf: (core: number) => number = () => 0;
  private readonly log: DeviceLog;
  private readonly views: readonly [CoreView, CoreView];
  private readonly watch: CodeWatch;
  /** Data that somebody outside the guest wants to hear of. */
  private readonly observed: CodeWatch;
  private readonly psramStart: number;
  private readonly arbiter: SramArbiter | undefined;
  private external = NO_EXTERNAL;
  /** CPU_CLK cycles per APB_CLK cycle, at least 1. */
  private apbRatio = 1;
  /** Wait states of a load and drain time of a store, by region index, at the present clocks. */
  private readonly loadWait = new Int32Array(ROWS.length);
  private readonly storeDrain = new Int32Array(ROWS.length);

  /** With an arbiter every access to SRAM takes the slow path, which asks it. */
  constructor(memory: Memory, log: DeviceLog, arbiter?: SramArbiter) {
    this.memory = memory;
    this.log = log;
    this.arbiter = arbiter;
    this.psramStart = memory.blockStart('PSRAM');
    this.watch = new CodeWatch(memory.buffer.byteLength);
    this.observed = new CodeWatch(memory.buffer.byteLength);
    const tables = new PageTables();
    this.ports = [
      new Port(0, memory.buffer, this, tables),
      new Port(1, memory.buffer, this, tables),
    ];
    const view = (port: Port): CoreView =>
      new CoreView(
        port,
        memory,
        (page) => this.watch.isWatched(page) || this.observed.isWatched(page),
        (core, addr) => this.external.code(core, addr),
        arbiter !== undefined,
      );
    this.views = [view(this.ports[0]), view(this.ports[1])];
    this.setClocks(40_000_000, 40_000_000);
  }

  /** Lets a device answer at its DPORT-side address, and an APB block at 0x6000_0000 as well. */
  attach(device: Device, base: number, size: number, offset = 0): void {
    this.devices.attach(device, base, size, offset);
  }

  /** Backing offset of writable internal RAM at its own word order, without a core's protection; or -1. */
  ramAt(addr: number): number {
    const view = this.views[0];
    const index = view.regionOf[addr >>> 12]!;
    if (KIND[index] !== RAM || !WRITABLE[index]) return -1;
    return this.ramOffset(view, index, addr);
  }

  attachExternal(external: ExternalAccess): void {
    this.external = external;
  }

  /** Wait states follow the ratio of CPU_CLK to APB_CLK. */
  setClocks(cpuHz: number, apbHz: number): void {
    this.apbRatio = Math.max(1, Math.ceil(cpuHz / apbHz));
    ROWS.forEach((row, index) => {
      const wait = WAIT_CLASS[row.wait];
      const crossing = Math.ceil((wait.apbCycles * cpuHz) / apbHz);
      this.loadWait[index] = wait.cpuCycles + Math.max(0, crossing - MEMW_AND_LOAD);
      this.storeDrain[index] = crossing;
    });
  }

  setBootRemap(core: number, on: boolean): void {
    this.views[core]!.setBootRemap(on);
  }

  /** The attributes of the core's eight ITLB and DTLB entries; call after WITLB, WDTLB and reset. */
  applyRegionProtection(core: number, itlb: ArrayLike<number>, dtlb: ArrayLike<number>): void {
    this.views[core]!.setProtection(itlb, dtlb);
  }

  /** Puts the backing offsets of cached instruction pages (-1: none) into a core's fetch table. */
  showCode(core: number, base: number, pages: Int32Array): void {
    if (!this.views[core]!.fetchAllowed(base)) return;
    const { fetchPage } = this.ports[core]!;
    const first = base >>> 12;
    for (let i = 0; i < pages.length; i++) fetchPage[first + i] = ~pages[i]!;
  }

  // Code watching

  onCodeWrite(listener: CodeListener): void {
    this.watch.onWrite(listener);
  }

  /** Instructions decoded from these bytes of the backing store are kept: tell writes to them. */
  watchCode(backingOffset: number, length: number): void {
    for (const page of this.watch.watch(backingOffset, length)) this.remapBacking(page);
  }

  /** `listener` is told every write that overlaps observed bytes, after it. Neither time nor state differ by it. */
  onObservedWrite(listener: CodeListener): void {
    this.observed.onWrite(listener);
  }

  observe(backingOffset: number, length: number): void {
    for (const page of this.observed.watch(backingOffset, length)) this.remapBacking(page);
  }

  /** Observes nothing of this 4 KiB backing page any more. */
  forgetObserved(backingPage: number): void {
    if (!this.observed.isWatched(backingPage)) return;
    this.observed.forget(backingPage);
    this.remapBacking(backingPage);
  }

  /** The decoder keeps nothing of this 4 KiB backing page any more. */
  forgetCode(backingPage: number): void {
    if (!this.watch.isWatched(backingPage)) return;
    this.watch.forget(backingPage);
    this.remapBacking(backingPage);
  }

  /** Tells that bytes of the backing store were written past the ports. */
  written(backingOffset: number, size: number): void {
    this.watch.written(backingOffset, size);
    this.observed.written(backingOffset, size);
  }

  /** Tells that bytes `from` to `to` (exclusive) of the flash or PSRAM chip were changed by commands. */
  chipWritten(block: 'FLASH' | 'PSRAM', from: number, to: number): void {
    const { flash, psram } = this.memory;
    (block === 'FLASH' ? flash : psram).touch(from, to - from);
    this.written(this.memory.blockStart(block) + from, to - from);
  }

  // DMA

  /** Backing offset of a range that DMA is about to copy, or -1 when it cannot reach it. */
  dmaCopy(addr: number, length: number): number {
    const offset = this.dmaOffset(addr, length);
    if (offset >= 0) this.arbiter?.dma(offset, length, this.cycleOf(-1), this.apbRatio);
    return offset;
  }

  /** Backing offset of a range that DMA can reach, or -1. */
  dmaOffset(addr: number, length: number): number {
    if (addr < DMA_RANGE.base || addr + length > DMA_RANGE.end) return -1;
    return this.memory.blockStart(DMA_RANGE.block) + (addr - DMA_RANGE.base);
  }

  reportDma(addr: number, access: 'read' | 'write'): void {
    this.log.unmodelled({ device: 'DMA', register: hex(addr), access, value: 0 });
  }

  // The slow path of the ports

  read(port: Port, addr: number, size: Size): number {
    const view = this.views[port.core]!;
    const index = view.regionOf[addr >>> 12]!;
    if ((addr & (size - 1)) !== 0) return this.readUnaligned(port, view, addr, size);
    if (index === 0) return this.readUnmapped(port, view, addr);
    const cause = view.loadCause[index * 4 + size - 1]!;
    if (cause >= 0) return fail(port, cause, addr);
    port.waitCycles += this.loadWait[index]!;
    switch (KIND[index]) {
      case DEVICE:
        return this.readDevice(port, addr, size);
      case EXTERNAL: {
        const offset = this.external.data(port.core, addr, false, port.waitCycles);
        port.waitCycles += this.external.waitCycles;
        return offset < 0 ? disabledValue(addr, size) : load(port, offset, size);
      }
      default: {
        const offset = this.ramOffset(view, index, addr);
        if (IS_SRAM[index]) this.arbitrate(port, offset);
        return load(port, offset, size);
      }
    }
  }

  write(port: Port, addr: number, value: number, size: Size): void {
    const view = this.views[port.core]!;
    const index = view.regionOf[addr >>> 12]!;
    if ((addr & (size - 1)) !== 0) return this.writeUnaligned(port, view, addr, value, size);
    if (index === 0) return this.writeUnmapped(port, view, addr, value);
    const cause = view.storeCause[index * 4 + size - 1]!;
    if (cause >= 0) {
      fail(port, cause, addr);
      return;
    }
    port.drainCycles = this.storeDrain[index]!;
    switch (KIND[index]) {
      case DEVICE:
        return this.writeDevice(port, addr, value, size);
      case EXTERNAL: {
        const offset = this.external.data(port.core, addr, true, port.waitCycles);
        port.waitCycles += this.external.waitCycles;
        if (offset < 0) return;
        this.memory.psram.touch(offset - this.psramStart, size);
        return this.storeRam(port, offset, value, size);
      }
      default: {
        if (!WRITABLE[index]) return this.report(addr, 'write', value);
        const offset = this.ramOffset(view, index, addr);
        if (IS_SRAM[index]) this.arbitrate(port, offset);
        this.storeRam(port, offset, value, size);
      }
    }
  }

  fetch(port: Port, addr: number): number {
    let bytes = 0;
    for (let i = 0; i < 3; i++) {
      // Density: op0 of 8 and above makes two bytes (Code Density Option).
      if (i === 2 && (bytes & 8) !== 0) break;
      bytes |= this.fetchByte(port, (addr + i) >>> 0, i === 0) << (8 * i);
      if (port.fault >= 0) return 0;
    }
    return bytes;
  }

  reversedCodeAt(port: Port, addr: number): number {
    const view = this.views[port.core]!;
    const index = view.regionOf[addr >>> 12]!;
    if (KIND[index] !== REVERSED || !view.fetchAllowed(addr)) return -1;
    return ROWS[index]!.access.includes('x') ? this.ramOffset(view, index, addr) : -1;
  }

  fetchLine(port: Port, addr: number): number {
    return this.external.fetchLine(port.core, addr);
  }

  /** The supply of the RAMs failed. */
  clearRam(): void {
    this.memory.clearRam();
    for (const page of this.watch.invalidateAll()) this.remapBacking(page);
  }

  /** The RAMs and what was written to external memory. Ports and watches are rebuilt by their owners. */
  save(): State {
    const state: State = { memory: this.memory.save() };
    if (this.arbiter !== undefined) state['arbiter'] = this.arbiter.save();
    return state;
  }

  restore(state: State): void {
    this.memory.restore(state['memory'] as State);
    this.arbiter?.restore(state['arbiter'] as State);
    for (const page of this.watch.invalidateAll()) this.remapBacking(page);
  }

  private arbitrate(port: Port, offset: number): void {
    if (this.arbiter === undefined) return;
    const cycle = this.cycleOf(port.core) + port.waitCycles;
    port.waitCycles += this.arbiter.access(port.core, offset, cycle);
  }

  private ramOffset(view: CoreView, index: number, addr: number): number {
    const relative = addr - BASE[index]!;
    if (KIND[index] === RAM) return view.start[index]! + relative;
    return view.start[index]! + (SIZE[index]! - 4 - (relative & ~3)) + (relative & 3);
  }

  private storeRam(port: Port, offset: number, value: number, size: Size): void {
    if (size === 4) port.words[offset >> 2] = value;
    else if (size === 2) port.halves[offset >> 1] = value;
    else port.bytes[offset] = value;
    if (this.watch.isWatched(offset >>> 12)) this.watch.written(offset, size);
    if (this.observed.isWatched(offset >>> 12)) this.observed.written(offset, size);
  }

  private readDevice(port: Port, addr: number, size: Size): number {
    const window = this.devices.find(addr);
    if (window === undefined) {
      this.report(addr, 'read', 0);
      return 0;
    }
    this.syncTime(port.core);
    const value = window.device.read(addr - window.base + window.offset, size);
    return size === 4 ? value | 0 : value & (size === 2 ? 0xffff : 0xff);
  }

  private writeDevice(port: Port, addr: number, value: number, size: Size): void {
    const window = this.devices.find(addr);
    if (window === undefined) {
      this.report(addr, 'write', value);
      return;
    }
    this.syncTime(port.core);
    window.device.write(addr - window.base + window.offset, value, size);
  }

  /** Bytes in address order; each further word of the bus costs its own access. */
  private readUnaligned(port: Port, view: CoreView, addr: number, size: Size): number {
    const cause = unalignedCause(view, addr);
    if (cause >= 0) return fail(port, cause, addr);
    const page = ~port.readPage[addr >>> 12]!;
    if (page >= 0 && (addr & 0xfff) + size <= 0x1000) {
      // Plain RAM or ROM, all bytes in one page.
      const i = page + (addr & 0xfff);
      if ((addr & 3) + size > 4) port.waitCycles += UNALIGNED.value;
      const low = port.bytes[i]! | (port.bytes[i + 1]! << 8);
      return size === 2 ? low : low | (port.bytes[i + 2]! << 16) | (port.bytes[i + 3]! << 24);
    }
    let value = 0;
    for (let i = 0; i < size; i++) {
      const at = (addr + i) >>> 0;
      const before = port.waitCycles;
      value |= this.read(port, at, 1) << (8 * i);
      if (port.fault >= 0) return 0;
      if (i > 0) port.waitCycles = (at & 3) === 0 ? port.waitCycles + UNALIGNED.value : before;
    }
    return value;
  }

  private writeUnaligned(
    port: Port,
    view: CoreView,
    addr: number,
    value: number,
    size: Size,
  ): void {
    // Nothing is written unless both words may be written.
    const last = (addr + size - 1) >>> 0;
    for (const at of [addr, last]) {
      const index = view.regionOf[at >>> 12]!;
      let cause = unalignedCause(view, at);
      if (cause < 0 && index !== 0) cause = view.storeCause[index * 4]!;
      if (cause >= 0) {
        fail(port, cause, at);
        return;
      }
    }
    for (let i = 0; i < size; i++) {
      const at = (addr + i) >>> 0;
      const before = port.waitCycles;
      this.write(port, at, (value >>> (8 * i)) & 0xff, 1);
      if (port.fault >= 0) return;
      if (i > 0) port.waitCycles = (at & 3) === 0 ? port.waitCycles + UNALIGNED.value : before;
    }
  }

  private readUnmapped(port: Port, view: CoreView, addr: number): number {
    this.report(addr, 'read', 0);
    if (!view.dataAllowed(addr)) return fail(port, FAULT.LoadProhibited, addr);
    return isLocal(addr) ? 0 : fail(port, FAULT.LoadStorePIFAddrError, addr);
  }

  private writeUnmapped(port: Port, view: CoreView, addr: number, value: number): void {
    this.report(addr, 'write', value);
    if (!view.dataAllowed(addr)) fail(port, FAULT.StoreProhibited, addr);
  }

  private fetchByte(port: Port, addr: number, first: boolean): number {
    const page = ~port.fetchPage[addr >>> 12]!;
    if (page >= 0) return port.bytes[page + (addr & 0xfff)]!;
    const view = this.views[port.core]!;
    if (!view.fetchAllowed(addr)) return fail(port, FAULT.InstFetchProhibited, addr);
    const index = view.regionOf[addr >>> 12]!;
    const row = ROWS[index]!;
    if (!row.access.includes('x')) {
      const pif = !isLocal(addr);
      return fail(port, pif ? FAULT.InstrPIFAddrError : FAULT.InstructionFetchError, addr);
    }
    if (KIND[index] === EXTERNAL) {
      if (first) this.external.codeDenied(port.core, addr);
      return disabledValue(addr, 1);
    }
    return port.bytes[this.ramOffset(view, index, addr)]!;
  }

  /** Maps again every page of both cores that shows this backing page on the fast path. */
  private remapBacking(backingPage: number): void {
    const offset = backingPage << 12;
    for (const view of this.views) {
      ROWS.forEach((row, index) => {
        const start = view.start[index]!;
        if (row.kind !== 'ram' || row.order !== 'forward') return;
        if (start < 0 || offset < start || offset >= start + row.size) return;
        view.remapPage((row.base + (offset - start)) >>> 12);
      });
    }
  }

  private report(addr: number, access: 'read' | 'write', value: number): void {
    this.log.unmodelled({ device: 'bus', register: hex(addr), access, value: value >>> 0 });
  }
}

/** Records the fault for the exec function to raise; the value of a failed load. */
function fail(port: Port, cause: number, addr: number): number {
  port.fault = cause;
  port.faultAddr = addr | 0;
  return 0;
}

function load(port: Port, offset: number, size: Size): number {
  if (size === 4) return port.words[offset >> 2]!;
  return size === 2 ? port.halves[offset >> 1]! : port.bytes[offset]!;
}

function unalignedCause(view: CoreView, addr: number): number {
  const index = view.regionOf[addr >>> 12]!;
  if (index === 0) return FAULT.NONE;
  if (!view.dataAllowed(addr)) return FAULT.NONE;
  const refused = KIND[index] === DEVICE || ROWS[index]!.width === 'word';
  return refused ? FAULT.LoadStoreAlignment : FAULT.NONE;
}

function isLocal(addr: number): boolean {
  return addr >= LOCAL_MEMORY.base && addr < LOCAL_MEMORY.end;
}

function disabledValue(addr: number, size: Size): number {
  if (size === 4) return CACHE_DISABLED_VALUE | 0;
  return (CACHE_DISABLED_VALUE >>> ((addr & 3) * 8)) & (size === 2 ? 0xffff : 0xff);
}

function hex(addr: number): string {
  return `0x${addr.toString(16).padStart(8, '0')}`;
}
