import { beforeEach, describe, expect, it } from 'vitest';
import { Bus } from '../../emulator/bus/bus.ts';
import { hashState } from '../../emulator/bus/hash.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import { ExternalMemory } from '../../emulator/memory/external.ts';
import { Memory } from '../../emulator/memory/memory.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { DPORT_REGISTERS } from './dport.regs.ts';
import { Dport } from './dport.ts';
import { MmuTable } from './mmu-table.ts';

const DPORT = 0x3ff00000;
const PRO_CACHE_CTRL = DPORT + 0x40;
const PRO_CACHE_CTRL1 = DPORT + 0x44;
const APP_CACHE_CTRL = DPORT + 0x58;
const APP_CACHE_CTRL1 = DPORT + 0x5c;
const PRO_DCACHE_DBUG0 = DPORT + 0x3f0;
const PRO_DCACHE_DBUG3 = DPORT + 0x3fc;
const APP_DCACHE_DBUG3 = DPORT + 0x424;
const CACHE_IA_INT_EN = DPORT + 0x5a0;
const PERIP_CLK_EN = DPORT + 0xc0;
const PERIP_RST_EN = DPORT + 0xc4;
const PERI_RST_EN = DPORT + 0x20;
const WIFI_CLK_EN = DPORT + 0xcc;
const CORE_RST_EN = DPORT + 0xd0;
const PRO_MMU = 0x3ff10000;
const APP_MMU = 0x3ff12000;
const ENABLE = 1 << 3;
const FLUSH_ENA = 1 << 4;
const FLUSH_DONE = 1 << 5;

function machine() {
  const memory = new Memory({ flashSize: 0x40000, psramSize: 0x200000 });
  const image = new Uint8Array(0x40000);
  new Uint32Array(image.buffer).forEach((_, i, words) => (words[i] = i * 4));
  memory.loadFlash(image);
  const log = new RecordingLog();
  const bus = new Bus(memory, log);
  const scheduler = new Scheduler();
  const external = new ExternalMemory({
    memory,
    now: () => scheduler.now,
    showCode: (core, base, pages) => bus.showCode(core, base, pages),
  });
  bus.attachExternal(external);
  const fromCpu = [0, 1, 2, 3].map((n) => new Signal(`FROM_CPU_INTR${n}`));
  const cacheIa = new Signal('CACHE_IA');
  const periods: number[] = [];
  const dport = new Dport({
    log,
    scheduler,
    apbClock: new Clock('APB_CLK', 80_000_000),
    cache: external,
    fromCpu,
    cacheIa,
    onCpuPeriod: (select) => periods.push(select),
    onBootRemap: (core, on) => bus.setBootRemap(core, on),
  });
  external.onIllegal = (core, window, why) => dport.illegalAccess(core, window, why);
  bus.attach(dport, DPORT, 0xec);
  bus.attach(dport, DPORT + 0x32c, 0x1000 - 0x32c, 0x32c);
  bus.attach(new MmuTable(0, external), PRO_MMU, 0x2000);
  bus.attach(new MmuTable(1, external), APP_MMU, 0x2000);
  return { memory, log, bus, scheduler, external, dport, fromCpu, cacheIa, periods };
}

/** DPORT with caches that no bus asks. */
function lone(): Dport {
  return new Dport({
    log: new RecordingLog(),
    scheduler: new Scheduler(),
    apbClock: new Clock('APB_CLK', 80_000_000),
    cache: new ExternalMemory({
      memory: new Memory(),
      now: () => 0,
      showCode: () => {},
    }),
    fromCpu: [0, 1, 2, 3].map((n) => new Signal(`FROM_CPU_INTR${n}`)),
    cacheIa: new Signal('CACHE_IA'),
    onCpuPeriod: () => {},
    onBootRemap: () => {},
  });
}

let m: ReturnType<typeof machine>;

function set(addr: number, bits: number): void {
  const pro = m.bus.ports[0];
  pro.write32(addr, pro.read32(addr) | bits);
}

function clear(addr: number, bits: number): void {
  const pro = m.bus.ports[0];
  pro.write32(addr, pro.read32(addr) & ~bits);
}

beforeEach(() => {
  m = machine();
});

testRegisters('DPORT', () => lone(), DPORT_REGISTERS, {
  readsAfterReset: { PRO_DCACHE_DBUG0: 0x80, APP_DCACHE_DBUG0: 0x80 },
  active: ['PRO_CACHE_CTRL', 'APP_CACHE_CTRL'],
});

describe('cache control', () => {
  /** What the second-stage bootloader does: map a page, unmask the bus, enable. */
  function mapPro(entry: number, page: number): void {
    m.bus.ports[0].write32(PRO_MMU + 4 * entry, page);
    clear(PRO_CACHE_CTRL1, 0x3f);
    set(PRO_CACHE_CTRL, ENABLE);
  }

  it('shows flash after map, unmask and enable, to the core it is for', () => {
    mapPro(0, 2);
    expect(m.bus.ports[0].read32(0x3f400010)).toBe(0x20010);
    expect(m.bus.ports[0].read32(PRO_MMU)).toBe(2);
    expect(m.bus.ports[1].read32(0x3f400010) >>> 0).toBe(0xbad00bad);
    m.bus.ports[0].write32(APP_MMU, 3);
    clear(APP_CACHE_CTRL1, 1 << 4);
    set(APP_CACHE_CTRL, ENABLE);
    expect(m.bus.ports[1].read32(0x3f400010)).toBe(0x30010);
  });

  it('keeps a masked bus shut', () => {
    m.bus.ports[0].write32(PRO_MMU, 2);
    set(PRO_CACHE_CTRL, ENABLE);
    expect(m.bus.ports[0].read32(0x3f400010) >>> 0).toBe(0xbad00bad);
    expect(m.bus.ports[0].read32(PRO_DCACHE_DBUG0) & 0x7f).toBe(1 << 6);
    expect(m.bus.ports[0].read32(PRO_DCACHE_DBUG3)).toBe(0);
  });

  it('a flush takes 512 APB cycles', () => {
    mapPro(0, 0);
    m.bus.ports[0].read32(0x3f400000);
    const misses = m.external.counters(0).misses;
    m.scheduler.now = 1000;
    clear(PRO_CACHE_CTRL, FLUSH_ENA);
    set(PRO_CACHE_CTRL, FLUSH_ENA);
    // 80 MHz: 6 ticks a cycle; 1000 lies in cycle 166, and the flush ends with cycle 678.
    m.scheduler.now = 678 * 6 - 1;
    expect(m.bus.ports[0].read32(PRO_CACHE_CTRL) & FLUSH_DONE).toBe(0);
    m.scheduler.now = 678 * 6;
    expect(m.bus.ports[0].read32(PRO_CACHE_CTRL) & FLUSH_DONE).toBe(FLUSH_DONE);
    expect(m.bus.ports[0].read32(APP_CACHE_CTRL) & FLUSH_DONE).toBe(0);
    m.bus.ports[0].read32(0x3f400000);
    expect(m.external.counters(0).misses).toBe(misses + 1);
    clear(PRO_CACHE_CTRL, FLUSH_ENA);
    set(PRO_CACHE_CTRL, FLUSH_ENA);
    expect(m.bus.ports[0].read32(PRO_CACHE_CTRL) & FLUSH_DONE).toBe(0);
  });

  it('warns of dirty lines that a flush loses', () => {
    for (let page = 0; page < 128; page++)
      m.bus.ports[0].write32(PRO_MMU + 4 * (1152 + page), page);
    clear(PRO_CACHE_CTRL1, 0x1ff);
    set(PRO_CACHE_CTRL, ENABLE);
    m.bus.ports[0].write32(0x3f800000, 1);
    clear(PRO_CACHE_CTRL, FLUSH_ENA);
    set(PRO_CACHE_CTRL, FLUSH_ENA);
    expect(m.log.warnings).toEqual([
      'PRO_CPU cache flushed with 1 dirty PSRAM lines; silicon loses them',
    ]);
  });

  it('MMU entries survive every reset', () => {
    m.bus.ports[0].write32(APP_MMU + 4 * 77, 9);
    m.dport.reset('system');
    expect(m.bus.ports[0].read32(APP_MMU + 4 * 77)).toBe(9);
  });

  it('drives boot remap', () => {
    m.bus.ports[0].write32(0x400b0000, 0x55);
    set(DPORT + 4, 1);
    expect(m.bus.ports[1].read32(0x40000000)).toBe(0x55);
    expect(m.bus.ports[0].read32(0x40000000)).toBe(0);
    m.dport.reset('core');
    expect(m.bus.ports[1].read32(0x40000000)).toBe(0);
  });
});

describe('cache disabled but cached memory accessed', () => {
  // ESP-IDF's esp_cache_err_int_init enables these bits and reads DBUG3 in the panic handler.
  it.each([
    [0, 0x3f400000, PRO_DCACHE_DBUG3, 1 << 14],
    [0, 0x400d0000, PRO_DCACHE_DBUG3, 1 << 13],
    [0, 0x40400000, PRO_DCACHE_DBUG3, 1 << 12],
    [0, 0x40800000, PRO_DCACHE_DBUG3, 1 << 11],
    [0, 0x3f800000, PRO_DCACHE_DBUG3, 1 << 10],
    [1, 0x3f400000, APP_DCACHE_DBUG3, 1 << 14],
  ] as const)('core %i at %i', (core, addr, register, bit) => {
    m.bus.ports[0].write32(CACHE_IA_INT_EN, 0x3f | (0x3f << 14));
    m.bus.ports[core].read32(addr);
    expect(m.cacheIa.level).toBe(1);
    expect(m.bus.ports[0].read32(register)).toBe(bit);
    expect(
      m.bus.ports[0].read32(register === PRO_DCACHE_DBUG3 ? APP_DCACHE_DBUG3 : PRO_DCACHE_DBUG3),
    ).toBe(0);
  });

  it('a fetch counts as one of IRAM0', () => {
    m.bus.ports[0].fetch(0x400d0000);
    expect(m.bus.ports[0].read32(PRO_DCACHE_DBUG3)).toBe(1 << 13);
  });

  it('interrupts only where enabled, and until it is cleared', () => {
    m.bus.ports[0].write32(CACHE_IA_INT_EN, 1);
    m.bus.ports[0].read32(0x3f400000);
    expect(m.cacheIa.level).toBe(0);
    m.bus.ports[0].write32(CACHE_IA_INT_EN, 1 << 14);
    expect(m.cacheIa.level).toBe(1);
    set(PRO_CACHE_CTRL1, 1 << 13);
    expect(m.cacheIa.level).toBe(0);
  });

  it('an invalid MMU entry is told apart', () => {
    m.bus.ports[0].write32(PRO_MMU, 0x100);
    clear(PRO_CACHE_CTRL1, 0x3f);
    set(PRO_CACHE_CTRL, ENABLE);
    m.bus.ports[0].read32(0x3f400000);
    expect(m.bus.ports[0].read32(PRO_DCACHE_DBUG0)).toBe(0x81);
    expect(m.bus.ports[0].read32(PRO_DCACHE_DBUG3)).toBe(0);
  });
});

describe('APP_CPU', () => {
  it('is in reset without clock until released', () => {
    expect([m.dport.appCpuReset.level, m.dport.appCpuClock.level]).toEqual([1, 0]);
    m.bus.ports[0].write32(DPORT + 0x38, 0x40081234);
    set(DPORT + 0x30, 1);
    set(DPORT + 0x34, 1);
    clear(DPORT + 0x2c, 1);
    expect(m.dport.appCpuReset.level).toBe(0);
    expect(m.dport.appCpuClock.level).toBe(1);
    expect(m.dport.appCpuStall.level).toBe(1);
    expect(m.dport.appCpuBootAddr).toBe(0x40081234);
    m.dport.reset('core');
    expect([m.dport.appCpuReset.level, m.dport.appCpuStall.level]).toEqual([1, 0]);
  });

  it('cross-core interrupts are levels that software sets and clears', () => {
    m.bus.ports[1].write32(DPORT + 0xe0, 1);
    expect(m.fromCpu.map((wire) => wire.level)).toEqual([0, 1, 0, 0]);
    m.bus.ports[0].write32(DPORT + 0xe0, 0);
    expect(m.fromCpu[1]!.level).toBe(0);
  });

  it('tells the CPU period', () => {
    m.periods.length = 0;
    m.bus.ports[0].write32(DPORT + 0x3c, 2);
    expect(m.periods).toEqual([2]);
  });
});

describe('clocks and resets of the blocks', () => {
  it('follow their bits', () => {
    // Reset value 0xF9C1E06F: UART (bit 2) runs, SPI2 (bit 6) runs, UART_MEM (bit 24) runs, RMT (bit 9) not.
    expect(
      (['UART', 'SPI2', 'UART_MEM', 'RMT'] as const).map((name) => m.dport.clockOf(name).level),
    ).toEqual([1, 1, 1, 0]);
    set(PERIP_CLK_EN, 1 << 9);
    expect(m.dport.clockOf('RMT').level).toBe(1);
    set(PERIP_RST_EN, 1 << 2);
    expect(m.dport.resetOf('UART').level).toBe(1);
    expect(m.dport.resetOf('UART1').level).toBe(0);
    clear(PERIP_RST_EN, 1 << 2);
    expect(m.dport.resetOf('UART').level).toBe(0);
  });

  it('secure boot and digital signature hold the accelerators they use', () => {
    const levels = (): number[] =>
      (['AES', 'SHA', 'RSA'] as const).map((name) => m.dport.resetOf(name).level);
    set(PERI_RST_EN, 1 << 3);
    expect(levels()).toEqual([1, 1, 0]);
    set(PERI_RST_EN, 1 << 4);
    clear(PERI_RST_EN, 1 << 3);
    expect(levels()).toEqual([1, 0, 1]);
  });

  it('EMAC and SDIO have theirs in WIFI_CLK_EN and CORE_RST_EN', () => {
    expect(m.dport.clockOf('EMAC').level).toBe(1);
    clear(WIFI_CLK_EN, 1 << 14);
    expect(m.dport.clockOf('EMAC').level).toBe(0);
    set(CORE_RST_EN, 1 << 6);
    expect(m.dport.resetOf('SDIO_HOST').level).toBe(1);
  });
});

it('gives SPI its DMA channel', () => {
  m.bus.ports[0].write32(DPORT + 0x5a8, 0b10_01_00);
  expect([m.dport.spiDmaChannel(1), m.dport.spiDmaChannel(2), m.dport.spiDmaChannel(3)]).toEqual([
    0, 1, 2,
  ]);
});

it('restores registers, wires and illegal accesses', () => {
  set(PERIP_RST_EN, 1 << 2);
  clear(DPORT + 0x2c, 1);
  m.bus.ports[0].read32(0x3f400000);
  const other = machine();
  other.dport.restore(m.dport.save());
  expect(hashState(other.dport.save())).toBe(hashState(m.dport.save()));
  expect(other.dport.resetOf('UART').level).toBe(1);
  expect(other.dport.appCpuReset.level).toBe(0);
  expect(other.bus.ports[0].read32(PRO_DCACHE_DBUG3)).toBe(1 << 14);
});
