/**
 * The state of one LX6 core, named as the ISA manual names it. All fields are numbers or typed
 * arrays made in the constructor, so that the interpreter sees one hidden class.
 *
 * Values are int32; addresses become unsigned only at the edges (`>>> 0`).
 */
import type { Port } from '../bus/port.ts';
import type { State, Stateful } from '../bus/state.ts';
import { XCHAL } from './config.ts';
import type { ExternalRegisters, MaskListener, RegionListener, Simcall } from './hooks.ts';

/** Scoreboard entries: 0..63 physical AR, then the files and states below. */
export const READY = {
  FR: 64,
  BR: 80,
  MR: 96,
  SAR: 100,
  ACC: 101,
  SCOMPARE1: 102,
  FCR: 103,
  FSR: 104,
  THREADPTR: 105,
  F64R: 106,
  F64S: 107,
  NONE: 127,
} as const;

/** `limit` to `running` are set anew by every entry into the run loop; `untimed` is configuration. */
const NO_STATE: ReadonlySet<string> = new Set(['limit', 'left', 'yield', 'running', 'untimed']);

export class Cpu implements Stateful {
  readonly name: string;
  readonly port: Port;

  // Register files
  /** Physical address registers; `a(n)` and `setA(n)` see the window. */
  readonly ar = new Int32Array(XCHAL.NUM_AREGS);
  /** FP registers as raw IEEE-754 bits. */
  readonly fr = new Int32Array(16);
  /** The same bits as numbers; a view of `fr`. NaN payloads live only in `fr`. */
  readonly frFloat = new Float32Array(this.fr.buffer);
  /** MAC16 data registers. */
  readonly mr = new Int32Array(4);
  /** Booleans b0..b15, bit n = bn. */
  br = 0;

  // Program counter. `pc` is the running instruction, `nextPc` the one after it; exec functions
  // that branch or trap set `nextPc`.
  pc = 0;
  nextPc = 0;

  // Windowed Register Option
  /** WINDOWBASE * 4: the physical register behind a0. */
  windowBase4 = 0;
  windowStart = 1;
  /** Registers a0..a(windowLimit-1) may be touched without a window overflow: 4, 8, 12 or 16. */
  windowLimit = 16;

  // PS, field by field. There is one ring, so PS.RING does not exist.
  psIntlevel = 15;
  psExcm = 1;
  psUm = 0;
  psOwb = 0;
  psCallinc = 0;
  psWoe = 0;

  // Loops, shifts, MAC16, atomics
  lbeg = 0;
  lend = 0;
  lcount = 0;
  sar = 0;
  acclo = 0;
  /** Sign-extended 8 bits. */
  acchi = 0;
  scompare1 = 0;
  atomctl = 0x28;
  memctl = 0;

  // Exceptions and interrupts. Index 1..7; index 0 unused.
  readonly epc = new Int32Array(8);
  readonly eps = new Int32Array(8);
  readonly excsave = new Int32Array(8);
  depc = 0;
  exccause = 0;
  excvaddr = 0;
  vecbase: number = XCHAL.VECBASE_RESET;
  /** Pending CPU interrupts: levels as they stand on the wires, edges, timers and software latched. */
  interrupt = 0;
  /** Levels of the external interrupt wires, to see the edges. */
  interruptLines = 0;
  intenable = 0;
  cpenable = 0;
  readonly misc = new Int32Array(4);
  prid: number;

  // Debug Option
  icount = 0;
  icountlevel = 0;
  ibreakenable = 0;
  readonly ibreaka = new Int32Array(2);
  readonly dbreaka = new Int32Array(2);
  readonly dbreakc = new Int32Array(2);
  debugcause = 0;
  ddr = 0;
  /** 1 while any of IBREAK, DBREAK or ICOUNT is set up: the interpreter must ask debug.ts. */
  debugWatch = 0;
  /** 1 while the running instruction has been counted in ICOUNT: a trap takes it back. */
  icountStep = 0;

  // User registers
  threadptr = 0;
  fcr = 0;
  fsr = 0;
  f64rLo = 0;
  f64rHi = 0;
  f64s = 0;
  /** EXPSTATE: the TIE output port, wired to nothing on the ESP32. */
  expstate = 0;

  // Region protection: the attribute of each 512 MiB region.
  readonly itlbAttribute = new Int32Array(8).fill(2);
  readonly dtlbAttribute = new Int32Array(8).fill(2);

  // Time, all int32 that wraps; compare by difference. The unit is a CPU_CLK cycle.
  /** Start of the running (or next) instruction, counted on the clock both cores share. */
  cycle = 0;
  /** CCOUNT = cycle + ccountOffset. */
  ccountOffset = 0;
  readonly ccompare = new Int32Array(3);
  /** First cycle whose CCOUNT has not been compared with CCOMPARE0..2 yet. */
  timerBase = 0;
  /** No CCOMPARE matches before this cycle (ccount.ts). */
  nextTimer = 0;
  /** The inner loop leaves when `cycle` reaches it; lowered to get the core's attention. */
  limit = 0;
  /** Earliest cycle at which each scoreboard entry can be used. */
  readonly ready = new Int32Array(128);
  /** No entry of `ready` lies beyond this cycle. */
  hazard = 0;
  /** The instruction after MEMW may not issue before this cycle. */
  storeDrain = 0;

  // Run state
  /** 1 when an enabled interrupt, a debug event or a reset must be looked at before the next instruction. */
  attention = 0;
  /** 1 after WAITI until an interrupt is taken. */
  waiting = 0;
  /** 1 while the exec function's instruction has trapped: no result may be written. */
  trapped = 0;
  /** 1 while held in reset or stalled from outside. */
  halted = 0;
  /** 1 after LOOP* until the first loop-back, which costs a cycle more. */
  loopFresh = 0;
  /** Line (address >>> 5) of cached external memory in the fetch buffer, or -1. */
  fetchLine = -1;
  /** 1 when the inner loop was asked to end: there is more to look at than the next instruction. */
  left = 0;
  /** Set by an access after which the run loop must choose again which core goes on. */
  yield = 0;
  /** 1 while its instruction runs. */
  running = 0;
  /** Instructions retired, since power-on. */
  instructions = 0;
  /** 1: every instruction takes one cycle, whatever it waits for. */
  untimed = 0;

  // Connections to the outside, set by whoever builds the core; not part of the state.
  simcall: Simcall | null = null;
  external: ExternalRegisters | null = null;
  onRegionAttribute: RegionListener | null = null;
  onMask: MaskListener | null = null;

  constructor(name: string, prid: number, port: Port) {
    this.name = name;
    this.prid = prid;
    this.port = port;
  }

  /** a[n] of the current window. */
  a(n: number): number {
    return this.ar[(this.windowBase4 + n) & 63]!;
  }

  setA(n: number, value: number): void {
    this.ar[(this.windowBase4 + n) & 63] = value;
  }

  /** Ends the inner loop behind the running instruction. */
  leaveLoop(): void {
    this.limit = this.cycle;
    this.left = 1;
  }

  /** Processor reset: what the ISA manual's reset table states; other registers keep their content. */
  reset(vector: number): void {
    this.ccountOffset = -this.cycle | 0;
    this.timerBase = this.cycle;
    this.pc = vector;
    this.nextPc = vector;
    this.psIntlevel = 15;
    this.psExcm = 1;
    this.psUm = 0;
    this.psOwb = 0;
    this.psCallinc = 0;
    this.psWoe = 0;
    this.windowBase4 = 0;
    this.windowStart = 1;
    this.windowLimit = 16;
    this.lcount = 0;
    this.vecbase = XCHAL.VECBASE_RESET;
    this.interrupt = 0;
    this.timerBase = (this.cycle + 1) | 0;
    this.nextTimer = this.cycle;
    this.intenable = 0;
    this.cpenable = 0;
    this.icount = 0;
    this.icountlevel = 0;
    this.ibreakenable = 0;
    this.dbreakc.fill(0);
    this.debugcause = 0;
    this.debugWatch = 0;
    this.icountStep = 0;
    this.atomctl = 0x28;
    this.memctl = 0;
    this.itlbAttribute.fill(2);
    this.dtlbAttribute.fill(2);
    this.attention = 0;
    this.waiting = 0;
    this.trapped = 0;
    this.ready.fill(this.cycle);
    this.hazard = this.cycle;
    this.storeDrain = this.cycle;
  }

  save(): State {
    const state: State = {};
    for (const [key, value] of Object.entries(this) as [string, unknown][]) {
      if (NO_STATE.has(key)) continue;
      if (typeof value === 'number') state[key] = value;
      else if (value instanceof Int32Array) state[key] = value.slice();
    }
    return state;
  }

  restore(state: State): void {
    const self = this as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(state)) {
      if (value instanceof Int32Array) (self[key] as Int32Array).set(value);
      else self[key] = value;
    }
  }
}
