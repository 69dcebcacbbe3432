/**
 * The way into a UHCI: separators, escape sequences, head and CRC are taken off what the UART
 * received; the payload goes on, and the end of a frame with what was wrong with it.
 *
 * Bytes before the first separator are dropped. Without HEAD_EN, LEN_EOF_EN ends a frame after
 * PKT_THRS bytes. Unverified on silicon: that, and the codes of RX_ERR_CAUSE.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import { readRules, type EscapeRule, type UhciBank } from './escapes.ts';
import { CRC_BYTES, CRC_START, crcBytes, crcStep, hasCrc } from './packet.ts';
import { HEAD_BYTES, headSum, payloadLength } from './packet.ts';

/** RX_ERR_CAUSE. */
const ERROR = { none: 0, checksum: 1, crc: 3, escape: 4, short: 5 } as const;

export interface DecoderHost {
  onSeparator(): void;
  onHead(head: number): void;
  onPayload(value: number): void;
  /** `cause` is 0 for a good frame. */
  onEnd(cause: number): void;
}

const NONE = -1;

export class Decoder implements Stateful {
  private readonly bank: UhciBank;
  private readonly host: DecoderHost;
  private inFrame = false;
  /** First half of an escape sequence, or -1. */
  private pending = NONE;
  private head: number[] = [];
  private tail: number[] = [];
  private count = 0;
  private crc = CRC_START;
  private cause = 0;

  constructor(bank: UhciBank, host: DecoderHost) {
    this.bank = bank;
    this.host = host;
  }

  receive(value: number): void {
    if (this.bank.getField('CONF0', 'SEPER_EN') === 1) {
      if (value === this.bank.getField('ESC_CONF0', 'CHAR')) {
        this.host.onSeparator();
        if (this.inFrame && this.begun) this.end();
        else {
          this.clear();
          this.inFrame = true;
        }
        return;
      }
      if (!this.inFrame) return;
    }
    this.unescape(readRules(this.bank, false), value);
  }

  /** The line went idle, or a break came: a frame that has begun is over. */
  interrupt(): void {
    if (this.begun) this.end();
  }

  reset(): void {
    this.clear();
    this.inFrame = false;
  }

  save(): State {
    const { inFrame, pending, head, tail, count, crc, cause } = this;
    return { inFrame, pending, head: [...head], tail: [...tail], count, crc, cause };
  }

  restore(state: State): void {
    this.inFrame = state['inFrame'] as boolean;
    this.pending = state['pending'] as number;
    this.head = [...(state['head'] as number[])];
    this.tail = [...(state['tail'] as number[])];
    this.count = state['count'] as number;
    this.crc = state['crc'] as number;
    this.cause = state['cause'] as number;
  }

  private get begun(): boolean {
    return this.head.length > 0 || this.count > 0 || this.pending !== NONE;
  }

  private get withHead(): boolean {
    return this.bank.getField('CONF0', 'HEAD_EN') === 1;
  }

  private unescape(rules: readonly EscapeRule[], value: number): void {
    if (this.pending !== NONE) {
      const rule = rules.find(({ first, second }) => first === this.pending && second === value);
      this.pending = NONE;
      if (rule === undefined) this.cause ||= ERROR.escape;
      this.accept(rule?.char ?? value);
    } else if (rules.some(({ first }) => first === value)) this.pending = value;
    else this.accept(value);
  }

  private accept(value: number): void {
    if (this.withHead && this.head.length < HEAD_BYTES) this.acceptHead(value);
    else if (this.wantsTail && this.count >= payloadLength(this.head)) this.tail.push(value);
    else {
      this.crc = crcStep(this.crc, value);
      this.count++;
      this.host.onPayload(value);
    }
    if (this.complete) this.end();
  }

  private acceptHead(value: number): void {
    this.crc = crcStep(this.crc, value);
    this.head.push(value);
    if (this.bank.getField('CONF1', 'SAVE_HEAD') === 1) this.host.onPayload(value);
    if (this.head.length < HEAD_BYTES) return;
    const [a, b, c, d] = this.head as [number, number, number, number];
    this.host.onHead((a | (b << 8) | (c << 16) | (d << 24)) >>> 0);
    const checks = this.bank.getField('CONF1', 'CHECK_SUM_EN') === 1;
    if (checks && headSum(this.head) !== 0xff) this.cause ||= ERROR.checksum;
  }

  /** A CRC follows the payload. */
  private get wantsTail(): boolean {
    const on =
      this.bank.getField('CONF0', 'CRC_REC_EN') === 1 &&
      this.bank.getField('CONF1', 'CRC_DISABLE') === 0;
    return on && this.withHead && hasCrc(this.head);
  }

  private get complete(): boolean {
    if (this.bank.getField('CONF0', 'LEN_EOF_EN') === 0) return false;
    if (!this.withHead)
      return this.count >= Math.max(this.bank.getField('PKT_THRES', 'PKT_THRS'), 1);
    if (this.head.length < HEAD_BYTES || this.count < payloadLength(this.head)) return false;
    return !this.wantsTail || this.tail.length === CRC_BYTES;
  }

  private end(): void {
    if (this.withHead) this.checkPacket();
    const { cause } = this;
    this.clear();
    this.inFrame = false;
    this.host.onEnd(cause);
  }

  private checkPacket(): void {
    const { head, tail } = this;
    if (head.length < HEAD_BYTES || this.count < payloadLength(head)) this.cause ||= ERROR.short;
    else if (this.wantsTail) {
      const [high, low] = crcBytes(this.crc);
      if (tail[0] !== high || tail[1] !== low) this.cause ||= ERROR.crc;
    }
  }

  private clear(): void {
    this.pending = NONE;
    this.head = [];
    this.tail = [];
    this.count = 0;
    this.crc = CRC_START;
    this.cause = ERROR.none;
  }
}
