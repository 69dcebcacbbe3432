/**
 * One 64-bit up/down counter of a timer group with its prescaler and alarm (TRM chapter "64-bit
 * Timers"). The value is computed when it is asked for; one event waits for the alarm.
 *
 * 64-bit values are two unsigned words, since a `number` is exact to 53 bits only.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Cycles } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';

export interface U64 {
  readonly hi: number;
  readonly lo: number;
}

const WORD = 2 ** 32;
const HALF = 2 ** 63;
/** Steps beyond which an alarm is never reached in a run (the time base is exact to 2^53 ticks). */
const UNREACHABLE = 2 ** 45;

/** a + n modulo 2^64, for |n| < 2^53. */
export function addU64(a: U64, n: number): U64 {
  const low = a.lo + (((n % WORD) + WORD) % WORD);
  const carry = low >= WORD ? 1 : 0;
  const high = a.hi + Math.floor(n / WORD) + carry;
  return { hi: ((high % WORD) + WORD) % WORD, lo: low - carry * WORD };
}

/** (a - b) modulo 2^64, exact below 2^53. */
export function distanceU64(a: U64, b: U64): number {
  const borrow = a.lo < b.lo ? 1 : 0;
  const low = a.lo - b.lo + borrow * WORD;
  const high = (((a.hi - b.hi - borrow) % WORD) + WORD) % WORD;
  return high * WORD + low;
}

export interface CounterSettings {
  readonly enabled: boolean;
  readonly increase: boolean;
  readonly autoReload: boolean;
  readonly alarmEnabled: boolean;
  /** The DIVIDER field. */
  readonly divider: number;
  readonly alarm: U64;
  readonly load: U64;
}

/** DIVIDER 0 divides by 65536, 1 and 2 by 2 (TRM chapter "64-bit Timers", prescaler). */
export function prescale(divider: number): Cycles {
  if (divider === 0) return 65536;
  return Math.max(2, divider);
}

export class Counter implements Stateful {
  private readonly clock: Clock;
  private readonly scheduler: Scheduler;
  private readonly event: SchedulerEvent;
  private readonly settings: () => CounterSettings;
  private readonly alarm: () => void;
  /** Value at the clock's cycle `since`, which is a step of the prescaler. */
  private base: U64 = { hi: 0, lo: 0 };
  private since: Cycles = 0;
  /** Settings by which the counter has run since `since`. */
  private counting = false;
  private step: -1 | 1 = 1;
  private period: Cycles = 2;

  /** `alarm` is called when the counter reaches the alarm value, after a reload took place. */
  constructor(
    name: string,
    clock: Clock,
    scheduler: Scheduler,
    settings: () => CounterSettings,
    alarm: () => void,
  ) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.settings = settings;
    this.alarm = alarm;
    this.event = scheduler.event(name, () => this.fire());
    clock.onChange(() => this.schedule());
  }

  /** The count now. */
  value(): U64 {
    if (!this.counting) return this.base;
    const cycles = this.clock.cyclesAt(this.scheduler.now) - this.since;
    return addU64(this.base, this.step * Math.floor(cycles / this.period));
  }

  /** After any write that changes the settings. The prescaler starts anew when counting starts or the divider changes. */
  configure(): void {
    const { enabled, increase, divider } = this.settings();
    const now = this.clock.cyclesAt(this.scheduler.now);
    const period = prescale(divider);
    const value = this.value();
    const keepsPhase = this.counting && enabled && period === this.period;
    this.since = keepsPhase ? now - ((now - this.since) % period) : now;
    this.base = value;
    this.counting = enabled;
    this.step = increase ? 1 : -1;
    this.period = period;
    this.schedule();
  }

  /** Sets the count to `value`; the prescaler goes on. */
  load(value: U64): void {
    const now = this.clock.cyclesAt(this.scheduler.now);
    if (this.counting) this.since = now - ((now - this.since) % this.period);
    else this.since = now;
    this.base = value;
    this.schedule();
  }

  reset(): void {
    this.scheduler.cancel(this.event);
    this.base = { hi: 0, lo: 0 };
    this.counting = false;
  }

  /** Steps from `base` to the alarm: 0 when the count is at it or past it by less than 2^63. */
  private stepsToAlarm(alarm: U64): number {
    const distance =
      this.step === 1 ? distanceU64(alarm, this.base) : distanceU64(this.base, alarm);
    return distance >= HALF ? 0 : distance;
  }

  private schedule(): void {
    const { alarmEnabled, alarm } = this.settings();
    const steps = this.stepsToAlarm(alarm);
    if (!this.counting || !alarmEnabled || steps > UNREACHABLE) {
      this.scheduler.cancel(this.event);
      return;
    }
    this.scheduler.at(this.clock.tickOf(this.since + steps * this.period), this.event);
  }

  private fire(): void {
    const { autoReload, load } = this.settings();
    if (autoReload) {
      this.base = load;
      this.since = this.clock.cyclesAt(this.scheduler.now);
    }
    this.alarm();
    this.schedule();
  }

  save(): State {
    return {
      hi: this.base.hi,
      lo: this.base.lo,
      since: this.since,
      counting: this.counting,
      step: this.step,
      period: this.period,
    };
  }

  restore(state: State): void {
    this.base = { hi: state['hi'] as number, lo: state['lo'] as number };
    this.since = state['since'] as number;
    this.counting = state['counting'] as boolean;
    this.step = state['step'] as -1 | 1;
    this.period = state['period'] as number;
  }
}
