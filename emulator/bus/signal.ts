/**
 * A named wire: interrupt sources, pins, DMA requests, reset lines. Listeners run at once, in the
 * order in which they were connected, and only when the level changes.
 */
import type { State, Stateful } from './state.ts';

export type Level = 0 | 1;

export class Signal implements Stateful {
  readonly name: string;
  level: Level;
  private readonly listeners: ((level: Level) => void)[] = [];

  constructor(name: string, level: Level = 0) {
    this.name = name;
    this.level = level;
  }

  set(level: Level): void {
    if (level === this.level) return;
    this.level = level;
    for (const listener of this.listeners) listener(level);
  }

  /** `listener` is told every change from now on; it is not called for the present level. */
  connect(listener: (level: Level) => void): void {
    this.listeners.push(listener);
  }

  get listenerCount(): number {
    return this.listeners.length;
  }

  save(): State {
    return { level: this.level };
  }

  /** Restores the level without telling the listeners: they restore themselves. */
  restore(state: State): void {
    this.level = state['level'] as Level;
  }
}
