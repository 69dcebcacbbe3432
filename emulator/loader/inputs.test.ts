import { describe, expect, it } from 'vitest';

import { hostFiles, readInput } from './files.ts';
import { composeFlash, type FlashContent, type FlashOptions } from './flash.ts';
import { readRunInput } from './inputs.ts';
import { firmwareFiles, haveRealFiles, realBytes, realPath } from './real.fixtures.ts';
import {
  ascii,
  buildElf,
  buildImage,
  buildTable,
  bytesOf,
  DROM_SEGMENT,
  errorOf,
  memoryFiles,
} from './synthetic.fixtures.ts';

const MB = 0x10_0000;
const boot = buildImage({ speedSize: 0x10 });
const table = buildTable();
const app = buildImage({ segments: [DROM_SEGMENT] });
const elf = buildElf([{ address: 0x4008_0000, bytes: ascii('x') }]);
const merged = composeFlash([
  { offset: 0x1000, bytes: boot, file: 'b' },
  { offset: 0x8000, bytes: table, file: 't' },
  { offset: 0x1_0000, bytes: app, file: 'a' },
]).bytes;

const ARGS = {
  flash_settings: { flash_mode: 'dio', flash_size: '2MB', flash_freq: '40m' },
  flash_files: {
    '0x1000': 'bootloader/bootloader.bin',
    '0x8000': 'partition_table/partition-table.bin',
    '0x10000': 'hello.bin',
  },
  'partition-table': { offset: '0x8000', file: 'partition_table/partition-table.bin' },
  extra_esptool_args: { chip: 'esp32' },
};

const BUILD = {
  '/idf/build/flasher_args.json': JSON.stringify(ARGS),
  '/idf/build/project_description.json': '{"app_elf":"hello.elf"}',
  '/idf/build/bootloader/bootloader.bin': boot,
  '/idf/build/partition_table/partition-table.bin': table,
  '/idf/build/hello.bin': app,
  '/idf/build/hello.elf': elf,
};

type Content = Parameters<typeof memoryFiles>[0];

function flashOf(
  args: string[],
  content: Content,
  options?: FlashOptions,
): FlashContent & { elfFile?: string | undefined } {
  const input = readRunInput(args, memoryFiles(content), options);
  if (input.kind !== 'flash') throw new Error(`read as ${input.kind}`);
  return { ...input.flash, elfFile: input.elfFile };
}

const failure = (args: string[], content: Content = {}): string =>
  errorOf(() => readRunInput(args, memoryFiles(content)));

const same = (a: FlashContent): boolean => Buffer.compare(a.bytes, merged) === 0;

describe('readRunInput', () => {
  it('takes an ELF', () => {
    const input = readRunInput(['app.elf'], memoryFiles({ 'app.elf': elf }));
    expect(input.kind === 'elf' && input.elf.entry).toBe(0x4008_0000);
  });

  it('takes esptool pairs, in any order and number base', () => {
    const content = { 'b.bin': boot, 't.bin': table, 'a.bin': app };
    expect(same(flashOf(['0x1000', 'b.bin', '0x8000', 't.bin', '0x10000', 'a.bin'], content))).toBe(
      true,
    );
    expect(same(flashOf(['65536', 'a.bin', '4096', 'b.bin', '0X8000', 't.bin'], content))).toBe(
      true,
    );
  });

  it('takes merged images from 0 and from 0x1000, and a dump of a whole chip', () => {
    expect(same(flashOf(['m.bin'], { 'm.bin': merged }))).toBe(true);
    expect(same(flashOf(['m.bin'], { 'm.bin': merged.subarray(0, 0x1_1000) }))).toBe(true);
    expect(same(flashOf(['m.bin'], { 'm.bin': merged.subarray(0x1000, 0x1_1000) }))).toBe(true);
    const dump = merged.subarray(0, 2 * MB);
    expect(flashOf(['m.bin'], { 'm.bin': dump }).sizeBytes).toBe(2 * MB);
    expect(flashOf(['m.bin'], { 'm.bin': dump }, { sizeBytes: 8 * MB }).sizeBytes).toBe(8 * MB);
  });

  it('puts a bootloader alone to 0x1000', () => {
    const flash = flashOf(['b.bin'], { 'b.bin': boot });
    expect(flash.pieces.map((p) => p.offset)).toEqual([0x1000]);
  });

  it('completes an application from the files beside it', () => {
    const flat = { 'fw/app.bin': app, 'fw/bootloader.bin': boot, 'fw/partition-table.bin': table };
    expect(same(flashOf(['fw/app.bin'], flat))).toBe(true);
    expect(flashOf(['fw/app.bin'], { ...flat, 'fw/app.elf': elf }).elfFile).toBe('fw/app.elf');
    expect(same(flashOf(['/idf/build/hello.bin'], BUILD))).toBe(true);
  });

  it('refuses an application without bootloader, and says what to do', () => {
    expect(failure(['app.bin'], { 'app.bin': app })).toBe(
      'app.bin: an application image alone does not boot; expected a bootloader and, if that ' +
        'reads one, a partition table with it (0x1000 bootloader.bin 0x8000 partition-table.bin ' +
        '0x10000 app.bin, or without a table 0x1000 bootloader.bin 0x10000 app.bin)',
    );
  });

  it('takes an ESP-IDF build folder or its project, and lets the user choose the size', () => {
    for (const folder of ['/idf/build', '/idf']) {
      const flash = flashOf([folder], BUILD);
      expect(flash.sizeBytes).toBe(2 * MB);
      expect(Buffer.compare(flash.bytes, merged.subarray(0, 2 * MB))).toBe(0);
      expect(flash.elfFile).toBe('/idf/build/hello.elf');
    }
    expect(flashOf(['/idf'], BUILD, { sizeBytes: 4 * MB }).sizeBytes).toBe(4 * MB);
  });

  it('takes a PlatformIO build folder or its project', () => {
    const pio = (name: string): Content => ({
      [`/p/.pio/build/${name}/bootloader.bin`]: boot,
      [`/p/.pio/build/${name}/partitions.bin`]: table,
      [`/p/.pio/build/${name}/firmware.bin`]: app,
      [`/p/.pio/build/${name}/firmware.elf`]: elf,
    });
    expect(same(flashOf(['/p/.pio/build/esp32dev'], pio('esp32dev')))).toBe(true);
    const flash = flashOf(['/p'], pio('esp32dev'));
    expect(same(flash)).toBe(true);
    expect(flash.elfFile).toBe('/p/.pio/build/esp32dev/firmware.elf');
    expect(failure(['/p'], { ...pio('a'), ...pio('b') })).toBe(
      '/p: 2 PlatformIO environments are built; expected one of them: .pio/build/a, .pio/build/b',
    );
  });

  it('follows the table for the application and ota_data', () => {
    const ota = buildTable([
      ['otadata', 1, 0, 0xe000, 0x2000],
      ['app0', 0, 0x10, 0x2_0000, 0x10_0000],
    ]);
    const content = {
      '/fw/bootloader.bin': boot,
      '/fw/partition-table.bin': ota,
      '/fw/app.bin': app,
      '/fw/boot_app0.bin': bytesOf(1, 0, 0, 0),
    };
    const pieces = flashOf(['/fw'], content).pieces.map((p) => [p.offset, p.file]);
    expect(pieces).toContainEqual([0x2_0000, '/fw/app.bin']);
    expect(pieces).toContainEqual([0xe000, '/fw/boot_app0.bin']);
  });

  it('takes the partition table where flasher_args.json puts it', () => {
    const args = {
      ...ARGS,
      flash_files: { '0x1000': 'b.bin', '0x9000': 't.bin' },
      'partition-table': { offset: '0x9000' },
    };
    const content = {
      '/b/flasher_args.json': JSON.stringify(args),
      '/b/b.bin': boot,
      '/b/t.bin': table,
    };
    expect(flashOf(['/b'], content).table?.partitions).toHaveLength(3);
  });

  it.each<[string, string[], Content, string]>([
    ['no argument', [], {}, 'run: no input; expected an ELF'],
    ['a missing file', ['none.bin'], {}, 'none.bin: no such file; expected a readable file'],
    [
      'a text file',
      ['a.txt'],
      { 'a.txt': 'hello' },
      'a.txt at offset 0x0: an unknown file cannot be run',
    ],
    ['a partition table', ['t.bin'], { 't.bin': table }, 'a partition table cannot be run'],
    [
      'an odd argument',
      ['0x1000', 'b.bin', '0x8000'],
      { 'b.bin': boot },
      'argument 3: offset 0x8000 without a file',
    ],
    [
      'a bad offset',
      ['b.bin', '0x1000'],
      {},
      "argument 1: flash offset 'b.bin'; expected a number such as 0x10000",
    ],
    [
      'a truncated image',
      ['b.bin'],
      { 'b.bin': boot.subarray(0, 50) },
      'b.bin at offset 0x2c: truncated',
    ],
    [
      "another chip's image",
      ['a.bin'],
      { 'a.bin': buildImage({ chipId: 5 }) },
      'image for ESP32-C3',
    ],
    [
      'a foreign folder',
      ['/x'],
      { '/x/readme': '' },
      '/x: not a build folder; expected flasher_args.json',
    ],
    ['broken JSON', ['/x'], { '/x/flasher_args.json': '{' }, '/x/flasher_args.json: not JSON'],
    ['no files', ['/x'], { '/x/flasher_args.json': '[1]' }, 'no flash_files; expected an offset'],
    [
      'a foreign entry',
      ['/x'],
      { '/x/flasher_args.json': '{"flash_files":{"0x0":1}}' },
      'flash_files entry 0x0',
    ],
    [
      'a build for another chip',
      ['/x'],
      { '/x/flasher_args.json': '{"extra_esptool_args":{"chip":"esp32s3"}}' },
      'built for esp32s3; expected chip esp32',
    ],
    [
      'a file that is not there',
      ['/x'],
      { '/x/flasher_args.json': '{"flash_files":{"0x0":"y"}}' },
      '/x/y: no such file',
    ],
    [
      'a table without application',
      ['/f'],
      {
        '/f/bootloader.bin': boot,
        '/f/app.bin': app,
        '/f/partition-table.bin': buildTable([['nvs', 1, 2, 0x9000, 0x1000]]),
      },
      'no application partition',
    ],
  ])('refuses %s', (_what, args, content, message) => {
    expect(failure(args, content)).toContain(message);
  });
});

describe('hostFiles', () => {
  it('reads files and folders of the host', () => {
    expect(hostFiles.read('/no/such/file')).toBeUndefined();
    expect(hostFiles.list('/no/such/folder')).toEqual([]);
    expect(hostFiles.list('emulator/loader')).toContain('inputs.ts');
    expect(readInput(hostFiles, 'emulator/loader/inputs.ts').length).toBeGreaterThan(1000);
    expect(errorOf(() => readInput(hostFiles, 'emulator'))).toBe(
      'emulator: is a directory; expected a readable file',
    );
  });
});

describe.skipIf(!haveRealFiles())('real firmware', () => {
  const folders = firmwareFiles('app.bin')
    .map(([folder]) => folder)
    .filter((f) => f !== 'rust');

  it.each(folders)('%s as a folder, as its application and as pairs', (folder) => {
    const path = realPath('fw', folder);
    const byFolder = readRunInput([path], hostFiles);
    const byApp = readRunInput([realPath('fw', folder, 'app.bin')], hostFiles);
    const pairs = [
      '0x1000',
      'bootloader.bin',
      '0x8000',
      'partition-table.bin',
      '0x10000',
      'app.bin',
    ];
    const ota =
      folder === 'arduino_hello_world-2.0.x-idf4.4.7-espressif' ? ['0xe000', 'boot_app0.bin'] : [];
    const args = [...pairs, ...ota].map((arg) =>
      arg.startsWith('0x') ? arg : realPath('fw', folder, arg),
    );
    const byPairs = readRunInput(args, hostFiles);
    if (byFolder.kind !== 'flash' || byApp.kind !== 'flash' || byPairs.kind !== 'flash')
      throw new Error('kind');
    expect(byPairs.flash.warnings).toEqual([]);
    expect(byPairs.flash.sizeBytes).toBe(4 * MB);
    expect(Buffer.compare(byFolder.flash.bytes, byPairs.flash.bytes)).toBe(0);
    expect(Buffer.compare(byApp.flash.bytes, byPairs.flash.bytes)).toBe(0);
  });

  it.each(firmwareFiles('.bin').filter(([folder]) => folder === 'micropython'))(
    '%s/%s',
    (folder, file) => {
      const input = readRunInput([realPath('fw', folder, file)], hostFiles);
      if (input.kind !== 'flash') throw new Error(input.kind);
      const bytes = realBytes('fw', folder, file);
      const { flash } = input;
      expect(Buffer.compare(flash.bytes.subarray(0x1000, 0x1000 + bytes.length), bytes)).toBe(0);
      expect(flash.sizeBytes).toBe(4 * MB);
      expect(flash.table?.partitions.map((p) => p.label)).toEqual([
        'nvs',
        'phy_init',
        'factory',
        'vfs',
      ]);
      expect(flash.warnings).toEqual([]);
    },
  );
});
