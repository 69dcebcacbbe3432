/**
 * A block that is not modelled: it keeps what is written, reads it back, and tells every access to
 * the log, so that a driver's init code goes on and the run report names the gap.
 *
 * `fixed` pins single registers to the value that an idle block shows (a ready or version word),
 * so that a poll ends; it is a table beside the composition, with its evidence.
 *
 * **Not modelled:** everything else.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../emulator/bus/device.ts';
import type { State } from '../emulator/bus/state.ts';
import type { UnmodelledRow } from './unmodelled.regs.ts';

export interface UnmodelledBlockOptions {
  readonly name: string;
  /** A multiple of 4. */
  readonly sizeBytes: number;
  readonly log: DeviceLog;
  /** Register names by offset, for the report. */
  readonly names?: ReadonlyMap<number, string>;
  /** Values after reset, by offset. */
  readonly resets?: ReadonlyMap<number, number>;
  /** Bits that always read as given: `value` under `mask`. */
  readonly fixed?: ReadonlyMap<number, { readonly mask: number; readonly value: number }>;
}

export class UnmodelledBlock implements Device {
  readonly name: string;
  private readonly words: Uint32Array;
  private readonly log: DeviceLog;
  private readonly names: ReadonlyMap<number, string>;
  private readonly resets: ReadonlyMap<number, number>;
  private readonly fixed: ReadonlyMap<number, { readonly mask: number; readonly value: number }>;

  constructor(options: UnmodelledBlockOptions) {
    this.name = options.name;
    this.words = new Uint32Array(options.sizeBytes >> 2);
    this.log = options.log;
    this.names = options.names ?? new Map();
    this.resets = options.resets ?? new Map();
    this.fixed = options.fixed ?? new Map();
    this.reset('power');
  }

  read(offset: number, size: AccessSize): number {
    const word = this.word(offset & ~3);
    const value = size === 4 ? word : (word >>> ((offset & 3) * 8)) & (size === 1 ? 0xff : 0xffff);
    this.report(offset, 'read', value);
    return value;
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.report(offset, 'write', value);
    const index = offset >> 2;
    if (index >= this.words.length) return;
    const shift = (offset & 3) * 8;
    const lanes = size === 4 ? -1 : (size === 1 ? 0xff : 0xffff) << shift;
    this.words[index] = (this.words[index]! & ~lanes) | ((value << shift) & lanes);
  }

  reset(_domain: ResetDomain): void {
    this.words.fill(0);
    for (const [offset, value] of this.resets) this.words[offset >> 2] = value;
  }

  save(): State {
    return { words: this.words.slice() };
  }

  restore(state: State): void {
    this.words.set(state['words'] as Uint32Array);
  }

  private word(offset: number): number {
    const stored = this.words[offset >> 2] ?? 0;
    const fixed = this.fixed.get(offset);
    return (fixed === undefined ? stored : (stored & ~fixed.mask) | (fixed.value & fixed.mask)) | 0;
  }

  private report(offset: number, access: 'read' | 'write', value: number): void {
    const word = offset & ~3;
    const register = this.names.get(word) ?? `+0x${word.toString(16).padStart(3, '0')}`;
    this.log.unmodelled({ device: this.name, register, access, value: value >>> 0 });
  }
}

/** The block of a row of `UNMODELLED_BLOCKS`. */
export function unmodelledBlock(row: UnmodelledRow, log: DeviceLog): UnmodelledBlock {
  let tables = parsed.get(row);
  if (tables === undefined) parsed.set(row, (tables = parseRow(row)));
  return new UnmodelledBlock({ name: row.name, sizeBytes: row.sizeBytes, log, ...tables });
}

type Tables = Required<Pick<UnmodelledBlockOptions, 'names' | 'resets' | 'fixed'>>;

const parsed = new WeakMap<UnmodelledRow, Tables>();

function parseRow(row: UnmodelledRow): Tables {
  const names = new Map<number, string>();
  const resets = new Map<number, number>();
  for (const entry of row.registers.split(',')) {
    const [offset, name, reset] = entry.trim().split(' ');
    if (offset === undefined || name === undefined) continue;
    names.set(parseInt(offset, 16), name);
    if (reset !== undefined) resets.set(parseInt(offset, 16), parseInt(reset, 16));
  }
  const fixed = new Map(
    (row.fixed ?? []).map(({ offset, mask, value }) => [offset, { mask, value }]),
  );
  return { names, resets, fixed };
}
