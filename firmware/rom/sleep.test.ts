/** Wake-up from deep sleep: the entry of RTC memory is called when its CRC is right, by the open ROM as by the mask ROM. */
import { describe, expect, it } from 'vitest';
import { assemble } from '../../emulator/cpu/assemble.ts';
import { hostFiles } from '../../emulator/loader/files.ts';
import { openRom } from '../../emulator/loader/open-rom.ts';
import { haveRealFiles, realBytes } from '../../emulator/loader/real.fixtures.ts';
import { parseRom, type Rom } from '../../emulator/loader/rom.ts';
import { RomCaller } from './rom-caller.fixtures.ts';

const RTC_CNTL = 0x3ff4_8000;
const [SLP_TIMER0, SLP_TIMER1, TIME_UPDATE, TIME0, STATE0] = [0x04, 0x08, 0x0c, 0x10, 0x18];
const [WAKEUP_STATE, DIG_PWC, STORE6] = [0x38, 0x84, 0xb8];
const RTC_FAST = 0x400c_0000;
const COUNTER = 0x5000_0000;

/** Counts its calls in RTC SLOW memory. */
const STUB = assemble(
  `
    .text
    .literal_position
stub:
    entry a1, 32
    movi  a4, ${COUNTER}
    l32i  a5, a4, 0
    addi  a5, a5, 1
    s32i  a5, a4, 0
    retw
`,
  { origins: { '.text': RTC_FAST } },
);

/** Sleeps for 2000 ticks of the slow clock; calls of the stub, STORE6 after that, and what the ROM has printed. */
function sleep(rom: Rom, before: (caller: RomCaller) => void): readonly [number, number, string] {
  const caller = new RomCaller(rom);
  const write = (offset: number, value: number): void => caller.write32(RTC_CNTL + offset, value);
  const read = (offset: number): number => caller.read32(RTC_CNTL + offset);
  caller.load(STUB);
  caller.write32(COUNTER, 0);
  write(STORE6, STUB.address('stub'));
  caller.call('set_rtc_memory_crc');
  before(caller);
  write(TIME_UPDATE, 0x8000_0000);
  caller.chip.runUntil(caller.chip.now + 480_000);
  write(SLP_TIMER0, read(TIME0) + 2000);
  write(SLP_TIMER1, 1 << 16);
  // Timer wakes; the digital core is off meanwhile.
  write(WAKEUP_STATE, (1 << 3) << 11);
  write(DIG_PWC, read(DIG_PWC) | 0x8000_0000);
  write(STATE0, 0x8000_0000);
  caller.text = '';
  caller.chip.runUntil(caller.chip.now + 480_000 * 100);
  const [reset] = /rst:\S+ \(\w+\)/.exec(caller.text) ?? ['no reset'];
  return [caller.read32(COUNTER), read(STORE6), reset];
}

const CASES: readonly (readonly [
  what: string,
  calls: number,
  before: (caller: RomCaller) => void,
])[] = [
  ['a valid entry', 1, () => undefined],
  ['memory changed since', 0, (caller) => caller.write32(RTC_FAST + 0x1ffc, 0x1234_5678)],
  ['no entry', 0, (caller) => caller.write32(RTC_CNTL + STORE6, 0)],
];

describe('deep sleep', () => {
  it.each(CASES)('%s', (_, calls, before) => {
    const open = sleep(openRom(hostFiles), before);
    expect(open).toEqual([calls, 0, 'rst:0x5 (DEEPSLEEP_RESET)']);
    if (!haveRealFiles()) return;
    const mask = parseRom(realBytes('rom', 'esp32_rev300_rom.elf'), 'mask');
    expect(open).toEqual(sleep(mask, before));
  });
});
