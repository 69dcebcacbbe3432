/**
 * The address map of the ESP32 as rows: TRM, "System and Memory", tables "Address Mapping" and
 * "Embedded Memory Address Mapping"; the bus a region hangs on follows the LX6 configuration
 * (`core-isa.h`: INSTRAM0/1, INSTROM0, DATARAM0/1, DATAROM0, XLMI0).
 *
 * A region on the instruction bus takes aligned 32-bit data accesses only. The two addresses of
 * SRAM1 run in opposite directions word by word: 0x3FFE0000 is the same word as 0x400BFFFC.
 */

/** Blocks of the backing store. `ROM_APP` is the mask ROM as APP_CPU reads it. */
export type BlockName =
  'ROM' | 'ROM_APP' | 'SRAM0' | 'SRAM1' | 'SRAM2' | 'RTC_FAST' | 'RTC_SLOW' | 'FLASH' | 'PSRAM';

/** What answers behind an address. */
export type RegionKind = 'ram' | 'rom' | 'flash' | 'psram' | 'device';

/** How long an access takes: a row of `WAIT_CLASS`. */
export type WaitClassName = 'none' | 'rtcFast' | 'rtcSlow' | 'apb' | 'dport' | 'cached';

export interface RegionRow {
  readonly name: string;
  readonly base: number;
  readonly size: number;
  readonly kind: RegionKind;
  readonly block: BlockName | null;
  /** Byte offset in the block of the region's lowest address (of its highest word when reversed). */
  readonly offset: number;
  /** Any of r, w, x. */
  readonly access: string;
  /** `word`: 8- and 16-bit data accesses raise LoadStoreError. */
  readonly width: 'any' | 'word';
  /** Word order against the block. */
  readonly order: 'forward' | 'reversed';
  /** Bit 0: PRO_CPU, bit 1: APP_CPU. */
  readonly cores: number;
  readonly wait: WaitClassName;
}

const PRO = 1;
const BOTH = 3;

function row(
  name: string,
  base: number,
  size: number,
  memory: readonly [RegionKind, BlockName | null, number],
  how: readonly [string, 'any' | 'word', WaitClassName, number, 'forward' | 'reversed'],
): RegionRow {
  const [kind, block, offset] = memory;
  const [access, width, wait, cores, order] = how;
  return { name, base, size, kind, block, offset, access, width, wait, cores, order };
}

// prettier-ignore
export const REGIONS: readonly RegionRow[] = [
  row('DROM0',       0x3f400000, 0x400000, ['flash',  'FLASH',    0],       ['r',   'any',  'cached',  BOTH, 'forward']),
  row('EXTRAM',      0x3f800000, 0x400000, ['psram',  'PSRAM',    0],       ['rw',  'any',  'cached',  BOTH, 'forward']),
  row('DPORT_BUS',   0x3ff00000, 0x040000, ['device', null,       0],       ['rw',  'any',  'dport',   BOTH, 'forward']),
  row('APB_BUS',     0x3ff40000, 0x040000, ['device', null,       0],       ['rw',  'any',  'apb',     BOTH, 'forward']),
  row('RTC_FAST_D',  0x3ff80000, 0x002000, ['ram',    'RTC_FAST', 0],       ['rw',  'any',  'rtcFast', PRO,  'forward']),
  row('ROM1',        0x3ff90000, 0x010000, ['rom',    'ROM',      0x60000], ['r',   'any',  'none',    BOTH, 'forward']),
  row('SRAM2',       0x3ffae000, 0x032000, ['ram',    'SRAM2',    0],       ['rw',  'any',  'none',    BOTH, 'forward']),
  row('SRAM1_D',     0x3ffe0000, 0x020000, ['ram',    'SRAM1',    0],       ['rw',  'any',  'none',    BOTH, 'forward']),
  row('ROM0',        0x40000000, 0x070000, ['rom',    'ROM',      0],       ['rx',  'word', 'none',    BOTH, 'forward']),
  row('SRAM0_CACHE', 0x40070000, 0x010000, ['ram',    'SRAM0',    0],       ['rwx', 'word', 'none',    BOTH, 'forward']),
  row('SRAM0',       0x40080000, 0x020000, ['ram',    'SRAM0',    0x10000], ['rwx', 'word', 'none',    BOTH, 'forward']),
  row('SRAM1_I',     0x400a0000, 0x020000, ['ram',    'SRAM1',    0],       ['rwx', 'word', 'none',    BOTH, 'reversed']),
  row('RTC_FAST_I',  0x400c0000, 0x002000, ['ram',    'RTC_FAST', 0],       ['rwx', 'word', 'rtcFast', PRO,  'forward']),
  row('IRAM0_CACHE', 0x400c2000, 0x33e000, ['flash',  'FLASH',    0],       ['rx',  'word', 'cached',  BOTH, 'forward']),
  row('IRAM1_CACHE', 0x40400000, 0x400000, ['flash',  'FLASH',    0],       ['rx',  'word', 'cached',  BOTH, 'forward']),
  row('IROM0_CACHE', 0x40800000, 0x400000, ['flash',  'FLASH',    0],       ['rx',  'word', 'cached',  BOTH, 'forward']),
  row('RTC_SLOW',    0x50000000, 0x002000, ['ram',    'RTC_SLOW', 0],       ['rwx', 'any',  'rtcSlow', BOTH, 'forward']),
  row('AHB_BUS',     0x60000000, 0x040000, ['device', null,       0],       ['rw',  'any',  'apb',     BOTH, 'forward']),
];

/**
 * DPORT_PRO_/APP_BOOT_REMAP: the first 32 KiB of ROM0 show 0x400B0000..0x400B7FFF of SRAM1
 * (reversed order, so the block's bytes 0x8000..0xFFFF). TRM, "Internal ROM 0".
 */
export const BOOT_REMAP = row(
  'BOOT_REMAP',
  0x40000000,
  0x8000,
  ['ram', 'SRAM1', 0x8000],
  ['rwx', 'word', 'none', BOTH, 'reversed'],
);

/** An APB block answers at 0x3FF4_0000 + n and at 0x6000_0000 + n. ESP-IDF `soc.h`: UART FIFO, WDEV_RND. */
export const APB_BASE = 0x3ff40000;
export const AHB_BASE = 0x60000000;

/** Sizes of the internal blocks in bytes, in backing order: SRAM1 follows SRAM2 as on the data bus. */
export const BLOCK_SIZE = {
  ROM: 0x70000,
  ROM_APP: 0x70000,
  SRAM0: 0x30000,
  SRAM2: 0x32000,
  SRAM1: 0x20000,
  RTC_FAST: 0x2000,
  RTC_SLOW: 0x2000,
} as const;

export interface WaitRow {
  /** Wait states beyond the issue cycle, in CPU_CLK cycles that do not scale. */
  readonly cpuCycles: number;
  /** APB_CLK cycles of the whole access, 0: the access does not cross to APB. */
  readonly apbCycles: number;
  readonly source: string;
  /** H, M, L as in the timing notes; `none`: nothing published. */
  readonly confidence: 'H' | 'M' | 'L' | 'none';
}

/** Wait states per class; external memory adds the cache's line fills. */
export const WAIT_CLASS: Readonly<Record<WaitClassName, WaitRow>> = {
  none: {
    cpuCycles: 0,
    apbCycles: 0,
    source: 'esp-dsp kernels: no wait state in SRAM. Mask ROM: nothing published, taken as SRAM',
    confidence: 'H',
  },
  apb: {
    cpuCycles: 0,
    apbCycles: 4,
    source: 'GPIO register: MEMW and S32I, or MEMW and L32I, 50 ns = 12 CPU cycles at 240 MHz',
    confidence: 'H',
  },
  dport: {
    cpuCycles: 0,
    apbCycles: 4,
    source: 'nothing published; taken as APB',
    confidence: 'none',
  },
  rtcFast: {
    cpuCycles: 0,
    apbCycles: 4,
    source: 'nothing published; taken as APB',
    confidence: 'none',
  },
  rtcSlow: {
    cpuCycles: 0,
    apbCycles: 4,
    source: 'nothing published; taken as APB',
    confidence: 'none',
  },
  cached: {
    cpuCycles: 0,
    apbCycles: 0,
    source: 'a hit runs at core speed: flash-resident loops at 6 cycles like IRAM',
    confidence: 'M',
  },
};

/** CPU_CLK cycles more of a load or store that crosses a 32-bit boundary: a second bus access. */
export const UNALIGNED = {
  value: 1,
  source: 'a second access assumed',
  confidence: 'none',
  measure: 'unaligned L32I within a word pair and across a cache line',
} as const;

/** What DMA reaches: SRAM2 and SRAM1 at their data-bus addresses, one range. */
export const DMA_RANGE = { base: 0x3ffae000, end: 0x40000000, block: 'SRAM2' } as const;

/**
 * Addresses of the core's local memory interfaces; all others are requests on the PIF. A local
 * interface has no error answer, the PIF has. LX6 configuration, `core-isa.h`.
 */
export const LOCAL_MEMORY = { base: 0x3f400000, end: 0x40c00000 } as const;

/** Instruction addresses behind the cache. */
export const CACHED_CODE = { base: 0x400c2000, end: 0x40c00000 } as const;

/** What an instruction or data access to a disabled or unmapped cache page returns (seen in IDF panic dumps). */
export const CACHE_DISABLED_VALUE = 0xbad00bad;
