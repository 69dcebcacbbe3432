/**
 * Snapshots and run logs as files: eight bytes of magic with the kind and the version of the format,
 * then, compressed by zlib, a length, the values as JSON, and the typed arrays one after another, which
 * the JSON names by type, offset and length.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import type { StateValue } from '../bus/state.ts';
import { InputError, printable } from '../loader/errors.ts';

export type StateFileKind = 'snapshot' | 'run';

/** Changes with every change of the layout below, or of what the two kinds hold. */
const FORMAT_VERSION = 1;
const MAGIC = 'LSTEP32';
const KIND_LETTER: Readonly<Record<StateFileKind, string>> = { snapshot: 'S', run: 'R' };
const HEADER = 10;
/** No machine is larger: 16 MiB of flash and 8 of PSRAM, all of it written. */
const LARGEST = 1 << 27;

const ARRAYS = { Int32Array, Uint32Array, Uint16Array, Uint8Array, Float64Array } as const;
type ArrayName = keyof typeof ARRAYS;

export function encodeStateFile(kind: StateFileKind, value: StateValue): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const json = JSON.stringify(value, (_key, item: unknown) => {
    if (!ArrayBuffer.isView(item)) return item;
    const view = item as Uint8Array;
    const place = { $: view.constructor.name, at: length, length: view.length };
    parts.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    length += view.byteLength;
    return place;
  });
  const text = Buffer.from(json, 'utf8');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  const header = Buffer.alloc(HEADER);
  header.write(MAGIC + KIND_LETTER[kind], 'latin1');
  header.writeUInt16LE(FORMAT_VERSION, 8);
  const body = deflateSync(Buffer.concat([size, text, ...parts]), { level: 6 });
  return new Uint8Array(Buffer.concat([header, body]));
}

/** Throws InputError for a file of another kind or version, and for a damaged one. */
export function decodeStateFile(kind: StateFileKind, bytes: Uint8Array, file: string): StateValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expected = `a Lockstep32 ${kind === 'run' ? 'run log' : 'snapshot'}`;
  if (buffer.length < HEADER || buffer.toString('latin1', 0, 7) !== MAGIC)
    throw new InputError(file, 'not a file of Lockstep32', { offset: 0, expected });
  if (buffer.toString('latin1', 7, 8) !== KIND_LETTER[kind])
    throw new InputError(file, 'a file of another kind', { offset: 7, expected });
  const version = buffer.readUInt16LE(8);
  if (version !== FORMAT_VERSION)
    throw new InputError(file, `version ${version} of the format`, {
      offset: 8,
      expected: `version ${FORMAT_VERSION}`,
      hint: 'make it again with this version of lockstep32',
    });
  try {
    return decodeBody(inflateSync(buffer.subarray(HEADER), { maxOutputLength: LARGEST }));
  } catch (error) {
    const hint = printable(error instanceof Error ? error.message : String(error));
    throw new InputError(file, 'damaged or cut short', { offset: HEADER, hint });
  }
}

function decodeBody(body: Buffer): StateValue {
  const textLength = body.readUInt32LE(0);
  const start = 4 + textLength;
  if (start > body.length) throw new Error('the values are cut short');
  const value = JSON.parse(body.toString('utf8', 4, start)) as unknown;
  return revive(value, body.subarray(start)) as StateValue;
}

function revive(value: unknown, arrays: Buffer): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => revive(item, arrays));
  const record = value as Record<string, unknown>;
  const name = record['$'];
  if (typeof name === 'string' && name in ARRAYS)
    return reviveArray(name as ArrayName, Number(record['at']), Number(record['length']), arrays);
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [key, revive(item, arrays)]),
  );
}

function reviveArray(name: ArrayName, at: number, length: number, arrays: Buffer): unknown {
  const make = ARRAYS[name];
  const byteLength = length * make.BYTES_PER_ELEMENT;
  if (!(at >= 0 && length >= 0 && at + byteLength <= arrays.length))
    throw new Error('an array lies outside the file');
  return new make(Uint8Array.from(arrays.subarray(at, at + byteLength)).buffer);
}
