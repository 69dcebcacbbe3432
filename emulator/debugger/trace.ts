/**
 * A trace of what both cores execute, in their common order: cycle, place, instruction, the registers
 * it changed and the data it accessed. It keeps the last `depth` instructions, or hands every one to
 * a sink. Tracing takes host time and not a cycle of the guest.
 *
 * **Not modelled:** accesses of DMA; the bytes of a store that is narrower than its register.
 */
import { accessShape } from '../cpu/data-access.ts';
import { decode, instructionLength } from '../cpu/decode.ts';
import type { RunHook, Stages } from '../cpu/hooked.ts';
import type { XtensaCore } from '../cpu/core.ts';
import type { Op } from '../cpu/op.ts';
import type { Cycles } from '../scheduler/clock.ts';
import { RegisterShadow } from './register-shadow.ts';
import type { RegisterChange } from './register-shadow.ts';

export interface TracedAccess {
  readonly kind: 'load' | 'store' | 'both';
  readonly address: number;
  /** Bytes. */
  readonly size: 1 | 2 | 4;
}

export interface TraceEntry {
  readonly core: 0 | 1;
  /** Start of the instruction, counted from power-on. */
  readonly cycle: Cycles;
  /** Cycles until the next one could start. */
  readonly took: Cycles;
  readonly pc: number;
  /** The instruction's bytes, or undefined: the core went to a vector instead. */
  readonly word: number | undefined;
  /** False when it trapped. */
  readonly retired: boolean;
  readonly changes: readonly RegisterChange[];
  readonly access: TracedAccess | undefined;
}

export interface TraceOptions {
  readonly cores: readonly [XtensaCore, XtensaCore];
  /** CPU_CLK cycles since power-on behind a core's int32 cycle. */
  readonly fullCycle: (cycle: number) => Cycles;
  /** Entries kept; 200 by default. */
  readonly depth?: number;
  /** Told of every entry as it is made. */
  readonly sink?: (entry: TraceEntry) => void;
}

export const TRACE_DEPTH = 200;

export class Trace {
  private readonly options: TraceOptions;
  private readonly depth: number;
  private readonly ring: TraceEntry[] = [];
  private next = 0;

  constructor(options: TraceOptions) {
    this.options = options;
    this.depth = options.depth ?? TRACE_DEPTH;
  }

  /** Begins to watch both cores; takes the place of another hook. */
  start(): void {
    const { cores } = this.options;
    for (const core of [0, 1] as const) cores[core].runHook = this.hook(core);
  }

  stop(): void {
    for (const core of this.options.cores) core.runHook = null;
  }

  /** The kept entries, oldest first. */
  entries(): TraceEntry[] {
    return [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
  }

  private hook(core: 0 | 1): RunHook {
    const { cpu } = this.options.cores[core];
    const shadow = new RegisterShadow(cpu);
    const { fullCycle } = this.options;
    return {
      entered: () => {},
      waited: () => {},
      reset: () => shadow.take(),
      diverted: (start) =>
        this.add({
          ...{ core, cycle: fullCycle(start), took: (cpu.cycle - start) | 0, pc: cpu.pc >>> 0 },
          ...{ word: undefined, retired: false, changes: shadow.changes(), access: undefined },
        }),
      executed: (op, stages) => {
        const word = wordAt(core, op, this.options.cores);
        const access = retiredAccess(word, op, stages, shadow);
        this.add({
          ...{ core, cycle: fullCycle(stages.start), took: (cpu.cycle - stages.start) | 0 },
          ...{ pc: op.pc >>> 0, word, retired: stages.retired === 1 },
          changes: shadow.changes(),
          access,
        });
      },
    };
  }

  private add(entry: TraceEntry): void {
    this.options.sink?.(entry);
    if (this.ring.length < this.depth) this.ring.push(entry);
    else if (this.depth > 0) {
      this.ring[this.next] = entry;
      this.next = (this.next + 1) % this.depth;
    }
  }
}

/** The instruction's bytes; 0 (ILL) where they cannot be read any more. */
function wordAt(core: 0 | 1, op: Op, cores: TraceOptions['cores']): number {
  const { port } = cores[core].cpu;
  const fetched = port.fetch(op.pc);
  if (port.fault >= 0) {
    port.fault = -1;
    return 0;
  }
  return fetched & (instructionLength(fetched) === 2 ? 0xffff : 0xffffff);
}

function retiredAccess(
  word: number,
  op: Op,
  stages: Stages,
  shadow: RegisterShadow,
): TracedAccess | undefined {
  const shape = accessShape(word);
  if (shape === undefined || stages.retired === 0) return undefined;
  const { size, load, store, literal, base, index, offset } = shape;
  const address = literal
    ? decode(word, op.pc)!.imm
    : shadow.a(base) + (index < 0 ? 0 : shadow.a(index)) + offset;
  return { kind: load && store ? 'both' : load ? 'load' : 'store', address: address >>> 0, size };
}
