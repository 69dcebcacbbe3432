/**
 * The reference interpreter of one core: fetch, checks, scoreboard, execution, loop-back, time.
 *
 * Time: an instruction issues when its sources are ready (in order, one per cycle), bus waits freeze
 * the pipeline, and a late result is noted in `cpu.ready`. `cpu.cycle` is the issue cycle while the
 * instruction executes, so device accesses and RSR CCOUNT see the right moment.
 */
import { fireTimers } from './ccount.ts';
import type { CodeCache } from './code-cache.ts';
import { debugActive, debugStep } from './debug.ts';
import { dispatch } from './dispatch.ts';
import { accessFault, raise } from './exceptions.ts';
import { takeInterrupt } from './interrupts.ts';
import { EXCCAUSE } from './isa/exccause.ts';
import { PENALTY } from './isa/timing.ts';
import { branchedToEnd } from './loop-end.ts';
import { CHECK_COPROCESSOR, CHECK_ENTERED_LINE, CHECK_NEXT_LINE, END } from './op.ts';
import type { Op } from './op.ts';
import type { Cpu } from './state.ts';
import { windowOverflow } from './window.ts';

const FIRST_LOOP_BACK = PENALTY.firstLoopBack.value;
const STRAIGHT = CHECK_COPROCESSOR | CHECK_NEXT_LINE;
const ENTERED = STRAIGHT | CHECK_ENTERED_LINE;
/** What `check` may answer. */
const DISABLED = 1;
const STALE = 2;
/** Longest stay in the inner loop, in cycles: V8 compiles a function well when it is entered often. */
const SLICE = 4096;

/**
 * Runs `cpu` until its next instruction would start at or after `until`, or `cpu.limit` is lowered
 * by an access that the run loop must look at. At least one instruction runs when there is time.
 */
export function run(cpu: Cpu, code: CodeCache, until: number): void {
  cpu.yield = 0;
  while (((cpu.cycle - until) | 0) < 0 && cpu.yield === 0) {
    if (((cpu.cycle - cpu.nextTimer) | 0) >= 0) fireTimers(cpu);
    if (cpu.attention !== 0) {
      cpu.attention = 0;
      if (takeInterrupt(cpu)) continue;
    }
    const limit = ((cpu.nextTimer - until) | 0) < 0 ? cpu.nextTimer : until;
    if (cpu.waiting !== 0) {
      cpu.cycle = limit;
    } else if (!debugActive(cpu)) {
      const slice = (cpu.cycle + SLICE) | 0;
      cpu.limit = ((slice - limit) | 0) < 0 ? slice : limit;
      interpret(cpu, code);
    } else if (!debugStep(cpu)) {
      cpu.limit = (cpu.cycle + 1) | 0;
      interpret(cpu, code);
    }
  }
}

/** The inner loop: instructions until `cpu.limit`. */
function interpret(cpu: Cpu, code: CodeCache): void {
  const { ready } = cpu;
  let op = code.lookup(cpu.pc);
  let checks = ENTERED;
  let count = 0;
  let pc = cpu.pc;
  while (((cpu.cycle - cpu.limit) | 0) < 0) {
    if (op.opcode === 0) {
      cpu.pc = pc;
      op = code.resolve(pc);
      checks = ENTERED;
      if (op.opcode === 0) {
        accessFault(cpu);
        cpu.trapped = 0;
        pc = cpu.nextPc;
        op = code.lookup(pc);
      }
      continue;
    }
    const next = op.nextPc;
    cpu.pc = op.pc;
    cpu.nextPc = next;
    let refused = 0;
    if ((op.checks & checks) !== 0) {
      checks = STRAIGHT;
      refused = check(cpu, op);
      if (refused === STALE) {
        code.dropPage(pc >>> 12);
        op = END;
        continue;
      }
    }
    if (op.highest >= cpu.windowLimit) {
      windowOverflow(cpu, op.highest);
    } else if (refused !== 0) {
      raise(cpu, EXCCAUSE.Coprocessor0Disabled);
    } else {
      if (((cpu.hazard - cpu.cycle) | 0) > 0) stall(cpu, op);
      const window = cpu.windowBase4;
      dispatch(cpu, op.opcode, op.r, op.s, op.t, op.imm);
      if (cpu.trapped === 0) {
        count++;
        if (op.latency > 1) {
          const at = (cpu.cycle + op.latency) | 0;
          ready[op.result < 16 ? (window + op.result) & 63 : op.result] = at;
          if (((at - cpu.hazard) | 0) > 0) cpu.hazard = at;
        }
      }
    }
    cpu.cycle = (cpu.cycle + 1) | 0;
    cpu.trapped = 0;
    pc = cpu.nextPc;
    if (pc !== next) {
      op = code.lookup(pc);
      checks = ENTERED;
    } else if (pc === cpu.lend && cpu.lcount !== 0 && cpu.psExcm === 0 && !branchedToEnd(cpu, op)) {
      cpu.lcount = (cpu.lcount - 1) | 0;
      if (cpu.loopFresh !== 0) {
        cpu.loopFresh = 0;
        cpu.cycle = (cpu.cycle + FIRST_LOOP_BACK) | 0;
      }
      pc = cpu.lbeg;
      op = code.lookup(pc);
      checks = ENTERED;
    } else {
      op = op.next;
    }
  }
  cpu.pc = pc;
  cpu.instructions += count;
}

/**
 * What `op.checks` asks for: its cache line is entered, and 1 is returned when it needs the FPU and
 * that is disabled. 2 when the cache is off for it and it was decoded before that.
 */
function check(cpu: Cpu, op: Op): number {
  if ((op.checks & CHECK_ENTERED_LINE) !== 0) {
    const line = (op.nextPc - 1) >>> 5;
    if (line !== cpu.fetchLine && !enterLine(cpu, line) && op.kept !== 0) return STALE;
  }
  return (op.checks & CHECK_COPROCESSOR) !== 0 && (cpu.cpenable & 1) === 0 ? DISABLED : 0;
}

/**
 * The instruction at `cpu.pc` ends in another cache line than the one fetched last: waits for it,
 * and for the line before when the instruction begins there. False when the cache is off for it:
 * an instruction decoded just now is what silicon reads then.
 */
function enterLine(cpu: Cpu, last: number): boolean {
  const first = cpu.pc >>> 5;
  if (first !== last && first !== cpu.fetchLine) {
    const wait = cpu.port.fetchLine(cpu.pc);
    if (wait < 0) return false;
    cpu.cycle = (cpu.cycle + wait) | 0;
  }
  const wait = cpu.port.fetchLine((last << 5) >>> 0);
  if (wait < 0) return false;
  cpu.cycle = (cpu.cycle + wait) | 0;
  cpu.fetchLine = last;
  return true;
}

/** Delays the issue until every source is ready; a quick result ends an older wait for its register. */
function stall(cpu: Cpu, op: Op): void {
  const { ready } = cpu;
  const window = cpu.windowBase4;
  let issue = cpu.cycle;
  let at = ready[op.use0 < 16 ? (window + op.use0) & 63 : op.use0]!;
  if (((at - issue) | 0) > 0) issue = at;
  at = ready[op.use1 < 16 ? (window + op.use1) & 63 : op.use1]!;
  if (((at - issue) | 0) > 0) issue = at;
  if (op.moreUses !== 0) {
    at = ready[op.use2 < 16 ? (window + op.use2) & 63 : op.use2]!;
    if (((at - issue) | 0) > 0) issue = at;
    at = ready[op.use3 < 16 ? (window + op.use3) & 63 : op.use3]!;
    if (((at - issue) | 0) > 0) issue = at;
  }
  cpu.cycle = issue;
  if (op.latency <= 1) ready[op.result < 16 ? (window + op.result) & 63 : op.result] = issue;
}
