/**
 * What a run can wait for. A condition watches without touching the machine: a run that waits takes
 * the same cycles as one that does not.
 */
import type { Ticks } from '../scheduler/clock.ts';
import type { Board } from './board.ts';
import type { Span } from './units.ts';
import { spanText } from './units.ts';

/** The end of watching. */
export interface Watch {
  end(): void;
  /** Asked after each piece of the run: is it met in the light of what did not happen? */
  settle?(): void;
  /** Tick at which the run should pause to be asked, when there is one. */
  due?(): Ticks;
}

export interface Condition<T = unknown> {
  /** As a failure names it: `UART0 prints /ready/`. */
  readonly name: string;
  /** The UART whose text a failure should show. */
  readonly uart?: 0 | 1 | 2;
  /** Met before an instruction: the run stops there, not at the end of the tick. */
  readonly stopsBefore?: boolean;
  /** Begins to watch; `met` is called once, perhaps at once, with what was found. */
  watch(board: Board, met: (what: T) => void): Watch;
}

/** A string or regular expression stands for text on UART0, a span for its passing. */
export type Until<T = unknown> = Condition<T> | string | RegExp | Span;

export function toCondition(until: Until, board: Board): Condition {
  if (typeof until === 'string' || until instanceof RegExp) return board.uart(0).prints(until);
  return 'watch' in until ? until : elapsed(until);
}

/** The condition that so much time has passed. */
export function elapsed(span: Span): Condition<void> {
  return {
    name: `${spanText(span)} pass`,
    watch: (board, met) => {
      const deadline = board.deadline(span);
      const check = (): void => {
        if (deadline.isOver()) met();
      };
      check();
      return { end: () => {}, settle: check, due: () => deadline.tick() };
    },
  };
}

/** The first of several conditions; `what` is its index and what it found. */
export function anyOf(
  ...conditions: readonly Until[]
): Condition<{ index: number; what: unknown }> {
  return {
    name: conditions.map(conditionName).join(' or '),
    watch: (board, met) => {
      let isMet = false;
      const watches: Watch[] = [];
      for (const [index, until] of conditions.entries()) {
        const watch = toCondition(until, board).watch(board, (what) => {
          if (!isMet) met({ index, what });
          isMet = true;
        });
        watches.push(watch);
        if (isMet) break;
      }
      return together(watches);
    },
  };
}

/** All of several conditions, in any order. */
export function allOf(...conditions: readonly Until[]): Condition<unknown[]> {
  return {
    name: conditions.map(conditionName).join(' and '),
    watch: (board, met) => {
      const found: unknown[] = [];
      let missing = conditions.length;
      const watches = conditions.map((until, index) =>
        toCondition(until, board).watch(board, (what) => {
          found[index] = what;
          if (--missing === 0) met(found);
        }),
      );
      return together(watches);
    },
  };
}

function conditionName(until: Until): string {
  if (typeof until === 'string') return `UART0 prints ${JSON.stringify(until)}`;
  if (until instanceof RegExp) return `UART0 prints ${String(until)}`;
  return 'watch' in until ? until.name : `${spanText(until)} pass`;
}

function together(watches: readonly Watch[]): Watch {
  return {
    end: () => watches.forEach((watch) => watch.end()),
    settle: () => watches.forEach((watch) => watch.settle?.()),
    due: () => Math.min(...watches.map((watch) => watch.due?.() ?? Infinity)),
  };
}
