/**
 * The way out of a UHCI: frames of payload, put between separators, with head, CRC and escape
 * sequences as the registers say, one byte at a time for the UART's TX FIFO.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import { escapeByte, readRules, type UhciBank } from './escapes.ts';
import { CRC_START, crcBytes, crcStep, fixHead, hasCrc, HEAD_BYTES } from './packet.ts';

export class Encoder implements Stateful {
  private readonly bank: UhciBank;
  private readonly onSeparator: () => void;
  /** Bytes that wait for the FIFO. */
  private wire: number[] = [];
  private head: number[] = [];
  private inFrame = false;
  private crc = CRC_START;

  constructor(bank: UhciBank, onSeparator: () => void) {
    this.bank = bank;
    this.onSeparator = onSeparator;
  }

  /** The next byte for the UART, or -1. */
  take(): number {
    return this.wire.shift() ?? -1;
  }

  get empty(): boolean {
    return this.wire.length === 0;
  }

  /** One byte of the frame. */
  put(value: number): void {
    if (!this.inFrame) this.begin();
    if (this.bank.getField('CONF0', 'HEAD_EN') === 0 || this.head.length === HEAD_BYTES) {
      this.encode(value);
      return;
    }
    this.head.push(value);
    if (this.head.length < HEAD_BYTES) return;
    const conf = (name: 'TX_ACK_NUM_RE' | 'TX_CHECK_SUM_RE'): boolean =>
      this.bank.getField('CONF1', name) === 1;
    const ack = conf('TX_ACK_NUM_RE') ? this.bank.get('ACK_NUM') : undefined;
    this.head = fixHead(this.head, ack, conf('TX_CHECK_SUM_RE'));
    for (const byte of this.head) this.encode(byte);
  }

  /** The frame is complete. */
  end(): void {
    if (!this.inFrame) return;
    const { bank } = this;
    const full = this.head.length === HEAD_BYTES;
    if (!full) for (const byte of this.head) this.encode(byte);
    const wantsCrc =
      bank.getField('CONF0', 'ENCODE_CRC_EN') === 1 && bank.getField('CONF1', 'CRC_DISABLE') === 0;
    if (full && wantsCrc && hasCrc(this.head))
      for (const byte of crcBytes(this.crc)) this.encode(byte);
    this.separate();
    this.inFrame = false;
  }

  reset(): void {
    this.wire = [];
    this.head = [];
    this.inFrame = false;
  }

  save(): State {
    const { wire, head, inFrame, crc } = this;
    return { wire: [...wire], head: [...head], inFrame, crc };
  }

  restore(state: State): void {
    this.wire = [...(state['wire'] as number[])];
    this.head = [...(state['head'] as number[])];
    this.inFrame = state['inFrame'] as boolean;
    this.crc = state['crc'] as number;
  }

  private begin(): void {
    this.inFrame = true;
    this.head = [];
    this.crc = CRC_START;
    this.separate();
  }

  private encode(value: number): void {
    this.crc = crcStep(this.crc, value);
    this.wire.push(...escapeByte(readRules(this.bank, true), value));
  }

  private separate(): void {
    if (this.bank.getField('CONF0', 'SEPER_EN') === 0) return;
    this.wire.push(this.bank.getField('ESC_CONF0', 'CHAR'));
    this.onSeparator();
  }
}
