/**
 * DPORT (TRM, "DPort Registers"): cache control of both cores, APP_CPU's reset, clock and stall,
 * CPU clock select, clock and reset of the peripherals, cross-core interrupts, boot remap.
 * The interrupt matrix and the MMU tables share its address range and are devices of their own.
 *
 * Clock domain: APB_CLK. Interrupt sources: FROM_CPU_INTR0..3 (levels, set and cleared by
 * software) and CACHE_IA_INTR. A cache flush takes time: one APB cycle a set (nothing published,
 * confidence none), then FLUSH_DONE; the mask ROM clears FLUSH_ENA, sets it and waits for that bit.
 * CACHE_STATE reads 1, idle, as ESP-IDF waits for after it disables a cache.
 *
 * **Not modelled:** cache lock, single-IRAM mode, trace memory, CACHE_MUX_MODE; power-down of
 * memories and tags; MPU and MMU of the internal SRAM and ROM, bus access grants, MMU_IA and
 * MPU_IA sources; external VECBASE; the CPU recorder; flash encryption enables (SLAVE_SPI_CONFIG);
 * the wrong value that a read of DPORT can give while the other core uses APB (errata); CACHE_STATE
 * of a cache that fills a line; what a change of the MMU table does to a cache that is on.
 * A flush drops dirty PSRAM lines on silicon; here the data stays and the user is warned.
 * Unverified on silicon: the illegal-access bits stay until CACHE_MMU_IA_CLR or reset.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { IllegalAccess, PsramMode } from '../../emulator/memory/external.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { CacheAccess } from './cache-access.ts';
import { DPORT_REGISTERS } from './dport.regs.ts';
import { ALSO_RESETS, PERIPHERAL_BITS } from './peripheral-bits.ts';
import type { PeripheralName } from './peripheral-bits.ts';

/** The caches as DPORT steers them: `emulator/memory/external.ts`. */
export interface CacheControl {
  setEnabled(core: number, enabled: boolean): void;
  setBusMask(core: number, mask: number): void;
  setPageModes(core: number, flashMode: number, sramMode: number): void;
  setPsramMode(mode: PsramMode): void;
  /** Returns the number of dirty lines in the flushed cache. */
  flush(core: number): number;
}

export interface DportOptions {
  readonly log: DeviceLog;
  readonly scheduler: Scheduler;
  readonly apbClock: Clock;
  readonly cache: CacheControl;
  /** Wires into the interrupt matrix: FROM_CPU_INTR0..3 and CACHE_IA_INTR. */
  readonly fromCpu: readonly Signal[];
  readonly cacheIa: Signal;
  /** CPUPERIOD_SEL was written: 0, 1, 2 select 80, 160, 240 MHz of the PLL. */
  readonly onCpuPeriod: (select: number) => void;
  readonly onBootRemap: (core: number, on: boolean) => void;
}

const CPUS = ['PRO', 'APP'] as const;
/** Sets of a cache; a flush clears one each APB cycle. */
const FLUSH_APB_CYCLES = 512;
const CACHE_STATE_IDLE = 1 << 7;
const MMU_IA_CLR = 1 << 13;
const FLUSH_ENA = 1 << 4;
const ENABLE_BITS = 14;

export class Dport implements Device {
  readonly name = 'DPORT';
  /** 1 while APP_CPU is held in reset. */
  readonly appCpuReset = new Signal('DPORT.APPCPU_RESETTING', 1);
  /** 1 while APP_CPU's clock runs. */
  readonly appCpuClock = new Signal('DPORT.APPCPU_CLKGATE_EN');
  readonly appCpuStall = new Signal('DPORT.APPCPU_RUNSTALL');
  private readonly bank: RegisterBank<typeof DPORT_REGISTERS>;
  private readonly options: DportOptions;
  private readonly clocks = new Map<PeripheralName, Signal>();
  private readonly resets = new Map<PeripheralName, Signal>();
  private readonly access = [new CacheAccess(), new CacheAccess()] as const;
  /** Tick at which the flush of each core's cache is done; -1: none was asked for. */
  private readonly flushDone: [Ticks, Ticks] = [-1, -1];

  constructor(options: DportOptions) {
    this.options = options;
    this.bank = new RegisterBank(this.name, DPORT_REGISTERS, options.log);
    for (const { name } of PERIPHERAL_BITS) {
      this.clocks.set(name, new Signal(`DPORT.${name}_CLK_EN`));
      this.resets.set(name, new Signal(`DPORT.${name}_RST`));
    }
    this.hookCaches();
    this.hookCpus();
    for (const name of [
      'PERIP_CLK_EN',
      'PERIP_RST_EN',
      'PERI_CLK_EN',
      'PERI_RST_EN',
      'WIFI_CLK_EN',
      'CORE_RST_EN',
    ] as const)
      this.bank.onWrite(name, () => this.drivePeripherals());
    this.applyAll();
  }

  /** 1 while the block's clock is enabled. */
  clockOf(name: PeripheralName): Signal {
    return this.clocks.get(name)!;
  }

  /** 1 while the block is held in reset. */
  resetOf(name: PeripheralName): Signal {
    return this.resets.get(name)!;
  }

  /** APPCPU_BOOT_ADDR: the mask ROM on APP_CPU reads it and jumps there. */
  get appCpuBootAddr(): number {
    return this.bank.get('APPCPU_CTRL_D');
  }

  /** DMA channel of SPI1..SPI3: 0 none, 1, 2. */
  spiDmaChannel(spi: 1 | 2 | 3): number {
    return (this.bank.get('SPI_DMA_CHAN_SEL') >>> (2 * (spi - 1))) & 3;
  }

  /** An access that the caches refused. */
  illegalAccess(core: number, window: number, why: IllegalAccess): void {
    this.access[core]!.record(window, why);
    this.driveCacheIa();
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    for (const access of this.access) access.clear();
    this.flushDone.fill(-1);
    this.applyAll();
  }

  save(): State {
    return {
      bank: this.bank.save(),
      access: this.access.map((access) => access.save()),
      flushDone: [...this.flushDone],
    };
  }

  /** The caches, the clocks and the cores restore themselves: nothing is driven but DPORT's own wires. */
  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    const saved = state['access'] as State[];
    this.access.forEach((access, core) => access.restore(saved[core]!));
    const [pro, app] = state['flushDone'] as [number, number];
    this.flushDone[0] = pro;
    this.flushDone[1] = app;
    this.appCpuReset.level = this.bank.getField('APPCPU_CTRL_A', 'APPCPU_RESETTING') as Level;
    this.appCpuClock.level = this.bank.getField('APPCPU_CTRL_B', 'APPCPU_CLKGATE_EN') as Level;
    this.appCpuStall.level = this.bank.getField('APPCPU_CTRL_C', 'APPCPU_RUNSTALL') as Level;
    this.eachPeripheral((signal, level) => {
      signal.level = level;
    });
  }

  private hookCaches(): void {
    CPUS.forEach((cpu, core) => {
      this.bank.onWrite(`${cpu}_CACHE_CTRL`, (written, before) => {
        if ((written & FLUSH_ENA) !== 0 && (before & FLUSH_ENA) === 0) this.flush(core);
        this.applyCache(core);
      });
      this.bank.onRead(`${cpu}_CACHE_CTRL`, (stored) => {
        const done = this.flushDone[core]!;
        return done >= 0 && this.options.scheduler.now >= done ? stored | (1 << 5) : stored;
      });
      this.bank.onWrite(`${cpu}_CACHE_CTRL1`, (written) => {
        if ((written & MMU_IA_CLR) !== 0) {
          this.access[core]!.clear();
          this.driveCacheIa();
        }
        this.applyCache(core);
      });
      this.bank.onRead(
        `${cpu}_DCACHE_DBUG0`,
        (stored) => stored | CACHE_STATE_IDLE | this.access[core]!.cacheBits,
      );
      this.bank.onRead(`${cpu}_DCACHE_DBUG3`, (stored) => stored | this.access[core]!.disabledBits);
      this.bank.onWrite(`${cpu}_BOOT_REMAP_CTRL`, (written) =>
        this.options.onBootRemap(core, (written & 1) !== 0),
      );
    });
    this.bank.onWrite('CACHE_IA_INT_EN', () => this.driveCacheIa());
  }

  private hookCpus(): void {
    this.bank.onWrite('APPCPU_CTRL_A', (written) => this.appCpuReset.set((written & 1) as Level));
    this.bank.onWrite('APPCPU_CTRL_B', (written) => this.appCpuClock.set((written & 1) as Level));
    this.bank.onWrite('APPCPU_CTRL_C', (written) => this.appCpuStall.set((written & 1) as Level));
    this.bank.onWrite('CPU_PER_CONF', () =>
      this.options.onCpuPeriod(this.bank.getField('CPU_PER_CONF', 'CPUPERIOD_SEL')),
    );
    for (const n of [0, 1, 2, 3] as const)
      this.bank.onWrite(`CPU_INTR_FROM_CPU_${n}`, (written) =>
        this.options.fromCpu[n]!.set((written & 1) as Level),
      );
  }

  private flush(core: number): void {
    const dirty = this.options.cache.flush(core);
    if (dirty > 0)
      this.options.log.warn(
        this.name,
        `${CPUS[core]!}_CPU cache flushed with ${dirty} dirty PSRAM lines; silicon loses them`,
      );
    const { scheduler, apbClock } = this.options;
    this.flushDone[core] = apbClock.after(scheduler.now, FLUSH_APB_CYCLES);
  }

  private applyCache(core: number): void {
    const { cache } = this.options;
    const cpu = CPUS[core]!;
    cache.setEnabled(core, this.bank.getField(`${cpu}_CACHE_CTRL`, 'CACHE_ENABLE') === 1);
    cache.setBusMask(core, this.bank.get(`${cpu}_CACHE_CTRL1`) & 0x3f);
    cache.setPageModes(
      core,
      this.bank.getField(`${cpu}_CACHE_CTRL1`, 'CMMU_FLASH_PAGE_MODE'),
      this.bank.getField(`${cpu}_CACHE_CTRL1`, 'CMMU_SRAM_PAGE_MODE'),
    );
    let mode: PsramMode = 'own';
    if (this.bank.getField('PRO_CACHE_CTRL', 'DRAM_HL') === 1) mode = 'lowHigh';
    else if (this.bank.getField('PRO_CACHE_CTRL', 'DRAM_SPLIT') === 1) mode = 'evenOdd';
    cache.setPsramMode(mode);
  }

  private driveCacheIa(): void {
    const enable = this.bank.get('CACHE_IA_INT_EN');
    this.access[1].setEnable(enable & ((1 << ENABLE_BITS) - 1));
    this.access[0].setEnable(enable >>> ENABLE_BITS);
    this.options.cacheIa.set(this.access[0].asserted || this.access[1].asserted ? 1 : 0);
  }

  private drivePeripherals(): void {
    this.eachPeripheral((signal, level) => signal.set(level));
  }

  /** Visits every clock and reset wire with the level its bit stands for. */
  private eachPeripheral(visit: (signal: Signal, level: Level) => void): void {
    const clocks = { PERIP: 'PERIP_CLK_EN', PERI: 'PERI_CLK_EN', CORE: 'WIFI_CLK_EN' } as const;
    const resets = { PERIP: 'PERIP_RST_EN', PERI: 'PERI_RST_EN', CORE: 'CORE_RST_EN' } as const;
    const held = new Set<PeripheralName>();
    for (const row of PERIPHERAL_BITS) {
      const clock = (this.bank.get(clocks[row.register]) >>> row.clockBit) & 1;
      visit(this.clocks.get(row.name)!, clock as Level);
      if (((this.bank.get(resets[row.register]) >>> row.resetBit) & 1) === 0) continue;
      for (const name of [row.name, ...(ALSO_RESETS[row.name] ?? [])]) held.add(name);
    }
    for (const { name } of PERIPHERAL_BITS) visit(this.resets.get(name)!, held.has(name) ? 1 : 0);
  }

  /** Drives everything from the registers, after a reset. */
  private applyAll(): void {
    for (const core of [0, 1]) {
      this.applyCache(core);
      this.options.onBootRemap(core, false);
    }
    this.driveCacheIa();
    this.drivePeripherals();
    this.appCpuReset.set(1);
    this.appCpuClock.set(0);
    this.appCpuStall.set(0);
    for (const wire of this.options.fromCpu) wire.set(0);
    this.options.onCpuPeriod(0);
  }
}
