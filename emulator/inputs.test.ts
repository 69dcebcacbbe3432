import { describe, expect, it } from 'vitest';
import { asm } from './cpu/assemble.ts';
import { Esp32 } from './esp32.ts';
import type { InputEvent, InputRecord } from './inputs.ts';
import { parseElf } from './loader/elf.ts';
import { writeElf } from './loader/elf-writer.ts';
import { InputError } from './loader/errors.ts';
import { MASTER_HZ } from './scheduler/clock.ts';

const GPIO_IN = 0x3ff4403c;
const GPIO_STRAP = 0x3ff44038;
const IO_MUX_GPIO0 = 0x3ff49044;

/** A chip with PRO_CPU in `source`. */
function chipWith(source: string): Esp32 {
  const { entry, sections, symbols } = asm`${source}`;
  const chip = new Esp32();
  chip.loadElf(parseElf(writeElf({ entry, sections, symbols }), 'test.elf'));
  return chip;
}

/** Counts in a3, keeps the first count at which GPIO0 reads 0 in a4. */
const WATCH_GPIO0 = `
_start: movi  a2, ${GPIO_IN}
        movi  a5, ${IO_MUX_GPIO0}
        movi  a6, 0x2a00
        s32i  a6, a5, 0
        movi  a3, 0
loop:   addi  a3, a3, 1
        l32i  a5, a2, 0
        bbsi  a5, 0, loop
        mov   a4, a3
stay:   j     stay`;

describe('inputs', () => {
  it('take effect at their tick, in order, and are told as they do', () => {
    const chip = chipWith(WATCH_GPIO0);
    const seen: InputRecord[] = [];
    chip.inputs.onApplied = (record) => seen.push(record);
    const pull: InputEvent = { kind: 'pin', gpio: 0, party: 'button', pull: 1 };
    const press: InputEvent = { kind: 'pin', gpio: 0, party: 'button', drive: 0 };
    chip.inputs.now(pull);
    chip.inputs.at(50_000, press);
    const wire = chip.peripherals.pads[0]!.wire;
    chip.runUntil(49_999);
    expect(wire.level).toBe(1);
    chip.runUntil(50_000);
    expect(wire.level).toBe(0);
    expect(seen).toEqual([
      { tick: 0, event: pull },
      { tick: 50_000, event: press },
    ]);
    expect(chip.cores[0].cpu.a(4)).toBe(0);
    chip.runUntil(60_000);
    expect(chip.cores[0].cpu.a(4)).toBeGreaterThan(0);
  });

  it('the same ticks give the same machine, however the run was sliced and stopped', () => {
    const press: InputEvent = { kind: 'pin', gpio: 0, party: 'button', drive: 0 };
    const pull: InputEvent = { kind: 'pin', gpio: 0, party: 'button', pull: 1 };
    const first = chipWith(WATCH_GPIO0);
    const seen: InputRecord[] = [];
    first.inputs.onApplied = (record) => seen.push(record);
    first.inputs.now(pull);
    // Stopped from within, at an instruction that nobody chose.
    first.scheduler.at(
      33_337,
      first.scheduler.event('stop', () => first.requestStop()),
    );
    first.runUntil(80_000);
    expect(first.now).toBeLessThan(80_000);
    first.inputs.now(press);
    first.runUntil(80_000);
    const second = chipWith(WATCH_GPIO0);
    second.scheduler.event('stop', () => {});
    for (const { tick, event } of seen) second.inputs.at(tick, event);
    second.runUntil(80_000);
    expect(second.stateHash()).toBe(first.stateHash());
  });

  it('wait in a snapshot', () => {
    const chip = chipWith(WATCH_GPIO0);
    chip.inputs.now({ kind: 'pin', gpio: 0, party: 'button', pull: 1 });
    chip.inputs.at(40_000, { kind: 'pin', gpio: 0, party: 'button', drive: 0 });
    chip.runUntil(20_000);
    const fork = new Esp32();
    fork.restore(chip.save());
    fork.runUntil(60_000);
    chip.runUntil(60_000);
    expect(fork.peripherals.pads[0]!.wire.level).toBe(0);
    expect(fork.stateHash()).toBe(chip.stateHash());
  });

  it('that cannot be are refused with one line', () => {
    const chip = new Esp32();
    const wrong = [
      { kind: 'pin', gpio: 28, party: 'x', drive: 1 },
      { kind: 'uart', uart: 0, bytes: [256] },
      { kind: 'device', device: 'none', command: 1 },
      { kind: 'fault', fault: 'register', core: 0, register: 'pcx', bit: 1 },
      { kind: 'fault', fault: 'memory', address: -1, bit: 1 },
      { kind: 'reset', strapping: 0x100 },
      { kind: 'other' },
    ] as unknown as InputEvent[];
    for (const event of wrong) {
      expect(() => chip.inputs.now(event)).toThrow(InputError);
      expect(() => chip.inputs.now(event)).toThrow(/^input: .*; expected [^\n]*$/);
    }
    expect(() => chip.inputs.at(Number.NaN, { kind: 'power' })).toThrow(InputError);
    expect(chip.inputs.waiting).toEqual([]);
  });
});

describe('a pulse on EN', () => {
  /** A chip with flash, whose reset vector holds nothing of interest. */
  const blank = (): Esp32 => new Esp32({ flash: new Uint8Array(0x40_0000).fill(0xff) });
  const strap = (chip: Esp32): number => chip.bus.ports[0].read32(GPIO_STRAP);

  it('samples GPIO0 as a party outside drives it', () => {
    const chip = blank();
    chip.runUntil(1000);
    expect(strap(chip)).toBe(0x13);
    chip.inputs.now({ kind: 'pin', gpio: 0, party: 'RTS', drive: 0 });
    chip.inputs.now({ kind: 'reset' });
    chip.runUntil(2000);
    expect(strap(chip)).toBe(0x03);
    expect(chip.log.resets.map(({ cause, source }) => [cause, source])).toEqual([
      ['POWERON_RESET', 'EN pin'],
    ]);
    chip.inputs.now({ kind: 'pin', gpio: 0, party: 'RTS', drive: 'z' });
    chip.inputs.now({ kind: 'reset' });
    chip.runUntil(3000);
    expect(strap(chip)).toBe(0x13);
  });

  it('takes given straps, and keeps them', () => {
    const chip = blank();
    chip.inputs.now({ kind: 'reset', strapping: 0x0b });
    chip.inputs.at(5000, { kind: 'reset' });
    chip.runUntil(10_000);
    expect(strap(chip)).toBe(0x0b);
    expect(chip.log.resets.length).toBe(2);
  });

  it('leaves RAM, which a power cut does not', () => {
    const chip = blank();
    const { bytes } = chip.memory;
    const at = chip.memory.blockStart('SRAM2');
    bytes[at] = 0x5a;
    chip.inputs.now({ kind: 'reset' });
    chip.runUntil(1000);
    expect(bytes[at]).toBe(0x5a);
    chip.inputs.now({ kind: 'power' });
    chip.runUntil(2000);
    expect(bytes[at]).toBe(0);
  });
});

describe('faults', () => {
  it('flip bits of memory and registers, code included', () => {
    const chip = chipWith(`
_start: movi a2, 0
loop:   addi a2, a2, 1
        j    loop
word:   .word 0x100`);
    chip.inputs.now({ kind: 'fault', fault: 'register', core: 0, register: 'a7', bit: 5 });
    chip.inputs.now({ kind: 'fault', fault: 'register', core: 0, register: 'sar', bit: 2 });
    chip.runUntil(500);
    expect([chip.cores[0].cpu.a(7), chip.cores[0].cpu.sar]).toEqual([32, 4]);
    const before = chip.cores[0].cpu.a(2);
    // Bit 1 of ADDI's immediate 1 makes it 3: bits 16..23 of the instruction at _start + 3.
    chip.inputs.now({ kind: 'fault', fault: 'memory', address: 0x40080404, bit: 9 });
    chip.runUntil(1000);
    const steps = chip.cores[0].cpu.a(2) - before;
    chip.runUntil(1500);
    expect(chip.cores[0].cpu.a(2) - before - steps).toBeGreaterThan(steps * 0.9);
    expect(steps % 3).toBe(0);
  });

  it('a stuck wire stands still whoever drives it', () => {
    const chip = new Esp32();
    const wire = chip.peripherals.pads[4]!.wire;
    chip.inputs.now({ kind: 'pin', gpio: 4, party: 'a', drive: 0, stuck: 1 });
    chip.runUntil(100);
    expect(wire.level).toBe(1);
    chip.inputs.now({ kind: 'pin', gpio: 4, party: 'a', stuck: 'z' });
    chip.runUntil(200);
    expect(wire.level).toBe(0);
  });

  it('the supply fails within an erase: half is erased, half is not', () => {
    const chip = new Esp32({ flash: new Uint8Array(0x40_0000).fill(0x5a) });
    const { flash } = chip.peripherals;
    const write = (bytes: number[]): void => {
      const out = new Uint8Array(bytes.length * 8);
      bytes.forEach((byte, i) => {
        for (let b = 0; b < 8; b++) out[i * 8 + b] = (byte >> (7 - b)) & 1;
      });
      const start = chip.now;
      flash!.transfer({
        out,
        in: new Uint8Array(out.length),
        start,
        clockTicks: 6,
        firstSample: out.length,
      } as never);
    };
    chip.inputs.now({ kind: 'fault', fault: 'flashPowerCut', operation: 1, percent: 25 });
    chip.runUntil(100);
    write([0x06]);
    write([0x20, 0, 0x10, 0]);
    chip.runUntil(MASTER_HZ);
    const cells = (from: number): number[] => [...flash!.content.subarray(from, from + 1)];
    // A quarter of the time: half of the cells are programmed to 0, none is set to 1 yet.
    expect([cells(0x1000), cells(0x17f0), cells(0x1810), cells(0x1fff)]).toEqual([
      [0],
      [0],
      [0x5a],
      [0x5a],
    ]);
    expect(chip.log.resets[0]).toMatchObject({ cause: 'POWERON_RESET', source: 'supply' });
  });
});
