/**
 * The kernel's state as memory has it, read from outside at any moment: nothing in the guest takes part. For images
 * with `LAYOUT` (firmware/apps/invariants.rs).
 */
import type { Board } from '../emulator/index.ts';

const CORES = [0, 1] as const;
const TASKS = 32;
const NONE = 0xff;
/** State of firmware/kernel/task.rs. */
const READY = 1;
const RUNNING = 2;

interface Layout {
  readonly [name: string]: number;
}

const LAYOUT =
  'current resched ready tasks readySize next occupied head taskSize state priority basePriority core stack stackSize'.split(
    ' ',
  );

export interface Look {
  /** Whoever holds the lock may be in the middle of a change: then nothing is broken. */
  readonly isLocked: boolean;
  readonly broken: readonly string[];
  /** By core: it runs a task while others wait for it. */
  readonly isContended: readonly boolean[];
  /** By core: it was asked to choose again and has not done so yet. */
  readonly isAsked: readonly boolean[];
}

export class KernelView {
  private readonly board: Board;
  private readonly layout: Layout;
  private readonly state: number;
  private readonly lock: number;
  private readonly size: number;

  constructor(board: Board) {
    this.board = board;
    const { symbols, memory } = board;
    const at = symbols.address('LAYOUT');
    this.layout = Object.fromEntries(LAYOUT.map((name, n) => [name, memory.read32(at + 4 * n)]));
    this.state = symbols.address('kernel_state');
    this.lock = symbols.address('kernel_lock');
    this.size = this.layout['tasks']! + TASKS * this.layout['taskSize']!;
  }

  look(): Look {
    const { board, layout } = this;
    const bytes = board.memory.read(this.state, this.size);
    const view = new DataView(bytes.buffer);
    const word = (offset: number): number => view.getUint32(offset, true);
    const byte = (offset: number): number => bytes[offset]!;
    const task = (number: number, field: string): number =>
      layout['tasks']! + number * layout['taskSize']! + layout[field]!;
    const broken: string[] = [];
    const sane = (holds: boolean, what: string): void => {
      if (!holds) broken.push(what);
    };

    const stackOf = (sp: number): number =>
      Array.from({ length: TASKS }, (_, n) => n).findIndex((n) => {
        const [stack, size] = [word(task(n, 'stack')), word(task(n, 'stackSize'))];
        return stack !== 0 && sp > stack && sp <= stack + size;
      });
    // Also while the lock is held and in the middle of a switch.
    const stacks = board.chip.cores.map(({ cpu }) => stackOf(cpu.a(1) >>> 0));
    sane(
      stacks[0] !== stacks[1] || stacks[0] === -1,
      `both cores on the stack of task ${stacks[0]}`,
    );

    const isLocked = board.memory.read32(this.lock) !== 0;
    const current = CORES.map((core) => byte(layout['current']! + core));
    const isAsked = CORES.map((core) => byte(layout['resched']! + core) !== 0);
    const isContended = CORES.map(() => false);
    if (isLocked) return { isLocked, broken, isContended, isAsked };

    sane(current[0] !== current[1], `task ${current[0]} runs on both cores`);
    const queued = new Set<number>();
    for (const core of CORES) {
      const now = current[core]!;
      const running = byte(task(now, 'priority'));
      // Tasks 0 and 1 idle; a blocked task may wait in their name, and they are not running then.
      const isIdle = now === core;
      sane(
        isIdle || byte(task(now, 'state')) === RUNNING,
        `core ${core}: current task ${now} is not running`,
      );
      const queue = layout['ready']! + core * layout['readySize']!;
      const occupied = word(queue + layout['occupied']!);
      for (let priority = 0; priority < 32; priority++) {
        let next = byte(queue + layout['head']! + priority);
        const isListed = ((occupied >>> priority) & 1) !== 0;
        sane(isListed === (next !== NONE), `core ${core}: bit of priority ${priority}`);
        for (; next !== NONE; next = byte(layout['next']! + next)) {
          if (queued.has(next)) {
            broken.push(`task ${next} is queued twice`);
            break;
          }
          queued.add(next);
          const where = `core ${core}: queued task ${next}`;
          sane(byte(task(next, 'state')) === READY, `${where} is not ready`);
          sane(byte(task(next, 'core')) === core, `${where} belongs to the other core`);
          sane(byte(task(next, 'priority')) === priority, `${where} has another priority`);
        }
      }
      isContended[core] = running > 0 && occupied !== 0;
      const highest = 31 - Math.clz32(occupied);
      sane(
        isAsked[core]! || highest <= running,
        `core ${core} runs priority ${running} while ${highest} is ready`,
      );
    }
    for (let n = 2; n < TASKS; n++) {
      const state = byte(task(n, 'state'));
      const where = `task ${n} in state ${state}`;
      sane((state === READY) === queued.has(n), `${where} and in a queue: ${queued.has(n)}`);
      sane(
        (state === RUNNING) === current.includes(n),
        `${where}, running ${current.join(' and ')}`,
      );
      sane(
        byte(task(n, 'priority')) >= byte(task(n, 'basePriority')),
        `${where} runs below its own priority`,
      );
    }
    return { isLocked, broken, isContended, isAsked };
  }
}
