/**
 * Pictures of displays as PNG files (ISO/IEC 15948): 8-bit RGB, no interlacing, filter 0 on every
 * line. The pixels are stored, not compressed, so that the same picture is the same bytes with
 * every version of every library. A pure function: displays keep frame buffers, not pictures.
 */

/** Pixels as they are seen: three bytes (red, green, blue) each, line after line from the top left. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHUNK_OVERHEAD = 12;
const HEADER_BYTES = 13;
/** Most bytes of a stored block of RFC 1951. */
const BLOCK_BYTES = 65535;
const BLOCK_OVERHEAD = 5;
/** CMF and FLG of RFC 1950: deflate, 32 KiB window, fastest. */
const ZLIB_HEADER = [0x78, 0x01];
const ADLER_MODULUS = 65521;

/** The picture as the bytes of a PNG file. */
export function encodePng(picture: Picture): Uint8Array {
  const { width, height, rgb } = picture;
  if (rgb.length !== 3 * width * height)
    throw new Error(`picture: ${rgb.length} bytes are not ${width} x ${height} pixels`);
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2], 8);
  const lines = new Uint8Array(height * (3 * width + 1));
  for (let y = 0; y < height; y++)
    lines.set(rgb.subarray(3 * width * y, 3 * width * (y + 1)), y * (3 * width + 1) + 1);
  const chunks = [chunk('IHDR', header), chunk('IDAT', zlibStored(lines)), chunk('IEND', [])];
  return concatenate([Uint8Array.from(SIGNATURE), ...chunks]);
}

function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(data.length + CHUNK_OVERHEAD);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** A zlib stream of stored blocks. */
function zlibStored(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from(ZLIB_HEADER)];
  for (let from = 0; from === 0 || from < data.length; from += BLOCK_BYTES) {
    const block = data.subarray(from, from + BLOCK_BYTES);
    const head = new Uint8Array(BLOCK_OVERHEAD);
    const view = new DataView(head.buffer);
    view.setUint8(0, from + BLOCK_BYTES >= data.length ? 1 : 0);
    view.setUint16(1, block.length, true);
    view.setUint16(3, ~block.length & 0xffff, true);
    parts.push(head, block);
  }
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setUint32(0, adler32(data));
  return concatenate([...parts, sum]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % ADLER_MODULUS;
    b = (b + a) % ADLER_MODULUS;
  }
  return ((b << 16) | a) >>> 0;
}
