/**
 * The run loop with a hook: the interpreter's twin, one instruction at a time, for profiles. It does
 * to the core exactly what `run` does, in the same cycles, and tells what it saw.
 */
import { fireTimers } from './ccount.ts';
import type { CodeCache } from './code-cache.ts';
import { debugActive, debugStep } from './debug.ts';
import { dispatch } from './dispatch.ts';
import { accessFault, raise } from './exceptions.ts';
import { check, DISABLED, FIRST_LOOP_BACK, STALE, stall } from './interpreter.ts';
import { takeInterrupt } from './interrupts.ts';
import { EXCCAUSE } from './isa/exccause.ts';
import { branchedToEnd } from './loop-end.ts';
import type { Op } from './op.ts';
import type { Cpu } from './state.ts';
import { windowOverflow } from './window.ts';

/** When an instruction was where; its end is `cpu.cycle`. */
export interface Stages {
  start: number;
  /** Its bytes were there. */
  fetched: number;
  /** Its operands were there: it issued. */
  issued: number;
  /** It had executed; a loop-back comes after that. */
  done: number;
  /** 0 when it trapped: `cpu.pc` is the vector. */
  retired: 0 | 1;
}

/** Told of everything that takes a core's time, in order. Must leave the core as it is. */
export interface RunHook {
  /** The run loop is entered: since it was left the core has stood still. */
  entered(): void;
  /** The core was in WAITI from cycle `start` on. */
  waited(start: number): void;
  /**
   * Entered, in place of the instruction to come and from cycle `start` on: an interrupt, a debug
   * exception, or the exception of a fetch that failed. `cpu.pc` is the vector.
   */
  diverted(start: number): void;
  /** `stages` is valid during the call. */
  executed(op: Op, stages: Stages): void;
  /** The core was reset. */
  reset(): void;
}

/** As `run` of interpreter.ts. */
export function runHooked(cpu: Cpu, code: CodeCache, until: number, hook: RunHook): void {
  hook.entered();
  cpu.yield = 0;
  while (((cpu.cycle - until) | 0) < 0 && cpu.yield === 0) {
    const start = cpu.cycle;
    if (((start - cpu.nextTimer) | 0) >= 0) fireTimers(cpu);
    if (cpu.attention !== 0) {
      cpu.attention = 0;
      if (takeInterrupt(cpu)) {
        hook.diverted(start);
        continue;
      }
    }
    cpu.limit = (start + 1) | 0;
    if (cpu.waiting !== 0) {
      cpu.cycle = ((cpu.nextTimer - until) | 0) < 0 ? cpu.nextTimer : until;
      hook.waited(start);
    } else if (debugActive(cpu) && debugStep(cpu)) {
      hook.diverted(start);
    } else {
      step(cpu, code, hook);
    }
  }
}

const stages: Stages = { start: 0, fetched: 0, issued: 0, done: 0, retired: 0 };

function step(cpu: Cpu, code: CodeCache, hook: RunHook): void {
  const start = cpu.cycle;
  let op = code.lookup(cpu.pc);
  if (op.opcode === 0) {
    op = code.resolve(cpu.pc);
    // Decoding told somebody who wants the run loop to look.
    if (((cpu.cycle - cpu.limit) | 0) >= 0) return;
  }
  let refused = op.checks === 0 ? 0 : check(cpu, op);
  if (refused === STALE) {
    code.dropPage(cpu.pc >>> 12);
    op = code.resolve(cpu.pc);
    refused = check(cpu, op);
  }
  if (op.opcode === 0) {
    accessFault(cpu);
    cpu.trapped = 0;
    cpu.pc = cpu.nextPc;
    hook.diverted(start);
    return;
  }
  stages.start = start;
  stages.fetched = cpu.cycle;
  execute(cpu, op, refused);
  stages.done = cpu.cycle;
  stages.retired = cpu.trapped === 0 ? 1 : 0;
  cpu.instructions += stages.retired;
  cpu.trapped = 0;
  cpu.pc = nextPc(cpu, op);
  if (cpu.untimed !== 0) forgetTime(cpu);
  hook.executed(op, stages);
}

/** With timing off every instruction takes one cycle. */
function forgetTime(cpu: Cpu): void {
  stages.fetched = stages.start;
  stages.issued = stages.start;
  stages.done = (stages.start + 1) | 0;
  cpu.cycle = stages.done;
}

/** Operand wait, execution, issue cycle and result time. */
function execute(cpu: Cpu, op: Op, refused: number): void {
  const { ready } = cpu;
  cpu.pc = op.pc;
  cpu.nextPc = op.nextPc;
  stages.issued = cpu.cycle;
  if (op.highest >= cpu.windowLimit) {
    windowOverflow(cpu, op.highest);
  } else if (refused === DISABLED) {
    raise(cpu, EXCCAUSE.Coprocessor0Disabled);
  } else {
    if (((cpu.hazard - cpu.cycle) | 0) > 0) stall(cpu, op);
    stages.issued = cpu.cycle;
    const window = cpu.windowBase4;
    dispatch(cpu, op.opcode, op.r, op.s, op.t, op.imm);
    if (cpu.trapped === 0 && op.latency > 1) {
      const at = (cpu.cycle + op.latency) | 0;
      ready[op.result < 16 ? (window + op.result) & 63 : op.result] = at;
      if (((at - cpu.hazard) | 0) > 0) cpu.hazard = at;
    }
  }
  cpu.cycle = (cpu.cycle + 1) | 0;
}

/** Where execution goes on, after a loop-back where one is due. */
function nextPc(cpu: Cpu, op: Op): number {
  const pc = cpu.nextPc;
  const loops = pc === op.nextPc && pc === cpu.lend && cpu.lcount !== 0 && cpu.psExcm === 0;
  if (!loops || branchedToEnd(cpu, op)) return pc;
  cpu.lcount = (cpu.lcount - 1) | 0;
  if (cpu.loopFresh !== 0) {
    cpu.loopFresh = 0;
    cpu.cycle = (cpu.cycle + FIRST_LOOP_BACK) | 0;
  }
  return cpu.lbeg;
}
