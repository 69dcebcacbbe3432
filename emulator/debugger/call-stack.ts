/**
 * The calls that led to a core's running instruction, followed from outside: a frame for each ENTRY
 * and CALL0, and one for each interrupt and exception, which starts a tree of its own.
 *
 * Frames are known by their stack pointer, which no two live frames share. RETW goes to the frame
 * whose stack pointer a1 then is, RFE and RFI to the one that was interrupted with that a1. When that
 * is not the frame next below, a task was switched (or longjmp called), and the frame is looked up.
 *
 * Limits: a frame made before the profile began, or a task's first, stands at the bottom of its stack;
 * code that jumps on in another function is that function called by the first; stacks deeper
 * than 512 frames are cut off; a task on the memory of one that has ended is told by its function only.
 */
import type { Cpu } from '../cpu/state.ts';
import { DEEPEST } from './call-tree.ts';
import type { CallNode, CallTree, ProfiledFunction } from './call-tree.ts';

/** Stack pointers remembered: all are forgotten at so many. */
const MOST_FRAMES = 1 << 16;

type Kind = 'root' | 'windowed' | 'call0' | 'trap';

class Frame {
  readonly kind: Kind;
  readonly parent: Frame | null;
  readonly node: CallNode;
  readonly depth: number;
  /** a1 to return to; of `call0` the return address. */
  readonly back: number;
  /** Of a trap: where its code was in the frame below. */
  readonly resume: CallNode | null;

  constructor(
    kind: Kind,
    parent: Frame | null,
    node: CallNode,
    back: number,
    resume: CallNode | null,
  ) {
    this.kind = kind;
    this.parent = parent;
    this.node = node;
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.back = back;
    this.resume = resume;
  }
}

export class CallStack {
  /** Context of the running instruction. */
  leaf: CallNode;
  private readonly tree: CallTree;
  private readonly functionAt: (pc: number) => ProfiledFunction;
  private readonly rootFrame: Frame;
  private readonly bySp = new Map<number, Frame>();
  private frame: Frame;
  /** Context of the frame, or of the function just called, which has not met its ENTRY. */
  private base: CallNode;

  constructor(tree: CallTree, functionAt: (pc: number) => ProfiledFunction) {
    this.tree = tree;
    this.functionAt = functionAt;
    this.rootFrame = new Frame('root', null, tree.root, 0, null);
    this.frame = this.rootFrame;
    this.base = tree.root;
    this.leaf = tree.root;
  }

  reset(): void {
    this.bySp.clear();
    this.goTo(this.rootFrame);
  }

  /** The next instruction belongs to `fn`. */
  enter(fn: ProfiledFunction): void {
    if (this.leaf.fn === fn) return;
    this.leaf = this.base.fn === fn ? this.base : this.tree.child(this.base, fn);
  }

  // After the instruction; `cpu.pc` is the next one.

  called(cpu: Cpu): void {
    this.leaf = this.tree.child(this.leaf, this.functionAt(cpu.pc));
    this.leaf.calls++;
    this.base = this.leaf;
  }

  called0(cpu: Cpu, returnPc: number): void {
    this.called(cpu);
    this.push('call0', this.leaf, returnPc, null);
  }

  /** ENTRY a1, `size`. */
  entered(cpu: Cpu, size: number): void {
    const sp = cpu.a(1);
    this.push('windowed', this.leaf, (sp + size) | 0, null);
    this.remember(sp);
  }

  /** MOVSP a1: the frame lies elsewhere. */
  moved(cpu: Cpu): void {
    this.remember(cpu.a(1));
  }

  returned(cpu: Cpu): void {
    let from: Frame | null = this.frame;
    while (from !== null && from.kind === 'call0') from = from.parent;
    if (from !== null && from.kind === 'windowed' && from.back === cpu.a(1)) {
      this.goTo(from.parent!);
    } else {
      this.switched(cpu);
    }
  }

  returned0(cpu: Cpu): void {
    let from: Frame | null = this.frame;
    while (from !== null && from.kind === 'call0' && from.back !== (cpu.pc | 0)) from = from.parent;
    if (from !== null && from.kind === 'call0') this.goTo(from.parent!);
  }

  /** An interrupt or exception was entered: a stack of its own below `root`. */
  trapped(cpu: Cpu, root: ProfiledFunction): void {
    const node = this.tree.child(this.tree.root, root);
    node.calls++;
    const sp = cpu.a(1);
    this.remember(sp);
    this.push('trap', node, sp, this.base);
    this.base = node;
    this.leaf = node;
  }

  /** RFE, RFDE or RFI. */
  returnedFromTrap(cpu: Cpu): void {
    let from: Frame | null = this.frame;
    while (from !== null && from.kind !== 'trap') from = from.parent;
    if (from !== null && from.back === cpu.a(1)) {
      this.goTo(from.parent!);
      this.base = from.resume!;
      this.leaf = this.base;
    } else {
      this.switched(cpu);
    }
  }

  /** The core goes on in a frame that is not below the running one. */
  private switched(cpu: Cpu): void {
    const found = this.bySp.get(cpu.a(1));
    const same = found !== undefined && found.node.fn === this.functionAt(cpu.pc);
    this.goTo(same ? found : this.rootFrame);
  }

  private goTo(frame: Frame): void {
    this.frame = frame;
    this.base = frame.node;
    this.leaf = frame.node;
  }

  private push(kind: Kind, node: CallNode, back: number, resume: CallNode | null): void {
    const parent = this.frame.depth < DEEPEST ? this.frame : this.rootFrame;
    this.frame = new Frame(kind, parent, node, back, resume);
    this.base = node;
  }

  private remember(sp: number): void {
    if (this.bySp.size >= MOST_FRAMES) this.bySp.clear();
    this.bySp.set(sp, this.frame);
  }
}
