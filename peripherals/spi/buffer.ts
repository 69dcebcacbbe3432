/** W0..W15 and where a transfer's input goes. */
import { BUFFER_BYTES, bufferLane } from './transaction.ts';
import type { Landing, SpiBank } from './transaction.ts';
import type { SpiDma } from './dma.ts';
import { reverseBits } from './wave.ts';

const WORDS = BUFFER_BYTES / 4;

/** Content of W0..W15. */
export function readBuffer(bank: SpiBank): Uint8Array {
  const bytes = new Uint8Array(BUFFER_BYTES);
  for (let word = 0; word < WORDS; word++) {
    const value = bank.get(`W${word}` as 'W0');
    for (let lane = 0; lane < 4; lane++) bytes[word * 4 + lane] = value >>> (lane * 8);
  }
  return bytes;
}

/** Puts received bytes, first bit in the highest place, where the transfer's input lands. */
export function land(
  bank: SpiBank,
  dma: SpiDma,
  landing: Landing,
  from: number,
  bytes: Uint8Array,
): void {
  if (bank.getField('CTRL', 'RD_BIT_ORDER') === 1)
    bytes.forEach((byte, i) => (bytes[i] = reverseBits(byte)));
  if (landing === 'status') bank.setField('RD_STATUS', 'STATUS', bytes[0] ?? 0);
  else if (landing === 'dma') dma.input(bytes);
  else if (landing === 'buffer') {
    const bigEndian = bank.getField('USER', 'RD_BYTE_ORDER') === 1;
    bytes.forEach((byte, i) => {
      const lane = bufferLane(from + i, bigEndian);
      const name = `W${lane >> 2}` as 'W0';
      const shift = (lane & 3) * 8;
      bank.set(name, (bank.get(name) & ~(0xff << shift)) | (byte << shift));
    });
  }
}
