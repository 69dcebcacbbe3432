/** Carries out the steps of a scenario on a board, watching limits of time and forbidden texts. */
import type { BoardCommand } from '../../bus/board-device.ts';
import { InputError } from '../../loader/errors.ts';
import type { Cycles, Ticks } from '../../scheduler/clock.ts';
import type { Board } from '../../testing/board.ts';
import { toCondition } from '../../testing/conditions.ts';
import type { Condition, Until, Watch } from '../../testing/conditions.ts';
import { ExpectationError } from '../../testing/expectation.ts';
import type { GuestValue } from '../../testing/guest-value.ts';
import { ms, spanText, timeText } from '../../testing/units.ts';
import type { Span } from '../../testing/units.ts';
import { percent, placeText, shownValue } from './step-text.ts';
import type { Step } from './steps.ts';

type Of<V extends Step['verb']> = Extract<Step, { verb: V }>['of'];

export interface PlayerOptions {
  readonly board: Board;
  /** How long steps wait when they do not say. */
  readonly within: Span;
  readonly endTick: Ticks;
  readonly endCycle: Cycles;
  /** A forbidden text was printed: which. */
  readonly violation: () => string | undefined;
  /** Called every 10 ms of guest time; a text says that the host's time is over. */
  readonly onTurn: () => string | undefined;
}

/** Why a step did not succeed. */
export class StepFailure extends Error {
  readonly isLimit: boolean;
  readonly detail: readonly string[];

  constructor(message: string, detail: readonly string[], isLimit = false) {
    super(message);
    this.name = 'StepFailure';
    this.detail = detail;
    this.isLimit = isLimit;
  }
}

export class Player {
  private readonly options: PlayerOptions;
  private readonly board: Board;
  private over: string | undefined;

  constructor(options: PlayerOptions) {
    this.options = options;
    this.board = options.board;
  }

  /** What was found, in words. Throws StepFailure, or InputError for what the machine has not. */
  play({ verb, of }: Step): string {
    const { board } = this;
    switch (verb) {
      case 'expect':
        return this.await(board.uart(of.uart ?? 0).prints(of.expect), of.within);
      case 'type':
        board.uart(of.uart ?? 0).send(of.type, of.baud === undefined ? {} : { baudHz: of.baud });
        return '';
      case 'wait':
        this.run(undefined, of.wait);
        return '';
      case 'pin':
        return this.pin(of);
      case 'variable':
        return this.variable(of);
      case 'memory':
        return this.memory(of);
      case 'reached':
        return this.await(board.reached(of.reached.value), of.within);
      case 'device':
        return this.device(of);
      case 'exit':
        return this.exit(of);
      case 'reset':
        if (of.reset === 'pin') board.reset();
        else board.powerCycle();
        return '';
    }
  }

  private pin(of: Of<'pin'>): string {
    const pin = this.board.pin(of.pin);
    if (of.drive !== undefined) pin.drive(of.drive);
    else if (of.release !== undefined) pin.release();
    else if (of.pull !== undefined) pin.pull(of.pull);
    else if (of.pulse !== undefined) pin.pulse(of.pulse, of.length ?? ms(1));
    else if (of.is !== undefined)
      return this.compare(pin.is(of.is), () => pin.level, of.is, of.within); // prettier-ignore
    else if (of.edge !== undefined)
      return this.await(of.edge === 'rising' ? pin.rises() : pin.falls(), of.within);
    else return this.measure(of);
    return '';
  }

  private measure({
    pin: gpio,
    frequency,
    duty,
    tolerance = 0.01,
    over = ms(10),
  }: Of<'pin'>): string {
    // prettier-ignore
    const pin = this.board.pin(gpio);
    pin.clear();
    this.run(undefined, over);
    const rate = pin.frequency();
    const high = pin.dutyCycle();
    if (rate === undefined || high === undefined)
      return this.fail(`GPIO${gpio} had ${pin.edges().length} edges in ${spanText(over)}: no whole period to measure`); // prettier-ignore
    const found = `${Number(rate.toPrecision(9))} Hz, high ${percent(high)} of the time`;
    const isRate = frequency === undefined || Math.abs(rate - frequency) <= tolerance * frequency;
    const isDuty = duty === undefined || Math.abs(high - duty) <= tolerance;
    return isRate && isDuty ? found : this.fail(`GPIO${gpio} toggles at ${found}`);
  }

  private variable(of: Of<'variable'>): string {
    const variable = this.board.variable(of.variable.value);
    if (of.set !== undefined) {
      variable.write(of.set as GuestValue);
      return '';
    }
    const accepts = (value: unknown): boolean => isWanted(value, of);
    return this.compare(
      { ...variable.becomes(accepts), name: `${of.variable.value} becomes right` },
      () => variable.read(),
      of,
      of.within,
    );
  }

  private memory(of: Of<'memory'>): string {
    const { board } = this;
    const { memory, size = 4, set, within } = of;
    const place = memory.value;
    const address = typeof place === 'number' ? place : board.symbols.address(place);
    const bytes = (value: number): number[] =>
      [0, 8, 16, 24].slice(0, size).map((shift) => (value >>> shift) & 0xff);
    if (set !== undefined) {
      board.memory.write(address, bytes(set));
      return '';
    }
    const read = (): number =>
      board.memory.read(address, size).reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0);
    const wanted = of.is === undefined ? of : { is: of.is < 0 ? of.is + 2 ** (8 * size) : of.is };
    const condition: Condition<number> = {
      name: `memory ${placeText(place)} becomes right`,
      watch: (_board, met) => {
        const look = (): void => {
          if (isWanted(read(), wanted)) met(read());
        };
        const end = board.onWrite(address, size, look);
        look();
        return { end };
      },
    };
    return this.compare(condition, read, wanted, within);
  }

  /** Now, or within a time when one is given. */
  private compare(
    condition: Condition,
    read: () => unknown,
    wanted: unknown,
    within: Span | undefined,
  ): string {
    const accepts = (): boolean =>
      typeof wanted === 'object' ? isWanted(read(), wanted as Wanted) : read() === wanted;
    if (accepts()) return shownValue(read());
    if (within === undefined) return this.fail(`it is ${shownValue(read())}`);
    try {
      this.await(condition, within);
    } catch (error) {
      if (!(error instanceof StepFailure) || error.isLimit) throw error;
      throw new StepFailure(`it is ${shownValue(read())}, ${error.message}`, error.detail);
    }
    return shownValue(read());
  }

  private device({ device, command }: Of<'device'>): string {
    const { board } = this;
    if (board.device(device.value).command === undefined)
      throw new InputError(`device '${device.value}'`, 'it takes no commands');
    const before = this.misuses();
    board.input({ kind: 'device', device: device.value, command: command as BoardCommand });
    // Taken at once by a machine at rest, else with the next tick.
    if (board.chip.inputs.waiting.length > 0) this.run(undefined, { ticks: 1 });
    if (this.misuses() > before)
      throw new InputError(`device '${device.value}'`, `it has no command ${shownValue(command)}`);
    return '';
  }

  /** Commands that devices did not know. */
  private misuses(): number {
    let count = 0;
    for (const [message, entry] of this.board.chip.log.warnings)
      if (/no such command|takes a string/.test(message)) count += entry.count;
    return count;
  }

  private exit({ exit, within }: Of<'exit'>): string {
    const { board } = this;
    if (board.exitCode === undefined) this.run(undefined, within ?? this.options.within, true);
    if (board.exitCode === undefined) return this.fail('the guest does not exit');
    return board.exitCode === exit ? '' : this.fail(`the guest exited with ${board.exitCode}`);
  }

  /** Runs until the condition is met; StepFailure when it is not in time. */
  private await(condition: Condition, within: Span = this.options.within): string {
    const { board } = this;
    const start = board.now;
    const what = this.run(condition, within);
    if (what === undefined)
      throw failureOf(board.failure(condition.name, `not within ${spanText(within)}`, condition.uart)); // prettier-ignore
    return `after ${timeText(board.now - start)}`;
  }

  /** What met the condition; undefined when the time is over first. */
  private run(
    until: Until | undefined,
    within: Span,
    mayExit = false,
  ): { what: unknown } | undefined {
    // prettier-ignore
    const { board, options } = this;
    const inner = until === undefined ? undefined : toCondition(until, board);
    this.over = undefined;
    let found: { what: unknown } | undefined;
    const watched: Condition = {
      name: inner?.name ?? 'the time is over',
      ...(inner?.stopsBefore === true ? { stopsBefore: true } : {}),
      watch: (_board, met) => {
        const watch = inner?.watch(board, (what) => {
          found ??= { what };
          met(what);
        });
        return this.watchTime(watch, () => met(undefined));
      },
    };
    const result = board.run({ until: watched, within });
    const violation = options.violation();
    if (violation !== undefined) throw new StepFailure(violation, board.where());
    if (this.over !== undefined) throw new StepFailure(this.over, board.where(), true);
    if (result.end === 'exit' && !mayExit && found === undefined)
      return this.fail(`the guest exited with code ${board.exitCode}`);
    return found;
  }

  private watchTime(watch: Watch | undefined, stop: () => void): Watch {
    const { board, options } = this;
    const look = (): void => {
      if (board.now >= options.endTick) this.over = 'the time limit of the scenario is reached';
      if (board.cycles(0) >= options.endCycle) this.over = 'the cycle limit of the scenario is reached'; // prettier-ignore
      this.over ??= options.onTurn();
      if (this.over !== undefined) stop();
    };
    return {
      end: () => watch?.end(),
      settle: () => {
        watch?.settle?.();
        look();
      },
      due: () =>
        Math.min(
          watch?.due?.() ?? Infinity,
          options.endTick,
          options.endCycle === Infinity ? Infinity : Math.max(board.now + 1, board.chip.clocks.cpu.tickOf(options.endCycle)), // prettier-ignore
        ),
    };
  }

  private fail(message: string): never {
    throw new StepFailure(message, this.board.where());
  }
}

interface Wanted {
  readonly is?: unknown;
  readonly between?: readonly number[];
}

function isWanted(value: unknown, { is, between }: Wanted): boolean {
  if (between === undefined) return isSame(value, is);
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && number >= between[0]! && number <= between[1]!;
}

/** Of a structure only the fields named are compared. */
function isSame(value: unknown, wanted: unknown): boolean {
  if (typeof value === 'bigint') return String(value) === String(wanted);
  if (Array.isArray(wanted))
    return Array.isArray(value) && value.length === wanted.length && wanted.every((one, i) => isSame(value[i], one)); // prettier-ignore
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(([key, one]) => isSame((value as Record<string, unknown>)[key], one)); // prettier-ignore
}

function failureOf({ message }: ExpectationError): StepFailure {
  const [, ended, ...detail] = message.split('\n');
  return new StepFailure(ended ?? message, detail);
}
