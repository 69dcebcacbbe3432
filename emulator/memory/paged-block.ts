/**
 * A large block of external memory whose snapshots hold only the 4 KiB pages written since
 * power-on. Whoever writes calls `touch` before the write, so that the original page is kept.
 */
import type { State } from '../bus/state.ts';

const SHIFT = 12;
const PAGE = 1 << SHIFT;

export class PagedBlock {
  readonly bytes: Uint8Array;
  private readonly blank: number;
  /** Original contents of every page written so far. */
  private readonly originals = new Map<number, Uint8Array>();
  private readonly touched: Uint8Array;

  constructor(bytes: Uint8Array, blank: number) {
    this.bytes = bytes;
    this.blank = blank;
    this.touched = new Uint8Array(Math.ceil(bytes.length / PAGE));
  }

  /** Sets the contents at power-on; bytes beyond the image are blank. */
  load(image: Uint8Array): void {
    if (image.length > this.bytes.length)
      throw new Error(
        `image of ${image.length} bytes does not fit a memory of ${this.bytes.length}`,
      );
    this.bytes.fill(this.blank);
    this.bytes.set(image);
    this.originals.clear();
    this.touched.fill(0);
  }

  /** Announces a write of `size` bytes at `offset`. */
  touch(offset: number, size: number): void {
    const last = (offset + size - 1) >> SHIFT;
    for (let page = offset >> SHIFT; page <= last; page++) {
      if (this.touched[page] === 0) {
        this.touched[page] = 1;
        this.originals.set(page, this.bytes.slice(page << SHIFT, (page + 1) << SHIFT));
      }
    }
  }

  save(): State {
    const pages = Int32Array.from(this.originals.keys()).sort();
    const data = new Uint8Array(pages.length * PAGE);
    pages.forEach((page, i) =>
      data.set(this.bytes.subarray(page << SHIFT, (page + 1) << SHIFT), i * PAGE),
    );
    return { pages, data };
  }

  restore(state: State): void {
    for (const [page, original] of this.originals) this.bytes.set(original, page << SHIFT);
    this.originals.clear();
    this.touched.fill(0);
    const pages = state['pages'] as Int32Array;
    const data = state['data'] as Uint8Array;
    pages.forEach((page, i) => {
      this.touch(page << SHIFT, 1);
      this.bytes.set(data.subarray(i * PAGE, (i + 1) * PAGE), page << SHIFT);
    });
  }
}
