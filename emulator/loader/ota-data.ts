/**
 * The ota_data partition: two flash sectors, each starting with a select entry (ESP-IDF
 * `esp_ota_select_entry_t`): sequence number, label, state and the CRC-32 of the sequence number.
 */
import { ByteView } from './bytes.ts';

const SECTOR_SIZE = 0x1000;
const ENTRY_SIZE = 32;
const STATE_NAMES: Readonly<Record<number, string>> = {
  0: 'new',
  1: 'pending verify',
  2: 'valid',
  3: 'invalid',
  4: 'aborted',
};

export interface OtaSelectEntry {
  readonly sequence: number;
  readonly state: string;
  /** The CRC is right, the entry is not erased and its state allows booting. */
  readonly usable: boolean;
}

export interface OtaData {
  readonly entries: readonly OtaSelectEntry[];
  /** Highest usable sequence number; undefined when the bootloader falls back to the default. */
  readonly sequence: number | undefined;
}

export function readOtaData(bytes: Uint8Array, file: string): OtaData {
  const view = new ByteView(bytes, file);
  const entries: OtaSelectEntry[] = [];
  for (let at = 0; at + ENTRY_SIZE <= view.length && entries.length < 2; at += SECTOR_SIZE) {
    const sequence = view.u32(at);
    const state = view.u32(at + 24);
    const good = view.u32(at + 28) === crc32OfSequence(sequence);
    const usable = good && sequence !== 0xffff_ffff && state !== 3 && state !== 4;
    entries.push({ sequence, state: STATE_NAMES[state] ?? 'undefined', usable });
  }
  const usable = entries.filter((entry) => entry.usable).map((entry) => entry.sequence);
  return { entries, sequence: usable.length === 0 ? undefined : Math.max(...usable) };
}

/** Index of the OTA slot a sequence number selects. */
export function otaSlotIndex(sequence: number, slotCount: number): number {
  return slotCount === 0 ? 0 : ((sequence - 1) >>> 0) % slotCount;
}

/** The ROM's `crc32_le(0xffffffff, &sequence, 4)`: reflected polynomial 0xedb88320, start value 0. */
export function crc32OfSequence(sequence: number): number {
  let crc = 0;
  for (let index = 0; index < 4; index++) {
    crc ^= (sequence >>> (8 * index)) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
