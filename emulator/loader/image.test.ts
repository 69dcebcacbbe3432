import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appDescription, bootloaderDescription } from './app-description.ts';
import { parseElf } from './elf.ts';
import { damaged } from './fuzz.fixtures.ts';
import { checkChip, imageProblems, parseImage } from './image.ts';
import { firmwareFiles, haveRealFiles, realBytes } from './real.fixtures.ts';
import {
  ascii,
  buildImage,
  bytesOf,
  concat,
  DROM_SEGMENT,
  errorOf,
  patched,
  RAM_SEGMENT,
  SEED,
  survives,
  u16,
  u32,
} from './synthetic.fixtures.ts';

const good = buildImage({ speedSize: 0x2f, entry: 0x4008_05e4 });
const parse = (bytes: Uint8Array) => () => parseImage(bytes, 'app.bin');

describe('parseImage', () => {
  it('reads the header', () => {
    expect(parseImage(good, 'app.bin')).toMatchObject({
      kind: 'bootloader',
      spiMode: 'DIO',
      spiSpeedHz: 80_000_000,
      flashSizeBytes: 4 * 1024 * 1024,
      entry: 0x4008_05e4,
      wpPin: 0xee,
      chipName: 'ESP32',
      minRevision: 0,
      maxRevision: 399,
      sizeBytes: good.length,
    });
  });

  it('reads segments with address and file offset', () => {
    const { segments } = parseImage(good, 'app.bin');
    expect(segments.map((s) => [s.address, s.offset, s.bytes.length, s.mapped])).toEqual([
      [0x3fff_0030, 32, 12, false],
      [0x4007_8000, 52, 16, false],
    ]);
    expect(segments[0].bytes).toEqual(RAM_SEGMENT.bytes);
  });

  it('calls an image with segments in the flash windows an application', () => {
    expect(parseImage(buildImage({ segments: [DROM_SEGMENT] }), 'a').kind).toBe('application');
    const rtc = { address: 0x400c_0000, bytes: ascii('rtc fast') };
    expect(parseImage(buildImage({ segments: [rtc] }), 'a').kind).toBe('bootloader');
  });

  it.each([0, 1, 7, 8, 14, 15, 16])('finds checksum and hash behind %i data bytes', (size) => {
    for (const hash of [true, false]) {
      const segments = [{ address: 0x3fff_0000, bytes: new Uint8Array(size).fill(7) }];
      const bytes = buildImage({ segments, hash });
      const image = parseImage(concat(bytes, ascii('behind')), 'app.bin');
      expect(image.sizeBytes).toBe(bytes.length);
      expect(image.hash !== undefined).toBe(hash);
      expect(imageProblems(image)).toEqual([]);
    }
  });

  it('reports checksum and hash with offset and expectation', () => {
    const image = parseImage(patched(good, 33, bytesOf(0)), 'app.bin');
    const [checksum, hash] = imageProblems(image).map((problem) => problem.message);
    expect(checksum).toMatch(/^app\.bin at offset 0x4f: checksum 0x..; expected 0x.. \(XOR/);
    expect(hash).toMatch(/^app\.bin at offset 0x50: SHA-256 [0-9a-f]{16}\.\.\.; expected [0-9a-f]/);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'truncated: image header needs 1 bytes'],
    [
      'a foreign magic',
      patched(good, 0, bytesOf(0xea)),
      'at offset 0x0: image magic 0xea; expected 0xe9',
    ],
    ['a cut header', good.subarray(0, 20), 'truncated: image header needs 24 bytes'],
    [
      'no segments',
      patched(good, 1, bytesOf(0)),
      'at offset 0x1: 0 image segments; expected 1 to 16',
    ],
    ['17 segments', patched(good, 1, bytesOf(17)), '17 image segments; expected 1 to 16'],
    [
      'a cut segment',
      good.subarray(0, 60),
      'at offset 0x34: truncated: data of image segment 1 needs 16',
    ],
    [
      'a huge segment',
      patched(good, 28, u32(0xffff_fff0)),
      'truncated: data of image segment 0 needs 4294967280',
    ],
    ['a third segment that is not there', patched(good, 1, bytesOf(5)), 'image segment 3'],
    ['a cut checksum', good.subarray(0, 75), 'at offset 0x4f: truncated: image checksum needs 1'],
    ['a cut hash', good.subarray(0, 100), 'at offset 0x50: truncated: appended SHA-256 needs 32'],
  ])('refuses %s', (_what, bytes, message) => {
    expect(errorOf(parse(bytes))).toContain(message);
  });

  it('refuses overlapping segments with both ranges, but not padding at address 0', () => {
    const next = { address: 0x3fff_003b, bytes: ascii('over', 8) };
    expect(errorOf(parse(buildImage({ segments: [next, RAM_SEGMENT] })))).toBe(
      'app.bin at offset 0x18: image segments 0x3fff0030..0x3fff003c and 0x3fff003b..0x3fff0043 ' +
        'overlap; expected segments apart from each other',
    );
    const padding = { address: 0, bytes: ascii('', 16) };
    expect(parseImage(buildImage({ segments: [padding, padding] }), 'a').segments).toHaveLength(2);
  });

  it('refuses images of other chips when asked', () => {
    const image = parseImage(buildImage({ chipId: 9 }), 's3.bin');
    expect(errorOf(() => checkChip(image))).toBe(
      's3.bin at offset 0xc: image for ESP32-S3; expected chip id 0 (ESP32)',
    );
    const unknown = parseImage(patched(good, 12, u16(0x777)), 'new.bin');
    expect(errorOf(() => checkChip(unknown))).toContain('image for chip id 0x777');
    expect(() => checkChip(parseImage(good, 'app.bin'))).not.toThrow();
  });

  it('survives any damage', () => {
    const seeds = fc.oneof(damaged(good), damaged(buildImage({ segments: [DROM_SEGMENT] })));
    const property = fc.property(seeds, (bytes) =>
      survives(() => {
        const image = parseImage(bytes, 'fuzz.bin');
        imageProblems(image);
        appDescription(image);
        bootloaderDescription(image);
      }),
    );
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });
});

describe('appDescription', () => {
  it('reads the descriptor', () => {
    const description = concat(
      u32(0xabcd_5432, 7, 0, 0),
      ascii('1.2.3', 32),
      ascii('hello_world', 32),
      ascii('12:00:00', 16),
      ascii('Jan  1 2024', 16),
      ascii('v5.1.2', 32),
      new Uint8Array(32).fill(0xab),
      new Uint8Array(80),
    );
    const segments = [{ address: 0x3f40_0020, bytes: description }];
    expect(appDescription(parseImage(buildImage({ segments }), 'a'))).toEqual({
      secureVersion: 7,
      version: '1.2.3',
      projectName: 'hello_world',
      time: '12:00:00',
      date: 'Jan  1 2024',
      idfVersion: 'v5.1.2',
      elfSha256: 'ab'.repeat(32),
    });
    expect(appDescription(parseImage(good, 'a'))).toBeUndefined();
  });

  it('makes hostile text printable', () => {
    const bytes = concat(u32(0xabcd_5432, 0, 0, 0), ascii('a\x1b[2J\n', 32), new Uint8Array(208));
    const segments = [{ address: 0x3f40_0020, bytes }];
    const found = appDescription(parseImage(buildImage({ segments }), 'a'));
    expect(found?.version).toBe('a?[2J?');
  });
});

const images = firmwareFiles('.bin').filter(([, file]) => /app|bootloader|^v1/.test(file));

describe.skipIf(!haveRealFiles())('real images', () => {
  it.each(images.filter(([, file]) => file !== 'boot_app0.bin'))('%s/%s', (folder, file) => {
    const bytes = realBytes('fw', folder, file);
    const image = parseImage(bytes, file);
    expect(imageProblems(image)).toEqual([]);
    expect(image.kind).toBe(file.includes('app') ? 'application' : 'bootloader');
    if (folder !== 'micropython') expect(image.sizeBytes).toBe(bytes.length);
    const entry = image.segments.find(
      (s) => image.entry >= s.address && image.entry < s.address + s.bytes.length,
    );
    expect(entry).toBeDefined();
  });

  it('reads the descriptors', () => {
    const folder = 'idf_freertos-tarefas-v5.4.2';
    const app = parseImage(realBytes('fw', folder, 'app.bin'), 'app.bin');
    expect(appDescription(app)).toMatchObject({
      projectName: 'hello_world',
      idfVersion: 'v5.4.2-dirty',
    });
    const boot = parseImage(realBytes('fw', folder, 'bootloader.bin'), 'bootloader.bin');
    expect(bootloaderDescription(boot)).toMatchObject({ version: 1, idfVersion: 'v5.4.2-dirty' });
    expect(bootloaderDescription(app)).toBeUndefined();
  });

  const pairs = firmwareFiles('app.elf').map(([folder]) => folder);
  it.each([...pairs, 'rust'])('%s: image and ELF hold the same bytes', (folder) => {
    const [imageName, elfName] =
      folder === 'rust' ? ['esp-hal-hello.app.bin', 'esp-hal-hello.elf'] : ['app.bin', 'app.elf'];
    const image = parseImage(realBytes('fw', folder, imageName), imageName);
    const elf = parseElf(realBytes('fw', folder, elfName), elfName);
    expect(image.entry).toBe(elf.entry);
    let compared = 0;
    for (const { address, bytes } of image.segments.filter((s) => s.address !== 0)) {
      for (const segment of elf.segments) {
        const start = Math.max(address, segment.vaddr);
        const end = Math.min(address + bytes.length, segment.vaddr + segment.bytes.length);
        if (start >= end) continue;
        const ours = Buffer.from(
          segment.bytes.subarray(start - segment.vaddr, end - segment.vaddr),
        );
        const theirs = Buffer.from(bytes.subarray(start - address, end - address));
        // esptool writes the ELF's SHA-256 into the application descriptor, at 144..176.
        if (start === 0x3f40_0020) theirs.copy(ours, 144, 144, 176);
        expect(ours.equals(theirs), `0x${start.toString(16)}`).toBe(true);
        compared += end - start;
      }
    }
    const loaded = elf.segments.reduce((sum, segment) => sum + segment.bytes.length, 0);
    expect(compared).toBe(loaded);
  });
});
