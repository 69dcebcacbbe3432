/**
 * One FIFO in the RAM that the three UARTs share: 128 bytes per unit of MEM_CONF's size field.
 * TX FIFOs start at 0, 128 and 256, RX FIFOs at 384, 512 and 640 (measured on a revision 3.1 chip,
 * esp-idf issue 15757; the TRM's figure differs). Pointers wrap inside the FIFO's own window.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';

export const FIFO_UNIT_BYTES = 128;
const MAX_UNITS = 8;

export class ByteFifo implements Stateful {
  count = 0;
  private readonly base: number;
  private readonly bytes = new Uint8Array(FIFO_UNIT_BYTES * MAX_UNITS);
  private capacity = FIFO_UNIT_BYTES;
  private readIndex = 0;
  private writeIndex = 0;

  constructor(base: number) {
    this.base = base;
  }

  get full(): boolean {
    return this.count >= this.capacity;
  }

  /** Byte addresses in the shared RAM, as MEM_TX_STATUS and MEM_RX_STATUS show them. */
  get readAddress(): number {
    return this.base + this.readIndex;
  }

  get writeAddress(): number {
    return this.base + this.writeIndex;
  }

  /** A size of 0 units leaves one; a change empties the FIFO. */
  resize(units: number): void {
    const capacity = FIFO_UNIT_BYTES * Math.min(Math.max(units, 1), MAX_UNITS);
    if (capacity === this.capacity) return;
    this.capacity = capacity;
    this.clear();
  }

  clear(): void {
    this.count = 0;
    this.readIndex = 0;
    this.writeIndex = 0;
  }

  /** A byte that does not fit is lost: the caller asks `full` first where that matters. */
  push(value: number): void {
    if (this.full) return;
    this.bytes[this.writeIndex] = value;
    this.writeIndex = (this.writeIndex + 1) % this.capacity;
    this.count++;
  }

  /** The oldest byte; an empty FIFO gives the byte under its read pointer and does not move. */
  pop(): number {
    const value = this.bytes[this.readIndex]!;
    if (this.count === 0) return value;
    this.readIndex = (this.readIndex + 1) % this.capacity;
    this.count--;
    return value;
  }

  save(): State {
    const { count, capacity, readIndex, writeIndex } = this;
    return { bytes: this.bytes.slice(), count, capacity, readIndex, writeIndex };
  }

  restore(state: State): void {
    this.bytes.set(state['bytes'] as Uint8Array);
    this.count = state['count'] as number;
    this.capacity = state['capacity'] as number;
    this.readIndex = state['readIndex'] as number;
    this.writeIndex = state['writeIndex'] as number;
  }
}
