/**
 * What the parts of the kernel's assembly cost, seen from outside: cycles from one label to another on the same core,
 * or to the instruction at which an exception goes on (EPC1). Looking takes no guest time.
 */
import type { Board, Reach } from '../emulator/index.ts';
import { distribution } from './rtos-samples.ts';
import type { Distribution } from './rtos-samples.ts';

/** Offsets in the vector table. */
const WINDOW_VECTORS = [
  ['WindowOverflow4', 0x00],
  ['WindowUnderflow4', 0x40],
  ['WindowOverflow8', 0x80],
  ['WindowUnderflow8', 0xc0],
  ['WindowOverflow12', 0x100],
  ['WindowUnderflow12', 0x140],
] as const;
const USER_VECTOR = 0x340;
/** firmware/arch/frame.h: C_FPU_OWNER in the block that MISC0 points to. */
const C_FPU_OWNER = 20;

export class CostWatch {
  private readonly board: Board;
  private readonly costs = new Map<string, number[]>();
  /** Cycle at which a label was reached, by label and core. */
  private readonly begun = new Map<string, number>();
  /** Windows spilled so far, by core, and at the last `yield_spill`. */
  private readonly overflows = [0, 0];
  private readonly before = [0, 0];

  constructor(board: Board) {
    this.board = board;
    const vectors = board.symbols.address('kernel_vectors');
    for (const [name, offset] of WINDOW_VECTORS)
      board.onReach(vectors + offset, (reach) => {
        if (name.includes('Over')) this.overflows[reach.core]!++;
        this.untilResumed(`${name}: vector to instruction`, reach, reach.cycle);
      });
    board.onReach(vectors + USER_VECTOR, (reach) => this.begin('vector', reach));
    this.watchInterrupts();
    this.watchSwitches();
  }

  rows(): [name: string, Distribution][] {
    const rows = [...this.costs].map(([name, cycles]) => [name, distribution(cycles)] as const);
    return rows.map(([name, row]) => [name, row]);
  }

  private watchInterrupts(): void {
    const { board } = this;
    board.onReach('kernel_interrupt', (reach) =>
      this.end('interrupt of level 1: vector to handler', 'vector', reach),
    );
    board.onReach('interrupt_served', (reach) => this.begin('served', reach));
    board.onReach('interrupt_switch', ({ core }) => this.begun.delete(`served ${core}`));
    board.onReach('interrupt_return', (reach) => {
      const from = this.take('served', reach);
      if (from === undefined) return;
      this.untilResumed('interrupt of level 1: handler to interrupted instruction', reach, from);
    });
    board.onReach('wait_return', (reach) =>
      this.end('arch_wait, woken by the other core: vector to return', 'vector', reach),
    );
    board.onReach('fpu_trap', (reach) => {
      const owner = board.memory.read32((reach.cpu.misc[0]! >>> 0) + C_FPU_OWNER);
      const how = owner === 0 ? 'registers loaded' : 'registers saved and loaded';
      const from = this.take('vector', reach) ?? reach.cycle;
      this.untilResumed(`FPU trap, ${how}: vector to instruction`, reach, from);
    });
  }

  private watchSwitches(): void {
    const { board } = this;
    board.onReach('yield_spill', (reach) => {
      this.begin('spill', reach);
      this.before[reach.core] = this.overflows[reach.core]!;
    });
    board.onReach('yield_spilled', (reach) => {
      const windows = this.overflows[reach.core]! - this.before[reach.core]!;
      this.end(`SPILL_WINDOWS, ${windows} live`, 'spill', reach);
    });
    board.onReach('arch_switch', (reach) => this.begin('arch_switch', reach));
    board.onReach('switch_in', (reach) => {
      this.end('arch_switch: call to the next task', 'arch_switch', reach);
      this.begin('switch_in', reach);
    });
    board.onReach('switch_return', (reach) =>
      this.end('next task by its switch frame', 'switch_in', reach),
    );
    board.onReach('restore_frame', ({ core }) => {
      const from = this.begun.get(`switch_in ${core}`);
      this.begun.delete(`switch_in ${core}`);
      if (from !== undefined) this.begun.set(`served ${core}`, from);
    });
  }

  private begin(label: string, { core, cycle }: Reach): void {
    this.begun.set(`${label} ${core}`, cycle);
  }

  private take(label: string, { core }: Reach): number | undefined {
    const key = `${label} ${core}`;
    const from = this.begun.get(key);
    this.begun.delete(key);
    return from;
  }

  private end(name: string, label: string, reach: Reach): void {
    const from = this.take(label, reach);
    if (from !== undefined) this.note(name, reach.cycle - from);
  }

  private note(name: string, cycles: number): void {
    const known = this.costs.get(name);
    if (known === undefined) this.costs.set(name, [cycles]);
    else known.push(cycles);
  }

  /** Ends at the instruction that EPC1 names. */
  private untilResumed(name: string, { core, cpu }: Reach, from: number): void {
    const end = this.board.onReach(cpu.epc[1]! >>> 0, (reach) => {
      if (reach.core !== core) return;
      end();
      this.note(name, reach.cycle - from);
    });
  }
}
