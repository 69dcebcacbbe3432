/** Builds what an SPI master drives, one nibble of D3..D0 per SPI clock, and reads what it samples. */
import type { SpiLines } from '../../emulator/bus/spi-wire.ts';

/** All lines released. */
export const RELEASED = 0xf;

/** Order of the eight bits of `byte` reversed: the LSB-first settings of CTRL. */
export function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}

export class Wave {
  private readonly clocks: number[] = [];

  get length(): number {
    return this.clocks.length;
  }

  /** `count` bits of `bytes`, first byte first and most significant bit first. */
  bits(bytes: ArrayLike<number>, count: number, lines: SpiLines): void {
    const mask = (1 << lines) - 1;
    for (let bit = 0; bit < count; bit += lines) {
      const level = ((bytes[bit >> 3] ?? 0) >> (8 - lines - (bit & 7))) & mask;
      this.clocks.push((RELEASED & ~mask) | level);
    }
  }

  /** `count` clocks in which the master drives nothing: dummy and input. */
  idle(count: number): void {
    for (let i = 0; i < count; i++) this.clocks.push(RELEASED);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.clocks);
  }
}

/** `count` bits sampled from `clock` on, packed as bytes, most significant bit first. */
export function sampleBits(
  wires: Uint8Array,
  clock: number,
  count: number,
  lines: SpiLines,
): Uint8Array {
  const bytes = new Uint8Array((count + 7) >> 3);
  const mask = (1 << lines) - 1;
  for (let bit = 0; bit < count; bit += lines) {
    const wire = wires[clock++] ?? RELEASED;
    const level = lines === 1 ? (wire >> 1) & 1 : wire & mask;
    bytes[bit >> 3] = bytes[bit >> 3]! | (level << (8 - lines - (bit & 7)));
  }
  return bytes;
}
