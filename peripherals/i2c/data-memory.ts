/**
 * Where bytes come from and go to: two FIFOs of 32 bytes, or with NONFIFO_EN the RAM of 32 bytes that
 * is mapped at 0x100, one byte in each word (TRM, "I2C architecture").
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';

export const FIFO_BYTES = 32;

class Fifo implements Stateful {
  count = 0;
  readAt = 0;
  writeAt = 0;
  private readonly bytes = new Uint8Array(FIFO_BYTES);

  clear(): void {
    this.count = 0;
    this.readAt = 0;
    this.writeAt = 0;
  }

  /** False when there is no room; the byte is lost then. */
  push(value: number): boolean {
    if (this.count === FIFO_BYTES) return false;
    this.bytes[this.writeAt] = value;
    this.writeAt = (this.writeAt + 1) % FIFO_BYTES;
    this.count++;
    return true;
  }

  /** An empty FIFO gives the old byte at its read pointer and stays where it is. */
  pop(): number {
    const value = this.bytes[this.readAt]!;
    if (this.count === 0) return value;
    this.readAt = (this.readAt + 1) % FIFO_BYTES;
    this.count--;
    return value;
  }

  save(): State {
    const { count, readAt, writeAt } = this;
    return { count, readAt, writeAt, bytes: this.bytes.slice() };
  }

  restore(state: State): void {
    this.count = state['count'] as number;
    this.readAt = state['readAt'] as number;
    this.writeAt = state['writeAt'] as number;
    this.bytes.set(state['bytes'] as Uint8Array);
  }
}

export class DataMemory implements Stateful {
  readonly tx = new Fifo();
  readonly rx = new Fifo();
  readonly ram = new Uint8Array(FIFO_BYTES);
  nonFifo = false;
  /** Offsets of the next byte to send and to store in the RAM. */
  txOffset = 0;
  rxOffset = 0;
  /** Where the bytes reported last in RXFIFO_ST begin and end: rx start, rx end, tx start, tx end. */
  readonly ranges = new Uint8Array(4);

  clear(): void {
    this.tx.clear();
    this.rx.clear();
    this.setOffset(0);
    this.ranges.fill(0);
  }

  setOffset(offset: number): void {
    this.txOffset = offset % FIFO_BYTES;
    this.rxOffset = offset % FIFO_BYTES;
    this.ranges[0] = this.rxOffset;
    this.ranges[2] = this.txOffset;
  }

  take(): number {
    if (!this.nonFifo) return this.tx.pop();
    const value = this.ram[this.txOffset]!;
    this.txOffset = (this.txOffset + 1) % FIFO_BYTES;
    return value;
  }

  /** False: the RX FIFO is full and the byte lost. */
  put(value: number): boolean {
    if (!this.nonFifo) return this.rx.push(value);
    this.ram[this.rxOffset] = value;
    this.rxOffset = (this.rxOffset + 1) % FIFO_BYTES;
    return true;
  }

  /** RXFIFO_ST: the FIFOs' pointers, or the ranges that the record interrupts report. */
  pointers(): number {
    const [rxStart, rxEnd, txStart, txEnd] = this.nonFifo
      ? [...this.ranges]
      : [this.rx.readAt, this.rx.writeAt, this.tx.readAt, this.tx.writeAt];
    return rxStart! | (rxEnd! << 5) | (txStart! << 10) | (txEnd! << 15);
  }

  save(): State {
    const { nonFifo, txOffset, rxOffset } = this;
    return {
      ...{ nonFifo, txOffset, rxOffset },
      tx: this.tx.save(),
      rx: this.rx.save(),
      ram: this.ram.slice(),
      ranges: this.ranges.slice(),
    };
  }

  restore(state: State): void {
    this.nonFifo = state['nonFifo'] as boolean;
    this.txOffset = state['txOffset'] as number;
    this.rxOffset = state['rxOffset'] as number;
    this.tx.restore(state['tx'] as State);
    this.rx.restore(state['rx'] as State);
    this.ram.set(state['ram'] as Uint8Array);
    this.ranges.set(state['ranges'] as Uint8Array);
  }
}
