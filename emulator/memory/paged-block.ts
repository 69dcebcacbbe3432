/**
 * A large block of external memory whose snapshots hold only the 4 KiB pages written since
 * power-on. Whoever writes calls `touch`, before or after the write.
 */
import type { State } from '../bus/state.ts';

const SHIFT = 12;
const PAGE = 1 << SHIFT;

export class PagedBlock {
  readonly bytes: Uint8Array;
  private readonly blank: number;
  /** Contents at power-on; blank beyond its end. */
  private image: Uint8Array = new Uint8Array(0);
  private readonly touched: Uint8Array;

  /** `bytes` are zeros; `image` is as for `load`. */
  constructor(bytes: Uint8Array, blank: number, image: Uint8Array = new Uint8Array(0)) {
    this.bytes = bytes;
    this.blank = blank;
    this.touched = new Uint8Array(Math.ceil(bytes.length / PAGE));
    this.image = image;
    bytes.set(image);
    if (blank !== 0) bytes.fill(blank, image.length);
  }

  /** Sets the contents at power-on. The image is kept by reference: the caller leaves it as it is. */
  load(image: Uint8Array): void {
    if (image.length > this.bytes.length)
      throw new Error(
        `image of ${image.length} bytes does not fit a memory of ${this.bytes.length}`,
      );
    this.image = image;
    this.bytes.set(image);
    this.bytes.fill(this.blank, image.length);
    this.touched.fill(0);
  }

  /** Announces that `size` bytes at `offset` are or were written. */
  touch(offset: number, size: number): void {
    const last = (offset + size - 1) >> SHIFT;
    for (let page = offset >> SHIFT; page <= last; page++) this.touched[page] = 1;
  }

  /** Back to the contents at power-on. */
  clear(): void {
    for (const page of this.touchedPages()) {
      const start = page << SHIFT;
      this.bytes.fill(this.blank, start, start + PAGE);
      this.bytes.set(this.image.subarray(start, start + PAGE), start);
    }
    this.touched.fill(0);
  }

  save(): State {
    const pages = Int32Array.from(this.touchedPages());
    const data = new Uint8Array(pages.length * PAGE);
    pages.forEach((page, i) =>
      data.set(this.bytes.subarray(page << SHIFT, (page + 1) << SHIFT), i * PAGE),
    );
    return { pages, data };
  }

  restore(state: State): void {
    this.clear();
    const pages = state['pages'] as Int32Array;
    const data = state['data'] as Uint8Array;
    pages.forEach((page, i) => {
      this.touched[page] = 1;
      this.bytes.set(data.subarray(i * PAGE, (i + 1) * PAGE), page << SHIFT);
    });
  }

  private touchedPages(): number[] {
    const pages: number[] = [];
    this.touched.forEach((bit, page) => {
      if (bit !== 0) pages.push(page);
    });
    return pages;
  }
}
