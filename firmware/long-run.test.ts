/**
 * Scheduler invariants over 60 guest seconds of `invariants` on both boot ROMs. The program checks what a task can
 * see; here the kernel's lists and both cores' stack pointers are looked at from outside at random moments, the times
 * of wake-ups are taken by the board's clock, and the state hash shows that neither looking nor splitting the run
 * changes anything.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { ms, seconds, us } from '../emulator/index.ts';
import type { Board, Ticks } from '../emulator/index.ts';
import { Random } from '../test-roms/diff/random.ts';
import { bootImage, passed, ROMS } from './board.fixtures.ts';
import { KernelView } from './kernel-view.fixtures.ts';
import type { Look } from './kernel-view.fixtures.ts';

const SEED = 0x1ee7c0de;
const LOAD_SECONDS = 60;
/** Load, verdict and what follows. */
const END = seconds(LOAD_SECONDS + 1).ticks;
/** Until here the run is repeated from reset. */
const EARLY = seconds(5).ticks;
const TICK = ms(1).ticks;
const SAMPLES = 3000;
/** SLEEPERS of the program: period in milliseconds, core if it has one. */
const SLEEPERS = [
  { period: 7, core: 0 },
  { period: 5, core: 1 },
  { period: 10 },
  { period: 25, core: 1 },
  { period: 1000 },
] as const;
/** Milliseconds of each second at which equal tasks take turns and a chain of mutexes is held. */
const COMPETING = [300, 600];
/** In the order of the program. */
const RULES = [
  'sleepers run in the tick they asked for',
  'equal tasks get equal time',
  'a queue keeps the order of each producer',
  'a queue loses nothing',
  'owners of mutexes run with what is lent',
  'priorities are returned',
  'every message is answered',
  'timers call within two ticks and never early',
  'timers call as often as they are due',
  'tasks that end are joined',
  'blocks of the heap keep their bytes',
  'the heap is as it was',
  'stacks grow no more',
  "the FPU's registers are each task's own",
];

interface Wake {
  readonly sleeper: number;
  readonly round: number;
  readonly core: 0 | 1;
  readonly tick: Ticks;
}

/** Boots up to the begin of the load. */
function load(rom: string): Board {
  const board = bootImage('invariants', rom);
  board.uart().expect('Load of 60 s\r\n');
  return board;
}

/** A core that was asked to choose again does so within 100 us: interrupts are masked for less. */
function expectAnswer(board: Board, view: KernelView, look: Look): void {
  for (const core of [0, 1]) {
    const isWaiting = ({ isLocked, isAsked }: Look): boolean => !isLocked && isAsked[core]!;
    for (let step = 0; step <= 10 && isWaiting(step === 0 ? look : view.look()); step++) {
      if (step === 10)
        throw new Error(`core ${core} does not choose again:\n${board.where().join('\n')}`);
      board.runFor(us(10));
    }
  }
}

const runTo = (board: Board, tick: Ticks): void => void board.runFor({ ticks: tick - board.now });
const textOf = (board: Board): string => board.uart().text.replaceAll('\r', '');

describe.each(ROMS)(`60 guest seconds on the %s (seed ${SEED})`, (_, rom) => {
  let early = '';
  let end = '';
  let text = '';
  let saved: Uint8Array;
  let endOfLoad = 0;
  const wakes: Wake[] = [];
  const looks: Look[] = [];

  beforeAll(() => {
    const board = load(rom);
    const start = board.now;
    endOfLoad = start + END;
    const random = new Random(SEED);
    const view = new KernelView(board);
    board.function('woken').onEnter((call) => {
      wakes.push({ sleeper: call.arg(0), round: call.arg(1), core: call.core, tick: call.tick });
    });
    const split = start + seconds(LOAD_SECONDS - 4).ticks + random.below(seconds(4).ticks);
    board.runFor(ms(250));
    const begin = wakes.find(({ sleeper }) => sleeper === 4)!.tick;
    const moments = Array.from({ length: SAMPLES }, (_, n) => {
      const millisecond = random.below(LOAD_SECONDS * 1000);
      const second = begin + Math.floor(millisecond / 1000) * seconds(1).ticks;
      // Anywhere; just behind a tick; while tasks compete for the cores.
      if (n % 3 === 0) return begin + millisecond * TICK + random.below(TICK);
      if (n % 3 === 1) return begin + millisecond * TICK + random.below(us(150).ticks);
      return second + ms(random.pick(COMPETING)).ticks + random.below(ms(8).ticks);
    }).sort((a, b) => a - b);
    for (const moment of [...moments, endOfLoad]) {
      if (early === '' && moment > start + EARLY) {
        runTo(board, start + EARLY);
        early = board.stateHash();
      }
      if (saved === undefined && moment > split) {
        runTo(board, split);
        saved = board.snapshot().encode();
      }
      if (moment <= board.now) continue;
      runTo(board, moment);
      looks.push(view.look());
      expectAnswer(board, view, looks.at(-1)!);
    }
    text = textOf(board);
    end = board.stateHash();
  }, 600_000);

  it('the program finds its rules kept', () => {
    expect(passed(text)).toEqual(RULES);
  });

  it('looked at from outside, the kernel is whole and each core runs what it should', () => {
    expect([...new Set(looks.flatMap(({ broken }) => broken))]).toEqual([]);
    expect(looks.filter(({ isLocked }) => !isLocked).length).toBeGreaterThan(SAMPLES * 0.8);
    for (const core of [0, 1])
      expect(looks.filter((look) => look.isContended[core]).length).toBeGreaterThan(200);
  });

  it('every sleeper wakes at each of its times, and none drifts', () => {
    for (const [index, { period, ...pinned }] of SLEEPERS.entries()) {
      const mine = wakes.filter(({ sleeper }) => sleeper === index);
      const count = Math.ceil((LOAD_SECONDS * 1000) / period);
      expect(mine.map(({ round }) => round)).toEqual(Array.from({ length: count }, (_, n) => n));
      // Late by less than a tick each time, so that between any two the error is less than a tick.
      const error = mine.map(({ round, tick }) => tick - round * ms(period).ticks);
      expect(Math.max(...error) - Math.min(...error)).toBeLessThan(TICK);
      if ('core' in pinned)
        expect(new Set(mine.map(({ core }) => core))).toEqual(new Set([pinned.core]));
    }
  });

  it('saved and restored on the way, the run ends in the same state', () => {
    const board = bootImage('invariants', rom);
    board.load(saved);
    runTo(board, endOfLoad);
    expect(textOf(board)).toBe(text);
    expect(board.stateHash()).toBe(end);
  });

  it('a run that nobody looks at is the same', () => {
    const board = load(rom);
    runTo(board, board.now + EARLY);
    expect(board.stateHash()).toBe(early);
  });
});
