/** eFuse: factory content as ESP-IDF reads it, burning, protection and coding schemes. */
import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../emulator/bus/signal.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { EFUSE_REGISTERS } from './efuse.regs.ts';
import { Efuse } from './efuse.ts';
import { factoryFuses, macCrc8 } from './factory.ts';
import { FUSE_WORDS } from './fuses.ts';

const log = { unmodelled: (): void => {}, warn: (): void => {} };
const offsets = new Map<string, number>(EFUSE_REGISTERS.map((row) => [row.name, row.offset]));
const MAC = [0x24, 0x0a, 0xc4, 0x12, 0x34, 0x56];

let scheduler: Scheduler;
let irq: Signal;
let fuses: Uint32Array;
let efuse: Efuse;
let burns: number;

function make(content: Uint32Array): void {
  scheduler = new Scheduler();
  irq = new Signal('EFUSE');
  fuses = content;
  burns = 0;
  const apbClock = new Clock('APB', 80_000_000);
  efuse = new Efuse({ fuses, apbClock, scheduler, irq, onBurn: () => burns++, log });
}

const write = (name: string, value: number): void => efuse.write(offsets.get(name)!, value, 4);
const read = (name: string): number => efuse.read(offsets.get(name)!, 4) >>> 0;

function command(code: number, cmd: number): number {
  write('CONF', code);
  write('CMD', cmd);
  while (read('CMD') !== 0) scheduler.runUntil(scheduler.nextTick);
  return scheduler.now;
}
const program = (): number => command(0x5a5a, 2);
const refresh = (): number => command(0x5aa5, 1);

beforeEach(() => make(factoryFuses({ mac: MAC, revision: 3, adcVrefMv: 1121 })));

testRegisters(
  'eFuse',
  () =>
    new Efuse({
      fuses: new Uint32Array(FUSE_WORDS),
      apbClock: new Clock('APB', 80_000_000),
      scheduler: new Scheduler(),
      irq: new Signal('EFUSE'),
      log: new RecordingLog(),
    }),
  EFUSE_REGISTERS,
  { active: ['CMD', 'INT_ST'] },
);

describe('factory content', () => {
  it('has the MAC where the ROM looks for it', () => {
    expect(read('BLK0_RDATA1')).toBe(0xc4123456);
    expect(read('BLK0_RDATA2') & 0xffff).toBe(0x240a);
    expect((read('BLK0_RDATA2') >>> 16) & 0xff).toBe(macCrc8(MAC));
  });

  it('uses the CRC-8 of 1-wire devices: check value A1 over "123456789"', () => {
    expect(macCrc8([...'123456789'].map((c) => c.charCodeAt(0)))).toBe(0xa1);
  });

  it('spells the revision in two fuses', () => {
    const bits = (): number[] => [
      (read('BLK0_RDATA3') >>> 15) & 1,
      (read('BLK0_RDATA5') >>> 20) & 1,
    ];
    expect(bits()).toEqual([1, 1]);
    make(factoryFuses({ mac: MAC, revision: 1 }));
    expect(bits()).toEqual([1, 0]);
    make(factoryFuses({ mac: MAC, revision: 0, package: 'PICO_D4' }));
    expect(bits()).toEqual([0, 0]);
    expect((read('BLK0_RDATA3') >>> 9) & 7).toBe(5);
  });

  it('has the ADC reference as sign and magnitude in steps of 7 mV', () => {
    expect((read('BLK0_RDATA4') >>> 8) & 31).toBe(3);
    make(factoryFuses({ mac: MAC, revision: 1, adcVrefMv: 1079 }));
    expect((read('BLK0_RDATA4') >>> 8) & 31).toBe(16 + 3);
  });
});

describe('burning', () => {
  it('sets bits, never clears them, and shows them after a read', () => {
    write('BLK3_WDATA0', 0x00ff);
    program();
    expect(read('BLK3_RDATA0')).toBe(0);
    refresh();
    expect(read('BLK3_RDATA0')).toBe(0x00ff);
    write('BLK3_WDATA0', 0x0f00);
    program();
    refresh();
    expect(read('BLK3_RDATA0')).toBe(0x0fff);
    expect(burns).toBe(2);
    expect(fuses[23]).toBe(0x0fff);
  });

  it('takes SEL0 + SEL1 cycles a bit, and interrupts when done', () => {
    write('CLK', (128 << 8) | 80);
    write('INT_ENA', 2);
    write('CONF', 0x5a5a);
    write('CMD', 2);
    const end = FUSE_WORDS * 32 * (80 + 128) * 6;
    scheduler.runUntil(end - 1);
    expect([read('CMD'), irq.level]).toEqual([2, 0]);
    scheduler.runUntil(end);
    expect([read('CMD'), irq.level]).toEqual([0, 1]);
    write('INT_CLR', 2);
    expect(irq.level).toBe(0);
  });

  it('needs the operation code', () => {
    write('BLK3_WDATA0', 1);
    expect(command(0x1234, 2)).toBe(0);
    expect(fuses[23]).toBe(0);
  });

  it('heeds write and read protection', () => {
    write('BLK1_WDATA0', 0xaaaa);
    program();
    write('BLK1_WDATA0', 0);
    write('BLK0_WDATA0', (1 << 16) | (1 << 7));
    program();
    refresh();
    expect(read('BLK1_RDATA0')).toBe(0);
    write('BLK1_WDATA0', 0x5555);
    program();
    expect(fuses[7]).toBe(0xaaaa);
  });
});

describe('coding schemes', () => {
  const coded = (scheme: 0 | 1 | 2, block: number[]): void => {
    const content = factoryFuses({ mac: MAC, revision: 1, codingScheme: scheme });
    content.set(new Uint32Array(Uint8Array.from(block).buffer), 23);
    make(content);
  };
  // Six bytes, XOR, sum of position times ones: 1*1 + 2*1 + 3*2 + 4*1 + 5*2 + 6*2 = 35.
  const group = [1, 2, 3, 4, 5, 6, 1 ^ 2 ^ 3 ^ 4 ^ 5 ^ 6, 35];

  it('3/4: four groups of six bytes, no warning', () => {
    coded(1, [...group, ...group, ...group, ...group]);
    expect(read('BLK3_RDATA0')).toBe(0x04030201);
    expect(read('BLK3_RDATA1')).toBe(0x02010605);
    expect(read('BLK3_RDATA6')).toBe(0);
    expect(read('DEC_STATUS')).toBe(0);
  });

  it('3/4: a wrong check byte warns for its group', () => {
    coded(1, [...group, ...group.slice(0, 7), 99, ...group, ...group]);
    expect(read('DEC_STATUS')).toBe(2 << 8);
  });

  it('repeat: the second half stands in for the first', () => {
    coded(2, [...new Array<number>(16).fill(0), ...group, ...group]);
    expect(read('BLK3_RDATA0')).toBe(0x04030201);
    expect(read('BLK3_RDATA4')).toBe(0);
  });
});

const ROM = '../shared/real/rom/esp32-v3-rom.bin';
it.skipIf(!existsSync(ROM))('agrees with the polynomial in the mask ROM (esp_crc8)', () => {
  const rom = readFileSync(ROM);
  // 0x4005d14b: movi a10, -116: bytes of the instruction with imm12 = 0xf8c.
  expect([...rom.subarray(0x5d14b, 0x5d14e)]).toEqual([0xa2, 0xaf, 0x8c]);
});
