/**
 * Generic register tests from a block's table: reset values, read-only and write-only fields,
 * fields that hold what is written, write-1-to-clear. Used by every block's test file.
 */
import { describe, expect, it } from 'vitest';
import type { Device, DeviceLog, Unmodelled } from '../emulator/bus/device.ts';
import type { Access, RegisterRow } from '../emulator/bus/registers.ts';

/** A log that keeps what the device says. */
export class RecordingLog implements DeviceLog {
  readonly entries: Unmodelled[] = [];
  readonly warnings: string[] = [];
  /** Blocks whose watchdog was fed, in order. */
  readonly feeds: string[] = [];

  unmodelled(entry: Unmodelled): void {
    this.entries.push(entry);
  }

  warn(_device: string, message: string): void {
    this.warnings.push(message);
  }

  watchdogFed(device: string): void {
    this.feeds.push(device);
  }
}

export interface RegisterTestOptions {
  /** Values read after reset that the device computes, where they differ from the table. */
  readonly readsAfterReset?: Readonly<Record<string, number>>;
  /** Registers whose reading or writing acts on the block, so that they do not simply hold a value. */
  readonly active?: readonly string[];
}

const PATTERNS = [0xffffffff, 0x00000000, 0xa5a5a5a5, 0x5a5a5a5a];

export function testRegisters(
  name: string,
  make: () => Device,
  rows: readonly RegisterRow[],
  options: RegisterTestOptions = {},
): void {
  const active = new Set(options.active ?? []);
  const passive = rows.filter((row) => !active.has(row.name));

  describe(`${name} registers`, () => {
    it('have no overlapping fields and no reset bit outside a field', () => {
      for (const row of rows) {
        let used = 0;
        for (const f of row.fields) {
          const mask = maskOf(row, [f.access], f.name);
          expect(used & mask, `${row.name}.${f.name}`).toBe(0);
          used |= mask;
        }
        expect(row.reset & ~used, row.name).toBe(0);
      }
    });

    it('read their reset values', () => {
      const device = make();
      for (const row of rows) {
        const hidden = maskOf(row, ['WO', 'SC']);
        const expected = options.readsAfterReset?.[row.name] ?? row.reset & ~hidden;
        if (active.has(row.name) && options.readsAfterReset?.[row.name] === undefined) continue;
        expect(hex(device.read(row.offset, 4)), row.name).toBe(hex(expected));
      }
    });

    it('keep read-only bits and hold read-write bits', () => {
      for (const row of passive) {
        const device = make();
        const writable = maskOf(row, ['R/W']);
        const fixed = maskOf(row, ['RO']);
        const initial = device.read(row.offset, 4);
        for (const pattern of PATTERNS) {
          device.write(row.offset, pattern | 0, 4);
          const value = device.read(row.offset, 4);
          expect(hex(value & writable), `${row.name} R/W`).toBe(hex(pattern & writable));
          expect(hex(value & fixed), `${row.name} RO`).toBe(hex(initial & fixed));
          expect(hex(value & maskOf(row, ['WO', 'SC'])), `${row.name} WO`).toBe(hex(0));
        }
      }
    });

    it('return to their reset values on reset', () => {
      for (const row of passive) {
        const device = make();
        const initial = device.read(row.offset, 4);
        device.write(row.offset, -1, 4);
        device.reset('power');
        expect(hex(device.read(row.offset, 4)), row.name).toBe(hex(initial));
      }
    });

    it('survive save and restore', () => {
      for (const row of passive) {
        const device = make();
        device.write(row.offset, 0x5a5a5a5a, 4);
        const other = make();
        other.restore(device.save());
        expect(hex(other.read(row.offset, 4)), row.name).toBe(hex(device.read(row.offset, 4)));
      }
    });
  });
}

function maskOf(row: RegisterRow, access: readonly Access[], only?: string): number {
  let mask = 0;
  for (const f of row.fields) {
    if (!access.includes(f.access) || (only !== undefined && f.name !== only)) continue;
    mask |= (f.width === 32 ? -1 : (1 << f.width) - 1) << f.bit;
  }
  return mask;
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
