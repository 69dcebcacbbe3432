/**
 * A variable of the firmware, or a part of one: `g_state`, `task.queue[3].len`, `list->next->value`.
 * A dot goes through a pointer as `->` does.
 */
import type { Field, GuestType } from '../loader/dwarf-types.ts';
import type { DebugTypes, GuestVariable } from '../loader/dwarf-variables.ts';
import { InputError, printable } from '../loader/errors.ts';
import { nearestNames } from '../loader/symbols.ts';
import { nearest } from '../debugger/symbols.ts';
import type { Condition } from './conditions.ts';
import type { GuestMemory } from './guest-memory.ts';
import {
  decodeValue,
  encodeField,
  encodeValue,
  fieldNames,
  presentVariant,
} from './guest-value.ts';
import type { GuestValue } from './guest-value.ts';
import type { Watchpoints } from './watchpoints.ts';

export interface VariableParts {
  readonly memory: GuestMemory;
  readonly watchpoints: () => Watchpoints;
}

/** Where a path has led to; a bit field keeps its field. */
interface Place {
  readonly address: number;
  readonly type: GuestType;
  readonly field?: Field;
}

const LONGEST_PATH = 4096;
const STEP = /^(?:\.|->)?([A-Za-z_$][\w$]*)|^\[(\d+)\]/;

export class Variable {
  readonly path: string;
  readonly address: number;
  readonly type: GuestType;
  private readonly parts: VariableParts;
  /** The bit field that the path ends at; `address` is that of its structure. */
  private readonly bitField: Field | undefined;

  constructor(path: string, place: Place, parts: VariableParts) {
    this.path = path;
    this.address = place.address;
    this.type = place.type;
    this.bitField = place.field;
    this.parts = parts;
  }

  get size(): number {
    return this.type.size;
  }

  read(): GuestValue {
    const bytes = this.bytes();
    if (this.bitField === undefined) return decodeValue(this.type, bytes);
    const whole: GuestType = {
      kind: 'struct',
      name: '',
      size: bytes.length,
      fields: [this.bitField],
    };
    return (decodeValue(whole, bytes) as Record<string, GuestValue>)[this.bitField.name]!;
  }

  /** Takes what `read` gives; of a structure only the fields named are written. */
  write(value: GuestValue): void {
    const bytes = this.bytes();
    if (this.bitField !== undefined) encodeField(this.bitField, bytes, 0, value, this.path);
    else encodeValue(this.type, bytes, 0, value, this.path);
    this.parts.memory.write(this.address, bytes);
  }

  /** A part of it: `at('queue[3].len')`. */
  at(path: string): Variable {
    const place = follow(
      { address: this.address, type: this.type },
      path,
      this.path,
      this.parts.memory,
    );
    const dot = path.startsWith('[') ? '' : '.';
    return new Variable(`${this.path}${dot}${path}`, place, this.parts);
  }

  /** The condition that it has a value, or one that a test accepts; asked now and after each write to it. */
  becomes(wanted: GuestValue | ((value: GuestValue) => boolean)): Condition<GuestValue> {
    const accepts =
      typeof wanted === 'function' ? wanted : (value: GuestValue) => isSame(value, wanted);
    const shown = typeof wanted === 'function' ? 'what is asked' : show(wanted);
    return {
      name: `${this.path} becomes ${shown}`,
      watch: (_board, met) => {
        let isMet = false;
        const look = (): void => {
          if (isMet) return;
          const value = this.read();
          isMet = accepts(value);
          if (isMet) met(value);
        };
        const end = this.parts.watchpoints().add(this.address, this.byteCount, look);
        look();
        return { end };
      },
    };
  }

  /** The condition of the next change. */
  changes(): Condition<GuestValue> {
    const before = this.read();
    return { ...this.becomes((value) => !isSame(value, before)), name: `${this.path} changes` };
  }

  private get byteCount(): number {
    const { bitField } = this;
    return bitField?.bits === undefined ? this.type.size : bitField.offset + bitField.bits.size;
  }

  private bytes(): Uint8Array {
    if (this.byteCount === 0)
      throw new InputError(this.path, `its type '${printable(this.type.name)}' cannot be read`, {
        expected: 'a type with a size, or a path to a part of it',
      });
    return this.parts.memory.read(this.address, this.byteCount);
  }
}

/** Finds a variable by the path from its name on. */
export function findVariable(
  path: string,
  types: readonly DebugTypes[],
  parts: VariableParts,
): Variable {
  const { variable, rest } = locate(path, types);
  const start = { address: variable.address, type: variable.type() };
  const name = path.slice(0, path.length - rest.length);
  return new Variable(path, follow(start, rest, name, parts.memory), parts);
}

/**
 * The variable that a path begins with. Names in C++ and Rust may hold dots and brackets themselves:
 * the longest beginning that names one counts.
 */
export function locate(
  path: string,
  types: readonly DebugTypes[],
): { readonly variable: GuestVariable; readonly rest: string } {
  for (const end of [...ends(path)].reverse()) {
    const name = path.slice(0, end);
    for (const one of types) {
      const found = one.named(name);
      if (found.length === 1) return { variable: found[0]!, rest: path.slice(end) };
      if (found.length > 1)
        throw new InputError('variable', `several are named '${printable(name)}'`, {
          expected: `one of ${one.toldApart(found).join(', ')}`,
        });
    }
  }
  throw absent(path.slice(0, [...ends(path)][0]), types);
}

/** Where the name may end and a member, an element or nothing follow. */
function* ends(path: string): Generator<number> {
  for (const { index } of path.slice(0, LONGEST_PATH).matchAll(/(?!^)(?:\.|\[|->|$)/g)) yield index;
}

function absent(name: string, types: readonly DebugTypes[]): InputError {
  for (const one of types) {
    const why = one.whyNot(name);
    if (why !== undefined)
      return new InputError('variable', `'${printable(name)}' has no place in memory: ${why}`, {
        expected: 'a global or static variable',
        hint: 'volatile or -Og keeps one',
      });
  }
  const names = types.flatMap((one) => one.names);
  const problem = types.find((one) => one.problem !== undefined)?.problem;
  return new InputError('variable', `there is none named '${printable(name)}'`, {
    ...(names.length === 0 ? { hint: problem ?? 'no ELF with debug information was given' } : {}),
    ...nearest(nearestNames(name, names)),
  });
}

function follow(start: Place, path: string, name: string, memory: GuestMemory): Place {
  let place = start;
  let rest = path;
  let done = name;
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (step === null)
      throw new InputError(
        `variable '${printable(name + path)}'`,
        `cannot read '${printable(rest)}'`,
        {
          expected: '.field, ->field or [index]',
        },
      );
    const [text, field, index] = step;
    place =
      field === undefined
        ? element(place, Number(index), done, memory)
        : member(place, field, done, memory);
    done += text;
    rest = rest.slice(text.length);
  }
  return place;
}

function element(place: Place, index: number, done: string, memory: GuestMemory): Place {
  const { type, address } = place;
  if (type.kind === 'pointer') {
    const target = type.target();
    return { address: (memory.read32(address) + index * target.size) >>> 0, type: target };
  }
  if (type.kind !== 'array')
    throw new InputError(`variable '${printable(done)}'`, 'it is not an array');
  // A flexible array member has no count: its end is for the guest to know.
  if (index >= type.count && type.count > 0)
    throw new InputError(`variable '${printable(done)}'`, `it has no element ${index}`, {
      expected: `0 to ${type.count - 1}`,
    });
  return { address: address + index * type.element.size, type: type.element };
}

function member(place: Place, name: string, done: string, memory: GuestMemory): Place {
  let { type, address } = place;
  if (type.kind === 'pointer') {
    address = memory.read32(address);
    type = type.target();
  }
  const fields = fieldsOf(type, address, memory);
  const field = fields?.find((one) => one.name === name);
  if (field === undefined) {
    if (fields === undefined)
      throw new InputError(`variable '${printable(done)}'`, 'it has no fields');
    const near = nearest(
      nearestNames(
        name,
        fields.map((one) => one.name),
      ),
    );
    throw new InputError(`variable '${printable(done)}'`, `it has no field '${printable(name)}'`, {
      expected: `one of ${fieldNames(fields)}`,
      ...near,
    });
  }
  if (field.bits !== undefined) return { address, type: field.type(), field };
  return { address: address + field.offset, type: field.type() };
}

function fieldsOf(
  type: GuestType,
  address: number,
  memory: GuestMemory,
): readonly Field[] | undefined {
  if (type.kind === 'struct' || type.kind === 'union') return type.fields;
  if (type.kind !== 'variants') return undefined;
  const present = presentVariant(type, memory.read(address, type.size), 0);
  return present === undefined ? [] : [present.field];
}

function isSame(a: GuestValue, b: GuestValue): boolean {
  return show(a) === show(b);
}

function show(value: GuestValue): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? String(item) : item,
  );
}
