/**
 * SPI0..SPI3 (TRM chapter "SPI Controller"): user-defined transfers, the flash commands of SPI_CMD,
 * slave mode (`slave.ts`), and for SPI0 the length of a cache line fill. SPI0 serves the caches, SPI1
 * the flash from software, SPI2 and SPI3 are general and drive pins (`master-wires.ts`).
 *
 * Clock: APB_CLK through SPI_CLOCK, or APB_CLK itself with CLK_EQU_SYSCLK. A transfer starts at the
 * next APB edge, lasts its SPI clocks (CS set-up and hold included), and only then reaches the
 * chip, lands in the buffer, clears its SPI_CMD bit and sets TRANS_DONE.
 * Interrupt source: ETS_SPIn_INTR_SOURCE, level: SLAVE done bits and their INT_EN bits.
 *
 * Unverified on silicon: CLK's duty where CLKCNT_L is not CLKCNT_N (`timing.ts`); who listens to the
 * wires only from the middle of a transfer on hears the levels from then on (`spi-wires.ts`).
 *
 * **Not modelled:** the HOLD line phases (USR_*_HOLD); waits for an idle flash in hardware
 * (WAIT_FLASH_IDLE_EN, EXT0, EXT1) and automatic suspend (FLASH_PES_EN); on SPI1 delays of MISO and
 * MOSI, and with them the surplus dummy clocks that software adds at high clock rates: they take
 * their time and shift nothing; what a line read finds that no flash can answer (`read-check.ts` warns)
 * or whose surplus dummy clocks do not suit clock and pads: it finds the content all the same; levels
 * of SPI0's and SPI1's pins (the flash and the PSRAM get each transfer as a whole); arbitration between SPI0 and SPI1 (a line fill does not wait for a transfer
 * of SPI1); a clock gated in the middle of a transfer; CRC of encrypted data; MASTER_CK_SEL,
 * CS_HOLD_DELAY and CK_OUT_LOW/HIGH_MODE; a slave's delays, CS_I_MODE and chip selects 1 and 2.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { DmaMemory } from '../../emulator/bus/dma-list.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { SpiDevice, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { land, readBuffer } from './buffer.ts';
import { SpiDma } from './dma.ts';
import { flashReadClocks, LINE_OVERHEAD, sramClocks } from './line-fill.ts';
import { lineLevels, MasterWires } from './master-wires.ts';
import type { SpiPins } from './pins.ts';
import { lineReadFault } from './read-check.ts';
import { SpiSlave } from './slave.ts';
import { SPI_REGISTERS } from './spi.regs.ts';
import { clockShape, lineDelay } from './timing.ts';
import type { ClockShape, TransferTiming } from './timing.ts';
import type { SpiBank, Transaction } from './transaction.ts';
import { flashTransaction, userTransaction } from './transaction.ts';
import { RELEASED, sampleBits } from './wave.ts';

export interface SpiConfig {
  readonly index: 0 | 1 | 2 | 3;
  readonly apbClock: Clock;
  readonly scheduler: Scheduler;
  readonly irq: Signal;
  readonly log: DeviceLog;
  /** RAM as DMA sees it, and the DMA's interrupt; SPI0 has neither. */
  readonly dma?: DmaMemory;
  readonly dmaIrq?: Signal;
  /** SPI1: tick at which the cache's controller lets go of the pins that both use. */
  readonly busFree?: () => Ticks;
  /** Chips at CS0, CS1 and CS2. */
  readonly chips?: readonly (SpiDevice | undefined)[];
  /** SPI2 and SPI3. */
  readonly pins?: SpiPins;
}

type LineKind = 'flash' | 'sramRead' | 'sramWrite';
const LINE_BYTES = 32;

/**
 * States of SPI_EXT2.ST. The ESP32's manual names none; these are the numbers of the ESP32-S2's
 * SPI_FSM_REG. ESP-IDF's PSRAM driver waits for a state above 1 after it started a read on SPI2.
 * Unverified on silicon: the clock of each change.
 */
const ST = { IDLE: 0, PREPARE: 1, COMMAND: 2, OUTPUT: 3, INPUT: 4 } as const;
const COMMAND_CLOCKS = 8;

/** SLAVE: five done bits, and five enable bits above them. */
const DONE_MASK = 0x1f;
const ENABLE_SHIFT = 5;
const TRANS_DONE = 1 << 4;
const SELECTS = 7;

export class Spi implements Device {
  readonly name: string;
  private readonly bank: SpiBank;
  private readonly config: SpiConfig;
  private readonly chips: (SpiDevice | undefined)[];
  private readonly dma: SpiDma;
  private readonly done: SchedulerEvent;
  private readonly wires: MasterWires | undefined;
  private readonly slave: SpiSlave | undefined;
  private active: Transaction | undefined;
  /** Ticks of the active transfer. */
  private timing: TransferTiming | undefined;
  /** Chip selects held after their transfer by CS_KEEP_ACTIVE. */
  private kept = 0;
  /** Clocks of a line transfer by kind, computed once after each change of a register. */
  private readonly lineClocks = new Map<LineKind, number>();

  constructor(config: SpiConfig) {
    this.config = config;
    this.name = `SPI${config.index}`;
    this.bank = new RegisterBank(this.name, SPI_REGISTERS, config.log);
    this.dma = new SpiDma(this.bank, config.dma, config.dmaIrq, (message) =>
      config.log.warn(this.name, message),
    );
    this.chips = [config.chips?.[0], config.chips?.[1], config.chips?.[2]];
    this.done = config.scheduler.event(`${this.name}.done`, (now) => this.finish(now));
    const { pins, scheduler } = config;
    if (pins !== undefined) {
      const { bank, dma } = this;
      this.wires = new MasterWires(this.name, pins, scheduler);
      this.slave = new SpiSlave({ bank, dma, pins, onDone: (bits) => this.slaveDone(bits) });
      for (const name of ['PIN', 'CTRL'] as const) bank.onWrite(name, () => this.idle());
      this.idle();
    }
    this.bank.onWrite('CMD', (written) => this.startCommand(written));
    this.bank.onWrite('SLAVE', (written) => this.writeSlave(written));
    this.bank.onRead('EXT2', () => this.state());
  }

  /** Connects a chip to CS0, CS1 or CS2. */
  attach(chipSelect: 0 | 1 | 2, chip: SpiDevice): void {
    this.chips[chipSelect] = chip;
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.lineClocks.clear();
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.abort();
    this.bank.reset();
    this.lineClocks.clear();
    this.dma.reset();
    this.idle();
    this.wires?.release();
    this.config.irq.set(0);
  }

  /** Brings the wires up to the present tick: somebody is about to look at the pins. */
  settle(): void {
    this.wires?.settle();
  }

  /** The ways of the pins may have changed. */
  rerouted(): void {
    this.wires?.watch();
  }

  /** Ticks of one SPI clock of flash (and, with `sram`, of PSRAM), after SPI_CLOCK. */
  spiClockTicks(sram = false): Ticks {
    return this.shape(sram).period;
  }

  private shape(sram = false): ClockShape {
    const { apbClock } = this.config;
    if (!sram && this.bank.getField('DATE', 'FLASH_CLK_UNDIVIDED') === 1) {
      const period = MASTER_HZ / apbClock.hz;
      return { period, high: Math.floor(period / 2) };
    }
    return clockShape(this.bank, apbClock);
  }

  /** Tick at which the running transfer ends; 0 when there is none. */
  get busyUntil(): Ticks {
    return this.active === undefined ? 0 : this.done.at;
  }

  /** SPI0: ticks from a cache's request of a line of flash to the last byte. */
  lineFillTicks(): Ticks {
    return this.clocksOf('flash') * this.spiClockTicks();
  }

  /** SPI0: ticks of a line read (or a write-back) of the PSRAM. */
  sramLineTicks(write: boolean): Ticks {
    return this.clocksOf(write ? 'sramWrite' : 'sramRead') * this.spiClockTicks(true);
  }

  private clocksOf(kind: LineKind): number {
    let clocks = this.lineClocks.get(kind);
    if (clocks === undefined) {
      const fault = kind === 'flash' ? lineReadFault(this.bank) : undefined;
      if (fault !== undefined) this.config.log.warn(this.name, fault);
      clocks =
        kind === 'flash'
          ? flashReadClocks(this.bank, LINE_BYTES)
          : sramClocks(this.bank, LINE_BYTES, kind === 'sramWrite');
      clocks += LINE_OVERHEAD.value;
      this.lineClocks.set(kind, clocks);
    }
    return clocks;
  }

  private startCommand(written: number): void {
    if (this.active !== undefined || written === 0 || this.isSlave) return;
    const buffer = readBuffer(this.bank);
    const transaction =
      this.bank.getField('CMD', 'USR') === 1
        ? userTransaction(this.bank, buffer, this.dma)
        : flashTransaction(this.bank, buffer, (bit) => this.commandBit(bit));
    if (transaction === undefined) return;
    this.active = transaction;
    const timing = this.timingOf(transaction);
    this.timing = timing;
    this.config.scheduler.at(timing.end, this.done);
    this.idle();
    this.beginWires(transaction, timing);
  }

  private timingOf(transaction: Transaction): TransferTiming {
    const { bank } = this;
    const { apbClock, scheduler } = this.config;
    const shape = this.shape();
    const setup = bank.getField('USER', 'CS_SETUP') === 1 ? 1 : 0;
    const before = setup * (bank.getField('CTRL2', 'SETUP_TIME') + 1);
    const hold = bank.getField('USER', 'CS_HOLD') * bank.getField('CTRL2', 'HOLD_TIME');
    const csDelay = lineDelay(bank, 'CS', shape, apbClock);
    const free = Math.max(scheduler.now, this.config.busFree?.() ?? 0);
    const edge = apbClock.tickOf(apbClock.cycleFrom(free));
    const start = edge + before * shape.period;
    const clocks = Math.max(1, transaction.out.length) + hold;
    const silent = bank.getField('USER', 'USR_DUMMY_IDLE') === 1;
    const mode = this.mode();
    return {
      ...shape,
      csBegin: edge + csDelay,
      start,
      stop: start + transaction.out.length * shape.period,
      end: start + clocks * shape.period + csDelay,
      cpol: mode >> 1,
      cpha: mode & 1,
      silentFrom: silent ? transaction.dummyFrom : 0,
      silentTo: silent ? transaction.dummyTo : 0,
      mosiDelay: lineDelay(bank, 'MOSI', shape, apbClock),
      misoDelay: lineDelay(bank, 'MISO', shape, apbClock),
    };
  }

  private beginWires(transaction: Transaction, timing: TransferTiming): void {
    const { wires, bank } = this;
    if (wires === undefined) return;
    const { out, lines, firstSample, sampleCount, sampleLines, releaseFrom, threeWire } =
      transaction;
    const released = sampleLines > 1 ? (1 << sampleLines) - 1 : threeWire ? 1 : 0;
    const wp = bank.getField('CTRL', 'WP');
    const d = this.config.pins!.data[0].output.level;
    wires.begin({
      timing,
      ...lineLevels(out, lines, { d, wp, releaseFrom, released }),
      firstSample,
      sampleClocks: Math.ceil(sampleCount / sampleLines),
      selects: ~bank.get('PIN') & SELECTS,
      clockOff: bank.getField('PIN', 'CK_DIS') === 1,
    });
  }

  /** The wires between transfers, after PIN, CTRL and SLAVE. */
  private idle(): void {
    const { bank } = this;
    if (bank.getField('PIN', 'CS_KEEP_ACTIVE') === 0) this.kept = 0;
    else if (this.active !== undefined) this.kept = ~bank.get('PIN') & SELECTS;
    this.wires?.idle(
      {
        cpol: bank.getField('PIN', 'CK_IDLE_EDGE'),
        csPolarity: bank.getField('PIN', 'MASTER_CS_POL'),
        kept: this.kept,
        wp: bank.getField('CTRL', 'WP'),
      },
      !this.isSlave,
    );
  }

  private get isSlave(): boolean {
    return this.slave !== undefined && this.bank.getField('SLAVE', 'MODE') === 1;
  }

  /** State of the transfer at the present tick, by the clock it has come to. */
  private state(): number {
    const { active, timing } = this;
    if (active === undefined || timing === undefined) return ST.IDLE;
    const clock = Math.floor((this.config.scheduler.now - timing.start) / timing.period);
    if (clock < 0) return ST.PREPARE;
    if (clock < COMMAND_CLOCKS) return ST.COMMAND;
    return clock < active.firstSample ? ST.OUTPUT : ST.INPUT;
  }

  private commandBit(name: string): boolean {
    const row = SPI_REGISTERS[0].fields.find((candidate) => candidate.name === name);
    return row !== undefined && ((this.bank.get('CMD') >>> row.bit) & 1) === 1;
  }

  private finish(_now: Ticks): void {
    const { active, timing } = this;
    if (active === undefined || timing === undefined) return;
    const { landing, firstSample, sampleCount, sampleLines, threeWire, landingByte } = active;
    const wires = this.exchange(active, timing);
    if (landing !== 'none') {
      const bytes = sampleBits(wires, firstSample, sampleCount, sampleLines, threeWire);
      land(this.bank, this.dma, landing, landingByte, bytes);
    }
    this.dma.finish();
    this.active = undefined;
    this.transferDone(0);
  }

  private slaveDone(bits: number): void {
    this.transferDone(bits);
  }

  /** Clears SPI_CMD, counts, sets TRANS_DONE and `bits` of SLAVE. */
  private transferDone(bits: number): void {
    this.bank.set('CMD', 0);
    const count = this.bank.getField('SLAVE', 'TRANS_CNT');
    this.bank.setField('SLAVE', 'TRANS_CNT', count + 1);
    this.bank.set('SLAVE', this.bank.get('SLAVE') | TRANS_DONE | bits);
    this.updateIrq();
  }

  /**
   * What the master samples in each clock: the pins', and what every selected chip drives when it is
   * given the transfer. A line that nobody drives reads 1.
   */
  private exchange(transaction: Transaction, timing: TransferTiming): Uint8Array {
    const wires = new Uint8Array(transaction.out.length).fill(RELEASED);
    const received = this.wires?.finish();
    if (received !== undefined) wires.set(received, transaction.firstSample);
    const disabled = this.bank.get('PIN');
    this.chips.forEach((chip, chipSelect) => {
      if (chip === undefined || ((disabled >>> chipSelect) & 1) === 1) return;
      const transfer: SpiTransfer = {
        start: timing.start,
        clockTicks: timing.period,
        mode: timing.cpol * 2 + timing.cpha,
        out: transaction.out,
        in: new Uint8Array(transaction.out.length).fill(RELEASED),
        firstSample: transaction.firstSample,
      };
      chip.transfer(transfer);
      for (let i = 0; i < wires.length; i++) wires[i] = wires[i]! & transfer.in[i]!;
    });
    return wires;
  }

  /** CPOL is CK_IDLE_EDGE; CPHA is CK_OUT_EDGE, inverted when the clock idles high. */
  private mode(): number {
    const idle = this.bank.getField('PIN', 'CK_IDLE_EDGE');
    return idle * 2 + (this.bank.getField('USER', 'CK_OUT_EDGE') ^ idle);
  }

  private writeSlave(written: number): void {
    if (written >= 0x80000000) {
      this.abort();
      this.bank.set('CMD', 0);
    }
    this.idle();
    this.updateIrq();
  }

  /** Gives the transfer up: SYNC_RESET and resets. */
  private abort(): void {
    this.config.scheduler.cancel(this.done);
    this.active = undefined;
    this.kept = 0;
    this.wires?.stop();
    this.slave?.reset();
  }

  private updateIrq(): void {
    const slave = this.bank.get('SLAVE');
    this.config.irq.set((slave & (slave >>> ENABLE_SHIFT) & DONE_MASK) !== 0 ? 1 : 0);
  }

  save(): State {
    const { active, timing } = this;
    return {
      bank: this.bank.save(),
      dma: this.dma.save(),
      kept: this.kept,
      wires: this.wires?.save() ?? null,
      slave: this.slave?.save() ?? null,
      timing: active === undefined || timing === undefined ? null : { ...timing },
      active:
        active === undefined
          ? null
          : { ...active, out: active.out.slice(), lines: active.lines.slice() },
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.dma.restore(state['dma'] as State);
    this.lineClocks.clear();
    this.kept = state['kept'] as number;
    this.wires?.restore(state['wires'] as State);
    this.slave?.restore(state['slave'] as State);
    const timing = state['timing'] as State | null;
    this.timing = timing === null ? undefined : ({ ...timing } as unknown as TransferTiming);
    const active = state['active'] as unknown as Transaction | null;
    this.active =
      active === null
        ? undefined
        : { ...active, out: active.out.slice(), lines: active.lines.slice() };
  }
}
