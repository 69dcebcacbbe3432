/**
 * SPI0..SPI3 (TRM chapter "SPI Controller") as masters: user-defined transfers, the flash commands
 * of SPI_CMD, and for SPI0 the length of a cache line fill. SPI0 serves the caches, SPI1 the flash
 * from software, SPI2 and SPI3 are general.
 *
 * Clock: APB_CLK through SPI_CLOCK, or APB_CLK itself with CLK_EQU_SYSCLK. A transfer starts at the
 * next APB edge, lasts its SPI clocks (CS set-up and hold included), and only then reaches the
 * chip, lands in the buffer, clears its SPI_CMD bit and sets TRANS_DONE.
 * Interrupt source: ETS_SPIn_INTR_SOURCE, level: SLAVE done bits and their INT_EN bits.
 *
 * **Not modelled:** slave mode; three-wire mode (SIO) and the HOLD line phases; waits for an
 * idle flash in hardware (WAIT_FLASH_IDLE_EN, EXT0, EXT1) and automatic suspend (FLASH_PES_EN);
 * delays of MISO and MOSI, and with them the surplus dummy clocks that software adds at high clock
 * rates: they take their time and shift nothing; arbitration between SPI0 and SPI1 (a line fill
 * does not wait for a transfer of SPI1); a clock gated in the middle of a transfer; CRC of encrypted data; levels on pads.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { DmaMemory } from '../../emulator/bus/dma-list.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { SpiDevice, SpiLines, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { SpiDma } from './dma.ts';
import { flashReadClocks, LINE_OVERHEAD, sramClocks } from './line-fill.ts';
import { SPI_REGISTERS } from './spi.regs.ts';
import type { Landing, SpiBank, Transaction } from './transaction.ts';
import { BUFFER_BYTES, bufferLane, flashTransaction, userTransaction } from './transaction.ts';
import { RELEASED, reverseBits, sampleBits } from './wave.ts';

export interface SpiConfig {
  readonly index: 0 | 1 | 2 | 3;
  readonly apbClock: Clock;
  readonly scheduler: Scheduler;
  readonly irq: Signal;
  readonly log: DeviceLog;
  /** RAM as DMA sees it, and the DMA's interrupt; SPI0 has neither. */
  readonly dma?: DmaMemory;
  readonly dmaIrq?: Signal;
  /** Chips at CS0, CS1 and CS2. */
  readonly chips?: readonly (SpiDevice | undefined)[];
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

const BUFFER_OFFSET = 0x80;
const WORDS = BUFFER_BYTES / 4;
const CLOCK_EQUAL = 0x80000000;
/** SLAVE: five done bits, and five enable bits above them. */
const DONE_MASK = 0x1f;
const ENABLE_SHIFT = 5;
const TRANS_DONE = 1 << 4;

export class Spi implements Device {
  readonly name: string;
  private readonly bank: SpiBank;
  private readonly config: SpiConfig;
  private readonly chips: (SpiDevice | undefined)[];
  private readonly dma: SpiDma;
  private readonly done: SchedulerEvent;
  private active: Transaction | undefined;
  /** Tick of the first clock of the active transfer, and ticks of one SPI clock. */
  private start: Ticks = 0;
  private clockTicks: Ticks = 0;
  /** Clocks of a line transfer by kind, computed once after each change of a register. */
  private readonly lineClocks = new Map<LineKind, number>();

  constructor(config: SpiConfig) {
    this.config = config;
    this.name = `SPI${config.index}`;
    this.bank = new RegisterBank(this.name, SPI_REGISTERS, config.log);
    this.dma = new SpiDma(this.bank, config.dma, config.dmaIrq);
    this.chips = [config.chips?.[0], config.chips?.[1], config.chips?.[2]];
    this.done = config.scheduler.event(`${this.name}.done`, (now) => this.finish(now));
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
    this.config.scheduler.cancel(this.done);
    this.active = undefined;
    this.bank.reset();
    this.lineClocks.clear();
    this.dma.reset();
    this.config.irq.set(0);
  }

  /** Ticks of one SPI clock of flash (and, with `sram`, of PSRAM), after SPI_CLOCK. */
  spiClockTicks(sram = false): Ticks {
    const apb = MASTER_HZ / this.config.apbClock.hz;
    const clock = this.bank.get('CLOCK');
    if (clock >= CLOCK_EQUAL) return apb;
    if (!sram && this.bank.getField('DATE', 'FLASH_CLK_UNDIVIDED') === 1) return apb;
    const pre = this.bank.getField('CLOCK', 'CLKDIV_PRE') + 1;
    return apb * pre * (this.bank.getField('CLOCK', 'CLKCNT_N') + 1);
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
    if (this.active !== undefined || written === 0) return;
    const buffer = this.buffer();
    const transaction =
      this.bank.getField('CMD', 'USR') === 1
        ? userTransaction(this.bank, buffer, this.dma)
        : flashTransaction(this.bank, buffer, (bit) => this.commandBit(bit));
    if (transaction === undefined) return;
    const { apbClock, scheduler } = this.config;
    const setup = this.bank.getField('USER', 'CS_SETUP') === 1 ? 1 : 0;
    const before = setup * (this.bank.getField('CTRL2', 'SETUP_TIME') + 1);
    const hold = this.bank.getField('USER', 'CS_HOLD') * this.bank.getField('CTRL2', 'HOLD_TIME');
    this.active = transaction;
    this.clockTicks = this.spiClockTicks();
    const edge = apbClock.tickOf(apbClock.cycleFrom(scheduler.now));
    this.start = edge + before * this.clockTicks;
    const clocks = Math.max(1, transaction.out.length) + hold;
    scheduler.at(this.start + clocks * this.clockTicks, this.done);
  }

  /** State of the transfer at the present tick, by the clock it has come to. */
  private state(): number {
    if (this.active === undefined) return ST.IDLE;
    const clock = Math.floor((this.config.scheduler.now - this.start) / this.clockTicks);
    if (clock < 0) return ST.PREPARE;
    if (clock < COMMAND_CLOCKS) return ST.COMMAND;
    return clock < this.active.firstSample ? ST.OUTPUT : ST.INPUT;
  }

  private commandBit(name: string): boolean {
    const row = SPI_REGISTERS[0].fields.find((candidate) => candidate.name === name);
    return row !== undefined && ((this.bank.get('CMD') >>> row.bit) & 1) === 1;
  }

  private finish(_now: Ticks): void {
    const transaction = this.active;
    if (transaction === undefined) return;
    const wires = this.exchange(transaction);
    this.land(transaction, wires);
    this.dma.finish();
    this.active = undefined;
    this.bank.set('CMD', 0);
    const count = this.bank.getField('SLAVE', 'TRANS_CNT');
    this.bank.setField('SLAVE', 'TRANS_CNT', count + 1);
    this.bank.set('SLAVE', this.bank.get('SLAVE') | TRANS_DONE);
    this.updateIrq();
  }

  /** Gives the transfer to every selected chip; the wires carry the AND of what the chips drive. */
  private exchange(transaction: Transaction): Uint8Array {
    const wires = new Uint8Array(transaction.out.length).fill(RELEASED);
    const disabled = this.bank.get('PIN');
    const mode = this.mode();
    this.chips.forEach((chip, chipSelect) => {
      if (chip === undefined || ((disabled >>> chipSelect) & 1) === 1) return;
      const transfer: SpiTransfer = {
        start: this.start,
        clockTicks: this.clockTicks,
        mode,
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

  private land(transaction: Transaction, wires: Uint8Array): void {
    if (transaction.landing === 'none') return;
    const { firstSample, sampleCount, sampleLines } = transaction;
    const bytes = sampleBits(wires, firstSample, sampleCount, sampleLines);
    if (this.bank.getField('CTRL', 'RD_BIT_ORDER') === 1)
      bytes.forEach((byte, i) => (bytes[i] = reverseBits(byte)));
    if (transaction.landing === 'status') {
      this.bank.setField('RD_STATUS', 'STATUS', bytes[0]!);
      return;
    }
    if (transaction.landing === 'dma') {
      this.dma.input(bytes);
      return;
    }
    const bigEndian = this.bank.getField('USER', 'RD_BYTE_ORDER') === 1;
    bytes.forEach((byte, i) => {
      const lane = bufferLane(transaction.landingByte + i, bigEndian);
      const name = `W${lane >> 2}` as 'W0';
      const shift = (lane & 3) * 8;
      this.bank.set(name, (this.bank.get(name) & ~(0xff << shift)) | (byte << shift));
    });
  }

  private buffer(): Uint8Array {
    const bytes = new Uint8Array(BUFFER_BYTES);
    for (let word = 0; word < WORDS; word++) {
      const value = this.bank.read(BUFFER_OFFSET + word * 4, 4);
      for (let lane = 0; lane < 4; lane++) bytes[word * 4 + lane] = value >>> (lane * 8);
    }
    return bytes;
  }

  private writeSlave(written: number): void {
    if (written >= 0x80000000) {
      this.config.scheduler.cancel(this.done);
      this.active = undefined;
      this.bank.set('CMD', 0);
    }
    this.updateIrq();
  }

  private updateIrq(): void {
    const slave = this.bank.get('SLAVE');
    this.config.irq.set((slave & (slave >>> ENABLE_SHIFT) & DONE_MASK) !== 0 ? 1 : 0);
  }

  save(): State {
    const active = this.active;
    return {
      bank: this.bank.save(),
      dma: this.dma.save(),
      start: this.start,
      clockTicks: this.clockTicks,
      active: active === undefined ? null : { ...active, out: active.out.slice() },
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.dma.restore(state['dma'] as State);
    this.lineClocks.clear();
    this.start = state['start'] as number;
    this.clockTicks = state['clockTicks'] as number;
    const active = state['active'] as State | null;
    if (active === null) this.active = undefined;
    else
      this.active = {
        out: (active['out'] as Uint8Array).slice(),
        firstSample: active['firstSample'] as number,
        sampleCount: active['sampleCount'] as number,
        sampleLines: active['sampleLines'] as SpiLines,
        landing: active['landing'] as Landing,
        landingByte: active['landingByte'] as number,
      };
  }
}
