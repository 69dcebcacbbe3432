/**
 * UART0, UART1 and UART2 (TRM chapter "UART Controllers").
 *
 * Clock domain: APB_CLK, or REF_TICK when CONF0.TICK_REF_ALWAYS_ON is 0. Interrupt sources:
 * ETS_UART0_INTR_SOURCE .. ETS_UART2_INTR_SOURCE. A byte takes its bits on the wire in both
 * directions; TX_DONE comes at the end of the last stop bit. TXFIFO_CNT does not count the byte in
 * the shift register. The FIFO register acts alike through the APB and the AHB window.
 *
 * **Not modelled:** IRDA_WCTL, MEM_PD, wake-up by SLEEP_CONF, the stale RXFIFO_CNT that silicon shows
 * after reads through the DPORT bus, lost consecutive writes through it (errata 3.3).
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import type { DmaUart, DmaUartClient } from '../../emulator/bus/dma-uart.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { BitTimer } from './bit-timer.ts';
import { ByteFifo, FIFO_UNIT_BYTES } from './byte-fifo.ts';
import { INTERRUPT, Interrupts } from './interrupts.ts';
import { ModemLines, type UartPins } from './modem-lines.ts';
import { ReceivePath } from './receive-path.ts';
import { showState } from './registers.ts';
import type { SerialFrame, SerialListener } from './serial-line.ts';
import { readSettings, type UartSettings } from './settings.ts';
import { SoftwareFlow } from './software-flow.ts';
import { Transmitter, type TransmitterHost } from './transmitter.ts';
import { UART_REGISTERS } from './uart.regs.ts';

export type { UartPins } from './modem-lines.ts';

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

const RX_FIFO_BASE = 3 * FIFO_UNIT_BYTES;
const FIFO_OFFSET = 0;
const SETTING_REGISTERS = [
  ...(['RS485_CONF', 'IDLE_CONF', 'SWFC_CONF', 'AT_CMD_PRECNT', 'AT_CMD_POSTCNT'] as const),
  ...(['AT_CMD_GAPTOUT', 'AT_CMD_CHAR'] as const),
];

export class Uart implements Device, DmaUart {
  readonly name: string;
  private readonly index: number;
  private readonly bank: RegisterBank<typeof UART_REGISTERS>;
  private readonly clocks: UartOptions['clocks'];
  private readonly scheduler: Scheduler;
  private readonly pins: UartPins;
  private readonly fifoResets: FifoResets | undefined;
  private readonly interrupts: Interrupts;
  private readonly modem: ModemLines;
  private readonly flow: SoftwareFlow;
  private readonly txFifo: ByteFifo;
  private readonly txTimer: BitTimer;
  private readonly transmitter: Transmitter;
  private readonly input: ReceivePath;
  private readonly listeners: SerialListener[] = [];
  private readonly dma: DmaUartClient[] = [];
  private settings: UartSettings;

  constructor(options: UartOptions) {
    const { index, scheduler, irq } = options;
    this.index = index;
    this.name = `UART${index}`;
    this.clocks = options.clocks;
    this.scheduler = scheduler;
    this.pins = options.pins ?? {};
    this.fifoResets = options.fifoResets;
    const bank = (this.bank = new RegisterBank(this.name, UART_REGISTERS, options.log));
    this.settings = readSettings(bank);
    const settings = (): UartSettings => this.settings;
    const { name } = this;
    const { apb } = this.clocks;
    this.interrupts = new Interrupts({
      ...{ name, bank, scheduler, apb, irq },
      levels: () => this.levels(),
    });
    this.flow = new SoftwareFlow(settings);
    this.txFifo = new ByteFifo(index * FIFO_UNIT_BYTES);
    this.txTimer = new BitTimer(this.sourceClock(), this.settings.divider);
    this.transmitter = new Transmitter(name, scheduler, {
      fifo: this.txFifo,
      timer: this.txTimer,
      host: this.transmitterHost(),
      pin: this.pins.tx,
    });
    this.input = new ReceivePath(
      {
        ...{ name, scheduler, apb, flow: this.flow, pin: this.pins.rx },
        fifoBase: RX_FIFO_BASE + index * FIFO_UNIT_BYTES,
      },
      {
        settings,
        sourceClock: () => this.sourceClock(),
        raise: (bits) => this.raise(bits),
        driving: () => this.transmitter.driving,
        txLevel: (now) => this.transmitter.level(now),
        kick: (now) => this.transmitter.kick(now),
        clients: this.dma,
      },
    );
    this.modem = new ModemLines(this.pins, {
      settings,
      received: () => this.input.fifo.count,
      driving: () => this.transmitter.driving,
      onChange: (bits) => {
        this.raise(bits);
        this.transmitter.kick(scheduler.now);
      },
    });
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
    if (!this.settings.loopback) this.input.push(frame);
  }

  read(offset: number, size: AccessSize): number {
    if (offset >> 2 !== FIFO_OFFSET) return this.bank.read(offset, size);
    const value = this.takeByte();
    return (offset & 3) === 0 ? value : 0;
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (offset >> 2 === FIFO_OFFSET) this.give(value & 0xff);
    else this.bank.write(offset, value, size);
  }

  connectDma(client: DmaUartClient): void {
    this.dma.push(client);
  }

  take(): number {
    return this.input.fifo.count === 0 ? -1 : this.takeByte();
  }

  get hasRoom(): boolean {
    return !this.txFifo.full && !this.settings.txFifoReset;
  }

  give(value: number): void {
    if (!this.settings.txFifoReset) this.txFifo.push(value);
    this.transmitter.kick(this.scheduler.now);
    this.update();
  }

  reset(_domain: ResetDomain): void {
    const now = this.scheduler.now;
    this.bank.reset();
    this.settings = readSettings(this.bank);
    this.interrupts.reset();
    this.flow.reset();
    this.txFifo.resize(1);
    this.txFifo.clear();
    this.transmitter.inverted = 0;
    this.transmitter.reset();
    this.transmitter.rebase(now, () => this.retuneTx());
    this.input.reset(now);
    this.modem.drive();
    this.modem.settle();
    this.update();
  }

  save(): State {
    return {
      bank: this.bank.save(),
      interrupts: this.interrupts.save(),
      flow: this.flow.save(),
      txFifo: this.txFifo.save(),
      transmitter: this.transmitter.save(),
      input: this.input.save(),
      modem: this.modem.save(),
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.settings = readSettings(this.bank);
    this.interrupts.restore(state['interrupts'] as State);
    this.flow.restore(state['flow'] as State);
    this.txFifo.restore(state['txFifo'] as State);
    this.retuneTx();
    this.transmitter.restore(state['transmitter'] as State);
    this.input.restore(state['input'] as State);
    this.modem.restore(state['modem'] as State);
  }

  private sourceClock(): Clock {
    return this.settings.apb ? this.clocks.apb : this.clocks.refTick;
  }

  private transmitterHost(): TransmitterHost {
    const watches = (): boolean =>
      this.settings.rs485.on && this.settings.rs485.hearsItself && this.pins.rx !== undefined;
    return {
      format: () => this.settings.format,
      held: () => this.held(),
      urgent: () => this.urgent(),
      hasNext: () => this.flow.pending || (this.txFifo.count > 0 && !this.flow.stopped),
      leadBits: () => this.settings.rs485.txDelayBits,
      irda: () => (this.settings.irda.on ? this.settings.irda : undefined),
      watches,
      onBitMiddle: (level) => level !== this.input.pinLevel && this.raise(INTERRUPT.RS485_CLASH),
      onLevel: (now) => this.onLevel(now, watches()),
      breakBits: () => this.settings.breakBits,
      idleBits: () => this.settings.idleBits,
      onLoad: (bits, length) => this.onLoad(bits, length),
      onByte: (value, startTick, endTick) => {
        for (const listener of this.listeners) listener.onByte(value, startTick, endTick);
      },
      onBreak: (startTick, endTick) => {
        for (const listener of this.listeners) listener.onBreak?.(startTick, endTick);
        this.raise(INTERRUPT.TX_BRK_DONE);
      },
      onDone: () => this.raise(INTERRUPT.TX_DONE),
      onIdleDone: () => this.raise(INTERRUPT.TX_BRK_IDLE_DONE),
    };
  }

  private held(): boolean {
    const { txFlow, rs485 } = this.settings;
    if (txFlow && this.modem.ctsn === 1) return true;
    return rs485.on && !rs485.sendsOver && this.input.receiver.busy(this.scheduler.now);
  }

  private urgent(): number {
    const value = this.flow.take();
    if (value < 0) return value;
    if (!this.flow.sendXon) this.bank.setField('FLOW_CONF', 'SEND_XON', 0);
    if (!this.flow.sendXoff) this.bank.setField('FLOW_CONF', 'SEND_XOFF', 0);
    return value;
  }

  private onLevel(now: Ticks, hearsItself: boolean): void {
    if (!this.settings.rs485.on) return;
    this.modem.drive();
    if (hearsItself) this.input.input(now);
  }

  private onLoad(bits: number, length: number): void {
    if (this.settings.loopback)
      for (let i = 0; i < length; i++)
        this.input.edge(((bits >>> i) & 1) as Level, this.txTimer.tickAt(2 * i));
    this.update();
    for (const client of this.dma) client.onRoom();
  }

  private takeByte(): number {
    const value = this.input.fifo.pop();
    if (this.flow.filled(this.input.fifo.count)) this.transmitter.kick(this.scheduler.now);
    this.update();
    return value;
  }

  private raise(bits: number): void {
    this.interrupts.raise(bits);
    this.driveRts();
  }

  private update(): void {
    this.interrupts.update();
    this.driveRts();
  }

  /** The fill of the RX FIFO may have changed. */
  private driveRts(): void {
    if (this.settings.rxFlow) this.modem.drive();
  }

  /** RXFIFO_FULL and TXFIFO_EMPTY. */
  private levels(): number {
    const received = this.input.fifo.count;
    const full = received > 0 && received >= this.settings.rxFullThreshold;
    const empty = this.txFifo.count < this.settings.txEmptyThreshold;
    return (full ? INTERRUPT.RXFIFO_FULL : 0) | (empty ? INTERRUPT.TXFIFO_EMPTY : 0);
  }

  private retuneTx(): void {
    this.txTimer.retune(this.sourceClock(), this.settings.divider);
  }

  private retune(now: Ticks): void {
    this.transmitter.rebase(now, () => this.retuneTx());
    this.input.retune(now);
  }

  /** A register changed: the settings, and what follows from them at once. */
  private reconfigure(): void {
    const now = this.scheduler.now;
    this.settings = readSettings(this.bank);
    this.retune(now);
    this.transmitter.inverted = this.settings.invert.txd as Level;
    this.transmitter.drivePin(now);
    this.modem.drive();
    this.modem.check();
  }

  private hookRegisters(): void {
    const { bank, scheduler } = this;
    showState({
      ...{ bank, input: this.input, transmitter: this.transmitter, txFifo: this.txFifo },
      modem: this.modem,
      now: () => scheduler.now,
    });
    for (const name of SETTING_REGISTERS) bank.onWrite(name, () => this.reconfigure());
    bank.onWrite('CLKDIV', () => this.reconfigure());
    bank.onWrite('CONF0', (_written, before) => this.onConf0(before));
    bank.onWrite('CONF1', () => {
      this.settings = readSettings(bank);
      this.input.restartTimeout(scheduler.now);
      this.modem.drive();
      this.update();
    });
    bank.onWrite('MEM_CONF', () => {
      this.settings = readSettings(bank);
      this.txFifo.resize(bank.getField('MEM_CONF', 'TX_SIZE'));
      this.input.fifo.resize(bank.getField('MEM_CONF', 'RX_SIZE'));
      this.update();
    });
    bank.onWrite('FLOW_CONF', () => {
      this.settings = readSettings(bank);
      this.flow.configure();
      this.flow.filled(this.input.fifo.count);
      this.transmitter.kick(scheduler.now);
    });
  }

  private onConf0(before: number): void {
    const changed = before ^ this.bank.get('CONF0');
    const rxdInv = this.settings.invert.rxd;
    if (changed !== 0) this.reconfigure();
    if (this.settings.invert.rxd !== rxdInv) this.input.input(this.scheduler.now);
    const { txFifoReset, rxFifoReset } = this.settings;
    if (this.index !== 2) {
      if (txFifoReset) this.txFifo.clear();
      if (rxFifoReset) this.input.fifo.clear();
    }
    if (this.index === 1) {
      this.fifoResets?.tx.set(txFifoReset ? 1 : 0);
      this.fifoResets?.rx.set(rxFifoReset ? 1 : 0);
    }
    this.transmitter.kick(this.scheduler.now);
    this.update();
  }

  private connectWires(): void {
    if (this.index === 2) {
      this.fifoResets?.tx.connect((level) => level === 1 && this.txFifo.clear());
      this.fifoResets?.rx.connect((level) => level === 1 && this.input.fifo.clear());
    }
    for (const clock of [this.clocks.apb, this.clocks.refTick])
      clock.onChange((_clock, now) => this.retune(now));
  }
}
