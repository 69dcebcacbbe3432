/**
 * One core's view of the address map: which region answers for each 4 KiB page, what the region
 * protection of the core allows, and from both the page entries of its port.
 */
import { BOOT_REMAP, REGIONS } from '../memory/map.ts';
import type { RegionRow } from '../memory/map.ts';
import type { Memory } from '../memory/memory.ts';
import { DATA_ATTRIBUTES, FAULT, FETCH_ATTRIBUTES } from './fault.ts';
import { PAGES } from './page-tables.ts';
import { WORD_ONLY } from './port.ts';
import type { Port } from './port.ts';
import { EXECUTABLE, ROWS } from './regions.ts';

/** First and last page of each region; no other page is ever in a port's tables. */
const MAPPED_PAGES = REGIONS.map(
  ({ base, size }) => [base >>> 12, (base + size - 1) >>> 12] as const,
);
const REMAP_INDEX = ROWS.length - 1;
const ROM0_INDEX = ROWS.findIndex((row) => row.name === 'ROM0');

export class CoreView {
  readonly port: Port;
  /** Region index of each page. */
  readonly regionOf: Uint8Array;
  /** Backing offset of a region's first byte (its last word when reversed), or -1. */
  readonly start = new Int32Array(ROWS.length).fill(-1);
  /** EXCCAUSE of a load, store by region index * 4 + size - 1, or -1. */
  readonly loadCause = new Int8Array(ROWS.length * 4).fill(FAULT.NONE);
  readonly storeCause = new Int8Array(ROWS.length * 4).fill(FAULT.NONE);
  private readonly itlb = new Uint8Array(8).fill(2);
  private readonly dtlb = new Uint8Array(8).fill(2);
  private readonly isWatched: (backingPage: number) => boolean;
  private readonly fetchOffset: (core: number, addr: number) => number;
  private readonly arbitrated: boolean;

  /**
   * `fetchOffset` gives the backing offset behind a cached instruction address, or -1; `arbitrated`:
   * data accesses to SRAM are not for the fast path.
   */
  constructor(
    port: Port,
    memory: Memory,
    isWatched: (backingPage: number) => boolean,
    fetchOffset: (core: number, addr: number) => number,
    arbitrated: boolean,
  ) {
    this.port = port;
    this.regionOf = port.tables.bytes();
    this.isWatched = isWatched;
    this.fetchOffset = fetchOffset;
    this.arbitrated = arbitrated;
    ROWS.forEach((row, index) => {
      if (((row.cores >> port.core) & 1) === 0) return;
      const block = row.block === 'ROM' && port.core === 1 ? 'ROM_APP' : row.block;
      if (block !== null) this.start[index] = memory.blockStart(block) + row.offset;
      if (index !== REMAP_INDEX) this.assign(index, row.base, row.size);
    });
    this.computeCauses();
    this.mapRange(0, PAGES);
  }

  /** The first 32 KiB of ROM0 show SRAM1 instead. */
  setBootRemap(on: boolean): void {
    this.assign(on ? REMAP_INDEX : ROM0_INDEX, BOOT_REMAP.base, BOOT_REMAP.size);
    this.mapRange(BOOT_REMAP.base >>> 12, (BOOT_REMAP.base + BOOT_REMAP.size) >>> 12);
  }

  /** Takes the attributes of the eight 512 MiB regions and maps anew what changed. */
  setProtection(itlb: ArrayLike<number>, dtlb: ArrayLike<number>): void {
    const changed: number[] = [];
    for (let region = 0; region < 8; region++) {
      const i = itlb[region]! & 15;
      const d = dtlb[region]! & 15;
      if (i === this.itlb[region] && d === this.dtlb[region]) continue;
      this.itlb[region] = i;
      this.dtlb[region] = d;
      changed.push(region);
    }
    if (changed.length === 0) return;
    this.computeCauses();
    for (const region of changed) this.mapRange(region << 17, (region + 1) << 17);
  }

  fetchAllowed(addr: number): boolean {
    return ((FETCH_ATTRIBUTES >> this.itlb[addr >>> 29]!) & 1) !== 0;
  }

  dataAllowed(addr: number): boolean {
    return ((DATA_ATTRIBUTES >> this.dtlb[addr >>> 29]!) & 1) !== 0;
  }

  /** Fills the port's entries of the pages `first` up to but without `end`. */
  mapRange(first: number, end: number): void {
    for (const [start, last] of MAPPED_PAGES)
      for (let page = Math.max(first, start); page <= last && page < end; page++)
        this.remapPage(page);
  }

  /** Maps one page, at first and after a change of watching or of external memory. */
  remapPage(page: number): void {
    const index = this.regionOf[page]!;
    if (index !== 0) this.mapPage(page, index, ROWS[index]!);
  }

  private mapPage(page: number, index: number, row: RegionRow): void {
    const addr = page * 0x1000;
    const fetch = EXECUTABLE[index]! && this.fetchAllowed(addr);
    let read = -1;
    let write = -1;
    let code = -1;
    if (row.kind === 'flash') {
      if (fetch) code = this.fetchOffset(this.port.core, addr);
    } else if ((row.kind === 'ram' || row.kind === 'rom') && row.order === 'forward') {
      const offset = this.start[index]! + (addr - row.base);
      if (fetch) code = offset;
      const direct = row.wait === 'none' && !(this.arbitrated && row.kind === 'ram');
      if (direct && this.dataAllowed(addr)) {
        read = row.width === 'word' ? offset | WORD_ONLY : offset;
        if (row.kind === 'ram' && !this.isWatched(offset >>> 12)) write = read;
      }
    }
    this.port.readPage[page] = ~read;
    this.port.writePage[page] = ~write;
    this.port.fetchPage[page] = ~code;
  }

  private assign(index: number, base: number, size: number): void {
    this.regionOf.fill(index, base >>> 12, (base + size) >>> 12);
  }

  private computeCauses(): void {
    ROWS.forEach((row, index) => {
      for (const size of [1, 2, 4]) {
        const slot = index * 4 + size - 1;
        const narrow = size !== 4 && row.width === 'word';
        const dataOk = this.dataAllowed(row.base);
        let load: number = narrow ? FAULT.LoadStoreError : FAULT.NONE;
        let store: number = load;
        // Unverified on silicon: a store to mask ROM is dropped in silence (local RAM interface).
        if (row.kind === 'flash') store = FAULT.LoadStoreError;
        if (!dataOk) {
          load = FAULT.LoadProhibited;
          store = FAULT.StoreProhibited;
        }
        this.loadCause[slot] = load;
        this.storeCause[slot] = store;
      }
    });
  }
}
