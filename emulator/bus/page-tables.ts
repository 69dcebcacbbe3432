/**
 * Tables with a word per 4 KiB page of the address space, cut from one buffer. The C library takes a
 * block as large as this from the system, as zeros that cost nothing until they are touched; blocks of
 * one table's size it would reuse and clear, which took most of the time to make a chip.
 */

/** Number of 4 KiB pages in the address space. */
export const PAGES = 1 << 20;

/** A chip's: three tables of a port and one of its decoder, for two cores, and a byte per page for each. */
const TABLES = 2 * 4;
const BYTES = PAGES * 4 * TABLES + PAGES * 2;

export class PageTables {
  private buffer = new ArrayBuffer(BYTES);
  private used = 0;

  /** A table of zeros. */
  words(): Int32Array {
    const at = this.take(PAGES * 4);
    return new Int32Array(this.buffer, at, PAGES);
  }

  /** A table of zeros with a byte per page. */
  bytes(): Uint8Array {
    const at = this.take(PAGES);
    return new Uint8Array(this.buffer, at, PAGES);
  }

  /** Where the next table begins; another buffer is begun when this one is used up. */
  private take(size: number): number {
    if (this.used + size > BYTES) {
      this.buffer = new ArrayBuffer(BYTES);
      this.used = 0;
    }
    const at = this.used;
    this.used += size;
    return at;
  }
}
