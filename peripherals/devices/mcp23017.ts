/**
 * MCP23017: 16-bit I/O expander on I2C (Microchip DS20001952). Its pins are used from a test or by
 * commands: `{ pin: 3, level: 0 }`, level 1 or 'z' to let go. INTA, INTB and RESET go to chip pins.
 *
 * **Not modelled:** see `mcp23x17.ts`.
 */
import type { State } from '../../emulator/bus/state.ts';
import { I2cTarget } from './i2c-target.ts';
import type { I2cTargetOptions } from './i2c-target.ts';
import { Mcp23x17Device } from './mcp23x17-device.ts';
import type { Mcp23x17Pins } from './mcp23x17-device.ts';

export interface Mcp23017Options extends I2cTargetOptions, Mcp23x17Pins {
  readonly name?: string;
  /** 0x20 to 0x27 by the pins A2 to A0; 0x20 by default. */
  readonly address?: number;
}

const DEFAULT_ADDRESS = 0x20;

export class Mcp23017 extends Mcp23x17Device {
  protected readonly target: I2cTarget;
  /** The byte after the address is the register's. */
  private pointerNext = false;

  constructor(options: Mcp23017Options) {
    const own = options.address ?? DEFAULT_ADDRESS;
    super(options.name ?? `MCP23017 0x${own.toString(16)}`, options);
    this.target = new I2cTarget(options, {
      called: (address, read) => {
        if (address !== own) return false;
        this.pointerNext = !read;
        return true;
      },
      written: (value) => {
        if (this.pointerNext) this.expander.pointer = value;
        else this.expander.write(value);
        this.pointerNext = false;
        return true;
      },
      read: () => this.expander.read(),
    });
  }

  override save(): State {
    return { pointerNext: this.pointerNext, ...super.save() };
  }

  override restore(state: State): void {
    this.pointerNext = state['pointerNext'] as boolean;
    super.restore(state);
  }
}
