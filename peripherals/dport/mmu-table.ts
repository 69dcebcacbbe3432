/**
 * One core's MMU table of the external memory as registers: 2048 entries of nine bits, one word
 * each, at 0x3FF10000 (PRO_CPU) and 0x3FF12000 (APP_CPU). TRM, "External Memory MMU".
 *
 * The entries are RAM: no reset changes them.
 */
import type { AccessSize, Device, ResetDomain } from '../../emulator/bus/device.ts';
import type { State } from '../../emulator/bus/state.ts';

/** What the table needs of the external memory, which keeps and saves the entries. */
export interface MmuEntries {
  readMmu(core: number, index: number): number;
  writeMmu(core: number, index: number, value: number): void;
}

export class MmuTable implements Device {
  readonly name: string;
  private readonly core: number;
  private readonly entries: MmuEntries;

  constructor(core: number, entries: MmuEntries) {
    this.name = core === 0 ? 'PRO_MMU' : 'APP_MMU';
    this.core = core;
    this.entries = entries;
  }

  read(offset: number, _size: AccessSize): number {
    return this.entries.readMmu(this.core, offset >> 2) >>> ((offset & 3) * 8);
  }

  /** Narrow writes set the whole entry. Unverified on silicon. */
  write(offset: number, value: number, _size: AccessSize): void {
    this.entries.writeMmu(this.core, offset >> 2, value);
  }

  reset(_domain: ResetDomain): void {}

  save(): State {
    return {};
  }

  restore(_state: State): void {}
}
