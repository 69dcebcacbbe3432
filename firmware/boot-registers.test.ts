/**
 * The chip as our bootloader hands it to the kernel, register by register, against the chip as genuine ESP-IDF
 * bootloaders (4.4, 5.1, 6.1) hand it to their applications, all from the genuine ROM. What differs is a row below, with
 * our value and its reason; every row is needed, and nothing else differs.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Esp32, parseElf, parseRom } from '../emulator/index.ts';
import { readSymbols } from '../emulator/loader/elf.ts';
import { composeFlash } from '../emulator/loader/flash.ts';
import { haveRealFiles, realBytes } from '../emulator/loader/real.fixtures.ts';
import { imageFile } from './board.fixtures.ts';
import { lastLook, readRegisters, validPages } from './boot-registers.fixtures.ts';
import type { Registers } from './boot-registers.fixtures.ts';

const GENUINE = [
  'idf_hello_world-v4.4-asarogers',
  'idf_hello_world-v5.1.2-erisdar',
  'idf_panic-coredump-uart-v6.1-espressif',
] as const;

interface Chip {
  readonly atEntry: Registers;
  /** When both cores run and the clock is final. */
  readonly later: Registers;
  readonly pages: readonly Readonly<Record<number, number>>[];
  readonly pagesLater: readonly Readonly<Record<number, number>>[];
  /** MEMCTL of both cores when both run. */
  readonly memctl: readonly number[];
}

function look(chip: Esp32): { registers: Registers; pages: Record<number, number>[] } {
  return { registers: readRegisters(chip), pages: [validPages(chip, 0), validPages(chip, 1)] };
}

function boot(pieces: readonly (readonly [number, string, Uint8Array])[]): Esp32 {
  const flash = composeFlash(pieces.map(([offset, file, bytes]) => ({ offset, file, bytes })));
  const rom = parseRom(realBytes('rom', 'esp32-v3-rom.bin'), 'esp32-v3-rom.bin');
  return new Esp32({ rom, flash: flash.bytes });
}

const memctl = (chip: Esp32): number[] => chip.cores.map(({ cpu }) => cpu.memctl);
const entryOf = (image: Uint8Array): number => new DataView(image.buffer).getUint32(4, true);

function genuine(name: string): Chip {
  const file = (part: string): Uint8Array => Uint8Array.from(realBytes('fw', name, part));
  const app = file('app.bin');
  const chip = boot([
    [0x1000, 'bootloader.bin', file('bootloader.bin')],
    [0x8000, 'partition-table.bin', file('partition-table.bin')],
    [0x10000, 'app.bin', app],
  ]);
  const symbols = readSymbols(parseElf(file('app.elf'), 'app.elf'));
  const main = symbols.find((symbol) => symbol.name === 'app_main')!.address;
  const entry = lastLook(chip, entryOf(app), main, look);
  const end = look(chip);
  return {
    ...{ atEntry: entry.registers, pages: entry.pages },
    ...{ later: end.registers, pagesLater: end.pages, memctl: memctl(chip) },
  };
}

function ours(): Chip {
  const file = (name: string): Uint8Array => Uint8Array.from(readFileSync(imageFile(name)));
  const kernel = file('hello.bin');
  const chip = boot([
    [0x1000, 'bootloader.bin', file('bootloader.bin')],
    [0x10000, 'hello.bin', kernel],
  ]);
  const { registers, pages } = lastLook(chip, entryOf(kernel), entryOf(kernel), look);
  return { atEntry: registers, later: registers, pages, pagesLater: pages, memctl: memctl(chip) };
}

type Differences = Readonly<Record<string, readonly [ours: number, why: string]>>;

/** Flash controller, its pads, clocks, voltages, watchdogs and UART0: against the genuine bootloaders' work. */
// prettier-ignore
const AT_ENTRY: Differences = {
  'SPI1.ADDR':            [0x00000000, 'SPI1 is not used: the kernel does not write flash'],
  'SPI1.CTRL2':           [0x00000011, 'SPI1 is not used; ESP-IDF sets CS times for its flash driver'],
  'SPI1.USER':            [0x80000040, 'as CTRL2'],
  'SPI1.USER2':           [0x70000000, 'SPI1 is not used; ESP-IDF has sent a command of its own (write disable)'],
  'RTC_CNTL.TIMER1':      [0x28140403, 'waits of the RTC state machine in sleep, which the kernel does not use (rtc_init.c; rtc_time.c)'],
  'RTC_CNTL.CLK_CONF':    [0x08002210, 'SOC_CLK_SEL is the same; CK8M_DFREQ trims RC_FAST (rtc_clk_init.c), which nothing here counts'],
  'RTC_CNTL.REG':         [0x29003c00, 'DIG_DBIAS_WAK 7 (1.25 V) for 240 MHz, where ESP-IDF boots at 80 MHz with 1.10 V; SCK_DCAP trims RC_SLOW'],
  'RTC_CNTL.WDTCONFIG0':  [0x00000000, 'ESP-IDF arms the RWDT for its boot; here all watchdogs are off until the program arms MWDT0'],
  'RTC_CNTL.WDTCONFIG1':  [0x0001f400, 'as WDTCONFIG0: stage 0 of a watchdog that is off'],
  'RTC_CNTL.STORE4':      [0x00000000, 'the crystal\'s frequency for ESP-IDF\'s own start code; the ROM computes it anew'],
  'SYSCON.APB_SARADC_SAR2_PATT_TAB1': [0x0f0f0f0f, 'SAR ADC as noise for the random number generator (bootloader_random_esp32.c), not used'],
  'SYSCON.APB_SARADC_SAR2_PATT_TAB2': [0x0f0f0f0f, 'as TAB1'],
  'SYSCON.APB_SARADC_SAR2_PATT_TAB3': [0x0f0f0f0f, 'as TAB1'],
  'SYSCON.APB_SARADC_SAR2_PATT_TAB4': [0x0f0f0f0f, 'as TAB1'],
  'TIMG0.WDTCONFIG0':     [0x00000000, 'ESP-IDF clears the flash-boot bit and leaves lengths; the watchdog is off in both'],
  'TIMG0.RTCCALICFG':     [0x00013000, 'ESP-IDF waits for an edge of RTC_SLOW_CLK with it; the bootloader waits 64 us'],
  'TIMG1.WDTCONFIG0':     [0x00000000, 'off in both; the flash-boot bit of TIMG1 goes too'],
  'TIMG1.WDTWPROTECT':    [0x00000000, 'locked behind the write of WDTCONFIG0; ESP-IDF does not touch TIMG1 here'],
  'DPORT.PERI_CLK_EN':    [0x00000000, 'SHA clock off again behind the hash; ESP-IDF leaves it on'],
  'DPORT.APPCPU_CTRL_A':  [0x00000000, 'APP_CPU runs already: the bootloader starts it, in ESP-IDF the application'],
  'DPORT.APPCPU_CTRL_B':  [0x00000001, 'as APPCPU_CTRL_A'],
  'DPORT.CPU_PER_CONF':   [0x00000002, '240 MHz; ESP-IDF boots at 80 MHz'],
  'DPORT.PRO_CACHE_CTRL1': [0x000008ee, 'DRAM1 (PSRAM) masked, as in 5.1 and 6.1; 4.4 opens it'],
  'DPORT.APP_CACHE_CTRL': [0x00000028, 'on, for APP_CPU runs; ESP-IDF\'s application turns it on'],
  'DPORT.APP_CACHE_CTRL1': [0x000008ee, 'as PRO_CACHE_CTRL1'],
};

/** Caches and cores: against the genuine applications at app_main, where both cores run. Blocks: DPORT only. */
// prettier-ignore
const LATER: Differences = {
  'DPORT.PERI_RST_EN':    [0x00000000, 'ESP-IDF holds AES, SHA and RSA in reset until used'],
  'DPORT.CPU_PER_CONF':   [0x00000002, '240 MHz; the genuine images are configured for 160'],
  'DPORT.PRO_CACHE_CTRL1': [0x000008ee, 'CMMU_FORCE_ON stays (rtc_init.c clears it to save power); DRAM1 masked, as in 5.1 and 6.1'],
  'DPORT.APP_CACHE_CTRL1': [0x000008ee, 'as PRO_CACHE_CTRL1'],
  'DPORT.ROM_FO_CTRL':    [0x00000003, 'clock of ROM forced on, as from reset (rtc_init.c saves power)'],
  'DPORT.SRAM_FO_CTRL_0': [0xffffffff, 'clock of SRAM, likewise'],
  'DPORT.SRAM_FO_CTRL_1': [0x00000001, 'clock of SRAM, likewise'],
  'DPORT.TAG_FO_CTRL':    [0x00000101, 'clock of the cache tags, likewise'],
  'DPORT.PERIP_CLK_EN':   [0xf9c1e06f, 'ESP-IDF gates what is not used yet (clk.c); here all stays on as from reset'],
  'DPORT.PERIP_RST_EN':   [0x00000000, 'as PERIP_CLK_EN'],
  'DPORT.WIFI_CLK_EN':    [0xfffce030, 'as PERIP_CLK_EN; radio and SDIO are not used'],
  'DPORT.CACHE_IA_INT_EN': [0x00000000, 'the kernel has no handler for refused accesses to flash'],
};

function differences(
  mine: Registers,
  theirs: readonly Registers[],
  wanted: (name: string) => boolean,
): Record<string, number> {
  const differ = Object.keys(mine).filter(
    (name) => wanted(name) && theirs.some((one) => one[name] !== mine[name]),
  );
  return Object.fromEntries(differ.map((name) => [name, mine[name]!]));
}

const values = (rows: Differences): Record<string, number> =>
  Object.fromEntries(Object.entries(rows).map(([name, [value]]) => [name, value]));

describe.skipIf(!haveRealFiles())(
  'registers at the kernel, against ESP-IDF',
  { timeout: 60_000 },
  () => {
    let mine: Chip;
    let theirs: readonly Chip[];
    beforeAll(() => {
      mine = ours();
      theirs = GENUINE.map(genuine);
    }, 120_000);

    it('what the bootloader leaves: each difference has a row', () => {
      const others = theirs.map(({ atEntry }) => atEntry);
      expect(differences(mine.atEntry, others, () => true)).toEqual(values(AT_ENTRY));
    });

    it('SPI0, the pads of the flash, the analog bus: no difference', () => {
      const wanted = (name: string): boolean => /^(SPI0|IO_MUX|GPIO|REGI2C)\./.test(name);
      const others = theirs.map(({ atEntry }) => atEntry);
      expect(Object.keys(mine.atEntry).filter(wanted).length).toBeGreaterThan(350);
      expect(differences(mine.atEntry, others, wanted)).toEqual({});
    });

    it('caches and cores: each difference from a running application has a row', () => {
      const others = theirs.map(({ later }) => later);
      const wanted = (name: string): boolean => name.startsWith('DPORT.');
      expect(differences(mine.later, others, wanted)).toEqual(values(LATER));
    });

    it('the loop buffer, which the ROM turns on, is off on both cores', () => {
      // Erratum 572 of the core (xtensa/config/core.h of ESP-IDF's ESP32): PRO_CPU at the kernel, APP_CPU a moment later.
      expect(mine.memctl).toEqual([0, 0]);
      expect(theirs.map(({ memctl }) => memctl[0])).toContain(0);
    });

    it('the MMUs map the image for both cores and nothing else', () => {
      // 0x3f400000 and 0x400d0000 show the one page of the kernel image.
      const pages = { 0: 1, 77: 1 };
      expect(mine.pages).toEqual([pages, pages]);
      // ESP-IDF's applications: entry 0 and entries from 77 on, the same on both cores but for what 4.4 leaves of the ROM's.
      for (const {
        pages: [pro],
        pagesLater,
      } of theirs) {
        expect(Object.keys(pro!).slice(0, 2)).toEqual(['0', '77']);
        for (const [entry, page] of Object.entries(pro!))
          expect(pagesLater[1]![Number(entry)]).toBe(page);
      }
    });
  },
);
