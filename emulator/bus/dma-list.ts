/**
 * Linked lists of DMA descriptors (TRM chapter "DMA Controller", linked list): three words, of which
 * the first holds size (bits 0-11), length (12-23), end of frame (30) and owner (31: DMA), the
 * second the buffer, the third the next descriptor or 0.
 */

/** What a list needs of memory; `DmaPort` provides it. */
export interface DmaMemory {
  read(addr: number, into: Uint8Array): boolean;
  write(addr: number, from: Uint8Array): boolean;
  read32(addr: number): number;
  write32(addr: number, value: number): void;
}

export interface ListResult {
  /** Bytes moved; fewer than asked for when the list was too short. */
  readonly moved: number;
  /** Address of the descriptor used last. */
  readonly last: number;
  /** The descriptor used last ends its frame. */
  readonly endOfFrame: boolean;
  /** A descriptor that the DMA does not own, or memory that it cannot reach. */
  readonly error: boolean;
  /** Address of the first descriptor whose buffer or size is not a multiple of 4 bytes, or 0. */
  readonly unaligned: number;
}

const OWNER_DMA = 0x80000000;
const END_OF_FRAME = 0x40000000;
const FIELD = 0xfff;
const LENGTH_SHIFT = 12;
const LENGTH_MASK = FIELD << LENGTH_SHIFT;
/** Bounds the walk through a list that bites its tail. */
const MOST_DESCRIPTORS = 8192;

/** Gathers `into.length` bytes from the list at `head`. */
export function gather(memory: DmaMemory, head: number, into: Uint8Array): ListResult {
  return walk(memory, head, into.length, (control, buffer, moved) => {
    const count = Math.min((control >>> LENGTH_SHIFT) & FIELD, into.length - moved);
    const part = into.subarray(moved, moved + count);
    return count > 0 && !memory.read(buffer, part) ? -1 : count;
  });
}

/**
 * Spreads `from` over the list at `head`. Each descriptor used gets its length, goes back to the
 * CPU, and the last one ends the frame.
 */
export function scatter(memory: DmaMemory, head: number, from: Uint8Array): ListResult {
  return walk(memory, head, from.length, (control, buffer, moved, descriptor) => {
    const count = Math.min(control & FIELD, from.length - moved);
    if (count > 0 && !memory.write(buffer, from.subarray(moved, moved + count))) return -1;
    const last = moved + count === from.length ? END_OF_FRAME : 0;
    const kept = control & ~(OWNER_DMA | END_OF_FRAME | LENGTH_MASK);
    memory.write32(descriptor, kept | (count << LENGTH_SHIFT) | last);
    return count;
  });
}

type Step = (control: number, buffer: number, moved: number, descriptor: number) => number;

function walk(memory: DmaMemory, head: number, wanted: number, step: Step): ListResult {
  let moved = 0;
  let last = head;
  let endOfFrame = false;
  let descriptor = head;
  let unaligned = 0;
  for (let used = 0; moved < wanted && descriptor !== 0 && used < MOST_DESCRIPTORS; used++) {
    const control = memory.read32(descriptor) >>> 0;
    last = descriptor;
    if (control < OWNER_DMA) return { moved, last, endOfFrame, error: true, unaligned };
    const buffer = memory.read32(descriptor + 4) >>> 0;
    if (unaligned === 0 && ((buffer | control) & 3) !== 0) unaligned = descriptor;
    const count = step(control, buffer, moved, descriptor);
    if (count < 0) return { moved, last, endOfFrame, error: true, unaligned };
    moved += count;
    endOfFrame = (control & END_OF_FRAME) !== 0;
    descriptor = memory.read32(descriptor + 8) >>> 0;
  }
  return { moved, last, endOfFrame, error: false, unaligned };
}
