/**
 * UART0, UART1 and UART2 (TRM chapter "UART Controllers").
 *
 * Clock domain: APB_CLK, or REF_TICK when CONF0.TICK_REF_ALWAYS_ON is 0. Interrupt sources:
 * ETS_UART0_INTR_SOURCE .. ETS_UART2_INTR_SOURCE. A byte takes its bits on the wire in both
 * directions; TX_DONE comes at the end of the last stop bit. RXFIFO_FULL and TXFIFO_EMPTY are levels:
 * clearing them while their condition holds sets them again. RXFIFO_FULL ends with its condition: the
 * mask ROM's download boot drains the UART that it does not listen to by one read per interrupt,
 * without INT_CLR. TXFIFO_EMPTY stays until it is cleared. TXFIFO_CNT does not count the byte in
 * the shift register. The FIFO register acts alike through the APB and the AHB window.
 *
 * **Not modelled:** RS485 direction control and clash detection, IrDA, software flow control
 * (XON/XOFF characters; FORCE_XOFF works), AT_CMD character detection, UHCI, MEM_PD, wake-up by
 * SLEEP_CONF, the stale RXFIFO_CNT that silicon shows after reads through the DPORT bus, lost
 * consecutive writes through it (errata 3.3).
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { Autobaud } from './autobaud.ts';
import { BitTimer } from './bit-timer.ts';
import { ByteFifo, FIFO_UNIT_BYTES } from './byte-fifo.ts';
import { type Character, Receiver } from './receiver.ts';
import { type SerialFrame, SerialLine, type SerialListener } from './serial-line.ts';
import { readSettings, type UartSettings } from './settings.ts';
import { Transmitter, type TransmitterHost } from './transmitter.ts';
import { UART_REGISTERS } from './uart.regs.ts';

/** Wires to the GPIO matrix, at pin level (after CONF0's inversions); each may be left out. */
export interface UartPins {
  readonly tx?: Signal;
  readonly rx?: Signal;
  readonly rts?: Signal;
  readonly cts?: Signal;
  readonly dtr?: Signal;
  readonly dsr?: Signal;
}

/** UART1's FIFO reset bits reach UART2, which has none of its own (TRM, "UART RAM"). */
export interface FifoResets {
  readonly tx: Signal;
  readonly rx: Signal;
}

export interface UartOptions {
  readonly index: 0 | 1 | 2;
  readonly clocks: { readonly apb: Clock; readonly refTick: Clock };
  readonly scheduler: Scheduler;
  readonly irq: Signal;
  readonly log: DeviceLog;
  readonly pins?: UartPins;
  /** One pair shared by UART1, which drives it, and UART2, which obeys it. */
  readonly fifoResets?: FifoResets;
}

type Interrupt = Extract<(typeof UART_REGISTERS)[number], { name: 'INT_ENA' }>['fields'][number];

const RX_FIFO_BASE = 3 * FIFO_UNIT_BYTES;
const FIFO_OFFSET = 0;
/**
 * APB_CLK cycles from a write of INT_ENA to the interrupt of a condition that holds already. The mask
 * ROM's `uart_buff_switch` enables RXFIFO_FULL and stores in the next instruction which UART it
 * listens to; its handler would else drop what the FIFO holds. Unverified on silicon: how many.
 */
const ENABLE_CYCLES = 3;

export class Uart implements Device {
  readonly name: string;
  private readonly index: number;
  private readonly bank: RegisterBank<typeof UART_REGISTERS>;
  private readonly bit: Record<Interrupt['name'], number>;
  private readonly clocks: UartOptions['clocks'];
  private readonly scheduler: Scheduler;
  private readonly irq: Signal;
  private readonly pins: UartPins;
  private readonly fifoResets: FifoResets | undefined;
  private readonly txFifo: ByteFifo;
  private readonly rxFifo: ByteFifo;
  private readonly txTimer: BitTimer;
  private readonly rxTimer: BitTimer;
  private readonly line = new SerialLine();
  private readonly autobaud = new Autobaud();
  private readonly transmitter: Transmitter;
  private readonly receiver: Receiver;
  private readonly timeout: SchedulerEvent;
  private readonly enableTaken: SchedulerEvent;
  private readonly listeners: SerialListener[] = [];
  private settings: UartSettings;
  /** INT_ENA. */
  private enabled = 0;
  /** Interrupt conditions that happened and were not cleared. */
  private latched = 0;
  private forcedOff = false;
  private lastCharacterTick: Ticks = 0;

  constructor(options: UartOptions) {
    const { index, scheduler } = options;
    this.index = index;
    this.name = `UART${index}`;
    this.clocks = options.clocks;
    this.scheduler = scheduler;
    this.irq = options.irq;
    this.pins = options.pins ?? {};
    this.fifoResets = options.fifoResets;
    this.bank = new RegisterBank(this.name, UART_REGISTERS, options.log);
    this.settings = readSettings(this.bank);
    const ena = UART_REGISTERS.find((row) => row.name === 'INT_ENA')!;
    this.bit = Object.fromEntries(ena.fields.map((f) => [f.name, 1 << f.bit])) as Uart['bit'];
    this.txFifo = new ByteFifo(index * FIFO_UNIT_BYTES);
    this.rxFifo = new ByteFifo(RX_FIFO_BASE + index * FIFO_UNIT_BYTES);
    this.txTimer = new BitTimer(this.sourceClock(), this.settings.divider);
    this.rxTimer = new BitTimer(this.sourceClock(), this.settings.divider);
    this.transmitter = new Transmitter(this.name, scheduler, {
      fifo: this.txFifo,
      timer: this.txTimer,
      host: this.transmitterHost(),
      pin: this.pins.tx,
    });
    this.receiver = new Receiver(this.name, scheduler, {
      line: this.line,
      timer: this.rxTimer,
      host: {
        format: () => this.settings.format,
        onCharacter: (character, now) => this.onCharacter(character, now),
        onGlitch: () => this.raise(this.bit.GLITCH_DET),
        onBreak: () => this.raise(this.bit.BRK_DET),
      },
    });
    this.timeout = scheduler.event(`${this.name}.tout`, (now) => this.onTimeout(now));
    this.enableTaken = scheduler.event(`${this.name}.ena`, () => this.update());
    this.hookRegisters();
    this.connectWires();
    this.reset('power');
  }

  /** Hears every byte that leaves, from now on. */
  listen(listener: SerialListener): void {
    this.listeners.push(listener);
  }

  /**
   * A host's byte: it occupies the wire from its start tick, or from when the line is free. Edges of
   * `pins.rx` during its frame are ignored: a host uses this or the pin, not both at a time.
   */
  receive(frame: SerialFrame): void {
    if (this.settings.loopback) return;
    this.line.push(frame, this.scheduler.now);
    this.receiver.hunt();
  }

  read(offset: number, size: AccessSize): number {
    if (offset >> 2 !== FIFO_OFFSET) return this.bank.read(offset, size);
    const value = this.rxFifo.pop();
    this.update();
    return (offset & 3) === 0 ? value : 0;
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (offset >> 2 !== FIFO_OFFSET) {
      this.bank.write(offset, value, size);
      return;
    }
    if (!this.settings.txFifoReset) this.txFifo.push(value & 0xff);
    this.transmitter.kick(this.scheduler.now);
    this.update();
  }

  reset(_domain: ResetDomain): void {
    const now = this.scheduler.now;
    this.bank.reset();
    this.loadSettings();
    this.latched = 0;
    this.forcedOff = false;
    this.txFifo.resize(1);
    this.rxFifo.resize(1);
    this.txFifo.clear();
    this.rxFifo.clear();
    this.transmitter.inverted = 0;
    this.transmitter.reset();
    this.retune(now);
    this.receiver.reset(now);
    this.scheduler.cancel(this.timeout);
    this.scheduler.cancel(this.enableTaken);
    this.autobaud.configure(false, 0);
    this.autobaud.clear();
    this.driveModemPins();
    this.update();
  }

  save(): State {
    const { latched, forcedOff, lastCharacterTick } = this;
    return {
      ...{ latched, forcedOff, lastCharacterTick },
      bank: this.bank.save(),
      txFifo: this.txFifo.save(),
      rxFifo: this.rxFifo.save(),
      transmitter: this.transmitter.save(),
      receiver: this.receiver.save(),
      line: this.line.save(),
      autobaud: this.autobaud.save(),
    };
  }

  restore(state: State): void {
    this.latched = state['latched'] as number;
    this.forcedOff = state['forcedOff'] as boolean;
    this.lastCharacterTick = state['lastCharacterTick'] as number;
    this.bank.restore(state['bank'] as State);
    this.loadSettings();
    this.txFifo.restore(state['txFifo'] as State);
    this.rxFifo.restore(state['rxFifo'] as State);
    this.txTimer.retune(this.sourceClock(), this.settings.divider);
    this.rxTimer.retune(this.sourceClock(), this.settings.divider);
    this.transmitter.restore(state['transmitter'] as State);
    this.receiver.restore(state['receiver'] as State);
    this.line.restore(state['line'] as State);
    this.autobaud.restore(state['autobaud'] as State);
  }

  private loadSettings(): void {
    this.settings = readSettings(this.bank);
    this.enabled = this.bank.get('INT_ENA');
  }

  private sourceClock(): Clock {
    return this.settings.apb ? this.clocks.apb : this.clocks.refTick;
  }

  private transmitterHost(): TransmitterHost {
    return {
      format: () => this.settings.format,
      held: () => this.forcedOff || (this.settings.txFlow && this.ctsn() === 1),
      breakBits: () => this.settings.breakBits,
      idleBits: () => this.settings.idleBits,
      onLoad: (bits, length) => this.onLoad(bits, length),
      onByte: (value, startTick, endTick) => {
        for (const listener of this.listeners) listener.onByte(value, startTick, endTick);
      },
      onBreak: (startTick, endTick) => {
        for (const listener of this.listeners) listener.onBreak?.(startTick, endTick);
        this.raise(this.bit.TX_BRK_DONE);
      },
      onDone: () => this.raise(this.bit.TX_DONE),
      onIdleDone: () => this.raise(this.bit.TX_BRK_IDLE_DONE),
    };
  }

  private onLoad(bits: number, length: number): void {
    if (this.settings.loopback) {
      for (let i = 0; i < length; i++)
        this.line.edge(this.txTimer.tickAt(2 * i), ((bits >>> i) & 1) as Level);
      this.receiver.hunt();
    }
    this.update();
  }

  private onCharacter(character: Character, now: Ticks): void {
    this.retireEdges(now);
    this.lastCharacterTick = now;
    let happened = 0;
    if (character.parityError) happened |= this.bit.PARITY_ERR;
    if (character.framingError) happened |= this.bit.FRM_ERR;
    const drop = happened !== 0 && this.settings.dropErrors;
    if (!drop && !this.settings.rxFifoReset) {
      if (this.rxFifo.full) happened |= this.bit.RXFIFO_OVF;
      else this.rxFifo.push(character.value);
    }
    this.armTimeout(now);
    this.raise(happened);
  }

  /** RX_TOUT_THRHD counts 8 bit times on APB_CLK, 1/8 bit time on REF_TICK (ESP-IDF's factors). */
  private armTimeout(now: Ticks): void {
    this.scheduler.cancel(this.timeout);
    const { timeoutOn, timeoutThreshold, apb, divider } = this.settings;
    if (!timeoutOn) return;
    const product = timeoutThreshold * divider;
    const sixteenths = apb ? product * 8 : product / 8;
    const clock = this.sourceClock();
    const cycles = Math.floor(sixteenths / 16);
    this.scheduler.at(clock.tickOf(clock.cycleFrom(now) + cycles), this.timeout);
  }

  private onTimeout(now: Ticks): void {
    if (this.receiver.busy(now) || this.rxFifo.count === 0) return;
    this.raise(this.bit.RXFIFO_TOUT);
  }

  private raise(bits: number): void {
    this.latched |= bits;
    this.update();
  }

  /** Conditions that are levels, not events. */
  private levels(): number {
    const full = this.rxFifo.count > 0 && this.rxFifo.count >= this.settings.rxFullThreshold;
    const empty = this.txFifo.count < this.settings.txEmptyThreshold;
    return (full ? this.bit.RXFIFO_FULL : 0) | (empty ? this.bit.TXFIFO_EMPTY : 0);
  }

  private raw(): number {
    const levels = this.levels();
    this.latched |= levels & ~this.bit.RXFIFO_FULL;
    return this.latched | levels;
  }

  private update(): void {
    this.irq.set((this.raw() & this.enabled) === 0 ? 0 : 1);
    this.driveRts();
  }

  private retune(now: Ticks): void {
    const clock = this.sourceClock();
    const { divider } = this.settings;
    this.transmitter.rebase(now, () => this.txTimer.retune(clock, divider));
    this.receiver.rebase(now, () => this.rxTimer.retune(clock, divider));
  }

  private retireEdges(now: Ticks): void {
    const clock = this.sourceClock();
    this.line.count(now, (tick, level) => this.autobaud.edge(clock.cyclesAt(tick), level));
    this.line.retire(now);
  }

  private hookRegisters(): void {
    const { bank } = this;
    bank.onRead('INT_RAW', () => this.raw());
    bank.onRead('INT_ST', () => this.raw() & this.enabled);
    bank.onRead('STATUS', () => this.status());
    bank.onRead('MEM_TX_STATUS', () => pointers(this.txFifo));
    bank.onRead('MEM_RX_STATUS', () => pointers(this.rxFifo));
    bank.onRead('MEM_CNT_STATUS', () => (this.rxFifo.count >> 8) | ((this.txFifo.count >> 8) << 3));
    bank.onRead('LOWPULSE', () => this.measured().lowPulse);
    bank.onRead('HIGHPULSE', () => this.measured().highPulse);
    bank.onRead('POSPULSE', () => this.measured().positiveEdges);
    bank.onRead('NEGPULSE', () => this.measured().negativeEdges);
    bank.onRead('RXD_CNT', () => this.measured().edges);
    bank.onWrite('INT_ENA', () => {
      this.enabled = bank.get('INT_ENA');
      const clock = this.clocks.apb;
      const rises = this.irq.level === 0 && (this.raw() & this.enabled) !== 0;
      if (!rises) this.update();
      else
        this.scheduler.at(
          clock.tickOf(clock.cycleFrom(this.scheduler.now) + ENABLE_CYCLES),
          this.enableTaken,
        );
    });
    for (const name of ['RS485_CONF', 'IDLE_CONF'] as const)
      bank.onWrite(name, () => this.loadSettings());
    bank.onWrite('INT_CLR', (written) => {
      this.latched &= ~written;
      this.update();
    });
    bank.onWrite('CLKDIV', () => {
      this.loadSettings();
      this.retune(this.scheduler.now);
    });
    bank.onWrite('CONF0', (_written, before) => this.onConf0(before));
    bank.onWrite('CONF1', () => {
      this.loadSettings();
      if (this.rxFifo.count > 0)
        this.armTimeout(Math.max(this.lastCharacterTick, this.scheduler.now));
      this.update();
    });
    bank.onWrite('MEM_CONF', () => {
      this.loadSettings();
      this.txFifo.resize(bank.getField('MEM_CONF', 'TX_SIZE'));
      this.rxFifo.resize(bank.getField('MEM_CONF', 'RX_SIZE'));
      this.update();
    });
    bank.onWrite('FLOW_CONF', () => {
      if (bank.getField('FLOW_CONF', 'FORCE_XOFF') === 1) this.forcedOff = true;
      if (bank.getField('FLOW_CONF', 'FORCE_XON') === 1) this.forcedOff = false;
      this.transmitter.kick(this.scheduler.now);
    });
    bank.onWrite('AUTOBAUD', () => {
      this.retireEdges(this.scheduler.now);
      this.autobaud.configure(
        bank.getField('AUTOBAUD', 'EN') === 1,
        bank.getField('AUTOBAUD', 'GLITCH_FILT'),
      );
    });
  }

  private onConf0(before: number): void {
    const { bank } = this;
    this.loadSettings();
    const { txFifoReset, rxFifoReset } = this.settings;
    const now = this.scheduler.now;
    const changed = before ^ bank.get('CONF0');
    if (this.index !== 2) {
      if (txFifoReset) this.txFifo.clear();
      if (rxFifoReset) this.rxFifo.clear();
    }
    if (this.index === 1) {
      this.fifoResets?.tx.set(txFifoReset ? 1 : 0);
      this.fifoResets?.rx.set(rxFifoReset ? 1 : 0);
    }
    if (changed !== 0) {
      this.retune(now);
      this.transmitter.inverted = this.settings.invert.txd as Level;
      this.transmitter.drivePin(now);
      this.driveModemPins();
    }
    this.transmitter.kick(now);
    this.update();
  }

  private measured(): Autobaud {
    const now = this.scheduler.now;
    const clock = this.sourceClock();
    this.line.count(now, (tick, level) => this.autobaud.edge(clock.cyclesAt(tick), level));
    return this.autobaud;
  }

  private connectWires(): void {
    const { pins } = this;
    pins.rx?.connect((level) => {
      if (this.settings.loopback) return;
      this.line.edge(this.scheduler.now, (level ^ this.settings.invert.rxd) as Level);
      this.receiver.hunt();
    });
    pins.cts?.connect(() => {
      this.raise(this.bit.CTS_CHG);
      this.transmitter.kick(this.scheduler.now);
    });
    pins.dsr?.connect(() => this.raise(this.bit.DSR_CHG));
    if (this.index === 2) {
      this.fifoResets?.tx.connect((level) => level === 1 && this.txFifo.clear());
      this.fifoResets?.rx.connect((level) => level === 1 && this.rxFifo.clear());
    }
    for (const clock of [this.clocks.apb, this.clocks.refTick])
      clock.onChange((_clock, now) => this.retune(now));
  }

  private status(): number {
    const now = this.scheduler.now;
    return (
      (this.rxFifo.count & 0xff) |
      (this.receiver.state(now) << 8) |
      (this.dsrn() << 13) |
      (this.ctsn() << 14) |
      (this.line.levelAt(now) << 15) |
      ((this.txFifo.count & 0xff) << 16) |
      (this.transmitter.state(now) << 24) |
      (this.dtrn() << 29) |
      (this.rtsn() << 30) |
      (this.transmitter.level(now) << 31)
    );
  }

  /** Inputs without a wire read 0 (active), as the GPIO matrix's default input does. */
  private ctsn(): number {
    if (this.settings.loopback) return this.rtsn();
    return (this.pins.cts?.level ?? 0) ^ this.settings.invert.cts;
  }

  private dsrn(): number {
    if (this.settings.loopback) return this.dtrn();
    return (this.pins.dsr?.level ?? 0) ^ this.settings.invert.dsr;
  }

  private dtrn(): number {
    return this.settings.softwareDtr ^ 1;
  }

  /** SW_RTS gives the level unless RX_FLOW_EN lets the RX FIFO's fill decide. */
  private rtsn(): number {
    const { rxFlow, rxFlowThreshold, softwareRts } = this.settings;
    if (!rxFlow) return softwareRts ^ 1;
    return this.rxFifo.count >= rxFlowThreshold ? 1 : 0;
  }

  private driveRts(): void {
    this.pins.rts?.set((this.rtsn() ^ this.settings.invert.rts) as Level);
  }

  private driveModemPins(): void {
    this.driveRts();
    this.pins.dtr?.set((this.dtrn() ^ this.settings.invert.dtr) as Level);
  }
}

/** MEM_TX_STATUS and MEM_RX_STATUS: read address from bit 2, write address from bit 13. */
function pointers(fifo: ByteFifo): number {
  return (fifo.readAddress << 2) | (fifo.writeAddress << 13);
}
