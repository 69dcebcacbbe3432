/**
 * The one ordered event queue (DESIGN.md part 4). Events fire in the order (tick, priority,
 * creation); an event object is made once per device and concern, and is reused.
 */
import type { State, Stateful } from '../bus/state.ts';
import type { Ticks } from './clock.ts';

export interface SchedulerEvent {
  /** Unique in the machine, e.g. `UART0.tx`; identifies the event in snapshots. */
  readonly name: string;
  readonly priority: number;
  /** Tick at which it will fire, or -1 when not queued. Only the scheduler writes it. */
  at: Ticks;
  /** Creation order: the last tie-break. */
  readonly order: number;
  readonly fire: (now: Ticks) => void;
}

export class Scheduler implements Stateful {
  /** Tick of the event being fired, or of the access being made to a device. */
  now: Ticks = 0;
  /** Set by the run loop: told when an event becomes the earliest one. */
  onEarlier: (tick: Ticks) => void = () => {};
  private readonly events = new Map<string, SchedulerEvent>();
  /** Sorted, latest first, so that the next event is popped from the end. */
  private queue: SchedulerEvent[] = [];

  /** Makes an event; `priority` orders events of the same tick, lower first. */
  event(name: string, fire: (now: Ticks) => void, priority = 0): SchedulerEvent {
    if (this.events.has(name)) throw new Error(`scheduler: event ${name} exists already`);
    const event: SchedulerEvent = { name, priority, at: -1, order: this.events.size, fire };
    this.events.set(name, event);
    return event;
  }

  /** Tick of the earliest queued event, or Infinity. */
  get nextTick(): Ticks {
    const last = this.queue[this.queue.length - 1];
    return last === undefined ? Infinity : last.at;
  }

  /** Queue `event` for `tick` (moves it when it is queued already). A past tick fires as soon as possible. */
  at(tick: Ticks, event: SchedulerEvent): void {
    if (event.at >= 0) this.remove(event);
    event.at = Math.max(tick, this.now);
    this.insert(event);
    if (this.queue[this.queue.length - 1] === event) this.onEarlier(event.at);
  }

  cancel(event: SchedulerEvent): void {
    if (event.at < 0) return;
    this.remove(event);
    event.at = -1;
  }

  /** Fires every event due at or before `tick`, in order, and leaves `now` at `tick`. */
  runUntil(tick: Ticks): void {
    for (;;) {
      const event = this.queue[this.queue.length - 1];
      if (event === undefined || event.at > tick) break;
      this.queue.pop();
      this.now = event.at;
      event.at = -1;
      event.fire(this.now);
    }
    this.now = tick;
  }

  save(): State {
    return {
      now: this.now,
      queue: this.queue.map((event) => [event.name, event.at]),
    };
  }

  restore(state: State): void {
    for (const event of this.queue) event.at = -1;
    this.now = state['now'] as number;
    this.queue = [];
    for (const entry of state['queue'] as [string, number][]) {
      const event = this.events.get(entry[0]);
      if (event === undefined) throw new Error(`snapshot: unknown event ${entry[0]}`);
      event.at = entry[1];
      this.queue.push(event);
    }
  }

  private insert(event: SchedulerEvent): void {
    let i = this.queue.length;
    while (i > 0 && before(this.queue[i - 1]!, event)) i--;
    this.queue.splice(i, 0, event);
  }

  private remove(event: SchedulerEvent): void {
    this.queue.splice(this.queue.indexOf(event), 1);
  }
}

/** True when `a` fires before `b`. */
function before(a: SchedulerEvent, b: SchedulerEvent): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.order < b.order;
}
