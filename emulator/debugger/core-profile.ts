/**
 * Where the cycles of one core go: a hook of its run loop that gives every cycle to a class, an
 * instruction address and a calling context.
 *
 * A window handler's cycles belong to the instruction that needed the window. Idle time belongs to the
 * WAITI, or to `[halted]` while the core is held from outside.
 */
import { LEVEL_VECTOR, VECTOR } from '../cpu/config.ts';
import type { RunHook, Stages } from '../cpu/hooked.ts';
import { EXCCAUSE } from '../cpu/isa/exccause.ts';
import type { Op } from '../cpu/op.ts';
import type { Cpu } from '../cpu/state.ts';
import { CallStack } from './call-stack.ts';
import { CallTree } from './call-tree.ts';
import type { ProfiledFunction } from './call-tree.ts';
import * as is from './cycle-classes.ts';

/** What the external memory counts for the core: `emulator/memory/external.ts`. */
export interface CacheUse {
  readonly fetchHits: number;
  readonly fetchMisses: number;
  readonly fetchMissCycles: number;
  readonly dataMisses: number;
  readonly dataMissCycles: number;
}

export interface CoreProfileOptions {
  readonly cpu: Cpu;
  /** Cycles that the core has lived through. */
  readonly now: () => number;
  readonly use: CacheUse;
  /** Hits of all caches so far. */
  readonly cacheHits: () => number;
  readonly functionAt: (pc: number) => ProfiledFunction;
}

/** Addresses kept; instructions beyond them count at one. */
const MOST_PLACES = 1 << 20;
const HALTED: ProfiledFunction = { name: '[halted]', address: -1, size: 0 };
const ELSEWHERE: ProfiledFunction = { name: '[too many addresses]', address: -1, size: 0 };
const EXCEPTION: ProfiledFunction = { name: '[exception]', address: -1, size: 0 };
const INTERRUPTS: readonly ProfiledFunction[] = Array.from({ length: 8 }, (_, level) => ({
  name: `[interrupt level ${level}]`,
  address: -1,
  size: 0,
}));

/** One instruction address. */
export class Place {
  readonly pc: number;
  readonly fn: ProfiledFunction;
  /** By class. */
  readonly cycles = new Float64Array(is.CLASSES.length);
  retired = 0;
  fetchHits = 0;
  fetchMisses = 0;
  fetchMissCycles = 0;
  dataHits = 0;
  dataMisses = 0;
  dataMissCycles = 0;

  constructor(pc: number, fn: ProfiledFunction) {
    this.pc = pc;
    this.fn = fn;
  }
}

export class CoreProfile implements RunHook {
  readonly cpu: Cpu;
  readonly tree = new CallTree();
  readonly places = new Map<number, Place>();
  /** The core's cycle count when the profile began. */
  readonly began: number;
  private readonly options: CoreProfileOptions;
  private readonly stack: CallStack;
  private readonly halted = new Place(-1, HALTED);
  private readonly elsewhere = new Place(-2, ELSEWHERE);
  /** The core's cycle count up to which all is accounted for. */
  private accounted: number;
  /** The instruction that ran last. */
  private last: Place;
  /** The instruction whose window is being spilled or filled. */
  private spilling: Place | null = null;
  /** The same while a trap out of the window handler is served. */
  private suspended: Place | null = null;
  // Counters of the caches when last looked at.
  private hits = 0;
  private fetchHits = 0;
  private fetchMisses = 0;
  private fetchMissCycles = 0;
  private dataMisses = 0;
  private dataMissCycles = 0;

  constructor(options: CoreProfileOptions) {
    this.options = options;
    this.cpu = options.cpu;
    this.stack = new CallStack(this.tree, options.functionAt);
    this.began = options.now();
    this.accounted = this.began;
    for (const place of [this.halted, this.elsewhere]) this.places.set(place.pc, place);
    this.last = this.halted;
    if (this.cpu.halted === 0) {
      this.last = this.placeAt(this.cpu.pc);
      this.stack.enter(this.last.fn);
    }
    this.readCaches();
  }

  /** Cycles accounted for: with `settle`, all since the profile began. */
  get total(): number {
    return this.accounted - this.began;
  }

  /** Accounts for the time up to now. */
  settle(): void {
    const passed = this.options.now() - this.accounted;
    if (passed === 0) return;
    if (this.cpu.waiting !== 0) {
      this.spend(this.last, is.IDLE, passed);
    } else {
      this.halted.cycles[is.IDLE] = this.halted.cycles[is.IDLE]! + passed;
      this.tree.child(this.tree.root, HALTED).self += passed;
      this.accounted += passed;
    }
  }

  entered(): void {
    this.settle();
    this.readCaches();
  }

  waited(start: number): void {
    this.spend(this.last, is.IDLE, (this.cpu.cycle - start) | 0);
  }

  diverted(start: number): void {
    this.trap(this.placeAt(this.cpu.pc), (this.cpu.cycle - start) | 0);
  }

  reset(): void {
    this.stack.reset();
    this.spilling = null;
    this.suspended = null;
  }

  executed(op: Op, stages: Stages): void {
    const { cpu } = this;
    const place = this.placeAt(op.pc);
    this.last = place;
    place.retired += stages.retired;
    const dataMiss = this.countCaches(place);
    if (this.spilling !== null) {
      this.spill(op, stages, this.spilling);
      return;
    }
    this.stack.enter(place.fn);
    const fetched = (stages.fetched - stages.start) | 0;
    const waited = (stages.issued - stages.fetched) | 0;
    const rest = (stages.done - stages.issued) | 0;
    if (fetched !== 0) this.spend(place, is.FETCH_MISS, fetched);
    if (waited !== 0) this.spend(place, is.OPERAND, waited);
    if (stages.retired === 0) {
      this.trap(place, rest);
      return;
    }
    this.spend(place, is.ISSUE, 1);
    if (rest !== 1) {
      if (dataMiss !== 0) this.spend(place, is.DATA_MISS, dataMiss);
      this.spend(place, is.CLASS_OF_REST[op.opcode]!, rest - 1 - dataMiss);
    }
    if (cpu.cycle !== stages.done) this.spend(place, is.BRANCH, (cpu.cycle - stages.done) | 0);
    if (is.FLOW_OF_OPCODE[op.opcode] !== is.FLOW.none) this.follow(op);
  }

  private spill(op: Op, stages: Stages, place: Place): void {
    this.spend(place, is.SPILL, (this.cpu.cycle - stages.start) | 0);
    if (stages.retired === 0) this.trap(this.placeAt(this.cpu.pc), 0);
    else if (is.FLOW_OF_OPCODE[op.opcode] === is.FLOW.fromWindow) this.spilling = null;
  }

  /** `cycles` led to the vector at `cpu.pc`, because of an interrupt or of the instruction at `place`. */
  private trap(place: Place, cycles: number): void {
    const { cpu } = this;
    const vector = (cpu.pc - cpu.vecbase) | 0;
    if (vector >= 0 && vector <= VECTOR.WindowUnderflow12) {
      this.spilling = place;
      this.spend(place, is.SPILL, cycles);
      return;
    }
    if (this.spilling !== null) this.suspended = this.spilling;
    this.spilling = null;
    this.stack.trapped(cpu, trapOf(cpu, vector));
    const handler = this.placeAt(cpu.pc);
    this.stack.enter(handler.fn);
    this.spend(handler, is.INTERRUPT, cycles);
  }

  private follow(op: Op): void {
    const { cpu, stack } = this;
    switch (is.FLOW_OF_OPCODE[op.opcode]) {
      case is.FLOW.call:
        return stack.called(cpu);
      case is.FLOW.call0:
        return stack.called0(cpu, op.nextPc);
      case is.FLOW.entry:
        if (op.s === 1) stack.entered(cpu, op.imm);
        return;
      case is.FLOW.movsp:
        if (op.t === 1) stack.moved(cpu);
        return;
      case is.FLOW.retw:
        return stack.returned(cpu);
      case is.FLOW.ret:
        return stack.returned0(cpu);
      case is.FLOW.fromException:
        stack.returnedFromTrap(cpu);
        this.resumeSpill();
    }
  }

  /** A window handler that was interrupted goes on. */
  private resumeSpill(): void {
    const vector = (this.cpu.pc - this.cpu.vecbase) | 0;
    if (this.suspended !== null && vector >= 0 && vector < VECTOR.Level2)
      this.spilling = this.suspended;
    this.suspended = null;
  }

  private spend(place: Place, to: number, cycles: number): void {
    place.cycles[to] = place.cycles[to]! + cycles;
    this.stack.leaf.self += cycles;
    this.accounted += cycles;
  }

  private placeAt(address: number): Place {
    const pc = address >>> 0;
    let place = this.places.get(pc);
    if (place === undefined) {
      if (this.places.size >= MOST_PLACES) return this.elsewhere;
      place = new Place(pc, this.options.functionAt(pc));
      this.places.set(pc, place);
    }
    return place;
  }

  /** Gives what the caches counted since to `place`; returns the cycles of data misses. */
  private countCaches(place: Place): number {
    const { use } = this.options;
    const hits = this.options.cacheHits();
    if (
      hits === this.hits &&
      use.fetchMisses + use.dataMisses === this.fetchMisses + this.dataMisses
    )
      return 0;
    const fetchHits = use.fetchHits - this.fetchHits;
    const dataMissCycles = use.dataMissCycles - this.dataMissCycles;
    place.fetchHits += fetchHits;
    place.dataHits += hits - this.hits - fetchHits;
    place.fetchMisses += use.fetchMisses - this.fetchMisses;
    place.fetchMissCycles += use.fetchMissCycles - this.fetchMissCycles;
    place.dataMisses += use.dataMisses - this.dataMisses;
    place.dataMissCycles += dataMissCycles;
    this.readCaches();
    return dataMissCycles;
  }

  private readCaches(): void {
    const { use } = this.options;
    this.hits = this.options.cacheHits();
    this.fetchHits = use.fetchHits;
    this.fetchMisses = use.fetchMisses;
    this.fetchMissCycles = use.fetchMissCycles;
    this.dataMisses = use.dataMisses;
    this.dataMissCycles = use.dataMissCycles;
  }
}

function trapOf(cpu: Cpu, vector: number): ProfiledFunction {
  const level = LEVEL_VECTOR.indexOf(vector as (typeof LEVEL_VECTOR)[number]);
  if (level >= 2) return INTERRUPTS[level]!;
  const general = vector === VECTOR.User || vector === VECTOR.Kernel;
  return general && cpu.exccause === EXCCAUSE.Level1Interrupt ? INTERRUPTS[1]! : EXCEPTION;
}
