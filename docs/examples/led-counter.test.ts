/** The device of docs/devices.md on a program that blinks; a fork goes on counting. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { asm } from '../../emulator/cpu/assemble.ts';
import { createBoard, ms } from '../../emulator/index.ts';
import { writeElf } from '../../emulator/loader/elf-writer.ts';
import { LedCounter } from './led-counter.ts';

/** GPIO2 changes every 8000 turns of ADDI (1 cycle) and a taken BNEZ (4): 1 ms at 40 MHz. */
const BLINK = `
_start: movi  a8, 0x3ff44000
        movi  a9, 4
        s32i  a9, a8, 0x20      // GPIO_ENABLE: GPIO2
        movi  a5, 0x3ff44538    // GPIO_FUNC2_OUT_SEL_CFG: simple output
        movi  a6, 0x100
        s32i  a6, a5, 0
toggle: l32i  a6, a8, 4
        xor   a6, a6, a9
        s32i  a6, a8, 4
        movi  a7, 8000
wait:   addi  a7, a7, -1
        bnez  a7, wait
        j     toggle`;

it('counts flashes, in a fork too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep32-'));
  const { entry, sections, symbols } = asm`${BLINK}`;
  const firmware = join(folder, 'blink.elf');
  writeFileSync(firmware, writeElf({ entry, sections, symbols }));
  const board = createBoard({ firmware });
  rmSync(folder, { recursive: true });
  const led = board.attach(() => new LedCounter(2));
  const other = board.attach(() => new LedCounter(4));
  board.runFor(ms(10.5));
  // Lit from 0 to 1 ms, 2 to 3 ms, ... 10 ms on, each some cycles later than that.
  expect([led.flashes, led.isLit, other.flashes]).toEqual([6, true, 0]);
  const fork = board.fork();
  fork.runFor(ms(2));
  expect((fork.device('LED GPIO2') as LedCounter).flashes).toBe(7);
  expect(led.flashes).toBe(6);
});

it('docs/devices.md shows it as it is, in 30 lines', () => {
  const source = readFileSync('docs/examples/led-counter.ts', 'utf8');
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  const shown = source.replace("'../../emulator/index.ts'", "'lockstep32'");
  expect(readFileSync('docs/devices.md', 'utf8')).toContain(shown);
});
