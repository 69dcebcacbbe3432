import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeFlash, parseFlashSize, type FlashOptions, type FlashPiece } from './flash.ts';
import { damaged } from './fuzz.fixtures.ts';
import { identify } from './identify.ts';
import {
  ascii,
  buildElf,
  buildImage,
  buildTable,
  bytesOf,
  concat,
  DROM_SEGMENT,
  errorOf,
  patched,
  SEED,
  survives,
} from './synthetic.fixtures.ts';

const MB = 0x10_0000;
const boot = buildImage({ speedSize: 0x10 });
const table = buildTable();
const app = buildImage({
  segments: [DROM_SEGMENT, { address: 0x4008_0000, bytes: ascii('iram', 40) }],
});
const piece = (offset: number, bytes: Uint8Array, file: string): FlashPiece => ({
  offset,
  bytes,
  file,
});
const PIECES = [
  piece(0x1_0000, app, 'app.bin'),
  piece(0x1000, boot, 'bootloader.bin'),
  piece(0x8000, table, 'table.bin'),
];
const failure = (pieces: FlashPiece[], options?: FlashOptions): string =>
  errorOf(() => composeFlash(pieces, options));

describe('composeFlash', () => {
  it('writes pieces into erased flash', () => {
    const flash = composeFlash(PIECES);
    expect(flash.sizeBytes).toBe(4 * MB);
    expect(flash.bytes.subarray(0x1000, 0x1000 + boot.length)).toEqual(boot);
    expect(flash.bytes.subarray(0x8000, 0x8c00)).toEqual(table);
    expect(flash.bytes.subarray(0x1_0000, 0x1_0000 + app.length)).toEqual(app);
    const written = PIECES.reduce((sum, p) => sum + p.bytes.length, 0);
    const kept = [...PIECES].reduce((sum, p) => sum + p.bytes.filter((b) => b === 255).length, 0);
    const erased = flash.bytes.reduce((sum, byte) => sum + (byte === 255 ? 1 : 0), 0);
    expect(erased).toBe(4 * MB - written + kept);
    expect(flash.table?.partitions).toHaveLength(3);
    expect(flash.bootloader?.flashSizeBytes).toBe(2 * MB);
    expect(flash.warnings).toEqual([]);
  });

  it.each([
    [0x10, 0x1000, 4],
    [0x30, 0x1000, 8],
    [0x10, 0x40_0000, 8],
    [0x10, 0x90_0000, 16],
  ])('sizes the chip (header 0x%x, data at 0x%x: %i MB)', (speedSize, offset, size) => {
    const bytes = buildImage({ speedSize });
    const more = offset === 0x1000 ? [] : [piece(offset, ascii('data'), 'data.bin')];
    expect(composeFlash([piece(0x1000, bytes, 'b'), ...more]).sizeBytes).toBe(size * MB);
  });

  it('refuses pieces that cannot be placed', () => {
    expect(failure([piece(0x1000, boot, 'a.bin'), piece(0x1000, boot, 'b.bin')])).toContain(
      'overlaps a.bin at 0x1000..',
    );
    const long = piece(0x1000, new Uint8Array(0x7001), 'long.bin');
    expect(failure([piece(0x8000, table, 'table.bin'), long])).toBe(
      'table.bin: flash 0x8000..0x8c00 overlaps long.bin at 0x1000..0x8001; ' +
        'expected files apart from each other in flash',
    );
    expect(failure([piece(0x1010, boot, 'b.bin')])).toBe(
      'b.bin: flash address 0x1010 is not aligned; expected a multiple of the 0x1000 byte flash sector',
    );
    expect(
      failure([piece(2 * MB - 0x1000, new Uint8Array(0x1001), 'd.bin')], { sizeBytes: 2 * MB }),
    ).toBe(
      'd.bin: flash 0x1ff000..0x200001 ends beyond the chip; expected an end within 2MB (0x200000 bytes)',
    );
    expect(failure([piece(16 * MB, ascii('x'), 'far.bin')])).toContain('ends beyond the chip');
    expect(failure([piece(0x1000, new Uint8Array(0), 'none.bin')])).toContain('an empty file');
  });

  it("refuses images of other chips and truncated images, not a data partition's content", () => {
    const s3 = buildImage({ chipId: 9 });
    expect(failure([piece(0x1000, s3, 's3.bin')])).toContain('image for ESP32-S3');
    expect(failure([PIECES[1], piece(0x1_0000, app.subarray(0, 90), 'cut.bin')])).toContain(
      'cut.bin at offset',
    );
    const data = piece(0x9000, bytesOf(0xe9, 0xff, 1, 2), 'nvs.bin');
    expect(composeFlash([...PIECES, data]).warnings).toEqual([]);
  });

  it("leaves to the guest what is the guest's job, with a warning", () => {
    const broken = patched(app, 50, bytesOf(0xff));
    const warned = (pieces: FlashPiece[], options?: FlashOptions): readonly string[] =>
      composeFlash(pieces, options).warnings;
    expect(warned([PIECES[1], PIECES[2], piece(0x1_0000, broken, 'app.bin')])).toEqual([
      expect.stringContaining('checksum'),
      expect.stringContaining('SHA-256'),
    ]);
    expect(warned(PIECES, { sizeBytes: MB })).toEqual([
      expect.stringContaining("partition 'factory' 0x10000..0x110000 ends outside flash"),
      'bootloader.bin at offset 0x3: made for 2MB of flash, not 1MB',
    ]);
    const small = buildTable([['app', 0, 0, 0x1_0000, 0x100]]);
    expect(warned([PIECES[0], PIECES[1], piece(0x8000, small, 't')])).toEqual([
      expect.stringContaining("do not fit into the 0x100 of partition 'app'"),
    ]);
    expect(warned([PIECES[1], piece(0x8000, ascii('no table'), 't')])).toEqual([]);
  });

  it('survives any damage', () => {
    const property = fc.property(
      damaged(boot),
      damaged(table.subarray(0, 0x200)),
      damaged(app),
      (b, t, a) =>
        survives(() =>
          composeFlash([piece(0x1000, b, 'b'), piece(0x8000, t, 't'), piece(0x1_0000, a, 'a')], {
            sizeBytes: 2 * MB,
          }),
        ),
    );
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });
});

describe('parseFlashSize', () => {
  it.each([
    ['4MB', 4 * MB],
    ['16mb', 16 * MB],
    ['2M', 2 * MB],
    ['512KB', MB / 2],
    ['1MiB', MB],
    ['4194304', 4 * MB],
    ['0x400000', 4 * MB],
  ])('reads %s', (text, size) => {
    expect(parseFlashSize(text)).toBe(size);
  });

  it.each(['', '3MB', '32MB', 'detect', '-4MB', '4GB', '1e6'])('refuses %j', (text) => {
    expect(errorOf(() => parseFlashSize(text))).toBe(
      `--flash-size: flash size '${text}'; expected 256KB, 512KB, 1MB, 2MB, 4MB, 8MB or 16MB`,
    );
  });
});

describe('identify', () => {
  const merged = composeFlash(PIECES).bytes;
  const rom = patched(new Uint8Array(0x6_f42a), 0x408, bytesOf(0x38, 0, 0xf0, 0x3f));
  const moved = concat(boot, new Uint8Array(0x8000 - boot.length).fill(255), table);

  it.each([
    ['an ELF', buildElf([{ address: 0x4008_0000, bytes: ascii('x') }]), { kind: 'elf' }],
    ['an application', app, { kind: 'application' }],
    ['a bootloader', boot, { kind: 'bootloader' }],
    ['a partition table', table, { kind: 'partition-table' }],
    ['a mask ROM', rom, { kind: 'rom' }],
    [
      'a merged image',
      merged.subarray(0, 0x1_1000),
      { kind: 'flash', base: 0, tableOffset: 0x8000 },
    ],
    [
      'a merged image from 0x1000',
      merged.subarray(0x1000, 0x1_1000),
      { kind: 'flash', base: 0x1000, tableOffset: 0x8000 },
    ],
    ['a table at 0x9000', moved, { kind: 'flash', base: 0x1000, tableOffset: 0x9000 }],
    [
      'an erased chip',
      new Uint8Array(MB).fill(255),
      { kind: 'flash', base: 0, tableOffset: undefined },
    ],
    ['a cut application', app.subarray(0, 60), { kind: 'application' }],
    ['text', ascii('hello world'), { kind: 'unknown' }],
    ['nothing', new Uint8Array(0), { kind: 'unknown' }],
  ])('knows %s', (_what, bytes, found) => {
    expect(identify(bytes)).toEqual(found);
  });

  it('never throws', () => {
    const start = merged.subarray(0x1000, 0x9000);
    const inputs = fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged(start), damaged(table));
    const property = fc.property(inputs, (bytes) => identify(bytes).kind.length > 0);
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });
});
