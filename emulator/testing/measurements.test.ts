/** Reserves of assembled programs and of real FreeRTOS; measuring them changes nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asm } from '../cpu/assemble.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { haveRealFiles, realPath } from '../loader/real.fixtures.ts';
import { createBoard } from './board.ts';
import type { Board } from './board.ts';
import { ms, us } from './units.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'lockstep32-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function boardOf(source: string): Board {
  const { entry, sections, symbols } = asm`${source}`;
  const file = join(folder, 'program.elf');
  writeFileSync(file, writeElf({ entry, sections, symbols }));
  return createBoard(file);
}

/** Masks level 3 for 100 turns of ADDI (1 cycle) and a taken BNEZ (4), twice for 10; uses 4 bytes of a stack. */
const PROGRAM = `
_start: movi  a2, 0x20
        wsr   a2, ps
        rsync
        movi  a5, stack
        s32i  a2, a5, 12
        movi  a7, 10
        call0 off
        movi  a7, 100
        call0 off
        movi  a7, 10
        call0 off
stay:   j     stay
off:    rsil  a2, 3
turn:   addi  a7, a7, -1
        bnez  a7, turn
        rsil  a2, 0
        ret
        .data
        .align 4
stack:  .word 0xa5a5a5a5, 0xa5a5a5a5, 0xa5a5a5a5, 0xa5a5a5a5
stack_end: .word 0xa5a5a5a5`;

describe('a bare program', () => {
  it('the longest time with interrupts off, and where it began', () => {
    const board = boardOf(PROGRAM);
    expect(board.measure.interruptsOff()).toBeUndefined();
    board.runFor(us(200));
    const { core, pc, ticks } = board.measure.interruptsOff()!;
    expect([core, pc]).toEqual([0, board.symbols.address('off')]);
    // 100 turns of 5 cycles at 40 MHz; the first and the last instruction may wait a little.
    expect(ticks / 12).toBeGreaterThanOrEqual(495);
    expect(ticks / 12).toBeLessThan(510);
  });

  it('begins anew after a jump to another state', () => {
    const board = boardOf(PROGRAM);
    const start = board.snapshot();
    expect(board.measure.interruptsOff()).toBeUndefined();
    board.runFor(us(200));
    board.restore(start);
    expect(board.measure.interruptsOff()).toBeUndefined();
  });

  it('bytes of a stack that were never used', () => {
    const board = boardOf(PROGRAM);
    const region = { name: 'main', low: 'stack', size: 'stack_end' };
    expect(board.measure.stack(region)).toEqual({ name: 'main', headroom: 16 });
    board.runFor(us(200));
    expect(board.measure.stack(region)).toEqual({ name: 'main', headroom: 12 });
    expect(board.measure.stack({ low: 'stack', size: 8 }).headroom).toBe(8);
    expect(() => board.measure.stack({ low: 'stcak', size: 8 })).toThrow("did you mean 'stack'");
    expect(() => board.measure.stack({ low: 0x3ff44000, size: 8 })).toThrow('no memory');
  });

  it('has no tasks and no heap', () => {
    const { measure } = boardOf(PROGRAM);
    expect(() => measure.stacks()).toThrow('FreeRTOS is not found');
    expect(() => measure.heapLeft()).toThrow('no heap of ESP-IDF is found');
    expect(measure.watchdogs()).toEqual([]);
  });
});

describe.skipIf(!haveRealFiles())('ESP-IDF', { timeout: 300_000 }, () => {
  it('tasks, heap and watchdogs of hello_world, without a cycle of difference', () => {
    const start = createBoard({
      firmware: realPath('fw', 'idf_hello_world-v5.1.2-erisdar', 'app.bin'),
      rom: realPath('rom', 'esp32_rev300_rom.elf'),
    });
    start.runFor(ms(350));
    const plain = start.fork();
    const board = start.fork();
    expect(board.measure.stacks().length).toBeGreaterThan(0);
    plain.runFor(ms(300));
    board.runFor(ms(300));
    const stacks = board.measure.stacks();
    const names = stacks.map(({ name }) => name);
    // Created by ESP-IDF's start-up code on both cores; `main` runs app_main.
    for (const name of ['main', 'IDLE', 'ipc0', 'ipc1', 'esp_timer']) expect(names).toContain(name);
    for (const { headroom } of stacks) expect(headroom).toBeGreaterThan(100);
    // hello_world prints esp_get_minimum_free_heap_size() itself.
    const printed = /Minimum free heap size: (\d+) bytes/.exec(board.uart(0).text)?.[1];
    expect(board.measure.heapLeft()).toBe(Number(printed));
    const off = board.measure.interruptsOff()!;
    expect(off.ticks).toBeGreaterThan(0);
    expect(off.ticks).toBeLessThan(ms(5).ticks);
    expect(board.stateHash()).toBe(plain.stateHash());
  });
});
