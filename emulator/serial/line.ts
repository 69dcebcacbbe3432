/**
 * The host's end of a UART's wires, as a USB bridge has it: bytes both ways at the rate and in the
 * format that the host has set, DTR and RTS to the auto-reset circuit of UART0, CTS and DSR.
 * A byte that the chip sends at another rate arrives as the wrong byte that its waveform gives.
 *
 * **Not modelled:** break towards the chip, framing and parity errors told to the host.
 */
import type { Esp32 } from '../esp32.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';
import { AutoReset } from './auto-reset.ts';

export interface LineFormat {
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

const DEFAULT_FORMAT: LineFormat = {
  baudRate: 115_200,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
};

/** A chip's receiver copes with this much difference of rates; so does a bridge's. */
const TOLERANCE = 0.04;
/** What is put on the wire ahead of time; the rest can still be purged. */
const AHEAD: Ticks = MASTER_HZ / 250;
/** A bridge's fastest rate in practice is 3 Mbaud; the emulated UART itself ends at 5. */
const MOST_BAUD = 5_000_000;

/** The mask ROM has printed its reset line and is ready for downloads this long after a reset. */
const BOOT_TIME: Ticks = MASTER_HZ / 20;

export interface HostLineOptions {
  readonly uart: 0 | 1 | 2;
  /** Told each byte from the chip at the end of its stop bit. */
  readonly onByte: (value: number) => void;
  /** Host milliseconds that EN takes to rise. */
  readonly enRiseMs?: number;
  /** Pins of the chip that are wired to the bridge's CTS and DSR; without one the line is asserted. */
  readonly cts?: number;
  readonly dsr?: number;
}

export class HostLine {
  dtr = false;
  rts = false;
  private readonly chip: Esp32;
  private readonly options: HostLineOptions;
  private readonly autoReset: AutoReset | undefined;
  private format = DEFAULT_FORMAT;
  private bitTicks: Ticks = MASTER_HZ / DEFAULT_FORMAT.baudRate;
  private queue: Uint8Array[] = [];
  private queued = 0;
  private wireBusyUntil: Ticks = 0;
  private bootedAt: Ticks = -BOOT_TIME;

  constructor(chip: Esp32, options: HostLineOptions) {
    this.chip = chip;
    this.options = options;
    if (options.uart === 0)
      this.autoReset = new AutoReset({
        onGpio0: (low) => {
          const drive = low ? 0 : 'z';
          chip.inputs.now({ kind: 'pin', gpio: 0, party: 'auto-reset', drive });
        },
        onBoot: () => {
          this.bootedAt = chip.now;
          chip.inputs.now({ kind: 'reset' });
        },
        later: (ms, act) => {
          const timer = setTimeout(act, ms);
          return () => clearTimeout(timer);
        },
        ...(options.enRiseMs === undefined ? {} : { enRiseMs: options.enRiseMs }),
      });
    chip.peripherals.uarts[options.uart]!.listen({
      onByte: (value, start, end) => this.hear(value, start, end),
    });
  }

  /** The chip is held in reset: it must not run. */
  get held(): boolean {
    return this.autoReset?.held ?? false;
  }

  /**
   * A reset is under way in guest time. Host programs give the ROM some host milliseconds to boot;
   * waiting for this makes that enough on a host slower than the chip.
   */
  get booting(): boolean {
    return this.held || this.chip.now < this.bootedAt + BOOT_TIME;
  }

  get settings(): LineFormat {
    return this.format;
  }

  /** Bytes that are not yet on the wire. */
  get unsent(): number {
    return this.queued;
  }

  /** Nothing is queued and the wire is free. */
  get drained(): boolean {
    return this.queued === 0 && this.wireBusyUntil <= this.chip.now;
  }

  get cts(): boolean {
    return this.pinIsLow(this.options.cts);
  }

  get dsr(): boolean {
    return this.pinIsLow(this.options.dsr);
  }

  /** Returns false for a rate or format that no UART has. */
  configure(change: Partial<LineFormat>): boolean {
    const format = { ...this.format, ...change };
    if (!(format.baudRate >= 1 && format.baudRate <= MOST_BAUD)) return false;
    this.format = format;
    this.bitTicks = MASTER_HZ / format.baudRate;
    return true;
  }

  setLines(dtr: boolean, rts: boolean): void {
    this.dtr = dtr;
    this.rts = rts;
    this.autoReset?.set(dtr, rts);
  }

  send(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.queue.push(bytes);
    this.queued += bytes.length;
  }

  /** Forgets what is not yet on the wire. */
  purge(): void {
    this.queue = [];
    this.queued = 0;
  }

  /** Puts bytes on the wire; to be called before each slice of guest time, of at most 1 ms. */
  feed(): void {
    const { now } = this.chip;
    const frame = this.frameBits * this.bitTicks;
    const from = Math.max(this.wireBusyUntil, now);
    let room = Math.max(this.wireBusyUntil > now ? 0 : 1, Math.floor((now + AHEAD - from) / frame));
    let sent = 0;
    while (room > 0 && this.queue.length > 0) {
      const first = this.queue[0]!;
      const part = first.subarray(0, room);
      if (part.length === first.length) this.queue.shift();
      else this.queue[0] = first.subarray(part.length);
      this.transmit(part);
      room -= part.length;
      sent += part.length;
    }
    this.queued -= sent;
    if (sent > 0) this.wireBusyUntil = from + Math.ceil(sent * frame);
  }

  /** The host lets go of the port: DTR and RTS fall. */
  release(): void {
    this.purge();
    this.setLines(false, false);
  }

  dispose(): void {
    this.autoReset?.dispose();
  }

  private get frameBits(): number {
    const { dataBits, parity, stopBits } = this.format;
    return 1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits;
  }

  private transmit(bytes: Uint8Array): void {
    const { dataBits, parity, stopBits } = this.format;
    const bitTicks = Math.max(1, Math.round(this.bitTicks));
    this.chip.inputs.now({
      ...{ kind: 'uart', uart: this.options.uart, bytes: [...bytes], bitTicks },
      ...{ dataBits, stopBits, ...(parity === 'none' ? {} : { parity }) },
    });
  }

  private hear(value: number, start: Ticks, end: Ticks): void {
    const sentBit = (end - start) / this.frameBits;
    const matches = Math.abs(sentBit - this.bitTicks) <= this.bitTicks * TOLERANCE;
    const mask = (1 << this.format.dataBits) - 1;
    this.options.onByte((matches ? value : this.resample(value, sentBit)) & mask);
  }

  /** What a receiver at the host's rate makes of a frame whose bits last `sentBit` ticks. */
  private resample(value: number, sentBit: Ticks): number {
    let heard = 0;
    for (let bit = 0; bit < 8; bit++) {
      const place = Math.floor(((bit + 1.5) * this.bitTicks) / sentBit);
      const level = place === 0 ? 0 : place > 8 ? 1 : (value >>> (place - 1)) & 1;
      heard |= level << bit;
    }
    return heard;
  }

  private pinIsLow(gpio: number | undefined): boolean {
    return gpio === undefined || this.chip.peripherals.pads[gpio]?.wire.level === 0;
  }
}
