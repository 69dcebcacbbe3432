/**
 * SCL or SDA as the controller drives it. xxx_FORCE_OUT 1 is open drain: the output is enabled for a
 * low level only; 0 drives both levels (TRM, I2C_CTR_REG; `i2c_ll_enable_pins_open_drain`).
 */
import type { Level, Signal } from '../../emulator/bus/signal.ts';

export class OutputLine {
  /** What the state machines want on the wire. */
  level: Level = 1;
  private openDrain = true;
  private readonly out: Signal;
  private readonly enable: Signal;

  constructor(out: Signal, enable: Signal) {
    this.out = out;
    this.enable = enable;
  }

  drive(level: Level): void {
    this.level = level;
    this.apply();
  }

  setOpenDrain(openDrain: boolean): void {
    this.openDrain = openDrain;
    this.apply();
  }

  /** After a restore: the signals restore themselves. */
  restoreOpenDrain(openDrain: boolean): void {
    this.openDrain = openDrain;
  }

  /** A rising open-drain output lets go before its level changes, so that it never drives high. */
  private apply(): void {
    const enable = this.openDrain && this.level === 1 ? 0 : 1;
    if (enable === 0) this.enable.set(0);
    this.out.set(this.level);
    if (enable === 1) this.enable.set(1);
  }
}
