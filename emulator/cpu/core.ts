/**
 * One LX6 core as the run loop sees it: state, decoded code and the interpreter.
 */
import type { State, Stateful } from '../bus/state.ts';
import type { RunnableCore } from '../scheduler/multicore.ts';
import { fireTimers } from './ccount.ts';
import type { CodeCache } from './code-cache.ts';
import { runHooked } from './hooked.ts';
import type { RunHook } from './hooked.ts';
import { run, runBoth } from './interpreter.ts';
import type { Lane } from './interpreter.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import type { Op } from './op.ts';
import type { Cpu } from './state.ts';

const ENTRY = INSTRUCTIONS.findIndex((row) => row.mnemonic === 'entry') + 1;

export class XtensaCore implements RunnableCore, Lane, Stateful {
  readonly cpu: Cpu;
  readonly code: CodeCache;
  /** Told before an instruction at a hooked PC runs: once for each time it does. */
  onReached: (cpu: Cpu) => void = () => {};
  /** PC and cycle of what `onReached` was told last. */
  private reachedPc = -1;
  private reachedCycle = 0;
  /** Sees every instruction while it is set; set and taken away between runs. No part of the state. */
  runHook: RunHook | null = null;

  constructor(cpu: Cpu, code: CodeCache) {
    this.cpu = cpu;
    this.code = code;
    code.onReached = (op) => this.reached(op);
  }

  get cycle(): number {
    return this.cpu.cycle;
  }

  set cycle(cycle: number) {
    this.cpu.cycle = cycle;
  }

  nextStart(limit: number): number {
    const { cpu } = this;
    if (cpu.halted !== 0) return limit;
    if (cpu.waiting === 0 || cpu.attention !== 0) return cpu.cycle;
    return ((cpu.nextTimer - limit) | 0) < 0 ? cpu.nextTimer : limit;
  }

  run(until: number): void {
    this.cpu.running = 1;
    if (this.runHook === null) run(this, until);
    else runHooked(this.cpu, this.code, until, this.runHook);
    this.cpu.running = 0;
  }

  get running(): boolean {
    return this.cpu.running !== 0;
  }

  runBoth(app: RunnableCore, until: number): void {
    if (!(app instanceof XtensaCore) || !this.onlyExecutes() || !app.onlyExecutes()) return;
    runBoth(this, app, until);
  }

  /** No interrupt to take, no wait, no breakpoint: instructions are all that is to be done. */
  private onlyExecutes(): boolean {
    const { attention, waiting, halted, debugWatch } = this.cpu;
    return (attention | waiting | halted | debugWatch) === 0 && this.runHook === null;
  }

  idleUntil(limit: number): void {
    const { cpu } = this;
    const idle = cpu.halted !== 0 || (cpu.waiting !== 0 && cpu.attention === 0);
    if (idle && ((limit - cpu.cycle) | 0) > 0) cpu.cycle = limit;
  }

  yieldNow(): void {
    this.cpu.yield = 1;
    this.cpu.leaveLoop();
  }

  forgetPast(): void {
    const { cpu } = this;
    const { cycle, ready } = cpu;
    fireTimers(cpu);
    for (let i = 0; i < ready.length; i++) if (((ready[i]! - cycle) | 0) < 0) ready[i] = cycle;
    if (((cpu.hazard - cycle) | 0) < 0) cpu.hazard = cycle;
    if (((cpu.storeDrain - cycle) | 0) < 0) cpu.storeDrain = cycle;
  }

  /** `onReached` is told before each run of the instruction at `pc`. Neither time nor state differ by it. */
  hook(pc: number): void {
    this.code.hook(pc);
    this.cpu.leaveLoop();
  }

  unhook(pc: number): void {
    this.code.unhook(pc);
  }

  /** An instruction that is about to overflow the window runs again after it, and counts then. */
  private reached(op: Op): void {
    const { cpu } = this;
    if (op.highest >= cpu.windowLimit) return;
    if (op.opcode === ENTRY && cpu.psCallinc * 4 >= cpu.windowLimit) return;
    if (op.pc === this.reachedPc && cpu.cycle === this.reachedCycle) return;
    this.reachedPc = op.pc;
    this.reachedCycle = cpu.cycle;
    this.onReached(cpu);
  }

  /** Halts or releases the core from outside: reset held, clock gated, or stalled. */
  halt(on: boolean): void {
    this.cpu.halted = on ? 1 : 0;
    if (on) this.yieldNow();
  }

  /** Resets the core; it starts at `vector` when it is not halted. */
  reset(vector: number): void {
    this.cpu.reset(vector);
    this.cpu.fetchLine = -1;
    this.cpu.onRegionAttribute?.(this.cpu);
    this.runHook?.reset();
    this.yieldNow();
  }

  /** Bytes of the backing store changed: drop what was decoded from them, before the next instruction. */
  codeWritten(offset: number, size: number): void {
    this.code.invalidate(offset, size);
    this.cpu.leaveLoop();
  }

  /** Other flash lies behind `size` bytes of cached code at `base` now. */
  codeMapped(base: number, size: number): void {
    for (let page = base >>> 12; page <= (base + size - 1) >>> 12; page++) this.code.dropPage(page);
    this.windowsSwitched();
  }

  /** Cached windows were opened or shut: the next fetch must ask the cache again. */
  windowsSwitched(): void {
    this.cpu.fetchLine = -1;
    this.cpu.leaveLoop();
  }

  /** Times that lie in the past are forgotten first: how the run was sliced does not show. */
  save(): State {
    this.forgetPast();
    return this.cpu.save();
  }

  restore(state: State): void {
    this.cpu.restore(state);
    this.code.clear();
    this.reachedPc = -1;
    this.cpu.onRegionAttribute?.(this.cpu);
  }
}
