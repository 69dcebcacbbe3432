import { InputError } from './errors.ts';

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');

/** Longer names are cut: a hostile table of overlapping strings must not fill the host's memory. */
const MAX_STRING = 1024;

/** Little-endian reads from an input file; a read past the end is an `InputError`, never garbage. */
export class ByteView {
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.file = file;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** Throws unless `size` bytes at `offset` lie inside the file. */
  need(offset: number, size: number, what: string): void {
    if (offset >= 0 && size >= 0 && offset + size <= this.bytes.length) return;
    throw new InputError(this.file, `truncated: ${what} needs ${size} bytes`, {
      offset,
      expected: `a file of at least 0x${(offset + size).toString(16)} bytes, not 0x${this.length.toString(16)}`,
    });
  }

  u8(offset: number, what = 'byte'): number {
    this.need(offset, 1, what);
    return this.#view.getUint8(offset);
  }

  u16(offset: number, what = 'half-word'): number {
    this.need(offset, 2, what);
    return this.#view.getUint16(offset, true);
  }

  u32(offset: number, what = 'word'): number {
    this.need(offset, 4, what);
    return this.#view.getUint32(offset, true);
  }

  /** The same file cut at `end`; offsets stay as they are. */
  upTo(end: number): ByteView {
    return new ByteView(this.bytes.subarray(0, end), this.file);
  }

  slice(offset: number, size: number, what: string): Uint8Array {
    this.need(offset, size, what);
    return this.bytes.subarray(offset, offset + size);
  }

  /** A NUL-terminated UTF-8 string, ended by `end` or after 1024 bytes at the latest. */
  cString(offset: number, end = this.bytes.length): string {
    const limit = Math.min(end, this.bytes.length, offset + MAX_STRING);
    let stop = offset;
    while (stop < limit && this.bytes[stop] !== 0) stop++;
    return utf8.decode(this.bytes.subarray(offset, stop));
  }
}

/** The file-wide search for an ASCII text; -1 when absent. */
export function indexOfText(bytes: Uint8Array, text: string): number {
  return latin1.decode(bytes).indexOf(text);
}

export function toHexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function isFilledWith(bytes: Uint8Array, value: number): boolean {
  return bytes.every((byte) => byte === value);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
