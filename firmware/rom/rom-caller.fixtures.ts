/** Calls functions of a boot ROM at their documented addresses on PRO_CPU and looks at memory afterwards. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../emulator/cpu/assemble.ts';
import { Esp32 } from '../../emulator/esp32.ts';
import type { Rom } from '../../emulator/loader/rom.ts';
import { parseFunctions } from './layout.ts';

const FUNCTIONS = join(import.meta.dirname, 'functions.txt');
const ADDRESSES = new Map(
  parseFunctions(readFileSync(FUNCTIONS, 'utf8')).flatMap(({ address, names }) =>
    names.flatMap((name): [string, number][] => [
      [name, address],
      [name.replace(/^rom_/, '').replace(/_rom$/, ''), address],
    ]),
  ),
);

const STUB = 0x4008_0000;
/** A function that returns 0, for tables of system calls. */
export const RETURN_ZERO = 0x4008_0010;
/** Where tests may put code. */
export const CODE = 0x4008_0100;
const STACK = 0x3ffd_f000;
const SLICE = 48_000;
/** Where tests may keep data. */
export const DATA = 0x3ffc_0000;

export class RomCaller {
  readonly chip: Esp32;
  text = '';

  constructor(rom: Rom, flash: Uint8Array = new Uint8Array(4 << 20).fill(0xff)) {
    this.chip = new Esp32({ rom, flash, strapping: 0x03 });
    this.chip.uart0.onByte((byte) => (this.text += String.fromCharCode(byte)));
    // The ROM's own start-up, to where it waits for a download.
    this.chip.runUntil(480_000 * 30);
    const { port } = this.chip.cores[0].cpu;
    // callx8 a8; j .
    port.write32(STUB, 0x060008e0);
    port.write32(STUB + 4, 0x0000ffff);
    // entry a1, 32; movi a2, 0; retw.
    port.write32(RETURN_ZERO, 0x22004136);
    port.write32(RETURN_ZERO + 4, 0x009000a0);
    this.text = '';
  }

  /** Calls by documented name (with or without rom_ and _rom) or address; a2 of the callee's frame, or throws when it does not return. */
  call(name: string | number, ...args: number[]): number {
    const address = typeof name === 'number' ? name : ADDRESSES.get(name);
    if (address === undefined) throw new Error(`${name} is not in functions.txt`);
    const core = this.chip.cores[0];
    core.reset(STUB);
    const { cpu } = core;
    cpu.psWoe = 1;
    cpu.psExcm = 0;
    cpu.psIntlevel = 0;
    cpu.setA(1, STACK);
    // The caller's own caller, which a spill of all windows looks for.
    this.write32(STACK - 12, STACK + 0x200);
    cpu.setA(8, address);
    args.slice(0, 6).forEach((value, i) => cpu.setA(10 + i, value | 0));
    args.slice(6).forEach((value, i) => this.write32(STACK + i * 4, value));
    for (let i = 0, slice = 2_000; i < 5000; i++, slice = Math.min(slice * 2, SLICE)) {
      this.chip.runUntil(this.chip.now + slice);
      if (cpu.pc >>> 0 === STUB + 3) return cpu.a(10) >>> 0;
    }
    throw new Error(
      `${name} did not return, pc 0x${(cpu.pc >>> 0).toString(16)}; UART0: ${this.text}`,
    );
  }

  /** The upper word of a 64-bit result of the last call. */
  get high(): number {
    return this.chip.cores[0].cpu.a(11) >>> 0;
  }

  read8(address: number): number {
    return this.chip.cores[0].cpu.port.read8(address) & 0xff;
  }

  read32(address: number): number {
    return this.chip.cores[0].cpu.port.read32(address) >>> 0;
  }

  write32(address: number, value: number): void {
    this.chip.cores[0].cpu.port.write32(address, value | 0);
  }

  write(address: number, bytes: ArrayLike<number>): number {
    const { port } = this.chip.cores[0].cpu;
    for (let i = 0; i < bytes.length; i++) port.write8(address + i, bytes[i]!);
    return address;
  }

  words(address: number, count: number): number[] {
    const { port } = this.chip.cores[0].cpu;
    return Array.from({ length: count }, (_, i) => port.read32(address + i * 4) >>> 0);
  }

  /** Puts a program into memory; returns it for its symbols. */
  load(program: Program): Program {
    for (const { address, bytes } of program.sections) {
      for (let i = 0; i < bytes.length; i += 4)
        this.write32(address + i, new DataView(padded(bytes).buffer).getInt32(i, true));
    }
    return program;
  }

  /** Puts a zero-terminated string there; returns its address. */
  string(address: number, text: string): number {
    return this.write(address, Buffer.from(`${text}\0`, 'latin1'));
  }

  bytes(address: number, count: number): Uint8Array {
    return Uint8Array.from({ length: count }, (_, i) => this.read8(address + i));
  }

  stringAt(address: number): string {
    let text = '';
    for (let at = address; this.read8(at) !== 0; at++) text += String.fromCharCode(this.read8(at));
    return text;
  }

  /** What the guest has printed since, when the last character is out. */
  printed(): string {
    this.chip.runUntil(this.chip.now + 480_000 * 20);
    const text = this.text;
    this.text = '';
    return text;
  }
}

function padded(bytes: Uint8Array): Uint8Array {
  const words = new Uint8Array((bytes.length + 3) & ~3);
  words.set(bytes);
  return words;
}
