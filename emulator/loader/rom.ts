/**
 * The ESP32's mask ROM: 448 KiB at 0x40000000 on the instruction bus, whose last 64 KiB are also
 * ROM1 at 0x3ff90000 on the data bus (TRM "System and Memory").
 *
 * Each CPU reads its own copy of the literals that point to ROM data: PRO_CPU's statics lie at
 * 0x3ffe0010..0x3ffe3f20 and APP_CPU's, laid out alike, 0x3f10 higher. Evidence:
 * - the ROM ELFs' symbols put `_bss_start_gpio_pro` .. `__stack` at 0x3ffe0010 .. 0x3ffe3f20 and
 *   `_bss_start_gpio_app` .. `__stack_app` at 0x3ffe3f20 .. 0x3ffe7e30;
 * - the published PRO_CPU and APP_CPU views of revision 3 differ in 51 aligned words, each by
 *   exactly 0x3f10, and those 51 are all the aligned words with a value in PRO_CPU's range;
 * - revision 0 holds the same 50 words at the same addresses (the 51st is in code that only
 *   revision 3 has) and no other word in that range.
 * `appView` applies that rule, so one file of either revision serves both CPUs.
 */
import { indexOfText } from './bytes.ts';
import { isElf, parseElfLayout } from './elf.ts';
import { hex, InputError, printable } from './errors.ts';
import { romBytesFromElf } from './rom-elf.ts';
import { SymbolTable } from './symbols.ts';

export const ROM_BASE = 0x4000_0000;
export const ROM_SIZE = 0x7_0000;
/** Where ROM1's data-bus window starts in the ROM. */
export const ROM1_OFFSET = 0x6_0000;
export const ROM1_BASE = 0x3ff9_0000;

/** Size of the published revision 3 dump: it ends with the last byte in use. */
const SHORTEST_ROM = 0x6_f000;
/** Literal of the reset vector: DPORT_APPCPU_CTRL_D, an address only the classic ESP32 has. */
const SIGNATURE_OFFSET = 0x408;
const SIGNATURE = 0x3ff0_0038;

const PRO_DATA_START = 0x3ffe_0010;
const PRO_DATA_END = 0x3ffe_3f20;
const APP_DATA_DELTA = 0x3f10;
/** Literal of the reset vector that points to `_Pri_4_HandlerAddress` of the reading CPU. */
const PER_CPU_LITERAL = 0x438;

/** The build date in the start-up banner `ets <date> <time>`. */
const BANNERS: readonly (readonly [date: string, revision: RomRevision])[] = [
  ['Jun  8 2016', 0],
  ['Jul 29 2019', 3],
];
/** The banner of the project's own ROM (firmware/rom), which does what revision 3 does. */
const OPEN_BANNER = 'Lockstep32 open ROM';

/** 0: chips of revision 0 and 1; 3: revision 3 (ECO3), with the secure boot V2 patch. */
export type RomRevision = 0 | 3;

export interface Rom {
  readonly file: string;
  readonly revision: RomRevision;
  /** 448 KiB as PRO_CPU reads them at 0x40000000. */
  readonly bytes: Uint8Array;
  /** The same as APP_CPU reads them. */
  readonly appBytes: Uint8Array;
  /** ROM1's window at 0x3ff90000, a view of `bytes`. */
  readonly data: Uint8Array;
  readonly appData: Uint8Array;
  /** Given by ELF files only. */
  readonly symbols: SymbolTable | undefined;
}

/** Loads a mask ROM from an ELF or a raw dump, of PRO_CPU's or APP_CPU's view. */
export function parseRom(input: Uint8Array, file: string): Rom {
  const elf = isElf(input) ? parseElfLayout(input, file) : undefined;
  const raw = elf === undefined ? rawRom(input, file) : romBytesFromElf(elf, ROM_BASE, ROM_SIZE);
  checkChip(raw, file);
  const given = wordAt(raw, PER_CPU_LITERAL);
  const isAppView = given >= PRO_DATA_END && given <= PRO_DATA_END + APP_DATA_DELTA;
  const bytes = isAppView ? proView(raw) : raw;
  const appBytes = appView(bytes);
  return {
    file,
    revision: revisionOf(bytes, file),
    bytes,
    appBytes,
    data: bytes.subarray(ROM1_OFFSET),
    appData: appBytes.subarray(ROM1_OFFSET),
    symbols: elf === undefined ? undefined : SymbolTable.fromElf(elf),
  };
}

/** Whether the bytes look like a raw ROM dump of the classic ESP32. */
export function isRawRom(bytes: Uint8Array): boolean {
  const fits = bytes.length >= SHORTEST_ROM && bytes.length <= ROM_SIZE;
  return fits && wordAt(bytes, SIGNATURE_OFFSET) === SIGNATURE;
}

/** PRO_CPU's bytes with the per-CPU literals of APP_CPU. */
export function appView(pro: Uint8Array): Uint8Array {
  return shiftLiterals(pro, PRO_DATA_START, PRO_DATA_END, APP_DATA_DELTA);
}

function proView(app: Uint8Array): Uint8Array {
  const start = PRO_DATA_START + APP_DATA_DELTA;
  return shiftLiterals(app, start, PRO_DATA_END + APP_DATA_DELTA, -APP_DATA_DELTA);
}

function shiftLiterals(bytes: Uint8Array, start: number, last: number, delta: number): Uint8Array {
  const shifted = bytes.slice();
  const view = new DataView(shifted.buffer);
  for (let at = 0; at + 4 <= shifted.length; at += 4) {
    const word = view.getUint32(at, true);
    if (word >= start && word <= last) view.setUint32(at, word + delta, true);
  }
  return shifted;
}

function rawRom(input: Uint8Array, file: string): Uint8Array {
  const otherChip = chipNamed(input);
  if (otherChip !== undefined) throw foreign(file, otherChip);
  if (input.length < SHORTEST_ROM || input.length > ROM_SIZE) {
    throw new InputError(file, `a ROM image of ${hex(input.length)} bytes`, {
      expected: 'an ELF, or a raw dump of 0x6f42a (revision 3) to 0x70000 bytes',
    });
  }
  const bytes = new Uint8Array(ROM_SIZE);
  bytes.set(input);
  return bytes;
}

function checkChip(bytes: Uint8Array, file: string): void {
  const otherChip = chipNamed(bytes);
  if (otherChip !== undefined) throw foreign(file, otherChip);
  const found = wordAt(bytes, SIGNATURE_OFFSET);
  if (found === SIGNATURE) return;
  throw new InputError(file, `not an ESP32 mask ROM: reset vector literal ${hex(found, 8)}`, {
    offset: SIGNATURE_OFFSET,
    expected: hex(SIGNATURE, 8),
  });
}

/** The chip's name in the banner `ESP-ROM:esp32s3-20210327` that every later chip's ROM prints. */
function chipNamed(bytes: Uint8Array): string | undefined {
  const at = indexOfText(bytes, 'ESP-ROM:');
  if (at < 0) return undefined;
  const around = String.fromCharCode(...bytes.subarray(Math.max(0, at - 64), at + 64));
  const name = /(esp32[a-z]\d+|esp8266)-\d{8}/.exec(around)?.[1];
  return name === undefined
    ? 'another chip'
    : printable(name.replace('esp32', 'esp32-')).toUpperCase();
}

function foreign(file: string, chip: string): InputError {
  return new InputError(file, `mask ROM of ${chip}`, {
    expected: 'a mask ROM of the classic ESP32, such as esp32_rev300_rom.elf',
  });
}

function revisionOf(bytes: Uint8Array, file: string): RomRevision {
  if (indexOfText(bytes, OPEN_BANNER) >= 0) return 3;
  for (const [date, revision] of BANNERS) if (indexOfText(bytes, date) >= 0) return revision;
  throw new InputError(file, 'unknown ROM revision: no known build date in its banner', {
    expected: BANNERS.map(([date]) => `'${date}'`).join(' or '),
  });
}

function wordAt(bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
}
