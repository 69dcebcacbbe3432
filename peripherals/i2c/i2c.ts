/**
 * I2C0 and I2C1 (TRM chapter "I2C Controller"): master with its command list, or slave.
 *
 * Clock domain: APB_CLK. Interrupt sources: ETS_I2C_EXT0_INTR_SOURCE, ETS_I2C_EXT1_INTR_SOURCE. Every
 * edge on SCL and SDA happens at its cycle; an idle block has no events. RXFIFO_FULL (more bytes than
 * RXFIFO_FULL_THRHD) and TXFIFO_EMPTY (fewer than TXFIFO_EMPTY_THRHD) are levels: clearing them while
 * their condition holds sets them again. After a wrong ACK the master sends a STOP by itself, without
 * TRANS_COMPLETE. A slave raises TRANS_COMPLETE with SLAVE_TRAN_COMP. The FIFO register acts alike
 * through the DPORT and the AHB window.
 *
 * Unverified on silicon: the first START comes SCL_RSTART_SETUP after TRANS_START; a START waits while
 * another master has the bus; set-up times are not below 6 cycles after SCL's rise is seen. Unverified
 * on silicon: after TIME_OUT the master goes on when SCL rises, and TIME_OUT 0 is no limit. Unverified
 * on silicon: with SAMPLE_SCL_LEVEL 1 SDA is taken when SCL's rise is seen. Unverified on silicon: an
 * empty TX FIFO repeats its last byte; a slave acknowledges bytes that overflow its RX FIFO.
 * Unverified on silicon: RX_REC_FULL and TX_SEND_EMPTY count bytes in both access modes.
 * Unverified on silicon: RXFIFO_FULL compares with `>`, TXFIFO_EMPTY with `<`; one RAM, shared by both
 * FIFOs, is shown from offset 0x100; no TRANS_COMPLETE follows the automatic STOP.
 *
 * **Not modelled:** bytes lost when the RX FIFO is read through the AHB window or the TX FIFO is written
 * through the DPORT window, the glitch on SDA when the block's clock is switched on, CLK_EN.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { DataMemory, FIFO_BYTES } from './data-memory.ts';
import { I2C_REGISTERS, INTERRUPT } from './i2c.regs.ts';
import { InputLine } from './input-line.ts';
import { Master } from './master.ts';
import { OutputLine } from './output-line.ts';
import { readSettings, SETTING_REGISTERS } from './settings.ts';
import type { I2cSettings } from './settings.ts';
import { Slave } from './slave.ts';

/** One line's wires to the GPIO matrix; the output drives while `enable` is 1. */
export interface I2cPin {
  readonly in: Signal;
  readonly out: Signal;
  readonly enable: Signal;
}

export interface I2cOptions {
  readonly index: 0 | 1;
  readonly apbClock: Clock;
  readonly scheduler: Scheduler;
  readonly irq: Signal;
  readonly log: DeviceLog;
  readonly scl: I2cPin;
  readonly sda: I2cPin;
}

const DATA_OFFSET = 0x1c;
const RAM_BEGIN = 0x100;
const RAM_END = RAM_BEGIN + 4 * FIFO_BYTES;
const COMMAND_MASK = 0x3fff;
const COMMAND_DONE = 0x80000000;

export class I2c implements Device {
  readonly name: string;
  private readonly bank: RegisterBank<typeof I2C_REGISTERS>;
  private readonly clock: Clock;
  private readonly scheduler: Scheduler;
  private readonly irq: Signal;
  private readonly memory = new DataMemory();
  private readonly scl: { readonly in: InputLine; readonly out: OutputLine };
  private readonly sda: { readonly in: InputLine; readonly out: OutputLine };
  private readonly master: Master;
  private readonly slave: Slave;
  private readonly timeOut: SchedulerEvent;
  private settings: I2cSettings;
  /** Interrupt conditions that happened and were not cleared. */
  private latched = 0;
  private enabled = 0;
  private busBusy = false;
  private ackReceived: Level = 0;
  private timedOut = false;
  private arbitrationLost = false;
  /** Bytes since RX_REC_FULL and TX_SEND_EMPTY. */
  private rxRecord = 0;
  private txRecord = 0;
  private lastEdge: Ticks = 0;

  constructor(options: I2cOptions) {
    const { index, scheduler, apbClock } = options;
    this.name = `I2C${index}`;
    this.clock = apbClock;
    this.scheduler = scheduler;
    this.irq = options.irq;
    this.bank = new RegisterBank(this.name, I2C_REGISTERS, options.log);
    this.settings = readSettings(this.bank);
    const { name } = this;
    this.scl = {
      in: new InputLine({
        ...{ name: `${name}.sclIn`, wire: options.scl.in, clock: apbClock, scheduler },
        delay: () => this.settings.sclDelay,
        onEdge: (level, now) => this.onScl(level, now),
      }),
      out: new OutputLine(options.scl.out, options.scl.enable),
    };
    this.sda = {
      in: new InputLine({
        ...{ name: `${name}.sdaIn`, wire: options.sda.in, clock: apbClock, scheduler },
        delay: () => this.settings.sdaDelay,
        onEdge: (level, now) => this.onSda(level, now),
      }),
      out: new OutputLine(options.sda.out, options.sda.enable),
    };
    const common = { name, scheduler, clock: apbClock, scl: this.scl, sda: this.sda };
    this.master = this.makeMaster(common);
    this.slave = this.makeSlave(common);
    this.timeOut = scheduler.event(`${name}.timeOut`, (now) => this.onTimeOut(now));
    this.hookRegisters();
    this.reset('power');
  }

  read(offset: number, size: AccessSize): number {
    if (offset >= RAM_BEGIN && offset < RAM_END)
      return (offset & 3) === 0 ? this.memory.ram[(offset - RAM_BEGIN) >> 2]! : 0;
    if ((offset & ~3) !== DATA_OFFSET) return this.bank.read(offset, size);
    if ((offset & 3) !== 0 || this.settings.nonFifo) return 0;
    const value = this.memory.rx.pop();
    this.update();
    return value;
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (offset >= RAM_BEGIN && offset < RAM_END) {
      if ((offset & 3) === 0) this.memory.ram[(offset - RAM_BEGIN) >> 2] = value;
    } else if ((offset & ~3) === DATA_OFFSET) {
      if ((offset & 3) !== 0 || this.settings.nonFifo) return;
      if (this.bank.getField('FIFO_CONF', 'TX_FIFO_RST') === 0) this.memory.tx.push(value & 0xff);
      this.update();
    } else this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    this.memory.clear();
    this.loadSettings();
    this.scheduler.cancel(this.timeOut);
    this.latched = 0;
    this.enabled = 0;
    this.busBusy = false;
    this.ackReceived = 0;
    this.timedOut = false;
    this.arbitrationLost = false;
    this.rxRecord = 0;
    this.txRecord = 0;
    this.slave.reset();
    this.master.reset();
    this.scl.in.reset();
    this.sda.in.reset();
    this.update();
  }

  save(): State {
    const { latched, busBusy, ackReceived, timedOut, arbitrationLost } = this;
    const { rxRecord, txRecord, lastEdge } = this;
    return {
      ...{ latched, busBusy, ackReceived, timedOut, arbitrationLost, rxRecord, txRecord, lastEdge },
      bank: this.bank.save(),
      memory: this.memory.save(),
      scl: this.scl.in.save(),
      sda: this.sda.in.save(),
      master: this.master.save(),
      slave: this.slave.save(),
    };
  }

  restore(state: State): void {
    this.latched = state['latched'] as number;
    this.busBusy = state['busBusy'] as boolean;
    this.ackReceived = state['ackReceived'] as Level;
    this.timedOut = state['timedOut'] as boolean;
    this.arbitrationLost = state['arbitrationLost'] as boolean;
    this.rxRecord = state['rxRecord'] as number;
    this.txRecord = state['txRecord'] as number;
    this.lastEdge = state['lastEdge'] as number;
    this.bank.restore(state['bank'] as State);
    this.memory.restore(state['memory'] as State);
    this.scl.in.restore(state['scl'] as State);
    this.sda.in.restore(state['sda'] as State);
    this.slave.restore(state['slave'] as State);
    this.master.restore(state['master'] as State);
    this.settings = readSettings(this.bank);
    this.enabled = this.bank.get('INT_ENA');
    this.scl.out.restoreOpenDrain(this.settings.openDrainScl);
    this.sda.out.restoreOpenDrain(this.settings.openDrainSda);
  }

  private makeMaster(common: Omit<ConstructorParameters<typeof Master>[0], 'memory' | 'host'>) {
    return new Master({
      ...common,
      memory: this.memory,
      host: {
        settings: () => this.settings,
        command: (index) => this.bank.get(commandName(index)) & COMMAND_MASK,
        commandDone: (index) => {
          const name = commandName(index);
          this.bank.set(name, (this.bank.get(name) | COMMAND_DONE) >>> 0);
        },
        raise: (interrupts) => this.raise(interrupts),
        sent: () => this.sent(),
        received: (value) => this.received(value),
        ackReceived: (level) => (this.ackReceived = level),
        arbitrationLost: () => {
          this.arbitrationLost = true;
          this.raise(INTERRUPT.ARBITRATION_LOST);
        },
        busy: () => this.busBusy,
      },
    });
  }

  private makeSlave(common: Omit<ConstructorParameters<typeof Slave>[0], 'host'>) {
    return new Slave({
      ...common,
      host: {
        settings: () => this.settings,
        raise: (interrupts) => this.raise(interrupts),
        received: (value) => this.received(value),
        setRamOffset: (offset) => this.memory.setOffset(offset),
        take: () => {
          const value = this.memory.take();
          this.update();
          return value;
        },
        sent: (ack) => {
          this.ackReceived = ack;
          this.sent();
        },
      },
    });
  }

  private hookRegisters(): void {
    const { bank } = this;
    bank.onRead('SR', () => this.status());
    bank.onRead('RXFIFO_ST', () => this.memory.pointers());
    bank.onRead('INT_RAW', () => this.raw());
    bank.onRead('INT_STATUS', () => this.raw() & this.enabled);
    bank.onWrite('INT_ENA', () => {
      this.enabled = bank.get('INT_ENA');
      this.update();
    });
    bank.onWrite('INT_CLR', (written) => {
      this.latched &= ~written;
      this.update();
    });
    for (const name of SETTING_REGISTERS) bank.onWrite(name, () => this.loadSettings());
    bank.onWrite('CTR', (written) => this.onControl(written));
    bank.onWrite('FIFO_CONF', () => {
      if (bank.getField('FIFO_CONF', 'RX_FIFO_RST') === 1) this.memory.rx.clear();
      if (bank.getField('FIFO_CONF', 'TX_FIFO_RST') === 1) this.memory.tx.clear();
      this.loadSettings();
      this.update();
    });
  }

  private onControl(written: number): void {
    const wasMaster = this.settings.master;
    this.loadSettings();
    const now = this.scheduler.now;
    if (wasMaster !== this.settings.master) {
      this.slave.reset();
      this.master.reset();
    }
    if (((written >>> 5) & 1) === 0 || !this.settings.master) return;
    this.timedOut = false;
    this.arbitrationLost = false;
    this.rxRecord = 0;
    this.txRecord = 0;
    if (this.settings.nonFifo) this.memory.setOffset(0);
    this.lastEdge = now;
    this.master.start(now);
    this.watchTime(now);
  }

  private loadSettings(): void {
    this.settings = readSettings(this.bank);
    this.memory.nonFifo = this.settings.nonFifo;
    this.scl.out.setOpenDrain(this.settings.openDrainScl);
    this.sda.out.setOpenDrain(this.settings.openDrainSda);
  }

  private onScl(level: Level, now: Ticks): void {
    this.lastEdge = now;
    if (this.busBusy) this.watchTime(now);
    if (this.settings.master) this.master.onScl(level, now);
    else this.slave.onScl(level, now);
  }

  /** SDA changing while SCL is high is a START or a STOP. */
  private onSda(level: Level, now: Ticks): void {
    if (this.scl.in.level === 1) {
      this.busBusy = level === 0;
      this.lastEdge = now;
      if (level === 0) this.watchTime(now);
      if (!this.settings.master && level === 0) this.slave.onStart();
      if (!this.settings.master && level === 1) this.slave.onStop();
    }
    if (level === 1) this.master.busFree(now);
  }

  private watchTime(now: Ticks): void {
    const { timeOut } = this.settings;
    if (timeOut === 0 || this.timeOut.at >= 0) return;
    this.scheduler.at(this.clock.after(now, timeOut), this.timeOut);
  }

  private onTimeOut(now: Ticks): void {
    if (!this.busBusy && !this.master.active) return;
    const due = this.clock.after(this.lastEdge, this.settings.timeOut);
    if (now < due) {
      this.scheduler.at(due, this.timeOut);
      return;
    }
    this.timedOut = true;
    this.raise(INTERRUPT.TIME_OUT);
  }

  private received(value: number): void {
    const kept = this.memory.put(value);
    let happened = kept ? 0 : INTERRUPT.RXFIFO_OVF;
    if (++this.rxRecord > this.settings.rxRecordThreshold) {
      happened |= INTERRUPT.RX_REC_FULL;
      this.rxRecord = 0;
      this.memory.ranges[1] = this.memory.rxOffset;
    }
    this.raise(happened);
  }

  private sent(): void {
    if (++this.txRecord > this.settings.txRecordThreshold) {
      this.txRecord = 0;
      this.memory.ranges[3] = this.memory.txOffset;
      this.raise(INTERRUPT.TX_SEND_EMPTY);
    } else this.update();
  }

  private raise(interrupts: number): void {
    this.latched |= interrupts;
    this.update();
  }

  private raw(): number {
    const { rxFullThreshold, txEmptyThreshold, nonFifo } = this.settings;
    if (!nonFifo) {
      if (this.memory.rx.count > rxFullThreshold) this.latched |= INTERRUPT.RXFIFO_FULL;
      if (this.memory.tx.count < txEmptyThreshold) this.latched |= INTERRUPT.TXFIFO_EMPTY;
    }
    return this.latched;
  }

  private update(): void {
    this.irq.set((this.raw() & this.enabled) === 0 ? 0 : 1);
  }

  private status(): number {
    const { master, slave, memory } = this;
    const main = this.settings.master ? master.mainState : slave.mainState;
    return (
      this.ackReceived |
      (Number(slave.reading) << 1) |
      (Number(this.timedOut) << 2) |
      (Number(this.arbitrationLost) << 3) |
      (Number(this.busBusy) << 4) |
      (Number(slave.addressed) << 5) |
      (Number(slave.byteDone) << 6) |
      (memory.rx.count << 8) |
      (memory.tx.count << 18) |
      (main << 24) |
      (master.sclState << 28)
    );
  }
}

const COMMAND_NAMES = Array.from({ length: 16 }, (_, n) => `COMD${n}` as const);

function commandName(index: number): (typeof COMMAND_NAMES)[number] {
  return COMMAND_NAMES[index]!;
}
