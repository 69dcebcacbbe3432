/**
 * MCP23S17: 16-bit I/O expander on SPI, modes 0 and 3 (Microchip DS20001952). Each transfer is an
 * opcode 0100 A2 A1 A0 R/W, a register address and data. Until IOCON.HAEN is set the chip answers to
 * address 0 whatever its pins are. Its pins are used from a test or by commands:
 * `{ pin: 3, level: 0 }`, level 1 or 'z' to let go. INTA, INTB and RESET go to chip pins.
 *
 * **Not modelled:** see `mcp23x17.ts`.
 */
import type { State } from '../../emulator/bus/state.ts';
import { Mcp23x17Device } from './mcp23x17-device.ts';
import type { Mcp23x17Pins } from './mcp23x17-device.ts';
import { HAEN } from './mcp23x17.ts';
import { SpiTarget } from './spi-target.ts';
import type { SpiTargetPins } from './spi-target.ts';

export interface Mcp23s17Options extends Mcp23x17Pins {
  readonly name?: string;
  readonly pins: SpiTargetPins;
  /** 0 to 7 by the pins A2 to A0; 0 by default. */
  readonly address?: number;
  readonly mode?: 0 | 3;
}

const OPCODE = 0x40;
const READ = 1;

/** What the next byte of a transfer is. */
type Phase = 'opcode' | 'register' | 'write' | 'read' | 'other';

export class Mcp23s17 extends Mcp23x17Device {
  protected readonly target: SpiTarget;
  private readonly address: number;
  private phase: Phase = 'other';
  private reading = false;

  constructor(options: Mcp23s17Options) {
    const address = options.address ?? 0;
    super(options.name ?? `MCP23S17 ${address}`, options);
    this.address = address;
    this.target = new SpiTarget({
      pins: options.pins,
      mode: options.mode ?? 0,
      protocol: {
        select: () => (this.phase = 'opcode'),
        send: () => (this.phase === 'read' ? this.expander.read() : undefined),
        receive: (byte) => this.receive(byte),
        deselect: () => (this.phase = 'other'),
      },
    });
  }

  override save(): State {
    const { phase, reading } = this;
    return { phase, reading, ...super.save() };
  }

  override restore(state: State): void {
    this.phase = state['phase'] as Phase;
    this.reading = state['reading'] as boolean;
    super.restore(state);
  }

  protected override reset(): void {
    this.phase = 'other';
    super.reset();
  }

  private receive(byte: number): void {
    if (this.phase === 'opcode') {
      const address = (this.expander.iocon & HAEN) !== 0 ? this.address : 0;
      this.phase = (byte & ~READ) === (OPCODE | (address << 1)) ? 'register' : 'other';
      this.reading = (byte & READ) === READ;
    } else if (this.phase === 'register') {
      this.expander.pointer = byte;
      this.phase = this.reading ? 'read' : 'write';
    } else if (this.phase === 'write') this.expander.write(byte);
  }
}
