/** A bit-banging I2C master on two pads, for the tests of devices: 100 kHz, open drain. */
import type { Pad } from '../../emulator/bus/pad.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';

const QUARTER_BIT = 1200;

export class I2cHost {
  /** Longest time that a device held SCL low after it was let go, in ticks. */
  stretched = 0;
  private readonly scheduler: Scheduler;
  private readonly pads: { readonly sda: Pad; readonly scl: Pad };
  private readonly sda: (level: Level) => void;
  private readonly scl: (level: Level) => void;

  constructor(scheduler: Scheduler, sda: Pad, scl: Pad) {
    this.scheduler = scheduler;
    this.pads = { sda, scl };
    const [dataOut, clockOut] = [sda.attach('host'), scl.attach('host')];
    this.sda = (level) => dataOut.drive(level === 0 ? 0 : 'z');
    this.scl = (level) => clockOut.drive(level === 0 ? 0 : 'z');
  }

  start(): void {
    this.sda(1);
    this.wait();
    this.release();
    this.sda(0);
    this.wait();
    this.scl(0);
    this.wait();
  }

  stop(): void {
    this.sda(0);
    this.wait();
    this.release();
    this.sda(1);
    this.wait();
  }

  /** True when the byte was acknowledged. */
  send(value: number): boolean {
    for (let bit = 7; bit >= 0; bit--) this.bit(((value >> bit) & 1) as Level);
    return this.bit(1) === 0;
  }

  receive(acknowledge: boolean): number {
    let value = 0;
    for (let bit = 0; bit < 8; bit++) value = (value << 1) | this.bit(1);
    this.bit(acknowledge ? 0 : 1);
    return value;
  }

  /** A whole write; the acknowledges of address and bytes. */
  write(address: number, ...bytes: number[]): boolean[] {
    this.start();
    const acks = [this.send(address << 1), ...bytes.map((byte) => this.send(byte))];
    this.stop();
    return acks;
  }

  /** Writes `prefix`, then reads `count` bytes after a repeated START. */
  read(address: number, prefix: readonly number[], count: number): number[] {
    if (prefix.length > 0) {
      this.start();
      this.send(address << 1);
      for (const byte of prefix) this.send(byte);
    }
    this.start();
    this.send((address << 1) | 1);
    const bytes = Array.from({ length: count }, (_, n) => this.receive(n < count - 1));
    this.stop();
    return bytes;
  }

  private bit(level: Level): Level {
    this.sda(level);
    this.wait();
    this.release();
    const seen = this.pads.sda.wire.level;
    this.wait();
    this.scl(0);
    this.wait();
    return seen;
  }

  /** Lets SCL go and waits until it is high. */
  private release(): void {
    const from = this.scheduler.now;
    this.scl(1);
    while (this.pads.scl.wire.level === 0) this.scheduler.runUntil(this.scheduler.now + 10);
    this.stretched = Math.max(this.stretched, this.scheduler.now - from);
    this.wait();
  }

  private wait(): void {
    this.scheduler.runUntil(this.scheduler.now + QUARTER_BIT);
  }
}
