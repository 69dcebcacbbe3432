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
import { accessDone, storeDone } from './exec/access.ts';
import { rsr, sll, src, srl } from './exec/base.ts';
import { branchTo, callTo, returnTo } from './exec/control.ts';
import { loopgtz, loopnez } from './exec/loop.ts';
import { mulsh, muluh } from './exec/mul.ts';
import { call12, call4, call8, callx12, callx4, callx8, entry, retw } from './exec/windowed.ts';
import { takeInterrupt } from './interrupts.ts';
import { EXCCAUSE } from './isa/exccause.ts';
import { PENALTY } from './isa/timing.ts';
import { branchedToEnd } from './loop-end.ts';
import { CHECK_COPROCESSOR, CHECK_ENTERED_LINE, CHECK_NEXT_LINE, END } from './op.ts';
import type { Op } from './op.ts';
import type { Cpu } from './state.ts';
import { windowOverflow } from './window.ts';

export const FIRST_LOOP_BACK = PENALTY.firstLoopBack.value;
const STRAIGHT = CHECK_COPROCESSOR | CHECK_NEXT_LINE;
const ENTERED = STRAIGHT | CHECK_ENTERED_LINE;
/** What `check` may answer. */
export const DISABLED = 1;
export const STALE = 2;
/** Longest stay in the inner loop, in cycles: V8 compiles a function well when it is entered often. */
const SLICE = 4096;

/**
 * Runs `cpu` until its next instruction would start at or after `until`, or `cpu.limit` is lowered
 * by an access that the run loop must look at. At least one instruction runs when there is time.
 */
export function run(lane: Lane, until: number): void {
  const { cpu } = lane;
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
      interpret(lane, null, 0);
    } else if (!debugStep(cpu)) {
      cpu.limit = (cpu.cycle + 1) | 0;
      interpret(lane, null, 0);
    }
  }
}

/** A core in the inner loop. */
export interface Lane {
  readonly cpu: Cpu;
  readonly code: CodeCache;
}

/**
 * Runs both cores in turns, in reference order (scheduler/multicore.ts), until `until` or until one
 * of them has more to look at than its next instruction. Neither may wait, be halted or be watched.
 */
export function runBoth(pro: Lane, app: Lane, until: number): void {
  pro.cpu.left = app.cpu.left = 0;
  pro.cpu.limit = turnEnd(pro.cpu, (app.cpu.cycle + 1) | 0, until);
  pro.cpu.running = 1;
  interpret(pro, app, until);
  pro.cpu.running = app.cpu.running = 0;
}

/** Where a core's turn ends when the other goes on at cycle `other`. */
function turnEnd(cpu: Cpu, other: number, until: number): number {
  const end = ((other - until) | 0) < 0 ? other : until;
  return ((cpu.nextTimer - end) | 0) < 0 ? cpu.nextTimer : end;
}

/** The inner loop: instructions until `cpu.limit`; with an `other` core in turns until `until`. */
function interpret(lane: Lane, other: Lane | null, until: number): void {
  let { cpu, code } = lane;
  let { ar, ready } = cpu;
  let pc = cpu.pc;
  let op = code.lookup(pc);
  let checks = ENTERED;
  let count = 0;
  // The other core's, in locals: measured 1.3 times as fast as in its lane.
  let otherOp = other === null ? END : other.code.lookup(other.cpu.pc);
  let otherChecks = ENTERED;
  let isApp = 0;
  for (;;) {
    if (((cpu.cycle - cpu.limit) | 0) >= 0) {
      if (other === null || cpu.left !== 0 || other.cpu.left !== 0) break;
      const handedOver = lane;
      const cycle = (cpu.cycle + isApp) | 0;
      const parkedOp = op;
      const parkedChecks = checks;
      cpu.pc = pc;
      cpu.instructions += count;
      cpu.running = 0;
      lane = other;
      other = handedOver;
      ({ cpu, code } = lane);
      ({ ar, ready } = cpu);
      pc = cpu.pc;
      op = otherOp;
      otherOp = parkedOp;
      checks = otherChecks;
      otherChecks = parkedChecks;
      count = 0;
      isApp = 1 - isApp;
      cpu.running = 1;
      cpu.limit = turnEnd(cpu, cycle, until);
      if (((cpu.cycle - cpu.limit) | 0) >= 0) break;
    }
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
    const start = cpu.cycle;
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
      // Generated by `npm run generate`: do not edit.
      // prettier-ignore
      switch (op.opcode) {
        case 1: case 85: { ar[(window + op.r) & 63] = ar[(window + op.s) & 63]! + ar[(window + op.t) & 63]!; break; }
        case 2: { ar[(window + op.r) & 63] = (ar[(window + op.s) & 63]! << 1) + ar[(window + op.t) & 63]!; break; }
        case 3: { ar[(window + op.r) & 63] = (ar[(window + op.s) & 63]! << 2) + ar[(window + op.t) & 63]!; break; }
        case 4: { ar[(window + op.r) & 63] = (ar[(window + op.s) & 63]! << 3) + ar[(window + op.t) & 63]!; break; }
        case 5: { ar[(window + op.r) & 63] = ar[(window + op.s) & 63]! - ar[(window + op.t) & 63]!; break; }
        case 6: { ar[(window + op.r) & 63] = (ar[(window + op.s) & 63]! << 1) - ar[(window + op.t) & 63]!; break; }
        case 7: { ar[(window + op.r) & 63] = (ar[(window + op.s) & 63]! << 2) - ar[(window + op.t) & 63]!; break; }
        case 8: { ar[(window + op.r) & 63] = (ar[(window + op.s) & 63]! << 3) - ar[(window + op.t) & 63]!; break; }
        case 9: { ar[(window + op.r) & 63] = -ar[(window + op.t) & 63]!; break; }
        case 10: { const value = ar[(window + op.t) & 63]!; ar[(window + op.r) & 63] = value < 0 ? -value : value; break; }
        case 11: case 12: { ar[(window + op.t) & 63] = ar[(window + op.s) & 63]! + op.imm; break; }
        case 13: { ar[(window + op.r) & 63] = ar[(window + op.s) & 63]! & ar[(window + op.t) & 63]!; break; }
        case 14: { ar[(window + op.r) & 63] = ar[(window + op.s) & 63]! | ar[(window + op.t) & 63]!; break; }
        case 15: { ar[(window + op.r) & 63] = ar[(window + op.s) & 63]! ^ ar[(window + op.t) & 63]!; break; }
        case 16: { ar[(window + op.t) & 63] = op.imm; break; }
        case 17: { if (ar[(window + op.t) & 63]! === 0) ar[(window + op.r) & 63] = ar[(window + op.s) & 63]!; break; }
        case 18: { if (ar[(window + op.t) & 63]! !== 0) ar[(window + op.r) & 63] = ar[(window + op.s) & 63]!; break; }
        case 19: { if (ar[(window + op.t) & 63]! < 0) ar[(window + op.r) & 63] = ar[(window + op.s) & 63]!; break; }
        case 20: { if (ar[(window + op.t) & 63]! >= 0) ar[(window + op.r) & 63] = ar[(window + op.s) & 63]!; break; }
        case 21: { ar[(window + op.r) & 63] = (ar[(window + op.t) & 63]! >>> op.s) & ((1 << op.imm) - 1); break; }
        case 22: { ar[(window + op.r) & 63] = op.imm === 32 ? 0 : ar[(window + op.s) & 63]! << op.imm; break; }
        case 23: { ar[(window + op.r) & 63] = ar[(window + op.t) & 63]! >> op.imm; break; }
        case 24: { ar[(window + op.r) & 63] = ar[(window + op.t) & 63]! >>> op.imm; break; }
        case 25: { src(cpu, op.r, op.s, op.t, op.imm); break; }
        case 26: { srl(cpu, op.r, op.s, op.t, op.imm); break; }
        case 27: { sll(cpu, op.r, op.s, op.t, op.imm); break; }
        case 28: { ar[(window + op.r) & 63] = ar[(window + op.t) & 63]! >> (cpu.sar < 32 ? cpu.sar : 31); break; }
        case 29: { cpu.sar = ar[(window + op.s) & 63]! & 31; break; }
        case 30: { cpu.sar = 32 - (ar[(window + op.s) & 63]! & 31); break; }
        case 31: { cpu.sar = (ar[(window + op.s) & 63]! & 3) << 3; break; }
        case 32: { cpu.sar = 32 - ((ar[(window + op.s) & 63]! & 3) << 3); break; }
        case 33: { cpu.sar = op.imm; break; }
        case 34: { const value = cpu.port.read8((ar[(window + op.s) & 63]! + op.imm) | 0); if (accessDone(cpu)) ar[(window + op.t) & 63] = value; break; }
        case 35: { const value = cpu.port.read16((ar[(window + op.s) & 63]! + op.imm) | 0); if (accessDone(cpu)) ar[(window + op.t) & 63] = value; break; }
        case 36: { const value = cpu.port.read16((ar[(window + op.s) & 63]! + op.imm) | 0); if (accessDone(cpu)) ar[(window + op.t) & 63] = (value << 16) >> 16; break; }
        case 37: case 83: { const value = cpu.port.read32((ar[(window + op.s) & 63]! + op.imm) | 0); if (accessDone(cpu)) ar[(window + op.t) & 63] = value; break; }
        case 38: { cpu.port.write8((ar[(window + op.s) & 63]! + op.imm) | 0, ar[(window + op.t) & 63]!); storeDone(cpu); break; }
        case 39: { cpu.port.write16((ar[(window + op.s) & 63]! + op.imm) | 0, ar[(window + op.t) & 63]!); storeDone(cpu); break; }
        case 40: case 84: { cpu.port.write32((ar[(window + op.s) & 63]! + op.imm) | 0, ar[(window + op.t) & 63]!); storeDone(cpu); break; }
        case 41: { const value = cpu.port.read32(op.imm); if (accessDone(cpu)) ar[(window + op.t) & 63] = value; break; }
        case 42: case 89: { if (ar[(window + op.s) & 63]! === 0) branchTo(cpu, op.imm); break; }
        case 43: case 90: { if (ar[(window + op.s) & 63]! !== 0) branchTo(cpu, op.imm); break; }
        case 44: { if (ar[(window + op.s) & 63]! < 0) branchTo(cpu, op.imm); break; }
        case 45: { if (ar[(window + op.s) & 63]! >= 0) branchTo(cpu, op.imm); break; }
        case 46: { if (ar[(window + op.s) & 63]! === op.r) branchTo(cpu, op.imm); break; }
        case 47: { if (ar[(window + op.s) & 63]! !== op.r) branchTo(cpu, op.imm); break; }
        case 48: { if (ar[(window + op.s) & 63]! < op.r) branchTo(cpu, op.imm); break; }
        case 49: { if (ar[(window + op.s) & 63]! >= op.r) branchTo(cpu, op.imm); break; }
        case 50: { if (ar[(window + op.s) & 63]! >>> 0 < op.r) branchTo(cpu, op.imm); break; }
        case 51: { if (ar[(window + op.s) & 63]! >>> 0 >= op.r) branchTo(cpu, op.imm); break; }
        case 52: { if ((ar[(window + op.s) & 63]! & ar[(window + op.t) & 63]!) === 0) branchTo(cpu, op.imm); break; }
        case 53: { if (ar[(window + op.s) & 63]! === ar[(window + op.t) & 63]!) branchTo(cpu, op.imm); break; }
        case 54: { if (ar[(window + op.s) & 63]! < ar[(window + op.t) & 63]!) branchTo(cpu, op.imm); break; }
        case 55: { if (ar[(window + op.s) & 63]! >>> 0 < ar[(window + op.t) & 63]! >>> 0) branchTo(cpu, op.imm); break; }
        case 56: { if ((~ar[(window + op.s) & 63]! & ar[(window + op.t) & 63]!) === 0) branchTo(cpu, op.imm); break; }
        case 57: { if (((ar[(window + op.s) & 63]! >>> (ar[(window + op.t) & 63]! & 31)) & 1) === 0) branchTo(cpu, op.imm); break; }
        case 58: { if ((ar[(window + op.s) & 63]! & ar[(window + op.t) & 63]!) !== 0) branchTo(cpu, op.imm); break; }
        case 59: { if (ar[(window + op.s) & 63]! !== ar[(window + op.t) & 63]!) branchTo(cpu, op.imm); break; }
        case 60: { if (ar[(window + op.s) & 63]! >= ar[(window + op.t) & 63]!) branchTo(cpu, op.imm); break; }
        case 61: { if (ar[(window + op.s) & 63]! >>> 0 >= ar[(window + op.t) & 63]! >>> 0) branchTo(cpu, op.imm); break; }
        case 62: { if ((~ar[(window + op.s) & 63]! & ar[(window + op.t) & 63]!) !== 0) branchTo(cpu, op.imm); break; }
        case 63: { if (((ar[(window + op.s) & 63]! >>> (ar[(window + op.t) & 63]! & 31)) & 1) !== 0) branchTo(cpu, op.imm); break; }
        case 64: { if (((ar[(window + op.s) & 63]! >>> op.t) & 1) === 0) branchTo(cpu, op.imm); break; }
        case 65: { if (((ar[(window + op.s) & 63]! >>> op.t) & 1) !== 0) branchTo(cpu, op.imm); break; }
        case 66: { branchTo(cpu, op.imm); break; }
        case 67: { branchTo(cpu, ar[(window + op.s) & 63]!); break; }
        case 68: { ar[(window + 0) & 63] = cpu.nextPc; callTo(cpu, op.imm); break; }
        case 69: { const target = ar[(window + op.s) & 63]!; ar[(window + 0) & 63] = cpu.nextPc; callTo(cpu, target); break; }
        case 70: case 91: { returnTo(cpu, ar[(window + 0) & 63]!); break; }
        case 71: { const wait = (cpu.storeDrain - cpu.cycle - 1) | 0; if (wait > 0) cpu.cycle = (cpu.cycle + wait) | 0; break; }
        case 74: case 77: case 92: {  break; }
        case 78: { rsr(cpu, op.r, op.s, op.t, op.imm); break; }
        case 86: { ar[(window + op.r) & 63] = ar[(window + op.s) & 63]! + op.imm; break; }
        case 87: { ar[(window + op.s) & 63] = op.imm; break; }
        case 88: { ar[(window + op.t) & 63] = ar[(window + op.s) & 63]!; break; }
        case 94: { cpu.lcount = (ar[(window + op.s) & 63]! - 1) | 0; cpu.lbeg = cpu.nextPc; cpu.lend = op.imm; cpu.loopFresh = 1; break; }
        case 95: { loopnez(cpu, op.r, op.s, op.t, op.imm); break; }
        case 96: { loopgtz(cpu, op.r, op.s, op.t, op.imm); break; }
        case 97: { call4(cpu, op.r, op.s, op.t, op.imm); break; }
        case 98: { call8(cpu, op.r, op.s, op.t, op.imm); break; }
        case 99: { call12(cpu, op.r, op.s, op.t, op.imm); break; }
        case 100: { callx4(cpu, op.r, op.s, op.t, op.imm); break; }
        case 101: { callx8(cpu, op.r, op.s, op.t, op.imm); break; }
        case 102: { callx12(cpu, op.r, op.s, op.t, op.imm); break; }
        case 103: { entry(cpu, op.r, op.s, op.t, op.imm); break; }
        case 104: case 105: { retw(cpu, op.r, op.s, op.t, op.imm); break; }
        case 112: { ar[(window + op.r) & 63] = Math.imul(ar[(window + op.s) & 63]! & 0xffff, ar[(window + op.t) & 63]! & 0xffff); break; }
        case 113: { ar[(window + op.r) & 63] = Math.imul((ar[(window + op.s) & 63]! << 16) >> 16, (ar[(window + op.t) & 63]! << 16) >> 16); break; }
        case 114: { ar[(window + op.r) & 63] = Math.imul(ar[(window + op.s) & 63]!, ar[(window + op.t) & 63]!); break; }
        case 115: { muluh(cpu, op.r, op.s, op.t, op.imm); break; }
        case 116: { mulsh(cpu, op.r, op.s, op.t, op.imm); break; }
        default: dispatch(cpu, op.opcode, op.r, op.s, op.t, op.imm);
      }
      // End of the generated switch.
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
    if (cpu.untimed !== 0) cpu.cycle = (start + 1) | 0;
  }
  cpu.pc = pc;
  cpu.instructions += count;
}

/**
 * What `op.checks` asks for: its cache line is entered, and 1 is returned when it needs the FPU and
 * that is disabled. 2 when the cache is off for it and it was decoded before that.
 */
export function check(cpu: Cpu, op: Op): number {
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
export function stall(cpu: Cpu, op: Op): void {
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
