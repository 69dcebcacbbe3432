/**
 * The bus: both cores' ports and the slow path behind them, the devices, and what the chip does to
 * memory past the cores. A port does aligned accesses to SRAM and ROM by itself.
 */
import { DMA_RANGE } from '../memory/map.ts';
import type { Memory } from '../memory/memory.ts';
import type { SramArbiter } from '../memory/sram-arbiter.ts';
import { Access } from './access.ts';
import type { RunTime } from './access.ts';
import { CoreView } from './core-view.ts';
import { DeviceMap } from './device-map.ts';
import type { Device, DeviceLog } from './device.ts';
import type { ExternalAccess } from './external-access.ts';
import { PageTables } from './page-tables.ts';
import { Port } from './port.ts';
import { ROWS } from './regions.ts';
import type { State, Stateful } from './state.ts';
import { WaitStates } from './wait-states.ts';
import { WriteWatch } from './write-watch.ts';
import type { WriteListener } from './write-watch.ts';

export class Bus implements Stateful {
  readonly memory: Memory;
  readonly ports: readonly [Port, Port];
  private readonly devices = new DeviceMap();
  private readonly access: Access;
  private readonly views: readonly CoreView[];
  /** Decoded instructions. */
  private readonly code: WriteWatch;
  /** Data that somebody outside the guest wants to hear of. */
  private readonly observed: WriteWatch;
  private readonly arbiter: SramArbiter | undefined;
  private readonly wait = new WaitStates();

  /** With an arbiter every access to SRAM takes the slow path, which asks it. */
  constructor(memory: Memory, log: DeviceLog, arbiter?: SramArbiter) {
    this.memory = memory;
    this.arbiter = arbiter;
    const watch = (): WriteWatch =>
      new WriteWatch(memory.buffer.byteLength, (page) => this.remapBacking(page));
    this.code = watch();
    this.observed = watch();
    const views: CoreView[] = [];
    const { devices, wait, code, observed } = this;
    this.access = new Access({ memory, log, views, devices, wait, code, observed, arbiter });
    const tables = new PageTables();
    const port = (core: number): Port => new Port(core, memory.buffer, this.access, tables);
    this.ports = [port(0), port(1)];
    for (const each of this.ports)
      views.push(
        new CoreView(
          each,
          memory,
          (page) => code.isWatched(page) || observed.isWatched(page),
          (core, addr) => this.access.external.code(core, addr),
          arbiter !== undefined,
        ),
      );
    this.views = views;
    this.setClocks(40_000_000, 40_000_000);
  }

  /** Lets a device answer at its DPORT-side address, and an APB block at 0x6000_0000 as well. */
  attach(device: Device, base: number, size: number, offset = 0): void {
    this.devices.attach(device, base, size, offset);
  }

  attachExternal(external: ExternalAccess): void {
    this.access.external = external;
  }

  /** Set by the run loop. */
  attachTime(time: RunTime): void {
    this.access.time = time;
  }

  /** Wait states follow the ratio of CPU_CLK to APB_CLK. */
  setClocks(cpuHz: number, apbHz: number): void {
    this.wait.setClocks(cpuHz, apbHz);
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

  /** Backing offset of writable internal RAM at its own word order, without a core's protection; or -1. */
  ramAt(addr: number): number {
    return this.access.ramAt(addr);
  }

  // Watched writes

  onCodeWrite(listener: WriteListener): void {
    this.code.onWrite(listener);
  }

  /** Instructions decoded from these bytes of the backing store are kept: tell writes to them. */
  watchCode(backingOffset: number, length: number): void {
    this.code.watch(backingOffset, length);
  }

  /** The decoder keeps nothing of this 4 KiB backing page any more. */
  forgetCode(backingPage: number): void {
    this.code.forget(backingPage);
  }

  /** `listener` is told every write that overlaps observed bytes, after it. Neither time nor state differ by it. */
  onObservedWrite(listener: WriteListener): void {
    this.observed.onWrite(listener);
  }

  observe(backingOffset: number, length: number): void {
    this.observed.watch(backingOffset, length);
  }

  /** Observes nothing of this 4 KiB backing page any more. */
  forgetObserved(backingPage: number): void {
    this.observed.forget(backingPage);
  }

  /** Tells that bytes of the backing store were written past the ports. */
  written(backingOffset: number, size: number): void {
    this.code.written(backingOffset, size);
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
    const { time } = this.access;
    if (offset >= 0) this.arbiter?.dma(offset, length, time.cycleOf(-1), this.wait.apbRatio);
    return offset;
  }

  /** Backing offset of a range that DMA can reach, or -1. */
  dmaOffset(addr: number, length: number): number {
    if (addr < DMA_RANGE.base || addr + length > DMA_RANGE.end) return -1;
    return this.memory.blockStart(DMA_RANGE.block) + (addr - DMA_RANGE.base);
  }

  reportDma(addr: number, access: 'read' | 'write'): void {
    this.access.report('DMA', addr, access, 0);
  }

  // State

  /** The supply of the RAMs failed. */
  clearRam(): void {
    this.memory.clearRam();
    this.code.invalidateAll();
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
    this.code.invalidateAll();
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
}
