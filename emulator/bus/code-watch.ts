/**
 * Remembers which bytes of the backing store hold decoded instructions, and tells listeners when
 * one of them is written. A bitmap per 4 KiB page keeps data beside code from costing anything
 * but the slow path.
 */
export type CodeListener = (backingOffset: number, size: number) => void;

const WORDS_PER_PAGE = 4096 / 32;

export class CodeWatch {
  private readonly bitmaps: (Uint32Array | undefined)[];
  private readonly listeners: CodeListener[] = [];

  constructor(backingSize: number) {
    this.bitmaps = new Array<Uint32Array | undefined>(Math.ceil(backingSize / 4096)).fill(
      undefined,
    );
  }

  /** `listener` is called after a write that overlaps watched bytes. */
  onWrite(listener: CodeListener): void {
    this.listeners.push(listener);
  }

  /** True when any byte of the backing page is watched. */
  isWatched(page: number): boolean {
    return this.bitmaps[page] !== undefined;
  }

  /** Watches bytes; returns the backing pages that became watched by it. */
  watch(offset: number, length: number): number[] {
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
    return fresh;
  }

  /** Forgets all watched bytes of a page. */
  forget(page: number): void {
    this.bitmaps[page] = undefined;
  }

  /** Tells the listeners that every watched page changed, and forgets them; returns the pages. */
  invalidateAll(): number[] {
    const pages: number[] = [];
    this.bitmaps.forEach((bitmap, page) => {
      if (bitmap === undefined) return;
      pages.push(page);
      this.bitmaps[page] = undefined;
      for (const listener of this.listeners) listener(page << 12, 4096);
    });
    return pages;
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
