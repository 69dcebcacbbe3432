import { beforeEach, describe, expect, it } from 'vitest';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { IntMatrix } from './intmatrix.ts';
import { INTMATRIX_REGISTERS } from './intmatrix.regs.ts';
import { INTERRUPT_SOURCES } from './sources.ts';
import type { InterruptSource } from './sources.ts';

/** DPORT offsets from ESP-IDF's `dport_reg.h`. */
const PRO_UART_INTR_MAP = 0x18c;
const APP_UART_INTR_MAP = 0x2a0;
const PRO_CACHE_IA_INT_MAP = 0x214;
const APP_CACHE_IA_INT_MAP = 0x328;

let matrix: IntMatrix;
let changes: [number, number, number][];

beforeEach(() => {
  changes = [];
  matrix = new IntMatrix({
    log: new RecordingLog(),
    onLine: (core, line, level) => changes.push([core, line, level]),
  });
});

testRegisters(
  'INTMATRIX',
  () => new IntMatrix({ log: new RecordingLog(), onLine: () => {} }),
  INTMATRIX_REGISTERS,
);

it('has the sources at the numbers of ESP-IDF', () => {
  expect(INTERRUPT_SOURCES.length).toBe(69);
  const number = (name: string): number => INTERRUPT_SOURCES.findIndex(([n]) => n === name);
  // ETS_TG0_T0_LEVEL, ETS_GPIO, ETS_FROM_CPU_INTR0, ETS_UART0, ETS_RTC_CORE, ETS_TG0_T0_EDGE.
  expect(
    ['TG0_T0_LEVEL_INTR', 'GPIO_INTR', 'FROM_CPU_INTR0', 'UART0_INTR', 'RTC_CORE_INTR'].map(number),
  ).toEqual([14, 22, 24, 34, 46]);
  expect(['TG0_T0_EDGE_INTR', 'MMU_IA_INTR', 'CACHE_IA_INTR'].map(number)).toEqual([58, 66, 68]);
});

it('maps every source of each core by the register of its number', () => {
  INTERRUPT_SOURCES.forEach(([name], source) => {
    for (const [core, first] of [
      [0, 0x104],
      [1, 0x218],
    ] as const) {
      const wire = core === 1 && name.startsWith('GPIO') ? `${name}_APP` : name;
      changes = [];
      matrix.write(first + 4 * source, 23, 4);
      matrix.source(wire as InterruptSource).set(1);
      matrix.source(wire as InterruptSource).set(0);
      matrix.write(first + 4 * source, 16, 4);
      expect(changes, name).toEqual([
        [core, 23, 1],
        [core, 23, 0],
      ]);
    }
  });
});

describe('lines', () => {
  it('one source reaches both cores at different interrupts', () => {
    matrix.write(PRO_UART_INTR_MAP, 5, 4);
    matrix.write(APP_UART_INTR_MAP, 31, 4);
    matrix.source('UART0_INTR').set(1);
    expect(changes).toEqual([
      [0, 5, 1],
      [1, 31, 1],
    ]);
  });

  it('are the OR of their sources', () => {
    matrix.write(PRO_UART_INTR_MAP, 5, 4);
    matrix.write(PRO_UART_INTR_MAP + 4, 5, 4);
    matrix.source('UART0_INTR').set(1);
    matrix.source('UART1_INTR').set(1);
    matrix.source('UART0_INTR').set(0);
    expect(matrix.lines(0)).toBe(1 << 5);
    matrix.source('UART1_INTR').set(0);
    expect(matrix.lines(0)).toBe(0);
    expect(changes.length).toBe(2);
  });

  it('follow a source that is mapped elsewhere while it is asserted', () => {
    matrix.source('UART0_INTR').set(1);
    matrix.write(PRO_UART_INTR_MAP, 3, 4);
    matrix.write(PRO_UART_INTR_MAP, 4, 4);
    expect(changes).toEqual([
      [0, 3, 1],
      [0, 3, 0],
      [0, 4, 1],
    ]);
  });

  it('a source mapped to an interrupt made inside the core reaches nothing', () => {
    matrix.source('UART0_INTR').set(1);
    for (const line of [6, 7, 11, 15, 16, 29]) matrix.write(PRO_UART_INTR_MAP, line, 4);
    expect(changes).toEqual([]);
    matrix.write(PRO_UART_INTR_MAP, 14, 4);
    expect(matrix.lines(0)).toBe(1 << 14);
  });

  it('GPIO has a wire for each core', () => {
    matrix.write(0x15c, 9, 4);
    matrix.write(0x270, 9, 4);
    matrix.source('GPIO_INTR').set(1);
    expect([matrix.lines(0), matrix.lines(1)]).toEqual([1 << 9, 0]);
    matrix.source('GPIO_INTR_APP').set(1);
    expect(matrix.lines(1)).toBe(1 << 9);
    expect(matrix.read(0xec, 4)).toBe(1 << 22);
  });

  it('reset maps all sources away and keeps their levels', () => {
    matrix.write(PRO_UART_INTR_MAP, 5, 4);
    matrix.source('UART0_INTR').set(1);
    matrix.reset('core');
    expect(matrix.lines(0)).toBe(0);
    matrix.write(PRO_UART_INTR_MAP, 5, 4);
    expect(matrix.lines(0)).toBe(1 << 5);
  });
});

it('status words show the sources whatever the mapping', () => {
  matrix.source('WIFI_MAC_INTR').set(1);
  matrix.source('UART0_INTR').set(1);
  matrix.source('CACHE_IA_INTR').set(1);
  for (const first of [0xec, 0xf8])
    expect([0, 4, 8].map((n) => matrix.read(first + n, 4))).toEqual([1, 1 << 2, 1 << 4]);
});

it('restores mapping, levels and lines without telling', () => {
  matrix.write(PRO_CACHE_IA_INT_MAP, 25, 4);
  matrix.write(APP_CACHE_IA_INT_MAP, 26, 4);
  matrix.source('CACHE_IA_INTR').set(1);
  const state = matrix.save();
  matrix.source('CACHE_IA_INTR').set(0);
  matrix.write(PRO_CACHE_IA_INT_MAP, 2, 4);
  changes = [];
  matrix.restore(state);
  expect(changes).toEqual([]);
  expect([matrix.lines(0), matrix.lines(1)]).toEqual([1 << 25, 1 << 26]);
  matrix.source('CACHE_IA_INTR').set(0);
  expect([matrix.lines(0), matrix.lines(1)]).toEqual([0, 0]);
});
