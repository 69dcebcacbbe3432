/**
 * The register field engine: a peripheral's registers are a table of rows, and a `RegisterBank`
 * gives them storage, access rules and hooks. Access words are the TRM's; `W1C` (write 1 to
 * clear), `SC` (self-clearing: reads 0, the write is seen by the hook) and `RC` (cleared by reading) name what its prose says.
 */
import type { AccessSize, DeviceLog } from './device.ts';
import type { State, Stateful } from './state.ts';

export type Access = 'R/W' | 'RO' | 'WO' | 'W1C' | 'SC' | 'RC';

/**
 * How far a field goes: `modelled` has its effect, `stored` is kept and read back but does
 * nothing, `unmodelled` also enters the run report when firmware sets it to another than its reset value.
 */
export type FieldStatus = 'modelled' | 'stored' | 'unmodelled';

export interface FieldRow<N extends string = string> {
  readonly name: N;
  /** Lowest bit. */
  readonly bit: number;
  readonly width: number;
  readonly access: Access;
  readonly status: FieldStatus;
}

export interface RegisterRow<N extends string = string, F extends string = string> {
  readonly name: N;
  /** Byte offset in the block, a multiple of 4. */
  readonly offset: number;
  readonly reset: number;
  readonly fields: readonly FieldRow<F>[];
}

/** `field('RXFIFO_FULL', 0, 1, 'RO')`: names without the block's prefix. */
export function field<const N extends string>(
  name: N,
  bit: number,
  width: number,
  access: Access,
  status: FieldStatus = 'modelled',
): FieldRow<N> {
  return { name, bit, width, access, status };
}

export function register<const N extends string, const F extends string>(
  name: N,
  offset: number,
  reset: number,
  fields: readonly FieldRow<F>[],
): RegisterRow<N, F> {
  return { name, offset, reset, fields };
}

/** `count` registers of one shape, `stride` bytes apart; `NAME` and `{n}` in the name numbers them. */
export function registerArray<const N extends string, const F extends string>(
  name: (index: number) => N,
  count: number,
  offset: number,
  stride: number,
  reset: number,
  fields: readonly FieldRow<F>[],
): RegisterRow<N, F>[] {
  return Array.from({ length: count }, (_, i) =>
    register(name(i), offset + i * stride, reset, fields),
  );
}

type Names<T extends readonly RegisterRow[]> = T[number]['name'];
type FieldsOf<T extends readonly RegisterRow[], N> = Extract<
  T[number],
  { name: N }
>['fields'][number]['name'];

/** Computes the value read; `stored` is what the bank holds. */
export type ReadHook = (stored: number) => number;
/** Sees the raw value `written` (all 32 bits) after the bank took what is writable; `before` is the old content. */
export type WriteHook = (written: number, before: number) => void;

interface Slot {
  readonly row: RegisterRow;
  readonly index: number;
  readonly plainMask: number;
  readonly w1cMask: number;
  readonly rcMask: number;
  readonly readMask: number;
  readonly unmodelledMask: number;
  /** Index of the register that protects it, or -1. */
  protectedBy: number;
  onRead: ReadHook | undefined;
  onWrite: WriteHook | undefined;
}

export class RegisterBank<T extends readonly RegisterRow[]> implements Stateful {
  readonly device: string;
  private readonly values: Uint32Array;
  private readonly resets: Uint32Array;
  private readonly slots: (Slot | undefined)[];
  private readonly byName: ReadonlyMap<string, number>;
  private readonly log: DeviceLog;

  constructor(device: string, rows: T, log: DeviceLog) {
    this.device = device;
    this.log = log;
    const table = tableOf(device, rows);
    this.byName = table.byName;
    this.resets = table.resets;
    this.slots = table.slots.map((slot) => (slot === undefined ? undefined : { ...slot }));
    this.values = table.resets.slice();
  }

  /** All registers to their reset values; no hook runs. */
  reset(): void {
    this.values.set(this.resets);
  }

  onRead(name: Names<T>, hook: ReadHook): void {
    this.slot(name).onRead = hook;
  }

  onWrite(name: Names<T>, hook: WriteHook): void {
    this.slot(name).onWrite = hook;
  }

  /** Writes to these registers are ignored unless `by` holds its reset value, the key. */
  protect(names: readonly Names<T>[], by: Names<T>): void {
    const { index } = this.slot(by);
    for (const name of names) this.slot(name).protectedBy = index;
  }

  /** Content of a register, unsigned, without side effects. */
  get(name: Names<T>): number {
    return this.values[this.slot(name).index]!;
  }

  /** Sets a register's content from inside the device: no access rule, no hook. */
  set(name: Names<T>, value: number): void {
    this.values[this.slot(name).index] = value;
  }

  /** `set` of one register for frequent use: the name is looked up once. */
  setter(name: Names<T>): (value: number) => void {
    const index = this.slot(name).index;
    return (value) => {
      this.values[index] = value;
    };
  }

  /** One field's content, unsigned. */
  getField<N extends Names<T>>(name: N, fieldName: FieldsOf<T, N>): number {
    const f = this.fieldRow(name, fieldName);
    return (this.get(name) >>> f.bit) & fieldMask(f.width);
  }

  setField<N extends Names<T>>(name: N, fieldName: FieldsOf<T, N>, value: number): void {
    const f = this.fieldRow(name, fieldName);
    const mask = fieldMask(f.width) << f.bit;
    this.set(name, (this.get(name) & ~mask) | ((value << f.bit) & mask));
  }

  /** A bus read: access rules and hooks apply. Bytes and half-words take their lanes of the word. */
  read(offset: number, size: AccessSize): number {
    const index = offset >> 2;
    const slot = this.slots[index];
    if (slot === undefined) {
      this.log.unmodelled({ device: this.device, register: hex(offset), access: 'read', value: 0 });
      return 0;
    }
    let word = this.values[index]!;
    if (slot.onRead !== undefined) word = slot.onRead(word);
    if (slot.rcMask !== 0) this.values[index] = this.values[index]! & ~slot.rcMask;
    word &= slot.readMask;
    if (size === 4) return word;
    const shift = (offset & 3) * 8;
    return (word >>> shift) & (size === 1 ? 0xff : 0xffff);
  }

  /** A bus write: access rules and hooks apply. Bytes and half-words leave the other lanes as they are. */
  write(offset: number, value: number, size: AccessSize): void {
    const index = offset >> 2;
    const slot = this.slots[index];
    if (slot === undefined) {
      this.log.unmodelled({
        device: this.device,
        register: hex(offset),
        access: 'write',
        value: value >>> 0,
      });
      return;
    }
    const { protectedBy } = slot;
    if (protectedBy >= 0 && this.values[protectedBy] !== this.resets[protectedBy]) return;
    const before = this.values[index]!;
    let lanes = -1;
    let written = value;
    if (size !== 4) {
      const shift = (offset & 3) * 8;
      lanes = (size === 1 ? 0xff : 0xffff) << shift;
      // Bits of the other lanes that act when written (W1C, WO) are not written.
      const kept = before & ~lanes & ~slot.w1cMask & slot.readMask;
      written = ((value << shift) & lanes) | kept;
    }
    const plain = slot.plainMask & lanes;
    let after = (before & ~plain) | (written & plain);
    after &= ~(written & slot.w1cMask);
    this.values[index] = after;
    const bad = (after ^ slot.row.reset) & (after ^ before) & slot.unmodelledMask;
    if (bad !== 0) {
      this.log.unmodelled({
        device: this.device,
        register: slot.row.name,
        access: 'write',
        value: value >>> 0,
      });
    }
    if (slot.onWrite !== undefined) slot.onWrite(written >>> 0, before);
  }

  save(): State {
    return { values: this.values.slice() };
  }

  restore(state: State): void {
    this.values.set(state['values'] as Uint32Array);
  }

  private slot(name: string): Slot {
    const index = this.byName.get(name);
    if (index === undefined) throw new Error(`${this.device}: no register ${name}`);
    return this.slots[index]!;
  }

  private fieldRow(name: string, fieldName: string): FieldRow {
    const f = this.slot(name).row.fields.find((candidate) => candidate.name === fieldName);
    if (f === undefined) throw new Error(`${this.device}: no field ${name}.${fieldName}`);
    return f;
  }
}

function fieldMask(width: number): number {
  return width === 32 ? -1 >>> 0 : (1 << width) - 1;
}

/** What banks of the same rows share. */
interface Table {
  readonly slots: readonly (Slot | undefined)[];
  readonly byName: ReadonlyMap<string, number>;
  readonly resets: Uint32Array;
}

const tables = new WeakMap<readonly RegisterRow[], Table>();

function tableOf(device: string, rows: readonly RegisterRow[]): Table {
  let table = tables.get(rows);
  if (table === undefined) tables.set(rows, (table = makeTable(device, rows)));
  return table;
}

function makeTable(device: string, rows: readonly RegisterRow[]): Table {
  const words = Math.max(0, ...rows.map((row) => (row.offset >> 2) + 1));
  const slots = new Array<Slot | undefined>(words).fill(undefined);
  const byName = new Map<string, number>();
  const resets = new Uint32Array(words);
  for (const row of rows) {
    const slot = makeSlot(row);
    if (slots[slot.index] !== undefined)
      throw new Error(`${device}: two registers at ${row.offset}`);
    slots[slot.index] = slot;
    byName.set(row.name, slot.index);
    resets[slot.index] = row.reset;
  }
  return { slots, byName, resets };
}

function makeSlot(row: RegisterRow): Slot {
  const mask = (...access: Access[]): number =>
    row.fields
      .filter((f) => access.includes(f.access))
      .reduce((m, f) => m | (fieldMask(f.width) << f.bit), 0);
  return {
    row,
    index: row.offset >> 2,
    plainMask: mask('R/W', 'WO', 'RC'),
    w1cMask: mask('W1C'),
    rcMask: mask('RC'),
    readMask: ~mask('WO', 'SC'),
    unmodelledMask: row.fields
      .filter((f) => f.status === 'unmodelled')
      .reduce((m, f) => m | (fieldMask(f.width) << f.bit), 0),
    protectedBy: -1,
    onRead: undefined,
    onWrite: undefined,
  };
}

function hex(offset: number): string {
  return `+0x${offset.toString(16).padStart(3, '0')}`;
}
