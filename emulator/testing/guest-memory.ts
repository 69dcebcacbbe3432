/**
 * Memory as PRO_CPU finds it, looked at and written past the cores: no time passes and no cache or
 * register notices. Registers of peripherals are not memory: reading one can change it.
 */
import type { Esp32 } from '../esp32.ts';
import { hex, InputError } from '../loader/errors.ts';

export class GuestMemory {
  private readonly chip: Esp32;

  constructor(chip: Esp32) {
    this.chip = chip;
  }

  read8(address: number): number {
    return this.read(address, 1)[0]!;
  }

  read16(address: number): number {
    return this.view(address, 2).getUint16(0, true);
  }

  /** The 32 bits at `address`, unsigned. */
  read32(address: number): number {
    return this.view(address, 4).getUint32(0, true);
  }

  /** A copy of `length` bytes. Throws InputError where there is no memory. */
  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const { chip } = this;
    for (let i = 0; i < length; i++) {
      const at = (address + i) >>> 0;
      const offset = chip.backingOf(at);
      if (offset < 0) throw noMemory(at);
      bytes[i] = chip.memory.bytes[offset]!;
    }
    return bytes;
  }

  /** Text up to a zero byte, at most `longest` bytes, as UTF-8. */
  readString(address: number, longest = 256): string {
    const bytes: number[] = [];
    for (let i = 0; i < longest; i++) {
      const value = this.read8((address + i) >>> 0);
      if (value === 0) break;
      bytes.push(value);
    }
    return Buffer.from(bytes).toString('utf8');
  }

  isMemory(address: number): boolean {
    return this.chip.backingOf(address >>> 0) >= 0;
  }

  write8(address: number, value: number): void {
    this.write(address, [value & 0xff]);
  }

  write16(address: number, value: number): void {
    this.write(address, [value & 0xff, (value >>> 8) & 0xff]);
  }

  write32(address: number, value: number): void {
    this.write(
      address,
      [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff),
    );
  }

  /** Throws InputError where there is no RAM; nothing is written then. */
  write(address: number, bytes: Uint8Array | readonly number[]): void {
    const { chip } = this;
    for (let i = 0; i < bytes.length; i++) {
      const at = (address + i) >>> 0;
      const offset = chip.backingOf(at);
      if (offset < 0) throw noMemory(at);
      if (chip.memory.isReadOnly(offset))
        throw new InputError(`address ${hex(at)}`, 'is in ROM or flash', { expected: 'RAM' });
    }
    chip.inputs.now({ kind: 'memory', address: address >>> 0, bytes: [...bytes] });
  }

  private view(address: number, length: number): DataView {
    return new DataView(this.read(address, length).buffer);
  }
}

function noMemory(address: number): InputError {
  return new InputError(`address ${hex(address, 8)}`, 'there is no memory', {
    expected: 'RAM, ROM, or flash or PSRAM that the MMU maps',
  });
}
