/** Reserves as matchers: what passes, what fails and what they say; on real ESP-IDF where it has them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asm } from '../cpu/assemble.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { haveRealFiles, realPath } from '../loader/real.fixtures.ts';
import { createBoard } from '../testing/board.ts';
import type { Board } from '../testing/board.ts';
import { seconds, us } from '../testing/units.ts';
import './matchers.ts';

/** Masks level 3 for 100 turns of 5 cycles at 40 MHz: 12.5 us and some cycles. */
const MASKS = `
_start: movi  a2, 0x20
        wsr   a2, ps
        rsync
        movi  a7, 100
off:    rsil  a2, 3
turn:   addi  a7, a7, -1
        bnez  a7, turn
        rsil  a2, 0
stay:   j     stay`;

function messageOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'passed';
}

describe('a bare program', () => {
  let folder = '';
  let board: Board;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep32-'));
    const { entry, sections, symbols } = asm`${MASKS}`;
    writeFileSync(join(folder, 'masks.elf'), writeElf({ entry, sections, symbols }));
    board = createBoard(join(folder, 'masks.elf'));
    expect(board).toKeepInterruptsOnWithin(us(1));
    board.runFor(us(100));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('toKeepInterruptsOnWithin', () => {
    expect(board).toKeepInterruptsOnWithin(us(13));
    expect(board).not.toKeepInterruptsOnWithin(us(12));
    expect(messageOf(() => expect(board).toKeepInterruptsOnWithin(us(12)))).toMatch(
      /^interrupts were off for 12\.\d+ us on PRO_CPU from 0x4008[\da-f]{4} off; expected 12 us$/,
    );
    expect(messageOf(() => expect(3).toKeepInterruptsOnWithin(us(1)))).toBe('toKeepInterruptsOnWithin takes a board, not number'); // prettier-ignore
  });

  it('what is not there is a failure, not a pass', () => {
    expect(messageOf(() => expect(board).toHaveStackHeadroom(0))).toMatch(/^tasks: FreeRTOS is not found; expected /); // prettier-ignore
    expect(messageOf(() => expect(board).toHaveHeapLeft(0))).toMatch(/no heap of ESP-IDF is found; expected /); // prettier-ignore
    expect(messageOf(() => expect('x').toHaveStackHeadroom(1))).toBe('toHaveStackHeadroom takes a board, not string'); // prettier-ignore
    expect(messageOf(() => expect({}).toHaveHeapLeft(1))).toBe('toHaveHeapLeft takes a board, not object'); // prettier-ignore
  });
});

describe.skipIf(!haveRealFiles())('ESP-IDF', { timeout: 300_000 }, () => {
  let board: Board;
  /** The lowest address of the stack of the task that runs app_main. */
  let low = 0;
  beforeAll(() => {
    board = createBoard({
      firmware: realPath('fw', 'idf_hello_world-v5.1.2-erisdar', 'app.bin'),
      rom: realPath('rom', 'esp32_rev300_rom.elf'),
    });
    expect(board).toReach('app_main', seconds(2));
    expect(board.variable('pxCurrentTCB[0].pcTaskName').read()).toBe('main');
    low = board.memory.read32(board.memory.read32(board.symbols.address('pxCurrentTCB')) + 0x30);
    expect(board.variable('pxCurrentTCB[0].pxStack').read()).toBe(low);
    board.uart().expect(/Minimum free heap size: \d+ bytes/, seconds(2));
  }, 300_000);

  it('toHaveHeapLeft, by what the firmware says itself', () => {
    const printed = Number(/Minimum free heap size: (\d+) bytes/.exec(board.uart().text)![1]);
    expect(board).toHaveHeapLeft(printed);
    expect(board).not.toHaveHeapLeft(printed + 1);
    expect(messageOf(() => expect(board).toHaveHeapLeft(printed + 1))).toBe(`the heap had ${printed} bytes left; expected ${printed + 1}`); // prettier-ignore
  });

  it('toHaveStackHeadroom, of all tasks and of one', () => {
    let unused = 0;
    while (board.memory.read8(low + unused) === 0xa5) unused++;
    expect(board).toHaveStackHeadroom(unused, 'main');
    expect(messageOf(() => expect(board).toHaveStackHeadroom(unused + 1, 'main'))).toBe(`the stack of task main had ${unused} bytes left; expected ${unused + 1}`); // prettier-ignore
    expect(board).toHaveStackHeadroom(100);
    expect(messageOf(() => expect(board).toHaveStackHeadroom(1 << 20))).toMatch(/^the stack of task \w+ had \d+ bytes left; expected 1048576$/); // prettier-ignore
    expect(messageOf(() => expect(board).toHaveStackHeadroom(1, 'mian'))).toMatch(/^there is no task "mian"; tasks: (?=.*\bmain\b).*\bIDLE\b/); // prettier-ignore
  });
});
