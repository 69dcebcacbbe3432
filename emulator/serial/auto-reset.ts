/**
 * The auto-reset circuit of ESP32 boards: two transistors through which a USB bridge's DTR and RTS
 * pull EN and GPIO0 low (ESP32-DevKitC schematic). Lines are given as a host sets them, true for
 * asserted:
 *
 *     DTR RTS   EN  GPIO0
 *      0   0    up   up
 *      0   1    low  up     the chip is held in reset
 *      1   0    up   low    download boot when EN rises now
 *      1   1    up   up
 *
 * EN rises late, for it charges a capacitor, so that hosts which change DTR and RTS one after the
 * other do not boot the chip in between. Here that time is the host's: guest time stands still
 * while EN is low. It ends early when GPIO0 is pulled low, since the boot mode is decided then.
 */

/** 10 kOhm and 1 uF, as on ESP32-DevKitC, reach the threshold of EN after about this. */
const EN_RISE_MS = 15;

export interface AutoResetOptions {
  /** GPIO0 is pulled low, or let go. */
  readonly onGpio0: (low: boolean) => void;
  /** EN rises: the chip samples its straps and boots. */
  readonly onBoot: () => void;
  /** Calls back after some host milliseconds; returns what cancels it. */
  readonly later: (ms: number, act: () => void) => () => void;
  readonly enRiseMs?: number;
}

export class AutoReset {
  private readonly options: AutoResetOptions;
  private enLow = false;
  private gpio0Low = false;
  private cancelRise: (() => void) | undefined;

  constructor(options: AutoResetOptions) {
    this.options = options;
  }

  /** EN is below its threshold: the chip does not run. */
  get held(): boolean {
    return this.enLow;
  }

  set(dtr: boolean, rts: boolean): void {
    const { onGpio0, later, enRiseMs } = this.options;
    const gpio0Low = dtr && !rts;
    if (gpio0Low !== this.gpio0Low) onGpio0(gpio0Low);
    this.gpio0Low = gpio0Low;
    if (!dtr && rts) {
      this.cancelRise?.();
      this.cancelRise = undefined;
      this.enLow = true;
    } else if (this.enLow) {
      if (gpio0Low) this.boot();
      else this.cancelRise ??= later(enRiseMs ?? EN_RISE_MS, () => this.boot());
    }
  }

  /** Nobody is there any more to wait for. */
  dispose(): void {
    this.cancelRise?.();
    this.cancelRise = undefined;
    this.enLow = false;
  }

  private boot(): void {
    this.cancelRise?.();
    this.cancelRise = undefined;
    this.enLow = false;
    this.options.onBoot();
  }
}
