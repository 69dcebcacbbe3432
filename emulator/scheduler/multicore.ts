/**
 * The reference order of two cores and events (DESIGN.md part 5): everything is ordered by
 * (start tick, rank), devices before PRO_CPU before APP_CPU at equal ticks. Whichever core is
 * behind runs next; memory is sequentially consistent in that order.
 *
 * Both cores run from one CPU_CLK, so their order is compared in its cycles. A core's write is seen
 * by the other core's first instruction that starts at a later tick (or, PRO to APP, the same tick).
 */
import type { State, Stateful } from '../bus/state.ts';
import type { Clock, Cycles, Ticks } from './clock.ts';
import type { Scheduler } from './scheduler.ts';

/** What the run loop needs of a core. Cycles are int32 that wraps, counted on the shared CPU_CLK. */
export interface RunnableCore {
  /** Start of the running or next instruction. */
  cycle: number;
  /** Start of the next instruction, or `limit` when nothing is to be done before it. */
  nextStart(limit: number): number;
  /** Runs until an instruction would start at or after `until`, or until asked to yield. */
  run(until: number): void;
  /** Whether its instruction is running. */
  readonly running: boolean;
  /**
   * This core being PRO_CPU, runs both in reference order until `until`, or as far as neither has
   * more to do than to execute instructions; it may do nothing. Much faster than a `run` for each
   * turn, which is one instruction long when both are busy.
   */
  runBoth(app: RunnableCore, until: number): void;
  /** Brings an idle core's time to `limit`. */
  idleUntil(limit: number): void;
  /** Leave the run loop after the running instruction. */
  yieldNow(): void;
  /** The clock has advanced by half its range: forget times that lie in the past. */
  forgetPast(): void;
}

/** int32 cycles are compared by difference, so the cores are visited at least this often. */
const LONGEST_SLICE = 1 << 28;

export class Multicore implements Stateful {
  readonly clock: Clock;
  private readonly scheduler: Scheduler;
  private readonly cores: readonly RunnableCore[];
  /** CPU_CLK cycles since power-on at the start of the slice; the cores' int32 cycles extend it. */
  private base: Cycles = 0;
  private forgotten: Cycles = 0;
  /** The slice must be planned again: an earlier event, another clock, a stop. */
  private replan = false;
  private stopRequested = false;
  private interrupted = false;

  constructor(scheduler: Scheduler, clock: Clock, cores: readonly RunnableCore[]) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.cores = cores;
    scheduler.onEarlier = () => this.leaveSlice();
    clock.onChange(() => this.leaveSlice());
  }

  private get current(): RunnableCore | undefined {
    return this.cores.find((core) => core.running);
  }

  /** Index of the core whose instruction is running, or -1 between instructions. */
  get running(): number {
    return this.current === undefined ? -1 : this.cores.indexOf(this.current);
  }

  /** Full cycle count behind a core's int32 `cycle`. */
  fullCycle(cycle: number): Cycles {
    return this.base + ((cycle - (this.base | 0)) | 0);
  }

  /** Brings `scheduler.now` to the start of the running instruction of `core`. */
  syncTime(core: number): void {
    this.scheduler.now = this.clock.tickOf(this.fullCycle(this.cores[core]!.cycle));
  }

  /**
   * Call when something from outside `core` (an interrupt, a reset release) gives it work: an idle
   * core goes on at the running instruction's cycle, the APP_CPU's at the next cycle for PRO_CPU.
   */
  wake(core: number): void {
    const other = this.cores[core]!;
    const running = this.current;
    if (running === undefined || running === other) return;
    const from = this.cores.indexOf(running);
    const at = from < core ? running.cycle : (running.cycle + 1) | 0;
    if (((at - other.cycle) | 0) > 0) other.cycle = at;
    running.yieldNow();
  }

  /** Brings a core that stood still (halted, waiting) to the present tick, before it is reset. */
  catchUp(core: number): void {
    const other = this.cores[core]!;
    const now = this.clock.cycleFrom(this.scheduler.now) | 0;
    if (((now - other.cycle) | 0) > 0) other.cycle = now;
  }

  /** The last `runUntil` was left by `requestStop` or `interrupt`. */
  get stoppedEarly(): boolean {
    return this.stopRequested || this.interrupted;
  }

  /** Leave `runUntil` at the next instruction boundary. */
  requestStop(): void {
    this.stopRequested = true;
    this.leaveSlice();
  }

  /** Leave `runUntil` like `requestStop`, for the machine's own business: it goes on afterwards. */
  interrupt(): void {
    this.interrupted = true;
    this.leaveSlice();
  }

  /** Runs cores and events until tick `end`; returns early when stopped or interrupted. */
  runUntil(end: Ticks): void {
    this.stopRequested = false;
    this.interrupted = false;
    while (!this.stopRequested && !this.interrupted) {
      const due = Math.min(this.scheduler.nextTick, end);
      const dueCycle = this.clock.cycleFrom(due);
      const target = Math.min(dueCycle, this.base + LONGEST_SLICE);
      this.replan = false;
      this.runSlice(target | 0);
      if (this.replan) continue;
      this.base = Math.max(this.base, target);
      if (this.base - this.forgotten > LONGEST_SLICE) this.forgetPast();
      if (target < dueCycle) continue;
      this.scheduler.runUntil(due);
      if (due >= end) return;
    }
    this.settle();
  }

  save(): State {
    return { base: this.base };
  }

  restore(state: State): void {
    this.base = state['base'] as number;
    this.forgotten = this.base;
  }

  /** After an early stop the present is where the core that is behind goes on, however the run was sliced. */
  private settle(): void {
    const active = this.cores.filter((core) => core.nextStart((core.cycle + 1) | 0) === core.cycle);
    const starts = active.map((core) => this.clock.tickOf(this.fullCycle(core.cycle)));
    if (starts.length > 0) this.scheduler.now = Math.max(this.scheduler.now, Math.min(...starts));
    this.base = Math.max(this.base, this.clock.cyclesAt(this.scheduler.now));
    for (const core of this.cores) core.idleUntil(this.base | 0);
  }

  /** Both cores in reference order until neither has an instruction that starts before `limit`. */
  private runSlice(limit: number): void {
    const [pro, app] = this.cores as [RunnableCore, RunnableCore];
    while (!this.replan) {
      pro.runBoth(app, limit);
      if (this.replan) return;
      const proStart = pro.nextStart(limit);
      const appStart = app.nextStart(limit);
      if (((proStart - appStart) | 0) <= 0) {
        if (((proStart - limit) | 0) >= 0) break;
        this.step(pro, proStart, ((appStart - limit) | 0) >= 0 ? limit : (appStart + 1) | 0);
      } else {
        if (((appStart - limit) | 0) >= 0) break;
        this.step(app, appStart, ((proStart - limit) | 0) >= 0 ? limit : proStart);
      }
    }
    if (this.replan) return;
    pro.idleUntil(limit);
    app.idleUntil(limit);
  }

  private step(core: RunnableCore, start: number, until: number): void {
    core.cycle = start;
    core.run(until);
  }

  private leaveSlice(): void {
    this.replan = true;
    this.current?.yieldNow();
  }

  private forgetPast(): void {
    this.forgotten = this.base;
    for (const core of this.cores) core.forgetPast();
  }
}
