/**
 * The tags of one core's external-memory cache: 32 KiB, 2 ways, 32-byte lines, virtually tagged,
 * shared by instructions and data; write-back with allocation for PSRAM (TRM, "Cache";
 * `ccomp_timer` test constants of ESP-IDF components).
 *
 * Only tags are kept: data always comes from the backing store.
 * **Not modelled:** stale lines (a flash program without a flush is seen at once); the loss of
 * dirty lines by a flush, which only invalidates (ESP-IDF evicts them by reading elsewhere first);
 * cache lock.
 * Unverified on silicon: the replacement is least-recently-used.
 */
import type { State } from '../bus/state.ts';

export const LINE_SHIFT = 5;
const SETS = 512;
const EMPTY = -1;

export class CacheTags {
  hits = 0;
  misses = 0;
  writeBacks = 0;
  /** Line numbers (address >> 5) by set * 2 + way. */
  private readonly tags = new Int32Array(SETS * 2).fill(EMPTY);
  private readonly dirty = new Uint8Array(SETS * 2);
  /** The way used last, by set. */
  private readonly recent = new Uint8Array(SETS);

  /** Looks a line up and marks it used; false on a miss. */
  lookup(line: number, write: boolean): boolean {
    const set = line & (SETS - 1);
    let slot = set * 2;
    if (this.tags[slot] !== line) {
      slot++;
      if (this.tags[slot] !== line) return false;
    }
    this.recent[set] = slot & 1;
    if (write) this.dirty[slot] = 1;
    this.hits++;
    return true;
  }

  /** Slot of a line that was just looked up or filled. */
  slotOf(line: number): number {
    const set = line & (SETS - 1);
    return set * 2 + this.recent[set]!;
  }

  /** A further hit of the line in `slot`. */
  touch(slot: number): void {
    this.recent[slot >> 1] = slot & 1;
    this.hits++;
  }

  /** Takes a line in after a miss; true when the line it replaces must be written back. */
  fill(line: number, write: boolean): boolean {
    const set = line & (SETS - 1);
    let way = this.recent[set]! ^ 1;
    if (this.tags[set * 2] === EMPTY) way = 0;
    else if (this.tags[set * 2 + 1] === EMPTY) way = 1;
    const slot = set * 2 + way;
    const writeBack = this.tags[slot] !== EMPTY && this.dirty[slot] !== 0;
    this.tags[slot] = line;
    this.dirty[slot] = write ? 1 : 0;
    this.recent[set] = way;
    this.misses++;
    if (writeBack) this.writeBacks++;
    return writeBack;
  }

  /** Empties the cache; returns how many lines were dirty. */
  flush(): number {
    let dirtyLines = 0;
    for (const bit of this.dirty) dirtyLines += bit;
    this.tags.fill(EMPTY);
    this.dirty.fill(0);
    this.recent.fill(0);
    return dirtyLines;
  }

  save(): State {
    return {
      hits: this.hits,
      misses: this.misses,
      writeBacks: this.writeBacks,
      tags: this.tags.slice(),
      dirty: this.dirty.slice(),
      recent: this.recent.slice(),
    };
  }

  restore(state: State): void {
    this.hits = state['hits'] as number;
    this.misses = state['misses'] as number;
    this.writeBacks = state['writeBacks'] as number;
    this.tags.set(state['tags'] as Int32Array);
    this.dirty.set(state['dirty'] as Uint8Array);
    this.recent.set(state['recent'] as Uint8Array);
  }
}
