/** Looking into real firmware: variables, hooks, watchpoints; none of it changes a cycle. */
import { beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles, realPath } from '../loader/real.fixtures.ts';
import { InputError } from '../loader/errors.ts';
import { createBoard } from './board.ts';
import type { Board } from './board.ts';
import type { Snapshot } from './snapshot.ts';
import { ms, seconds } from './units.ts';

const real = haveRealFiles();
const ROM = real ? realPath('rom', 'esp32_rev300_rom.elf') : '';
const hello = (): Board =>
  createBoard({ firmware: realPath('fw', 'idf_hello_world-v5.1.2-erisdar', 'app.bin'), rom: ROM });

describe.skipIf(!real)('firmware from inside', { timeout: 300_000 }, () => {
  let appMain: Snapshot;
  beforeAll(() => {
    const board = hello();
    expect(board.run({ until: board.reached('app_main'), within: seconds(2) }).met).toBe(true);
    // The instruction has not run yet.
    expect(board.chip.cores[0].cpu.pc >>> 0).toBe(board.symbols.address('app_main'));
    appMain = board.snapshot();
  }, 300_000);

  it('variables by name, with the types of the debug information', () => {
    const board = appMain.fork();
    const task = board.variable('pxCurrentTCB[0]');
    expect(task.at('pcTaskName').read()).toBe('main');
    expect(board.variable('pxCurrentTCB[0]->uxPriority').read()).toBe(1);
    // configMINIMAL_STACK_SIZE of the idle task; the tick counts hundredths of a second.
    expect(board.variable('pxCurrentTCB[1].pcTaskName').read()).toMatch(/^IDLE/);
    expect(board.variable('xSchedulerRunning').read()).toBe(1);
    expect(board.variable('pxReadyTasksLists').type).toMatchObject({ kind: 'array', count: 25 });
    const lists = board.variable('pxReadyTasksLists').read() as { uxNumberOfItems: number }[];
    expect(lists.map(({ uxNumberOfItems }) => uxNumberOfItems)).toContain(1);
    const before = board.variable('xTickCount').read() as number;
    board.runFor(ms(50));
    expect(board.variable('xTickCount').read()).toBe(before + 5);
  });

  it('variables are written', () => {
    const board = appMain.fork();
    const name = board.variable('pxCurrentTCB[0].pcTaskName');
    name.write('renamed');
    expect(name.read()).toBe('renamed');
    expect(() => name.write('a name of more than sixteen')).toThrow('does not fit');
    const ticks = board.variable('xTickCount');
    ticks.write(5000);
    expect(ticks.read()).toBe(5000);
    expect(() => ticks.write(-(2 ** 40))).toThrow('32 bits');
    expect(() => ticks.write('x')).toThrow('expected an integer');
  });

  it('names that are not there get the nearest ones', () => {
    const board = appMain.fork();
    expect(() => board.variable('xTickCuont')).toThrow("did you mean 'xTickCount'?");
    expect(() => board.variable('pxCurrentTCB[0].uxPriorty')).toThrow("did you mean 'uxPriority'");
    expect(() => board.variable('pxCurrentTCB[2]')).toThrow('expected 0 to 1');
    expect(() => board.variable('xTickCount.x')).toThrow('it has no fields');
    expect(() => board.variable('xTickCount!')).toThrow(InputError);
    expect(() => board.function('app_mian')).toThrow("did you mean 'app_main'?");
  });

  it('function calls with arguments, results and cycles', () => {
    const board = appMain.fork();
    const delays: number[] = [];
    const delay = board.function('vTaskDelay').onEnter((call) => delays.push(call.arg(0)));
    const puts = board.function('puts');
    const results: number[] = [];
    puts.onReturn(({ value }) => results.push(value));
    const flash = board.function('esp_flash_get_size');
    board.runFor(ms(1500));
    // hello_world: a second of 100 ticks between lines.
    expect(delays).toEqual([100, 100]);
    expect([delay.calls, delay.returns]).toEqual([2, 1]);
    expect(delay.maxCycles / 160e6).toBeCloseTo(1, 1);
    expect(puts.calls).toBeGreaterThan(0);
    // newlib's puts returns '\n'.
    expect(new Set(results)).toEqual(new Set([10]));
    expect([flash.calls, flash.returns]).toEqual([1, 1]);
    expect(board.expect(delay.returned(), seconds(2)).core).toBe(0);
  });

  it('hooks and watchpoints change neither time nor state', () => {
    const plain = appMain.fork();
    plain.runFor(ms(300));
    const watched = appMain.fork();
    const calls = watched.function('xTaskIncrementTick');
    const inner = watched.function('vPortYield');
    let writes = 0;
    const tick = watched.variable('xTickCount');
    const end = watched.onWrite(tick.address, 4, () => writes++);
    let reached = 0;
    watched.onReach('vTaskSwitchContext', () => reached++);
    watched.runFor(ms(150));
    end();
    inner.remove();
    watched.runFor(ms(150));
    expect(calls.calls).toBe(30);
    expect(calls.returns).toBe(calls.calls);
    expect(writes).toBe(15);
    expect(reached).toBeGreaterThan(15);
    expect(watched.stateHash()).toBe(plain.stateHash());
  });

  it('a run ends when a variable has a value', () => {
    const board = appMain.fork();
    const ticks = board.variable('xTickCount');
    const start = ticks.read() as number;
    const result = board.run({ until: ticks.becomes(start + 7), within: seconds(1) });
    expect(result.what).toBe(start + 7);
    expect(result.elapsed.ticks / 4_800_000).toBeGreaterThan(6);
    expect(result.elapsed.ticks / 4_800_000).toBeLessThan(7.1);
    expect(board.run({ until: ticks.changes(), within: ms(20) }).met).toBe(true);
  });
});
