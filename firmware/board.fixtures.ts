/** Boards with a firmware image, from reset, on both boot ROMs. */
import { join } from 'node:path';
import { createBoard, seconds } from '../emulator/index.ts';
import type { Board, BoardOptions, Span } from '../emulator/index.ts';
import { haveRealFiles, realPath } from '../emulator/loader/real.fixtures.ts';

const IMAGES = join(import.meta.dirname, 'images');

export const imageFile = (name: string): string => join(IMAGES, name);

/** Rows for `describe.each`. Without ../shared there is only the open ROM. */
export const ROMS: readonly (readonly [name: string, file: string])[] = [
  ['open ROM', imageFile('open-rom.elf')],
  ...(haveRealFiles() ? [['genuine ROM', realPath('rom', 'esp32-v3-rom.bin')] as const] : []),
];

export function bootImage(
  image: string,
  rom: string,
  devices: NonNullable<BoardOptions['devices']> = [],
): Board {
  return createBoard({
    firmware: ['0x1000', imageFile('bootloader.bin'), '0x10000', imageFile(`${image}.bin`)],
    rom,
    elf: imageFile(`${image}.elf`),
    devices,
  });
}

/** The text up to the verdict, with the line ends that Unix has. */
export function verdict(board: Board, within: Span = seconds(3)): string {
  board.uart().expect(/^TEST (PASS|FAIL \d+)\r\n/m, within);
  return board.uart().text.replaceAll('\r', '');
}

/** Names of the checks that passed. Throws when one failed or the program does not say TEST PASS. */
export function passed(text: string): string[] {
  if (/^FAIL /m.test(text) || !text.trimEnd().endsWith('TEST PASS')) throw new Error(text);
  return [...text.matchAll(/^PASS (.*)$/gm)].map((match) => match[1]!);
}
