/**
 * The composition root: two LX6 cores, the bus with its memories, the clocks, the peripherals, and
 * the run loop that orders them.
 */
import { Bus } from './bus/bus.ts';
import { hashState } from './bus/hash.ts';
import type { State, Stateful } from './bus/state.ts';
import { CodeCache } from './cpu/code-cache.ts';
import { PRID, XCHAL } from './cpu/config.ts';
import { XtensaCore } from './cpu/core.ts';
import { Cpu } from './cpu/state.ts';
import type { Elf } from './loader/elf.ts';
import { hex, InputError } from './loader/errors.ts';
import type { Rom } from './loader/rom.ts';
import { REGIONS } from './memory/map.ts';
import { Memory } from './memory/memory.ts';
import { RunLog } from './report.ts';
import { ClockTree } from './scheduler/clock-tree.ts';
import type { Cycles, Ticks } from './scheduler/clock.ts';
import { Multicore } from './scheduler/multicore.ts';
import { Scheduler } from './scheduler/scheduler.ts';

const CACHED_CODE = REGIONS.filter((row) => row.kind === 'flash' && row.access.includes('x'));

export interface Esp32Options {
  /** The mask ROM; without it only an ELF can be run. */
  readonly rom?: Rom;
  /** Content of the SPI flash at power-on; its length is the chip's size. */
  readonly flash?: Uint8Array;
  /** PSRAM size in bytes: 0, 4 MiB or 8 MiB. */
  readonly psramSize?: number;
}

export class Esp32 implements Stateful {
  readonly log = new RunLog();
  readonly scheduler = new Scheduler();
  readonly clocks = new ClockTree();
  readonly memory: Memory;
  readonly bus: Bus;
  readonly cores: readonly [XtensaCore, XtensaCore];
  readonly multicore: Multicore;

  constructor(options: Esp32Options = {}) {
    this.memory = new Memory({
      flashSize: options.flash?.length ?? 0,
      psramSize: options.psramSize ?? 0,
    });
    if (options.flash !== undefined) this.memory.loadFlash(options.flash);
    if (options.rom !== undefined) this.memory.loadRom(options.rom.bytes, options.rom.appBytes);
    this.bus = new Bus(this.memory, this.log);
    this.cores = [this.makeCore(0), this.makeCore(1)];
    this.multicore = new Multicore(this.scheduler, this.clocks.cpu, this.cores);
    this.bus.syncTime = (core) => this.multicore.syncTime(core);
    this.bus.onCodeWrite((offset, size) => {
      for (const core of this.cores) core.codeWritten(offset, size);
    });
    this.log.where = () => this.runningPlace();
    this.cores[0].reset(XCHAL.RESET_VECTOR);
    this.cores[1].reset(XCHAL.RESET_VECTOR);
    this.cores[1].halt(true);
  }

  /** Master ticks since power-on. */
  get now(): Ticks {
    return this.scheduler.now;
  }

  /** CPU cycles a core has lived through. */
  cycles(core: 0 | 1): Cycles {
    return this.multicore.fullCycle(this.cores[core].cycle);
  }

  /**
   * Puts an ELF's segments into memory and PRO_CPU at its entry, as a debugger would: no ROM code
   * runs and PRO_CPU is in its reset state otherwise. Throws InputError before anything is written.
   */
  loadElf(elf: Elf): void {
    const { memory } = this;
    const { readPage } = this.bus.ports[0];
    for (const { vaddr, memSize, bytes } of elf.segments) {
      for (let page = vaddr >>> 12; page <= (vaddr + Math.max(memSize, 1) - 1) >>> 12; page++) {
        if (readPage[page]! >= 0 && this.bus.ports[0].writePage[page]! >= 0) continue;
        throw new InputError(
          elf.file,
          `segment ${hex(vaddr)}..${hex(vaddr + memSize)} is outside memory`,
          {
            expected: 'internal RAM (0x3ffae000..0x3fffffff, 0x40070000..0x4009ffff, RTC memories)',
          },
        );
      }
      if (bytes.length > memSize)
        throw new InputError(elf.file, 'segment larger in the file than in memory');
    }
    for (const { vaddr, memSize, bytes } of elf.segments) {
      for (let i = 0; i < memSize; i++) {
        const addr = vaddr + i;
        const offset = (readPage[addr >>> 12]! & ~3) + (addr & 0xfff);
        memory.bytes[offset] = i < bytes.length ? bytes[i]! : 0;
      }
    }
    this.cores[0].reset(elf.entry);
    this.cores[0].code.clear();
  }

  /** Runs until tick `end`, or until `requestStop`. */
  runUntil(end: Ticks): void {
    this.multicore.runUntil(end);
  }

  requestStop(): void {
    this.multicore.requestStop();
  }

  /** SHA-256 over the whole state. */
  stateHash(): string {
    return hashState(this.save());
  }

  save(): State {
    return {
      scheduler: this.scheduler.save(),
      clocks: this.clocks.save(),
      multicore: this.multicore.save(),
      bus: this.bus.save(),
      proCpu: this.cores[0].save(),
      appCpu: this.cores[1].save(),
    };
  }

  restore(state: State): void {
    this.scheduler.restore(state['scheduler'] as State);
    this.clocks.restore(state['clocks'] as State);
    this.multicore.restore(state['multicore'] as State);
    this.bus.restore(state['bus'] as State);
    this.cores[0].restore(state['proCpu'] as State);
    this.cores[1].restore(state['appCpu'] as State);
  }

  private makeCore(index: 0 | 1): XtensaCore {
    const name = index === 0 ? 'PRO_CPU' : 'APP_CPU';
    const port = this.bus.ports[index];
    const cpu = new Cpu(name, PRID[name], port);
    const code = new CodeCache(
      port,
      (backing, length) => this.bus.watchCode(backing, length),
      isCachedCode,
    );
    cpu.onRegionAttribute = () => {
      this.bus.applyRegionProtection(index, cpu.itlbAttribute, cpu.dtlbAttribute);
      code.clear();
      cpu.limit = cpu.cycle;
    };
    return new XtensaCore(cpu, code);
  }

  private runningPlace(): { core: string; pc: number } {
    const { running } = this.multicore;
    const { cpu } = this.cores[running === 1 ? 1 : 0];
    return { core: running < 0 ? 'outside' : cpu.name, pc: cpu.pc >>> 0 };
  }
}

/** Whether instructions at `pc` come from flash through the cache. */
function isCachedCode(pc: number): boolean {
  return CACHED_CODE.some(({ base, size }) => pc >= base && pc < base + size);
}
