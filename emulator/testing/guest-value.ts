/**
 * Guest bytes to JavaScript values and back, by debug types. Integers and pointers are numbers, 8-byte
 * ones bigints where a number would not be exact; `char` arrays are strings up to their zero; enums
 * are their names, or the number when it has none; structures are objects, arrays arrays; a Rust enum
 * is `{ variant, value }`.
 */
import type { Field, GuestType, Variant } from '../loader/dwarf-types.ts';
import { InputError, printable } from '../loader/errors.ts';

export type GuestValue =
  number | bigint | boolean | string | GuestValue[] | { [field: string]: GuestValue };

/** Values made at once; larger variables are read by path. */
const MOST_VALUES = 1 << 18;

export function decodeValue(type: GuestType, bytes: Uint8Array): GuestValue {
  return decode(type, bytes, 0, { left: MOST_VALUES });
}

interface Budget {
  left: number;
}

function decode(type: GuestType, bytes: Uint8Array, at: number, budget: Budget): GuestValue {
  if (budget.left-- <= 0)
    throw new InputError('variable', 'too large to read at once', {
      hint: 'read a part of it by its path',
    });
  switch (type.kind) {
    case 'integer':
    case 'character':
      return readInteger(bytes, at, type.size, type.signed);
    case 'boolean':
      return Number(readInteger(bytes, at, type.size, false)) !== 0;
    case 'pointer':
      return readInteger(bytes, at, 4, false);
    case 'enum': {
      const value = Number(readInteger(bytes, at, type.size, false));
      const signed = Number(readInteger(bytes, at, type.size, true));
      return type.names.get(value) ?? type.names.get(signed) ?? value;
    }
    case 'float':
      return readFloat(bytes, at, type.size);
    case 'array':
      return decodeArray(type, bytes, at, budget);
    case 'struct':
    case 'union':
      return Object.fromEntries(
        type.fields.map((field) => [field.name, decodeField(field, bytes, at, budget)]),
      );
    case 'variants':
      return decodeVariant(type, bytes, at, budget);
    case 'opaque':
      return {};
  }
}

function decodeField(field: Field, bytes: Uint8Array, at: number, budget: Budget): GuestValue {
  const type = field.type();
  const { bits } = field;
  checkPlace(field, bytes, at);
  if (bits === undefined) return decode(type, bytes, at + field.offset, budget);
  const word = BigInt(readInteger(bytes, at + field.offset, bits.size, false));
  const raw = (word >> BigInt(bits.low)) & ((1n << BigInt(bits.count)) - 1n);
  const asSigned = BigInt.asIntN(bits.count, raw);
  if (type.kind === 'boolean') return raw !== 0n;
  if (type.kind === 'enum')
    return type.names.get(Number(raw)) ?? type.names.get(Number(asSigned)) ?? Number(raw);
  const isSigned = (type.kind === 'integer' || type.kind === 'character') && type.signed;
  return exact(isSigned ? asSigned : raw);
}

/** Damaged debug information may put a field outside of its structure. */
function checkPlace(field: Field, bytes: Uint8Array, at: number): void {
  const start = at + field.offset;
  const size = field.bits?.size ?? field.type().size;
  if (start >= 0 && start + size <= bytes.length) return;
  throw new InputError(`field '${printable(field.name)}'`, 'it lies outside of its structure', {
    expected: 'debug information that a compiler made',
  });
}

function decodeArray(
  type: GuestType & { kind: 'array' },
  bytes: Uint8Array,
  at: number,
  budget: Budget,
): GuestValue {
  const { element, count } = type;
  if (element.kind === 'character' && element.size === 1) {
    const text = bytes.subarray(at, at + count);
    const zero = text.indexOf(0);
    return Buffer.from(zero < 0 ? text : text.subarray(0, zero)).toString('utf8');
  }
  return Array.from({ length: count }, (_, i) =>
    decode(element, bytes, at + i * element.size, budget),
  );
}

/** The variant that the discriminant chooses, else the one without a value of its own. */
export function presentVariant(
  type: GuestType & { kind: 'variants' },
  bytes: Uint8Array,
  at: number,
): Variant | undefined {
  const { discriminant, variants } = type;
  if (discriminant === undefined) return variants[0];
  const chosenBy = discriminant.type();
  const signed = chosenBy.kind === 'integer' && chosenBy.signed;
  const present = Number(readInteger(bytes, at + discriminant.offset, chosenBy.size, signed));
  return (
    variants.find(({ value }) => value !== undefined && value === present) ??
    variants.find((variant) => variant.value === undefined)
  );
}

function decodeVariant(
  type: GuestType & { kind: 'variants' },
  bytes: Uint8Array,
  at: number,
  budget: Budget,
): GuestValue {
  const variant = presentVariant(type, bytes, at);
  if (variant === undefined) return { variant: '?', value: {} };
  return { variant: variant.field.name, value: decodeField(variant.field, bytes, at, budget) };
}

function readInteger(
  bytes: Uint8Array,
  at: number,
  size: number,
  signed: boolean,
): number | bigint {
  let value = 0n;
  for (let i = Math.min(size, 16) - 1; i >= 0; i--)
    value = (value << 8n) | BigInt(bytes[at + i] ?? 0);
  if (signed) value = BigInt.asIntN(size * 8, value);
  return exact(value);
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readFloat(bytes: Uint8Array, at: number, size: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return size === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true);
}

/** Puts a value into `bytes`, which hold the present one. Throws InputError when it does not fit the type. */
export function encodeValue(
  type: GuestType,
  bytes: Uint8Array,
  at: number,
  value: GuestValue,
  path: string,
): void {
  switch (type.kind) {
    case 'integer':
    case 'character':
    case 'pointer':
      return writeInteger(bytes, at, type.size, integerOf(value, path), path);
    case 'boolean':
      if (typeof value !== 'boolean') throw misfit(path, value, 'true or false');
      return writeInteger(bytes, at, type.size, value ? 1n : 0n, path);
    case 'enum':
      return writeInteger(bytes, at, type.size, enumValue(type, value, path), path);
    case 'float': {
      if (typeof value !== 'number') throw misfit(path, value, 'a number');
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      if (type.size === 8) view.setFloat64(at, value, true);
      else view.setFloat32(at, value, true);
      return;
    }
    case 'array':
      return encodeArray(type, bytes, at, value, path);
    case 'struct':
    case 'union':
      return encodeFields(type, bytes, at, value, path);
    default:
      throw misfit(path, value, 'a path to a part of it: the whole cannot be written');
  }
}

function encodeArray(
  type: GuestType & { kind: 'array' },
  bytes: Uint8Array,
  at: number,
  value: GuestValue,
  path: string,
): void {
  const { element, count } = type;
  if (typeof value === 'string' && element.kind === 'character') {
    const text = Buffer.from(value, 'utf8');
    if (text.length > count) throw misfit(path, value, `at most ${count} bytes of text`);
    bytes.set(text, at);
    if (text.length < count) bytes[at + text.length] = 0;
    return;
  }
  if (!Array.isArray(value) || value.length > count)
    throw misfit(path, value, `an array of at most ${count} values`);
  value.forEach((item, i) =>
    encodeValue(element, bytes, at + i * element.size, item, `${path}[${i}]`),
  );
}

function encodeFields(
  type: GuestType & { kind: 'struct' | 'union' },
  bytes: Uint8Array,
  at: number,
  value: GuestValue,
  path: string,
): void {
  if (typeof value !== 'object' || Array.isArray(value))
    throw misfit(path, value, 'an object with the fields to change');
  for (const [name, item] of Object.entries(value)) {
    const field = type.fields.find((one) => one.name === name);
    if (field === undefined)
      throw misfit(`${path}.${name}`, item, `a field of it: ${fieldNames(type.fields)}`);
    encodeField(field, bytes, at, item, `${path}.${name}`);
  }
}

export function encodeField(
  field: Field,
  bytes: Uint8Array,
  at: number,
  value: GuestValue,
  path: string,
): void {
  const type = field.type();
  const { bits } = field;
  checkPlace(field, bytes, at);
  if (bits === undefined) return encodeValue(type, bytes, at + field.offset, value, path);
  const wanted =
    type.kind === 'enum'
      ? enumValue(type, value, path)
      : integerOf(typeof value === 'boolean' ? Number(value) : value, path);
  const limit = 1n << BigInt(bits.count);
  if (wanted >= limit || wanted < -(limit >> 1n)) throw misfit(path, value, `${bits.count} bits`);
  const mask = (limit - 1n) << BigInt(bits.low);
  const word = BigInt(readInteger(bytes, at + field.offset, bits.size, false));
  const next = (word & ~mask) | ((wanted << BigInt(bits.low)) & mask);
  writeInteger(bytes, at + field.offset, bits.size, next, path);
}

function enumValue(type: GuestType & { kind: 'enum' }, value: GuestValue, path: string): bigint {
  if (typeof value === 'string') {
    for (const [number, name] of type.names) if (name === value) return BigInt(number);
    throw misfit(path, value, `one of ${[...type.names.values()].slice(0, 12).join(', ')}`);
  }
  return integerOf(value, path);
}

function integerOf(value: GuestValue, path: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw misfit(path, value, 'an integer');
}

function writeInteger(
  bytes: Uint8Array,
  at: number,
  size: number,
  value: bigint,
  path: string,
): void {
  const limit = 1n << BigInt(size * 8);
  if (value >= limit || value < -(limit >> 1n)) throw misfit(path, value, `${size * 8} bits`);
  for (let i = 0; i < size; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}

export function fieldNames(fields: readonly Field[]): string {
  return printable(fields.map(({ name }) => name).join(', '), 200);
}

function misfit(path: string, value: GuestValue, expected: string): InputError {
  const shown = typeof value === 'object' ? 'an object' : printable(String(value), 40);
  return new InputError(path, `${shown} does not fit`, { expected });
}
