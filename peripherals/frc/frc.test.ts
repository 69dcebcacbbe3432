/** FRC timers: edges to the tick from the divider. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../emulator/bus/signal.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { FRC_REGISTERS } from './frc.regs.ts';
import { Frc } from './frc.ts';

const log = { unmodelled: (): void => {}, warn: (): void => {} };
const offsets = new Map<string, number>(FRC_REGISTERS.map((row) => [row.name, row.offset]));
const APB_TICKS = 6;
const ENABLE = 1 << 7;
const AUTOLOAD = 1 << 6;
const BY_16 = 2 << 1;
const LEVEL = 1;

let scheduler: Scheduler;
let irq: [Signal, Signal];
let frc: Frc;

beforeEach(() => {
  scheduler = new Scheduler();
  irq = [new Signal('TIMER1'), new Signal('TIMER2')];
  frc = new Frc({ apbClock: new Clock('APB', 80_000_000), scheduler, irq, log });
});

const write = (name: string, value: number): void => frc.write(offsets.get(name)!, value, 4);
const read = (name: string): number => frc.read(offsets.get(name)!, 4) >>> 0;

testRegisters(
  'FRC',
  () => {
    const lines: [Signal, Signal] = [new Signal('TIMER1'), new Signal('TIMER2')];
    const apbClock = new Clock('APB', 80_000_000);
    return new Frc({ apbClock, scheduler: new Scheduler(), irq: lines, log: new RecordingLog() });
  },
  FRC_REGISTERS,
  { active: ['FRC1_COUNT', 'FRC2_COUNT'] },
);

describe('FRC1', () => {
  it('counts down by 16 APB cycles and interrupts at zero, again after a reload', () => {
    write('FRC1_LOAD', 100);
    write('FRC1_CTRL', ENABLE | AUTOLOAD | BY_16 | LEVEL);
    scheduler.runUntil(30 * 16 * APB_TICKS);
    expect(read('FRC1_COUNT')).toBe(70);
    scheduler.runUntil(100 * 16 * APB_TICKS - 1);
    expect(irq[0].level).toBe(0);
    scheduler.runUntil(100 * 16 * APB_TICKS);
    expect(irq[0].level).toBe(1);
    expect(read('FRC1_CTRL') & 0x100).toBe(0x100);
    write('FRC1_INT', 1);
    expect(irq[0].level).toBe(0);
    expect(read('FRC1_CTRL') & 0x100).toBe(0);
    scheduler.runUntil(200 * 16 * APB_TICKS - 1);
    expect(irq[0].level).toBe(0);
    scheduler.runUntil(200 * 16 * APB_TICKS);
    expect(irq[0].level).toBe(1);
  });

  it('goes on from its 23-bit maximum without a reload', () => {
    write('FRC1_LOAD', 1);
    write('FRC1_CTRL', ENABLE);
    scheduler.runUntil(2 * APB_TICKS);
    expect(read('FRC1_COUNT')).toBe(0x7fffff);
  });
});

describe('FRC2', () => {
  it('counts up and interrupts at the alarm', () => {
    write('FRC2_ALARM', 1000);
    write('FRC2_CTRL', ENABLE | BY_16 | LEVEL);
    scheduler.runUntil(1000 * 16 * APB_TICKS - 1);
    expect([read('FRC2_COUNT'), irq[1].level]).toEqual([999, 0]);
    scheduler.runUntil(1000 * 16 * APB_TICKS);
    expect([read('FRC2_COUNT'), irq[1].level]).toEqual([1000, 1]);
  });

  it('wraps at 32 bits to reach an alarm below the count', () => {
    write('FRC2_LOAD', 0xfffffff0);
    write('FRC2_ALARM', 0x10);
    write('FRC2_CTRL', ENABLE | LEVEL);
    scheduler.runUntil(0x20 * APB_TICKS - 1);
    expect(irq[1].level).toBe(0);
    scheduler.runUntil(0x20 * APB_TICKS);
    expect(irq[1].level).toBe(1);
  });

  it('pulses when the interrupt is edge triggered', () => {
    const edges: number[] = [];
    irq[1].connect((level) => edges.push(level));
    write('FRC2_ALARM', 3);
    write('FRC2_CTRL', ENABLE);
    scheduler.runUntil(100);
    expect(edges).toEqual([1, 0]);
    expect(read('FRC2_CTRL') & 0x100).toBe(0);
  });

  it('holds its count when stopped, and goes on identically after save and restore', () => {
    write('FRC2_CTRL', ENABLE);
    scheduler.runUntil(50 * APB_TICKS);
    const state = frc.save();
    write('FRC2_CTRL', 0);
    scheduler.runUntil(90 * APB_TICKS);
    expect(read('FRC2_COUNT')).toBe(50);
    frc.restore(state);
    expect(read('FRC2_COUNT')).toBe(90);
  });
});
