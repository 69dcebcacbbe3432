/**
 * A Rust program (esp-hal, no operating system) behind the bootloader that espflash brings. espflash
 * writes the chip's flash size into that bootloader while it flashes; the file alone says 2 MB.
 */
import { describe, expect, it } from 'vitest';
import { composeFlash } from '../../emulator/loader/flash.ts';
import { realBytes } from '../../emulator/loader/real.fixtures.ts';
import { logLine, noImages, Session } from './corpus.fixtures.ts';

const PIECES: readonly [file: string, offset: number][] = [
  ['espflash-bootloader-esp32.bin', 0x1000],
  ['espflash-partitions.bin', 0x8000],
  ['esp-hal-hello.app.bin', 0x10000],
];

function bootRust(options: { headerBytes?: number }): Session {
  const pieces = PIECES.map(([file, offset]) => {
    return { offset, bytes: realBytes('fw', 'rust', file), file };
  });
  return new Session(composeFlash(pieces, options).bytes);
}

describe.skipIf(noImages)('esp-hal', () => {
  it('prints once in half a second', () => {
    const session = bootRust({ headerBytes: 4 << 20 });
    session.expect(logLine('boot', 'Loaded app from partition at offset 0x10000'), 400);
    const first = session.expect(/INFO - Hello world!/, 400).ms;
    const second = session.expect(/INFO - Hello world!/, 1200).ms;
    expect(second - first).toBe(500);
  });

  it('is refused by a bootloader that believes in 2 MB, and the chip starts again', () => {
    const session = bootRust({});
    session.expect(/partition 2 invalid - offset 0x10000 size 0x3f0000 exceeds/, 400);
    session.expect(/^rst:0x3 \(SW_RESET\),boot:0x13 \(SPI_FAST_FLASH_BOOT\)/m, 400);
    expect(session.chip.log.resets.map(({ cause }) => cause)).toEqual(['SW_RESET']);
  });
});
