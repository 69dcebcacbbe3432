/**
 * UHCI0 and UHCI1: DMA between RAM and the UART chosen by UARTn_CE, and the framing of the three-wire
 * UART transport on the way (TRM chapter "UART Controllers", UHCI).
 *
 * Interrupt sources: ETS_UHCI0_INTR_SOURCE, ETS_UHCI1_INTR_SOURCE. Time passes on the UART's wire
 * only: a byte is in RAM when it is in the RX FIFO, and bytes leave RAM as soon as the TX FIFO has
 * room. A frame ends with a separator, an idle line, a break or its length, as CONF0 says; a frame
 * to be sent with the descriptor that ends a frame, or the list. Several UARTn_CE bits choose the
 * lowest UART. Without a descriptor for it a byte stays in the RX FIFO.
 *
 * Unverified on silicon: a frame whose end comes behind a full descriptor ends in the next one, with
 * length 0; a short packet of QUICK_SENT is 8 bytes, with HEAD_EN its head and payload.
 *
 * **Not modelled:** the DMA's own time, FIFO and bursts (DMA_OUT_PUSH, DMA_IN_POP, watermark), loop
 * tests and MEM_TRANS_EN, HUNG_CONF, CHECK_SEQ_EN, WAIT_SW_START, OUT_EOF_MODE, INLINK_AUTO_RET, the
 * error OUTLINK_EOF_ERR.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import type { DmaMemory } from '../../emulator/bus/dma-list.ts';
import type { DmaUart } from '../../emulator/bus/dma-uart.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { Decoder } from './decoder.ts';
import { Encoder } from './encoder.ts';
import type { UhciBank } from './escapes.ts';
import { InLink, OutLink } from './links.ts';
import { HEAD_BYTES, payloadLength } from './packet.ts';
import { UHCI_REGISTERS } from './uhci.regs.ts';

export interface UhciOptions {
  readonly index: 0 | 1;
  readonly uarts: readonly DmaUart[];
  readonly memory: DmaMemory;
  readonly irq: Signal;
  readonly log: DeviceLog;
}

type Interrupt = Extract<(typeof UHCI_REGISTERS)[number], { name: 'INT_ENA' }>['fields'][number];

const ENABLE = UHCI_REGISTERS.find((row) => row.name === 'INT_ENA')!;
const INT = Object.fromEntries(ENABLE.fields.map((f) => [f.name, 1 << f.bit])) as Record<
  Interrupt['name'],
  number
>;
const STOP = 1 << 28;
const START = 1 << 29;
const RESTART = 1 << 30;
/** Descriptors lie in internal RAM: the registers hold the low 20 bits of their address. */
const DESCRIPTOR_BASE = 0x3ff00000;
const SHORT_PACKET_BYTES = 8;
const SHORT_PACKETS = 7;

export class Uhci implements Device {
  readonly name: string;
  private readonly bank: UhciBank;
  private readonly uarts: readonly DmaUart[];
  private readonly irq: Signal;
  private readonly log: DeviceLog;
  private readonly out: OutLink;
  private readonly in: InLink;
  private readonly encoder: Encoder;
  private readonly decoder: Decoder;
  private raw = 0;
  /** The pumps are at work: what they cause must not enter them again. */
  private sending = false;
  private receiving = false;

  constructor(options: UhciOptions) {
    const { index, memory, log } = options;
    this.name = `UHCI${index}`;
    this.uarts = options.uarts;
    this.irq = options.irq;
    this.log = log;
    const bank = (this.bank = new RegisterBank(this.name, UHCI_REGISTERS, log));
    const checksOwner = (): boolean => bank.getField('CONF1', 'CHECK_OWNER') === 1;
    this.out = new OutLink(memory, {
      checksOwner,
      onDescriptor: (control, buffer, next) => this.show('OUT', control, buffer, next),
      onError: (descriptor) => this.fail('send', descriptor, INT.OUT_DSCR_ERR),
      writesBack: () => bank.getField('CONF0', 'OUT_AUTO_WRBACK') === 1,
      onDone: (endOfFrame, last) => this.sentDescriptor(endOfFrame, last),
    });
    this.in = new InLink(memory, {
      checksOwner,
      onDescriptor: (control, buffer, next) => this.show('IN', control, buffer, next),
      onError: (descriptor) => this.fail('receive', descriptor, INT.IN_DSCR_ERR),
      onDone: () => this.raise(INT.IN_DONE),
      onEmpty: () => this.raise(INT.IN_DSCR_EMPTY),
    });
    this.encoder = new Encoder(bank, () => this.raise(INT.RX_START));
    this.decoder = new Decoder(bank, {
      onSeparator: () => this.raise(INT.TX_START),
      onHead: (head) => bank.set('RX_HEAD', head),
      onPayload: (value) => this.store(value),
      onEnd: (cause) => this.endReceived(cause),
    });
    this.hookRegisters();
    this.connectUarts();
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    this.raw = 0;
    this.resetOut();
    this.resetIn();
    this.updateIrq();
  }

  save(): State {
    return {
      bank: this.bank.save(),
      raw: this.raw,
      out: this.out.save(),
      in: this.in.save(),
      encoder: this.encoder.save(),
      decoder: this.decoder.save(),
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.raw = state['raw'] as number;
    this.out.restore(state['out'] as State);
    this.in.restore(state['in'] as State);
    this.encoder.restore(state['encoder'] as State);
    this.decoder.restore(state['decoder'] as State);
  }

  private hookRegisters(): void {
    const { bank } = this;
    bank.onRead('INT_RAW', () => this.raw);
    bank.onRead('INT_ST', () => this.raw & bank.get('INT_ENA'));
    bank.onWrite('INT_ENA', () => this.updateIrq());
    bank.onWrite('INT_CLR', (written) => {
      this.raw &= ~written;
      this.updateIrq();
    });
    bank.onRead('DMA_OUT_LINK', (stored) => stored | (this.out.parked ? 1 << 31 : 0));
    bank.onRead('DMA_IN_LINK', (stored) => stored | (this.in.parked ? 1 << 31 : 0));
    bank.onWrite('DMA_OUT_LINK', (written) => {
      const head = DESCRIPTOR_BASE | bank.getField('DMA_OUT_LINK', 'OUTLINK_ADDR');
      command(this.out, written, head);
      this.send();
    });
    bank.onWrite('DMA_IN_LINK', (written) => {
      const head = DESCRIPTOR_BASE | bank.getField('DMA_IN_LINK', 'INLINK_ADDR');
      command(this.in, written, head);
      this.receive();
    });
    bank.onWrite('CONF0', () => {
      if (bank.getField('CONF0', 'OUT_RST') === 1) this.resetOut();
      if (bank.getField('CONF0', 'IN_RST') === 1) this.resetIn();
      this.send();
      this.receive();
    });
    bank.onWrite('QUICK_SENT', () => this.send());
  }

  private connectUarts(): void {
    const { bank } = this;
    this.uarts.forEach((uart) => {
      const mine = (): boolean => this.uart === uart;
      const listens = (): boolean => mine() && !this.in.parked;
      uart.connectDma({
        get wantsIdle() {
          return listens() && bank.getField('CONF0', 'UART_IDLE_EOF_EN') === 1;
        },
        onReceived: () => mine() && this.receive(),
        onRoom: () => mine() && this.send(),
        onIdle: () => listens() && this.decoder.interrupt(),
        onBreak: () => {
          if (listens() && bank.getField('CONF0', 'UART_RX_BRK_EOF_EN') === 1)
            this.decoder.interrupt();
        },
      });
    });
  }

  private get uart(): DmaUart | undefined {
    const chosen = (this.bank.get('CONF0') >>> 9) & 7;
    return this.uarts.find((_, n) => ((chosen >>> n) & 1) === 1);
  }

  /** Fills the TX FIFO. */
  private send(): void {
    const { uart } = this;
    if (uart === undefined || this.sending) return;
    this.sending = true;
    while (uart.hasRoom && (!this.encoder.empty || this.feed())) uart.give(this.encoder.take());
    this.sending = false;
  }

  /** Gets more for the encoder; false when there is nothing to send. */
  private feed(): boolean {
    while (this.encoder.empty) {
      const value = this.out.take();
      if (value < 0) return this.feedShort();
      this.encoder.put(value);
      this.out.settle();
    }
    return true;
  }

  /** QUICK_SENT's packets go between the frames of the list. */
  private feedShort(): boolean {
    const { bank } = this;
    if (bank.getField('QUICK_SENT', 'SINGLE_SEND_EN') === 1) {
      bank.setField('QUICK_SENT', 'SINGLE_SEND_EN', 0);
      this.encodeShort(bank.getField('QUICK_SENT', 'SINGLE_SEND_NUM'), INT.SEND_S_Q);
    } else if (bank.getField('QUICK_SENT', 'ALWAYS_SEND_EN') === 1)
      this.encodeShort(bank.getField('QUICK_SENT', 'ALWAYS_SEND_NUM'), INT.SEND_A_Q);
    return !this.encoder.empty;
  }

  private encodeShort(number: number, interrupt: number): void {
    if (number >= SHORT_PACKETS) return;
    const n = number as 0 | 1 | 2 | 3 | 4 | 5 | 6;
    const words = [this.bank.get(`Q${n}_WORD0`), this.bank.get(`Q${n}_WORD1`)];
    const bytes = words.flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));
    const withHead = this.bank.getField('CONF0', 'HEAD_EN') === 1;
    const length = withHead ? HEAD_BYTES + payloadLength(bytes) : SHORT_PACKET_BYTES;
    for (const byte of bytes.slice(0, length)) this.encoder.put(byte);
    this.encoder.end();
    this.raise(interrupt);
  }

  private sentDescriptor(endOfFrame: boolean, last: boolean): void {
    let happened = INT.OUT_DONE;
    if (endOfFrame) {
      happened |= INT.OUT_EOF;
      this.bank.set('DMA_OUT_EOF_DES_ADDR', this.out.descriptor);
    }
    if (endOfFrame || last) this.encoder.end();
    if (last) happened |= INT.OUT_TOTAL_EOF;
    this.raise(happened);
  }

  /** Drains the RX FIFO. */
  private receive(): void {
    const { uart } = this;
    if (uart === undefined || this.receiving || this.in.parked) return;
    this.receiving = true;
    while (this.in.ready()) {
      const value = uart.take();
      if (value < 0) break;
      this.decoder.receive(value);
    }
    this.receiving = false;
  }

  private store(value: number): void {
    if (this.in.ready()) this.in.put(value);
  }

  private endReceived(cause: number): void {
    this.in.endFrame();
    const { descriptor } = this.in;
    this.bank.setField('DMA_IN_STATUS', 'RX_ERR_CAUSE', cause);
    const good = cause === 0;
    this.bank.set(good ? 'DMA_IN_SUC_EOF_DES_ADDR' : 'DMA_IN_ERR_EOF_DES_ADDR', descriptor);
    this.raise(good ? INT.IN_SUC_EOF : INT.IN_ERR_EOF);
  }

  private show(way: 'OUT' | 'IN', control: number, buffer: number, next: number): void {
    this.bank.set(`DMA_${way}_DSCR_BF0`, control);
    this.bank.set(`DMA_${way}_DSCR_BF1`, buffer);
    this.bank.set(`DMA_${way}_DSCR`, next);
  }

  private fail(what: string, descriptor: number, interrupt: number): void {
    const at = `0x${descriptor.toString(16)}`;
    this.log.warn(
      this.name,
      `${what} descriptor ${at}: not the DMA's, or its memory is out of the DMA's reach`,
    );
    this.raise(interrupt);
  }

  private resetOut(): void {
    this.out.stop();
    this.encoder.reset();
  }

  private resetIn(): void {
    this.in.stop();
    this.decoder.reset();
  }

  private raise(interrupts: number): void {
    this.raw |= interrupts;
    this.updateIrq();
  }

  private updateIrq(): void {
    this.irq.set((this.raw & this.bank.get('INT_ENA')) === 0 ? 0 : 1);
  }
}

function command(link: OutLink | InLink, written: number, head: number): void {
  if ((written & STOP) !== 0) link.stop();
  else if ((written & START) !== 0) link.start(head);
  else if ((written & RESTART) !== 0) link.restart();
}
