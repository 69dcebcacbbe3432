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
  private readonly lines: number[] = [];
  /** Clocks of the dummy phase; empty when there is none. */
  readonly dummy = { from: 0, to: 0 };

  get length(): number {
    return this.clocks.length;
  }

  /** `count` bits of `bytes`, first byte first and most significant bit first. */
  bits(bytes: ArrayLike<number>, count: number, lines: SpiLines): void {
    const mask = (1 << lines) - 1;
    for (let bit = 0; bit < count; bit += lines) {
      const level = ((bytes[bit >> 3] ?? 0) >> (8 - lines - (bit & 7))) & mask;
      this.clocks.push((RELEASED & ~mask) | level);
      this.lines.push(lines);
    }
  }

  /** `count` clocks in which the master drives nothing: dummy and input. */
  idle(count: number): void {
    for (let i = 0; i < count; i++) {
      this.clocks.push(RELEASED);
      this.lines.push(0);
    }
  }

  /** `count` dummy clocks. */
  wait(count: number): void {
    this.dummy.from = this.length;
    this.idle(count);
    this.dummy.to = this.length;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.clocks);
  }

  /** Lines that carry bits in each clock: 0, 1, 2 or 4. */
  lineCounts(): Uint8Array {
    return Uint8Array.from(this.lines);
  }
}

/**
 * `count` bits sampled from `clock` on, packed as bytes, most significant bit first. One line is Q,
 * or D in 3-wire mode.
 */
export function sampleBits(
  wires: Uint8Array,
  clock: number,
  count: number,
  lines: SpiLines,
  threeWire = false,
): Uint8Array {
  const bytes = new Uint8Array((count + 7) >> 3);
  const mask = (1 << lines) - 1;
  for (let bit = 0; bit < count; bit += lines) {
    const wire = wires[clock++] ?? RELEASED;
    const level = lines === 1 ? (wire >> (threeWire ? 0 : 1)) & 1 : wire & mask;
    bytes[bit >> 3] = bytes[bit >> 3]! | (level << (8 - lines - (bit & 7)));
  }
  return bytes;
}
