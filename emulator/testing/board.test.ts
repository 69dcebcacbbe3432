import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles, realPath } from '../loader/real.fixtures.ts';
import { asm } from '../cpu/assemble.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { InputError } from '../loader/errors.ts';
import { createBoard } from './board.ts';
import type { Board } from './board.ts';
import { allOf, anyOf, elapsed } from './conditions.ts';
import { ExpectationError } from './expectation.ts';
import { cycles, ms, seconds, us } from './units.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'lockstep32-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function boardOf(source: string): Board {
  const { entry, sections, symbols } = asm`${source}`;
  const file = join(folder, 'program.elf');
  writeFileSync(file, writeElf({ entry, sections, symbols }));
  return createBoard(file);
}

/** Toggles GPIO2 every 1000 turns of a loop of 3 instructions, after 'go' on UART0 arrived in a5. */
const BLINK = `
_start: movi  a2, 0x3ff44004    // GPIO_OUT
        movi  a3, 4             // GPIO2
        movi  a4, 0x3ff44020    // GPIO_ENABLE
        s32i  a3, a4, 0
        movi  a5, 0x3ff44538    // GPIO_FUNC2_OUT_SEL_CFG: simple output
        movi  a6, 0x100
        s32i  a6, a5, 0
toggle: l32i  a6, a2, 0
        xor   a6, a6, a3
        s32i  a6, a2, 0
        memw
        movi  a7, 1000
wait:   addi  a7, a7, -1
        bnez  a7, wait
        j     toggle`;

const EXIT_7 = `
_start: movi a2, 1
        movi a3, 7
        simcall
stay:   j stay`;

describe('a run', () => {
  it('ends when its time is over, to the tick', () => {
    const board = boardOf(BLINK);
    const result = board.runFor(us(123));
    expect(result).toMatchObject({ end: 'limit', met: false, why: 'not within 123 us' });
    expect(result.tick).toBe(us(123).ticks);
    expect(board.runFor(cycles(40)).elapsed).toEqual({ ticks: 40 * 12 });
    expect(board.run({ until: ms(1) })).toMatchObject({ end: 'met', elapsed: ms(1) });
  });

  it('ends with the guest', () => {
    const board = boardOf(EXIT_7);
    expect(board.run({ within: ms(1) })).toMatchObject({ end: 'exit', met: false });
    expect(board.exitCode).toBe(7);
  });

  it('ends with the first or with all of its conditions', () => {
    const board = boardOf(BLINK);
    const pin = board.pin(2);
    const first = board.run({ until: anyOf(ms(50), pin.rises()), within: ms(100) });
    expect(first.what).toMatchObject({ index: 1, what: { kind: 'rising' } });
    const both = board.run({ until: allOf(pin.falls(), elapsed(ms(1))), within: ms(100) });
    expect(both.elapsed).toEqual(ms(1));
    expect(board.run({ until: pin.is(1) }).met).toBe(true);
  });
});

describe('pins', () => {
  it('edges, frequency and duty cycle of a square wave', () => {
    const board = boardOf(BLINK);
    const pin = board.pin(2);
    board.runFor(ms(20));
    const edges = pin.edges();
    const periods = edges.slice(1).map((edge, i) => edge.tick - edges[i]!.tick);
    const half = periods.at(-1)!;
    // 1000 turns of ADDI (1 cycle) and a taken BNEZ (1 + 3) at 40 MHz, and the toggle itself.
    expect(half / 12).toBeGreaterThan(5000);
    expect(half / 12).toBeLessThan(5100);
    expect(pin.frequency()).toBeCloseTo(480e6 / (2 * half), 1);
    expect(pin.dutyCycle()).toBeCloseTo(0.5, 3);
    expect(pin.edges('rising').length + pin.edges('falling').length).toBe(edges.length);
  });

  it('are driven, pulled, pulsed and let go', () => {
    const board = boardOf(`_start: j _start`);
    const pin = board.pin(4);
    pin.pull(1);
    expect([pin.level, pin.condition]).toEqual([1, 'pulled']);
    pin.pulse(0, us(5));
    expect([pin.level, pin.condition]).toEqual([0, 'driven']);
    const rise = pin.waitFor('rising', us(10));
    expect(rise.tick).toBe(us(5).ticks);
    pin.drive(0);
    pin.release();
    expect(pin.edges().map(({ kind }) => kind)).toEqual([
      'rising',
      'falling',
      'rising',
      'falling',
      'rising',
    ]);
    expect(() => board.pin(28)).toThrow(InputError);
  });
});

describe('a failed expectation', () => {
  it('says what was expected, how it ended, and where both cores are', () => {
    const board = boardOf(BLINK);
    let failure: unknown;
    try {
      board.uart(0).expect('ready', ms(2));
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(ExpectationError);
    const lines = (failure as Error).message.split('\n');
    expect(lines[0]).toBe('expected: UART0 prints "ready"');
    expect(lines[1]).toBe('not within 2 ms; stopped at 2 ms of guest time');
    expect(lines[2]).toBe('UART0 has printed nothing');
    expect(lines[3]).toMatch(/^PRO_CPU: cycle 8000\d$/);
    expect(lines[4]).toMatch(/^ {2}0x400804.. (wait|toggle)/);
    expect(lines.at(-1)).toBe('APP_CPU: held in reset or stalled');
  });
});

describe('memory', () => {
  it('is read and written past the cores', () => {
    const board = boardOf(`_start: movi a2, word
loop:   l32i a3, a2, 0
        j loop
        .align 4
word:   .word 0x11223344`);
    const address = board.symbols.address('word');
    expect(board.memory.read32(address)).toBe(0x11223344);
    expect(board.memory.read16(address + 1)).toBe(0x2233);
    board.memory.write16(address, 0x5566);
    expect(board.memory.read32(address)).toBe(0x11225566);
    board.runFor(us(10));
    expect(board.chip.cores[0].cpu.a(3)).toBe(0x11225566);
    expect(() => board.memory.read8(0x3ff44004)).toThrow('there is no memory');
    expect(() => board.symbols.address('wrod')).toThrow("did you mean 'word'?");
  });
});

const real = haveRealFiles();
const ROM = real ? realPath('rom', 'esp32_rev300_rom.elf') : '';

describe.skipIf(!real)('a board with real firmware', { timeout: 200_000 }, () => {
  let booted: Board;
  beforeAll(() => {
    booted = createBoard({
      firmware: realPath('fw', 'idf_hello_world-v5.1.2-erisdar', 'app.bin'),
      rom: ROM,
    });
    booted.uart(0).expect('Hello world!', seconds(2));
  }, 200_000);

  it('boots, prints, and what it printed has times', () => {
    const { log } = booted.uart(0);
    expect(log[0]!.text).toMatch(/^ets Jul 29 2019/);
    const hello = log.find(({ text }) => text === 'Hello world!')!;
    expect(hello.tick / 480e6).toBeGreaterThan(0.25);
    expect(hello.tick).toBeLessThan(booted.now);
  });

  it('forks run the same, and apart', () => {
    const one = booted.fork();
    const two = booted.fork();
    expect(one.stateHash()).toBe(booted.stateHash());
    one.runFor(ms(50));
    two.runFor(ms(20));
    two.runFor(ms(30));
    expect(one.stateHash()).toBe(two.stateHash());
    expect(one.uart(0).text).toBe(two.uart(0).text);
    expect(booted.now).toBeLessThan(one.now);
  });
});
