/**
 * The flash routines of the genuine mask ROM, run on PRO_CPU against SPI0, SPI1 and the flash chip
 * model: attach, unlock, every read mode, erase, write.
 */
import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Spi } from '../peripherals/spi/spi.ts';
import { Esp32 } from './esp32.ts';
import { parseRom } from './loader/rom.ts';

const ROM = '../shared/real/rom/esp32-v3-rom.bin';
/** Addresses of the ROM's functions and data, from its symbol table. */
const FUNCTION = {
  attach: 0x40062a6c,
  unlock: 0x400628b0,
  read: 0x40062ed8,
  write: 0x40062d50,
  eraseSector: 0x40062ccc,
  readMode: 0x40062944,
};
const G_ROM_FLASHCHIP = 0x3ffae270;

const STUB = 0x40080000;
const STACK = 0x3ffe3f00;
const BUFFER = 0x3ffe0000;
const SLICE = 48_000;
const SLICES = 5_000;

describe.skipIf(!existsSync(ROM) && process.env['CI'] !== 'true')('mask ROM on flash', () => {
  let chip: Esp32;
  let content: Uint8Array;
  let spi0: Spi;

  beforeEach(() => {
    const image = new Uint8Array(4 << 20).fill(0xff);
    for (let i = 0; i < 0x2000; i++) image[0x1000 + i] = (i * 31 + (i >> 8)) & 0xff;
    chip = new Esp32({ rom: parseRom(readFileSync(ROM), ROM), flash: image });
    content = chip.memory.block('FLASH');
    spi0 = chip.peripherals.spi[0]!;
    const { port } = chip.cores[0].cpu;
    // callx8 a8; j .
    port.write32(STUB, 0x060008e0);
    port.write32(STUB + 4, 0x0000ffff);
    // Device id, chip, block, sector and page size, status mask: what the ROM's start-up copies.
    [0x1640c8, 4 << 20, 0x10000, 0x1000, 0x100, 0xffff].forEach((word, i) =>
      port.write32(G_ROM_FLASHCHIP + i * 4, word),
    );
    expect(call(FUNCTION.attach, 0, 0)).toBe(0);
    expect(call(FUNCTION.unlock)).toBe(0);
  });

  /** Calls a ROM function on PRO_CPU and returns its result. */
  function call(address: number, ...args: number[]): number {
    const core = chip.cores[0];
    core.reset(STUB);
    const { cpu } = core;
    cpu.psWoe = 1;
    cpu.psExcm = 0;
    cpu.psIntlevel = 0;
    cpu.setA(1, STACK);
    cpu.setA(8, address);
    args.forEach((value, i) => cpu.setA(10 + i, value));
    for (let i = 0; i < SLICES; i++) {
      chip.runUntil(chip.now + SLICE);
      if (cpu.pc >>> 0 === STUB + 3) return cpu.a(10);
    }
    throw new Error(`ROM function at ${address.toString(16)} did not return`);
  }

  const memory = (addr: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => chip.cores[0].cpu.port.read8(addr + i));

  // Line fill: command, address, dummy and data clocks of each mode as the ROM sets SPI0, and 9.
  it.each([
    ['QIO', 0, 8 + 8 + 4 + 64],
    ['QOUT', 1, 8 + 24 + 8 + 64],
    ['DIO', 2, 8 + 16 + 128],
    ['DOUT', 3, 8 + 24 + 8 + 128],
    ['fast read', 4, 8 + 24 + 8 + 256],
    ['slow read', 5, 8 + 24 + 256],
  ])('reads in mode %s', (_, mode, lineClocks) => {
    expect(call(FUNCTION.readMode, mode, 0)).toBe(0);
    expect(call(FUNCTION.read, 0x1ffc, BUFFER, 132)).toBe(0);
    expect(memory(BUFFER, 132)).toEqual([...content.subarray(0x1ffc, 0x1ffc + 132)]);
    expect(spi0.lineFillTicks() / spi0.spiClockTicks()).toBe(lineClocks + 9);
  });

  it('erases a sector in its 50 ms and writes across pages', () => {
    const before = chip.now;
    expect(call(FUNCTION.eraseSector, 1)).toBe(0);
    expect((chip.now - before) / 480_000).toBeGreaterThan(50);
    expect((chip.now - before) / 480_000).toBeLessThan(51);
    expect(content.subarray(0x1000, 0x2000).every((byte) => byte === 0xff)).toBe(true);
    expect(content[0x2000]).not.toBe(0xff);
    for (let i = 0; i < 300; i++) chip.cores[0].cpu.port.write8(BUFFER + i, (i * 5 + 1) & 0xff);
    expect(call(FUNCTION.write, 0x10f0, BUFFER, 300)).toBe(0);
    expect([...content.subarray(0x10f0, 0x10f0 + 300)]).toEqual(memory(BUFFER, 300));
  });
});
