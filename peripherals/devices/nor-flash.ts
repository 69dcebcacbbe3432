/**
 * A serial NOR flash chip with the common JEDEC command set (data sheets of GD25Q32C and W25Q32JV).
 * Its content is an array that the machine shares with the caches.
 *
 * Time: a transfer acts when chip select rises; program, erase and status writes keep WIP set for
 * the chip's typical durations. Programming only clears bits; erasing sets them. Content changes
 * when the operation starts, since no command can see the difference before it ends.
 *
 * **Not modelled:** WP and HOLD pins; status register lock bits and OTP (security registers); QPI
 * mode (38h) and continuous read mode (mode bits Ax); 4-byte addresses; wear.
 */
import type { SpiDevice, SpiLines, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import { driveByte, readBits } from '../../emulator/bus/spi-wire.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { FlashChip } from './nor-flash-chips.ts';
import { flashSizeBytes } from './nor-flash-chips.ts';
import type { ArrayOperation } from './nor-flash-power.ts';
import { interrupt, restoreOperation, saveOperation } from './nor-flash-power.ts';
import { protectedRange } from './nor-flash-protection.ts';
import { sfdpTable } from './sfdp.ts';

export interface NorFlashConfig {
  readonly chip: FlashChip;
  /** The array of cells; its length is the chip's size. The machine owns it and saves it. */
  readonly content: Uint8Array;
  /** Told after bytes `from` to `to` (exclusive) of the array changed: decoded code is stale. */
  readonly onChange?: (from: number, to: number) => void;
  /** Non-volatile status registers 1 to 3; kept by the machine when they shall survive. */
  readonly statusRegisters?: Uint8Array;
  /** Eight bytes answered to 4Bh. */
  readonly uniqueId?: Uint8Array;
}

const PAGE = 256;
const TICKS_PER_US = MASTER_HZ / 1e6;
const NEVER = -1;

/** Status register 1: write in progress, write enable latch. */
const WIP = 1;
const WEL = 2;
/** Status register 2: suspended. */
const SUS = 0x80;
/** Bits that a status write changes. */
const WRITABLE = [0xfc, 0x7b, 0xe4] as const;

interface ReadMode {
  readonly opcode: number;
  readonly addressLines: SpiLines;
  readonly dataLines: SpiLines;
  /** Clocks of mode bits and dummies between address and data. */
  readonly turnaround: number;
}

const READ_MODES: readonly ReadMode[] = [
  { opcode: 0x03, addressLines: 1, dataLines: 1, turnaround: 0 },
  { opcode: 0x0b, addressLines: 1, dataLines: 1, turnaround: 8 },
  { opcode: 0x3b, addressLines: 1, dataLines: 2, turnaround: 8 },
  { opcode: 0x6b, addressLines: 1, dataLines: 4, turnaround: 8 },
  { opcode: 0xbb, addressLines: 2, dataLines: 2, turnaround: 4 },
  { opcode: 0xeb, addressLines: 4, dataLines: 4, turnaround: 6 },
];

/** Commands obeyed while an operation is in progress: status reads, suspend, reset. */
const WHILE_BUSY = [0x05, 0x35, 0x15, 0x75, 0xb0, 0x66, 0x99];
const RELEASE_POWER_DOWN = 0xab;
const ENABLE_RESET = 0x66;
const ADDRESS_END = 8 + 24;

export class NorFlash implements SpiDevice {
  readonly name: string;
  readonly chip: FlashChip;
  readonly content: Uint8Array;
  private readonly status: Uint8Array;
  private readonly uniqueId: Uint8Array;
  private readonly sfdp: Uint8Array;
  private readonly onChange: (from: number, to: number) => void;
  private writeEnabled = false;
  private volatileStatusWrite = false;
  private poweredDown = false;
  private resetEnabled = false;
  /** End of the operation in progress, or NEVER. */
  private busyUntil: Ticks = NEVER;
  /** The operation in progress can be suspended; ticks left of a suspended one, or NEVER. */
  private suspendable = false;
  /** The operation in progress clears the write enable latch when it ends. */
  private clearsLatch = false;
  private suspendedRest: Ticks = NEVER;
  /** The program or erase in progress: what a failing supply would leave of it. */
  private operation: ArrayOperation | undefined;
  /** Told when a program or erase begins: its first and its last tick. */
  onOperation: (start: Ticks, end: Ticks) => void = () => {};

  constructor(config: NorFlashConfig) {
    const size = flashSizeBytes(config.chip);
    if (config.content.length !== size)
      throw new Error(
        `${config.chip.name}: flash content has ${config.content.length} bytes, the chip ${size}`,
      );
    this.chip = config.chip;
    this.name = config.chip.name;
    this.content = config.content;
    this.status = config.statusRegisters ?? new Uint8Array(3);
    this.uniqueId = config.uniqueId ?? Uint8Array.of(0x4c, 0x33, 0x32, 0, 0, 0, 0, 1);
    this.onChange = config.onChange ?? ((): void => {});
    this.sfdp = sfdpTable(config.chip);
  }

  /** The supply fails: an operation in progress stays unfinished. */
  powerFails(now: Ticks): void {
    this.settle(now);
    const { operation } = this;
    if (operation !== undefined && this.busyUntil !== NEVER) {
      interrupt(operation, this.content, now);
      this.onChange(operation.from, operation.from + operation.before.length);
    }
    this.powerOn();
  }

  /** Registers that power-on clears; the array and the status registers are non-volatile. */
  powerOn(): void {
    this.writeEnabled = false;
    this.volatileStatusWrite = false;
    this.poweredDown = false;
    this.resetEnabled = false;
    this.busyUntil = NEVER;
    this.suspendable = false;
    this.clearsLatch = false;
    this.suspendedRest = NEVER;
    this.operation = undefined;
  }

  transfer(transfer: SpiTransfer): void {
    if (transfer.out.length < 8) return;
    const opcode = readBits(transfer, 0, 8, 1);
    this.settle(transfer.start);
    if (this.busyUntil !== NEVER && !WHILE_BUSY.includes(opcode)) return;
    if (this.poweredDown && opcode !== RELEASE_POWER_DOWN) return;
    const mode = READ_MODES.find((row) => row.opcode === opcode);
    if (mode !== undefined) this.readArray(transfer, mode);
    else if (!this.readRegister(transfer, opcode)) this.execute(transfer, opcode);
    if (opcode !== ENABLE_RESET) this.resetEnabled = false;
  }

  private get quadEnabled(): boolean {
    const { register, bit } = this.chip.quadEnable;
    return ((this.status[register - 1]! >> bit) & 1) === 1;
  }

  /** Ends the operation in progress when its time has come by `tick`. */
  private settle(tick: Ticks): void {
    if (this.busyUntil === NEVER || tick < this.busyUntil) return;
    this.busyUntil = NEVER;
    this.suspendable = false;
    this.operation = undefined;
    if (this.clearsLatch) this.writeEnabled = false;
  }

  private readArray(transfer: SpiTransfer, mode: ReadMode): void {
    if (mode.dataLines === 4 && !this.quadEnabled) return;
    const address = readBits(transfer, 8, 24, mode.addressLines);
    const ready = 8 + 24 / mode.addressLines + mode.turnaround;
    const mask = this.content.length - 1;
    let clock = Math.max(ready, transfer.firstSample);
    for (let i = address; clock < transfer.in.length; i++)
      clock = driveByte(transfer, clock, this.content[i & mask]!, mode.dataLines);
  }

  /** Commands that answer from registers; false when `opcode` is none of them. */
  private readRegister(transfer: SpiTransfer, opcode: number): boolean {
    const { jedec, deviceId, threeStatusRegisters } = this.chip;
    switch (opcode) {
      case 0x05:
        this.drive(transfer, 8, (_, tick) => this.statusAt(0, tick));
        return true;
      case 0x35:
        if (threeStatusRegisters) this.drive(transfer, 8, (_, tick) => this.statusAt(1, tick));
        return true;
      case 0x15:
        if (threeStatusRegisters) this.drive(transfer, 8, (_, tick) => this.statusAt(2, tick));
        return true;
      case 0x9f:
        this.drive(transfer, 8, (i) => jedec[i % 3]!);
        return true;
      case 0x90:
        this.drive(transfer, ADDRESS_END, (i) => (i % 2 === 0 ? jedec[0] : deviceId));
        return true;
      case 0x4b:
        this.drive(transfer, ADDRESS_END + 8, (i) => this.uniqueId[i % 8]!);
        return true;
      case 0x5a: {
        const address = readBits(transfer, 8, 24, 1);
        this.drive(transfer, ADDRESS_END + 8, (i) => this.sfdp[address + i] ?? 0xff);
        return true;
      }
      case RELEASE_POWER_DOWN:
        this.poweredDown = false;
        this.drive(transfer, ADDRESS_END, () => deviceId);
        return true;
      default:
        return false;
    }
  }

  /** Answers bytes from `clock` on (or from the master's first sample, when that is later). */
  private drive(
    transfer: SpiTransfer,
    clock: number,
    byte: (index: number, tick: Ticks) => number,
  ): void {
    let at = Math.max(clock, transfer.firstSample);
    for (let i = 0; at < transfer.in.length; i++) {
      const tick = transfer.start + at * transfer.clockTicks;
      at = driveByte(transfer, at, byte(i, tick), 1);
    }
  }

  private statusAt(register: 0 | 1 | 2, tick: Ticks): number {
    this.settle(tick);
    const stored = this.status[register]!;
    if (register === 0)
      return stored | (this.busyUntil !== NEVER ? WIP : 0) | (this.writeEnabled ? WEL : 0);
    if (register === 1) return stored | (this.suspendedRest !== NEVER ? SUS : 0);
    return stored;
  }

  /** Commands that act when chip select rises. */
  private execute(transfer: SpiTransfer, opcode: number): void {
    if (transfer.out.length % 8 !== 0) return;
    const end = transfer.start + transfer.out.length * transfer.clockTicks;
    this.settle(end);
    const times = this.chip.timesUs;
    switch (opcode) {
      case 0x06:
        this.writeEnabled = true;
        return;
      case 0x04:
        this.writeEnabled = false;
        return;
      case 0x50:
        this.volatileStatusWrite = true;
        return;
      case 0x01:
        return this.writeStatus(transfer, 0, end);
      case 0x31:
        return this.writeStatus(transfer, 1, end);
      case 0x11:
        return this.writeStatus(transfer, 2, end);
      case 0x02:
        return this.program(transfer, 1, end);
      case 0x32:
        return this.program(transfer, 4, end);
      case 0x20:
        return this.erase(transfer, 0x1000, times.sector4K, end);
      case 0x52:
        return this.erase(transfer, 0x8000, times.block32K, end);
      case 0xd8:
        return this.erase(transfer, 0x10000, times.block64K, end);
      case 0x60:
      case 0xc7:
        return this.eraseChip(end);
      case 0x75:
      case 0xb0:
        return this.suspend(end);
      case 0x7a:
      case 0x30:
        return this.resume(end);
      case 0xb9:
        this.poweredDown = true;
        return;
      case ENABLE_RESET:
        this.resetEnabled = true;
        return;
      case 0x99:
        return this.softReset(end);
      default:
        return;
    }
  }

  /** Starts a program, erase or status write. */
  private begin(end: Ticks, microseconds: number, suspendable: boolean): void {
    this.occupy(end, microseconds);
    this.suspendable = suspendable;
    this.clearsLatch = true;
  }

  private occupy(end: Ticks, microseconds: number): void {
    this.busyUntil = end + Math.round(microseconds * TICKS_PER_US);
    this.suspendable = false;
    this.clearsLatch = false;
  }

  /** 01h takes register 1 and, when a second byte follows, register 2; 31h and 11h one register each. */
  private writeStatus(transfer: SpiTransfer, register: number, end: Ticks): void {
    const count = Math.min(transfer.out.length / 8 - 1, register === 0 ? 2 : 1);
    const exists = register === 0 || this.chip.threeStatusRegisters;
    if (!(this.writeEnabled || this.volatileStatusWrite) || count < 1 || !exists) return;
    for (let i = 0; i < count; i++) {
      const index = register + i;
      if (index > 0 && !this.chip.threeStatusRegisters) continue;
      const mask = WRITABLE[index]!;
      const written = readBits(transfer, 8 + i * 8, 8, 1) & mask;
      this.status[index] = (this.status[index]! & ~mask) | written;
    }
    if (this.volatileStatusWrite) this.volatileStatusWrite = false;
    else this.begin(end, this.chip.timesUs.statusWrite, false);
  }

  private program(transfer: SpiTransfer, lines: SpiLines, end: Ticks): void {
    const bytes = Math.floor(((transfer.out.length - ADDRESS_END) * lines) / 8);
    if (!this.writeEnabled || bytes < 1 || (lines === 4 && !this.quadEnabled)) return;
    const address = readBits(transfer, 8, 24, 1) & (this.content.length - 1);
    const page = address & ~(PAGE - 1);
    if (this.isProtected(page, PAGE)) return this.refuse();
    const latch = new Uint8Array(PAGE).fill(0xff);
    for (let i = 0; i < bytes; i++) {
      const clock = ADDRESS_END + (i * 8) / lines;
      latch[(address + i) & (PAGE - 1)] = readBits(transfer, clock, 8, lines);
    }
    const before = this.content.slice(page, page + PAGE);
    for (let i = 0; i < PAGE; i++) this.content[page + i] = this.content[page + i]! & latch[i]!;
    this.onChange(page, page + PAGE);
    const { firstByte, nextByte, page: whole } = this.chip.timesUs;
    this.begin(end, Math.min(whole, firstByte + (bytes - 1) * nextByte), true);
    this.note('program', page, before, end);
  }

  private erase(transfer: SpiTransfer, size: number, microseconds: number, end: Ticks): void {
    if (!this.writeEnabled || transfer.out.length !== ADDRESS_END) return;
    if (this.suspendedRest !== NEVER) return;
    const address = readBits(transfer, 8, 24, 1) & (this.content.length - 1) & ~(size - 1);
    if (this.isProtected(address, size)) return this.refuse();
    const before = this.content.slice(address, address + size);
    this.content.fill(0xff, address, address + size);
    this.onChange(address, address + size);
    this.begin(end, microseconds, true);
    this.note('erase', address, before, end);
  }

  private eraseChip(end: Ticks): void {
    if (!this.writeEnabled || this.suspendedRest !== NEVER) return;
    if (this.isProtected(0, this.content.length)) return this.refuse();
    const before = this.content.slice();
    this.content.fill(0xff);
    this.onChange(0, this.content.length);
    this.begin(end, this.chip.timesUs.chip, false);
    this.note('erase', 0, before, end);
  }

  /** A suspended operation that goes on is taken as begun anew, for its rest. */
  private note(kind: 'program' | 'erase', from: number, before: Uint8Array, start: Ticks): void {
    this.operation = { kind, from, before, start, end: this.busyUntil };
    this.onOperation(start, this.busyUntil);
  }

  /** A write to a protected range is not carried out, and clears the write enable latch. */
  private refuse(): void {
    this.writeEnabled = false;
  }

  private isProtected(address: number, size: number): boolean {
    const extended = this.chip.quadEnable.register === 2;
    const [from, to] = protectedRange(this.content.length, this.status, extended);
    return address < to && address + size > from;
  }

  private suspend(end: Ticks): void {
    if (this.busyUntil === NEVER || !this.suspendable || this.suspendedRest !== NEVER) return;
    this.suspendedRest = this.busyUntil - end;
    this.occupy(end, this.chip.timesUs.suspend);
  }

  private resume(end: Ticks): void {
    if (this.suspendedRest === NEVER || this.busyUntil !== NEVER) return;
    this.busyUntil = end + this.suspendedRest;
    this.suspendable = true;
    this.clearsLatch = true;
    this.suspendedRest = NEVER;
  }

  private softReset(end: Ticks): void {
    if (!this.resetEnabled) return;
    this.powerOn();
    this.occupy(end, this.chip.timesUs.reset);
  }

  save(): State {
    return {
      status: this.status.slice(),
      writeEnabled: this.writeEnabled,
      volatileStatusWrite: this.volatileStatusWrite,
      poweredDown: this.poweredDown,
      resetEnabled: this.resetEnabled,
      busyUntil: this.busyUntil,
      suspendable: this.suspendable,
      clearsLatch: this.clearsLatch,
      suspendedRest: this.suspendedRest,
      operation: saveOperation(this.operation),
    };
  }

  restore(state: State): void {
    this.status.set(state['status'] as Uint8Array);
    this.writeEnabled = state['writeEnabled'] as boolean;
    this.volatileStatusWrite = state['volatileStatusWrite'] as boolean;
    this.poweredDown = state['poweredDown'] as boolean;
    this.resetEnabled = state['resetEnabled'] as boolean;
    this.busyUntil = state['busyUntil'] as number;
    this.suspendable = state['suspendable'] as boolean;
    this.clearsLatch = state['clearsLatch'] as boolean;
    this.suspendedRest = state['suspendedRest'] as number;
    this.operation = restoreOperation(state['operation'] as State | null);
  }
}
