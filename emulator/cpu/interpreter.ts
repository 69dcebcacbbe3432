/**
 * The reference interpreter of one core: fetch, checks, scoreboard, execution, loop-back, time.
 *
 * Time: an instruction issues when its sources are ready (in order, one per cycle), bus waits freeze
 * the pipeline, and a late result is noted in `cpu.ready`. `cpu.cycle` is the issue cycle while the
 * instruction executes, so device accesses and RSR CCOUNT see the right moment.
 */
import { META, OPCODE, IMM, R, S, SCRATCH, STRIDE, T, USES, CodeCache } from './code-cache.ts';
import { nextTimerCycle, fireTimers } from './ccount.ts';
import { debugActive, debugStep } from './debug.ts';
import { dispatch } from './dispatch.ts';
import { accessFault, raise } from './exceptions.ts';
import { takeInterrupt } from './interrupts.ts';
import { EXCCAUSE } from './isa/exccause.ts';
import { PENALTY } from './isa/timing.ts';
import {
  META_CACHED,
  META_COPROCESSOR,
  META_LATENCY_SHIFT,
  META_LENGTH_SHIFT,
  META_REGISTER,
  META_RESULT_SHIFT,
} from './op-facts.ts';
import type { Cpu } from './state.ts';
import { windowOverflow } from './window.ts';

const FIRST_LOOP_BACK = PENALTY.firstLoopBack.value;

/**
 * Runs `cpu` until its next instruction would start at or after `until`, or `cpu.limit` is lowered
 * by an access that the run loop must look at. At least one instruction runs when there is time.
 */
export function run(cpu: Cpu, code: CodeCache, until: number): void {
  cpu.yield = 0;
  while (((cpu.cycle - until) | 0) < 0 && cpu.yield === 0) {
    let timer = nextTimerCycle(cpu);
    if (((cpu.cycle - timer) | 0) >= 0) {
      fireTimers(cpu);
      timer = nextTimerCycle(cpu);
    }
    if (cpu.attention !== 0) {
      cpu.attention = 0;
      if (takeInterrupt(cpu)) continue;
    }
    const limit = ((timer - until) | 0) < 0 ? timer : until;
    if (cpu.waiting !== 0) {
      cpu.cycle = limit;
    } else if (!debugActive(cpu)) {
      cpu.limit = limit;
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
  let ops = code.ops;
  let place = code.lookup(cpu.pc);
  let count = 0;
  while (((cpu.cycle - cpu.limit) | 0) < 0) {
    const opcode = ops[place + OPCODE]!;
    if (opcode === 0) {
      place = code.resolve(cpu.pc);
      ops = code.ops;
      if (place === 0) {
        accessFault(cpu);
        cpu.trapped = 0;
        cpu.pc = cpu.nextPc;
        place = code.lookup(cpu.pc);
      }
      continue;
    }
    const meta = ops[place + META]!;
    const pc = cpu.pc;
    const next = (pc + ((meta >> META_LENGTH_SHIFT) & 3)) | 0;
    cpu.nextPc = next;
    if ((meta & META_CACHED) !== 0) {
      const line = (next - 1) >>> 5;
      if (line !== cpu.fetchLine && !enterLine(cpu, line, place === SCRATCH)) {
        code.dropPage(pc >>> 12);
        place = 0;
        continue;
      }
    }
    if ((meta & META_REGISTER) >= cpu.windowLimit) {
      windowOverflow(cpu, meta & META_REGISTER);
    } else if ((meta & META_COPROCESSOR) !== 0 && (cpu.cpenable & 1) === 0) {
      raise(cpu, EXCCAUSE.Coprocessor0Disabled);
    } else {
      if (((cpu.hazard - cpu.cycle) | 0) > 0) stall(cpu, ops[place + USES]!, meta);
      const window = cpu.windowBase4;
      dispatch(cpu, opcode, ops[place + R]!, ops[place + S]!, ops[place + T]!, ops[place + IMM]!);
      if (cpu.trapped === 0) {
        count++;
        const latency = meta >> META_LATENCY_SHIFT;
        if (latency > 1) {
          const entry = (meta >> META_RESULT_SHIFT) & 0x7f;
          const at = (cpu.cycle + latency) | 0;
          ready[entry < 16 ? (window + entry) & 63 : entry] = at;
          if (((at - cpu.hazard) | 0) > 0) cpu.hazard = at;
        }
      }
    }
    cpu.cycle = (cpu.cycle + 1) | 0;
    cpu.trapped = 0;
    const target = cpu.nextPc;
    if (target !== next) {
      cpu.pc = target;
      place = code.lookup(target);
    } else if (next === cpu.lend && cpu.lcount !== 0 && cpu.psExcm === 0) {
      cpu.lcount = (cpu.lcount - 1) | 0;
      if (cpu.loopFresh !== 0) {
        cpu.loopFresh = 0;
        cpu.cycle = (cpu.cycle + FIRST_LOOP_BACK) | 0;
      }
      cpu.pc = cpu.lbeg;
      place = code.lookup(cpu.lbeg);
    } else {
      cpu.pc = next;
      place += STRIDE;
    }
  }
  cpu.instructions += count;
}

/**
 * The instruction at `cpu.pc` ends in another cache line than the one fetched last: waits for it,
 * and for the line before when the instruction begins there. False when the cache is off for it
 * and the instruction was decoded before that; a `fresh` one is what silicon reads then.
 */
function enterLine(cpu: Cpu, last: number, fresh: boolean): boolean {
  const first = cpu.pc >>> 5;
  if (first !== last && first !== cpu.fetchLine) {
    const wait = cpu.port.fetchLine(cpu.pc);
    if (wait < 0) return fresh;
    cpu.cycle = (cpu.cycle + wait) | 0;
  }
  const wait = cpu.port.fetchLine((last << 5) >>> 0);
  if (wait < 0) return fresh;
  cpu.cycle = (cpu.cycle + wait) | 0;
  cpu.fetchLine = last;
  return true;
}

/** Delays the issue until every source is ready; a quick result ends an older wait for its register. */
function stall(cpu: Cpu, uses: number, meta: number): void {
  const { ready } = cpu;
  const window = cpu.windowBase4;
  let issue = cpu.cycle;
  for (let shift = 0; shift < 32; shift += 8) {
    const entry = (uses >> shift) & 0x7f;
    const at = ready[entry < 16 ? (window + entry) & 63 : entry]!;
    if (((at - issue) | 0) > 0) issue = at;
  }
  cpu.cycle = issue;
  if (meta >> META_LATENCY_SHIFT <= 1) {
    const entry = (meta >> META_RESULT_SHIFT) & 0x7f;
    ready[entry < 16 ? (window + entry) & 63 : entry] = issue;
  }
}
