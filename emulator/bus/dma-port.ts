/**
 * The RAM as peripherals with DMA see it: the data-bus addresses of SRAM1 and SRAM2 (TRM, "DMA"),
 * no cache, no region protection. Writes invalidate decoded code like a core's writes.
 */
import type { Bus } from './bus.ts';

export class DmaPort {
  private readonly bus: Bus;

  constructor(bus: Bus) {
    this.bus = bus;
  }

  /** True when all of `length` bytes at `addr` can be reached by DMA. */
  reaches(addr: number, length: number): boolean {
    return this.bus.dmaOffset(addr, length) >= 0;
  }

  /** Copies RAM into `into`; false (and zeros) when DMA cannot reach the range. */
  read(addr: number, into: Uint8Array): boolean {
    const offset = this.bus.dmaCopy(addr, into.length);
    if (offset < 0) {
      into.fill(0);
      this.bus.reportDma(addr, 'read');
      return false;
    }
    into.set(this.bus.memory.bytes.subarray(offset, offset + into.length));
    return true;
  }

  /** Copies `from` into RAM; false (and no change) when DMA cannot reach the range. */
  write(addr: number, from: Uint8Array): boolean {
    const offset = this.bus.dmaCopy(addr, from.length);
    if (offset < 0) {
      this.bus.reportDma(addr, 'write');
      return false;
    }
    this.bus.memory.bytes.set(from, offset);
    this.bus.written(offset, from.length);
    return true;
  }

  /** The word at `addr`, or 0 when DMA cannot reach it: linked-list descriptors. */
  read32(addr: number): number {
    const word = new Uint8Array(4);
    this.read(addr, word);
    return new DataView(word.buffer).getInt32(0, true);
  }

  write32(addr: number, value: number): void {
    const word = new Uint8Array(4);
    new DataView(word.buffer).setInt32(0, value, true);
    this.write(addr, word);
  }
}
