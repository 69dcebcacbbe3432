/** The device of docs/devices.md on a program that blinks; a fork goes on counting. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

it('counts flashes and their time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep32-'));
  const { entry, sections, symbols } = asm`${BLINK}`;
  const firmware = join(folder, 'blink.elf');
  writeFileSync(firmware, writeElf({ entry, sections, symbols }));
  const board = createBoard({ firmware, devices: [() => new LedCounter([2, 4])] });
  rmSync(folder, { recursive: true });
  const leds = board.device('leds') as LedCounter;
  board.runFor(ms(10.5));
  // Lit from 0 to 1 ms, 2 to 3 ms, ... 10 ms on, each some cycles later than that.
  expect([leds.count(0), leds.count(1)]).toEqual([6, 0]);
  expect(leds.litMs(0)).toBeCloseTo(5.5, 1);
  const fork = board.fork();
  fork.runFor(ms(2));
  expect((fork.device('leds') as LedCounter).count(0)).toBe(7);
  expect(leds.count(0)).toBe(6);
});
