/**
 * Matchers for boards, UARTs and pins. Those that wait run the board on; a negated one runs it for
 * the whole span. They are registered with Vitest's `expect` when this module is imported.
 */
import { expect } from 'vitest';
import { Board } from '../testing/board.ts';
import type { Until } from '../testing/conditions.ts';
import { elapsed, toCondition } from '../testing/conditions.ts';
import { Pin } from '../testing/pin.ts';
import { UartPort } from '../testing/uart-port.ts';
import { seconds, spanText, spanTicks, timeText } from '../testing/units.ts';
import type { Span } from '../testing/units.ts';

export interface ToggleOptions {
  /** Greatest relative difference; 0.01 by default. */
  readonly tolerance?: number;
  /** Share of high time, 0 to 1, to the same tolerance (absolute). */
  readonly dutyCycle?: number;
}

/** What a matcher answers to Vitest. */
interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

const DEFAULT_WAIT: Span = seconds(10);

/** `expect(board)` or `expect(board.uart(1))`: the text is printed within the span, from now on. */
function toPrint(
  received: unknown,
  pattern: string | RegExp,
  within: Span = DEFAULT_WAIT,
): Verdict {
  const uart = received instanceof Board ? received.uart(0) : received;
  if (!(uart instanceof UartPort)) return misused('toPrint', 'a board or a UART', received);
  const shown = typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern);
  try {
    const hit = uart.expect(pattern, within);
    return verdict(
      true,
      () => `UART${uart.index} printed ${JSON.stringify(hit.text)} for ${shown}`,
    );
  } catch (error) {
    return verdict(false, () => messageOf(error));
  }
}

/** `expect(pin)`: over the edges seen so far it toggles with this frequency in Hz. */
function toToggleAt(received: unknown, hz: number, options: ToggleOptions = {}): Verdict {
  if (!(received instanceof Pin)) return misused('toToggleAt', 'a pin (board.pin(n))', received);
  const { tolerance = 0.01, dutyCycle } = options;
  const frequency = received.frequency();
  if (frequency === undefined) {
    const edges = received.edges().length;
    return verdict(
      false,
      () =>
        `GPIO${received.gpio} has no whole period to measure (${edges} edges seen); ` +
        'ask for board.pin(n) first, then run the board for some periods',
    );
  }
  const isDuty =
    dutyCycle === undefined || Math.abs(received.dutyCycle()! - dutyCycle) <= tolerance;
  const isRight = Math.abs(frequency - hz) <= tolerance * hz && isDuty;
  const seen = `${frequency} Hz, ${(received.dutyCycle()! * 100).toFixed(2)} % high`;
  const wanted = `${hz} Hz within ${tolerance * 100} %`;
  return verdict(isRight, () => `GPIO${received.gpio} toggles at ${seen}; expected ${wanted}`);
}

/** `expect(board)`: the condition, or the guest's exit, comes within the span from now on. */
function toFinishWithin(received: unknown, span: Span, until?: Until): Verdict {
  if (!(received instanceof Board)) return misused('toFinishWithin', 'a board', received);
  const result = received.run({ until: until ?? elapsed(span), within: span });
  const name = until === undefined ? 'the guest exits' : toCondition(until, received).name;
  const isDone = until === undefined ? result.end === 'exit' : result.met;
  if (isDone)
    return verdict(true, () => `${name} after ${timeText(result.elapsed.ticks)}, within ${spanText(span)}`); // prettier-ignore
  return verdict(false, () => messageOf(received.failure(name, `not within ${spanText(span)}`)));
}

/** `expect(board)`: the guest exits by semihosting with this code, in the span from now on. */
function toExitWith(received: unknown, code: number, within: Span = DEFAULT_WAIT): Verdict {
  if (!(received instanceof Board)) return misused('toExitWith', 'a board', received);
  if (received.exitCode === undefined) received.run({ within });
  const { exitCode } = received;
  if (exitCode === undefined)
    return verdict(false, () =>
      messageOf(received.failure(`the guest exits with ${code}`, `not within ${spanText(within)}`)),
    );
  return verdict(
    exitCode === code,
    () => `the guest exited with code ${exitCode}; expected ${code}`,
  );
}

/** `expect(board)`: every task's stack, or the named task's, always had so many bytes left. */
function toHaveStackHeadroom(received: unknown, bytes: number, task?: string): Verdict {
  if (!(received instanceof Board)) return misused('toHaveStackHeadroom', 'a board', received);
  const all = received.measure.stacks();
  const asked = task === undefined ? all : all.filter(({ name }) => name === task);
  const least = asked.sort((a, b) => a.headroom - b.headroom)[0];
  const names = all.map(({ name }) => name).join(', ');
  if (least === undefined)
    return verdict(false, () => `there is no task ${JSON.stringify(task ?? '')}; tasks: ${names}`);
  return verdict(
    least.headroom >= bytes,
    () => `the stack of task ${least.name} had ${least.headroom} bytes left; expected ${bytes}`,
  );
}

/** `expect(board)`: so many bytes of ESP-IDF's heap were always free. */
function toHaveHeapLeft(received: unknown, bytes: number): Verdict {
  if (!(received instanceof Board)) return misused('toHaveHeapLeft', 'a board', received);
  const left = received.measure.heapLeft();
  return verdict(left >= bytes, () => `the heap had ${left} bytes left; expected ${bytes}`);
}

/** `expect(board)`: since the first use of `board.measure` no core masked interrupts for longer. */
function toKeepInterruptsOnWithin(received: unknown, span: Span): Verdict {
  if (!(received instanceof Board)) return misused('toKeepInterruptsOnWithin', 'a board', received);
  const longest = received.measure.interruptsOff();
  if (longest === undefined) return verdict(true, () => 'interrupts were never off');
  const { core, ticks, pc } = longest;
  const most = spanTicks(span, received.chip.clocks.cpu.hz);
  const place = `${received.chip.cores[core].cpu.name} from ${received.symbols.describe(pc)}`;
  return verdict(
    ticks <= most,
    () => `interrupts were off for ${timeText(ticks)} on ${place}; expected ${spanText(span)}`,
  );
}

/** `expect(board)`: either core comes to the symbol or address in the span from now on. */
function toReach(received: unknown, place: string | number, within: Span = DEFAULT_WAIT): Verdict {
  if (!(received instanceof Board)) return misused('toReach', 'a board', received);
  const until = received.reached(place);
  const result = received.run({ until, within });
  if (result.met)
    return verdict(true, () => `${until.name} after ${timeText(result.elapsed.ticks)}`);
  return verdict(false, () => messageOf(received.failure(until.name, result.why)));
}

/** `expect(pin)`: the level of the wire now. */
function toHaveLevel(received: unknown, level: 0 | 1): Verdict {
  if (!(received instanceof Pin)) return misused('toHaveLevel', 'a pin (board.pin(n))', received);
  return verdict(
    received.level === level,
    () => `GPIO${received.gpio} is ${received.level}; expected ${level}`,
  );
}

function verdict(pass: boolean, message: () => string): Verdict {
  return { pass, message };
}

function misused(matcher: string, expected: string, received: unknown): never {
  throw new TypeError(`${matcher} takes ${expected}, not ${typeof received}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const lockstepMatchers = {
  toPrint,
  toToggleAt,
  toFinishWithin,
  toExitWith,
  toHaveStackHeadroom,
  toHaveHeapLeft,
  toKeepInterruptsOnWithin,
  toReach,
  toHaveLevel,
};

export interface LockstepMatchers {
  toPrint(pattern: string | RegExp, within?: Span): void;
  toToggleAt(hz: number, options?: ToggleOptions): void;
  toFinishWithin(span: Span, until?: Until): void;
  toExitWith(code: number, within?: Span): void;
  toHaveStackHeadroom(bytes: number, task?: string): void;
  toHaveHeapLeft(bytes: number): void;
  toKeepInterruptsOnWithin(span: Span): void;
  toReach(place: string | number, within?: Span): void;
  toHaveLevel(level: 0 | 1): void;
}

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars, @typescript-eslint/no-explicit-any
  interface Matchers<T = any> extends LockstepMatchers {}
}

expect.extend(lockstepMatchers);
