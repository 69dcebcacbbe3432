/**
 * A `test` of Vitest with a board: the firmware is booted once per test file, and each test gets a
 * fork of the booted board, so that tests neither wait for the boot nor see each other.
 */
import { join } from 'node:path';
import { test as plainTest } from 'vitest';
import type { TestContext } from 'vitest';
import { createBoard } from '../testing/board.ts';
import type { Board, BoardOptions } from '../testing/board.ts';
import type { Snapshot } from '../testing/snapshot.ts';
import { Evidence } from './evidence.ts';
import './matchers.ts';

export interface FirmwareTestOptions extends BoardOptions {
  /** Brings the board to where every test begins: `(board) => board.uart().expect('ready')`. */
  readonly boot?: (board: Board) => unknown;
  /** Folder for the logs and waveforms of failed tests; `lockstep32-failures` by default. */
  readonly evidence?: string;
}

export interface FirmwareContext {
  /** A fork of the booted board, this test's own. */
  readonly board: Board;
}

/** Makes a `test` whose tests take `{ board }`. The firmware is read and booted at the first test. */
export function firmwareTest(options: FirmwareTestOptions | string) {
  const {
    boot,
    evidence: folder = 'lockstep32-failures',
    ...board
  } = typeof options === 'string' ? ({ firmware: options } as FirmwareTestOptions) : options;
  let booted: Snapshot | undefined;
  const bootOnce = (): Snapshot => {
    if (booted !== undefined) return booted;
    const first = createBoard(board);
    boot?.(first);
    booted = first.snapshot();
    return booted;
  };
  return plainTest.extend<FirmwareContext>({
    board: async ({ task, onTestFailed }, use) => {
      const start = bootOnce();
      const fork = start.fork();
      const evidence = new Evidence(fork, start);
      onTestFailed(() => {
        const files = evidence.write(join(folder, folderName(task)));
        const error = task.result?.errors?.[0];
        if (error === undefined) return;
        const where = error.message.includes(CORES) ? [] : evidence.summary();
        const message = [error.message, ...where, `evidence: ${files.join(', ')}`].join('\n');
        // Some reporters print the stack, which begins with the message.
        if (error.stack !== undefined)
          error.stack = error.stack.replace(error.message, () => message);
        error.message = message;
      });
      await use(fork);
    },
  });
}

/** How a message begins that says already where the cores are. */
const CORES = 'PRO_CPU: ';

/** The test's file and name as a folder's name. */
function folderName({ file, fullTestName }: TestContext['task']): string {
  return `${file.name} ${fullTestName}`.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 120);
}
