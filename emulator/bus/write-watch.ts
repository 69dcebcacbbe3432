/**
 * Remembers bytes of the backing store, decoded instructions or what somebody outside the guest
 * observes, and tells listeners when one of them is written. A bitmap per 4 KiB page keeps data
 * beside them from costing anything but the slow path.
 */
export type WriteListener = (backingOffset: number, size: number) => void;

const WORDS_PER_PAGE = 4096 / 32;

export class WriteWatch {
  private readonly bitmaps: (Uint32Array | undefined)[];
  private readonly listeners: WriteListener[] = [];
  private readonly onPage: (page: number) => void;

  /** `onPage` is told each backing page that becomes watched, or is no longer. */
  constructor(backingSize: number, onPage: (page: number) => void) {
    this.onPage = onPage;
    this.bitmaps = new Array<Uint32Array | undefined>(Math.ceil(backingSize / 4096)).fill(
      undefined,
    );
  }

  /** `listener` is called after a write that overlaps watched bytes. */
  onWrite(listener: WriteListener): void {
    this.listeners.push(listener);
  }

  /** True when any byte of the backing page is watched. */
  isWatched(page: number): boolean {
    return this.bitmaps[page] !== undefined;
  }

  watch(offset: number, length: number): void {
    const fresh: number[] = [];
    for (let i = offset; i < offset + length; i++) {
      const page = i >>> 12;
      let bitmap = this.bitmaps[page];
      if (bitmap === undefined) {
        bitmap = new Uint32Array(WORDS_PER_PAGE);
        this.bitmaps[page] = bitmap;
        fresh.push(page);
      }
      bitmap[(i & 0xfff) >>> 5]! |= 1 << (i & 31);
    }
    fresh.forEach(this.onPage);
  }

  /** Forgets all watched bytes of a page. */
  forget(page: number): void {
    if (!this.isWatched(page)) return;
    this.bitmaps[page] = undefined;
    this.onPage(page);
  }

  /** Tells the listeners that every watched page changed, and forgets them. */
  invalidateAll(): void {
    const pages: number[] = [];
    this.bitmaps.forEach((bitmap, page) => {
      if (bitmap === undefined) return;
      pages.push(page);
      this.bitmaps[page] = undefined;
      for (const listener of this.listeners) listener(page << 12, 4096);
    });
    pages.forEach(this.onPage);
  }

  /** Reports a finished write to the listeners when it overlaps watched bytes. */
  written(offset: number, size: number): void {
    const end = offset + size;
    let i = offset;
    while (i < end) {
      const bitmap = this.bitmaps[i >>> 12];
      if (bitmap === undefined) {
        i = ((i >>> 12) + 1) << 12;
        continue;
      }
      if (((bitmap[(i & 0xfff) >>> 5]! >>> (i & 31)) & 1) !== 0) {
        for (const listener of this.listeners) listener(offset, size);
        return;
      }
      i++;
    }
  }
}
