/** The open boot ROM: boot text and functions against independent computations and, where it is there, the mask ROM. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { Esp32 } from '../../emulator/esp32.ts';
import { countTable } from './count.ts';
import { placePieces } from './place.ts';
import { haveRealFiles, realBytes, realPath } from '../../emulator/loader/real.fixtures.ts';
import { hostFiles } from '../../emulator/loader/files.ts';
import { composeFlash } from '../../emulator/loader/flash.ts';
import { chooseRom } from '../../emulator/loader/rom-choice.ts';
import { openRom } from '../../emulator/loader/open-rom.ts';
import { parseRom } from '../../emulator/loader/rom.ts';
import type { Rom } from '../../emulator/loader/rom.ts';
import { memoryFiles } from '../../emulator/loader/synthetic.fixtures.ts';
import { RomImage, parseFunctions } from './layout.ts';
import { DATA, RomCaller } from './rom-caller.fixtures.ts';

const rom = openRom(hostFiles);
const MS = 480_000;

/** UART0's text of a chip that boots `flash`, up to `until` or for `limitMs`. */
function bootText(
  rom: Rom,
  flash: Uint8Array,
  until: RegExp,
  limitMs: number,
  strapping = 0x13,
): string {
  const chip = new Esp32({ rom, flash, strapping });
  let text = '';
  chip.uart0.onByte((byte) => (text += String.fromCharCode(byte)));
  for (let ms = 0; ms < limitMs && !until.test(text); ms++) chip.runUntil(chip.now + MS);
  return text;
}

const afterBanner = (text: string): string => text.slice(text.indexOf('\n') + 1);

describe('open ROM as a file', () => {
  it('comes with the package, is of revision 3 and differs between the CPUs in literals only', () => {
    expect(rom.revision).toBe(3);
    expect(rom.symbols?.name(0x4000_7d54)).toBe('ets_printf');
    const words = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.buffer.slice(0));
    const [pro, app] = [words(rom.bytes), words(rom.appBytes)];
    const changed = [...pro.keys()].filter((i) => pro[i] !== app[i]);
    expect(changed.length).toBeGreaterThan(10);
    for (const i of changed) expect(app[i]! - pro[i]!).toBe(0x3f10);
  });

  it('is taken when no mask ROM is found, or when asked for', () => {
    expect(chooseRom('open').note).toBe('boot ROM: open ROM');
    const environment = {};
    const none = {
      ...memoryFiles({}),
      read: (path: string) => (path.includes('open-rom') ? hostFiles.read(path) : undefined),
    };
    const choice = chooseRom('auto', none, environment);
    expect(choice.note).toMatch(/^boot ROM: open ROM \(no mask ROM/);
    expect(choice.rom.file).toMatch(/open-rom\.elf$/);
  });

  it('a package without it says so', () => {
    expect(() => openRom(memoryFiles({}))).toThrow(
      /--rom open: firmware\/images\/open-rom\.elf is missing/,
    );
  });

  it('holds something at every documented address', () => {
    const text = readFileSync(new URL('functions.txt', import.meta.url), 'utf8');
    const functions = parseFunctions(text);
    expect(functions.length).toBeGreaterThan(1700);
    for (const { address } of functions) {
      const opcode = rom.bytes[address - 0x4000_0000]! & 0x3f;
      // J, or ENTRY of a slot.
      expect([0x06, 0x36]).toContain(opcode);
    }
  });

  it('docs/open-rom.md has the counts of npx tsx firmware/rom/count.ts', () => {
    const page = readFileSync(new URL('../../docs/open-rom.md', import.meta.url), 'utf8');
    expect(page).toContain(countTable());
  });

  it('objects lie in the smallest room that holds them, and one too large fails', () => {
    const rooms = [
      { start: 0x1000, end: 0x1800 },
      { start: 0x3000, end: 0x3300 },
    ];
    const placed = placePieces(
      [
        { file: 'a', size: 0x200 },
        { file: 'b', size: 0x700 },
        { file: 'c', size: 0x80 },
      ],
      rooms,
    );
    expect(placed.map(({ files }) => files)).toEqual([['b', 'c'], ['a']]);
    expect(() => placePieces([{ file: 'd', size: 0x900 }], rooms)).toThrow(
      'd: no room for its 2304',
    );
  });

  it('placing two things at one address fails', () => {
    const image = new RomImage();
    image.place(0x4000_1000, [1, 2, 3], 'first');
    expect(() => image.place(0x4000_1002, [4], 'second')).toThrow('second at 0x40001002 overlaps');
  });
});

describe('boot', () => {
  it('reports an erased flash as silicon does, and the boot watchdog resets it', () => {
    const flash = new Uint8Array(1 << 20).fill(0xff);
    const text = bootText(rom, flash, /rst:0x7 .*\n/, 1000);
    expect(text).toMatch(
      /^Lockstep32 open ROM \d+\.\d+\r\n\r\nrst:0x1 \(POWERON_RESET\),boot:0x13/,
    );
    expect(text).toContain('\r\ninvalid header: 0xffffffff\r\n');
    expect(text).toContain('rst:0x7 (TG0WDT_SYS_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)');
  });

  it('waits for a download when GPIO0 is low', () => {
    const text = bootText(rom, new Uint8Array(1 << 20), /download\r\n/, 50, 0x03);
    expect(afterBanner(text)).toMatch(
      /boot:0x3 \(DOWNLOAD_BOOT\(UART0\/UART1\/SDIO_REI_REO_V2\)\)\r\nwaiting for download/,
    );
  });

  it('compares the checksum', () => {
    const flash = new Uint8Array(1 << 20).fill(0xff);
    // One segment of one word to 0x3fff0000, and a wrong checksum.
    const image = [0xe9, 1, 2, 0x20, 0, 0, 8, 0x40, 0xee, ...new Array<number>(15).fill(0)];
    flash.set(
      [...image, 0, 0, 0xff, 0x3f, 4, 0, 0, 0, 1, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x55],
      0x1000,
    );
    const text = bootText(rom, flash, /csum.*\n/, 100);
    // 0xef ^ 1 ^ 2 ^ 4 ^ 8.
    expect(text).toContain('csum err:0xe0!=0x55\r\n');
  });

  it.skipIf(!haveRealFiles())('prints what the mask ROM prints, but for the first line', () => {
    const mask = parseRom(realBytes('rom', 'esp32_rev300_rom.elf'), 'mask');
    const flash = new Uint8Array(4 << 20).fill(0xff);
    flash.set(realBytes('fw', 'arduino_blink-lcgamboa-idf4.4.7', 'bootloader.bin'), 0x1000);
    const [open, genuine] = [rom, mask].map((one) => bootText(one, flash, /entry 0x\w+\r\n/, 200));
    const wanted = afterBanner(genuine!).replace(/ho 0 tail 12 room 4\r\n/g, '');
    expect(afterBanner(open!)).toBe(wanted);
  });
});

describe('ROM functions', () => {
  let caller: RomCaller;
  beforeAll(() => (caller = new RomCaller(rom)));
  const buffer = Uint8Array.from({ length: 300 }, (_, i) => (i * 7 + (i >> 3)) & 0xff);

  it('crc32_le is the CRC of zlib, in parts too', () => {
    caller.write(DATA, buffer);
    expect(caller.call('crc32_le', 0, DATA, 300)).toBe(crc32(buffer));
    const first = caller.call('crc32_le', 0, DATA, 100);
    expect(caller.call('crc32_le', first, DATA + 100, 200)).toBe(crc32(buffer));
  });

  it('the other CRCs give the check values of their catalogue', () => {
    const text = caller.write(DATA, Buffer.from('123456789'));
    // CRC-32/BZIP2, CRC-16/X-25, CRC-16/GENIBUS, CRC-8 of polynomial 7 with start and end inverted.
    expect(caller.call('crc32_be', 0, text, 9)).toBe(0xfc891918);
    expect(caller.call('crc16_le', 0, text, 9)).toBe(0x906e);
    expect(caller.call('crc16_be', 0, text, 9)).toBe(0xd64e);
    expect(caller.call('crc8_le', 0, text, 9)).toBe(0xd0 ^ 0xff);
  });

  it('MD5 and SHA give the digests of node:crypto', () => {
    const [context, digest] = [DATA + 0x400, DATA + 0x600];
    for (const length of [0, 1, 55, 56, 64, 300]) {
      caller.write(DATA, buffer);
      caller.call('MD5Init', context);
      caller.call('MD5Update', context, DATA, length >> 1);
      caller.call('MD5Update', context, DATA + (length >> 1), length - (length >> 1));
      caller.call('MD5Final', digest, context);
      const wanted = createHash('md5').update(buffer.subarray(0, length)).digest('hex');
      expect(Buffer.from(caller.bytes(digest, 16)).toString('hex')).toBe(wanted);
    }
    caller.call('ets_sha_enable');
    for (const [kind, name, size] of [
      [0, 'sha1', 20],
      [1, 'sha256', 32],
      [3, 'sha512', 64],
    ] as const) {
      caller.call('ets_sha_init', context);
      caller.call('ets_sha_update', context, kind, DATA, 128 * 8);
      caller.call('ets_sha_update', context, kind, DATA + 128, 172 * 8);
      caller.call('ets_sha_finish', context, kind, digest);
      const wanted = createHash(name).update(buffer).digest('hex');
      expect(Buffer.from(caller.bytes(digest, size)).toString('hex')).toBe(wanted);
    }
  });

  it('ets_printf formats, with arguments in registers and on the stack', () => {
    const format = caller.string(DATA, '%d|%u|%08x|%5d|%-5d|%s|%c|%X|%%|%03d\n');
    const text = caller.string(DATA + 0x80, 'text');
    caller.call('ets_install_uart_printf');
    caller.call('ets_printf', format, -7, -1, 0x2a, 42, 42, text, 0x41, 0xbeef, 5);
    expect(caller.printed()).toBe('-7|4294967295|0000002a|   42|42   |text|A|BEEF|%|005\r\n');
  });

  it('64-bit division and multiplication', () => {
    const pairs: [bigint, bigint][] = [
      [0x123456789abcdefn, 1000n],
      [-5_000_000_000n, 7n],
      [99n, -0x100000000n],
      [1n << 62n, 3n],
    ];
    const low = (v: bigint): number => Number(BigInt.asIntN(32, v));
    for (const [a, b] of pairs) {
      const args = [low(a), low(a >> 32n), low(b), low(b >> 32n)];
      const signed = (name: string): bigint => {
        const lower = caller.call(name, ...args);
        return BigInt.asIntN(64, (BigInt(caller.high) << 32n) | BigInt(lower));
      };
      expect(signed('__divdi3')).toBe(a / b);
      expect(signed('__moddi3')).toBe(a % b);
      expect(signed('__muldi3')).toBe(BigInt.asIntN(64, a * b));
    }
  });

  it('double precision rounds as the host does', () => {
    const view = new DataView(new ArrayBuffer(8));
    const halves = (value: number): [number, number] => {
      view.setFloat64(0, value);
      return [view.getInt32(4), view.getInt32(0)];
    };
    const values = [
      0,
      -0,
      1,
      0.1,
      -3.75,
      1e300,
      1e-300,
      5e-324,
      2.2250738585072014e-308,
      4503599627370497.5,
      Infinity,
    ];
    const operations: [string, (a: number, b: number) => number][] = [
      ['__adddf3', (a, b) => a + b],
      ['__subdf3', (a, b) => a - b],
      ['__muldf3', (a, b) => a * b],
      ['__divdf3', (a, b) => a / b],
    ];
    for (const [name, host] of operations)
      for (const a of values)
        for (const b of [0.1, -7, 3e-310, 1e308]) {
          const low = caller.call(name, ...halves(a), ...halves(b));
          view.setUint32(4, low);
          view.setUint32(0, caller.high);
          expect([name, a, b, view.getFloat64(0)]).toEqual([name, a, b, host(a, b)]);
        }
    expect(caller.call('__fixdfsi', ...halves(-1234.9))).toBe(-1234 >>> 0);
    caller.call('__floatunsidf', -1);
    expect(caller.call('__truncdfsf2', ...halves(0.1))).toBe(0x3dcccccd);
  });

  it('strings and numbers', () => {
    const text = caller.string(DATA, 'Hello, World');
    expect(caller.call('strlen', text)).toBe(12);
    expect(caller.call('strchr', text, 0x57)).toBe(text + 7);
    expect(caller.call('strstr', text, caller.string(DATA + 0x40, 'lo,'))).toBe(text + 3);
    expect(caller.call('strtol', caller.string(DATA + 0x40, ' -0x7fz'), DATA + 0x60, 0) | 0).toBe(
      -127,
    );
    expect(caller.read32(DATA + 0x60)).toBe(DATA + 0x40 + 6);
    expect(caller.stringAt(caller.call('itoa', -250, DATA + 0x80, 10))).toBe('-250');
    expect(caller.call('__popcountsi2', 0xf00f)).toBe(8);
    expect(caller.call('__bswapsi2', 0x12345678)).toBe(0x78563412);
  });

  it('the flash is erased, written and read', () => {
    caller.call('esp_rom_spiflash_attach', 0, 0);
    caller.call('esp_rom_spiflash_config_param', 0x1640ef, 4 << 20, 0x10000, 0x1000, 0x100, 0xffff);
    caller.write(DATA, buffer);
    expect(caller.call('esp_rom_spiflash_unlock')).toBe(0);
    expect(caller.call('esp_rom_spiflash_erase_sector', 2)).toBe(0);
    expect(caller.call('esp_rom_spiflash_write', 0x20f0, DATA, 300)).toBe(0);
    const content = caller.chip.memory.block('FLASH');
    expect([...content.subarray(0x20f0, 0x20f0 + 300)]).toEqual([...buffer]);
    expect(caller.call('esp_rom_spiflash_read', 0x20f0, DATA + 0x400, 300)).toBe(0);
    expect([...caller.bytes(DATA + 0x400, 300)]).toEqual([...buffer]);
    expect(caller.call('esp_rom_spiflash_read', 4 << 20, DATA, 4)).toBe(1);
  });

  it('what is missing says its name and stops the program', () => {
    expect(() => caller.call('r_lc_init', 0)).toThrow();
    expect(caller.printed()).toContain(
      'open ROM: function at 0x4001c948 (r_lc_init) is not implemented\r\n',
    );
  });
});

/**
 * Images of ../shared/real/fw, what they print when they are up, and guest milliseconds in which they do; docs/open-rom.md
 * has the same list. `CORPUS_ROM=open npx vitest run test-roms/corpus` tests the same images at length.
 */
const RUN: readonly (readonly [image: string, printed: RegExp, limitMs: number])[] = [
  ['idf_hello_world-v3.0-gjyoung', /^Hello World. 3$/m, 700],
  ['idf_hello_world-v4.4-asarogers', /^Hello world!/m, 500],
  ['idf_hello_world-v5.1.2-erisdar', /Restarting in 10 seconds/, 500],
  ['idf_blink-v5.1.2-erisdar', /Turning the LED OFF/, 600],
  ['idf_freertos-tarefas-v5.4.2', /^Tarefa 1 executou/m, 600],
  ['idf_panic-coredump-uart-v6.1-espressif', /panic'ed \(StoreProhibited\)/, 600],
  ['idf_unity-app-v6.1-espressif', /Press ENTER to see the list of tests/, 600],
  ['arduino_blink-lcgamboa-idf4.4.7', /LED_ON/, 600],
  ['arduino_hello_world-2.0.x-idf4.4.7-espressif', /^Hello Arduino!/m, 700],
  ['smp_semaphore-v5.0', /Task 2 sharedValue/, 600],
  ['smp_real_time_stats-v5.1.2', /Getting real time stats over 100 ticks/, 600],
  ['periph_spi-master-mcp23s17-v4.3', /Initializing device/, 600],
  ['periph_i2c-master-mcp23017-v4.3', /Initializing bus I2C0/, 600],
  ['periph_uart_repl-console-v5.3.1', /Returned from app_main/, 1000],
  ['rust', /INFO - Hello world!/, 600],
  ['micropython v1.20.0', /^>>> /m, 1200],
  ['micropython v1.23.0', /^>>> /m, 1200],
];

/** Files of images that do not come as a build of ESP-IDF. */
const PIECES: Readonly<Record<string, readonly (readonly [file: string, offset: number])[]>> = {
  rust: [
    ['rust/espflash-bootloader-esp32.bin', 0x1000],
    ['rust/espflash-partitions.bin', 0x8000],
    ['rust/esp-hal-hello.app.bin', 0x10000],
  ],
  'micropython v1.20.0': [['micropython/v1.20.0-idf4.2.4.bin', 0x1000]],
  'micropython v1.23.0': [['micropython/v1.23.0-idf5.0.4.bin', 0x1000]],
};

function flashWith(image: string): Uint8Array {
  const built = ['bootloader.bin', 'partition-table.bin', 'boot_app0.bin', 'app.bin'];
  const offsets = [0x1000, 0x8000, 0xe000, 0x10000];
  const files = PIECES[image] ?? built.map((name, i) => [`${image}/${name}`, offsets[i]!] as const);
  const pieces = files
    .filter(([file]) => existsSync(realPath('fw', file)))
    .map(([file, offset]) => ({ file, offset, bytes: realBytes('fw', file) }));
  // espflash writes the module's flash size into the header.
  return composeFlash(pieces, image === 'rust' ? { headerBytes: 4 << 20 } : {}).bytes;
}

describe.skipIf(!haveRealFiles())('images of the corpus on the open ROM', () => {
  it.each(RUN)('%s', (image, printed, limitMs) => {
    const text = bootText(rom, flashWith(image), printed, limitMs);
    expect(text).toMatch(printed);
    expect(text).not.toContain('not implemented');
    const page = readFileSync(new URL('../../docs/open-rom.md', import.meta.url), 'utf8');
    expect(page).toMatch(new RegExp(`\\| ${image} +\\| runs`));
  });
});

describe.skipIf(!haveRealFiles())('images of the project', () => {
  const folder = new URL('../images/', import.meta.url);
  const piece = (file: string, offset: number) => {
    return { file, offset, bytes: readFileSync(new URL(file, folder)) };
  };
  /** Text from the second line on, at the end of a program or after `limitMs`. */
  const texts = (image: string, limitMs: number): string[] => {
    const mask = parseRom(realBytes('rom', 'esp32_rev300_rom.elf'), 'mask');
    const pieces = [piece('bootloader.bin', 0x1000), piece(`${image}.bin`, 0x10000)];
    const flash = composeFlash(pieces).bytes;
    return [rom, mask].map((one) =>
      afterBanner(bootText(one, flash, /^TEST \w+.*\r\n/m, limitMs))
        .replace('ho 0 tail 12 room 4\r\n', '')
        // Registers that a dump shows without the program having set them.
        .replace(/\b(A\d+ +)[0-9a-f]{8}/g, '$1')
        .trimEnd(),
    );
  };

  it.each(['hello', 'fault'])('%s prints the same with both ROMs', (image) => {
    const [open, mask] = texts(image, 300);
    expect(open).toContain('Bootloader ready');
    expect(open).toBe(mask);
  });
});
