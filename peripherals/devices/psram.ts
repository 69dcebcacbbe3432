/**
 * A pseudo-static RAM chip with SPI and QPI interface (data sheet of ESP-PSRAM64H). Its content is
 * an array that the machine shares with the caches.
 *
 * Quirk: ESP-IDF's driver clocks some chips through the GPIO matrix, so that the chip misses the
 * first two clocks of each transfer, and sends two zero clocks in front (`psram_cmd_config`,
 * comment on the delay bits). A transfer that starts so and makes no known command at once is
 * decoded from its third clock.
 *
 * **Not modelled:** wrapped bursts and the 1 KiB page limit of long bursts; 2T mode (5Eh, 5Fh); refresh.
 */
import type { SpiDevice, SpiLines, SpiTransfer } from '../../emulator/bus/spi-wire.ts';
import { driveByte, readBits } from '../../emulator/bus/spi-wire.ts';
import type { State } from '../../emulator/bus/state.ts';

export interface PsramConfig {
  /** Bytes of the chip: 2, 4 or 8 MB. The machine owns the array and saves it. */
  readonly content: Uint8Array;
  /** Told after bytes `from` to `to` (exclusive) changed through commands. */
  readonly onChange?: (from: number, to: number) => void;
}

const MANUFACTURER = 0x0d;
/** Known good die: what a tested chip answers. */
const KGD_PASS = 0x5d;
/** First EID byte by size: density in bits 7:5. */
const DENSITY: ReadonlyMap<number, number> = new Map([
  [2 << 20, 0x00],
  [4 << 20, 0x20],
  [8 << 20, 0x40],
]);

interface Access {
  readonly opcode: number;
  readonly write: boolean;
  /** Lines of address and data while the chip is in SPI mode; in QPI mode all phases use four. */
  readonly lines: SpiLines;
  /** Wait clocks between address and data in SPI and in QPI mode. */
  readonly wait: number;
  readonly waitQpi: number;
}

const ACCESSES: readonly Access[] = [
  { opcode: 0x03, write: false, lines: 1, wait: 0, waitQpi: 0 },
  { opcode: 0x0b, write: false, lines: 1, wait: 8, waitQpi: 4 },
  { opcode: 0xeb, write: false, lines: 4, wait: 6, waitQpi: 6 },
  { opcode: 0x02, write: true, lines: 1, wait: 0, waitQpi: 0 },
  { opcode: 0x38, write: true, lines: 4, wait: 0, waitQpi: 0 },
];
const READ_ID = 0x9f;
const ENTER_QPI = 0x35;
const EXIT_QPI = 0xf5;
const ENABLE_RESET = 0x66;
const RESET = 0x99;
const KNOWN: readonly number[] = [
  ...ACCESSES.map((row) => row.opcode),
  READ_ID,
  ENTER_QPI,
  EXIT_QPI,
  ENABLE_RESET,
  RESET,
];
const DELAY_CLOCKS = 2;

export class Psram implements SpiDevice {
  readonly name = 'PSRAM';
  readonly content: Uint8Array;
  private readonly onChange: (from: number, to: number) => void;
  private readonly id: readonly number[];
  private qpi = false;
  private resetEnabled = false;

  constructor(config: PsramConfig) {
    const density = DENSITY.get(config.content.length);
    if (density === undefined)
      throw new Error(`PSRAM: ${config.content.length} bytes; a chip has 2, 4 or 8 MB`);
    this.content = config.content;
    this.onChange = config.onChange ?? ((): void => {});
    this.id = [MANUFACTURER, KGD_PASS, density, 0, 0, 0, 0, 0];
  }

  /** The chip takes every phase on four lines, which is what the caches use. */
  get quadMode(): boolean {
    return this.qpi;
  }

  powerOn(): void {
    this.qpi = false;
    this.resetEnabled = false;
  }

  transfer(transfer: SpiTransfer): void {
    const lines: SpiLines = this.qpi ? 4 : 1;
    let clock = 0;
    let opcode = readBits(transfer, 0, 8, lines);
    if (!KNOWN.includes(opcode) && readBits(transfer, 0, DELAY_CLOCKS, 1) === 0) {
      clock = DELAY_CLOCKS;
      opcode = readBits(transfer, clock, 8, lines);
    }
    const wasEnabled = this.resetEnabled;
    this.resetEnabled = opcode === ENABLE_RESET;
    clock += 8 / lines;
    const access = ACCESSES.find((row) => row.opcode === opcode);
    if (access !== undefined) this.access(transfer, access, clock);
    else if (opcode === READ_ID && !this.qpi) this.answerId(transfer, clock + 24);
    else if (opcode === ENTER_QPI) this.qpi = true;
    else if (opcode === EXIT_QPI) this.qpi = false;
    else if (opcode === RESET && wasEnabled) this.qpi = false;
  }

  private answerId(transfer: SpiTransfer, ready: number): void {
    let clock = Math.max(ready, transfer.firstSample);
    for (let i = 0; clock < transfer.in.length; i++)
      clock = driveByte(transfer, clock, this.id[i % this.id.length]!, 1);
  }

  private access(transfer: SpiTransfer, access: Access, start: number): void {
    const lines = this.qpi ? 4 : access.lines;
    const mask = this.content.length - 1;
    const address = readBits(transfer, start, 24, lines) & mask;
    let clock = start + 24 / lines + (this.qpi ? access.waitQpi : access.wait);
    if (access.write) {
      const count = Math.floor(((transfer.out.length - clock) * lines) / 8);
      for (let i = 0; i < count; i++)
        this.content[(address + i) & mask] = readBits(transfer, clock + (i * 8) / lines, 8, lines);
      if (count > 0) this.onChange(address, Math.min(address + count, this.content.length));
      return;
    }
    clock = Math.max(clock, transfer.firstSample);
    for (let i = address; clock < transfer.in.length; i++)
      clock = driveByte(transfer, clock, this.content[i & mask]!, lines);
  }

  save(): State {
    return { qpi: this.qpi, resetEnabled: this.resetEnabled };
  }

  restore(state: State): void {
    this.qpi = state['qpi'] as boolean;
    this.resetEnabled = state['resetEnabled'] as boolean;
  }
}
