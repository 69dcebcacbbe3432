/**
 * AES accelerator (TRM chapter "AES Accelerator"): one ECB block from TEXT to TEXT under KEY.
 * MODE 0, 1, 2 encrypts with 128, 192, 256 bits; 4, 5, 6 decrypts. IDLE reads 0 while it works.
 * ENDIAN has two bits each for key, input and output: the lower takes bytes of a word least
 * significant first, the upper takes word 0 first; all are set at reset (bytes in memory order).
 *
 * Clock domain: APB_CLK. Unverified on silicon: a block takes 11, 13 or 15 cycles to encrypt and
 * 21, 25 or 29 to decrypt (the TRM gives 11-15 and 21-22 for a 128-bit key).
 *
 * **Not modelled:** MODE 3 and 7 (reserved; the block stays as it is), key loading from eFuse for
 * flash encryption.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { AES_REGISTERS } from './aes.regs.ts';
import { decryptBlock, encryptBlock } from './cipher.ts';

export interface AesOptions {
  readonly clocks: { readonly apb: Clock };
  readonly scheduler: Scheduler;
  readonly log: DeviceLog;
}

const ENCRYPT_CYCLES = [11, 13, 15];
const DECRYPT_CYCLES = [21, 25, 29];
const DECRYPT = 4;
const KEY_WORDS_MAX = 8;
const TEXT_WORDS = 4;

export class Aes implements Device {
  readonly name = 'AES';
  private readonly bank: RegisterBank<typeof AES_REGISTERS>;
  private readonly apb: Clock;
  private readonly scheduler: Scheduler;
  private busyUntil: Ticks = 0;
  /** TEXT as it will be when the block is done. */
  private readonly result = new Uint32Array(TEXT_WORDS);
  private pending = false;

  constructor(options: AesOptions) {
    this.apb = options.clocks.apb;
    this.scheduler = options.scheduler;
    this.bank = new RegisterBank(this.name, AES_REGISTERS, options.log);
    this.bank.onWrite('START', () => this.start());
    this.bank.onRead('IDLE', () => (this.pending ? 0 : 1));
  }

  read(offset: number, size: AccessSize): number {
    this.settle();
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.settle();
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    this.pending = false;
    this.busyUntil = 0;
  }

  save(): State {
    const { busyUntil, pending } = this;
    return { busyUntil, pending, result: this.result.slice(), bank: this.bank.save() };
  }

  restore(state: State): void {
    this.busyUntil = state['busyUntil'] as number;
    this.pending = state['pending'] as boolean;
    this.result.set(state['result'] as Uint32Array);
    this.bank.restore(state['bank'] as State);
  }

  private settle(): void {
    if (!this.pending || this.scheduler.now < this.busyUntil) return;
    this.pending = false;
    for (let i = 0; i < TEXT_WORDS; i++) this.bank.set(`TEXT${i}`, this.result[i]!);
  }

  private start(): void {
    const mode = this.bank.getField('MODE', 'MODE');
    const size = mode & 3;
    if (this.pending || size === 3) return;
    const decrypt = (mode & DECRYPT) !== 0;
    const endian = this.bank.getField('ENDIAN', 'ENDIAN');
    const keyWords = 4 + 2 * size;
    const key = new Uint32Array(KEY_WORDS_MAX);
    for (let i = 0; i < keyWords; i++) key[i] = this.bank.get(`KEY${i}`);
    const text = new Uint32Array(TEXT_WORDS);
    for (let i = 0; i < TEXT_WORDS; i++) text[i] = this.bank.get(`TEXT${i}`);
    const keyBytes = toBytes(key.subarray(0, keyWords), endian & 3);
    const input = toBytes(text, (endian >> 2) & 3);
    const output = decrypt ? decryptBlock(keyBytes, input) : encryptBlock(keyBytes, input);
    this.result.set(toWords(output, (endian >> 4) & 3));
    this.pending = true;
    const cycles = (decrypt ? DECRYPT_CYCLES : ENCRYPT_CYCLES)[size]!;
    this.busyUntil = this.apb.after(this.scheduler.now, cycles);
  }
}

/** Where byte `index` of the stream stands: [word, shift]. */
function place(index: number, words: number, endian: number): [number, number] {
  const word = (endian & 2) !== 0 ? index >> 2 : words - 1 - (index >> 2);
  const lane = (endian & 1) !== 0 ? index & 3 : 3 - (index & 3);
  return [word, 8 * lane];
}

function toBytes(words: Uint32Array, endian: number): Uint8Array {
  return Uint8Array.from({ length: 4 * words.length }, (_, i) => {
    const [word, shift] = place(i, words.length, endian);
    return (words[word]! >>> shift) & 0xff;
  });
}

function toWords(bytes: Uint8Array, endian: number): Uint32Array {
  const words = new Uint32Array(bytes.length / 4);
  bytes.forEach((byte, i) => {
    const [word, shift] = place(i, words.length, endian);
    words[word] = words[word]! | (byte << shift);
  });
  return words;
}
