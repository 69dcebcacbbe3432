import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damagedHeader } from './fuzz.fixtures.ts';
import { haveRealFiles, realBytes } from './real.fixtures.ts';
import { discoverRom, romFolders } from './rom-discovery.ts';
import { appView, parseRom, ROM1_OFFSET, ROM_SIZE } from './rom.ts';
import {
  ascii,
  buildElf,
  errorOf,
  memoryFiles,
  patched,
  SEED,
  survives,
  u32,
} from './synthetic.fixtures.ts';

/** A ROM with the marks the loader goes by, and three per-CPU literals. */
function syntheticRom(date = 'Jul 29 2019', size = 0x6_f42a): Uint8Array {
  let rom: Uint8Array = new Uint8Array(size);
  rom = patched(rom, 0x404, u32(0xabab, 0x3ff0_0038));
  rom = patched(rom, 0x438, u32(0x3ffe_0648));
  rom = patched(rom, 0x560, u32(0x3ffe_3f20, 0x3ffe_0010, 0x3ffe_000c, 0x3ffe_3f24));
  return patched(rom, 0x6_e986, ascii(date));
}

const words = (bytes: Uint8Array, offset: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) =>
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset + 4 * i, true),
  );

describe('parseRom', () => {
  it('fills a raw dump up to 448 KiB and derives both views', () => {
    const rom = parseRom(syntheticRom(), 'rom.bin');
    expect(rom.revision).toBe(3);
    expect(rom.bytes).toHaveLength(ROM_SIZE);
    expect(rom.data).toEqual(rom.bytes.subarray(ROM1_OFFSET));
    expect(words(rom.bytes, 0x560, 4)).toEqual([0x3ffe3f20, 0x3ffe0010, 0x3ffe000c, 0x3ffe3f24]);
    expect(words(rom.appBytes, 0x560, 4)).toEqual([0x3ffe7e30, 0x3ffe3f20, 0x3ffe000c, 0x3ffe3f24]);
    expect(rom.symbols).toBeUndefined();
  });

  it("takes APP_CPU's dump for what it is", () => {
    const pro = syntheticRom();
    const app = patched(appView(pro), 0x56c, u32(0));
    const rom = parseRom(app, 'app.bin');
    expect(words(rom.bytes, 0x560, 2)).toEqual([0x3ffe3f20, 0x3ffe0010]);
    expect(words(rom.appBytes, 0x560, 2)).toEqual([0x3ffe7e30, 0x3ffe3f20]);
  });

  it('knows revision 0 by its banner, and no other', () => {
    expect(parseRom(syntheticRom('Jun  8 2016', ROM_SIZE), 'rom.bin').revision).toBe(0);
    expect(errorOf(() => parseRom(syntheticRom('Jan  1 1999'), 'rom.bin'))).toBe(
      'rom.bin: unknown ROM revision: no known build date in its banner; ' +
        "expected 'Jun  8 2016' or 'Jul 29 2019'",
    );
  });

  it.each([
    [
      'a short file',
      syntheticRom().subarray(0, 0x1000),
      'a ROM image of 0x1000 bytes; expected an ELF, or',
    ],
    ['a long file', new Uint8Array(ROM_SIZE + 1), 'a ROM image of 0x70001 bytes'],
    [
      'zeros',
      new Uint8Array(ROM_SIZE),
      'at offset 0x408: not an ESP32 mask ROM: reset vector literal 0x00000000; expected 0x3ff00038',
    ],
    [
      'a later chip',
      patched(syntheticRom(), 0x5_a90b, ascii('esp32c6-20220919\0ESP-ROM:%s')),
      'mask ROM of ESP32-C6; expected',
    ],
    [
      'an unknown chip',
      patched(syntheticRom(), 0x5_a90b, ascii('ESP-ROM:%s')),
      'mask ROM of another chip',
    ],
    [
      'an application ELF',
      buildElf([{ address: 0x4008_0000, bytes: ascii('app', 64) }]),
      'not an ESP32 mask ROM',
    ],
  ])('refuses %s', (_what, bytes, message) => {
    expect(errorOf(() => parseRom(bytes, 'rom.bin'))).toContain(message);
  });

  it('survives any damage', () => {
    const property = fc.property(damagedHeader(syntheticRom(), 0x500), (bytes) =>
      survives(() => parseRom(bytes, 'fuzz.bin')),
    );
    fc.assert(property, { seed: SEED, numRuns: 60 });
  });
});

describe('ROM discovery', () => {
  const v3 = syntheticRom();
  const v0 = syntheticRom('Jun  8 2016');
  const tools = '/home/me/.espressif/tools';
  const environment = { HOME: '/home/me' };

  it('prefers ESP_ROM_ELF_DIR, then the newest tools folder', () => {
    const files = memoryFiles({
      '/roms/esp32-v3-rom.bin': v3,
      [`${tools}/esp-rom-elfs/20230320/esp32-v3-rom.bin`]: v3,
      [`${tools}/esp-rom-elfs/20241011/esp32-v3-rom.bin`]: v3,
    });
    const given = { ESP_ROM_ELF_DIR: '/roms', ...environment };
    expect(discoverRom({ files, environment: given })?.file).toBe('/roms/esp32-v3-rom.bin');
    expect(discoverRom({ files, environment })?.file).toContain('20241011');
  });

  it('honours IDF_TOOLS_PATH and the QEMU folder of ESP-IDF', () => {
    const path = '/idf/tools/qemu-xtensa/esp_develop_9.0.0/qemu/share/qemu/esp32-v3-rom.bin';
    const files = memoryFiles({ [path]: v3 });
    expect(discoverRom({ files, environment: { IDF_TOOLS_PATH: '/idf' } })?.file).toBe(path);
    expect(romFolders({ files, environment: {} })).toEqual([
      '/usr/local/share/qemu',
      '/usr/share/qemu',
    ]);
  });

  it('prefers the wanted revision to the order of the folders', () => {
    const files = memoryFiles({
      '/roms/esp32-r0-rom.bin': v0,
      '/usr/share/qemu/esp32-v3-rom.bin': v3,
    });
    const given = { ESP_ROM_ELF_DIR: '/roms' };
    expect(discoverRom({ files, environment: given })?.revision).toBe(3);
    expect(discoverRom({ files, environment: given, revision: 0 })?.revision).toBe(0);
    const only = memoryFiles({ '/roms/esp32-r0-rom.bin': v0 });
    expect(discoverRom({ files: only, environment: given })?.revision).toBe(0);
  });

  it('finds nothing where nothing is', () => {
    expect(discoverRom({ files: memoryFiles({}), environment })).toBeUndefined();
  });
});

describe.skipIf(!haveRealFiles())('real mask ROMs', () => {
  const load = (name: string): ReturnType<typeof parseRom> =>
    parseRom(realBytes('rom', name), name);
  const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

  it.each([
    ['esp32_rev0_rom.elf', 'esp32-rev0-rom.bin', 0],
    ['esp32_rev300_rom.elf', 'esp32-v3-rom.bin', 3],
  ])('%s holds every byte of %s', (elfName, rawName, revision) => {
    const [elf, raw] = [load(elfName), load(rawName)];
    expect([elf.revision, raw.revision]).toEqual([revision, revision]);
    expect(equal(elf.bytes, raw.bytes)).toBe(true);
    expect(equal(elf.appBytes, raw.appBytes)).toBe(true);
    expect(elf.symbols?.name(0x4000_7d54)).toBe('ets_printf');
  });

  it("derives APP_CPU's published view from PRO_CPU's, and back", () => {
    const published = realBytes('rom', 'esp32-v3-rom-app.bin');
    const pro = load('esp32-v3-rom.bin');
    expect(equal(pro.appBytes.subarray(0, published.length), published)).toBe(true);
    const app = parseRom(published, 'app');
    expect(equal(app.bytes, pro.bytes)).toBe(true);
    expect(equal(app.appBytes, pro.appBytes)).toBe(true);
  });

  it('finds 51 per-CPU words in revision 3, and the same without one in revision 0', () => {
    const addresses = (name: string): number[] => {
      const { bytes, appBytes } = load(name);
      const [pro, app] = [words(bytes, 0, ROM_SIZE / 4), words(appBytes, 0, ROM_SIZE / 4)];
      return pro.flatMap((word, i) => (word === app[i] ? [] : [0x4000_0000 + 4 * i]));
    };
    const [v3, v0] = [addresses('esp32-v3-rom.bin'), addresses('esp32-rev0-rom.bin')];
    expect(v3).toHaveLength(51);
    expect(v3.filter((address) => !v0.includes(address))).toEqual([0x4000_fc84]);
    expect(v0).toHaveLength(50);
  });

  it("matches the ROM ELFs' own layout of the two CPUs' data", () => {
    for (const name of ['esp32_rev0_rom.elf', 'esp32_rev300_rom.elf']) {
      const { symbols } = load(name);
      const place = (label: string): number => symbols?.address(label) ?? 0;
      for (const part of ['gpio', 'uart', 'etsc', 'xtos', 'all']) {
        const [pro, app] = [place(`_data_start_${part}_pro`), place(`_data_start_${part}_app`)];
        expect(app - pro).toBe(0x3f10);
      }
      expect(place('__stack_app') - place('__stack')).toBe(0x3f10);
    }
  });

  it.each(['esp32s3-rom.bin', 'esp32s3_rev0_rom.elf'])('refuses %s', (name) => {
    expect(errorOf(() => load(name))).toBe(
      `${name}: mask ROM of ESP32-S3; expected a mask ROM of the classic ESP32, ` +
        'such as esp32_rev300_rom.elf',
    );
  });
});
