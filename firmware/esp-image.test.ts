/**
 * The flashable images as Espressif's own reader of images takes them: esptool-js, what `esptool image_info` is in Python.
 * (Its digest leaves out the checksum byte, which esptool hashes, so the hash is compared with node:crypto.)
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ESP32FirmwareImage } from 'esptool-js/lib/image/esp32.js';
import { loadFirmwareImage } from 'esptool-js/lib/image/index.js';
import { ESP32ROM } from 'esptool-js/lib/targets/esp32.js';
import { describe, expect, it, vi } from 'vitest';
import { parseElf } from '../emulator/index.ts';
import { imageFile } from './board.fixtures.ts';

async function readByEsptool(bytes: Uint8Array): Promise<ESP32FirmwareImage> {
  // Its warnings of unusual addresses are those of the ESP8266; ESP-IDF's images get them too.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  return (await loadFirmwareImage(new ESP32ROM(), bytes)) as ESP32FirmwareImage;
}

const images = readdirSync(dirname(imageFile('x'))).filter((file) => file.endsWith('.bin'));

describe.each(images)('%s', (file) => {
  const bytes = new Uint8Array(readFileSync(imageFile(file)));

  it('has the header, segments and checksum that esptool expects', async () => {
    const image = await readByEsptool(bytes);
    const elf = parseElf(
      new Uint8Array(readFileSync(join(dirname(imageFile('x')), file.replace('.bin', '.elf')))),
      file,
    );
    const loaded = elf.segments.filter((segment) => segment.bytes.length > 0);
    const byAddress = (a: number, b: number): number => a - b;
    expect(image.segments.map(({ addr }) => addr >>> 0).sort(byAddress)).toEqual(
      loaded.map(({ vaddr }) => vaddr).sort(byAddress),
    );
    for (const { addr, data } of image.segments) {
      const source = loaded.find(({ vaddr }) => vaddr === addr >>> 0)!.bytes;
      expect(Buffer.compare(data.subarray(0, source.length), source)).toBe(0);
    }
    expect(image.entrypoint >>> 0).toBe(elf.entry);
    expect([image.chipId, image.flashMode, image.flashSizeFreq]).toEqual([0, 2, 0x20]);
    expect(image.checksum).toBe(image.calculateChecksum());
    expect(image.appendDigest).toBe(true);
  });

  it('ends in the SHA-256 of all before it', () => {
    const body = bytes.subarray(0, -32);
    expect(body.length % 16).toBe(0);
    const digest = createHash('sha256').update(body).digest();
    expect(Buffer.compare(digest, bytes.subarray(-32))).toBe(0);
  });
});
