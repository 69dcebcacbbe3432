/**
 * The committed firmware images from reset on both mask ROMs: what they print, and that they end by their exit
 * convention. Expected text is what the programs of firmware/apps say they check, not recorded output.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Esp32, parseElf, parseRom } from '../emulator/index.ts';
import { composeFlash } from '../emulator/loader/flash.ts';

const IMAGES = join(import.meta.dirname, 'images');
const ROMS = {
  'genuine ROM': '../shared/real/rom/esp32-v3-rom.bin',
  'open ROM': join(IMAGES, 'open-rom.elf'),
} as const;
const MS = 480_000;

function boot(image: string, rom: string) {
  const piece = (offset: number, file: string) => ({
    offset,
    file,
    bytes: readFileSync(join(IMAGES, file)),
  });
  const pieces = [piece(0x1000, 'bootloader.bin'), piece(0x10000, `${image}.bin`)];
  const flash = composeFlash(pieces).bytes;
  const chip = new Esp32({ rom: parseRom(readFileSync(rom), rom), flash });
  let text = '';
  chip.uart0.onByte((byte) => (text += String.fromCharCode(byte)));
  /** Runs until the text ends in a match, at most `limitMs` of guest time. */
  const until = (pattern: RegExp, limitMs: number): string => {
    while (!pattern.test(text) && chip.now < limitMs * MS) chip.runUntil(chip.now + MS);
    return text.replaceAll('\r', '');
  };
  return { chip, until };
}

describe.each(Object.entries(ROMS))('firmware on the %s', (_, rom) => {
  const available = existsSync(rom) || process.env['CI'] === 'true';

  it.skipIf(!available)('hello: both cores run tasks', () => {
    const { chip, until } = boot('hello', rom);
    const text = until(/TEST \w+( \d+)?\r\n/, 1000);
    expect(text).toContain('Bootloader ready\nLockstep32 RTOS: 2 cores\n');
    for (const round of [1, 2, 3]) {
      expect(text).toContain(`Hello ${round} from task 1 on core 0\n`);
      expect(text).toContain(`Hello ${round} from task 2 on core 1\n`);
    }
    expect(text).toMatch(/TEST PASS\n$/);
    chip.runUntil(chip.now + MS);
    const cycles = [chip.cores[0].cpu.pc, chip.cores[1].cpu.pc];
    chip.runUntil(chip.now + 10 * MS);
    expect([chip.cores[0].cpu.pc, chip.cores[1].cpu.pc]).toEqual(cycles);
  });

  it.skipIf(!available).each(['sched', 'sched-cooperative', 'mailbox'])('%s passes', (image) => {
    const text = boot(image, rom).until(/TEST \w+( \d+)?\r\n/, 2000);
    expect(text).not.toContain('FAIL');
    expect(text).toMatch(/TEST PASS\n$/);
  });

  it.skipIf(!available)(
    'fault: tasks die alone, a panic halts with registers and backtrace',
    () => {
      const text = boot('fault', rom).until(
        /Backtrace(.|\n)*Backtrace(.|\n)*Backtrace.*\r\n/,
        1000,
      );
      expect(text).toContain("FAULT core 0 task 'faulty': LoadProhibited (cause 28)");
      expect(text).toContain("FAULT core 1 task 'faulty': IllegalInstruction (cause 0)");
      expect(text.match(/PASS a faulting task is ended/g)).toHaveLength(2);
      expect(text).toContain("PANIC core 0 task 'main': panicked at firmware/apps/fault.rs");
      // The panic is no fault of its own.
      expect(text.match(/^FAULT /gm)).toHaveLength(2);
      const elf = readFileSync(join(IMAGES, 'fault.elf'));
      const main = parseElf(elf, 'fault.elf');
      expect(main.entry).toBeGreaterThan(0x40080000);
      const frames = text.trimEnd().split('\n').at(-1)!.split(' ').slice(1);
      expect(frames.length).toBeGreaterThanOrEqual(4);
      for (const frame of frames) expect(frame).toMatch(/^0x40[0-9a-f]{6}:0x3ffb[0-9a-f]{4}$/);
    },
  );

  it.skipIf(!available)('two runs end in the same state', () => {
    const hash = (): string => {
      const { chip } = boot('mailbox', rom);
      chip.runUntil(45 * MS);
      return chip.stateHash();
    };
    expect(hash()).toBe(hash());
  });
});
