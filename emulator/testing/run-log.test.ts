import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asm } from '../cpu/assemble.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { InputError } from '../loader/errors.ts';
import { createBoard, replayRun } from './board.ts';
import { decodeRunLog, encodeRunLog } from './run-log.ts';
import { decodeStateFile, encodeStateFile } from './state-file.ts';
import { ms, us } from './units.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'lockstep32-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function elfFile(name: string, source: string): string {
  const { entry, sections, symbols } = asm`${source}`;
  const file = join(folder, name);
  writeFileSync(file, writeElf({ entry, sections, symbols }));
  return file;
}

/** Adds up what arrives on UART0 and the level of GPIO4, for ever. */
const LISTEN = `
_start: movi a2, 0x3ff40000     // UART_FIFO
        movi a3, 0x3ff4403c     // GPIO_IN
        movi a8, 0x3ff49048     // IO_MUX_GPIO4: input on
        movi a9, 0x2a00
        s32i a9, a8, 0
        movi a4, 0
loop:   l32i a5, a2, 28         // UART_STATUS: RXFIFO_CNT
        extui a5, a5, 0, 8
        beqz a5, pin
        l32i a5, a2, 0
        add  a4, a4, a5
pin:    l32i a5, a3, 0
        extui a5, a5, 4, 1
        add  a4, a4, a5
        j    loop`;

function recorded(file: string): Uint8Array {
  const board = createBoard({ firmware: file, record: true });
  const pin = board.pin(4);
  pin.pull(0);
  board.uart(0).send('abc');
  board.runFor(ms(120));
  pin.pulse(1, us(300));
  board.run({ until: pin.falls() });
  board.uart(0).send('noise', { noise: 0b10_0000 });
  // A stop at an instruction, between ticks of anything else.
  board.run({ until: board.reached('pin'), within: ms(1) });
  pin.drive(1);
  board.memory.write32(0x3ffb_0000, 7);
  board.runFor(ms(33.3337));
  return board.recording();
}

describe('a recorded run', () => {
  it('is done again bit for bit, with checkpoints on the way', () => {
    const file = elfFile('listen.elf', LISTEN);
    const bytes = recorded(file);
    const log = decodeRunLog(bytes, 'run.l32');
    expect(log.inputs.map(({ event }) => event.kind)).toEqual([
      'pin',
      'uart',
      'pin',
      'pin',
      'uart',
      'pin',
      'memory',
    ]);
    expect(log.checkpoints.map(({ tick }) => tick)).toEqual([48_000_000]);
    expect(replayRun(bytes, file)).toMatchObject({ isSame: true });
  });

  it('that differs says from where on', () => {
    const file = elfFile('listen.elf', LISTEN);
    const log = decodeRunLog(recorded(file), 'run.l32');
    const inputs = log.inputs.filter((_, index) => index !== 4);
    const changed = encodeRunLog({ ...log, inputs });
    expect(replayRun(changed, file)).toMatchObject({
      isSame: false,
      why: expect.stringMatching(
        /^the run differs from the recording between 0\.100000 s and 0\.15/,
      ) as string,
    });
  });

  it('is refused on another machine, and when it is no log', () => {
    const bytes = recorded(elfFile('listen.elf', LISTEN));
    const other = elfFile('other.elf', `_start: j _start`);
    expect(() => replayRun(bytes, other)).toThrow(
      /recorded on another machine: the image is another one/,
    );
    expect(() => replayRun(bytes, { firmware: elfFile('listen.elf', LISTEN), seed: 5 })).toThrow(
      /the configuration is another one/,
    );
    expect(() => replayRun(Uint8Array.of(1, 2, 3), other)).toThrow('not a file of Lockstep32');
    const future = Uint8Array.from(bytes);
    future[8] = 9;
    expect(() => replayRun(future, other)).toThrow('version 9 of the format; expected version 1');
    expect(() => replayRun(bytes.subarray(0, 100), other)).toThrow('damaged or cut short');
    expect(() => replayRun(encodeStateFile('run', { inputs: 1 }), other)).toThrow(
      'not a whole run log',
    );
  });

  it('begins at power-on', () => {
    const board = createBoard(elfFile('listen.elf', LISTEN));
    expect(() => board.recording()).toThrow('the board does not record');
    board.runFor(us(1));
    expect(() => board.startRecording()).toThrow('the run has begun');
  });
});

describe('snapshots in files', () => {
  it('go back to the moment, text included', () => {
    const file = elfFile('listen.elf', LISTEN);
    const board = createBoard(file);
    board.uart(0).send('x');
    board.runFor(ms(3));
    const bytes = board.snapshot().encode();
    expect(bytes.length).toBeLessThan(100_000);
    const hash = board.stateHash();
    const again = createBoard(file);
    again.load(bytes);
    expect(again.stateHash()).toBe(hash);
    board.runFor(ms(5));
    again.runFor(ms(5));
    expect(again.stateHash()).toBe(board.stateHash());
    const other = createBoard(elfFile('other.elf', `_start: j _start`));
    const untouched = other.stateHash();
    expect(() => other.load(bytes)).toThrow(/another machine: the image/);
    expect(other.stateHash()).toBe(untouched);
  });

  it('damaged ones are one line each, never a crash', () => {
    const board = createBoard(elfFile('listen.elf', LISTEN));
    board.runFor(us(50));
    const whole = board.snapshot().encode();
    const seed = 0x5eed;
    let random = seed;
    for (let n = 0; n < 60; n++) {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      const bytes = whole.slice(0, n % 3 === 0 ? random % whole.length : whole.length);
      if (bytes.length > 0) bytes[random % Math.min(bytes.length, 4000)]! ^= 1 << (random >>> 29);
      try {
        decodeStateFile('snapshot', bytes, 'state.l32');
      } catch (error) {
        expect(error, `seed ${seed}, file ${n}`).toBeInstanceOf(InputError);
        expect((error as Error).message).toMatch(/^state\.l32 at offset [^\n]+$/);
      }
    }
    const bomb = new Uint8Array([...whole.subarray(0, 10), ...deflateSync(Buffer.alloc(1 << 28))]);
    expect(() => decodeStateFile('snapshot', bomb, 'bomb')).toThrow('damaged or cut short');
  });
});
