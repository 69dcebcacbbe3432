/** Builders of small well-formed inputs for the loader's tests, independent of its parsers. */
import { createHash } from 'node:crypto';
import type { Files } from './files.ts';
import { InputError } from './errors.ts';

export const SEED = 20240611;

export function bytesOf(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function ascii(text: string, size = text.length): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(new TextEncoder().encode(text));
  return bytes;
}

export function u16(...values: readonly number[]): Uint8Array {
  return bytesOf(...values.flatMap((v) => [v & 255, (v >>> 8) & 255]));
}

export function u32(...values: readonly number[]): Uint8Array {
  return concat(...values.map((v) => u16(v & 0xffff, v >>> 16)));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A copy with bytes replaced at an offset. */
export function patched(bytes: Uint8Array, offset: number, patch: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.set(patch, offset);
  return copy;
}

export interface SegmentSpec {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly memSize?: number;
}

export interface SymbolSpec {
  readonly name: string;
  readonly address: number;
  readonly size?: number;
  /** 0 none, 1 object, 2 function. */
  readonly type?: number;
  /** 0 local, 1 global, 2 weak. */
  readonly binding?: number;
  /** Section index; 1 is the first segment's section, 0xfff1 absolute. */
  readonly section?: number;
}

/** An Xtensa executable: one section per segment, then further sections and the symbol table. */
export function buildElf(
  segments: readonly SegmentSpec[],
  symbols: readonly SymbolSpec[] = [],
  extra: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  const programHeaders = segments.length * 32;
  let offset = 52 + programHeaders;
  const strings = ['', ...symbols.map((s) => s.name)].join('\0') + '\0';
  const symbolBytes: Uint8Array[] = [new Uint8Array(16)];
  let nameAt = 1;
  for (const s of symbols) {
    const info = ((s.binding ?? 1) << 4) | (s.type ?? 2);
    const place = [u32(nameAt, s.address, s.size ?? 0), bytesOf(info, 0), u16(s.section ?? 1)];
    symbolBytes.push(concat(...place));
    nameAt += s.name.length + 1;
  }
  const named = Object.entries(extra);
  const sectionNames = ['', ...segments.map((_, i) => `.seg${i}`), ...named.map(([n]) => n)];
  const allNames = [...sectionNames, '.symtab', '.strtab', '.shstrtab'];
  const bodies = [
    ...segments.map((s) => s.bytes),
    ...named.map(([, bytes]) => bytes),
    concat(...symbolBytes),
    ascii(strings),
    ascii(allNames.join('\0') + '\0'),
  ];
  const offsets = bodies.map((body) => {
    const at = offset;
    offset += body.length;
    return at;
  });
  const strtab = bodies.length - 1;
  const headers = bodies.map((body, i) => {
    const name = allNames.slice(0, i + 1).join('\0').length + 1;
    const segment = segments[i];
    const type = i === strtab - 2 ? 2 : i > strtab - 2 ? 3 : 1;
    const memory = segment === undefined ? [0, 0] : [7, segment.address];
    const size = segment === undefined ? body.length : (segment.memSize ?? body.length);
    const kept = segment !== undefined && body.length === 0 ? 8 : type;
    return u32(
      name,
      kept,
      memory[0],
      memory[1],
      offsets[i],
      kept === 8 ? size : body.length,
      strtab,
      0,
      1,
      0,
    );
  });
  const header = concat(
    bytesOf(0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    u16(2, 94),
    u32(1, segments[0]?.address ?? 0, 52, offset, 0x300),
    u16(52, 32, segments.length, 40, bodies.length + 1, bodies.length),
  );
  const loads = segments.map((s, i) =>
    u32(1, offsets[i], s.address, s.address, s.bytes.length, s.memSize ?? s.bytes.length, 7, 4),
  );
  return concat(header, ...loads, ...bodies, new Uint8Array(40), ...headers);
}

export interface ImageSpec {
  readonly segments?: readonly SegmentSpec[];
  readonly entry?: number;
  readonly chipId?: number;
  /** Low nibble speed, high nibble size. */
  readonly speedSize?: number;
  readonly hash?: boolean;
}

export const RAM_SEGMENT: SegmentSpec = { address: 0x3fff_0030, bytes: ascii('dram', 12) };
export const DROM_SEGMENT: SegmentSpec = { address: 0x3f40_0020, bytes: ascii('drom', 300) };

/** An image as esptool makes it; a bootloader by default. */
export function buildImage(spec: ImageSpec = {}): Uint8Array {
  const segments = spec.segments ?? [
    RAM_SEGMENT,
    { address: 0x4007_8000, bytes: ascii('code', 16) },
  ];
  const header = concat(
    bytesOf(0xe9, segments.length, 2, spec.speedSize ?? 0x20),
    u32(spec.entry ?? 0x4007_8000),
    bytesOf(0xee, 0, 0, 0),
    u16(spec.chipId ?? 0),
    bytesOf(0, 0, 0, 0x8f, 1, 0, 0, 0, 0, spec.hash === false ? 0 : 1),
  );
  const parts = segments.flatMap((s) => [u32(s.address, s.bytes.length), s.bytes]);
  const body = concat(header, ...parts);
  const padded = concat(body, new Uint8Array(16 - (body.length % 16)));
  padded[padded.length - 1] = segments.reduce(
    (sum, s) => s.bytes.reduce((x, byte) => x ^ byte, sum),
    0xef,
  );
  if (spec.hash === false) return padded;
  return concat(padded, createHash('sha256').update(padded).digest());
}

export type PartitionSpec = readonly [
  label: string,
  type: number,
  subtype: number,
  offset: number,
  size: number,
];

export const FACTORY_TABLE: readonly PartitionSpec[] = [
  ['nvs', 1, 2, 0x9000, 0x6000],
  ['phy_init', 1, 1, 0xf000, 0x1000],
  ['factory', 0, 0, 0x1_0000, 0x10_0000],
];

export function buildTable(rows: readonly PartitionSpec[] = FACTORY_TABLE): Uint8Array {
  const entries = rows.map(([label, type, subtype, offset, size]) =>
    concat(u16(0x50aa), bytesOf(type, subtype), u32(offset, size), ascii(label, 16), u32(0)),
  );
  const body = concat(...entries);
  const md5 = createHash('md5').update(body).digest();
  const fill = new Uint8Array(14).fill(0xff);
  const whole = concat(body, u16(0xebeb), fill, md5);
  return concat(whole, new Uint8Array(0xc00 - whole.length).fill(0xff));
}

/** Files in memory; folders exist through the files in them. */
export function memoryFiles(content: Readonly<Record<string, Uint8Array | string>>): Files {
  const paths = Object.keys(content);
  return {
    read(path) {
      const found = content[path];
      return typeof found === 'string' ? ascii(found) : found;
    },
    isDirectory: (path) => paths.some((name) => name.startsWith(`${path}/`)),
    list(path) {
      const inside = paths.filter((name) => name.startsWith(`${path}/`));
      const names = inside.map((name) => name.slice(path.length + 1).split('/')[0]);
      return [...new Set(names)].sort();
    },
  };
}

/** The message of the InputError that `action` throws; any other outcome fails the test. */
export function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('no error was thrown');
}

/** Runs a parser on damaged input: a result or an InputError of one line passes. */
export function survives(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    return error instanceof InputError && !error.message.includes('\n');
  }
}
