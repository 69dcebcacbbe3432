/**
 * The external-memory MMU of one core: 2048 entries that map pages of the cached windows to pages
 * of flash and PSRAM. TRM, "External Memory", and the mask ROM's `cache_flash_mmu_set` and
 * `cache_sram_mmu_set`, which give the entry of an address for PID 0 and 1:
 *
 *   DROM0 0x3F400000: entries 0..63      IRAM0 0x40000000: entries 64..127
 *   IRAM1 0x40400000: entries 128..191   IROM0 0x40800000: entries 192..255
 *   DRAM1 0x3F800000 (PSRAM): entries 1152..1279
 *
 * Flash pages are 64, 32 or 16 KiB, PSRAM pages 32 KiB down to 2 KiB, by the page mode fields of
 * DPORT_PRO_/APP_CACHE_CTRL1; smaller pages shrink the window, which then repeats. Bit 8 of an
 * entry marks it invalid.
 *
 * **Not modelled:** the entries of PID 2..7.
 */
import type { State } from '../bus/state.ts';

const MMU_ENTRIES = 2048;
const ENTRY_MASK = 0x1ff;
const INVALID = 0x100;

/** The 4 MiB windows, numbered as DPORT_CACHE_IA_INT_EN orders its bits. */
export const WINDOW = { DROM0: 0, IRAM0: 1, IRAM1: 2, IROM0: 3, DRAM1: 4 } as const;
export type WindowIndex = 0 | 1 | 2 | 3 | 4;

interface WindowRow {
  readonly name: string;
  readonly base: number;
  readonly firstEntry: number;
  readonly kind: 'flash' | 'psram';
  /** Bit of DPORT_x_CACHE_CTRL1 that masks the bus. */
  readonly maskBit: number;
}

// prettier-ignore
export const WINDOWS: readonly WindowRow[] = [
  { name: 'DROM0', base: 0x3f400000, firstEntry: 0,    kind: 'flash', maskBit: 4 },
  { name: 'IRAM0', base: 0x40000000, firstEntry: 64,   kind: 'flash', maskBit: 0 },
  { name: 'IRAM1', base: 0x40400000, firstEntry: 128,  kind: 'flash', maskBit: 1 },
  { name: 'IROM0', base: 0x40800000, firstEntry: 192,  kind: 'flash', maskBit: 2 },
  { name: 'DRAM1', base: 0x3f800000, firstEntry: 1152, kind: 'psram', maskBit: 3 },
];

export const WINDOW_SIZE = 0x400000;

/** Window of a cached address. The caller knows that it is one. */
export function windowOf(addr: number): WindowIndex {
  switch (addr >>> 22) {
    case 0xfd:
      return WINDOW.DROM0;
    case 0xfe:
      return WINDOW.DRAM1;
    case 0x100:
      return WINDOW.IRAM0;
    case 0x101:
      return WINDOW.IRAM1;
    default:
      return WINDOW.IROM0;
  }
}

export class Mmu {
  private readonly entries = new Uint16Array(MMU_ENTRIES);
  private flashShift = 16;
  private psramShift = 15;

  read(index: number): number {
    return this.entries[index]!;
  }

  /** Sets an entry; true when it changed. */
  write(index: number, value: number): boolean {
    const entry = value & ENTRY_MASK;
    if (this.entries[index] === entry) return false;
    this.entries[index] = entry;
    return true;
  }

  /**
   * CMMU_FLASH_PAGE_MODE: 0, 1, 2 are 64, 32, 16 KiB. CMMU_SRAM_PAGE_MODE: 0..4 are 32..2 KiB.
   * True when a page size changed.
   */
  setPageModes(flashMode: number, sramMode: number): boolean {
    const flashShift = 16 - Math.min(flashMode, 2);
    const psramShift = 15 - Math.min(sramMode, 4);
    if (flashShift === this.flashShift && psramShift === this.psramShift) return false;
    this.flashShift = flashShift;
    this.psramShift = psramShift;
    return true;
  }

  /** Byte address in the external memory, or -1 when the entry is invalid. */
  translate(window: WindowIndex, addr: number): number {
    const row = WINDOWS[window]!;
    const shift = row.kind === 'flash' ? this.flashShift : this.psramShift;
    const pages = row.kind === 'flash' ? 64 : 128;
    const entry = this.entries[row.firstEntry + ((addr >>> shift) & (pages - 1))]!;
    if ((entry & INVALID) !== 0) return -1;
    return entry * 2 ** shift + (addr & ((1 << shift) - 1));
  }

  /** Bytes that an entry of the window maps. */
  pageSize(window: WindowIndex): number {
    return 1 << (WINDOWS[window]!.kind === 'flash' ? this.flashShift : this.psramShift);
  }

  /** Addresses of a window that an entry maps: [base, size], or undefined for unused entries. */
  rangeOf(index: number): readonly [number, number] | undefined {
    for (const row of WINDOWS) {
      const flash = row.kind === 'flash';
      const page = index - row.firstEntry;
      if (page < 0 || page >= (flash ? 64 : 128)) continue;
      const full = flash ? 16 : 15;
      const shift = flash ? this.flashShift : this.psramShift;
      // A shrunken window repeats: map all of it again.
      return shift === full ? [row.base + (page << shift), 1 << shift] : [row.base, WINDOW_SIZE];
    }
    return undefined;
  }

  save(): State {
    return {
      entries: this.entries.slice(),
      flashShift: this.flashShift,
      psramShift: this.psramShift,
    };
  }

  restore(state: State): void {
    this.entries.set(state['entries'] as Uint16Array);
    this.flashShift = state['flashShift'] as number;
    this.psramShift = state['psramShift'] as number;
  }
}
