/**
 * Recording, replay and fork of real firmware are exact: a replay of the inputs ends in the same
 * state, and so does a fork from a snapshot that went through a file.
 */
import { describe, expect, it } from 'vitest';
import { createBoard, ms, replayRun } from '../../emulator/index.ts';
import type { Board, BoardOptions } from '../../emulator/index.ts';
import { realPath } from '../../emulator/loader/real.fixtures.ts';
import { noImages } from './corpus.fixtures.ts';

interface Case {
  readonly forkMs: number;
  readonly endMs: number;
  /** What the run does between the fork and the end. */
  readonly act?: (board: Board) => void;
}

const CASES: Readonly<Record<string, Case>> = {
  'idf_hello_world-v5.1.2-erisdar': { forkMs: 290.123, endMs: 420, act: (board) => board.reset() },
  'idf_blink-v5.1.2-erisdar': {
    forkMs: 155.01,
    endMs: 420,
    act: (board) => board.pin(4).pulse(1, ms(3)),
  },
  'idf_freertos-tarefas-v5.4.2': { forkMs: 23.5, endMs: 380 },
  'smp_semaphore-v5.0': { forkMs: 198.9, endMs: 400 },
  'periph_uart_repl-console-v5.3.1': {
    forkMs: 333.333,
    endMs: 520,
    act: (board) => board.uart(0).send('help\r'),
  },
};

describe.skipIf(noImages)('record, replay, fork', { timeout: 300_000 }, () => {
  it.each(Object.entries(CASES))('%s', (name, { forkMs, endMs, act }) => {
    const options: BoardOptions = {
      firmware: realPath('fw', name, 'app.bin'),
      rom: realPath('rom', 'esp32_rev300_rom.elf'),
    };
    const board = createBoard({ ...options, record: true });
    board.runFor(ms(forkMs));
    const file = board.snapshot().encode();
    const fork = createBoard(options);
    fork.load(file);
    const runOn = (one: Board): string => {
      act?.(one);
      one.runFor(ms(endMs - forkMs));
      return one.stateHash();
    };
    const hash = runOn(board);
    expect(runOn(fork)).toBe(hash);
    expect(fork.uart(0).text).toBe(board.uart(0).text);
    expect(replayRun(board.recording(), options)).toMatchObject({ isSame: true });
  });
});
