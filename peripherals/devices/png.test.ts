/** The PNG encoder, read back by node's zlib and by walking the chunks. */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePng } from './png.ts';

/** Chunks by type; the CRC of each is checked bit by bit, not by a table. */
function chunksOf(png: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const body = png.subarray(at + 4, at + 8 + length);
    let crc = 0xffffffff;
    for (const byte of body)
      for (let bit = 0; bit < 8; bit++) {
        const carry = (crc ^ (byte >>> bit)) & 1;
        crc = (crc >>> 1) ^ (carry === 1 ? 0xedb88320 : 0);
      }
    expect(view.getUint32(at + 8 + length)).toBe((crc ^ 0xffffffff) >>> 0);
    chunks.set(String.fromCharCode(...body.subarray(0, 4)), body.subarray(4));
    at += 12 + length;
  }
  return chunks;
}

describe('png', () => {
  it.each([
    [1, 1],
    [128, 64],
    [240, 320],
  ])('%i x %i pixels come back', (width, height) => {
    const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7 + (i >> 8)) & 255);
    const chunks = chunksOf(encodePng({ width, height, rgb }));
    expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
    const header = chunks.get('IHDR')!;
    const dimensions = new DataView(header.buffer, header.byteOffset);
    expect([dimensions.getUint32(0), dimensions.getUint32(4)]).toEqual([width, height]);
    expect([...header.subarray(8)]).toEqual([8, 2, 0, 0, 0]);
    const lines = inflateSync(chunks.get('IDAT')!);
    for (let y = 0; y < height; y++) {
      const line = lines.subarray(y * (3 * width + 1), (y + 1) * (3 * width + 1));
      expect(line[0]).toBe(0);
      expect(
        Buffer.compare(line.subarray(1), rgb.subarray(3 * width * y, 3 * width * (y + 1))),
      ).toBe(0);
    }
  });

  it('refuses pixels that do not fill the picture', () => {
    expect(() => encodePng({ width: 2, height: 2, rgb: new Uint8Array(11) })).toThrow(/11 bytes/);
  });
});
