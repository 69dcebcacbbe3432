/**
 * The slow path behind the ports: unaligned accesses, memories with wait states, the reversed alias
 * of SRAM1, watched pages, devices, cached external memory, and addresses where nothing answers.
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
import { CACHE_DISABLED_VALUE, LOCAL_MEMORY, UNALIGNED } from '../memory/map.ts';
import type { Memory } from '../memory/memory.ts';
import type { SramArbiter } from '../memory/sram-arbiter.ts';
import type { CoreView } from './core-view.ts';
import type { DeviceMap } from './device-map.ts';
import type { DeviceLog } from './device.ts';
import { NO_EXTERNAL } from './external-access.ts';
import { FAULT } from './fault.ts';
import type { Port, SlowPath } from './port.ts';
import {
  BASE,
  DEVICE,
  EXECUTABLE,
  EXTERNAL,
  IS_SRAM,
  KIND,
  RAM,
  REVERSED,
  ROWS,
  SIZE,
  WRITABLE,
} from './regions.ts';
import type { WaitStates } from './wait-states.ts';
import type { WriteWatch } from './write-watch.ts';

type Size = 1 | 2 | 4;

/** What an access needs of the run loop. */
export interface RunTime {
  /** Brings scheduler.now to the tick of the core's running instruction. */
  sync(core: number): void;
  /** CPU_CLK cycle of the core's running instruction, or (-1) of the present. */
  cycleOf(core: number): number;
}

const NO_TIME: RunTime = { sync: () => {}, cycleOf: () => 0 };

export interface AccessParts {
  readonly memory: Memory;
  readonly log: DeviceLog;
  readonly views: readonly CoreView[];
  readonly devices: DeviceMap;
  readonly wait: WaitStates;
  /** Told what is stored. */
  readonly code: WriteWatch;
  readonly observed: WriteWatch;
  /** With one, every access to SRAM takes the slow path, which asks it. */
  readonly arbiter: SramArbiter | undefined;
}

export class Access implements SlowPath {
  external = NO_EXTERNAL;
  time = NO_TIME;
  private readonly memory: Memory;
  private readonly psramStart: number;
  private readonly log: DeviceLog;
  private readonly views: readonly CoreView[];
  private readonly devices: DeviceMap;
  private readonly wait: WaitStates;
  private readonly code: WriteWatch;
  private readonly observed: WriteWatch;
  private readonly arbiter: SramArbiter | undefined;

  constructor(parts: AccessParts) {
    this.memory = parts.memory;
    this.psramStart = parts.memory.blockStart('PSRAM');
    this.log = parts.log;
    this.views = parts.views;
    this.devices = parts.devices;
    this.wait = parts.wait;
    this.code = parts.code;
    this.observed = parts.observed;
    this.arbiter = parts.arbiter;
  }

  read(port: Port, addr: number, size: Size): number {
    const view = this.views[port.core]!;
    const index = view.regionOf[addr >>> 12]!;
    if ((addr & (size - 1)) !== 0) return this.readUnaligned(port, view, addr, size);
    if (index === 0) return this.readUnmapped(port, view, addr);
    const cause = view.loadCause[index * 4 + size - 1]!;
    if (cause >= 0) return fail(port, cause, addr);
    port.waitCycles += this.wait.load[index]!;
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
    port.drainCycles = this.wait.drain[index]!;
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
        if (!WRITABLE[index]) return this.report('bus', addr, 'write', value);
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
    return EXECUTABLE[index] ? this.ramOffset(view, index, addr) : -1;
  }

  fetchLine(port: Port, addr: number): number {
    return this.external.fetchLine(port.core, addr);
  }

  /** Writable RAM at its own word order, without a core's protection. */
  ramAt(addr: number): number {
    const view = this.views[0]!;
    const index = view.regionOf[addr >>> 12]!;
    if (KIND[index] !== RAM || !WRITABLE[index]) return -1;
    return this.ramOffset(view, index, addr);
  }

  /** Reports an access that nobody takes. */
  report(device: string, addr: number, access: 'read' | 'write', value: number): void {
    this.log.unmodelled({ device, register: hex(addr), access, value: value >>> 0 });
  }

  private arbitrate(port: Port, offset: number): void {
    if (this.arbiter === undefined) return;
    const cycle = this.time.cycleOf(port.core) + port.waitCycles;
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
    if (this.code.isWatched(offset >>> 12)) this.code.written(offset, size);
    if (this.observed.isWatched(offset >>> 12)) this.observed.written(offset, size);
  }

  private readDevice(port: Port, addr: number, size: Size): number {
    const window = this.devices.find(addr);
    if (window === undefined) {
      this.report('bus', addr, 'read', 0);
      return 0;
    }
    this.time.sync(port.core);
    const value = window.device.read(addr - window.base + window.offset, size);
    return size === 4 ? value | 0 : value & (size === 2 ? 0xffff : 0xff);
  }

  private writeDevice(port: Port, addr: number, value: number, size: Size): void {
    const window = this.devices.find(addr);
    if (window === undefined) {
      this.report('bus', addr, 'write', value);
      return;
    }
    this.time.sync(port.core);
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
    this.report('bus', addr, 'read', 0);
    if (!view.dataAllowed(addr)) return fail(port, FAULT.LoadProhibited, addr);
    return isLocal(addr) ? 0 : fail(port, FAULT.LoadStorePIFAddrError, addr);
  }

  private writeUnmapped(port: Port, view: CoreView, addr: number, value: number): void {
    this.report('bus', addr, 'write', value);
    if (!view.dataAllowed(addr)) fail(port, FAULT.StoreProhibited, addr);
  }

  private fetchByte(port: Port, addr: number, first: boolean): number {
    const page = ~port.fetchPage[addr >>> 12]!;
    if (page >= 0) return port.bytes[page + (addr & 0xfff)]!;
    const view = this.views[port.core]!;
    if (!view.fetchAllowed(addr)) return fail(port, FAULT.InstFetchProhibited, addr);
    const index = view.regionOf[addr >>> 12]!;
    if (!EXECUTABLE[index]) {
      const pif = !isLocal(addr);
      return fail(port, pif ? FAULT.InstrPIFAddrError : FAULT.InstructionFetchError, addr);
    }
    if (KIND[index] === EXTERNAL) {
      if (first) this.external.codeDenied(port.core, addr);
      return disabledValue(addr, 1);
    }
    return port.bytes[this.ramOffset(view, index, addr)]!;
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
