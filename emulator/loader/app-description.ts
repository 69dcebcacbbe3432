/**
 * What an image says about itself: `esp_app_desc_t` at the start of the first mapped segment of
 * an ESP-IDF (or esp-hal) application, `esp_bootloader_desc_t` in the bootloader since ESP-IDF 5.1.
 */
import { ByteView, toHexText } from './bytes.ts';
import { printable } from './errors.ts';
import type { EspImage } from './image.ts';

const APP_MAGIC = 0xabcd_5432;
const APP_SIZE = 256;
const BOOTLOADER_MAGIC = 0x50;
const BOOTLOADER_SIZE = 80;

export interface AppDescription {
  readonly secureVersion: number;
  readonly version: string;
  readonly projectName: string;
  readonly time: string;
  readonly date: string;
  readonly idfVersion: string;
  /** SHA-256 of the ELF the image was made from, 64 hexadecimal digits. */
  readonly elfSha256: string;
}

export interface BootloaderDescription {
  readonly version: number;
  readonly idfVersion: string;
  readonly dateTime: string;
}

export function appDescription(image: EspImage): AppDescription | undefined {
  for (const { bytes } of image.segments) {
    const view = new ByteView(bytes, image.file);
    if (view.length < APP_SIZE || view.u32(0) !== APP_MAGIC) continue;
    return {
      secureVersion: view.u32(4),
      version: text(view, 16, 32),
      projectName: text(view, 48, 32),
      time: text(view, 80, 16),
      date: text(view, 96, 16),
      idfVersion: text(view, 112, 32),
      elfSha256: toHexText(view.slice(144, 32, 'ELF SHA-256')),
    };
  }
  return undefined;
}

export function bootloaderDescription(image: EspImage): BootloaderDescription | undefined {
  if (image.kind !== 'bootloader') return undefined;
  const view = new ByteView(image.segments[0].bytes, image.file);
  if (view.length < BOOTLOADER_SIZE || view.u8(0) !== BOOTLOADER_MAGIC) return undefined;
  const idfVersion = text(view, 8, 32);
  if (!/^v?\d/.test(idfVersion)) return undefined;
  return { version: view.u32(4), idfVersion, dateTime: text(view, 40, 24) };
}

function text(view: ByteView, offset: number, size: number): string {
  return printable(view.cString(offset, offset + size));
}
