/**
 * The backing store: one ArrayBuffer that holds every memory of the chip and the contents of the
 * external flash and PSRAM, block after block, each starting at a 4 KiB boundary.
 *
 * Snapshots copy the internal RAMs; of flash and PSRAM only the 4 KiB pages that were written
 * since power-on. The mask ROM is configuration and is not saved.
 */
import type { State } from '../bus/state.ts';
import { BLOCK_SIZE } from './map.ts';
import type { BlockName } from './map.ts';
import { PagedBlock } from './paged-block.ts';

const PAGE = 0x1000;
const SAVED_RAMS = ['SRAM0', 'SRAM1', 'SRAM2', 'RTC_FAST', 'RTC_SLOW'] as const;

export interface MemoryOptions {
  /** Size of the external flash, a multiple of 64 KiB. */
  readonly flashSize?: number;
  /** Contents of the flash at power-on, as for `loadFlash`. */
  readonly flash?: Uint8Array;
  /** Size of the external PSRAM, 0 when the module has none. */
  readonly psramSize?: number;
}

export class Memory {
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;
  readonly flash: PagedBlock;
  readonly psram: PagedBlock;
  private readonly start = new Map<BlockName, number>();
  private readonly sizes = new Map<BlockName, number>();

  constructor(options: MemoryOptions = {}) {
    const flashSize = options.flashSize ?? options.flash?.length ?? 0;
    const psramSize = options.psramSize ?? 0;
    let end = 0;
    for (const [name, size] of [
      ...Object.entries(BLOCK_SIZE),
      ['FLASH', flashSize],
      ['PSRAM', psramSize],
    ] as [BlockName, number][]) {
      this.start.set(name, end);
      this.sizes.set(name, size);
      end += Math.ceil(size / PAGE) * PAGE;
    }
    // Reads of two words at the last address stay inside.
    this.buffer = new ArrayBuffer(end + PAGE);
    this.bytes = new Uint8Array(this.buffer);
    this.flash = new PagedBlock(this.block('FLASH'), 0xff, options.flash);
    this.psram = new PagedBlock(this.block('PSRAM'), 0);
  }

  /** Offset of a block in the backing store. */
  blockStart(name: BlockName): number {
    return this.start.get(name)!;
  }

  blockSize(name: BlockName): number {
    return this.sizes.get(name)!;
  }

  /** The bytes of a block, shared with the backing store. */
  block(name: BlockName): Uint8Array {
    return new Uint8Array(this.buffer, this.blockStart(name), this.blockSize(name));
  }

  /** Takes the mask ROM (448 KiB from 0x40000000) as each core reads it. */
  loadRom(pro: Uint8Array, app: Uint8Array = pro): void {
    for (const [name, image] of [
      ['ROM', pro],
      ['ROM_APP', app],
    ] as const) {
      if (image.length > BLOCK_SIZE.ROM)
        throw new Error(
          `mask ROM image: ${image.length} bytes, expected at most ${BLOCK_SIZE.ROM}`,
        );
      const block = this.block(name);
      block.set(image);
      block.fill(0, image.length);
    }
  }

  /** Takes the flash contents at power-on, by reference; later snapshots hold the pages that differ by writing. */
  loadFlash(image: Uint8Array): void {
    this.flash.load(image);
  }

  /** Whether a byte of the backing store belongs to the mask ROM or the flash. */
  isReadOnly(offset: number): boolean {
    const inside = (name: BlockName): boolean =>
      offset >= this.blockStart(name) && offset < this.blockStart(name) + this.blockSize(name);
    return inside('ROM') || inside('ROM_APP') || inside('FLASH');
  }

  /** A byte of the backing store was written past the bus: it may be one of the PSRAM. */
  touchPsram(offset: number): void {
    const at = offset - this.blockStart('PSRAM');
    if (at >= 0 && at < this.blockSize('PSRAM')) this.psram.touch(at, 1);
  }

  /** What a cut of the supply leaves of the RAMs and of the PSRAM: zeros, as at power-on. */
  clearRam(): void {
    for (const name of SAVED_RAMS) this.block(name).fill(0);
    this.psram.clear();
  }

  save(): State {
    const state: State = { flash: this.flash.save(), psram: this.psram.save() };
    for (const name of SAVED_RAMS) state[name] = this.block(name).slice();
    return state;
  }

  restore(state: State): void {
    for (const name of SAVED_RAMS) this.block(name).set(state[name] as Uint8Array);
    this.flash.restore(state['flash'] as State);
    this.psram.restore(state['psram'] as State);
  }
}
