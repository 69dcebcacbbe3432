/**
 * An SPI controller as slave (TRM chapter "SPI Controller", slave mode): shifts with the edges of
 * the incoming CLK while CS0 is low. Full duplex (DOUTDIN) when SPI_USR has made it ready; else half
 * duplex: a command, for the buffer commands an address, a dummy phase where enabled, then data.
 *
 * Commands, or those of SLAVE3 with SLV_CMD_DEFINE: 1 write status, 2 write buffer, 3 read buffer,
 * 4 read status, 6 write buffer and then read it.
 * The clock mode is that of ESP-IDF's slave driver: MOSI is sampled at the rising edge when
 * CK_I_EDGE is 0; the first bit is out when CS falls when CK_IDLE_EDGE and CK_I_EDGE differ.
 *
 * Unverified on silicon: the address phase is taken and does not select a byte of the buffer; a chip
 * select without a clock ends a full-duplex transfer of 0 bits; SLV_RDATA_BIT is the number of bits,
 * as ESP-IDF reads it (the manual: less 1).
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import { land, readBuffer } from './buffer.ts';
import type { SpiDma } from './dma.ts';
import type { SpiPins } from './pins.ts';
import type { SpiBank } from './transaction.ts';
import { BUFFER_BYTES, outputBytes } from './transaction.ts';
import { reverseBits } from './wave.ts';

/** What a transfer does once its command is known; `full` from its beginning. */
type Kind =
  | 'command'
  | 'unknown'
  | 'full'
  | 'writeStatus'
  | 'writeBuffer'
  | 'readBuffer'
  | 'readStatus'
  | 'writeRead';

interface Command {
  readonly code: number;
  readonly kind: Kind;
  /** Bit of SLAVE that the end of the transfer sets, and the field that enables the command. */
  readonly done: number;
  readonly enable: 'SLV_WR_RD_STA_EN' | 'SLV_WR_RD_BUF_EN';
  /** SLAVE3's value and the dummy phase, by their part of the name. */
  readonly stem: 'RDBUF' | 'WRBUF' | 'RDSTA' | 'WRSTA';
}

// prettier-ignore
const COMMANDS: readonly Command[] = [
  { code: 1, kind: 'writeStatus', done: 1 << 3, enable: 'SLV_WR_RD_STA_EN', stem: 'WRSTA' },
  { code: 2, kind: 'writeBuffer', done: 1 << 1, enable: 'SLV_WR_RD_BUF_EN', stem: 'WRBUF' },
  { code: 3, kind: 'readBuffer',  done: 1 << 0, enable: 'SLV_WR_RD_BUF_EN', stem: 'RDBUF' },
  { code: 4, kind: 'readStatus',  done: 1 << 2, enable: 'SLV_WR_RD_STA_EN', stem: 'RDSTA' },
  { code: 6, kind: 'writeRead',   done: (1 << 1) | 1, enable: 'SLV_WR_RD_BUF_EN', stem: 'WRBUF' },
];

const HALF = 32;
/** Most bits kept of one transfer: 24 bits of length. */
const MAX_BITS = 1 << 24;

export interface SlaveOptions {
  readonly bank: SpiBank;
  readonly dma: SpiDma;
  readonly pins: SpiPins;
  /** The transfer is over; `bits` of SLAVE are set with TRANS_DONE. */
  readonly onDone: (bits: number) => void;
}

export class SpiSlave implements Stateful {
  private readonly bank: SpiBank;
  private readonly dma: SpiDma;
  private readonly pins: SpiPins;
  private readonly onDone: (bits: number) => void;
  private selected = false;
  private kind: Kind = 'unknown';
  private done = 0;
  private command = 0;
  /** Bits sampled so far, and the bit that begins the data of each direction. */
  private sampled = 0;
  private receiveFrom = 0;
  private sendFrom = 0;
  private receiveLimit = 0;
  private received: number[] = [];
  private toSend: Uint8Array = new Uint8Array(0);
  private sendBits = 0;

  constructor(options: SlaveOptions) {
    this.bank = options.bank;
    this.dma = options.dma;
    this.pins = options.pins;
    this.onDone = options.onDone;
    this.pins.cs[0].input.connect((level) => {
      if (!this.enabled) return;
      if (level === 0) this.begin();
      else this.end();
    });
    this.pins.clk.input.connect((level) => this.clock(level));
  }

  private get enabled(): boolean {
    return this.bank.getField('SLAVE', 'MODE') === 1;
  }

  /** A reset, or master mode: Q is let go and nothing is kept. */
  reset(): void {
    this.selected = false;
    this.pins.data[1].enable.set(0);
  }

  private begin(): void {
    const { bank } = this;
    if (bank.getField('PIN', 'CS0_DIS') === 1) return;
    const full = bank.getField('USER', 'DOUTDIN') === 1;
    if (full && bank.getField('CMD', 'USR') === 0) return;
    this.selected = true;
    this.sampled = 0;
    this.command = 0;
    this.done = 0;
    this.received = [];
    this.sendBits = 0;
    this.receiveLimit = 0;
    this.kind = full ? 'full' : 'command';
    if (full) {
      this.expectInput(0, bank.getField('SLV_WRBUF_DLEN', 'SLV_WRBUF_DBITLEN') + 1);
      this.prepareOutput(0);
    }
    this.pins.data[1].enable.set(1);
    const early = bank.getField('PIN', 'CK_IDLE_EDGE') !== bank.getField('USER', 'CK_I_EDGE');
    if (early) this.launch();
  }

  private clock(level: Level): void {
    if (!this.selected) return;
    const samplesHigh = this.bank.getField('USER', 'CK_I_EDGE') === 0;
    if ((level === 1) === samplesHigh) this.sample(this.pins.data[0].input.level);
    else this.launch();
  }

  private sample(bit: Level): void {
    const position = this.sampled++;
    if (this.kind === 'command') {
      this.command = (this.command << 1) | bit;
      if (this.sampled > this.bank.getField('USER2', 'USR_COMMAND_BITLEN')) this.decode();
    } else if (position >= this.receiveFrom && this.received.length < this.receiveLimit)
      this.received.push(bit);
  }

  private launch(): void {
    const index = this.sampled - this.sendFrom;
    if (index < 0 || index >= this.sendBits) return;
    const byte = this.toSend[index >> 3] ?? 0;
    this.pins.data[1].output.set(((byte >> (7 - (index & 7))) & 1) as Level);
  }

  private decode(): void {
    const { bank } = this;
    const defined = bank.getField('SLAVE', 'SLV_CMD_DEFINE') === 1;
    const row = COMMANDS.find(({ code, stem }) =>
      defined && code <= 4
        ? bank.getField('SLAVE3', `SLV_${stem}_CMD_VALUE`) === (this.command & 0xff)
        : code === this.command && !defined,
    );
    this.kind = 'unknown';
    if (row === undefined || bank.getField('SLAVE', row.enable) === 0) return;
    this.kind = row.kind;
    this.done = row.done;
    bank.setField('SLAVE', 'SLV_LAST_COMMAND', row.code);
    const dummy =
      bank.getField('SLAVE1', `SLV_${row.stem}_DUMMY_EN`) === 1
        ? bank.getField('SLAVE2', `SLV_${row.stem}_DUMMY_CYCLELEN`) + 1
        : 0;
    const from = this.sampled + dummy;
    const statusBits = bank.getField('SLAVE1', 'SLV_STATUS_BITLEN') + 1;
    const writeAddress = bank.getField('SLAVE1', 'SLV_WR_ADDR_BITLEN') + 1;
    const readAddress = bank.getField('SLAVE1', 'SLV_RD_ADDR_BITLEN') + 1;
    const bufferBits = bank.getField('SLV_WRBUF_DLEN', 'SLV_WRBUF_DBITLEN') + 1;
    switch (row.kind) {
      case 'writeStatus':
        return this.expectInput(from, statusBits);
      case 'writeBuffer':
        return this.expectInput(from + writeAddress, bufferBits);
      case 'writeRead':
        this.expectInput(from + writeAddress, bufferBits);
        return this.prepareOutput(from + writeAddress + bufferBits);
      case 'readBuffer':
        return this.prepareOutput(from + readAddress);
      case 'readStatus':
        return this.prepareStatus(from, statusBits);
      default:
    }
  }

  private expectInput(from: number, bits: number): void {
    this.receiveFrom = from;
    this.receiveLimit = Math.min(bits, this.dma.takesInput ? MAX_BITS : BUFFER_BYTES * 8);
  }

  private prepareOutput(from: number): void {
    const { bank, dma } = this;
    const bits = bank.getField('SLV_RDBUF_DLEN', 'SLV_RDBUF_DBITLEN') + 1;
    this.sendFrom = from;
    this.sendBits = dma.feedsOutput ? bits : Math.min(bits, BUFFER_BYTES * 8);
    if (dma.feedsOutput) {
      const bytes = dma.output((bits + 7) >> 3);
      const lsbFirst = bank.getField('CTRL', 'WR_BIT_ORDER') === 1;
      this.toSend = lsbFirst ? bytes.map(reverseBits) : bytes;
      return;
    }
    const first = bank.getField('USER', 'USR_MISO_HIGHPART') * HALF;
    this.toSend = outputBytes(bank, readBuffer(bank), first, this.sendBits);
  }

  private prepareStatus(from: number, bits: number): void {
    const readBack = this.bank.getField('SLAVE1', 'SLV_STATUS_READBACK') === 1;
    const word = this.bank.get(readBack ? 'SLV_WR_STATUS' : 'RD_STATUS');
    this.sendFrom = from;
    this.sendBits = bits;
    this.toSend = Uint8Array.of(word, word >>> 8, word >>> 16, word >>> 24);
  }

  private end(): void {
    if (!this.selected) return;
    this.reset();
    if (this.kind === 'command' && this.sampled === 0) return;
    const { bank, dma } = this;
    bank.setField('SLV_RD_BIT', 'SLV_RDATA_BIT', this.received.length);
    const bytes = new Uint8Array((this.received.length + 7) >> 3);
    this.received.forEach((bit, i) => (bytes[i >> 3] = bytes[i >> 3]! | (bit << (7 - (i & 7)))));
    if (this.kind === 'writeStatus') {
      const word = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16);
      bank.set('SLV_WR_STATUS', (word | ((bytes[3] ?? 0) << 24)) >>> 0);
    } else if (this.receiveLimit > 0 && bytes.length > 0) {
      const first = bank.getField('USER', 'USR_MOSI_HIGHPART') * HALF;
      land(bank, dma, dma.takesInput ? 'dma' : 'buffer', first, bytes);
    }
    dma.finish();
    this.onDone(this.done);
  }

  save(): State {
    return {
      selected: this.selected,
      kind: this.kind,
      done: this.done,
      command: this.command,
      sampled: this.sampled,
      receiveFrom: this.receiveFrom,
      sendFrom: this.sendFrom,
      receiveLimit: this.receiveLimit,
      sendBits: this.sendBits,
      received: this.received.slice(),
      toSend: this.toSend.slice(),
    };
  }

  restore(state: State): void {
    this.selected = state['selected'] as boolean;
    this.kind = state['kind'] as Kind;
    this.done = state['done'] as number;
    this.command = state['command'] as number;
    this.sampled = state['sampled'] as number;
    this.receiveFrom = state['receiveFrom'] as number;
    this.sendFrom = state['sendFrom'] as number;
    this.receiveLimit = state['receiveLimit'] as number;
    this.sendBits = state['sendBits'] as number;
    this.received = (state['received'] as number[]).slice();
    this.toSend = (state['toSend'] as Uint8Array).slice();
  }
}
