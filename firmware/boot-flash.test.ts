/**
 * The bootloader on other flash settings and other chips: the mode, clock and size of the header at 0x1000, which the ROM
 * obeys, and fuses and straps. What it makes of SPI0, the pads and the flash's supply is compared with what the genuine
 * ESP-IDF 5.1.2 bootloader makes of the same header on the same chip.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Esp32, parseRom } from '../emulator/index.ts';
import type { Esp32Options } from '../emulator/index.ts';
import { composeFlash } from '../emulator/loader/flash.ts';
import { haveRealFiles, realBytes, realPath } from '../emulator/loader/real.fixtures.ts';
import { factoryFuses } from '../peripherals/efuse/factory.ts';
import type { FactoryFuses } from '../peripherals/efuse/factory.ts';
import { imageFile, ROMS } from './board.fixtures.ts';
import { lastLook, readRegisters } from './boot-registers.fixtures.ts';
import type { Registers } from './boot-registers.fixtures.ts';

const MS = 480_000;
const MAC = [0x24, 0x0a, 0xc4, 1, 2, 3];

interface Setting {
  readonly name: string;
  /** Byte 2 of the header. */
  readonly mode: number;
  /** Byte 3: size in the upper half, speed in the lower one. */
  readonly sizeSpeed: number;
}

// prettier-ignore
const SETTINGS: readonly Setting[] = [
  { name: 'QIO, 80 MHz, 4 MB',   mode: 0, sizeSpeed: 0x2f },
  { name: 'QIO, 40 MHz, 16 MB',  mode: 0, sizeSpeed: 0x40 },
  { name: 'QOUT, 40 MHz, 2 MB',  mode: 1, sizeSpeed: 0x10 },
  { name: 'QOUT, 26 MHz, 8 MB',  mode: 1, sizeSpeed: 0x31 },
  { name: 'DIO, 80 MHz, 2 MB',   mode: 2, sizeSpeed: 0x1f },
  { name: 'DIO, 20 MHz, 8 MB',   mode: 2, sizeSpeed: 0x32 },
  { name: 'DOUT, 80 MHz, 16 MB', mode: 3, sizeSpeed: 0x4f },
  { name: 'DOUT, 26 MHz, 4 MB',  mode: 3, sizeSpeed: 0x21 },
];

type Piece = readonly [offset: number, file: string, bytes: Uint8Array];

const own = (name: string): Uint8Array => new Uint8Array(readFileSync(imageFile(name)));
const OURS: readonly Piece[] = [
  [0x1000, 'bootloader.bin', own('bootloader.bin')],
  [0x10000, 'hello.bin', own('hello.bin')],
];

function chipWith(
  pieces: readonly Piece[],
  rom: string,
  { mode, sizeSpeed }: { readonly mode?: number; readonly sizeSpeed?: number } = {},
  options: Esp32Options = {},
): Esp32 {
  const copies = pieces.map(([offset, file, bytes]) => ({ offset, file, bytes: bytes.slice() }));
  const boot = copies[0]!.bytes;
  if (mode !== undefined) boot[2] = mode;
  if (sizeSpeed !== undefined) boot[3] = sizeSpeed;
  const sizeBytes = 2 ** (boot[3]! >> 4) * 0x10_0000;
  const flash = composeFlash(copies, { sizeBytes }).bytes;
  return new Esp32({ rom: parseRom(new Uint8Array(readFileSync(rom)), rom), flash, ...options });
}

/** UART0's text up to `pattern`, without carriage returns. */
function textOf(chip: Esp32, pattern: RegExp, limitMs = 200): string {
  let text = '';
  chip.uart0.onByte((byte) => (text += String.fromCharCode(byte)));
  for (let ms = 0; ms < limitMs && !pattern.test(text); ms++) chip.runUntil(chip.now + MS);
  return text.replaceAll('\r', '');
}

const entryOf = (bytes: Uint8Array): number => new DataView(bytes.buffer).getUint32(4, true);
const settings = (registers: Registers): Registers =>
  Object.fromEntries(
    Object.entries(registers).filter(([name]) =>
      /^(SPI0|IO_MUX|GPIO)\.|RTC_CNTL.SDIO_CONF/.test(name),
    ),
  );

function atEntry(chip: Esp32, entry: number): Registers {
  return settings(lastLook(chip, entry, entry, (one) => readRegisters(one)));
}

const GENUINE_ROM = realPath('rom', 'esp32-v3-rom.bin');
const IDF = 'idf_hello_world-v5.1.2-erisdar';

/** SPI0, pads and supply at our kernel's entry and at the entry of ESP-IDF's application. */
function both(setting: Partial<Setting>, options: Esp32Options = {}): [Registers, Registers] {
  const file = (name: string): Uint8Array => Uint8Array.from(realBytes('fw', IDF, name));
  const theirs: readonly Piece[] = [
    [0x1000, 'bootloader.bin', file('bootloader.bin')],
    [0x8000, 'partition-table.bin', file('partition-table.bin')],
    [0x10000, 'app.bin', file('app.bin')],
  ];
  return [
    atEntry(chipWith(OURS, GENUINE_ROM, setting, options), entryOf(OURS[1]![2])),
    atEntry(chipWith(theirs, GENUINE_ROM, setting, options), entryOf(theirs[2]![2])),
  ];
}

const fusesOf = (chip: Partial<FactoryFuses> = {}): Uint32Array =>
  factoryFuses({ mac: MAC, revision: 3, ...chip });

describe.each(ROMS)('on the %s', (_, rom) => {
  it.each(SETTINGS)('a flash header of $name boots both cores', { timeout: 60_000 }, (setting) => {
    const chip = chipWith(OURS, rom, setting);
    expect(textOf(chip, /cores\r\n/)).toContain('Bootloader ready\nLockstep32 RTOS: 2 cores\n');
    expect([...chip.log.warnings.keys()].filter((text) => /SPI0/.test(text))).toEqual([]);
  });

  it('fast read boots, slow read is refused', { timeout: 60_000 }, () => {
    expect(textOf(chipWith(OURS, rom, { mode: 4 }), /cores\r\n/)).toContain('RTOS: 2 cores\n');
    const text = textOf(chipWith(OURS, rom, { mode: 5 }), /stopped\r\n/);
    expect(text).toMatch(
      /ready\nBootloader: flash mode of its own image header is slow read, QIO, .* expected; stopped\n$/,
    );
  });

  it('a chip with one core runs one', { timeout: 60_000 }, () => {
    const fuses = fusesOf();
    fuses[3]! |= 1;
    const text = textOf(chipWith(OURS, rom, {}, { fuses }), /cores\r\n/);
    expect(text).toContain(
      'ready\nBootloader: APP_CPU is disabled by fuse, one core runs\nLockstep32 RTOS: 1 cores\n',
    );
  });

  it('a chip rated for 160 MHz is not run at 240', { timeout: 60_000 }, () => {
    const fuses = fusesOf();
    fuses[3]! |= 1 << 12;
    const chip = chipWith(OURS, rom, {}, { fuses });
    expect(textOf(chip, /stopped\r\n/)).toMatch(
      /\nBootloader: this chip is rated for 160 MHz by its fuses, 240 MHz expected; stopped\n$/,
    );
    expect(chip.clocks.cpu.hz).toBeLessThanOrEqual(40_000_000);
  });
});

describe.skipIf(!haveRealFiles())('against the genuine bootloader', { timeout: 120_000 }, () => {
  it.each(SETTINGS)('$name: the same SPI0 and pads', (setting) => {
    const [ours, theirs] = both(setting);
    expect(ours).toEqual(theirs);
  });

  it('a 1.8 V flash (GPIO12 high) has the same supply', () => {
    const [ours, theirs] = both({}, { strapping: 0x33 });
    expect(theirs['RTC_CNTL.SDIO_CONF']! >>> 0).toBe(0xfe60_0000);
    expect(ours).toEqual(theirs);
  });

  it('a chip with its flash inside, on pads by fuses', () => {
    const flashPads = { clk: 6, q: 17, d: 8, cs0: 16, hd: 11 };
    const [ours, theirs] = both({}, { fuses: fusesOf({ package: 'PICO_D4', flashPads }) });
    expect(ours).toEqual(theirs);
  });
});
