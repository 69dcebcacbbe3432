/** The calling contexts of one core: a tree of functions with the cycles spent in each context. */

/** A function as the profile counts it; one object per function. */
export interface ProfiledFunction {
  readonly name: string;
  /** First address, or -1 for what is no code, such as `[interrupt level 1]`. */
  readonly address: number;
  /** Bytes; 0 when unknown. */
  readonly size: number;
}

/** Nodes kept; cycles of contexts beyond them count in their nearest known caller. */
const MOST_NODES = 100_000;
/** A deeper call starts at the bottom again. */
export const DEEPEST = 512;

export class CallNode {
  readonly fn: ProfiledFunction;
  readonly depth: number;
  readonly children = new Map<ProfiledFunction, CallNode>();
  /** Cycles in this very context, its callees excluded. */
  self = 0;
  /** Times that a call, an interrupt or an exception led here. */
  calls = 0;

  constructor(fn: ProfiledFunction, depth: number) {
    this.fn = fn;
    this.depth = depth;
  }
}

export interface Inclusive {
  cycles: number;
  calls: number;
}

const NOTHING: ProfiledFunction = { name: '', address: -1, size: 0 };

export class CallTree {
  readonly root = new CallNode(NOTHING, 0);
  private nodes = 1;

  child(node: CallNode, fn: ProfiledFunction): CallNode {
    const known = node.children.get(fn);
    if (known !== undefined) return known;
    if (node.depth >= DEEPEST) return this.child(this.root, fn);
    if (this.nodes >= MOST_NODES) return node;
    const made = new CallNode(fn, node.depth + 1);
    node.children.set(fn, made);
    this.nodes++;
    return made;
  }

  /** Cycles from call to return by function; a recursive function counts once. */
  inclusive(): Map<ProfiledFunction, Inclusive> {
    const result = new Map<ProfiledFunction, Inclusive>();
    const open = new Map<ProfiledFunction, number>();
    const visit = (node: CallNode): number => {
      const depth = open.get(node.fn) ?? 0;
      open.set(node.fn, depth + 1);
      let sum = node.self;
      for (const child of node.children.values()) sum += visit(child);
      open.set(node.fn, depth);
      let entry = result.get(node.fn);
      if (entry === undefined) result.set(node.fn, (entry = { cycles: 0, calls: 0 }));
      entry.calls += node.calls;
      if (depth === 0) entry.cycles += sum;
      return sum;
    };
    visit(this.root);
    result.delete(NOTHING);
    return result;
  }

  /** Every context with cycles of its own: functions from the outermost to the running one. */
  *stacks(): Generator<{ readonly stack: readonly ProfiledFunction[]; readonly self: number }> {
    yield* walk(this.root, []);
  }
}

function* walk(
  node: CallNode,
  stack: readonly ProfiledFunction[],
): Generator<{ readonly stack: readonly ProfiledFunction[]; readonly self: number }> {
  if (node.self > 0) yield { stack, self: node.self };
  for (const child of node.children.values()) yield* walk(child, [...stack, child.fn]);
}
