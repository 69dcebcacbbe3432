/**
 * The 16-bit I/O expander inside MCP23017 and MCP23S17 (Microchip DS20001952): registers, pins and
 * interrupts, without the bus. What INTA and INTB are connected to is the owner's.
 *
 * Unverified on silicon: IPOL changes what GPIO and INTCAP show, not what interrupts compare.
 * Unverified on silicon: with BANK 1 the pointer runs through the unused addresses and rolls over
 * after 0x1a.
 *
 * **Not modelled:** slew rate (DISSLW), pin currents.
 */
import type { Drive } from '../../emulator/bus/pad.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';

/** The registers of one port by their index in the port. */
const REG = {
  ...{ IODIR: 0, IPOL: 1, GPINTEN: 2, DEFVAL: 3, INTCON: 4, IOCON: 5, GPPU: 6 },
  ...{ INTF: 7, INTCAP: 8, GPIO: 9, OLAT: 10 },
} as const;

export type McpRegister = keyof typeof REG;

/** IOCON. */
const BANK = 0x80;
const MIRROR = 0x40;
const SEQOP = 0x20;
export const HAEN = 0x08;
const ODR = 0x04;
const INTPOL = 0x02;
const IOCON_WRITABLE = 0xfe;

const REGISTERS = 11;
const LAST_PAIRED = 2 * REGISTERS - 1;
const LAST_BANKED = 0x1a;
const PINS = 16;

export interface Mcp23x17Options {
  /** INTA (0) or INTB (1) is to be driven; 'z' lets it go (open drain). */
  readonly onInterrupt: (port: 0 | 1, level: Drive) => void;
  readonly warn: (message: string) => void;
}

export class Mcp23x17 implements Stateful {
  /** Register address of the next access. */
  pointer = 0;
  private readonly options: Mcp23x17Options;
  /** Registers of port A and port B; IOCON is one register that both show. */
  private readonly registers = new Uint8Array(2 * REGISTERS);
  /** What the world outside drives on each pin; 2 is nothing. */
  private readonly outside = new Uint8Array(PINS).fill(2);
  /** Levels of the pins when interrupts were looked at last. */
  private readonly seen = new Uint8Array(2);

  constructor(options: Mcp23x17Options) {
    this.options = options;
    this.clear();
  }

  /** Power-on reset and the RESET pin. */
  reset(): void {
    this.clear();
    this.driveInterrupts();
  }

  /** A register's content, without side effects: `register('OLAT', 'A')`. */
  register(name: McpRegister, port: 'A' | 'B'): number {
    const index = port === 'A' ? 0 : 1;
    return name === 'GPIO' ? this.portLevel(index) : this.at(index, REG[name]);
  }

  /** Pins 0 to 7 are GPA0 to GPA7, 8 to 15 GPB0 to GPB7. */
  setPin(pin: number, level: Drive): void {
    if (!Number.isInteger(pin) || pin < 0 || pin >= PINS) {
      this.options.warn(`there is no pin ${pin}; expected 0 to 15`);
      return;
    }
    this.outside[pin] = level === 'z' ? 2 : level;
    if (level !== 'z' && this.drives(pin) && this.pinLevel(pin) !== level)
      this.options.warn(`pin ${pinName(pin)} is an output and is driven to the other level`);
    this.look();
  }

  /** What the expander drives on the pin: 'z' for an input. */
  pinDrive(pin: number): Drive {
    return this.drives(pin) ? this.pinLevel(pin) : 'z';
  }

  /** The level on the pin: its own output, what is outside, the pull-up; 0 when it floats. */
  pinLevel(pin: number): Level {
    const port = pin >> 3;
    const bit = pin & 7;
    if (this.drives(pin)) return bitOf(this.at(port, REG.OLAT), bit);
    const outside = this.outside[pin]!;
    return outside < 2 ? (outside as Level) : bitOf(this.at(port, REG.GPPU), bit);
  }

  /** Reads the register at the pointer and moves it on. */
  read(): number {
    const where = this.decode(this.pointer);
    this.advance();
    if (where === undefined) return 0;
    const { port, index } = where;
    if (index === REG.GPIO) {
      const value = this.portLevel(port) ^ this.at(port, REG.IPOL);
      this.clearInterrupt(port);
      return value;
    }
    const value = this.at(port, index);
    if (index === REG.INTCAP) this.clearInterrupt(port);
    return value;
  }

  /** Writes the register at the pointer and moves it on. */
  write(value: number): void {
    const where = this.decode(this.pointer);
    const before = this.pointer;
    if (where !== undefined) this.store(where.port, where.index, value);
    // A write that changes BANK leaves the pointer's number; the next byte goes to the one behind it.
    this.pointer = before;
    this.advance();
  }

  save(): State {
    return {
      pointer: this.pointer,
      registers: this.registers.slice(),
      outside: this.outside.slice(),
      seen: this.seen.slice(),
    };
  }

  restore(state: State): void {
    this.pointer = state['pointer'] as number;
    this.registers.set(state['registers'] as Uint8Array);
    this.outside.set(state['outside'] as Uint8Array);
    this.seen.set(state['seen'] as Uint8Array);
  }

  /** IOCON; the SPI form asks for HAEN. */
  get iocon(): number {
    return this.at(0, REG.IOCON);
  }

  private clear(): void {
    this.registers.fill(0);
    for (const port of [0, 1]) this.put(port, REG.IODIR, 0xff);
    this.pointer = 0;
    for (const port of [0, 1]) this.seen[port] = this.portLevel(port);
  }

  private at(port: number, index: number): number {
    return this.registers[port * REGISTERS + index]!;
  }

  private put(port: number, index: number, value: number): void {
    this.registers[port * REGISTERS + index] = value;
  }

  private drives(pin: number): boolean {
    return bitOf(this.at(pin >> 3, REG.IODIR), pin & 7) === 0;
  }

  private portLevel(port: number): number {
    let value = 0;
    for (let bit = 0; bit < 8; bit++) value |= this.pinLevel(8 * port + bit) << bit;
    return value;
  }

  private decode(address: number): { port: number; index: number } | undefined {
    const banked = (this.iocon & BANK) !== 0;
    const port = banked ? address >> 4 : address & 1;
    const index = banked ? address & 0xf : address >> 1;
    return port > 1 || index >= REGISTERS ? undefined : { port, index };
  }

  /** With SEQOP set the pointer stays, or with BANK 0 changes between the ports of its pair. */
  private advance(): void {
    const banked = (this.iocon & BANK) !== 0;
    if ((this.iocon & SEQOP) !== 0) this.pointer ^= banked ? 0 : 1;
    else this.pointer = this.pointer >= (banked ? LAST_BANKED : LAST_PAIRED) ? 0 : this.pointer + 1;
  }

  private store(port: number, index: number, value: number): void {
    if (index === REG.INTF || index === REG.INTCAP) return;
    if (index === REG.IOCON)
      for (const both of [0, 1]) this.put(both, REG.IOCON, value & IOCON_WRITABLE);
    else this.put(port, index === REG.GPIO ? REG.OLAT : index, value);
    this.look();
  }

  /** Looks for interrupt conditions. A port with an interrupt pending takes no further one. */
  private look(): void {
    for (const port of [0, 1]) {
      const level = this.portLevel(port);
      const before = this.seen[port]!;
      this.seen[port] = level;
      if (this.at(port, REG.INTF) !== 0) continue;
      const intcon = this.at(port, REG.INTCON);
      const differs =
        ((level ^ this.at(port, REG.DEFVAL)) & intcon) | ((level ^ before) & ~intcon & 0xff);
      const flags = differs & this.at(port, REG.GPINTEN) & this.at(port, REG.IODIR);
      if (flags === 0) continue;
      this.put(port, REG.INTF, flags);
      this.put(port, REG.INTCAP, level ^ this.at(port, REG.IPOL));
    }
    this.driveInterrupts();
  }

  /** A condition on DEFVAL that still holds raises the next interrupt at once. */
  private clearInterrupt(port: number): void {
    this.put(port, REG.INTF, 0);
    this.look();
  }

  private driveInterrupts(): void {
    const pending = [this.at(0, REG.INTF) !== 0, this.at(1, REG.INTF) !== 0];
    const { iocon } = this;
    for (const port of [0, 1] as const) {
      const active = (iocon & MIRROR) !== 0 ? pending[0]! || pending[1]! : pending[port]!;
      this.options.onInterrupt(port, interruptLevel(iocon, active));
    }
  }
}

function interruptLevel(iocon: number, active: boolean): Drive {
  if ((iocon & ODR) !== 0) return active ? 0 : 'z';
  return ((iocon & INTPOL) !== 0) === active ? 1 : 0;
}

function bitOf(value: number, bit: number): Level {
  return ((value >>> bit) & 1) as Level;
}

function pinName(pin: number): string {
  return `GP${pin < 8 ? 'A' : 'B'}${pin & 7}`;
}
