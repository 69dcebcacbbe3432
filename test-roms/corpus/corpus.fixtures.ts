/**
 * Boots a real firmware image from its reset vector, with the genuine mask ROM, and talks to it over
 * UART0. The images and the ROM lie in the folder beside the project (`../shared/real`).
 */
import { existsSync } from 'node:fs';
import { Esp32, MASTER_HZ } from '../../emulator/index.ts';
import { composeFlash } from '../../emulator/loader/flash.ts';
import type { FlashPiece } from '../../emulator/loader/flash.ts';
import { haveRealFiles, realBytes, realPath } from '../../emulator/loader/real.fixtures.ts';
import { hostFiles } from '../../emulator/loader/files.ts';
import { openRom } from '../../emulator/loader/open-rom.ts';
import { parseRom } from '../../emulator/loader/rom.ts';
import type { Esp32Options } from '../../emulator/index.ts';
import type { Rom } from '../../emulator/loader/rom.ts';

/** For `describe.skipIf`: a clone without the images skips visibly; CI throws. */
export const noImages = !haveRealFiles();

/** Where `esptool` puts the files of a build. `boot_app0.bin` is Arduino's OTA data. */
const OFFSETS: readonly [file: string, offset: number][] = [
  ['bootloader.bin', 0x1000],
  ['partition-table.bin', 0x8000],
  ['boot_app0.bin', 0xe000],
  ['app.bin', 0x10000],
];
/** Ticks of a millisecond. */
export const MS = MASTER_HZ / 1000;
/** What a failure shows of the text printed last. */
const TAIL = 3000;

const roms = new Map<string, Rom>();

/** `CORPUS_ROM=open` in the environment runs the images on the open boot ROM instead. */
const useOpenRom = process.env['CORPUS_ROM'] === 'open';

/** The ROM's first line. */
export const ROM_BANNER = useOpenRom
  ? /^Lockstep32 open ROM \d+\.\d+\r?\n/m
  : /^ets Jul 29 2019 12:21:46\r?\n/m;

function readRom(file: string): Rom {
  return useOpenRom ? openRom(hostFiles) : parseRom(realBytes('rom', file), file);
}

export function realRom(file = 'esp32_rev300_rom.elf'): Rom {
  let rom = roms.get(file);
  if (rom === undefined) roms.set(file, (rom = readRom(file)));
  return rom;
}

/** The 4 MB flash of a module with the image of folder `name` under `fw`. */
export function flashOf(name: string): Uint8Array {
  const pieces = OFFSETS.flatMap(([file, offset]): FlashPiece[] =>
    existsSync(realPath('fw', name, file))
      ? [{ offset, bytes: realBytes('fw', name, file), file }]
      : [],
  );
  return composeFlash(pieces).bytes;
}

export interface Seen {
  /** The match and its groups. */
  readonly match: RegExpExecArray;
  /** Guest milliseconds at which it was noticed; the guest is looked at every millisecond. */
  readonly ms: number;
}

/** A running image. What it prints is matched in order: each `expect` goes on behind the last. */
export class Session {
  readonly chip: Esp32;
  /** All of UART0. */
  text = '';
  private from = 0;

  constructor(flash: Uint8Array, options: Omit<Esp32Options, 'flash'> = {}) {
    this.chip = new Esp32({ rom: realRom(), flash: flash.slice(), ...options });
    this.chip.uart0.onByte((byte) => (this.text += String.fromCharCode(byte)));
  }

  /** Guest milliseconds since power-on. */
  get ms(): number {
    return this.chip.now / MS;
  }

  /** What was printed since the last match. */
  get rest(): string {
    return this.text.slice(this.from);
  }

  /** Runs until `pattern` stands in the text, at most until guest millisecond `limitMs`. */
  expect(pattern: RegExp, limitMs: number): Seen {
    for (;;) {
      const match = pattern.exec(this.rest);
      if (match !== null) {
        this.from += match.index + match[0].length;
        return { match, ms: this.ms };
      }
      if (this.ms >= limitMs)
        throw new Error(
          `${pattern} not printed by ${limitMs} ms of guest time; UART0 ends with\n${this.text.slice(-TAIL)}`,
        );
      this.runTo(Math.min(this.ms + 1, limitMs));
    }
  }

  /** Types on UART0, from now on. */
  type(text: string): void {
    this.chip.uart0.send(new TextEncoder().encode(text));
  }

  runTo(ms: number): void {
    this.chip.runUntil(Math.round(ms * MS));
  }
}

export function boot(name: string, options: Omit<Esp32Options, 'flash'> = {}): Session {
  return new Session(flashOf(name), options);
}

/** ESP-IDF's log line, with or without colour: level, milliseconds, tag, text. */
export function logLine(tag: string, text: string): RegExp {
  return new RegExp(`[IWE] \\((\\d+)\\) ${tag}: ${text}`);
}
