/**
 * Calls of one guest function: counted, timed, and told at entry with the arguments and at return
 * with the result. Both ABIs work: windowed functions begin with ENTRY, others take and return values
 * in a2 and up.
 *
 * A call is over when its return address is reached with the caller's stack pointer, on either core.
 * Cycles are those between entry and return, with all interrupts and other tasks in between. A call
 * that is left by a jump (longjmp, deleted task) stays open and is not counted as returned.
 */
import { decode } from '../cpu/decode.ts';
import type { Cpu } from '../cpu/state.ts';
import type { Cycles, Ticks } from '../scheduler/clock.ts';
import type { CodeHooks, Reach } from './code-hooks.ts';
import type { Condition } from './conditions.ts';

export interface FunctionCall {
  readonly core: 0 | 1;
  readonly tick: Ticks;
  /** Argument `n` (0 to 5) as an unsigned word; further ones are on the stack. */
  arg(n: number): number;
}

export interface FunctionReturn {
  readonly core: 0 | 1;
  readonly tick: Ticks;
  /** a2 of the function, unsigned. */
  readonly value: number;
  /** CPU cycles from entry to return. */
  readonly cycles: Cycles;
}

interface OpenCall {
  readonly stack: number;
  readonly resultRegister: number;
  readonly cycle: Cycles;
}

const MOST_ARGUMENTS = 6;
const MOST_OPEN = 1024;

export class FunctionProbe {
  readonly name: string;
  readonly address: number;
  calls = 0;
  returns = 0;
  totalCycles: Cycles = 0;
  minCycles: Cycles = Infinity;
  maxCycles: Cycles = 0;
  private readonly hooks: CodeHooks;
  private readonly isWindowed: boolean;
  private readonly enterListeners = new Set<(call: FunctionCall) => void>();
  private readonly leaveListeners = new Set<(left: FunctionReturn) => void>();
  /** By return address. */
  private readonly open = new Map<number, OpenCall[]>();
  private openCount = 0;
  private readonly removers: (() => void)[] = [];

  /** `firstWord` holds the function's first instruction. */
  constructor(name: string, address: number, firstWord: number, hooks: CodeHooks) {
    this.name = name;
    this.address = address >>> 0;
    this.hooks = hooks;
    this.isWindowed = decode(firstWord, address)?.row.mnemonic === 'entry';
    this.removers.push(hooks.add(address, (reach) => this.enter(reach)));
  }

  onEnter(listener: (call: FunctionCall) => void): this {
    this.enterListeners.add(listener);
    return this;
  }

  onReturn(listener: (left: FunctionReturn) => void): this {
    this.leaveListeners.add(listener);
    return this;
  }

  /** The condition of the next call. */
  called(): Condition<FunctionCall> {
    return this.condition('is called', this.enterListeners);
  }

  /** The condition of the next return. */
  returned(): Condition<FunctionReturn> {
    return this.condition('returns', this.leaveListeners);
  }

  /** Takes the hooks away; the counts stay. */
  remove(): void {
    for (const remove of this.removers.splice(0)) remove();
    this.open.clear();
  }

  private condition<T>(verb: string, listeners: Set<(what: T) => void>): Condition<T> {
    return {
      name: `${this.name} ${verb}`,
      stopsBefore: true,
      watch: (_board, met) => {
        const listener = (what: T): void => {
          listeners.delete(listener);
          met(what);
        };
        listeners.add(listener);
        return { end: () => listeners.delete(listener) };
      },
    };
  }

  private enter({ core, cpu, tick, cycle }: Reach): void {
    this.calls++;
    const quads = this.isWindowed ? cpu.psCallinc : 0;
    const first = quads * 4 + 2;
    const link = cpu.a(quads * 4);
    const target = this.isWindowed ? (cpu.pc & 0xc000_0000) | (link & 0x3fff_ffff) : link;
    this.expectReturn(target >>> 0, { stack: cpu.a(1), resultRegister: first, cycle });
    const arg = (n: number): number => (n < MOST_ARGUMENTS ? cpu.a(first + n) >>> 0 : 0);
    for (const listener of [...this.enterListeners]) listener({ core, tick, arg });
  }

  private expectReturn(target: number, call: OpenCall): void {
    if (this.openCount >= MOST_OPEN) return;
    this.openCount++;
    const calls = this.open.get(target);
    if (calls !== undefined) {
      calls.push(call);
      return;
    }
    this.open.set(target, [call]);
    this.removers.push(this.hooks.add(target, (reach) => this.leave(target, reach)));
  }

  private leave(target: number, { core, cpu, tick, cycle }: Reach): void {
    const calls = this.open.get(target) ?? [];
    const index = calls.findLastIndex(({ stack }) => stack === cpu.a(1));
    if (index < 0) return;
    const [call] = calls.splice(index, 1) as [OpenCall];
    this.openCount--;
    const cycles = cycle - call.cycle;
    this.returns++;
    this.totalCycles += cycles;
    this.minCycles = Math.min(this.minCycles, cycles);
    this.maxCycles = Math.max(this.maxCycles, cycles);
    const value = resultOf(cpu, call.resultRegister);
    for (const listener of [...this.leaveListeners]) listener({ core, tick, value, cycles });
  }
}

function resultOf(cpu: Cpu, register: number): number {
  return cpu.a(register) >>> 0;
}
